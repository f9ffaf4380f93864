/*
 * parameters: what stands behind the semicolons of a header field's value.
 *
 * "form-data; name=color; filename=\"a;b.txt\"": name=token or name="text".
 * Lenient as the original is: blanks around '=' are dropped, quotes may be
 * missing or left open, of a name that comes twice the last counts. Extended
 * notation (name*=…) is not looked at: RFC 7578, 4.2.
 *
 * Context  any; memory is the arena's.
 * Source   RFC 9110, 5.6.6; RFC 2183, 2.
 */
#ifndef HTTP_PARAMETERS_H
#define HTTP_PARAMETERS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Bytes of a message; not NUL-terminated, in no known encoding. */
struct parameters_text {
	const char *data;
	size_t length;
};

/* parameters_find(arena, value, name, found): false if there is none. ${name}
 * is in lower case; letter case is ignored. */
bool parameters_find(struct arena *arena, struct parameters_text value,
    const char *name, struct parameters_text *found);

#endif
