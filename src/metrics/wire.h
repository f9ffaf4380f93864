/*
 * wire: writing messages of Protocol Buffers.
 * Source: Protocol Buffers documentation, "Encoding".
 *
 * A message stands behind its length, which is not known before it has been
 * written: so one that becomes longer than one byte can say is moved.
 *
 * Context  any; a page belongs to one thread at a time.
 */
#ifndef METRICS_WIRE_H
#define METRICS_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "metrics/page.h"

/* wire_open(page): a length, for wire_end(), and what it is the length of. */
size_t wire_open(struct metrics_page *page);

/* wire_begin(page, field): the same as a field: a message, or what is written
 * by page_ functions or wire_put_: a text, a packed list. */
size_t wire_begin(struct metrics_page *page, unsigned field);
void wire_end(struct metrics_page *page, size_t opened);

/* Fields: uint and enum, sint, double, string. Zeros are written too. */
void wire_uint(struct metrics_page *page, unsigned field, uint64_t value);
void wire_sint(struct metrics_page *page, unsigned field, int64_t value);
void wire_double(struct metrics_page *page, unsigned field, double value);
void wire_text(struct metrics_page *page, unsigned field, const char *text);

/* wire_put_sint(page, value): one more of a packed list. */
void wire_put_sint(struct metrics_page *page, int64_t value);

#endif
