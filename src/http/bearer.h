/*
 * bearer: from the Authorization header to a user id, without I/O.
 * Source: RFC 6750; the wire contract, "Authentication".
 *
 * Context  worker.
 */
#ifndef HTTP_BEARER_H
#define HTTP_BEARER_H

#include <stddef.h>
#include <stdint.h>

#include "http/problem.h"
#include "platform/compiler.h"

struct request;
struct settings;

/* bearer_prepare(settings): derive the key once. Context parent. Returns 0,
 * or -1 (logged). */
int bearer_prepare(const struct settings *settings) MUST_CHECK;

/*
 * bearer_check(request, user_id): the token's user, who may exist or not.
 *
 * Returns  PROBLEM_none with *user_id set, PROBLEM_not_authenticated or
 *          PROBLEM_invalid_credentials.
 */
enum problem bearer_check(const struct request *request, int64_t *user_id);

/*
 * bearer_check_exact(request): for public operations, which need no token: the
 * user of a valid one behind exactly "Bearer ", or 0.
 */
int64_t bearer_check_exact(const struct request *request);

/* bearer_issue(user_id, text): a token for ${user_id}, valid from now for the
 * configured time, in ${text}'s JWT_SIZE bytes; its length, 0 if there is
 * none. */
size_t bearer_issue(int64_t user_id, char *text);

#endif
