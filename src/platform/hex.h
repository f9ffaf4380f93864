/*
 * hex: digits of base 16.
 *
 * Context  any.
 */
#ifndef PLATFORM_HEX_H
#define PLATFORM_HEX_H

/* hex_value(c): what a digit of either case stands for, -1 if it is none. */
static inline int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return (c - '0');
	if (c >= 'a' && c <= 'f')
		return (c - 'a' + 10);
	if (c >= 'A' && c <= 'F')
		return (c - 'A' + 10);
	return (-1);
}

/* hex_byte(digits): what two of them stand for, such as those behind a percent
 * sign; -1 if one is none, and then nothing behind that one is read. */
static inline int
hex_byte(const char *digits)
{
	int high = hex_value(digits[0]);
	int low = high == -1 ? -1 : hex_value(digits[1]);

	return (low == -1 ? -1 : high << 4 | low);
}

#endif
