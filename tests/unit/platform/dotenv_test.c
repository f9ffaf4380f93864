/* links: -Itests/unit src/platform/arena.c */
#include "unit.h"

#include <unistd.h>

#include "../../../src/platform/dotenv.c"

static void
values_are_read(void **state)
{
	static const struct {
		const char *text, *value; /* of A */
	} cases[] = {
		{ "", NULL },
		{ "A", NULL },
		{ "A=", "" },
		{ "A=1", "1" },
		{ "  A = 1 2  ", "1 2" },
		{ "A=1\r\n", "1" },
		{ "export A=1", "1" },
		{ "export\tA=1", "1" },
		{ "exportA=1", NULL },
		{ "#A=1", NULL },
		{ "  # A=1", NULL },
		{ "A=1 # c", "1" },
		{ "A=1#c", "1#c" },
		{ "A=#c", "" },
		{ "A='1 # c' x", "1 # c" },
		{ "A=\"a\\tb\\\"c\\q\"", "a\tb\"c\\q" },
		{ "A='a\\tb\\'c'", "a\\tb'c" },
		{ "A=\"a\nb\"\nB=2", "a\nb" },
		{ "A='a'\nA=b", "b" },
		{ "A=b\nA='a'", "a" },
		{ "B='A=1'", NULL },
		{ "A=a'b", "a'b" },
		{ "=1\nA=2", "2" },
		{ "x y\nA=2", "2" },
		{ "A=$B", "$B" },
		{ "A==", "=" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *value;
		struct dotenv file;
		struct arena arena;

		arena_init(&arena);
		assert_case(dotenv_parse(&file, &arena,
				arena_strdup(&arena, cases[i].text)) == 0,
		    "%s", cases[i].text);
		value = dotenv_get(&file, "A");
		assert_case((value == NULL) == (cases[i].value == NULL), "%s",
		    cases[i].text);
		if (value != NULL)
			assert_string_equal(value, cases[i].value);
		arena_fini(&arena);
	}
}

static void
an_open_quote_is_an_error(void **state)
{
	static const char *const texts[] = { "A='", "A=\"a\nB=2\n", "A='a\\'",
		"A=\"\\\"" };
	struct dotenv file;
	struct arena arena;
	size_t i;

	(void)state;
	arena_init(&arena);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_case(dotenv_parse(&file, &arena,
				arena_strdup(&arena, texts[i])) == -1,
		    "%s", texts[i]);
	arena_fini(&arena);
}

static void
files_are_read_up_to_their_limit(void **state)
{
	char path[] = "/tmp/dotenv_test.XXXXXX";
	int fd = mkstemp(path), i;
	struct dotenv file;
	struct arena arena;

	(void)state;
	assert_true(fd != -1);
	assert_int_equal(write(fd, "A=1\n", 4), 4);
	arena_init(&arena);
	assert_int_equal(dotenv_load(&file, &arena, path), 0);
	assert_string_equal(dotenv_get(&file, "A"), "1");
	for (i = 0; i < FILE_BYTES_MAX / 4; i++)
		assert_int_equal(write(fd, "#...", 4), 4);
	assert_int_equal(dotenv_load(&file, &arena, path), -1);
	assert_int_equal(close(fd), 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(dotenv_load(&file, &arena, path), 0);
	assert_null(dotenv_get(&file, "A"));
	assert_int_equal(dotenv_load(&file, &arena, "/"), -1);
	arena_fini(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_read),
		cmocka_unit_test(an_open_quote_is_an_error),
		cmocka_unit_test(files_are_read_up_to_their_limit),
	};

	return (RUN(tests));
}
