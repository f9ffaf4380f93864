/* links: -Itests/unit src/domain/datesread.c src/domain/repr.c src/platform/buffer.c src/platform/utf8.c src/platform/arena.c */
#include "unit.h"

#include "../../../src/domain/dates.c"

/* What reading ${text} gives, as ISO text, or its error behind "!". */
static char *
read_back(const char *text,
    int (*read)(const char *, size_t, int64_t *, struct buffer *))
{
	static char result[256];
	struct buffer out;
	int64_t us;

	buffer_init(&out, sizeof(result) - 1);
	if (read(text, strlen(text), &us, &out) == 0)
		dates_put_offset(&out, us);
	(void)snprintf(result, sizeof(result), "%s", buffer_text(&out));
	buffer_fini(&out);
	return (result);
}

/* Answers of datetime.fromisoformat(), Python 3.11. */
static void
dates_are_read_as_python_reads_them(void **state)
{
	static const char *const cases[][2] = {
		{ "2026-11-22", "2026-11-22T00:00:00+00:00" },
		{ "20261122", "2026-11-22T00:00:00+00:00" },
		{ "2026-W47-1", "2026-11-16T00:00:00+00:00" },
		{ "2026W471", "2026-11-16T00:00:00+00:00" },
		{ "2026-W47", "2026-11-16T00:00:00+00:00" },
		{ "2020-W53-7", "2021-01-03T00:00:00+00:00" },
		{ "2026-11-22 10:00", "2026-11-22T10:00:00+00:00" },
		{ "2026-11-22x10", "2026-11-22T10:00:00+00:00" },
		{ "2026-11-22\xc3\xa9"
		  "10",
		    "2026-11-22T10:00:00+00:00" },
		{ "2026-11-22T101112", "2026-11-22T10:11:12+00:00" },
		{ "2026-11-22T10:11:12.5", "2026-11-22T10:11:12.500000+00:00" },
		{ "2026-11-22T10:11:12,1234567",
		    "2026-11-22T10:11:12.123456+00:00" },
		{ "2026-11-22T10:00Z", "2026-11-22T10:00:00+00:00" },
		{ "2026-11-22T10:00+02:00", "2026-11-22T08:00:00+00:00" },
		{ "2026-11-22T00:00-00:30", "2026-11-22T00:30:00+00:00" },
		{ "2000-02-29", "2000-02-29T00:00:00+00:00" },
		{ "1900-02-29", "day is out of range for month" },
		{ "2026-02-30", "day is out of range for month" },
		{ "2026-13-01", "month must be in 1..12" },
		{ "2026-11-22T24:00:00", "hour must be in 0..23" },
		{ "2026-11-22T10:60", "minute must be in 0..59" },
		{ "2026-11-22T10:00:60", "second must be in 0..59" },
		{ "0000-01-01", "year 0 is out of range" },
		{ "bad", "Invalid isoformat string: 'bad'" },
		{ "", "Invalid isoformat string: ''" },
		{ "it's", "Invalid isoformat string: \"it's\"" },
		{ "2026-11-22T", "Invalid isoformat string: '2026-11-22T'" },
		{ "2026-1-1", "Invalid isoformat string: '2026-1-1'" },
		{ "2026-W54-1", "Invalid isoformat string: '2026-W54-1'" },
		{ "2026-11-22T10:1112",
		    "Invalid isoformat string: '2026-11-22T10:1112'" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(
		    read_back(cases[i][0], dates_read), cases[i][1]);
}

/* Three hundred odd texts with Python's own answers. */
static void
odd_texts_are_read_as_python_reads_them(void **state)
{
	static const struct {
		const char *text;
		size_t length;
		const char *result;
	} cases[] = {
#define CASE(text, result) { text, sizeof(text) - 1, result },
#include "dates_cases.def"
#undef CASE
	};
	struct buffer out;
	int64_t us;
	size_t i;

	(void)state;
	buffer_init(&out, 4096);
	for (i = 0; i < COUNT_OF(cases); i++) {
		buffer_reset(&out);
		if (dates_read(cases[i].text, cases[i].length, &us, &out) == 0)
			dates_put_offset(&out, us);
		assert_string_equal(buffer_text(&out), cases[i].result);
	}
	buffer_fini(&out);
}

static void
moments_outside_of_all_years_are_none(void **state)
{
	static const char range[] = "date value out of range";

	(void)state;
	assert_string_equal(read_back("0001-01-01T01:00+01:00", dates_read),
	    "0001-01-01T00:00:00+00:00");
	assert_string_equal(
	    read_back("0001-01-01T00:59:59+01:00", dates_read), range);
	assert_string_equal(
	    read_back("9999-12-31T22:59:59.999999-01:00", dates_read),
	    "9999-12-31T23:59:59.999999+00:00");
	assert_string_equal(
	    read_back("9999-12-31T23:00-01:00", dates_read), range);
}

static void
ends_are_the_last_second_of_a_day(void **state)
{
	(void)state;
	assert_string_equal(read_back("2026-11-22", dates_read_end),
	    "2026-11-22T23:59:59+00:00");
	assert_string_equal(read_back("x", dates_read_end),
	    "Invalid isoformat string: 'xT23:59:59'");
}

static void
moments_are_written_in_every_form(void **state)
{
	static const struct {
		void (*put)(struct buffer *, int64_t);
		const char *with, *without;
	} cases[] = {
		{ dates_put_z, "2026-11-22T14:11:20.191783Z",
		    "2024-01-01T00:00:00Z" },
		{ dates_put_offset, "2026-11-22T14:11:20.191783+00:00",
		    "2024-01-01T00:00:00+00:00" },
		{ dates_put_naive, "2026-11-22T14:11:20.191783",
		    "2024-01-01T00:00:00" },
		{ dates_put_blank, "2026-11-22 14:11:20.191783+00:00",
		    "2024-01-01 00:00:00+00:00" },
		{ dates_put_blank_naive, "2026-11-22 14:11:20.191783",
		    "2024-01-01 00:00:00" },
		{ dates_put_stamp, "20261122_141120", "20240101_000000" },
	};
	int64_t with = dates_from_unix_us(INT64_C(1795356680191783));
	int64_t without = dates_from_unix_us(INT64_C(1704067200000000));
	struct buffer out;
	size_t i;

	(void)state;
	buffer_init(&out, 100);
	for (i = 0; i < COUNT_OF(cases); i++) {
		buffer_reset(&out);
		cases[i].put(&out, with);
		assert_string_equal(buffer_text(&out), cases[i].with);
		buffer_reset(&out);
		cases[i].put(&out, without);
		assert_string_equal(buffer_text(&out), cases[i].without);
	}
	buffer_fini(&out);
}

/* PostgreSQL's first and last moments: nothing overflows, nothing spills. */
static void
moments_beyond_the_contract_are_written_too(void **state)
{
	struct buffer out;

	(void)state;
	buffer_init(&out, 100);
	dates_put_z(&out, INT64_C(9223371331199999999));
	assert_string_equal(buffer_text(&out), "294276-12-31T23:59:59.999999Z");
	buffer_reset(&out);
	dates_put_z(&out, INT64_C(-211813488000000000));
	assert_string_equal(buffer_text(&out), "0000-11-24T00:00:00Z");
	buffer_reset(&out);
	dates_put_day(&out, -1);
	assert_string_equal(buffer_text(&out), "1999-12-31");
	buffer_fini(&out);
}

static void
months_have_numbers_and_names(void **state)
{
	int64_t month = 2026 * 12, i;

	(void)state;
	for (i = 0; i < 12; i++) {
		assert_int_equal(dates_month_year(month + i), 2026);
		assert_int_equal(dates_month_number(month + i), i + 1);
		assert_int_equal(
		    dates_quarter_start(month + i), month + i / 3 * 3);
	}
	assert_string_equal(dates_month_name(month), "January");
	assert_string_equal(dates_month_name(month + 11), "December");
	assert_int_equal(dates_month_number(-1), 12);
	assert_int_equal(dates_month_year(-1), -1);
}

static void
every_day_of_eight_centuries_is_itself(void **state)
{
	int64_t day, month;

	(void)state;
	for (day = -146097; day < 146097; day++) {
		struct civil date = civil_of_day(day);

		assert_int_equal(day_of_civil(date), day);
		assert_int_equal(dates_day(dates_day_start(day)), day);
		month = dates_month(day);
		assert_true(dates_month_start(month) <= day);
		assert_true(day < dates_month_start(month + 1));
		assert_true(day - dates_week_start(day) < 7);
		assert_true(dates_week_start(day) <= day);
	}
	/* 2026-11-22 is a Sunday. */
	assert_int_equal(dates_week_start(9822), 9822 - 6);
	assert_string_equal(dates_month_name(dates_month(9822)), "November");
	assert_int_equal(
	    dates_month_number(dates_quarter_start(dates_month(9822))), 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moments_are_written_in_every_form),
		cmocka_unit_test(dates_are_read_as_python_reads_them),
		cmocka_unit_test(odd_texts_are_read_as_python_reads_them),
		cmocka_unit_test(moments_outside_of_all_years_are_none),
		cmocka_unit_test(ends_are_the_last_second_of_a_day),
		cmocka_unit_test(moments_beyond_the_contract_are_written_too),
		cmocka_unit_test(months_have_numbers_and_names),
		cmocka_unit_test(every_day_of_eight_centuries_is_itself),
	};

	return (RUN(tests));
}
