/* links: -Itests/unit src/metrics/page.c */
#include "unit.h"

#include <float.h>
#include <math.h>

#include "../../../src/metrics/wire.c"

static struct metrics_page page;

static int
clear(void **state)
{
	(void)state;
	page.length = 0;
	return (0);
}

static int
release(void **state)
{
	(void)state;
	metrics_page_free(&page);
	return (0);
}

/* BYTES("...") is the text and its length, zeros included. */
#define BYTES(text) text, sizeof(text) - 1

static void
assert_bytes(const char *bytes, size_t length)
{
	assert_int_equal(page.length, length);
	assert_memory_equal(page.data, bytes, length);
}

static void
numbers_take_seven_bits_a_byte(void **state)
{
	static const struct {
		uint64_t value;
		const char *bytes;
		size_t length;
	} cases[] = {
		{ 0, BYTES("\x08\x00") },
		{ 1, BYTES("\x08\x01") },
		{ 127, BYTES("\x08\x7f") },
		{ 128, BYTES("\x08\x80\x01") },
		{ 300, BYTES("\x08\xac\x02") },
		{ 16383, BYTES("\x08\xff\x7f") },
		{ 16384, BYTES("\x08\x80\x80\x01") },
		{ UINT64_MAX,
		    BYTES("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01") },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		page.length = 0;
		wire_uint(&page, 1, cases[i].value);
		assert_bytes(cases[i].bytes, cases[i].length);
	}
}

static void
signs_go_last(void **state)
{
	static const struct {
		int64_t value;
		const char *bytes;
		size_t length;
	} cases[] = {
		{ 0, BYTES("\x18\x00") },
		{ -1, BYTES("\x18\x01") },
		{ 1, BYTES("\x18\x02") },
		{ -2, BYTES("\x18\x03") },
		{ -64, BYTES("\x18\x7f") },
		{ 64, BYTES("\x18\x80\x01") },
		{ INT64_MAX,
		    BYTES("\x18\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01") },
		{ INT64_MIN,
		    BYTES("\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01") },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		page.length = 0;
		wire_sint(&page, 3, cases[i].value);
		assert_bytes(cases[i].bytes, cases[i].length);
	}
}

static void
doubles_begin_with_their_lowest_byte(void **state)
{
	(void)state;
	wire_double(&page, 2, 1.0);
	assert_bytes(BYTES("\x11\x00\x00\x00\x00\x00\x00\xf0\x3f"));
	page.length = 0;
	wire_double(&page, 2, INFINITY);
	assert_bytes(BYTES("\x11\x00\x00\x00\x00\x00\x00\xf0\x7f"));
	page.length = 0;
	wire_double(&page, 2, -DBL_MAX);
	assert_bytes(BYTES("\x11\xff\xff\xff\xff\xff\xff\xef\xff"));
}

static void
fields_above_fifteen_have_longer_keys(void **state)
{
	(void)state;
	wire_uint(&page, 15, 1);
	wire_uint(&page, 16, 1);
	assert_bytes(BYTES("\x78\x01\x80\x01\x01"));
}

static void
texts_and_messages_stand_behind_their_length(void **state)
{
	size_t outer, inner;

	(void)state;
	outer = wire_open(&page);
	wire_text(&page, 1, "abc");
	wire_text(&page, 2, "");
	inner = wire_begin(&page, 4);
	wire_end(&page, inner);
	inner = wire_begin(&page, 4);
	wire_put_sint(&page, 1);
	wire_put_sint(&page, -1);
	wire_end(&page, inner);
	wire_end(&page, outer);
	assert_bytes(BYTES("\x0d\x0a\x03"
			   "abc"
			   "\x12\x00\x22\x00\x22\x02\x02\x01"));
}

/* The length of a message of ${size} bytes, and that of the message around it,
 * are as long as they must be, and what was written stays. */
static void
check_long(size_t size, const char *bytes, size_t length)
{
	size_t outer, inner, i;

	page.length = 0;
	outer = wire_open(&page);
	inner = wire_begin(&page, 1);
	for (i = 0; i < size; i++)
		page_putc(&page, (char)(i % 251));
	wire_end(&page, inner);
	wire_end(&page, outer);
	assert_int_equal(page.length, size + length);
	assert_memory_equal(page.data, bytes, length);
	for (i = 0; i < size; i++)
		assert_int_equal((unsigned char)page.data[length + i], i % 251);
}

static void
long_messages_make_room_for_their_length(void **state)
{
	(void)state;
	check_long(125, BYTES("\x7f\x0a\x7d"));
	check_long(127, BYTES("\x81\x01\x0a\x7f"));
	check_long(128, BYTES("\x83\x01\x0a\x80\x01"));
	check_long(16383, BYTES("\x82\x80\x01\x0a\xff\x7f"));
	check_long(16384, BYTES("\x84\x80\x01\x0a\x80\x80\x01"));
	check_long(200000, BYTES("\xc4\x9a\x0c\x0a\xc0\x9a\x0c"));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, clear)
	const struct CMUnitTest tests[] = {
		TEST(numbers_take_seven_bits_a_byte),
		TEST(signs_go_last),
		TEST(doubles_begin_with_their_lowest_byte),
		TEST(fields_above_fifteen_have_longer_keys),
		TEST(texts_and_messages_stand_behind_their_length),
		TEST(long_messages_make_room_for_their_length),
	};

	return (cmocka_run_group_tests(tests, NULL, release));
}
