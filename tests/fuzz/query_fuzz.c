/* links: src/http/query.c src/platform/arena.c src/platform/utf8.c */
/*
 * Queries and urlencoded bodies: whatever comes, pairs are UTF-8, and what is
 * decoded can be encoded and decoded again.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "http/query.h"
#include "platform/arena.h"
#include "platform/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
assert_text(const char *text, size_t length)
{
	assert(text[length] == '\0');
	assert(utf8_valid(text, length));
	assert(!utf8_has_surrogate(text, length));
}

/* Every byte as %XX. */
static char *
escape(struct arena *arena, const char *text, size_t length)
{
	static const char hex[] = "0123456789abcdef";
	char *escaped = arena_alloc(arena, 3 * length + 1), *to = escaped;
	size_t i;

	for (i = 0; i < length; i++) {
		*to++ = '%';
		*to++ = hex[(unsigned char)text[i] >> 4];
		*to++ = hex[(unsigned char)text[i] & 15];
	}
	*to = '\0';
	return (escaped);
}

static void
assert_comes_back(struct arena *arena, const char *text, size_t length)
{
	size_t again_length;
	const char *again = query_decode(
	    arena, escape(arena, text, length), 3 * length, &again_length);

	assert(again_length == length && memcmp(again, text, length) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct query_pair pair, last = { 0 }, found;
	size_t at = 0, before = 0;
	struct arena arena;
	const char *text;

	arena_init(&arena);
	text = arena_copy(&arena, (const char *)data, size);
	size = strlen(text);
	while (query_next(&arena, text, size, &at, &pair)) {
		assert(at > before && at <= size);
		before = at;
		assert_text(pair.name, pair.name_length);
		assert_text(pair.value, pair.value_length);
		assert_comes_back(&arena, pair.name, pair.name_length);
		assert_comes_back(&arena, pair.value, pair.value_length);
		last = pair;
	}
	if (last.name != NULL && strlen(last.name) == last.name_length) {
		assert(query_find(&arena, text, last.name, &found));
		assert(found.value_length == last.value_length);
		assert(memcmp(found.value, last.value, last.value_length) == 0);
	}
	arena_fini(&arena);
	return (0);
}
