/* links: -Itests/unit src/platform/integer.c src/platform/jsontext.c src/platform/utf8.c src/platform/arena.c */
#include "unit.h"

#include "../../../src/domain/claims.c"

/* Read ${json} for its member "a"; the copy lives until the next call. */
static int
read_a(const char *json, struct claim *a)
{
	static char copy[2048];

	assert_true(strlen(json) < sizeof(copy));
	memcpy(copy, json, strlen(json) + 1);
	a->name = "a";
	return (claims_read(copy, strlen(json), a, 1));
}

static void
members_are_found_by_name(void **state)
{
	char json[] = " { \"x\" : [1, {\"b\":0}] ,\"b\":\"two\",\"a\":-1.5e3,"
		      "\"n\":null, \"t\":true,\"f\":false,\"o\":{} } ";
	static const struct {
		const char *name;
		enum claim_type type;
		const char *data;
	} wanted[] = {
		{ "a", CLAIM_NUMBER, "-1.5e3" },
		{ "b", CLAIM_TEXT, "two" },
		{ "n", CLAIM_NULL, "" },
		{ "t", CLAIM_TRUE, "" },
		{ "f", CLAIM_FALSE, "" },
		{ "o", CLAIM_NESTED, "" },
		{ "x", CLAIM_NESTED, "" },
		{ "not there", CLAIM_ABSENT, "" },
	};
	struct claim claims[COUNT_OF(wanted)];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(wanted); i++)
		claims[i].name = wanted[i].name;
	assert_int_equal(
	    claims_read(json, strlen(json), claims, COUNT_OF(wanted)), 0);
	for (i = 0; i < COUNT_OF(wanted); i++) {
		assert_string_equal(claims[i].name, wanted[i].name);
		assert_int_equal(claims[i].type, wanted[i].type);
		assert_int_equal(claims[i].length, strlen(wanted[i].data));
		assert_memory_equal(
		    claims[i].data, wanted[i].data, claims[i].length);
	}
}

static void
only_one_whole_object_is_read(void **state)
{
	static const struct {
		const char *json;
		int result;
	} cases[] = {
		{ "{}", 0 },
		{ "\t\n\r {} ", 0 },
		{ "{\"a\":0}", 0 },
		{ "{\"a\":[],\"b\":[[],[{}]]}", 0 },
		{ "", -1 },
		{ " ", -1 },
		{ "[]", -1 },
		{ "null", -1 },
		{ "\"a\"", -1 },
		{ "{", -1 },
		{ "}", -1 },
		{ "{}{}", -1 },
		{ "{} x", -1 },
		{ "{,}", -1 },
		{ "{\"a\"}", -1 },
		{ "{\"a\":}", -1 },
		{ "{\"a\":0,}", -1 },
		{ "{\"a\":0 \"b\":0}", -1 },
		{ "{a:0}", -1 },
		{ "{'a':0}", -1 },
		{ "{\"a\":[0,]}", -1 },
		{ "{\"a\":[0}", -1 },
		{ "{\"a\":[0]", -1 },
		{ "{\"a\":nul}", -1 },
		{ "{\"a\":nullx}", -1 },
		{ "{\"a\":True}", -1 },
		{ "{\"a\":NaN}", -1 },
		{ "{\"a\":Infinity}", -1 },
		{ "\xef\xbb\xbf{}", -1 },
		{ "{\"a\":0}\f", -1 },
	};
	struct claim a;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++)
		assert_case(read_a(cases[i].json, &a) == cases[i].result, "%s",
		    cases[i].json);
}

static void
numbers_have_the_grammar_of_json(void **state)
{
	static const char *const good[] = { "0", "-0", "10", "1.0", "0.5",
		"1e5", "1E+5", "1.5e-5", "123456789012345678901234567890" };
	static const char *const bad[] = { "01", "-", "+1", "1.", ".5", "1e",
		"1e+", "0x10", "1_0", "--1", "1.e5", "1 2" };
	char json[100];
	struct claim a;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(good); i++) {
		(void)snprintf(json, sizeof(json), "{\"a\":%s}", good[i]);
		assert_case(read_a(json, &a) == 0, "%s", good[i]);
		assert_int_equal(a.type, CLAIM_NUMBER);
		assert_int_equal(a.length, strlen(good[i]));
	}
	for (i = 0; i < COUNT_OF(bad); i++) {
		(void)snprintf(json, sizeof(json), "{\"a\":%s}", bad[i]);
		assert_case(read_a(json, &a) == -1, "%s", bad[i]);
	}
}

static void
the_last_of_one_name_counts(void **state)
{
	struct claim a;

	(void)state;
	assert_int_equal(read_a("{\"a\":1,\"a\":\"x\"}", &a), 0);
	assert_int_equal(a.type, CLAIM_TEXT);
	assert_int_equal(read_a("{\"a\":1,\"\\u0061\":null}", &a), 0);
	assert_int_equal(a.type, CLAIM_NULL);
	assert_int_equal(read_a("{\"a\":1,\"b\":{\"a\":2}}", &a), 0);
	assert_memory_equal(a.data, "1", 1);
	assert_int_equal(read_a("{\"a\":1,\"a\\u0000\":2}", &a), 0);
	assert_memory_equal(a.data, "1", 1);
}

static void
nesting_has_a_floor(void **state)
{
	char json[2 * CLAIMS_DEPTH_MAX + 100];
	struct claim a;
	int depth, result;

	(void)state;
	for (depth = 1; depth < CLAIMS_DEPTH_MAX + 10; depth++) {
		(void)snprintf(json, sizeof(json), "{\"a\":%.*s%.*s}", depth,
		    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", depth,
		    "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]");
		result = depth <= CLAIMS_DEPTH_MAX ? 0 : -1;
		assert_case(read_a(json, &a) == result, "depth %d", depth);
	}
}

/* Answers of int(), Python 3.11, beyond int64 its ends. */
static void
integers_are_made_as_python_makes_them(void **state)
{
	static const struct {
		const char *json;
		int result;
		int64_t value;
	} cases[] = {
		{ "{\"a\":7}", 0, 7 },
		{ "{\"a\":-0}", 0, 0 },
		{ "{\"a\":7.99}", 0, 7 },
		{ "{\"a\":-7.99}", 0, -7 },
		{ "{\"a\":1.5e3}", 0, 1500 },
		{ "{\"a\":1e-9}", 0, 0 },
		{ "{\"a\":9223372036854775807}", 0, INT64_MAX },
		{ "{\"a\":9223372036854775808}", 0, INT64_MAX },
		{ "{\"a\":-9223372036854775808}", 0, INT64_MIN },
		{ "{\"a\":-9223372036854775809}", 0, INT64_MIN },
		{ "{\"a\":1e18}", 0, INT64_C(1000000000000000000) },
		{ "{\"a\":1e19}", 0, INT64_MAX },
		{ "{\"a\":-1e19}", 0, INT64_MIN },
		{ "{\"a\":1e308}", 0, INT64_MAX },
		{ "{\"a\":1e999}", -1, 0 },
		{ "{\"a\":-1e999}", -1, 0 },
		{ "{\"a\":\"7\"}", 0, 7 },
		{ "{\"a\":\" +1_000 \"}", 0, 1000 },
		{ "{\"a\":\"\\u0663\"}", 0, 3 },
		{ "{\"a\":\"7.0\"}", -1, 0 },
		{ "{\"a\":\"1e3\"}", -1, 0 },
		{ "{\"a\":\"\"}", -1, 0 },
		{ "{\"a\":\"x\"}", -1, 0 },
		{ "{\"a\":\"7\\u0000\"}", -1, 0 },
		{ "{\"a\":true}", 0, 1 },
		{ "{\"a\":false}", 0, 0 },
		{ "{\"a\":null}", -1, 0 },
		{ "{\"a\":[7]}", -1, 0 },
		{ "{\"a\":{}}", -1, 0 },
		{ "{\"b\":7}", -1, 0 },
	};
	int64_t value;
	struct claim a;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(read_a(cases[i].json, &a), 0);
		assert_case(claims_integer(&a, &value) == cases[i].result, "%s",
		    cases[i].json);
		if (cases[i].result == 0)
			assert_int_equal(value, cases[i].value);
	}
}

/* However many digits: a small number is not taken for a large one. */
static void
long_fractions_are_lost_too(void **state)
{
	char json[1024];
	int64_t value;
	struct claim a;

	(void)state;
	(void)snprintf(json, sizeof(json), "{\"a\":0.%0700d}", 1);
	assert_int_equal(read_a(json, &a), 0);
	assert_int_equal(claims_integer(&a, &value), 0);
	assert_int_equal(value, 0);
}

static void
texts_are_utf8(void **state)
{
	struct claim a;

	(void)state;
	assert_int_equal(
	    read_a("{\"a\":\"\xc3\xa9\\u00e9\\ud83d\\ude00\"}", &a), 0);
	assert_string_equal(a.data, "\u00e9\u00e9\U0001f600");
	assert_int_equal(read_a("{\"a\":\"\xe9\"}", &a), -1);
	assert_int_equal(read_a("{\"a\":\"\xed\xa0\x80\"}", &a), -1);
	assert_int_equal(read_a("{\"a\":\"\\ud83d\"}", &a), -1);
	assert_int_equal(read_a("{\"a\":\"\n\"}", &a), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_are_found_by_name),
		cmocka_unit_test(only_one_whole_object_is_read),
		cmocka_unit_test(numbers_have_the_grammar_of_json),
		cmocka_unit_test(the_last_of_one_name_counts),
		cmocka_unit_test(nesting_has_a_floor),
		cmocka_unit_test(integers_are_made_as_python_makes_them),
		cmocka_unit_test(long_fractions_are_lost_too),
		cmocka_unit_test(texts_are_utf8),
	};

	return (RUN(tests));
}
