#include "domain/jwt.h"

#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "domain/claims.h"
#include "platform/log.h"

#define MAC_LENGTH 32
#define MAC_TEXT_LENGTH 43 /* base64url without padding */

/* {"alg":"HS256","typ":"JWT"} and the dot behind it */
#define HEADER "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
#define HEADER_LENGTH (sizeof(HEADER) - 1)

/* The longest of our payloads, {"exp":…,"sub":"…"} with two int64. */
#define PAYLOAD_SIZE 80

/* Whatever part of a token is decoded, it fits. */
#define DECODED_SIZE (JWT_LENGTH_MAX / 4 * 3 + 4)

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789-_";

int
jwt_key_init(struct jwt_key *key, const void *secret, size_t length)
{
	static char digest[] = "SHA256";
	static const unsigned char nothing;
	const OSSL_PARAM parameters[] = {
		OSSL_PARAM_construct_utf8_string("digest", digest, 0),
		OSSL_PARAM_construct_end(),
	};
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);

	key->mac = hmac == NULL ? NULL : EVP_MAC_CTX_new(hmac);
	EVP_MAC_free(hmac);
	/* Without bytes to point at, OpenSSL takes no key for the old one. */
	if (key->mac != NULL &&
	    EVP_MAC_init(key->mac, length == 0 ? &nothing : secret, length,
		parameters) == 1)
		return (0);
	log_error("OpenSSL has no HMAC-SHA256");
	jwt_key_fini(key);
	return (-1);
}

void
jwt_key_fini(struct jwt_key *key)
{
	EVP_MAC_CTX_free(key->mac);
	key->mac = NULL;
}

/* The signature of ${text}: the context goes back to its key and runs. */
static int
sign(struct jwt_key *key, const char *text, size_t length,
    unsigned char mac[MAC_LENGTH])
{
	size_t made;

	if (EVP_MAC_init(key->mac, NULL, 0, NULL) != 1 ||
	    EVP_MAC_update(key->mac, (const unsigned char *)text, length) !=
		1 ||
	    EVP_MAC_final(key->mac, mac, &made, MAC_LENGTH) != 1 ||
	    made != MAC_LENGTH)
		return (-1);
	return (0);
}

/* RFC 4648, section 5, without padding. Returns how many characters. */
static size_t
encode(const unsigned char *bytes, size_t length, char *text)
{
	unsigned bits = 0, nbits = 0;
	size_t i, n = 0;

	for (i = 0; i < length; i++) {
		bits = bits << 8 | bytes[i];
		for (nbits += 8; nbits >= 6; nbits -= 6)
			text[n++] = digits[bits >> (nbits - 6) & 63];
	}
	if (nbits > 0)
		text[n++] = digits[bits << (6 - nbits) & 63];
	return (n);
}

static int
digit_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (c - 'A');
	if (c >= 'a' && c <= 'z')
		return (c - 'a' + 26);
	if (c >= '0' && c <= '9')
		return (c - '0' + 52);
	if (c == '-')
		return (62);
	return (c == '_' ? 63 : -1);
}

/* The way back. Returns -1 if it isn't such a text, else how many bytes. */
static ssize_t
decode(const char *text, size_t length, char *bytes)
{
	unsigned bits = 0, nbits = 0;
	size_t i, n = 0;
	int value;

	for (i = 0; i < length; i++) {
		if ((value = digit_value(text[i])) == -1)
			return (-1);
		bits = bits << 6 | (unsigned)value;
		nbits += 6;
		if (nbits >= 8) {
			nbits -= 8;
			bytes[n++] = (char)(bits >> nbits & 255);
		}
	}
	return (length % 4 == 1 ? -1 : (ssize_t)n);
}

size_t
jwt_sign(struct jwt_key *key, int64_t user_id, int64_t expires_s,
    char token[JWT_SIZE])
{
	unsigned char mac[MAC_LENGTH];
	char payload[PAYLOAD_SIZE];
	size_t length = HEADER_LENGTH;
	int n;

	n = snprintf(payload, sizeof(payload),
	    "{\"exp\":%" PRId64 ",\"sub\":\"%" PRId64 "\"}", expires_s,
	    user_id);
	memcpy(token, HEADER, HEADER_LENGTH);
	length +=
	    encode((const unsigned char *)payload, (size_t)n, token + length);
	if (sign(key, token, length, mac) == -1)
		return (0);
	token[length++] = '.';
	length += encode(mac, MAC_LENGTH, token + length);
	token[length] = '\0';
	return (length);
}

/* The three parts of a token: where the dots are. */
struct parts {
	size_t header_length;
	size_t signed_length; /* header, dot, payload */
};

static bool
find_parts(const char *token, size_t length, struct parts *parts)
{
	const char *first, *second;

	if (length > JWT_LENGTH_MAX)
		return (false);
	first = memchr(token, '.', length);
	if (first == NULL)
		return (false);
	second = memchr(first + 1, '.', length - (size_t)(first + 1 - token));
	if (second == NULL)
		return (false);
	parts->header_length = (size_t)(first - token);
	parts->signed_length = (size_t)(second - token);
	return (length - parts->signed_length - 1 == MAC_TEXT_LENGTH);
}

/* In constant time: how much of a signature is right is nobody's business.
 * The texts are compared, so each signature has one spelling. */
static bool
signature_is_right(
    struct jwt_key *key, const char *token, const struct parts *parts)
{
	unsigned char mac[MAC_LENGTH];
	char text[MAC_TEXT_LENGTH + 1];

	if (sign(key, token, parts->signed_length, mac) == -1)
		return (false);
	(void)encode(mac, MAC_LENGTH, text);
	return (CRYPTO_memcmp(text, token + parts->signed_length + 1,
		    MAC_TEXT_LENGTH) == 0);
}

static bool
is_text(const struct claim *claim, const char *text)
{
	return (claim->type == CLAIM_TEXT && claim->length == strlen(text) &&
		memcmp(claim->data, text, claim->length) == 0);
}

/* Our own header needs no reading; another may have more members. */
static bool
header_is_ours(const char *token, const struct parts *parts)
{
	enum { HEADER_alg, HEADER_crit, HEADER_MAX };
	struct claim claims[HEADER_MAX] = {
		[HEADER_alg].name = "alg", [HEADER_crit].name = "crit"
	};
	char json[DECODED_SIZE];
	ssize_t length;

	if (parts->header_length == HEADER_LENGTH - 1 &&
	    memcmp(token, HEADER, HEADER_LENGTH) == 0)
		return (true);
	length = decode(token, parts->header_length, json);
	return (length != -1 &&
		claims_read(json, (size_t)length, claims, HEADER_MAX) == 0 &&
		is_text(&claims[HEADER_alg], "HS256") &&
		claims[HEADER_crit].type == CLAIM_ABSENT);
}

/* exp and nbf are inclusive; iat must only be a number. */
static bool
times_are_right(const struct claim *exp, const struct claim *nbf,
    const struct claim *iat, int64_t now_s)
{
	int64_t at_s;

	if (claims_integer(exp, &at_s) == -1 || at_s < now_s)
		return (false);
	if (nbf->type != CLAIM_ABSENT &&
	    (claims_integer(nbf, &at_s) == -1 || at_s > now_s))
		return (false);
	return (iat->type == CLAIM_ABSENT || claims_integer(iat, &at_s) == 0);
}

static bool
read_subject(const struct claim *sub, int64_t *user_id)
{
	return (sub->type == CLAIM_TEXT && claims_integer(sub, user_id) == 0 &&
		*user_id >= INT32_MIN && *user_id <= INT32_MAX);
}

/* Who is meant by aud and what at_hash belongs to we couldn't check. */
static bool
payload_is_right(
    const char *text, size_t length, int64_t now_s, int64_t *user_id)
{
	enum {
		CLAIM_exp,
		CLAIM_nbf,
		CLAIM_iat,
		CLAIM_aud,
		CLAIM_at_hash,
		CLAIM_jti,
		CLAIM_sub,
		CLAIM_MAX
	};
	struct claim claims[CLAIM_MAX] = {
		[CLAIM_exp].name = "exp",
		[CLAIM_nbf].name = "nbf",
		[CLAIM_iat].name = "iat",
		[CLAIM_aud].name = "aud",
		[CLAIM_at_hash].name = "at_hash",
		[CLAIM_jti].name = "jti",
		[CLAIM_sub].name = "sub",
	};
	char json[DECODED_SIZE];
	ssize_t decoded = decode(text, length, json);

	return (decoded != -1 &&
		claims_read(json, (size_t)decoded, claims, CLAIM_MAX) == 0 &&
		claims[CLAIM_aud].type == CLAIM_ABSENT &&
		claims[CLAIM_at_hash].type == CLAIM_ABSENT &&
		(claims[CLAIM_jti].type == CLAIM_ABSENT ||
		    claims[CLAIM_jti].type == CLAIM_TEXT) &&
		times_are_right(&claims[CLAIM_exp], &claims[CLAIM_nbf],
		    &claims[CLAIM_iat], now_s) &&
		read_subject(&claims[CLAIM_sub], user_id));
}

int
jwt_verify(struct jwt_key *key, const char *token, size_t length, int64_t now_s,
    int64_t *user_id)
{
	struct parts parts;

	if (!find_parts(token, length, &parts) ||
	    !signature_is_right(key, token, &parts) ||
	    !header_is_ours(token, &parts))
		return (-1);
	return (
	    payload_is_right(token + parts.header_length + 1,
		parts.signed_length - parts.header_length - 1, now_s, user_id)
		? 0
		: -1);
}
