#include "platform/jsontext.h"

#include <stdint.h>
#include <string.h>

#include "platform/hex.h"
#include "platform/utf8.h"

#define HEX_DIGITS 4

char *
jsontext_skip_space(char *at, const char *end)
{
	while (at < end &&
	       (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
		at++;
	return (at);
}

/* The four digits behind "\u". */
static int
read_unit(char **at, const char *end, uint32_t *unit)
{
	int i, digit;

	*unit = 0;
	if (end - *at < HEX_DIGITS)
		return (-1);
	for (i = 0; i < HEX_DIGITS; i++) {
		if ((digit = hex_value(*(*at)++)) == -1)
			return (-1);
		*unit = *unit << 4 | (uint32_t)digit;
	}
	return (0);
}

/* "\u00e9", or two of them for what lies beyond the first 65536. */
static int
read_code_point(char **at, const char *end, uint32_t *c)
{
	uint32_t low;

	if (read_unit(at, end, c) == -1)
		return (-1);
	if (!utf8_is_surrogate(*c))
		return (0);
	if (*c >= 0xdc00 || end - *at < 2 || (*at)[0] != '\\' ||
	    (*at)[1] != 'u')
		return (-1);
	*at += 2;
	if (read_unit(at, end, &low) == -1 || low < 0xdc00 || low > 0xdfff)
		return (-1);
	*c = 0x10000 + ((*c & 0x3ff) << 10) + (low & 0x3ff);
	return (0);
}

/* What follows a backslash, to ${*to}; it is never longer than its escape. */
static int
read_escape(char **at, const char *end, char **to)
{
	static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	const char *letter;
	uint32_t c;

	if (*at == end || **at == '\0')
		return (-1);
	if ((letter = strchr(letters, **at)) != NULL) {
		(*at)++;
		*(*to)++ = meant[letter - letters];
		return (0);
	}
	if (*(*at)++ != 'u' || read_code_point(at, end, &c) == -1)
		return (-1);
	*to += utf8_put(*to, c);
	return (0);
}

int
jsontext_read(char **at, const char *end, char **text, size_t *length)
{
	char *to = ++*at;

	*text = to;
	while (*at < end && **at != '"') {
		if ((unsigned char)**at < ' ')
			return (-1);
		if (**at != '\\') {
			*to++ = *(*at)++;
			continue;
		}
		(*at)++;
		if (read_escape(at, end, &to) == -1)
			return (-1);
	}
	if (*at == end)
		return (-1);
	(*at)++;
	*to = '\0'; /* at the closing quote, or before it */
	*length = (size_t)(to - *text);
	/* Escapes leave UTF-8 as they find it. */
	return (
	    !utf8_valid(*text, *length) || utf8_has_surrogate(*text, *length)
		? -1
		: 0);
}
