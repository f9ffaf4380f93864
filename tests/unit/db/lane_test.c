/* links: -fsanitize=thread -Itests/unit src/platform/log.c src/platform/clock.c */
#include "unit.h"

#include <poll.h>

#include "../../../src/db/lane.c"

#define JOBS 20000

static struct job jobs[JOBS];

static void
jobs_come_out_in_their_order(void **state)
{
	struct lane lane;
	int i;

	(void)state;
	assert_int_equal(lane_init(&lane, JOBS), 0);
	assert_null(lane_take(&lane));
	for (i = 0; i < 100; i++)
		assert_int_equal(lane_put(&lane, &jobs[i]), 0);
	assert_int_equal(lane_depth(&lane), 100);
	for (i = 0; i < 100; i++)
		assert_ptr_equal(lane_take(&lane), &jobs[i]);
	assert_null(lane_take(&lane));
	assert_int_equal(lane_depth(&lane), 0);
	assert_true(jobs[0].submitted_mono_us > 0);
	(void)close(lane.wake_fd);
}

static void
a_full_or_closed_lane_refuses(void **state)
{
	struct lane lane;

	(void)state;
	assert_int_equal(lane_init(&lane, 2), 0);
	assert_int_equal(lane_put(&lane, &jobs[0]), 0);
	assert_int_equal(lane_put(&lane, &jobs[1]), 0);
	assert_int_equal(lane_put(&lane, &jobs[2]), -1);
	assert_ptr_equal(lane_take(&lane), &jobs[0]);
	assert_int_equal(lane_put(&lane, &jobs[2]), 0);
	(void)lane_take(&lane);
	lane_set_open(&lane, false);
	assert_false(lane_is_open(&lane));
	assert_int_equal(lane_put(&lane, &jobs[3]), -1);
	assert_ptr_equal(lane_take(&lane), &jobs[2]);
	lane_set_open(&lane, true);
	assert_int_equal(lane_put(&lane, &jobs[3]), 0);
	(void)close(lane.wake_fd);
}

static bool
is_woken(const struct lane *lane, int ms)
{
	struct pollfd p = { .fd = lane->wake_fd, .events = POLLIN };

	return (poll(&p, 1, ms) == 1);
}

static void
who_sleeps_is_woken_and_nobody_else(void **state)
{
	struct lane lane;

	(void)state;
	assert_int_equal(lane_init(&lane, JOBS), 0);
	assert_int_equal(lane_put(&lane, &jobs[0]), 0);
	lane_wake(&lane);
	assert_false(is_woken(&lane, 0));
	assert_false(lane_sleep(&lane)); /* there is work */
	(void)lane_take(&lane);
	assert_true(lane_sleep(&lane));
	lane_wake(&lane);
	assert_false(is_woken(&lane, 0)); /* there is none */
	assert_int_equal(lane_put(&lane, &jobs[1]), 0);
	assert_int_equal(lane_put(&lane, &jobs[2]), 0);
	assert_false(is_woken(&lane, 0));
	lane_wake(&lane);
	assert_true(is_woken(&lane, 0));
	lane_awake(&lane);
	assert_false(is_woken(&lane, 0));
	(void)close(lane.wake_fd);
}

static struct lane shared;
static _Atomic int taken[JOBS];
static _Atomic bool is_over;

static void
note(const struct job *job)
{
	taken[job - jobs]++;
}

/* As an executor with a connection works: it waits for other things too. */
static void *
run_session(void *unused)
{
	struct job *job;

	(void)unused;
	while (!is_over) {
		while ((job = lane_take(&shared)) != NULL)
			note(job);
		if (lane_sleep(&shared))
			(void)is_woken(&shared, 1000);
		lane_awake(&shared);
	}
	return (NULL);
}

/* As one without works. */
static void *
run_waiting(void *unused)
{
	struct job *job;

	(void)unused;
	while ((job = lane_wait(&shared)) != &jobs[0])
		note(job);
	return (NULL);
}

static void
put(struct job *job)
{
	while (lane_put(&shared, job) == -1)
		(void)lane_depth(&shared);
	lane_wake(&shared);
}

static void
put_all(void)
{
	int i;

	for (i = 1; i < JOBS; i++)
		put(&jobs[i]);
	while (lane_depth(&shared) > 0)
		(void)lane_is_open(&shared);
}

static void
assert_each_once(void)
{
	int i;

	for (i = 1; i < JOBS; i++) {
		assert_case(taken[i] == 1, "job %d: %d times", i, taken[i]);
		taken[i] = 0;
	}
}

static void
no_job_is_lost_by_one_that_sleeps(void **state)
{
	pthread_t thread;

	(void)state;
	is_over = false;
	assert_int_equal(lane_init(&shared, 64), 0);
	assert_int_equal(pthread_create(&thread, NULL, run_session, NULL), 0);
	put_all();
	is_over = true;
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_each_once();
	(void)close(shared.wake_fd);
}

static void
several_that_wait_share_the_jobs(void **state)
{
	enum { THREADS = 4 };
	pthread_t threads[THREADS];
	int i;

	(void)state;
	assert_int_equal(lane_init(&shared, 64), 0);
	for (i = 0; i < THREADS; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, run_waiting, NULL), 0);
	put_all();
	for (i = 0; i < THREADS; i++) { /* one takes it, and goes */
		while (lane_depth(&shared) > 0)
			;
		assert_int_equal(lane_put(&shared, &jobs[0]), 0);
		while (lane_depth(&shared) > 0)
			;
	}
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_each_once();
	(void)close(shared.wake_fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(jobs_come_out_in_their_order),
		cmocka_unit_test(a_full_or_closed_lane_refuses),
		cmocka_unit_test(who_sleeps_is_woken_and_nobody_else),
		cmocka_unit_test(no_job_is_lost_by_one_that_sleeps),
		cmocka_unit_test(several_that_wait_share_the_jobs),
	};

	return (RUN(tests));
}
