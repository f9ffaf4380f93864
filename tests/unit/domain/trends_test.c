/* links: -Itests/unit src/domain/rewards.c -lm */
#include "unit.h"

#include "domain/dates.h"
#include "domain/rewards.h"

#include "../../../src/domain/trends.c"

static void
figures_are_those_of_the_original(void **state)
{
	/* Oldest first; computed by an independent implementation. */
	static const double rising[] = { 1, 2, 3, 4, 5, 6, 7, 7 };
	static const double none[] = { 0, 0, 0, 0, 0, 0, 0, 0 };
	static const double late[] = { 0, 0, 0, 8 };
	struct trend t;

	(void)state;
	t = trends_of(rising, 8);
	assert_int_equal(t.direction, TRENDS_INCREASING);
	assert_true(t.growth_rate == 600.0);
	assert_true(t.consistency_score == 51.59693043972167);
	t = trends_of(none, 8);
	assert_int_equal(t.direction, TRENDS_STABLE);
	assert_true(t.growth_rate == 0 && t.consistency_score == 100);
	t = trends_of(late, 4);
	assert_int_equal(t.direction, TRENDS_INCREASING);
	assert_true(t.growth_rate == 0 && t.consistency_score == 0);
	t = trends_of(rising, 1);
	assert_int_equal(t.direction, TRENDS_STABLE);
}

static void
changes_are_in_percent(void **state)
{
	(void)state;
	assert_true(trends_change(0, 0) == 0);
	assert_true(trends_change(0, 5) == 100);
	assert_true(trends_change(8, 10) == 25);
	assert_true(trends_change(10, 5) == -50);
}

static void
insights_come_in_their_order(void **state)
{
	struct trend up = { TRENDS_INCREASING, 0, 40 };
	struct trend down = { TRENDS_DECREASING, 0, 90 };
	struct trends_insights said;

	(void)state;
	trends_insights(&up, &down, "weekly", &said);
	assert_int_equal(said.count, 3);
	assert_string_equal(said.texts[0],
	    "Chore completion is trending upward over the past weeklys");
	assert_string_equal(said.texts[1],
	    "Family earnings have decreased over the past weeklys");
	assert_string_equal(said.texts[2],
	    "Chore completion varies significantly - consider setting "
	    "regular goals");
	trends_compared(25, 15, &said);
	assert_int_equal(said.count, 1);
	trends_compared(-10.5, -66.66, &said);
	assert_string_equal(said.texts[0],
	    "Chore completion decreased by 10.5% - consider reviewing goals");
	assert_string_equal(
	    said.texts[1], "Family earnings decreased by 66.7%");
}

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
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_case(
		    rewards_cooldown_days_left(end,
			(int64_t)(cases[i].hours * 3600e6)) == cases[i].days,
		    "%f hours", cases[i].hours);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures_are_those_of_the_original),
		cmocka_unit_test(changes_are_in_percent),
		cmocka_unit_test(insights_come_in_their_order),
		cmocka_unit_test(cooldowns_count_whole_days_and_one_more),
	};

	return (RUN(tests));
}
