/*
 * integer: integers in texts, as Python's int() reads them.
 *
 * White space around (Unicode's), an optional sign, decimal digits of any
 * script with single underscores between them: "7", " +1_000 ", "٣".
 * Source: Python 3.11's reference of int(); Unicode 14.
 *
 * Context  any.
 */
#ifndef PLATFORM_INTEGER_H
#define PLATFORM_INTEGER_H

#include <stddef.h>
#include <stdint.h>

#include "platform/compiler.h"

/* Python refuses texts of more digits. */
#define INTEGER_DIGITS_MAX 4300

/*
 * integer_read(text, length, value): ${length} bytes of UTF-8. What is beyond
 * int64 becomes INT64_MIN or INT64_MAX. Returns 0, or -1 if it is no integer.
 */
int integer_read(const char *text, size_t length, int64_t *value) MUST_CHECK;

#endif
