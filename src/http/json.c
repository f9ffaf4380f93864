#include "http/json.h"

#include <stdlib.h>
#include <string.h>

#include "http/numbers.h"
#include "platform/arena.h"
#include "platform/buffer.h"
#include "platform/utf8.h"

struct json *
json_text(struct arena *arena, const char *text, size_t length)
{
	struct json *v = arena_zalloc(arena, sizeof(*v));

	v->type = JSON_STRING;
	v->text = text;
	v->length = (uint32_t)length;
	return (v);
}

static bool
is_named(const struct json *member, const char *name)
{
	return (member->name != NULL && member->name_length == strlen(name) &&
		memcmp(member->name, name, member->name_length) == 0);
}

const struct json *
json_member(const struct json *object, const char *name)
{
	const struct json *v;

	for (v = object->first; v != NULL; v = v->next)
		if (is_named(v, name))
			return (v);
	return (NULL);
}

double
json_number(const struct json *v)
{
	return (strtod(v->text, NULL));
}

/* ---- strings ---------------------------------------------------------- */

/* What a byte of a string needs: 0 nothing, 'u' an escape by number, 'd' a
 * look at the next byte (it may begin a surrogate), else its letter. */
static const char escapes[256] = {
	/* clang-format off */
	'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u',
	'b', 't', 'n', 'u', 'f', 'r', 'u', 'u',
	'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u',
	'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u',
	['"'] = '"', ['\\'] = '\\', [0xed] = 'd'
	/* clang-format on */
};

static void
put_unit(struct buffer *b, uint32_t unit)
{
	static const char hex[] = "0123456789abcdef";
	const char text[6] = { '\\', 'u', hex[unit >> 12 & 15],
		hex[unit >> 8 & 15], hex[unit >> 4 & 15], hex[unit & 15] };

	buffer_append(b, text, sizeof(text));
}

/* The byte at ${at} wants an escape; returns how many bytes that covers. */
static size_t
put_escape(struct buffer *b, const char *text, size_t length, size_t at)
{
	unsigned char byte = (unsigned char)text[at];
	size_t next = at;
	uint32_t c;

	switch (escapes[byte]) {
	case 'u':
		put_unit(b, byte);
		return (1);
	case 'd':
		c = utf8_next(text, length, &next);
		if (utf8_is_surrogate(c))
			put_unit(b, c);
		else
			buffer_append(b, text + at, next - at);
		return (next - at);
	default:
		buffer_putc(b, '\\');
		buffer_putc(b, escapes[byte]);
		return (1);
	}
}

void
json_put_string(struct buffer *b, const char *text, size_t length)
{
	size_t at = 0, plain = 0;

	buffer_putc(b, '"');
	while (at < length) {
		if (escapes[(unsigned char)text[at]] == 0) {
			at++;
			continue;
		}
		buffer_append(b, text + plain, at - plain);
		at += put_escape(b, text, length, at);
		plain = at;
	}
	buffer_append(b, text + plain, at - plain);
	buffer_putc(b, '"');
}

static void
put_ascii(struct buffer *b, uint32_t c)
{
	if (c >= 0x10000) {
		put_unit(b, 0xd800 + ((c - 0x10000) >> 10));
		c = 0xdc00 + ((c - 0x10000) & 0x3ff);
	}
	put_unit(b, c == UTF8_BAD ? UTF8_REPLACEMENT : c);
}

void
json_put_string_ascii(struct buffer *b, const char *text, size_t length)
{
	size_t at = 0;

	buffer_putc(b, '"');
	while (at < length) {
		if ((text[at] & 0x80) != 0)
			put_ascii(b, utf8_next(text, length, &at));
		else if (escapes[(unsigned char)text[at]] != 0)
			at += put_escape(b, text, length, at);
		else
			buffer_putc(b, text[at++]);
	}
	buffer_putc(b, '"');
}

/* ---- values ----------------------------------------------------------- */

static bool
is_secret(const struct json *member, const char *const *secrets)
{
	if (secrets != NULL && member->name != NULL)
		for (; *secrets != NULL; secrets++)
			if (is_named(member, *secrets))
				return (true);
	return (false);
}

static void
put_children(
    struct buffer *b, const struct json *parent, const char *const *secrets)
{
	bool named = parent->type == JSON_OBJECT;
	const struct json *v;

	buffer_putc(b, named ? '{' : '[');
	for (v = parent->first; v != NULL; v = v->next) {
		if (v != parent->first)
			buffer_putc(b, ',');
		if (named) {
			json_put_string(b, v->name, v->name_length);
			buffer_putc(b, ':');
		}
		if (is_secret(v, secrets))
			buffer_puts(b, "\"***\"");
		else
			json_put_value(b, v, secrets);
	}
	buffer_putc(b, named ? '}' : ']');
}

static void
put_number(struct buffer *b, const struct json *v)
{
	double number = json_number(v);

	if (v->type == JSON_FLOAT && !__builtin_isinf(number))
		numbers_put_float_python(b, number);
	else if (strcmp(v->text, "-0") == 0)
		buffer_putc(b, '0');
	else /* an infinite one has no spelling but its own */
		buffer_append(b, v->text, v->length);
}

void
json_put_value(
    struct buffer *b, const struct json *v, const char *const *secrets)
{
	switch (v->type) {
	case JSON_NULL:
		buffer_puts(b, "null");
		break;
	case JSON_FALSE:
		buffer_puts(b, "false");
		break;
	case JSON_TRUE:
		buffer_puts(b, "true");
		break;
	case JSON_INTEGER:
	case JSON_FLOAT:
		put_number(b, v);
		break;
	case JSON_STRING:
		json_put_string(b, v->text, v->length);
		break;
	case JSON_ARRAY:
	case JSON_OBJECT:
		put_children(b, v, secrets);
		break;
	}
}
