#include "domain/repr.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "platform/compiler.h"
#include "platform/utf8.h"

struct range {
	uint32_t first, last;
};

/* Controls (Cc), formats (Cf), surrogates and private use; in order. White
 * space other than a blank isn't printable either: see utf8_is_space(). */
static const struct range unprintable[] = {
	{ 0x0, 0x1f },
	{ 0x7f, 0x9f },
	{ 0xad, 0xad },
	{ 0x600, 0x605 },
	{ 0x61c, 0x61c },
	{ 0x6dd, 0x6dd },
	{ 0x70f, 0x70f },
	{ 0x890, 0x891 },
	{ 0x8e2, 0x8e2 },
	{ 0x180e, 0x180e },
	{ 0x200b, 0x200f },
	{ 0x202a, 0x202e },
	{ 0x2060, 0x2064 },
	{ 0x2066, 0x206f },
	{ 0xd800, 0xf8ff },
	{ 0xfeff, 0xfeff },
	{ 0xfff9, 0xfffb },
	{ 0x110bd, 0x110bd },
	{ 0x110cd, 0x110cd },
	{ 0x13430, 0x13438 },
	{ 0x1bca0, 0x1bca3 },
	{ 0x1d173, 0x1d17a },
	{ 0xe0001, 0xe0001 },
	{ 0xe0020, 0xe007f },
	{ 0xf0000, 0x10ffff },
};

static bool
is_printable(uint32_t c)
{
	size_t i;

	for (i = 0; i < COUNT_OF(unprintable); i++)
		if (c >= unprintable[i].first && c <= unprintable[i].last)
			return (false);
	return (c == ' ' || !utf8_is_space(c));
}

/* The shortest of Python's escapes by number that ${c} fits into. */
static void
put_number(struct buffer *out, uint32_t c)
{
	if (c <= 0xff)
		buffer_printf(out, "\\x%02x", c);
	else if (c <= 0xffff)
		buffer_printf(out, "\\u%04x", c);
	else
		buffer_printf(out, "\\U%08x", c);
}

/* Double quotes only where they save a backslash. */
static char
quote_for(const char *text, size_t length)
{
	return (memchr(text, '\'', length) != NULL &&
			memchr(text, '"', length) == NULL
		    ? '"'
		    : '\'');
}

void
repr_put(struct buffer *out, const char *text, size_t length)
{
	char quote = quote_for(text, length);
	size_t at = 0, from;

	buffer_putc(out, quote);
	while (at < length) {
		uint32_t c;

		from = at;
		c = utf8_next(text, length, &at);
		if (c == (uint32_t)quote || c == '\\')
			buffer_printf(out, "\\%c", (char)c);
		else if (c == '\n')
			buffer_puts(out, "\\n");
		else if (c == '\r')
			buffer_puts(out, "\\r");
		else if (c == '\t')
			buffer_puts(out, "\\t");
		else if (c != UTF8_BAD && !is_printable(c))
			put_number(out, c);
		else
			buffer_append(out, text + from, at - from);
	}
	buffer_putc(out, quote);
}
