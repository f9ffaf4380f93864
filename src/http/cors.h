/*
 * cors: which browsers' origins may read our answers.
 * Source: Fetch standard, "CORS protocol"; the lists are the contract's.
 *
 * Context  worker.
 */
#ifndef HTTP_CORS_H
#define HTTP_CORS_H

#include <stdbool.h>

#include "platform/buffer.h"

struct request;
struct settings;

/* cors_put_headers(headers, origin, settings): the lines of an ordinary
 * answer; ${origin} is the request's Origin, NULL if it has none. */
void cors_put_headers(struct buffer *headers, const char *origin,
    const struct settings *settings);

/* cors_is_preflight(request): OPTIONS, Origin and a non-empty
 * Access-Control-Request-Method. */
bool cors_is_preflight(const struct request *request);

/* cors_preflight(request, settings, headers, body): the whole answer; its
 * status, 200 or 400. */
int cors_preflight(const struct request *request,
    const struct settings *settings, struct buffer *headers,
    struct buffer *body);

#endif
