/* links: -Itests/unit src/platform/log.c src/platform/clock.c */
#include "unit.h"

#include <sys/wait.h>
#include <unistd.h>

#include "../../../src/http/limit.c"

static int
open_table(void **state)
{
	(void)state;
	return (limit_open());
}

static int
close_table(void **state)
{
	(void)state;
	return (munmap(buckets, BUCKETS * sizeof(*buckets)));
}

static void
a_window_has_its_requests_and_no_more(void **state)
{
	uint64_t key = limit_key(1, "192.0.2.1", "/a");
	struct limit_verdict v;
	int i;

	(void)state;
	for (i = 1; i <= 3; i++) {
		v = limit_take(key, 3, 1000 + i);
		assert_false(v.refused);
		assert_int_equal(v.remaining, 3 - i);
		assert_int_equal(v.reset_s, 61 - i);
	}
	v = limit_take(key, 3, 1060);
	assert_true(v.refused);
	assert_int_equal(v.remaining, 0);
	assert_int_equal(v.reset_s, 1);
	/* Refused ones don't hold it open. */
	v = limit_take(key, 3, 1061);
	assert_false(v.refused);
	assert_int_equal(v.remaining, 2);
	assert_int_equal(v.reset_s, 60);
}

static void
what_did_not_count_is_given_back(void **state)
{
	uint64_t key = limit_key(2, "192.0.2.1", "/a");

	(void)state;
	limit_give_back(key); /* of nothing: nothing */
	assert_int_equal(limit_take(key, 1, 1000).remaining, 0);
	assert_true(limit_take(key, 1, 1000).refused);
	limit_give_back(key);
	limit_give_back(key);
	assert_false(limit_take(key, 1, 1000).refused);
	assert_true(limit_take(key, 1, 1000).refused);
}

static void
keys_are_apart(void **state)
{
	const uint64_t keys[] = { limit_key(1, "a", "b"),
		limit_key(2, "a", "b"), limit_key(1, "ab", ""),
		limit_key(1, "", "ab"), limit_key(1, "b", "a") };
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT_OF(keys); i++) {
		assert_true(keys[i] != 0);
		for (j = 0; j < i; j++)
			assert_true(keys[i] != keys[j]);
	}
}

/* Two workers look at their clocks, and the one that was first comes last. */
static void
a_clock_that_is_behind_opens_nothing(void **state)
{
	uint64_t key = limit_key(3, "192.0.2.1", "/a");

	(void)state;
	assert_false(limit_take(key, 1, 1001).refused);
	assert_true(limit_take(key, 1, 1000).refused);
	assert_true(limit_take(key, 1, 1001).refused);
}

static void
a_crowded_table_forgets_the_oldest(void **state)
{
	uint64_t i, key = 7 * BUCKETS + 5;

	(void)state;
	/* All in one reach, each a second later than the one before. */
	for (i = 0; i <= REACH; i++)
		assert_false(limit_take(key + i * BUCKETS, 1, 2000 + (int64_t)i)
				 .refused);
	assert_false(limit_take(key, 1, 2000 + REACH).refused);
	assert_true(limit_take(key + REACH * BUCKETS, 1, 2000 + REACH).refused);
}

/* Whoever could make others be forgotten could go on for ever. */
static void
a_crowded_table_keeps_who_asked_most(void **state)
{
	uint64_t i, key = 9 * BUCKETS + 5000;

	(void)state;
	for (i = 0; i < 5; i++)
		assert_false(limit_take(key, 5, 2000).refused);
	for (i = 1; i <= 4 * REACH; i++)
		assert_false(limit_take(key + i * BUCKETS, 5, 2001).refused);
	assert_true(limit_take(key, 5, 2001).refused);
	/* When its window is over, it is worth nothing. */
	assert_false(limit_take(key + i * BUCKETS, 5, 2060).refused);
	assert_null(find(key));
}

static void
nobody_foretells_a_key(void **state)
{
	uint64_t key = limit_key(1, "a", "b"), index = key % BUCKETS;
	int i, same = 0;

	assert_int_equal(limit_key(1, "a", "b"), key);
	for (i = 0; i < 8; i++) {
		assert_int_equal(close_table(state), 0);
		assert_int_equal(open_table(state), 0);
		assert_true(limit_key(1, "a", "b") != key);
		same += limit_key(1, "a", "b") % BUCKETS == index;
	}
	assert_true(same < 4);
}

/* How many of ${n} requests one process is allowed. */
static int
take_many(uint64_t key, int limit, int n)
{
	int i, allowed = 0;

	for (i = 0; i < n; i++)
		allowed += !limit_take(key, limit, 3001 - i % 2).refused;
	return (allowed);
}

static void
several_processes_share_one_limit(void **state)
{
	enum { PROCESSES = 4, EACH = 20000, LIMIT = 30011 };
	uint64_t key = limit_key(4, "192.0.2.1", "/a");
	_Atomic int *allowed;
	int i, status;

	(void)state;
	allowed = mmap(NULL, sizeof(*allowed), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(allowed != MAP_FAILED);
	for (i = 0; i < PROCESSES; i++)
		if (fork() == 0) {
			*allowed += take_many(key, LIMIT, EACH);
			_exit(0);
		}
	for (i = 0; i < PROCESSES; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	assert_int_equal(*allowed, LIMIT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_window_has_its_requests_and_no_more),
		cmocka_unit_test(what_did_not_count_is_given_back),
		cmocka_unit_test(keys_are_apart),
		cmocka_unit_test(a_clock_that_is_behind_opens_nothing),
		cmocka_unit_test(a_crowded_table_forgets_the_oldest),
		cmocka_unit_test(a_crowded_table_keeps_who_asked_most),
		cmocka_unit_test(nobody_foretells_a_key),
		cmocka_unit_test(several_processes_share_one_limit),
	};

	return (cmocka_run_group_tests(tests, open_table, close_table));
}
