/* links: -Itests/unit src/platform/utf8.c src/platform/arena.c */
#include "unit.h"

#include "../../../src/platform/integer.c"

/* As Python's int() has it. */
static void
integers_are_read(void **state)
{
	static const struct {
		const char *text;
		int64_t value;
	} cases[] = {
		{ "0", 0 },
		{ "-0", 0 },
		{ "+7", 7 },
		{ "007", 7 },
		{ " \t\n12\r\f\v", 12 },
		{ "\u00a0\u200312\u3000", 12 },
		{ "1_000_000", 1000000 },
		{ "-1_2", -12 },
		{ "٣٤", 34 },
		{ "１２", 12 },
		{ "𝟗", 9 },
		{ "9223372036854775807", INT64_MAX },
		{ "-9223372036854775808", INT64_MIN },
		{ "9223372036854775808", INT64_MAX },
		{ "-99999999999999999999", INT64_MIN },
	};
	int64_t value;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_case(integer_read(cases[i].text, strlen(cases[i].text),
				&value) == 0,
		    "%s", cases[i].text);
		assert_case(
		    value == cases[i].value, "%s: %ld", cases[i].text, value);
	}
}

static void
what_is_none_is_refused(void **state)
{
	static const char *const texts[] = { "", " ", "+", "-", "_", "_1", "1_",
		"1__0", "+_1", "1 0", "0x1", "1.0", "1e3", "a", "--1", "- 1",
		"½", "²", "\xff", "1\xff", "\xed\xa0\x80" };
	int64_t value;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_case(
		    integer_read(texts[i], strlen(texts[i]), &value) == -1,
		    "%s", texts[i]);
	assert_int_equal(integer_read("1\0", 2, &value), -1);
}

static void
digits_are_counted(void **state)
{
	static char text[INTEGER_DIGITS_MAX + 2];
	int64_t value;

	(void)state;
	memset(text, '0', INTEGER_DIGITS_MAX + 1);
	assert_int_equal(integer_read(text, INTEGER_DIGITS_MAX, &value), 0);
	assert_int_equal(
	    integer_read(text, INTEGER_DIGITS_MAX + 1, &value), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_are_read),
		cmocka_unit_test(what_is_none_is_refused),
		cmocka_unit_test(digits_are_counted),
	};

	return (RUN(tests));
}
