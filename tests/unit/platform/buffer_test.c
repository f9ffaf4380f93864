/* links: -Itests/unit */
#include "unit.h"

#include "../../../src/platform/buffer.c"

static void
what_is_appended_is_there(void **state)
{
	struct buffer b;

	(void)state;
	buffer_init(&b, 1000);
	assert_string_equal(buffer_text(&b), "");
	buffer_puts(&b, "one");
	buffer_putc(&b, ' ');
	buffer_append(&b, "t\0wo", 4);
	buffer_append(&b, NULL, 0);
	buffer_printf(&b, " %d%s", 3, "");
	assert_int_equal(b.length, 10);
	assert_memory_equal(buffer_text(&b), "one t\0wo 3", 11);
	assert_false(buffer_failed(&b));
	buffer_reset(&b);
	assert_int_equal(b.length, 0);
	assert_string_equal(buffer_text(&b), "");
	buffer_fini(&b);
	assert_null(b.data);
}

static void
integers_are_spelled(void **state)
{
	static const long long values[] = { 0, 1, -1, 10, 1234567890, INT64_MAX,
		INT64_MIN };
	char expected[32];
	struct buffer b;
	size_t i;

	(void)state;
	buffer_init(&b, 1000);
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		buffer_reset(&b);
		buffer_put_int(&b, values[i]);
		(void)snprintf(expected, sizeof(expected), "%lld", values[i]);
		assert_string_equal(buffer_text(&b), expected);
	}
	buffer_fini(&b);
}

static void
nothing_passes_the_ceiling(void **state)
{
	struct buffer b;
	int i;

	(void)state;
	buffer_init(&b, 700);
	for (i = 0; i < 700; i++)
		buffer_putc(&b, 'x');
	assert_false(buffer_failed(&b));
	assert_int_equal(b.capacity, 700);
	buffer_putc(&b, 'y');
	assert_true(buffer_failed(&b));
	assert_int_equal(b.length, 700);
	assert_int_equal(b.data[699], 'x');
	/* Not even what would fit: it would have a hole before it. */
	buffer_reset(&b);
	buffer_append(&b, "aaaa", 4);
	assert_null(buffer_reserve(&b, 697));
	buffer_putc(&b, 'b');
	assert_int_equal(b.length, 4);
	assert_null(buffer_reserve(&b, SIZE_MAX));
	buffer_fini(&b);
	assert_false(buffer_failed(&b));
}

static void
reserved_room_is_there(void **state)
{
	struct buffer b;
	char *place;

	(void)state;
	buffer_init(&b, 100000);
	buffer_puts(&b, "ab");
	place = buffer_reserve(&b, 50000);
	assert_non_null(place);
	memset(place, 'c', 50000);
	b.length += 50000;
	assert_memory_equal(b.data, "abcc", 4);
	assert_int_equal(b.data[50001], 'c');
	buffer_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_appended_is_there),
		cmocka_unit_test(integers_are_spelled),
		cmocka_unit_test(nothing_passes_the_ceiling),
		cmocka_unit_test(reserved_room_is_there),
	};

	return (RUN(tests));
}
