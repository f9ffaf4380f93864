/*
 * upload: what a client is told of a file that it sent in a text's place.
 *
 * The original shows the object that its library keeps of a file, inner
 * members and all; whoever compares answers gets the same.
 *
 * Context  any; memory is the arena's.
 * Source   contract, conventions, section 5, "form rule".
 */
#ifndef HTTP_UPLOAD_H
#define HTTP_UPLOAD_H

#include <stddef.h>

#include "platform/compiler.h"

struct arena;
struct json;

/* One field of a part's header section, both in UTF-8. */
struct upload_header {
	const char *name, *value; /* NUL-terminated; the name in lower case */
	size_t value_length;
};

/* upload_describe(arena, name, length, data, size, headers, count): of a file
 * that holds ${size} bytes of ${data}; the name has ${length} of UTF-8. */
const struct json *upload_describe(struct arena *arena, const char *name,
    size_t length, const char *data, size_t size,
    const struct upload_header *headers, size_t count);

#endif
