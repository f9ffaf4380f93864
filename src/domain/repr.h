/*
 * repr: a text as Python's repr() shows it, for error texts of the contract
 * that quote what a client sent.
 *
 * Source: Python 3.11's reference of repr() and str.isprintable(); Unicode 14.
 * What Unicode has not assigned yet counts as printable here.
 *
 * Context  any.
 */
#ifndef DOMAIN_REPR_H
#define DOMAIN_REPR_H

#include <stddef.h>

#include "platform/buffer.h"

/* repr_put(out, text, length): ${length} bytes of UTF-8, in quotes. */
void repr_put(struct buffer *out, const char *text, size_t length);

#endif
