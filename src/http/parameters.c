#include "http/parameters.h"

#include <string.h>
#include <strings.h>

#include "platform/arena.h"

static bool
is_blank(char c)
{
	return (c == ' ' || c == '\t');
}

static struct parameters_text
trim(struct parameters_text text)
{
	while (text.length > 0 && is_blank(text.data[0])) {
		text.data++;
		text.length--;
	}
	while (text.length > 0 && is_blank(text.data[text.length - 1]))
		text.length--;
	return (text);
}

/* Where the piece that begins at ${from} ends: at a semicolon outside quotes.
 * A quote that never closes has no outside behind it. */
static size_t
piece_end(struct parameters_text value, size_t from)
{
	bool inside = false;
	size_t i;

	for (i = from; i < value.length; i++) {
		if (value.data[i] == '"' &&
		    (i == from || value.data[i - 1] != '\\'))
			inside = !inside;
		if (value.data[i] == ';' && !inside)
			break;
	}
	return (i);
}

/* Each ${escaped}, a backslash and this, becomes this alone. */
static size_t
unescape(char *text, size_t length, char escaped)
{
	size_t n = 0, i;

	for (i = 0; i < length; i++) {
		if (text[i] == '\\' && i + 1 < length && text[i + 1] == escaped)
			i++;
		text[n++] = text[i];
	}
	return (n);
}

/* Backslashes first, then quotes: a pair of the former may escape twice. */
static struct parameters_text
unquote(struct arena *arena, struct parameters_text text)
{
	char *copy;

	if (text.length < 2 || text.data[0] != '"' ||
	    text.data[text.length - 1] != '"')
		return (text);
	text.length -= 2;
	copy = arena_copy(arena, text.data + 1, text.length);
	text.data = copy;
	text.length = unescape(copy, text.length, '\\');
	text.length = unescape(copy, text.length, '"');
	return (text);
}

/* One without a value is not worth a look at its letter case. */
static bool
is_named(struct parameters_text key, const char *name, bool has_value)
{
	key = trim(key);
	return (key.length == strlen(name) &&
		(has_value ? strncasecmp(key.data, name, key.length)
			   : strncmp(key.data, name, key.length)) == 0);
}

bool
parameters_find(struct arena *arena, struct parameters_text value,
    const char *name, struct parameters_text *found)
{
	size_t from = piece_end(value, 0) + 1, to;
	bool is_found = false;

	for (; from <= value.length; from = to + 1) {
		const char *piece = value.data + from, *equals;
		struct parameters_text key = { piece, 0 }, text;

		to = piece_end(value, from);
		equals = memchr(piece, '=', to - from);
		key.length =
		    equals == NULL ? to - from : (size_t)(equals - piece);
		if (!is_named(key, name, equals != NULL))
			continue;
		text.data = equals == NULL ? piece : equals + 1;
		text.length = equals == NULL ? 0 : to - from - key.length - 1;
		*found = unquote(arena, trim(text));
		is_found = true;
	}
	return (is_found);
}
