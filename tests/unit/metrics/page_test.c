/* links: -Itests/unit */
#include "unit.h"

#include "../../../src/metrics/page.c"

static void
assert_page(const struct metrics_page *page, const char *text)
{
	assert_int_equal(page->length, strlen(text));
	assert_memory_equal(page->data, text, page->length);
}

static void
decimals_are_exact_and_without_needless_zeros(void **state)
{
	static const struct {
		int64_t value, scale;
		const char *text;
	} cases[] = {
		{ 0, 1, "0" },
		{ 0, 1000000000, "0" },
		{ 7, 1, "7" },
		{ -7, 1, "-7" },
		{ 10, 100, "0.1" },
		{ 1, 100, "0.01" },
		{ 100, 100, "1" },
		{ 123456, 100, "1234.56" },
		{ -5, 100, "-0.05" },
		{ -100, 100, "-1" },
		{ 1, 1000000000, "0.000000001" },
		{ 1500000000, 1000000000, "1.5" },
		{ 12427300000000000, 1000000000, "12427300" },
		{ 999999999, 1000000000, "0.999999999" },
		{ 12000001, 1000000, "12.000001" },
		{ INT64_MAX, 1, "9223372036854775807" },
		{ INT64_MIN, 1, "-9223372036854775808" },
		{ INT64_MAX, 1000000000, "9223372036.854775807" },
		{ INT64_MIN, 1000000000, "-9223372036.854775808" },
	};
	struct metrics_page page = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		page.length = 0;
		page_put_decimal(&page, cases[i].value, cases[i].scale);
		assert_page(&page, cases[i].text);
	}
	metrics_page_free(&page);
}

static void
help_stays_on_one_line(void **state)
{
	struct metrics_page page = { 0 };

	(void)state;
	page_put_escaped(&page, "a \"b\"\\\nc", false);
	assert_page(&page, "a \"b\"\\\\\\nc");
	page.length = 0;
	page_put_escaped(&page, "a \"b\"\\\nc", true);
	assert_page(&page, "a \\\"b\\\"\\\\\\nc");
	metrics_page_free(&page);
}

static void
a_page_grows_and_keeps_what_it_has(void **state)
{
	struct metrics_page page = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < 5 * FIRST_CAPACITY; i++)
		page_putc(&page, (char)('a' + i % 26));
	assert_true(page.capacity >= page.length);
	for (i = 0; i < page.length; i++)
		assert_int_equal(page.data[i], 'a' + i % 26);
	metrics_page_free(&page);
	assert_null(page.data);
	assert_int_equal(page.capacity, 0);
}

static void
what_is_repeated_may_move_the_page(void **state)
{
	struct metrics_page page = { 0 };
	size_t i;

	(void)state;
	page_puts(&page, "0123456789");
	for (i = 0; i < FIRST_CAPACITY; i++)
		page_repeat(&page, 3, 4);
	assert_memory_equal(page.data, "0123456789", 10);
	for (i = 10; i < page.length; i++)
		assert_int_equal(page.data[i], '3' + (i - 10) % 4);
	metrics_page_free(&page);
}

static void
what_is_inserted_moves_the_rest(void **state)
{
	struct metrics_page page = { 0 };

	(void)state;
	page_puts(&page, "0123456789");
	page_insert(&page, 10, 0);
	page_insert(&page, 4, 2);
	memcpy(page.data + 4, "ab", 2);
	assert_page(&page, "0123ab456789");
	page_insert(&page, 1, FIRST_CAPACITY);
	assert_int_equal(page.length, FIRST_CAPACITY + 12);
	assert_memory_equal(page.data + FIRST_CAPACITY + 1, "123ab456789", 11);
	metrics_page_free(&page);
}

static void
what_was_escaped_comes_back(void **state)
{
	static const char *const texts[] = { "", "a", "\"", "\\", "\n", "n",
		"a \"b\"\\\nc", "\\n", "\\\\\"\n" };
	struct metrics_page page = { 0 }, back = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		page.length = back.length = 0;
		page_put_escaped(&page, texts[i], true);
		page_putc(&page, '\0');
		page_put_unescaped(&back, page.data);
		assert_page(&back, texts[i]);
	}
	back.length = 0;
	page_put_unescaped(&back, "cut\\");
	assert_page(&back, "cut\\");
	metrics_page_free(&page);
	metrics_page_free(&back);
}

static void
its_memory_is_used_again(void **state)
{
	struct metrics_page page = { 0 };
	char *data;

	(void)state;
	page_puts(&page, "first");
	data = page.data;
	page.length = 0;
	page_puts(&page, "second");
	assert_ptr_equal(page.data, data);
	assert_page(&page, "second");
	metrics_page_free(&page);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decimals_are_exact_and_without_needless_zeros),
		cmocka_unit_test(help_stays_on_one_line),
		cmocka_unit_test(a_page_grows_and_keeps_what_it_has),
		cmocka_unit_test(what_is_repeated_may_move_the_page),
		cmocka_unit_test(what_is_inserted_moves_the_rest),
		cmocka_unit_test(what_was_escaped_comes_back),
		cmocka_unit_test(its_memory_is_used_again),
	};

	return (RUN(tests));
}
