#include "domain/password.h"

#include <errno.h>
#include <string.h>

#include <openssl/crypto.h>

#include "platform/log.h"
#include "platform/utf8.h"

#define SETTING_PREFIX "$2b$"
#define COST 12

#define HASH_LENGTH (PASSWORD_HASH_SIZE - 1)

/* Behind $2b: the cost, 22 characters of salt, 31 of the hash */
#define REST_LENGTH (HASH_LENGTH - 3)

/* What is checked where there is nothing to check: a hash of our own cost
 * that no password has, since it ends in what bcrypt never writes. */
static const char nobodys_hash[] =
    "$2b$12$abcdefghijklmnopqrstuu..............................z";

enum password_fault
password_judge(const char *password, size_t length, size_t least)
{
	if (utf8_count(password, length) < least)
		return (PASSWORD_FAULT_too_short);
	if (memchr(password, '\0', length) != NULL)
		return (PASSWORD_FAULT_has_nul);
	if (length > PASSWORD_BYTES_MAX)
		return (PASSWORD_FAULT_too_long);
	return (PASSWORD_FAULT_none);
}

/* The bytes that count, NUL-terminated: the first 72. */
static void
take_bytes(
    char text[PASSWORD_BYTES_MAX + 1], const char *password, size_t length)
{
	if (length > PASSWORD_BYTES_MAX)
		length = PASSWORD_BYTES_MAX;
	memcpy(text, password, length);
	text[length] = '\0';
}

/*
 * The first bcrypt, $2$, went round in the password without its NUL: what
 * $2a$ makes of the password repeated. libcrypt knows $2$ no more.
 */
static void
repeat_bytes(char text[PASSWORD_BYTES_MAX + 1])
{
	size_t length = strlen(text), i;

	for (i = length; length > 0 && i < PASSWORD_BYTES_MAX; i++)
		text[i] = text[i - length];
	text[i] = '\0';
}

/* bcrypt of ${text} with the salt of ${setting}; NULL if it can't. The hash
 * lives in ${scratch}. */
static const char *
hash_with(
    struct password_scratch *scratch, const char *text, const char *setting)
{
	return (crypt_rn(
	    text, setting, &scratch->crypt, (int)sizeof(scratch->crypt)));
}

/* Nothing of a password stays behind in memory that is used again. */
static void
wipe(struct password_scratch *scratch)
{
	OPENSSL_cleanse(&scratch->crypt, sizeof(scratch->crypt));
}

int
password_hash(struct password_scratch *scratch, const char *password,
    size_t length, char hash[PASSWORD_HASH_SIZE])
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE], text[PASSWORD_BYTES_MAX + 1];
	const char *made;

	if (crypt_gensalt_rn(SETTING_PREFIX, COST, NULL, 0, setting,
		(int)sizeof(setting)) == NULL) {
		log_error("bcrypt: no salt: %s", strerror(errno));
		return (-1);
	}
	take_bytes(text, password, length);
	made = hash_with(scratch, text, setting);
	OPENSSL_cleanse(text, sizeof(text));
	if (made == NULL || strlen(made) != HASH_LENGTH) {
		log_error("bcrypt: %s", strerror(errno));
		wipe(scratch);
		return (-1);
	}
	memcpy(hash, made, PASSWORD_HASH_SIZE);
	wipe(scratch);
	return (0);
}

/* "$", two digits of cost, "$", and the right length. */
static bool
is_cost_and_rest(const char *rest)
{
	return (strlen(rest) == REST_LENGTH && rest[0] == '$' &&
		strchr("0123", rest[1]) != NULL && rest[2] >= '0' &&
		rest[2] <= '9' && rest[3] == '$');
}

static bool
is_bcrypt(const char *hash)
{
	return (strncmp(hash, "$2", 2) == 0 && hash[2] != '\0' &&
		strchr("aby", hash[2]) != NULL && is_cost_and_rest(hash + 3));
}

static bool
is_first_bcrypt(const char *hash)
{
	return (strncmp(hash, "$2", 2) == 0 && is_cost_and_rest(hash + 2));
}

bool
password_matches(struct password_scratch *scratch, const char *password,
    size_t length, const char *hash)
{
	char text[PASSWORD_BYTES_MAX + 1], known[PASSWORD_HASH_SIZE] = "";
	const char *made = NULL;
	bool matches;

	take_bytes(text, password, length);
	/* A NUL never got into a hash of ours. */
	if (hash != NULL && memchr(password, '\0', length) == NULL) {
		if (is_bcrypt(hash)) {
			memcpy(known, hash, PASSWORD_HASH_SIZE);
		} else if (is_first_bcrypt(hash)) {
			memcpy(known, "$2a", 3);
			memcpy(known + 3, hash + 2, REST_LENGTH + 1);
			repeat_bytes(text);
		}
	}
	if (known[0] != '\0')
		made = hash_with(scratch, text, known);
	matches = made != NULL && strlen(made) == HASH_LENGTH &&
		  CRYPTO_memcmp(made, known, HASH_LENGTH) == 0;
	if (made == NULL)
		(void)hash_with(scratch, text, nobodys_hash);
	OPENSSL_cleanse(text, sizeof(text));
	wipe(scratch);
	return (matches);
}
