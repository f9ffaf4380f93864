/* links: -Itests/unit src/platform/arena.c src/platform/utf8.c */
#include "unit.h"

#include "../../../src/http/query.c"

/* What pairs are in a query, as "name=value|". */
static const struct {
	const char *query, *pairs;
} examples[] = {
	{ "", "" },
	{ "a=b", "a=b|" },
	{ "a", "a=|" },
	{ "a=", "a=|" },
	{ "=b", "=b|" },
	{ "=", "=|" },
	{ "a=b&c=d", "a=b|c=d|" },
	{ "&&a=b&&&c=d&", "a=b|c=d|" },
	{ "a=b;c=d", "a=b;c=d|" },
	{ "a=b=c", "a=b=c|" },
	{ "a+b=c+d", "a b=c d|" },
	{ "%61%26=%3D%2B", "a&==+|" },
	{ "a=%", "a=%|" },
	{ "a=%4", "a=%4|" },
	{ "a=%zz", "a=%zz|" },
	{ "a=%%41", "a=%A|" },
	{ "a=%u0041", "a=%u0041|" },
	{ "a=%c3%A9", "a=\u00e9|" },
	{ "a=%C3", "a=\ufffd|" },
	{ "a=%e2%82x", "a=\ufffdx|" },
	{ "a=%ED%A0%80", "a=\ufffd\ufffd\ufffd|" },
	{ "a=%f0%9f%98%80", "a=\U0001f600|" },
	/* raw bytes are ISO 8859-1, and end what escapes began */
	{ "a=\xc3\xa9", "a=\u00c3\u00a9|" },
	{ "a=%C3\xa9", "a=\ufffd\u00a9|" },
	{ "a=\xff", "a=\u00ff|" },
};

static void
pairs_are_split_and_decoded(void **state)
{
	struct arena arena;
	struct query_pair pair;
	char pairs[256];
	size_t i, at;

	(void)state;
	arena_init(&arena);
	for (i = 0; i < COUNT_OF(examples); i++) {
		pairs[0] = '\0';
		for (at = 0; query_next(&arena, examples[i].query,
			 strlen(examples[i].query), &at, &pair);) {
			assert_int_equal(strlen(pair.name), pair.name_length);
			assert_int_equal(strlen(pair.value), pair.value_length);
			(void)snprintf(pairs + strlen(pairs),
			    sizeof(pairs) - strlen(pairs), "%s=%s|", pair.name,
			    pair.value);
		}
		assert_case(strcmp(pairs, examples[i].pairs) == 0, "%s is %s",
		    examples[i].query, pairs);
	}
	arena_fini(&arena);
}

static void
nul_is_a_character_like_others(void **state)
{
	struct arena arena;
	struct query_pair pair;

	(void)state;
	arena_init(&arena);
	assert_true(query_find(&arena, "a=b%00c", "a", &pair));
	assert_int_equal(pair.value_length, 3);
	assert_memory_equal(pair.value, "b\0c", 4);
	assert_false(query_find(&arena, "a%00=b", "a", &pair));
	arena_fini(&arena);
}

static void
the_last_of_a_name_counts(void **state)
{
	struct arena arena;
	struct query_pair pair;

	(void)state;
	arena_init(&arena);
	assert_true(query_find(&arena, "a=1&b=2&%61=3&A=4&ab=5", "a", &pair));
	assert_string_equal(pair.value, "3");
	assert_false(query_find(&arena, "A=4&ab=5&x=a", "a", &pair));
	assert_false(query_find(&arena, "", "a", &pair));
	arena_fini(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_are_split_and_decoded),
		cmocka_unit_test(nul_is_a_character_like_others),
		cmocka_unit_test(the_last_of_a_name_counts),
	};

	return (RUN(tests));
}
