/* links: -fsanitize=thread -Itests/unit -I. -DMETRICS_TABLE="tests/unit/metrics/bakery_metrics.def" -DMETRICS_LABELS="tests/unit/metrics/bakery_labels.def" src/metrics/exemplar.c src/metrics/family.c src/metrics/metrics.c src/metrics/native.c src/metrics/shard.c */
#include "unit.h"

#include <pthread.h>
#include <unistd.h>

#include "../../../src/metrics/snapshot.c"

#define WRITERS 3
#define TIMES 30000
#define SCRAPES_LEAST 200
/* A writer that never pauses leaves a scrape under this sanitizer, which is
 * many times slower, no moment to read everything in. */
#define PAUSE_EVERY 4
#define PAUSE_US 50
#define OVEN ((enum metrics_oven)1)
#define BAKING ((size_t)LABEL_bread_rye * METRICS_VALUES_oven + OVEN)

/* In cells, what every observation adds to its sum: that of bucket ${b}. */
static const double values[] = { 0.25, 0.75, 2.25, 9.75 };
#define MICRO 1000000

static _Atomic int running;

/* An exemplar whose parts belong together. */
static void
make_exemplar(struct metrics_exemplar *exemplar, char texts[2][64], int n)
{
	(void)snprintf(texts[0], 33, "%032d", n);
	(void)snprintf(texts[1], 64, "request-of-%032d", n);
	exemplar->trace_id = texts[0];
	exemplar->request_id = texts[1];
}

static void *
write_on(void *slot)
{
	struct metrics_exemplar exemplar;
	char texts[2][64];
	int i;

	metrics_attach((size_t)(uintptr_t)slot);
	for (i = 0; i < TIMES; i++) {
		make_exemplar(&exemplar, texts, i);
		metrics_begin();
		metrics_up_ovens_lit(OVEN);
		metrics_inc_loaves_total((enum metrics_bread)(i % 3));
		metrics_observe_weight(values[i % 4]);
		metrics_observe_order_bytes(OVEN, 7);
		metrics_observe_baking_seconds(
		    LABEL_bread_rye, OVEN, (double)i / MICRO, &exemplar);
		metrics_down_ovens_lit(OVEN);
		metrics_end();
		if (i % PAUSE_EVERY == 0)
			(void)usleep(PAUSE_US);
	}
	atomic_fetch_sub(&running, 1);
	return (NULL);
}

struct seen {
	struct snapshot snapshot;
	int64_t loaves[LABEL_bread_MAX];
	int64_t weights[FAMILY_WIDTH_MAX];
	int64_t orders[2];
	int64_t bakings;
	unsigned exemplars;
};

static void
read_cells(const struct seen *seen, enum metrics_family family, size_t series,
    int64_t *cells)
{
	int64_t all[FAMILY_WIDTH_MAX];

	snapshot_cells(&seen->snapshot, family_get(family), series, all, NULL);
	memcpy(cells, all, family_get(family)->width * sizeof(*cells));
}

static void
check_counters(struct seen *seen)
{
	int64_t now, lit, loaves = 0, orders[2];
	size_t i;

	for (i = 0; i < LABEL_bread_MAX; i++) {
		read_cells(seen, METRICS_FAMILY_loaves_total, i, &now);
		assert_true(now >= seen->loaves[i]);
		seen->loaves[i] = now;
		loaves += now;
	}
	/* What a batch holds is there together. */
	read_cells(seen, METRICS_FAMILY_ovens_lit, OVEN, &lit);
	assert_int_equal(lit, 0);
	read_cells(seen, METRICS_FAMILY_order_bytes, OVEN, orders);
	assert_int_equal(orders[0], loaves);
}

/* Buckets only rise, and the sum is what the buckets say. */
static void
check_histogram(struct seen *seen)
{
	int64_t now[FAMILY_WIDTH_MAX], sum = 0;
	size_t i;

	read_cells(seen, METRICS_FAMILY_weight, 0, now);
	for (i = 0; i < 4; i++) {
		assert_true(now[i] >= seen->weights[i]);
		sum += now[i] * (int64_t)(values[i] * MICRO);
	}
	assert_int_equal(now[4], sum);
	memcpy(seen->weights, now, sizeof(now));
	read_cells(seen, METRICS_FAMILY_order_bytes, OVEN, now);
	assert_true(now[0] >= seen->orders[0]);
	assert_int_equal(now[1], now[0] * 7);
	seen->orders[0] = now[0];
}

/* Native and other buckets count the same, and the sum is what they say: each
 * writer's are 0, 1, 2 and so on millionths of a second. */
static void
check_native(struct seen *seen)
{
	const struct family *f = family_get(METRICS_FAMILY_baking_seconds);
	int64_t cells[FAMILY_WIDTH_MAX], count = 0, count_native = 0;
	struct snapshot_native native;
	size_t i;

	snapshot_cells(&seen->snapshot, f, BAKING, cells, &native);
	for (i = 0; i <= f->nbounds; i++)
		count += cells[i];
	for (i = 0; i < NATIVE_BUCKETS; i++)
		count_native += native.counts[i];
	assert_int_equal(count, count_native);
	assert_true(count >= seen->bakings);
	seen->bakings = count;
}

/* Of one writer alone, the sum follows from the count. */
static void
check_sum(const struct shard *s)
{
	const struct family *f = family_get(METRICS_FAMILY_baking_seconds);
	static struct snapshot_part its;
	const uint64_t *filled = &its.filled[shard_native_word(f, BAKING)];
	const int64_t *cells = &its.cells[shard_native_cell(f, BAKING)];
	int64_t count = 0;
	size_t i;

	if (!try_to_read(s, f, BAKING, true, &its))
		return;
	for (i = shard_next_bit(filled, 0, NATIVE_BUCKETS); i < NATIVE_BUCKETS;
	     i = shard_next_bit(filled, i + 1, NATIVE_BUCKETS))
		count += cells[i];
	assert_int_equal(its.cells[first_cell(f, BAKING) + f->width - 1],
	    count * (count - 1) / 2 * 1000);
}

/* None that is half one and half another. */
static void
check_exemplar(struct seen *seen, size_t bucket)
{
	const struct family *f = family_get(METRICS_FAMILY_baking_seconds);
	struct metrics_exemplar wanted;
	struct exemplar exemplar;
	char texts[2][64];

	if (!snapshot_exemplar(f, BAKING, bucket, &exemplar))
		return;
	make_exemplar(&wanted, texts, atoi(exemplar.trace_id));
	assert_string_equal(exemplar.trace_id, wanted.trace_id);
	assert_string_equal(exemplar.request_id, wanted.request_id);
	assert_int_equal(exemplar.value, atoi(exemplar.trace_id) * 1000LL);
	seen->exemplars++;
}

static void
scrape(struct seen *seen)
{
	snapshot_begin(&seen->snapshot, true);
	check_counters(seen);
	check_histogram(seen);
	check_native(seen);
	check_sum(shard_at(1));
	check_exemplar(seen, 0);
	check_exemplar(seen, 1);
}

static void
a_scrape_agrees_with_itself_and_with_the_one_before(void **state)
{
	static struct seen seen;
	pthread_t threads[WRITERS];
	uintptr_t i;
	int scrapes = 0;

	(void)state;
	assert_int_equal(metrics_open(WRITERS + 1), 0);
	running = WRITERS;
	for (i = 0; i < WRITERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, write_on,
				     (void *)(i + 1)),
		    0);
	for (; running > 0 || scrapes < SCRAPES_LEAST; scrapes++)
		scrape(&seen);
	for (i = 0; i < WRITERS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	scrape(&seen);
	assert_int_equal(
	    seen.loaves[0] + seen.loaves[1] + seen.loaves[2], WRITERS * TIMES);
	assert_int_equal(seen.orders[0], WRITERS * TIMES);
	assert_int_equal(seen.bakings, WRITERS * TIMES);
	assert_true(seen.exemplars > 0);
}

/* What each writer has seen shows, and nothing else does. */
static void
the_series_of_all_writers_are_found_in_order(void **state)
{
	static struct snapshot snapshot;
	const struct family *f = family_get(METRICS_FAMILY_complaints_total);
	static const size_t wanted[] = { 1, 5, 11 };
	size_t series = 0, i;

	(void)state;
	assert_int_equal(metrics_open(4), 0);
	for (i = 0; i < 3; i++) {
		metrics_attach(3 - i);
		metrics_inc_complaints_total(
		    (enum metrics_oven)(wanted[i] / LABEL_status_MAX),
		    (enum metrics_status)(wanted[i] % LABEL_status_MAX), NULL);
	}
	snapshot_begin(&snapshot, true);
	for (i = 0; i < 3; i++, series++) {
		series = snapshot_next(&snapshot, f, series);
		assert_int_equal(series, wanted[i]);
	}
	assert_int_equal(snapshot_next(&snapshot, f, series), f->nseries);
}

/* Nobody waits for a writer that is in the middle of something. */
static void
a_writer_that_is_stopped_stops_nobody(void **state)
{
	static struct seen seen;
	const struct family *f = family_get(METRICS_FAMILY_weight);
	int64_t cells[FAMILY_WIDTH_MAX];
	struct shard *s;

	(void)state;
	assert_int_equal(metrics_open(2), 0);
	metrics_attach(1);
	metrics_observe_weight(0.25);
	metrics_observe_weight(0.75);
	s = shard_own();
	s->version--; /* the second is being written */
	snapshot_begin(&seen.snapshot, true);
	snapshot_cells(&seen.snapshot, f, 0, cells, NULL);
	assert_int_equal(cells[0], 1);
	assert_int_equal(cells[1], 0);
	assert_int_equal(cells[4], 250000);
	s->version++;
	snapshot_begin(&seen.snapshot, true);
	snapshot_cells(&seen.snapshot, f, 0, cells, NULL);
	assert_int_equal(cells[1], 1);
	assert_int_equal(cells[4], MICRO);
}

/* The same of a native histogram; what a bucket held before need not be 0. */
static void
native_buckets_show_with_the_others_or_not_at_all(void **state)
{
	static struct seen seen;
	const struct family *f = family_get(METRICS_FAMILY_baking_seconds);
	int64_t cells[FAMILY_WIDTH_MAX];
	struct snapshot_native native;
	struct shard *s;

	(void)state;
	assert_int_equal(metrics_open(2), 0);
	metrics_attach(1);
	metrics_observe_baking_seconds(LABEL_bread_rye, OVEN, 1.0, NULL);
	metrics_observe_baking_seconds(LABEL_bread_rye, OVEN, 1.0, NULL);
	metrics_observe_weight(1.0);
	metrics_observe_baking_seconds(LABEL_bread_rye, OVEN, 1.0, NULL);
	s = shard_own();
	s->version--;
	snapshot_begin(&seen.snapshot, true);
	snapshot_cells(&seen.snapshot, f, BAKING, cells, &native);
	assert_int_equal(cells[1], 2);
	assert_int_equal(cells[4], 2000000000);
	assert_int_equal(native.counts[NATIVE_ORIGIN], 2);
	s->version++;
	metrics_observe_weight(1.0);
	s->version--; /* of another family: its two cells only */
	snapshot_begin(&seen.snapshot, true);
	snapshot_cells(&seen.snapshot, f, BAKING, cells, &native);
	assert_int_equal(cells[1], 3);
	assert_int_equal(cells[4], 3000000000);
	assert_int_equal(native.counts[NATIVE_ORIGIN], 3);
	s->version++;
}

static void *
write_to_slot_0(void *unused)
{
	int i;

	(void)unused;
	for (i = 0; i < TIMES; i++)
		metrics_observe_baking_seconds(
		    LABEL_bread_rye, OVEN, (double)i / MICRO, NULL);
	atomic_fetch_sub(&running, 1);
	return (NULL);
}

/* There the native ones may be ahead, but never behind: +Inf is at least what
 * the bounds below it count. */
static void
in_slot_0_no_bucket_counts_more_than_the_native_ones(void **state)
{
	static struct seen seen;
	const struct family *f = family_get(METRICS_FAMILY_baking_seconds);
	int64_t cells[FAMILY_WIDTH_MAX], count, count_native;
	struct snapshot_native native;
	pthread_t threads[WRITERS];
	size_t i;
	int scrapes;

	(void)state;
	assert_int_equal(metrics_open(1), 0);
	running = WRITERS;
	for (i = 0; i < WRITERS; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, write_to_slot_0, NULL),
		    0);
	for (scrapes = 0; running > 0 || scrapes < SCRAPES_LEAST; scrapes++) {
		snapshot_begin(&seen.snapshot, true);
		snapshot_cells(&seen.snapshot, f, BAKING, cells, &native);
		for (count = 0, i = 0; i <= f->nbounds; i++)
			count += cells[i];
		for (count_native = 0, i = 0; i < NATIVE_BUCKETS; i++)
			count_native += native.counts[i];
		assert_true(count_native >= count);
	}
	for (i = 0; i < WRITERS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_series_of_all_writers_are_found_in_order),
		cmocka_unit_test(a_writer_that_is_stopped_stops_nobody),
		cmocka_unit_test(
		    native_buckets_show_with_the_others_or_not_at_all),
		cmocka_unit_test(
		    in_slot_0_no_bucket_counts_more_than_the_native_ones),
		cmocka_unit_test(
		    a_scrape_agrees_with_itself_and_with_the_one_before),
	};

	return (RUN(tests));
}
