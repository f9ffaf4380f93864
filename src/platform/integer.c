#include "platform/integer.h"

#include <stdbool.h>

#include "platform/utf8.h"

/* value * 10 + digit, away from zero, stopping at the ends of int64. */
static int64_t
append_digit(int64_t value, int digit, bool negative)
{
	int64_t next;

	if (__builtin_mul_overflow(value, 10, &next) ||
	    __builtin_add_overflow(next, negative ? -digit : digit, &next))
		return (negative ? INT64_MIN : INT64_MAX);
	return (next);
}

/* Digits, single underscores between them; at least one. */
static int
read_digits(const char *text, size_t length, bool negative, int64_t *value)
{
	size_t at = 0, ndigits = 0;
	bool after_digit = false;

	*value = 0;
	while (at < length) {
		uint32_t c = utf8_next(text, length, &at);
		int digit = utf8_digit(c);

		if (digit == -1) {
			if (c != '_' || !after_digit)
				return (-1);
			after_digit = false;
			continue;
		}
		after_digit = true;
		if (++ndigits > INTEGER_DIGITS_MAX)
			return (-1);
		*value = append_digit(*value, digit, negative);
	}
	return (after_digit ? 0 : -1);
}

int
integer_read(const char *text, size_t length, int64_t *value)
{
	bool negative;

	if (!utf8_valid(text, length))
		return (-1);
	text = utf8_trim(text, &length, "");
	if (length == 0)
		return (-1);
	negative = *text == '-';
	if (negative || *text == '+') {
		text++;
		length--;
	}
	return (read_digits(text, length, negative, value));
}
