/*
 * coerce: one value of a request, as its field wants it.
 *
 * What arrives in a path, a query or a form is a text and is treated as a
 * string of JSON is: the original's rules are the same for both.
 *
 * Context  any; values point into the arena.
 * Source   contract, conventions, section 6, "Accepted coercions".
 */
#ifndef HTTP_COERCE_H
#define HTTP_COERCE_H

#include "http/fields.h"

/*
 * coerce(field, at, arena, value, faults): what at->input is for ${field},
 * into ${value}; or the one fault that comes first, with the value absent.
 */
void coerce(const struct field *field, struct fault_at *at, struct arena *arena,
    struct value *value, struct faults *faults);

#endif
