/* links: src/domain/dates.c src/domain/datesread.c src/domain/repr.c src/platform/buffer.c src/platform/utf8.c src/platform/arena.c */
/*
 * Dates: what is read can be written and read back as the same moment; what
 * isn't has a reason.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "domain/dates.h"
#include "platform/arena.h"
#include "platform/buffer.h"
#include "platform/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
assert_comes_back(int64_t pg_us, void (*put)(struct buffer *, int64_t))
{
	struct buffer text, error;
	int64_t again;

	buffer_init(&text, 256);
	buffer_init(&error, 1024);
	put(&text, pg_us);
	(void)buffer_text(&text);
	assert(dates_read(text.data, text.length, &again, &error) == 0);
	assert(again == pg_us);
	buffer_fini(&text);
	buffer_fini(&error);
}

static void
assert_calendar(int64_t pg_us)
{
	int64_t day = dates_day(pg_us), month = dates_month(day);

	assert(dates_day_start(day) <= pg_us);
	assert(dates_day_start(day + 1) > pg_us);
	assert(dates_week_start(day) <= day);
	assert(dates_week_start(day) > day - 7);
	assert(dates_month_start(month) <= day);
	assert(dates_month_start(month + 1) > day);
	assert(dates_month_number(month) >= 1);
	assert(dates_month_number(month) <= 12);
	assert(dates_quarter_start(month) <= month);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer error;
	struct arena arena;
	const char *text;
	int64_t pg_us;

	if (size > 4096)
		return (0);
	arena_init(&arena);
	buffer_init(&error, 1 << 16);
	text = utf8_scrub(&arena, (const char *)data, size, &size);
	if (dates_read(text, size, &pg_us, &error) == 0) {
		assert(error.length == 0);
		assert_comes_back(pg_us, dates_put_z);
		assert_comes_back(pg_us, dates_put_offset);
		assert_comes_back(pg_us, dates_put_blank);
		assert_calendar(pg_us);
	} else
		assert(error.length > 0 && !buffer_failed(&error));
	buffer_reset(&error);
	if (dates_read_end(text, size, &pg_us, &error) == 0)
		assert_calendar(pg_us);
	else
		assert(error.length > 0);
	buffer_fini(&error);
	arena_fini(&arena);
	return (0);
}
