/*
 * query: name=value pairs as queries and urlencoded forms spell them.
 *
 * '&' separates, ';' does not; '+' is a blank; %XX are bytes of UTF-8, what
 * does not decode becomes U+FFFD; a stray '%' stays; empty pairs are skipped.
 *
 * Context  any; all memory is the arena's.
 * Source   contract, conventions, sections 5 and 6; WHATWG URL,
 *          application/x-www-form-urlencoded.
 */
#ifndef HTTP_QUERY_H
#define HTTP_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "platform/compiler.h"

struct arena;

struct query_pair {
	const char *name, *value; /* decoded, NUL-terminated */
	size_t name_length, value_length;
};

/*
 * query_next(arena, text, length, at, pair): the pair that begins at ${*at};
 * moves ${*at} behind it. False at the end. Start with 0.
 */
bool query_next(struct arena *arena, const char *text, size_t length,
    size_t *at, struct query_pair *pair);

/* query_find(arena, text, name, pair): the last pair of that name; false if
 * there is none. */
bool query_find(struct arena *arena, const char *text, const char *name,
    struct query_pair *pair);

/*
 * query_decode(arena, text, length, decoded_length): one name or value; '+'
 * and %XX decoded, bytes above 0x7f taken as ISO 8859-1.
 */
char *query_decode(struct arena *arena, const char *text, size_t length,
    size_t *decoded_length);

#endif
