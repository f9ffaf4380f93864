#include "http/query.h"

#include <string.h>

#include "platform/arena.h"
#include "platform/hex.h"
#include "platform/utf8.h"

/* Worst case: each byte becomes U+FFFD, or U+0080..U+00FF. */
#define GROWTH 3

/* Bytes of a run of ASCII, escapes decoded; what isn't UTF-8 is replaced. */
static size_t
put_run(struct arena *arena, char *out, const char *run, size_t length)
{
	size_t scrubbed_length;
	const char *scrubbed = utf8_scrub(arena, run, length, &scrubbed_length);

	memcpy(out, scrubbed, scrubbed_length);
	return (scrubbed_length);
}

/* The byte of the escape at ${at}, or -1 if none stands there. */
static int
escape_at(const char *text, size_t length, size_t at)
{
	return (
	    text[at] == '%' && at + 2 < length ? hex_byte(text + at + 1) : -1);
}

char *
query_decode(struct arena *arena, const char *text, size_t length,
    size_t *decoded_length)
{
	char *out = arena_alloc(arena, length * GROWTH + 1);
	char *run = arena_alloc(arena, length + 1);
	size_t n = 0, nrun = 0, i;

	for (i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		int byte = escape_at(text, length, i);

		if (c >= 0x80) { /* ISO 8859-1, and the end of a run */
			n += put_run(arena, out + n, run, nrun);
			nrun = 0;
			n += utf8_put(out + n, c);
		} else if (byte != -1) {
			run[nrun++] = (char)byte;
			i += 2;
		} else if (c == '+') {
			run[nrun++] = ' ';
		} else {
			run[nrun++] = text[i];
		}
	}
	n += put_run(arena, out + n, run, nrun);
	out[n] = '\0';
	*decoded_length = n;
	return (out);
}

bool
query_next(struct arena *arena, const char *text, size_t length, size_t *at,
    struct query_pair *pair)
{
	const char *start, *end, *equals;

	while (*at < length && text[*at] == '&')
		(*at)++;
	if (*at >= length)
		return (false);
	start = text + *at;
	end = memchr(start, '&', length - *at);
	if (end == NULL)
		end = text + length;
	*at = (size_t)(end - text);
	equals = memchr(start, '=', (size_t)(end - start));
	pair->name = query_decode(arena, start,
	    (size_t)((equals == NULL ? end : equals) - start),
	    &pair->name_length);
	pair->value = equals == NULL ? ""
				     : query_decode(arena, equals + 1,
					   (size_t)(end - equals - 1),
					   &pair->value_length);
	if (equals == NULL)
		pair->value_length = 0;
	return (true);
}

bool
query_find(struct arena *arena, const char *text, const char *name,
    struct query_pair *pair)
{
	size_t at = 0, length = strlen(text);
	struct query_pair next;
	bool found = false;

	while (query_next(arena, text, length, &at, &next)) {
		if (strlen(name) != next.name_length ||
		    memcmp(name, next.name, next.name_length) != 0)
			continue;
		*pair = next;
		found = true;
	}
	return (found);
}
