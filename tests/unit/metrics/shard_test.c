/* links: -Itests/unit src/metrics/exemplar.c src/metrics/family.c src/metrics/metrics.c src/metrics/snapshot.c src/metrics/exposition.c src/metrics/native.c src/metrics/protobuf.c src/metrics/textformat.c src/metrics/wire.c src/metrics/page.c src/metrics/process.c */
#include "unit.h"

#include "../../../src/metrics/shard.c"

#define WRITERS 1000
#define PAGE 4096

/* The product of routes, methods and statuses is large and hardly used. */
static void
memory_is_used_only_where_something_was_counted(void **state)
{
	static unsigned char resident[1 << 20];
	struct metrics_page page = { 0 };
	size_t length = sizeof(*memory) + WRITERS * sizeof(struct shard);
	size_t npages = 0, i;

	(void)state;
	assert_int_equal(metrics_open(WRITERS), 0);
	for (i = 0; i < WRITERS; i++) {
		metrics_attach(i);
		metrics_inc_chores_created_total(LABEL_mode_single);
	}
	metrics_render(&page, METRICS_FORMAT_OPENMETRICS);
	assert_true(length / PAGE < sizeof(resident));
	assert_int_equal(mincore(memory, length / PAGE * PAGE, resident), 0);
	for (i = 0; i < length / PAGE; i++)
		npages += resident[i] & 1;
	/* Header, bits, and the one page that has the counter. */
	assert_true(npages * PAGE / WRITERS < 20000);
	assert_true(sizeof(struct shard) > 1000000);
	metrics_page_free(&page);
}

static void
shards_share_no_cache_line(void **state)
{
	(void)state;
	assert_int_equal(sizeof(struct shard) % SHARD_CACHE_LINE, 0);
	assert_int_equal((uintptr_t)shard_at(0) % SHARD_CACHE_LINE, 0);
	assert_int_equal(offsetof(struct shard, version) % SHARD_CACHE_LINE, 0);
	assert_int_equal(offsetof(struct shard, cells) % SHARD_CACHE_LINE, 0);
}

static void
each_slot_has_its_owner(void **state)
{
	size_t i;

	(void)state;
	assert_int_equal(shard_count(), WRITERS);
	for (i = 0; i < WRITERS; i++)
		assert_int_equal(shard_at(i)->pid, getpid());
	assert_int_equal(shard_opener(), getpid());
	assert_true(shard_is_alive(shard_at(3)));
	shard_at(3)->pid = INT32_MAX; /* more than there can be */
	assert_false(shard_is_alive(shard_at(3)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    memory_is_used_only_where_something_was_counted),
		cmocka_unit_test(shards_share_no_cache_line),
		cmocka_unit_test(each_slot_has_its_owner),
	};

	return (RUN(tests));
}
