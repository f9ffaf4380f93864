/* links: -Itests/unit -lm */
#include "unit.h"

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

/* A slope of 0.1 either way is level; beyond it, it is not. */
static void
small_slopes_are_level(void **state)
{
	static const struct {
		double values[4];
		enum trends_direction direction;
	} cases[] = {
		{ { 1, 1, 1, 1 }, TRENDS_STABLE },
		{ { 0, 0.09, 0.18, 0.27 }, TRENDS_STABLE },
		{ { 0.27, 0.18, 0.09, 0 }, TRENDS_STABLE },
		{ { 0, 0.11, 0.22, 0.33 }, TRENDS_INCREASING },
		{ { 0.33, 0.22, 0.11, 0 }, TRENDS_DECREASING },
		{ { 5, 0, 0, 5 }, TRENDS_STABLE },
		{ { -4, -3, -2, -1 }, TRENDS_INCREASING },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++)
		assert_case(trends_of(cases[i].values, 4).direction ==
				cases[i].direction,
		    "case %zu", i);
}

static void
scores_stay_between_0_and_100(void **state)
{
	static const double wild[] = { -9, 1, 9, 0.5, -1 };
	static const double below[] = { -5, -5, -6 };
	struct trend t;

	(void)state;
	t = trends_of(wild, COUNT_OF(wild));
	assert_true(t.consistency_score == 0);
	t = trends_of(below, COUNT_OF(below));
	assert_true(t.consistency_score > 80 && t.consistency_score < 100);
}

static void
directions_have_the_names_of_the_contract(void **state)
{
	(void)state;
	assert_string_equal(trends_direction_name(TRENDS_STABLE), "stable");
	assert_string_equal(
	    trends_direction_name(TRENDS_INCREASING), "increasing");
	assert_string_equal(
	    trends_direction_name(TRENDS_DECREASING), "decreasing");
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
	up.consistency_score = 50;
	trends_insights(&up, &up, "monthly", &said);
	assert_int_equal(said.count, 2);
	assert_string_equal(said.texts[1],
	    "Family earnings are growing steadily over the past monthlys");
	trends_insights(&down, &up, "monthly", &said);
	assert_int_equal(said.count, 3);
	assert_string_equal(said.texts[0],
	    "Chore completion has been declining over the past monthlys");
	assert_string_equal(
	    said.texts[2], "Chore completion shows excellent consistency");
	down.direction = TRENDS_STABLE;
	down.consistency_score = 80;
	trends_insights(&down, &down, "weekly", &said);
	assert_int_equal(said.count, 0);
}

static void
comparisons_mention_what_changed_much(void **state)
{
	struct trends_insights said;

	(void)state;
	trends_compared(25, 25, &said);
	assert_int_equal(said.count, 2);
	assert_string_equal(said.texts[0],
	    "Great improvement! Chore completion increased by 25.0%");
	assert_string_equal(
	    said.texts[1], "Family earnings increased significantly by 25.0%");
	trends_compared(10, 15, &said);
	assert_int_equal(said.count, 0);
	trends_compared(-10, -15, &said);
	assert_int_equal(said.count, 0);
	trends_compared(-10.5, -66.66, &said);
	assert_string_equal(said.texts[0],
	    "Chore completion decreased by 10.5% - consider reviewing goals");
	assert_string_equal(
	    said.texts[1], "Family earnings decreased by 66.7%");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures_are_those_of_the_original),
		cmocka_unit_test(small_slopes_are_level),
		cmocka_unit_test(scores_stay_between_0_and_100),
		cmocka_unit_test(directions_have_the_names_of_the_contract),
		cmocka_unit_test(changes_are_in_percent),
		cmocka_unit_test(insights_come_in_their_order),
		cmocka_unit_test(comparisons_mention_what_changed_much),
	};

	return (RUN(tests));
}
