/* links: -Itests/unit src/http/jsonread.c src/http/numbers.c src/platform/arena.c src/platform/buffer.c src/platform/utf8.c -lm */
#include "unit.h"

#include "arena.h"

#include <math.h>

#include "../../../src/http/json.c"
#include "http/jsonread.h"

static struct json *
read_text(struct arena *arena, const char *text)
{
	struct jsonread_error error;
	struct json *v = jsonread(arena, text, strlen(text), &error);

	assert_non_null(v);
	return (v);
}

static void
strings_are_escaped_where_they_must_be(void **state)
{
	static const struct {
		const char *text;
		size_t length;
		const char *utf8, *ascii;
	} cases[] = {
		{ "", 0, "\"\"", "\"\"" },
		{ "a/b", 3, "\"a/b\"", "\"a/b\"" },
		{ "\"\\", 2, "\"\\\"\\\\\"", "\"\\\"\\\\\"" },
		{ "\b\f\n\r\t", 5, "\"\\b\\f\\n\\r\\t\"",
		    "\"\\b\\f\\n\\r\\t\"" },
		{ "\0\x1f", 2, "\"\\u0000\\u001f\"", "\"\\u0000\\u001f\"" },
		{ "\x7f", 1, "\"\x7f\"", "\"\x7f\"" },
		{ "é€😀", 9, "\"é€😀\"", "\"\\u00e9\\u20ac\\ud83d\\ude00\"" },
		{ "\xed\xa0\xbd.", 4, "\"\\ud83d.\"", "\"\\ud83d.\"" },
		{ "\xed\x9f\xbf", 3, "\"\xed\x9f\xbf\"", "\"\\ud7ff\"" },
	};
	struct buffer b;
	size_t i;

	(void)state;
	buffer_init(&b, 1024);
	for (i = 0; i < COUNT_OF(cases); i++) {
		buffer_reset(&b);
		json_put_string(&b, cases[i].text, cases[i].length);
		assert_string_equal(buffer_text(&b), cases[i].utf8);
		buffer_reset(&b);
		json_put_string_ascii(&b, cases[i].text, cases[i].length);
		assert_string_equal(buffer_text(&b), cases[i].ascii);
	}
	buffer_fini(&b);
}

static void
members_are_found_by_their_names(void **state)
{
	const struct json *v =
	    read_text(*state, "{\"a\":1,\"ab\":2,\"\":3,\"a\\u0000b\":4}");

	assert_string_equal(json_member(v, "a")->text, "1");
	assert_string_equal(json_member(v, "ab")->text, "2");
	assert_string_equal(json_member(v, "")->text, "3");
	assert_null(json_member(v, "b"));
	assert_null(json_member(v, "A"));
}

static void
secrets_are_hidden_at_any_depth(void **state)
{
	static const char *const secrets[] = { "password", "token", NULL };
	const struct json *v = read_text(*state,
	    "{\"password\":[1,{\"a\":2}],\"a\":[{\"token\":null,"
	    "\"passwords\":1}],\"b\":\"password\"}");
	struct buffer b;

	buffer_init(&b, 1024);
	json_put_value(&b, v, secrets);
	assert_string_equal(buffer_text(&b),
	    "{\"password\":\"***\",\"a\":[{\"token\":\"***\","
	    "\"passwords\":1}],\"b\":\"password\"}");
	buffer_fini(&b);
}

static void
numbers_are_the_nearest_doubles(void **state)
{
	assert_true(json_number(read_text(*state, "9007199254740993")) ==
		    9007199254740992.0);
	assert_true(json_number(read_text(*state, "-1.5e1")) == -15.0);
	assert_true(isinf(json_number(read_text(*state, "1e400"))));
	assert_true(json_number(read_text(*state, "1e-400")) == 0.0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strings_are_escaped_where_they_must_be),
		cmocka_unit_test_setup_teardown(
		    members_are_found_by_their_names, arena_start,
		    arena_finish),
		cmocka_unit_test_setup_teardown(
		    secrets_are_hidden_at_any_depth, arena_start, arena_finish),
		cmocka_unit_test_setup_teardown(
		    numbers_are_the_nearest_doubles, arena_start, arena_finish),
	};

	return (RUN(tests));
}
