#include "http/numbers.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http/octet.h"
#include "platform/buffer.h"
#include "platform/utf8.h"

/* ---- integers --------------------------------------------------------- */

/* Digits as they come, of a number of any size. */
struct digits {
	uint64_t value; /* of the first ones */
	size_t count;   /* without leading zeros */
	bool saturated; /* value stands for more than uint64 holds */
};

static void
digits_add(struct digits *d, unsigned digit)
{
	if (d->count > 0 || digit > 0)
		d->count++;
	if (__builtin_mul_overflow(d->value, 10, &d->value) ||
	    __builtin_add_overflow(d->value, digit, &d->value)) {
		d->saturated = true;
		d->value = UINT64_MAX;
	}
}

static int64_t
nearest(const struct digits *d, bool negative)
{
	if (d->saturated || d->value > INT64_MAX)
		return (negative ? INT64_MIN : INT64_MAX);
	return (negative ? -(int64_t)d->value : (int64_t)d->value);
}

/* A sign that may be there; true if it is a minus. */
static bool
skip_sign(const char *text, size_t length, size_t *at)
{
	if (*at == length || (text[*at] != '+' && text[*at] != '-'))
		return (false);
	return (text[(*at)++] == '-');
}

/* The digit at ${at}; -1 if there is none. */
static int
next_digit(const char *text, size_t length, size_t *at)
{
	if (*at == length || !octet_is(text[*at], OCTET_DIGIT))
		return (-1);
	return (text[(*at)++] - '0');
}

/* Digits with single underscores between them; false if there are none. */
static bool
read_digits(struct digits *d, const char *text, size_t length, size_t *at)
{
	int digit;

	if ((digit = next_digit(text, length, at)) == -1)
		return (false);
	do {
		digits_add(d, (unsigned)digit);
		if (*at + 1 < length && text[*at] == '_') {
			(*at)++;
			if ((digit = next_digit(text, length, at)) == -1)
				return (false);
		} else
			digit = next_digit(text, length, at);
	} while (digit != -1);
	return (true);
}

/* Digits without end at the very beginning: the original gave up on them
 * before it saw what follows, and called all other long ones malformed. */
static bool
begins_too_long(const char *text, size_t length)
{
	size_t at = length > 0 && text[0] == '-';

	return (at < length && text[at] != '0' &&
		octet_span(text, at, length, OCTET_DIGIT) - at >
		    NUMBERS_DIGITS_MAX);
}

enum numbers_result
numbers_read_int(const char *text, size_t length, int64_t *value)
{
	struct digits d = { 0, 0, false };
	size_t at = 0, zeros;
	bool negative;

	if (begins_too_long(text, length))
		return (NUMBERS_TOO_LONG);
	text = utf8_trim(text, &length, "");
	negative = skip_sign(text, length, &at);
	if (!read_digits(&d, text, length, &at))
		return (NUMBERS_MALFORMED);
	if (at + 1 < length && text[at] == '.') {
		zeros = strspn(text + at + 1, "0");
		at += 1 + zeros;
	}
	if (at != length || d.count > NUMBERS_DIGITS_MAX)
		return (NUMBERS_MALFORMED);
	*value = nearest(&d, negative);
	return (NUMBERS_OK);
}

/* ---- booleans --------------------------------------------------------- */

enum numbers_result
numbers_read_bool(const char *text, size_t length, bool *value)
{
	/* each truth beside its opposite */
	static const char *const words[] = { "0", "1", "f", "t", "false",
		"true", "n", "y", "no", "yes", "off", "on" };
	size_t i;

	for (i = 0; i < COUNT_OF(words); i++)
		if (strlen(words[i]) == length &&
		    strncasecmp(words[i], text, length) == 0) {
			*value = i % 2 == 1;
			return (NUMBERS_OK);
		}
	return (NUMBERS_MALFORMED);
}

/* ---- floats ----------------------------------------------------------- */

static bool
is_float_word(const char *text, size_t length)
{
	return ((length == 3 && (strncasecmp(text, "inf", 3) == 0 ||
				    strncasecmp(text, "nan", 3) == 0)) ||
		(length == 8 && strncasecmp(text, "infinity", 8) == 0));
}

/* Digits with or without a point and an exponent, or a word. */
static bool
is_float(const char *text, size_t length)
{
	size_t at = 0, whole, end, digits;

	(void)skip_sign(text, length, &at);
	if (is_float_word(text + at, length - at))
		return (true);
	whole = octet_span(text, at, length, OCTET_DIGIT);
	digits = whole - at;
	end = whole;
	if (end < length && text[end] == '.') {
		end = octet_span(text, end + 1, length, OCTET_DIGIT);
		digits += end - whole - 1;
	}
	if (digits == 0)
		return (false);
	if (end < length && (text[end] | 0x20) == 'e') {
		at = end + 1;
		(void)skip_sign(text, length, &at);
		end = octet_span(text, at, length, OCTET_DIGIT);
		if (end == at)
			return (false);
	}
	return (end == length);
}

/* Underscores may stand anywhere inside, one at a time. */
static bool
drop_underscores(struct buffer *clean, const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++) {
		if (text[i] != '_')
			buffer_putc(clean, text[i]);
		else if (i == 0 || i == length - 1 || text[i + 1] == '_')
			return (false);
	}
	return (true);
}

enum numbers_result
numbers_read_float(const char *text, size_t length, double *value)
{
	enum numbers_result result = NUMBERS_MALFORMED;
	struct buffer clean;

	/* Blanks around it or underscores in it, but not both. */
	if (memchr(text, '_', length) == NULL)
		text = utf8_trim(text, &length, "");
	buffer_init(&clean, length + 1);
	if (drop_underscores(&clean, text, length) && clean.length > 0 &&
	    is_float(clean.data, clean.length)) {
		*value = strtod(buffer_text(&clean), NULL);
		result = NUMBERS_OK;
	}
	buffer_fini(&clean);
	return (result);
}

/* ---- decimals --------------------------------------------------------- */

/* As libmpdec: exponents beyond are no decimals. */
#define EXPONENT_MAX 999999999999999999
#define EXPONENT_MIN (-1999999999999999997)

/* A decimal, cleaned to ASCII. */
struct decimal {
	uint64_t value; /* digits without the zeros at both ends */
	size_t ndigits; /* of them; 0: it is zero */
	bool saturated;
	int64_t exponent; /* of ten, for the last of them */
	int64_t top;      /* of ten, for the first of them */
};

/* Trimmed, without underscores, digits of all scripts as ASCII. */
static void
clean_decimal(struct buffer *clean, const char *text, size_t length)
{
	size_t at = 0, from;
	int digit;
	uint32_t c;

	/* As Python's Decimal() does, but not its int(). */
	text = utf8_trim(text, &length, UTF8_SEPARATORS);
	while (at < length) {
		from = at;
		c = utf8_next(text, length, &at);
		if (c == '_')
			continue;
		if ((digit = utf8_digit(c)) != -1)
			buffer_putc(clean, (char)('0' + digit));
		else
			buffer_append(clean, text + from, at - from);
	}
}

static bool
is_decimal_word(const char *text, size_t length)
{
	size_t skip = length > 0 && (text[0] | 0x20) == 's';

	if (is_float_word(text, length) && strncasecmp(text, "nan", 3) != 0)
		return (true);
	return (length >= skip + 3 && strncasecmp(text + skip, "nan", 3) == 0 &&
		octet_span(text, skip + 3, length, OCTET_DIGIT) == length);
}

/* The digits of text[from, to), its point left out. */
static void
gather(struct decimal *d, const char *text, size_t from, size_t to)
{
	struct digits digits = { 0, 0, false };
	size_t zeros = 0, i;

	for (i = from; i < to; i++) {
		if (text[i] == '.')
			continue;
		if (text[i] == '0') {
			zeros++;
			continue;
		}
		for (; zeros > 0 && digits.count > 0; zeros--)
			digits_add(&digits, 0);
		digits_add(&digits, (unsigned)(text[i] - '0'));
		zeros = 0;
	}
	d->value = digits.value;
	d->saturated = digits.saturated;
	d->ndigits = digits.count;
	d->exponent = (int64_t)zeros;
}

/* An exponent's digits; far beyond all limits they are all the same. */
static bool
read_exponent(const char *text, size_t length, size_t at, int64_t *exponent)
{
	struct digits d = { 0, 0, false };
	bool negative = skip_sign(text, length, &at);

	if (at == length)
		return (false);
	for (; at < length; at++) {
		if (!octet_is(text[at], OCTET_DIGIT))
			return (false);
		digits_add(&d, (unsigned)(text[at] - '0'));
	}
	*exponent = nearest(&d, negative);
	return (*exponent > INT64_MIN / 2 && *exponent < INT64_MAX / 2);
}

static enum numbers_result
parse_decimal(const char *text, size_t length, struct decimal *d)
{
	size_t at = 0, end, point, ndigits;
	int64_t exponent = 0;

	(void)skip_sign(text, length, &at);
	if (is_decimal_word(text + at, length - at))
		return (NUMBERS_NOT_FINITE);
	point = end = octet_span(text, at, length, OCTET_DIGIT);
	if (end < length && text[end] == '.')
		end = octet_span(text, end + 1, length, OCTET_DIGIT);
	ndigits = end - at - (end > point);
	if (ndigits == 0)
		return (NUMBERS_MALFORMED);
	gather(d, text, at, end);
	if (end < length &&
	    ((text[end] | 0x20) != 'e' ||
		!read_exponent(text, length, end + 1, &exponent)))
		return (NUMBERS_MALFORMED);
	if (end > point)
		exponent -= (int64_t)(end - point - 1);
	d->top = exponent + (int64_t)ndigits - 1;
	if (d->top > EXPONENT_MAX || exponent < EXPONENT_MIN)
		return (NUMBERS_MALFORMED);
	d->exponent += exponent;
	return (NUMBERS_OK);
}

enum numbers_result
numbers_read_cents(const char *text, size_t length, int64_t *cents)
{
	struct decimal d = { 0, 0, false, 0, 0 };
	enum numbers_result result = NUMBERS_MALFORMED;
	struct digits scaled;
	struct buffer clean;
	bool negative;

	buffer_init(&clean, 3 * length + 1);
	clean_decimal(&clean, text, length);
	negative = clean.length > 0 && clean.data[0] == '-';
	if (clean.length > 0)
		result = parse_decimal(clean.data, clean.length, &d);
	buffer_fini(&clean);
	if (result != NUMBERS_OK)
		return (result);
	if (d.ndigits > 0 && d.exponent < -2)
		return (NUMBERS_TOO_FINE);
	scaled = (struct digits){ d.value, d.ndigits, d.saturated };
	for (; d.ndigits > 0 && d.exponent > -2 && !scaled.saturated;
	     d.exponent--)
		digits_add(&scaled, 0);
	*cents = nearest(&scaled, negative);
	return (NUMBERS_OK);
}

/* ---- writing ---------------------------------------------------------- */

/* 0.d1d2d3… times ten to the ${point}. */
struct spelling {
	char digits[18];
	int count;
	int point;
};

/* The next larger decimal of as many digits. Not all of them are nines: no
 * power of two that a double holds comes so close to one of ten. */
static void
next_decimal(char *text)
{
	char *digit = strchr(text, 'e') - 1;

	for (; *digit == '9' || *digit == '.'; digit--)
		if (*digit == '9')
			*digit = '0';
	(*digit)++;
}

/* Whether ${text}, the decimal nearest to ${value}, reads back as it. Below a
 * power of two doubles are closer than above it, so that the decimal above may
 * do where a nearer one below it is somebody else's. */
static bool
reads_back(char *text, double value)
{
	int exponent;

	if (strtod(text, NULL) == value)
		return (true);
	if (!isnormal(value) || frexp(value, &exponent) != 0.5)
		return (false);
	next_decimal(text);
	return (strtod(text, NULL) == value);
}

/*
 * The shortest digits. 15 are always enough to keep a decimal of 15 digits,
 * so fewer are found by dropping zeros; but not where doubles are denormal.
 */
static void
spell(struct spelling *s, double value)
{
	char text[32];
	int precision = value < 2.3e-308 ? 0 : 14;

	do
		(void)snprintf(text, sizeof(text), "%.*e", precision, value);
	while (precision++ < 16 && !reads_back(text, value));
	s->point = (int)strtol(strchr(text, 'e') + 1, NULL, 10) + 1;
	s->digits[0] = text[0];
	s->count = precision;
	if (precision > 1)
		memcpy(s->digits + 1, text + 2, (size_t)precision - 1);
	while (s->count > 1 && s->digits[s->count - 1] == '0')
		s->count--;
}

static void
put_zeros(struct buffer *b, int count)
{
	while (count-- > 0)
		buffer_putc(b, '0');
}

static void
put_plain(struct buffer *b, const struct spelling *s)
{
	int whole = s->point < 0 ? 0 : s->point;

	if (whole > s->count)
		whole = s->count;
	buffer_append(b, s->digits, (size_t)whole);
	put_zeros(b, s->point - s->count);
	buffer_puts(b, s->point <= 0 ? "0." : ".");
	put_zeros(b, -s->point);
	if (whole == s->count)
		buffer_putc(b, '0');
	buffer_append(b, s->digits + whole, (size_t)(s->count - whole));
}

static void
put_scientific(struct buffer *b, const struct spelling *s, int width)
{
	buffer_putc(b, s->digits[0]);
	if (s->count > 1)
		buffer_putc(b, '.');
	buffer_append(b, s->digits + 1, (size_t)s->count - 1);
	buffer_printf(b, "e%+0*d", width + 1, s->point - 1);
}

/* Cents, which nearly all of our numbers are, without any search: as decimals
 * of fewer than 16 digits they are the shortest. */
static bool
put_as_cents(struct buffer *b, double value)
{
	double scaled = value * 100;
	int64_t cents;

	if (!(scaled < 1e14))
		return (false);
	cents = (int64_t)(scaled + 0.5);
	if ((double)cents / 100 != value)
		return (false);
	buffer_put_int(b, cents / 100);
	buffer_putc(b, '.');
	buffer_putc(b, (char)('0' + cents % 100 / 10));
	if (cents % 10 != 0)
		buffer_putc(b, (char)('0' + cents % 10));
	return (true);
}

/* Plain where the point is from ${lowest} to 16 digits off. */
static void
put_float(struct buffer *b, double value, int lowest, int width)
{
	struct spelling s;

	if (!isfinite(value)) {
		buffer_puts(b, "null");
		return;
	}
	if (signbit(value))
		buffer_putc(b, '-');
	value = fabs(value);
	if (put_as_cents(b, value))
		return;
	spell(&s, value);
	if (s.point >= lowest && s.point <= 16)
		put_plain(b, &s);
	else
		put_scientific(b, &s, width);
}

void
numbers_put_float(struct buffer *b, double value)
{
	put_float(b, value, -4, 1);
}

void
numbers_put_float_python(struct buffer *b, double value)
{
	put_float(b, value, -3, 2);
}

void
numbers_put_cents(struct buffer *b, int64_t cents)
{
	uint64_t size = cents < 0 ? -(uint64_t)cents : (uint64_t)cents;

	buffer_printf(b, "%s%llu.%02u", cents < 0 ? "-" : "",
	    (unsigned long long)(size / 100), (unsigned)(size % 100));
}
