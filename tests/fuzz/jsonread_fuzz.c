/* links: src/http/jsonread.c src/http/json.c src/http/numbers.c src/platform/arena.c src/platform/buffer.c src/platform/utf8.c -lm */
/*
 * JSON: what is read can be written, and read again as the same; what isn't
 * says where it goes wrong, within the text.
 */
#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "http/jsonread.h"
#include "platform/arena.h"
#include "platform/buffer.h"
#include "platform/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
assert_sound(const struct json *v)
{
	const struct json *child;
	uint32_t n = 0;

	switch (v->type) {
	case JSON_INTEGER:
	case JSON_FLOAT:
		assert(strlen(v->text) == v->length);
		assert(!isnan(json_number(v)));
		break;
	case JSON_STRING:
		assert(v->text[v->length] == '\0');
		assert(utf8_valid(v->text, v->length));
		break;
	case JSON_ARRAY:
	case JSON_OBJECT:
		for (child = v->first; child != NULL; child = child->next) {
			n++;
			assert(
			    (child->name != NULL) == (v->type == JSON_OBJECT));
			if (child->name != NULL &&
			    strlen(child->name) == child->name_length)
				assert(json_member(v, child->name) == child);
			assert_sound(child);
		}
		assert(n == v->length);
		break;
	default:
		break;
	}
}

/* Halves of a surrogate pair, each by itself: written as escapes one behind
 * the other they are one character. */
static bool
has_halves(const char *text, size_t length)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t i;

	for (i = 1; i < length; i++)
		if (p[i - 1] == 0xed && p[i] >= 0xa0)
			return (true);
	return (false);
}

/* Infinite floats are written as null, whose second reading is another. */
static bool
is_lasting(const struct json *v)
{
	const struct json *child;

	if (v->type == JSON_FLOAT)
		return (isfinite(json_number(v)));
	if (v->type == JSON_STRING)
		return (!has_halves(v->text, v->length));
	if (v->type != JSON_ARRAY && v->type != JSON_OBJECT)
		return (true);
	for (child = v->first; child != NULL; child = child->next)
		if (!is_lasting(child) ||
		    (child->name != NULL &&
			has_halves(child->name, child->name_length)))
			return (false);
	return (true);
}

static void
assert_comes_back(struct arena *arena, const struct json *v)
{
	struct jsonread_error error;
	struct buffer once, twice;
	const struct json *again;

	buffer_init(&once, 1 << 24);
	buffer_init(&twice, 1 << 24);
	json_put_value(&once, v, NULL);
	again = jsonread(arena, once.data, once.length, &error);
	assert(again != NULL && again->type == v->type);
	json_put_value(&twice, again, NULL);
	assert(once.length == twice.length);
	assert(memcmp(once.data, twice.data, once.length) == 0);
	buffer_fini(&once);
	buffer_fini(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct jsonread_error error = { 0 };
	struct arena arena;
	const struct json *v;

	arena_init(&arena);
	v = jsonread(&arena, (const char *)data, size, &error);
	if (v != NULL) {
		assert_sound(v);
		if (is_lasting(v))
			assert_comes_back(&arena, v);
	} else if (error.reason != NULL) {
		assert(error.position <= size);
		assert(error.line >= 1 && error.line <= size + 1);
		assert(error.column >= 1 && error.column <= size + 1);
	}
	arena_fini(&arena);
	return (0);
}
