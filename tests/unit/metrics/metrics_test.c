/* links: -Itests/unit -I. -DMETRICS_TABLE="tests/unit/metrics/bakery_metrics.def" -DMETRICS_LABELS="tests/unit/metrics/bakery_labels.def" src/metrics/exemplar.c src/metrics/family.c src/metrics/native.c src/metrics/shard.c src/metrics/snapshot.c -lm */
#include "unit.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../../src/metrics/metrics.c"
#include "metrics/snapshot.h"

#define SLOTS 4
#define OVEN ((enum metrics_oven)1)

static int
open_metrics(void **state)
{
	(void)state;
	if (metrics_open(SLOTS) == -1)
		return (-1);
	metrics_attach(1);
	return (0);
}

/* Cell ${i} of a series, over all writers. */
static int64_t
sum(enum metrics_family family, size_t series, size_t i)
{
	static struct snapshot snapshot;
	int64_t cells[FAMILY_WIDTH_MAX];

	snapshot_begin(&snapshot, true);
	snapshot_cells(&snapshot, family_get(family), series, cells, NULL);
	return (cells[i]);
}

#define SUM(name, series) sum(METRICS_FAMILY_##name, series, 0)

/* A native bucket of a baking time of rye, over all writers. */
static int64_t
native_count(size_t bucket)
{
	static struct snapshot snapshot;
	int64_t cells[FAMILY_WIDTH_MAX];
	struct snapshot_native native;

	snapshot_begin(&snapshot, true);
	snapshot_cells(&snapshot, family_get(METRICS_FAMILY_baking_seconds),
	    OVEN, cells, &native);
	return (native.counts[bucket]);
}

/* Run ${work} in a process of its own, which dies by kill -9 at its end. */
static void
in_a_process_that_is_killed(void (*work)(void))
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		work();
		(void)kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
}

static void
each_series_counts_for_itself(void **state)
{
	(void)state;
	metrics_inc_loaves_total(LABEL_bread_rye);
	metrics_inc_loaves_total(LABEL_bread_rye);
	metrics_add_loaves_total(LABEL_bread_other, 5);
	assert_int_equal(SUM(loaves_total, LABEL_bread_rye), 2);
	assert_int_equal(SUM(loaves_total, LABEL_bread_wheat), 0);
	assert_int_equal(SUM(loaves_total, LABEL_bread_other), 5);
	metrics_inc_complaints_total(OVEN, LABEL_status_404, NULL);
	assert_int_equal(SUM(complaints_total, (size_t)OVEN * LABEL_status_MAX +
						   LABEL_status_404),
	    1);
}

static void
counters_never_fall(void **state)
{
	(void)state;
	metrics_add_takings_total(250);
	metrics_add_takings_total(-100);
	metrics_add_takings_total(INT64_MIN);
	assert_int_equal(SUM(takings_total, 0), 250);
}

static void
labels_outside_their_set_are_dropped(void **state)
{
	size_t i;

	(void)state;
	metrics_inc_loaves_total((enum metrics_bread)LABEL_bread_MAX);
	metrics_inc_loaves_total((enum metrics_bread)1000000);
	metrics_inc_complaints_total(
	    (enum metrics_oven)4, LABEL_status_200, NULL);
	metrics_inc_complaints_total(
	    OVEN, (enum metrics_status)LABEL_status_MAX, NULL);
	metrics_observe_order_bytes((enum metrics_oven)4, 5);
	metrics_observe_order_bytes((enum metrics_oven) - 1, 5);
	for (i = 0; i < family_get(METRICS_FAMILY_loaves_total)->nseries; i++)
		assert_int_equal(SUM(loaves_total, i), 0);
	for (i = 0; i < family_get(METRICS_FAMILY_complaints_total)->nseries;
	     i++)
		assert_int_equal(SUM(complaints_total, i), 0);
	for (i = 0; i < family_get(METRICS_FAMILY_order_bytes)->nseries; i++)
		assert_int_equal(SUM(order_bytes, i), 0);
}

static void
a_bound_belongs_to_its_bucket(void **state)
{
	static const struct {
		double value;
		size_t bucket;
	} cases[] = {
		{ -1, 0 },
		{ 0, 0 },
		{ 0.5, 0 },
		{ 0.500001, 1 },
		{ 1.0, 1 },
		{ 1.000001, 2 },
		{ 2.5, 2 },
		{ 2.500001, 3 },
		{ 9e11, 3 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t before = sum(METRICS_FAMILY_weight, 0, cases[i].bucket);

		metrics_observe_weight(cases[i].value);
		assert_case(sum(METRICS_FAMILY_weight, 0, cases[i].bucket) ==
				before + 1,
		    "%f", cases[i].value);
	}
}

static void
sums_are_of_what_is_positive(void **state)
{
	(void)state;
	metrics_observe_weight(1.5);
	metrics_observe_weight(-4);
	metrics_observe_weight(0.25);
	assert_int_equal(sum(METRICS_FAMILY_weight, 0, 4), 1750000);
}

static void
what_no_cell_can_hold_counts_as_nothing(void **state)
{
	static const double values[] = { NAN, INFINITY, -INFINITY, 1e300,
		-1e300, 9.3e12 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		assert_case(
		    metrics_cell_of_number(values[i]) == 0, "%g", values[i]);
	assert_int_equal(metrics_cell_of_seconds(1.5), 1500000000);
	assert_int_equal(metrics_cell_of_seconds(1e-9), 1);
	assert_int_equal(metrics_cell_of_seconds(-0.4e-9), 0);
	assert_int_equal(metrics_cell_of_number(-2.5), -2500000);
	assert_int_equal(metrics_cell_of_cents(-7), -7);
	assert_int_equal(metrics_cell_of_count(INT64_MAX), INT64_MAX);
}

static void
a_gauge_is_one_value_whoever_writes_it(void **state)
{
	(void)state;
	metrics_attach(2);
	metrics_set_flour_bytes(10);
	metrics_attach(3);
	metrics_set_flour_bytes(7);
	metrics_attach(1);
	assert_int_equal(SUM(flour_bytes, 0), 7);
}

static void
shares_add_up(void **state)
{
	(void)state;
	metrics_up_ovens_lit(OVEN);
	metrics_up_ovens_lit(OVEN);
	metrics_down_ovens_lit(OVEN);
	metrics_attach(2);
	metrics_hold_ovens_lit(OVEN, 5);
	assert_int_equal(SUM(ovens_lit, OVEN), 6);
	metrics_hold_ovens_lit(OVEN, 2);
	assert_int_equal(SUM(ovens_lit, OVEN), 3);
	metrics_attach(1);
	assert_int_equal(SUM(ovens_lit, OVEN), 2);
}

static void
work_and_die(void)
{
	metrics_attach(2);
	metrics_inc_loaves_total(LABEL_bread_rye);
	metrics_observe_weight(1.0);
	metrics_set_flour_bytes(3);
	metrics_up_ovens_lit(OVEN);
}

static void
what_a_killed_process_counted_stays_but_not_its_shares(void **state)
{
	(void)state;
	in_a_process_that_is_killed(work_and_die);
	assert_int_equal(SUM(loaves_total, LABEL_bread_rye), 1);
	assert_int_equal(sum(METRICS_FAMILY_weight, 0, 1), 1);
	assert_int_equal(SUM(flour_bytes, 0), 3);
	assert_int_equal(SUM(ovens_lit, OVEN), 0);
	/* Its successor goes on where it stopped. */
	in_a_process_that_is_killed(work_and_die);
	assert_int_equal(SUM(loaves_total, LABEL_bread_rye), 2);
	metrics_attach(2);
	assert_int_equal(SUM(ovens_lit, OVEN), 0);
	metrics_inc_loaves_total(LABEL_bread_rye);
	assert_int_equal(SUM(loaves_total, LABEL_bread_rye), 3);
}

/* With one of the two cells written. */
static void
die_in_the_middle(void)
{
	struct change changes[2];
	struct shard *s;
	size_t first = family_get(METRICS_FAMILY_weight)->first_cell;

	metrics_attach(2);
	metrics_observe_weight(1.0);
	s = shard_own();
	changes[0] = (struct change){ &s->cells[first + 1], 1 };
	changes[1] = (struct change){ &s->cells[first + 4], 1000000 };
	add_together(s, changes, 2);
	s->version--;
	*changes[1].cell -= changes[1].value;
}

/* The same of three cells, all of them written. */
static void
die_at_the_end(void)
{
	metrics_attach(2);
	metrics_observe_baking_seconds(LABEL_bread_rye, OVEN, 1.0, NULL);
	metrics_observe_baking_seconds(LABEL_bread_rye, OVEN, 1.0, NULL);
	shard_own()->version--;
}

static void
death_in_the_middle_of_an_observation_leaves_nothing_of_it(void **state)
{
	(void)state;
	in_a_process_that_is_killed(die_in_the_middle);
	assert_int_equal(shard_at(2)->version % 2, 1);
	assert_int_equal(sum(METRICS_FAMILY_weight, 0, 1), 1);
	assert_int_equal(sum(METRICS_FAMILY_weight, 0, 4), 1000000);
	metrics_attach(2);
	assert_int_equal(shard_at(2)->version % 2, 0);
	assert_int_equal(sum(METRICS_FAMILY_weight, 0, 1), 1);
	assert_int_equal(sum(METRICS_FAMILY_weight, 0, 4), 1000000);
	metrics_observe_weight(1.0);
	assert_int_equal(sum(METRICS_FAMILY_weight, 0, 1), 2);
	assert_int_equal(sum(METRICS_FAMILY_weight, 0, 4), 2000000);
}

static void
nor_of_a_native_one(void **state)
{
	(void)state;
	in_a_process_that_is_killed(die_at_the_end);
	assert_int_equal(native_count(NATIVE_ORIGIN), 1);
	assert_int_equal(sum(METRICS_FAMILY_baking_seconds, OVEN, 1), 1);
	metrics_attach(2);
	assert_int_equal(native_count(NATIVE_ORIGIN), 1);
	assert_int_equal(sum(METRICS_FAMILY_baking_seconds, OVEN, 1), 1);
	assert_int_equal(
	    sum(METRICS_FAMILY_baking_seconds, OVEN, 4), 1000000000);
}

static void
times_have_native_buckets_and_nothing_else_has(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < METRICS_FAMILY_MAX; i++)
		assert_int_equal(family_get((enum metrics_family)i)->is_native,
		    i == METRICS_FAMILY_baking_seconds);
	metrics_observe_baking_seconds(LABEL_bread_rye, OVEN, 0.9, NULL);
	metrics_observe_baking_seconds(LABEL_bread_rye, OVEN, -3, NULL);
	metrics_observe_baking_seconds(LABEL_bread_rye, OVEN, 8e9, NULL);
	metrics_observe_baking_seconds(LABEL_bread_wheat, OVEN, 1, NULL);
	metrics_observe_weight(1.0);
	assert_int_equal(native_count(NATIVE_ORIGIN), 0);
	assert_int_equal(native_count(NATIVE_ORIGIN - 1), 1);
	assert_int_equal(native_count(0), 1);
	assert_int_equal(native_count(NATIVE_BUCKETS - 1), 1);
}

static void
die_in_a_batch(void)
{
	metrics_attach(2);
	metrics_inc_loaves_total(LABEL_bread_rye);
	metrics_observe_weight(1.0);
	metrics_begin();
	metrics_up_ovens_lit(OVEN);
	metrics_inc_loaves_total(LABEL_bread_rye);
	metrics_inc_loaves_total(LABEL_bread_rye);
	metrics_observe_weight(1.0);
}

static void
check_one_of_each(int64_t n)
{
	assert_int_equal(SUM(loaves_total, LABEL_bread_rye), n);
	assert_int_equal(sum(METRICS_FAMILY_weight, 0, 1), n);
	assert_int_equal(sum(METRICS_FAMILY_weight, 0, 4), n * 1000000);
	assert_int_equal(SUM(ovens_lit, OVEN), 0);
}

static void
death_in_the_middle_of_a_batch_leaves_nothing_of_it(void **state)
{
	(void)state;
	in_a_process_that_is_killed(die_in_a_batch);
	assert_int_equal(shard_at(2)->version % 2, 1);
	check_one_of_each(1);
	metrics_attach(2);
	assert_int_equal(shard_at(2)->version % 2, 0);
	check_one_of_each(1);
	metrics_inc_loaves_total(LABEL_bread_rye);
	metrics_observe_weight(1.0);
	check_one_of_each(2);
}

static void
a_batch_shows_when_it_has_ended(void **state)
{
	(void)state;
	metrics_begin();
	metrics_begin(); /* is one */
	metrics_inc_loaves_total(LABEL_bread_rye);
	metrics_observe_weight(1.0);
	check_one_of_each(0);
	metrics_end();
	check_one_of_each(1);
	metrics_end(); /* of nothing */
	metrics_inc_loaves_total(LABEL_bread_rye);
	metrics_observe_weight(1.0);
	check_one_of_each(2);
}

/* In parts, of which each observation is in one. */
static void
a_batch_that_is_too_long_is_counted_all_the_same(void **state)
{
	int i;

	(void)state;
	metrics_begin();
	metrics_inc_loaves_total(LABEL_bread_rye);
	for (i = 0; i < SHARD_BATCH; i++) {
		metrics_observe_weight(1.0);
		assert_int_equal(sum(METRICS_FAMILY_weight, 0, 4),
		    sum(METRICS_FAMILY_weight, 0, 1) * 1000000);
	}
	metrics_end();
	assert_int_equal(sum(METRICS_FAMILY_weight, 0, 1), SHARD_BATCH);
	assert_int_equal(SUM(loaves_total, LABEL_bread_rye), 1);
}

static void
who_has_no_slot_has_no_batch(void **state)
{
	(void)state;
	shard_mine = NULL;
	metrics_begin();
	metrics_inc_loaves_total(LABEL_bread_rye);
	assert_int_equal(SUM(loaves_total, LABEL_bread_rye), 1);
	metrics_end();
	assert_int_equal(SUM(loaves_total, LABEL_bread_rye), 1);
}

#define THREADS 4
#define TIMES 20000

static void *
count_without_a_slot(void *unused)
{
	int i;

	(void)unused;
	for (i = 0; i < TIMES; i++) {
		metrics_inc_loaves_total(LABEL_bread_wheat);
		metrics_observe_weight(1.0);
		metrics_observe_baking_seconds(
		    LABEL_bread_rye, OVEN, 1.0, NULL);
		metrics_inc_complaints_total(OVEN, LABEL_status_200, NULL);
	}
	return (NULL);
}

static void
threads_that_never_attached_lose_nothing(void **state)
{
	pthread_t threads[THREADS];
	int i;

	(void)state;
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL,
				     count_without_a_slot, NULL),
		    0);
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_int_equal(SUM(loaves_total, LABEL_bread_wheat), THREADS * TIMES);
	assert_int_equal(sum(METRICS_FAMILY_weight, 0, 1), THREADS * TIMES);
	assert_int_equal(
	    sum(METRICS_FAMILY_weight, 0, 4), THREADS * TIMES * 1000000LL);
	assert_int_equal(native_count(NATIVE_ORIGIN), THREADS * TIMES);
	assert_int_equal(SUM(complaints_total, (size_t)OVEN * LABEL_status_MAX +
						   LABEL_status_200),
	    THREADS * TIMES);
}

static void
a_slot_that_does_not_exist_changes_nothing(void **state)
{
	const struct shard *before = shard_own();

	(void)state;
	metrics_attach(SLOTS);
	metrics_attach(SIZE_MAX);
	assert_ptr_equal(shard_own(), before);
}

static void
too_many_writers_are_refused(void **state)
{
	(void)state;
	errno = 0;
	assert_int_equal(metrics_open(0), -1);
	assert_int_equal(errno, EINVAL);
	errno = 0;
	assert_int_equal(metrics_open(SHARD_WRITERS_MAX + 1), -1);
	assert_int_equal(errno, EINVAL);
}

/* The last: nothing is counted from then on. */
static void
nothing_happens_when_it_is_switched_off(void **state)
{
	(void)state;
	shard_mine = shard_common = NULL;
	metrics_enable(false);
	assert_int_equal(metrics_open(SLOTS), 0);
	metrics_inc_loaves_total(LABEL_bread_rye);
	metrics_observe_weight(1);
	metrics_set_flour_bytes(1);
	metrics_up_ovens_lit(OVEN);
	metrics_inc_complaints_total(OVEN, LABEL_status_200, NULL);
	assert_null(shard_own());
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, open_metrics)
	const struct CMUnitTest tests[] = {
		TEST(each_series_counts_for_itself),
		TEST(counters_never_fall),
		TEST(labels_outside_their_set_are_dropped),
		TEST(a_bound_belongs_to_its_bucket),
		TEST(sums_are_of_what_is_positive),
		TEST(what_no_cell_can_hold_counts_as_nothing),
		TEST(a_gauge_is_one_value_whoever_writes_it),
		TEST(shares_add_up),
		TEST(what_a_killed_process_counted_stays_but_not_its_shares),
		TEST(
		    death_in_the_middle_of_an_observation_leaves_nothing_of_it),
		TEST(nor_of_a_native_one),
		TEST(death_in_the_middle_of_a_batch_leaves_nothing_of_it),
		TEST(a_batch_shows_when_it_has_ended),
		TEST(a_batch_that_is_too_long_is_counted_all_the_same),
		TEST(who_has_no_slot_has_no_batch),
		TEST(times_have_native_buckets_and_nothing_else_has),
		TEST(threads_that_never_attached_lose_nothing),
		TEST(a_slot_that_does_not_exist_changes_nothing),
		TEST(too_many_writers_are_refused),
		TEST(nothing_happens_when_it_is_switched_off),
	};

	return (RUN(tests));
}
