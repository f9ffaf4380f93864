/* links: -Itests/unit */
#include "unit.h"

#include "../../../src/domain/rewards.c"

/* The hours of the contract, for a cooldown of seven days. */
static void
cooldowns_count_whole_days_and_one_more(void **state)
{
	static const struct {
		double hours;
		int days;
	} cases[] = { { 0, 8 }, { 1, 7 }, { 23.9, 7 }, { 24.1, 6 }, { 47.9, 6 },
		{ 48.1, 5 }, { 165.6, 1 }, { 168, 0 }, { 168.24, 0 } };
	int64_t end = rewards_cooldown_end_us(0, 7);
	size_t i;

	(void)state;
	assert_int_equal(end, 7 * DATES_US_PER_DAY);
	for (i = 0; i < COUNT_OF(cases); i++)
		assert_case(
		    rewards_cooldown_days_left(end,
			(int64_t)(cases[i].hours * 3600e6)) == cases[i].days,
		    "%f hours", cases[i].hours);
}

static void
the_last_moment_still_counts_as_a_day(void **state)
{
	int64_t end = rewards_cooldown_end_us(1000, 1);

	(void)state;
	assert_int_equal(end, 1000 + DATES_US_PER_DAY);
	assert_int_equal(rewards_cooldown_days_left(end, end - 1), 1);
	assert_int_equal(rewards_cooldown_days_left(end, end), 0);
	assert_int_equal(rewards_cooldown_days_left(end, end + 1), 0);
	assert_int_equal(
	    rewards_cooldown_days_left(end, end - DATES_US_PER_DAY), 2);
}

static void
without_a_cooldown_a_chore_is_free_at_once(void **state)
{
	(void)state;
	assert_int_equal(rewards_cooldown_end_us(5, 0), 5);
	assert_int_equal(rewards_cooldown_days_left(5, 5), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cooldowns_count_whole_days_and_one_more),
		cmocka_unit_test(the_last_moment_still_counts_as_a_day),
		cmocka_unit_test(without_a_cooldown_a_chore_is_free_at_once),
	};

	return (RUN(tests));
}
