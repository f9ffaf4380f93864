/*
 * password: hashing and checking with bcrypt.
 *
 * New hashes are $2b$ at cost 12. Checked are $2$, $2a$, $2b$ and $2y$ with
 * any cost; a stored value of any other form matches nothing. Only the first
 * 72 bytes of a password count, as everywhere with bcrypt.
 * Sources: crypt(5), crypt_r(3); the wire contract, "Passwords".
 *
 * Context  any for password_judge(); the others take a quarter of a second of
 *          CPU and belong on a thread of the password lane.
 */
#ifndef DOMAIN_PASSWORD_H
#define DOMAIN_PASSWORD_H

#include <crypt.h>
#include <stdbool.h>
#include <stddef.h>

#include "platform/compiler.h"

#define PASSWORD_HASH_SIZE 61 /* with its NUL */
#define PASSWORD_BYTES_MAX 72

/* The fewest characters of a new account's password, and of a reset one's. */
#define PASSWORD_LEAST_NEW 8
#define PASSWORD_LEAST_RESET 4

/* crypt(3)'s 32 KiB, one a thread, zeroed once by its owner; wiped after each
 * use. */
struct password_scratch {
	struct crypt_data crypt;
};

enum password_fault {
	PASSWORD_FAULT_none,
	PASSWORD_FAULT_too_short,
	PASSWORD_FAULT_has_nul,
	PASSWORD_FAULT_too_long /* more than 72 bytes: the rest would not count */
};

/*
 * password_judge(password, length, least): whether a new password of
 * ${length} bytes of UTF-8 is acceptable; the first fault in the order above.
 * ${least} is in characters (code points).
 */
enum password_fault password_judge(
    const char *password, size_t length, size_t least);

/*
 * password_hash(scratch, password, length, hash): hash a password that
 * password_judge() has accepted. Returns 0, or -1 without a hash: the system
 * gives no random bytes or has no bcrypt (logged).
 */
int password_hash(struct password_scratch *scratch, const char *password,
    size_t length, char hash[PASSWORD_HASH_SIZE]) MUST_CHECK;

/*
 * password_matches(scratch, password, length, hash): whether ${password} is
 * the one of ${hash}. Without a hash that bcrypt knows, or with NULL because
 * there is no such user, it takes as long as a wrong password and is false:
 * the time doesn't tell who has an account.
 */
bool password_matches(struct password_scratch *scratch, const char *password,
    size_t length, const char *hash);

#endif
