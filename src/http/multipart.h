/*
 * multipart: a form as multipart/form-data.
 *
 * Context  any; all memory is the arena's.
 * Source   RFC 7578; RFC 2046, 5.1; contract, conventions, section 5.
 */
#ifndef HTTP_MULTIPART_H
#define HTTP_MULTIPART_H

#include <stddef.h>

#include "http/form.h"
#include "platform/compiler.h"

/*
 * multipart_read(form, arena, content_type, body, length): the parts become
 * fields of ${form}, in which a part that never ends is missing.
 *
 * Returns  NULL, or what is wrong with the whole.
 */
const char *multipart_read(struct form *form, struct arena *arena,
    const char *content_type, const char *body, size_t length) MUST_CHECK;

#endif
