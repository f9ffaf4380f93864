#include "platform/utf8.h"

#include <string.h>

#include "platform/arena.h"

/* How a sequence begins: its length and the limits of its second byte. */
struct lead {
	unsigned char first, last, length, low, high;
};

/* The Unicode Standard, table 3-7; but surrogates (ED A0..BF) are let by. */
static const struct lead leads[] = {
	{ 0xc2, 0xdf, 2, 0x80, 0xbf },
	{ 0xe0, 0xe0, 3, 0xa0, 0xbf },
	{ 0xe1, 0xef, 3, 0x80, 0xbf },
	{ 0xf0, 0xf0, 4, 0x90, 0xbf },
	{ 0xf1, 0xf3, 4, 0x80, 0xbf },
	{ 0xf4, 0xf4, 4, 0x80, 0x8f },
};

static const struct lead *
lead_of(unsigned char byte)
{
	size_t i;

	for (i = 0; i < COUNT_OF(leads); i++)
		if (byte >= leads[i].first && byte <= leads[i].last)
			return (&leads[i]);
	return (NULL);
}

uint32_t
utf8_next(const char *text, size_t length, size_t *at)
{
	unsigned char byte = (unsigned char)text[(*at)++];
	unsigned char low, high;
	const struct lead *lead;
	uint32_t c;
	int more;

	if (byte < 0x80)
		return (byte);
	if ((lead = lead_of(byte)) == NULL)
		return (UTF8_BAD);
	c = byte & (0x7fU >> lead->length);
	low = lead->low;
	high = lead->high;
	for (more = lead->length - 1; more > 0; more--) {
		if (*at == length)
			return (UTF8_BAD);
		byte = (unsigned char)text[*at];
		if (byte < low || byte > high)
			return (UTF8_BAD);
		c = c << 6 | (byte & 0x3fU);
		(*at)++;
		low = 0x80;
		high = 0xbf;
	}
	return (c);
}

size_t
utf8_put(char *to, uint32_t c)
{
	size_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	size_t i;

	for (i = length - 1; i > 0; i--) {
		to[i] = (char)(0x80 | (c & 0x3f));
		c >>= 6;
	}
	to[0] = (char)(length == 1 ? c : (0xf00U >> length & 0xf0U) | c);
	return (length);
}

bool
utf8_valid(const char *text, size_t length)
{
	size_t at = 0;

	while (at < length)
		if (utf8_next(text, length, &at) == UTF8_BAD)
			return (false);
	return (true);
}

bool
utf8_has_surrogate(const char *text, size_t length)
{
	const char *end = text + length, *p = text;

	while ((p = memchr(p, 0xed, (size_t)(end - p))) != NULL) {
		if (end - p > 1 && (unsigned char)p[1] >= 0xa0)
			return (true);
		p++;
	}
	return (false);
}

size_t
utf8_count(const char *text, size_t length)
{
	size_t i, count = 0;

	for (i = 0; i < length; i++)
		count += ((unsigned char)text[i] & 0xc0) != 0x80;
	return (count);
}

/* Whether these two bytes do. */
static bool
begins_surrogate(const char *text)
{
	return (
	    (unsigned char)text[0] == 0xed && (unsigned char)text[1] >= 0xa0);
}

char *
utf8_scrub(struct arena *arena, const char *text, size_t length,
    size_t *scrubbed_length)
{
	/* A byte becomes three at worst. */
	char *scrubbed, *to;
	size_t at = 0, from, times;
	uint32_t c;

	if (utf8_valid(text, length) && !utf8_has_surrogate(text, length)) {
		*scrubbed_length = length;
		return (arena_copy(arena, text, length));
	}
	to = scrubbed = arena_alloc(arena, 3 * length + 1);
	while (at < length) {
		from = at;
		c = utf8_next(text, length, &at);
		/* A surrogate's bytes begin nothing, none of them. */
		times = at - from > 1 && begins_surrogate(text + from)
			    ? at - from
			    : 1;
		if (c == UTF8_BAD || utf8_is_surrogate(c))
			c = UTF8_REPLACEMENT;
		while (times-- > 0)
			to += utf8_put(to, c);
	}
	*to = '\0';
	*scrubbed_length = (size_t)(to - scrubbed);
	return (scrubbed);
}

bool
utf8_is_space(uint32_t c)
{
	return ((c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 ||
		c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
		c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
		c == 0x3000);
}

int
utf8_digit(uint32_t c)
{
	/* The zeros, each followed by its nine (Unicode 14). */
	static const uint32_t zeros[] = { 0x0030, 0x0660, 0x06f0, 0x07c0,
		0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6,
		0x0d66, 0x0de6, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0,
		0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40,
		0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0,
		0xff10, 0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0,
		0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0,
		0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0, 0x16b50,
		0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0,
		0x1e950, 0x1fbf0 };
	size_t i;

	for (i = 0; i < COUNT_OF(zeros) && c >= zeros[i]; i++)
		if (c - zeros[i] < 10)
			return ((int)(c - zeros[i]));
	return (-1);
}

static bool
is_trimmed(uint32_t c, const char *also)
{
	return (utf8_is_space(c) ||
		(c != 0 && c < 0x80 && strchr(also, (int)c) != NULL));
}

const char *
utf8_trim(const char *text, size_t *length, const char *also)
{
	size_t at = 0, begin = *length, end = 0, from;

	while (at < *length) {
		from = at;
		if (is_trimmed(utf8_next(text, *length, &at), also))
			continue;
		if (begin == *length)
			begin = from;
		end = at;
	}
	*length = end > begin ? end - begin : 0;
	return (text + begin);
}
