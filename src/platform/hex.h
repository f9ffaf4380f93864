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

#endif
