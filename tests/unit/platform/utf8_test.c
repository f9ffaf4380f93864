/* links: -Itests/unit src/platform/arena.c */
#include "unit.h"

#include "../../../src/platform/utf8.c"

static void
every_code_point_goes_there_and_back(void **state)
{
	char text[UTF8_BYTES_MAX];
	uint32_t c;

	(void)state;
	for (c = 0; c <= 0x10ffff; c++) {
		size_t at = 0, n = utf8_put(text, c);

		assert_case(utf8_next(text, n, &at) == c && at == n, "U+%04X",
		    (unsigned)c);
		assert_case(utf8_has_surrogate(text, n) == utf8_is_surrogate(c),
		    "U+%04X", (unsigned)c);
		/* and not from less */
		for (at = 0; n > 1 && at == 0 && --n > 0; at = 0)
			assert_int_equal(utf8_next(text, n, &at), UTF8_BAD);
	}
}

/* The Unicode Standard, 3.9, table 3-8 and those after it. */
static void
what_is_bad_is_replaced_by_maximal_subparts(void **state)
{
	static const struct {
		const char *text, *scrubbed;
	} cases[] = {
		{ "abc é", "abc é" },
		{ "\xc0\xaf\xe0\x80\xbf\xf0\x81\x82\x41",
		    "\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffdA" },
		{ "\xed\xa0\x80\xed\xbf\xbf\xed\xaf\x41",
		    "\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffdA" },
		{ "\xf4\x91\x92\x93\xff\x41\x80\xbf\x42",
		    "\ufffd\ufffd\ufffd\ufffd\ufffdA\ufffd\ufffdB" },
		{ "\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41",
		    "\ufffd\ufffd\ufffd\ufffdA" },
		{ "\xf0\x9f\x98", "\ufffd" },
	};
	struct arena arena;
	size_t i, n;

	(void)state;
	arena_init(&arena);
	for (i = 0; i < COUNT_OF(cases); i++) {
		const char *scrubbed = utf8_scrub(
		    &arena, cases[i].text, strlen(cases[i].text), &n);

		assert_case(strcmp(scrubbed, cases[i].scrubbed) == 0, "%zu: %s",
		    i, scrubbed);
		assert_int_equal(n, strlen(scrubbed));
	}
	arena_fini(&arena);
}

static void
validity_and_counts(void **state)
{
	(void)state;
	assert_true(utf8_valid("", 0));
	assert_true(utf8_valid("a\0é", 4));
	assert_true(utf8_valid("\xed\xa0\x80", 3));
	assert_false(utf8_valid("\xc3", 1));
	assert_false(utf8_valid("\x80", 1));
	assert_false(utf8_valid("\xf8\x88\x80\x80\x80", 5));
	assert_int_equal(utf8_count("aé€😀", 10), 4);
	assert_int_equal(utf8_count("", 0), 0);
	assert_false(utf8_has_surrogate("\xed\x9f\xbf", 3));
	assert_false(utf8_has_surrogate("\xed", 1));
}

static void
blanks_are_trimmed(void **state)
{
	static const struct {
		const char *text, *also, *left;
	} cases[] = {
		{ "", "", "" },
		{ " \t\u00a0\u1680\u2028\u3000 ", "", "" },
		{ " a b ", "", "a b" },
		{ "\u200ba", "", "\u200ba" }, /* no White_Space */
		{ "\"a\" ", "\"", "a" },
		{ " é ", "", "é" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		size_t n = strlen(cases[i].text);
		const char *left = utf8_trim(cases[i].text, &n, cases[i].also);

		assert_case(n == strlen(cases[i].left) &&
				memcmp(left, cases[i].left, n) == 0,
		    "%s", cases[i].text);
	}
}

static void
digits_have_values_in_every_script(void **state)
{
	static const struct {
		uint32_t c;
		int value;
	} cases[] = {
		{ '0', 0 },
		{ '9', 9 },
		{ '/', -1 },
		{ ':', -1 },
		{ 0x660, 0 },
		{ 0x669, 9 },
		{ 0x66a, -1 },
		{ 0x1d7ce, 0 },
		{ 0x1d7ff, 9 },
		{ 0x1fbf9, 9 },
		{ 0xb2, -1 },   /* superscript two */
		{ 0x4e00, -1 }, /* Han one */
		{ UTF8_BAD, -1 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++)
		assert_case(utf8_digit(cases[i].c) == cases[i].value, "U+%04X",
		    (unsigned)cases[i].c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_point_goes_there_and_back),
		cmocka_unit_test(what_is_bad_is_replaced_by_maximal_subparts),
		cmocka_unit_test(validity_and_counts),
		cmocka_unit_test(blanks_are_trimmed),
		cmocka_unit_test(digits_have_values_in_every_script),
	};

	return (RUN(tests));
}
