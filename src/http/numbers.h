/*
 * numbers: how numbers are spelled, coming in and going out.
 *
 * Context  any.
 * Source   contract, conventions, sections 6 ("Accepted coercions") and 9.
 */
#ifndef HTTP_NUMBERS_H
#define HTTP_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/compiler.h"

struct buffer;

#define NUMBERS_DIGITS_MAX 4300

enum numbers_result {
	NUMBERS_OK,
	NUMBERS_MALFORMED,
	NUMBERS_TOO_LONG,   /* more than NUMBERS_DIGITS_MAX digits */
	NUMBERS_NOT_FINITE, /* an infinity or no number */
	NUMBERS_TOO_FINE    /* more than two decimal places */
};

/*
 * numbers_read_int(text, length, value): "1", " +1_000.0 " and so on. What
 * lies beyond int64 becomes the nearest int64: such an id belongs to nobody,
 * such a count is beyond every end.
 */
enum numbers_result numbers_read_int(
    const char *text, size_t length, int64_t *value) MUST_CHECK;

/* numbers_read_float(text, length, value): "5.", ".5e3", "1_000", "inf". */
enum numbers_result numbers_read_float(
    const char *text, size_t length, double *value) MUST_CHECK;

/*
 * numbers_read_cents(text, length, cents): a decimal with at most two places
 * ("5", "1.10", "1E+2"), in hundredths; the nearest int64 as above.
 */
enum numbers_result numbers_read_cents(
    const char *text, size_t length, int64_t *cents) MUST_CHECK;

/* numbers_read_bool(text, length, value): "1 t true y yes on" and opposites,
 * in any letter case. */
enum numbers_result numbers_read_bool(
    const char *text, size_t length, bool *value) MUST_CHECK;

/*
 * numbers_put_float(b, value): the shortest digits that read back as the same
 * double, as typed answers spell them: 5.0, 0.00001, 1e-6, 1e+16. What
 * is not finite has no spelling in JSON: null.
 */
void numbers_put_float(struct buffer *b, double value);

/* numbers_put_float_python(b, value): the same as repr() spells it: 5.0,
 * 1e-05, 1e+16. */
void numbers_put_float_python(struct buffer *b, double value);

/* numbers_put_cents(b, cents): "12.50", "-0.05"; no quotes. */
void numbers_put_cents(struct buffer *b, int64_t cents);

#endif
