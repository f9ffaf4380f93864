/*
 * jsonread: reads a JSON body and says exactly what is wrong with it.
 *
 * Strict as RFC 8259: NaN and Infinity are errors. UTF-8 (with or without a
 * byte order mark), UTF-16 and UTF-32 are told apart by their first bytes.
 * Of members with the same name the last wins, in the place of the first.
 *
 * Context  any.
 * Source   contract, conventions, section 5; RFC 4627, section 3 (encodings).
 */
#ifndef HTTP_JSONREAD_H
#define HTTP_JSONREAD_H

#include <stdbool.h>
#include <stddef.h>

#include "http/json.h"

/* Arrays and objects inside each other. */
#define JSONREAD_DEPTH_MAX 950
/* Digits of an integer. */
#define JSONREAD_DIGITS_MAX 4300

struct jsonread_error {
	const char *reason; /* NULL: no JSON error, but unusable all the same */
	size_t position, line, column; /* characters; from 0, 1 and 1 */
};

/*
 * jsonread(arena, body, length, error): the value, from the arena (${body} may
 * go), or NULL with ${error} filled. Without a reason the body is unusable:
 * its encoding is broken, it nests too deeply or a number is too long.
 */
struct json *jsonread(struct arena *arena, const char *body, size_t length,
    struct jsonread_error *error) MUST_CHECK;

#endif
