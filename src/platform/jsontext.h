/*
 * jsontext: strings of JSON, decoded where they stand.
 *
 * For the two places below http/ that meet JSON: tokens and settings.
 * Source: RFC 8259, section 7.
 *
 * Context  any.
 */
#ifndef PLATFORM_JSONTEXT_H
#define PLATFORM_JSONTEXT_H

#include <stddef.h>

#include "platform/compiler.h"

/* jsontext_skip_space(at, end): where something other than white space is. */
char *jsontext_skip_space(char *at, const char *end);

/*
 * jsontext_read(at, end, text, length): the string whose opening quote is at
 * ${*at} < ${end}: decoded to UTF-8 over itself and NUL-terminated; ${*at} is
 * then behind its closing quote.
 *
 * Returns  0, or -1 if it isn't well-formed, as JSON and as UTF-8: then its
 *          bytes are nothing.
 */
int jsontext_read(
    char **at, const char *end, char **text, size_t *length) MUST_CHECK;

#endif
