/* links: -Itests/unit src/http/jsonread.c src/http/json.c src/http/numbers.c src/platform/arena.c src/platform/buffer.c src/platform/utf8.c -lm */
#include "unit.h"

#include "arena.h"

#include "http/jsonread.h"
#include "platform/buffer.h"

static void
assert_reads(
    struct arena *arena, const char *body, size_t length, const char *written)
{
	struct jsonread_error error = { 0 };
	const struct json *v = jsonread(arena, body, length, &error);
	struct buffer b;

	assert_case(v != NULL, "%s: %s", written,
	    error.reason == NULL ? "unusable" : error.reason);
	buffer_init(&b, 65536);
	json_put_value(&b, v, NULL);
	assert_string_equal(buffer_text(&b), written);
	buffer_fini(&b);
}

static void
values_are_read(void **state)
{
	static const struct {
		const char *text, *written;
	} cases[] = {
		{ "null", "null" },
		{ " \t\r\ntrue\n", "true" },
		{ "false", "false" },
		{ "0", "0" },
		{ "-0", "0" },
		{ "123456789012345678901234567890",
		    "123456789012345678901234567890" },
		{ "-0.0", "-0.0" },
		{ "1.50", "1.5" },
		{ "1E3", "1000.0" },
		{ "1e400", "1e400" },
		{ "\"\"", "\"\"" },
		{ "\"a\\u00e9\\n\\/\"", "\"aé\\n/\"" },
		{ "\"\\ud83d\\ude00\"", "\"😀\"" },
		{ "\"\\ud83d\"", "\"\\ud83d\"" },
		{ "\"\\udE00\\uD83D\"", "\"\\ude00\\ud83d\"" },
		{ "\"\\u0000\"", "\"\\u0000\"" },
		{ "\"\x7f\"", "\"\x7f\"" },
		{ "[ ]", "[]" },
		{ "{ }", "{}" },
		{ "[1 , [2,{}]]", "[1,[2,{}]]" },
		{ "{\"a\" : 1,\"b\":2}", "{\"a\":1,\"b\":2}" },
		/* the last of a name wins, in the place of the first */
		{ "{\"a\":1,\"b\":2,\"a\":3}", "{\"a\":3,\"b\":2}" },
		{ "{\"\":1,\"\\u0000\":2,\"\":3}", "{\"\":3,\"\\u0000\":2}" },
	};
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++)
		assert_reads(*state, cases[i].text, strlen(cases[i].text),
		    cases[i].written);
}

static void
encodings_are_told_apart(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
		const char *written;
	} cases[] = {
		{ "\xef\xbb\xbf[]", 5, "[]" },
		{ "[\0]\0", 4, "[]" },
		{ "\0[\0]", 4, "[]" },
		{ "\xff\xfe[\0]\0", 6, "[]" },
		{ "\xfe\xff\0[\0]", 6, "[]" },
		{ "[\0\0\0]\0\0\0", 8, "[]" },
		{ "\0\0\0[\0\0\0]", 8, "[]" },
		{ "\xff\xfe\0\0[\0\0\0]\0\0\0", 12, "[]" },
		{ "1\0", 2, "1" },
		{ "\"\0\x3d\xd8\0\xde\"\0", 8, "\"😀\"" },
	};
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++)
		assert_reads(
		    *state, cases[i].bytes, cases[i].length, cases[i].written);
}

/* Python's json.JSONDecodeError says the same. */
static void
what_is_wrong_is_said_and_where(void **state)
{
	static const struct {
		const char *text, *reason;
		size_t position, line, column;
	} cases[] = {
		{ "", "Expecting value", 0, 1, 1 },
		{ "  ", "Expecting value", 2, 1, 3 },
		{ "nul", "Expecting value", 0, 1, 1 },
		{ "NaN", "Expecting value", 0, 1, 1 },
		{ "-", "Expecting value", 0, 1, 1 },
		{ "01", "Extra data", 1, 1, 2 },
		{ "1.", "Extra data", 1, 1, 2 },
		{ "1e", "Extra data", 1, 1, 2 },
		{ "[]\n\n x", "Extra data", 5, 3, 2 },
		{ "[1,]", "Expecting value", 3, 1, 4 },
		{ "[1 2]", "Expecting ',' delimiter", 3, 1, 4 },
		{ "[", "Expecting value", 1, 1, 2 },
		{ "{", "Expecting property name enclosed in double quotes", 1,
		    1, 2 },
		{ "{\"a\"}", "Expecting ':' delimiter", 4, 1, 5 },
		{ "{\"a\":1 \"b\"}", "Expecting ',' delimiter", 7, 1, 8 },
		{ "\"é", "Unterminated string starting at", 0, 1, 1 },
		{ "[\"éé\", x]", "Expecting value", 7, 1, 8 },
		{ "\"a\nb\"", "Invalid control character at", 2, 1, 3 },
		{ "\"\\x\"", "Invalid \\escape", 1, 1, 2 },
		{ "\"\\u12g4\"", "Invalid \\uXXXX escape", 2, 1, 3 },
	};
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++) {
		struct jsonread_error e = { 0 };

		assert_case(jsonread(*state, cases[i].text,
				strlen(cases[i].text), &e) == NULL,
		    "%s", cases[i].text);
		assert_case(
		    e.reason != NULL && strcmp(e.reason, cases[i].reason) == 0,
		    "%s: %s", cases[i].text,
		    e.reason == NULL ? "unusable" : e.reason);
		assert_case(e.position == cases[i].position &&
				e.line == cases[i].line &&
				e.column == cases[i].column,
		    "%s: %zu, %zu, %zu", cases[i].text, e.position, e.line,
		    e.column);
	}
}

/* ${depth} brackets and what closes them. */
static char *
nest(struct arena *arena, size_t depth)
{
	char *text = arena_alloc(arena, 2 * depth + 1);

	memset(text, '[', depth);
	memset(text + depth, ']', depth);
	text[2 * depth] = '\0';
	return (text);
}

static void
some_bodies_are_unusable(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
	} cases[] = {
		{ "\"\xff\"", 3 },
		{ "\"\xc0\x80\"", 4 },
		{ "\"\xf4\x90\x80\x80\"", 6 },
		{ "[\0]", 3 },
		{ "\0\0\0[\0\0\0", 7 },
		{ "\0\x11\0\0", 4 },
	};
	struct jsonread_error e;
	char *text;
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++) {
		e.reason = "";
		assert_null(
		    jsonread(*state, cases[i].bytes, cases[i].length, &e));
	}
	text = nest(*state, JSONREAD_DEPTH_MAX);
	assert_non_null(jsonread(*state, text, strlen(text), &e));
	text = nest(*state, JSONREAD_DEPTH_MAX + 1);
	assert_null(jsonread(*state, text, strlen(text), &e));
	assert_null(e.reason);
	text = arena_alloc(*state, JSONREAD_DIGITS_MAX + 2);
	memset(text, '1', JSONREAD_DIGITS_MAX + 1);
	assert_non_null(jsonread(*state, text, JSONREAD_DIGITS_MAX, &e));
	assert_null(jsonread(*state, text, JSONREAD_DIGITS_MAX + 1, &e));
	assert_null(e.reason);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    values_are_read, arena_start, arena_finish),
		cmocka_unit_test_setup_teardown(
		    encodings_are_told_apart, arena_start, arena_finish),
		cmocka_unit_test_setup_teardown(
		    what_is_wrong_is_said_and_where, arena_start, arena_finish),
		cmocka_unit_test_setup_teardown(
		    some_bodies_are_unusable, arena_start, arena_finish),
	};

	return (RUN(tests));
}
