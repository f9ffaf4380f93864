/*
 * jwt: the bearer tokens: JSON Web Tokens signed with HMAC-SHA256.
 *
 *   {"alg":"HS256","typ":"JWT"} . {"exp":1796047193,"sub":"1"} . signature
 *
 * The algorithm is pinned, what a header calls critical is refused, the
 * signature is compared in constant time and before a claim is believed.
 * Sources: RFC 7515 (signature), RFC 7519 (claims), RFC 8725 (practices); the
 * wire contract, "Authentication".
 *
 * Context  any, but a key belongs to one thread at a time; a key made in the
 *          parent is each worker's own after the fork.
 */
#ifndef DOMAIN_JWT_H
#define DOMAIN_JWT_H

#include <stddef.h>
#include <stdint.h>

#include "platform/compiler.h"

/* Longer tokens are refused unread. */
#define JWT_LENGTH_MAX 8192

/* Room for any token of ours, and its NUL. */
#define JWT_SIZE 192

struct jwt_key {
	struct evp_mac_ctx_st *mac; /* keyed once, restarted for each token */
};

/*
 * jwt_key_init(key, secret, length): derive the key from the raw bytes of
 * ${secret}, which is not kept. Returns 0, or -1 if OpenSSL can't (logged).
 */
int jwt_key_init(
    struct jwt_key *key, const void *secret, size_t length) MUST_CHECK;
void jwt_key_fini(struct jwt_key *key);

/*
 * jwt_sign(key, user_id, expires_s, token): a token for ${user_id} that is
 * valid up to and including ${expires_s}, in seconds since 1970.
 *
 * Returns  the length of the NUL-terminated token, or 0 if OpenSSL can't.
 */
size_t jwt_sign(struct jwt_key *key, int64_t user_id, int64_t expires_s,
    char token[JWT_SIZE]) MUST_CHECK;

/*
 * jwt_verify(key, token, length, now_s, user_id): whether ${token} is ours
 * and valid at ${now_s}.
 *
 * Claims   exp is required; nbf and iat may be there. They are read as
 *          Python's int() reads them: integers, floats, numeric strings.
 *          aud is refused, since we are nobody's audience. sub is a string
 *          that int() reads, within int32: a column's range. Others pass.
 * Returns  0 with *user_id set (such a user may or may not exist), or -1.
 */
int jwt_verify(struct jwt_key *key, const char *token, size_t length,
    int64_t now_s, int64_t *user_id) MUST_CHECK;

#endif
