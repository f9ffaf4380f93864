/* links: -Itests/unit src/platform/buffer.c src/platform/utf8.c src/platform/arena.c */
#include "unit.h"

#include "../../../src/domain/repr.c"

/* Answers of repr(), Python 3.11. */
static void
texts_are_shown_as_python_shows_them(void **state)
{
	static const struct {
		const char *text;
		size_t length;
		const char *shown;
	} cases[] = {
#define CASE(text, shown) { text, sizeof(text) - 1, shown }
		CASE("", "''"),
		CASE("plain", "'plain'"),
		CASE("it's", "\"it's\""),
		CASE("say \"it\"", "'say \"it\"'"),
		CASE("it's \"it\"", "'it\\'s \"it\"'"),
		CASE("back\\slash", "'back\\\\slash'"),
		CASE("\n\r\t", "'\\n\\r\\t'"),
		CASE("\0\1\37\177", "'\\x00\\x01\\x1f\\x7f'"),
		CASE("\302\200\302\240\u00ad", "'\\x80\\xa0\\xad'"),
		CASE("\u00e9\u20ac\U0001f600", "'\u00e9\u20ac\U0001f600'"),
		CASE("\u200b\u2028\u3000\ufeff",
		    "'\\u200b\\u2028\\u3000\\ufeff'"),
		CASE("\ue000\U000e0041\U0010ffff",
		    "'\\ue000\\U000e0041\\U0010ffff'"),
		CASE("\u200a\u2010\u202f", "'\\u200a\u2010\\u202f'"),
#undef CASE
	};
	struct buffer out;
	size_t i;

	(void)state;
	buffer_init(&out, 1024);
	for (i = 0; i < COUNT_OF(cases); i++) {
		buffer_reset(&out);
		repr_put(&out, cases[i].text, cases[i].length);
		assert_string_equal(buffer_text(&out), cases[i].shown);
	}
	buffer_fini(&out);
}

static void
ranges_are_in_order(void **state)
{
	size_t i;

	(void)state;
	for (i = 1; i < COUNT_OF(unprintable); i++)
		assert_true(unprintable[i - 1].last < unprintable[i].first);
	for (i = 0; i < COUNT_OF(unprintable); i++)
		assert_true(unprintable[i].first <= unprintable[i].last);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_shown_as_python_shows_them),
		cmocka_unit_test(ranges_are_in_order),
	};

	return (RUN(tests));
}
