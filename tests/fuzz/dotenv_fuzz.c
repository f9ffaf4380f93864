/* links: src/platform/dotenv.c src/platform/arena.c */
/*
 * .env files: names and values lie within the text, and what is written in the
 * plainest way is found again.
 */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "platform/arena.h"
#include "platform/dotenv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever stands before it, unless a quote is left open. */
static void
assert_last_wins(struct arena *arena, const char *text)
{
	char *more = arena_printf(arena, "%s\nFUZZ=\"a\\n'b'\"\n", text);
	struct dotenv file = { 0 };
	const char *value;

	if (dotenv_parse(&file, arena, more) == -1)
		return;
	value = dotenv_get(&file, "FUZZ");
	assert(value == NULL || strlen(value) <= strlen(text) + 8);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dotenv file = { 0 };
	struct arena arena;
	char *text;
	size_t length;

	arena_init(&arena);
	text = arena_copy(&arena, (const char *)data, size);
	length = strlen(text);
	if (dotenv_parse(&file, &arena, arena_strdup(&arena, text)) == 0) {
		const char *value = dotenv_get(&file, "A");

		assert(value == NULL || strlen(value) < length);
		assert_last_wins(&arena, text);
		/* A comment says nothing. */
		text = arena_printf(&arena, "# A=1\n%s", text);
		assert(dotenv_parse(&file, &arena, text) == 0);
		assert((dotenv_get(&file, "A") == NULL) == (value == NULL));
	}
	arena_fini(&arena);
	return (0);
}
