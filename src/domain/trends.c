#include "domain/trends.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "platform/compiler.h"

/* A slope below that is level. */
#define SLOPE_LEVEL 0.1

/* What the texts call excellent, and what varies significantly. */
#define SCORE_EXCELLENT 80
#define SCORE_VARYING 50
#define SCORE_FULL 100

/* A change beyond that, in percent, is worth a text. */
#define CHANGE_CHORES 10
#define CHANGE_EARNINGS 15

static double
mean_of(const double *values, size_t count)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < count; i++)
		sum += values[i];
	return (sum / (double)count);
}

/* The slope of the least-squares line. */
static enum trends_direction
direction_of(const double *values, size_t count)
{
	double mean = mean_of(values, count), above = 0, below = 0, slope;
	double middle = ((double)count - 1) / 2;
	size_t i;

	for (i = 0; i < count; i++) {
		double x = (double)i - middle;

		above += x * (values[i] - mean);
		below += x * x;
	}
	slope = above / below;
	if (slope > SLOPE_LEVEL)
		return (TRENDS_INCREASING);
	return (slope < -SLOPE_LEVEL ? TRENDS_DECREASING : TRENDS_STABLE);
}

static double
growth_of(const double *values, size_t count)
{
	if (values[0] == 0)
		return (0);
	return ((values[count - 1] - values[0]) / values[0] * 100);
}

/* 100 less the coefficient of variation in percent. */
static double
consistency_of(const double *values, size_t count)
{
	double mean = mean_of(values, count), sum = 0, score;
	size_t i;

	if (mean == 0)
		return (SCORE_FULL);
	for (i = 0; i < count; i++)
		sum += (values[i] - mean) * (values[i] - mean);
	score =
	    SCORE_FULL - SCORE_FULL * sqrt(sum / (double)count) / fabs(mean);
	return (score < 0 ? 0 : score);
}

struct trend
trends_of(const double *values, size_t count)
{
	struct trend trend = { TRENDS_STABLE, 0, SCORE_FULL };

	if (count < 2)
		return (trend);
	trend.direction = direction_of(values, count);
	trend.growth_rate = growth_of(values, count);
	trend.consistency_score = consistency_of(values, count);
	return (trend);
}

const char *
trends_direction_name(enum trends_direction direction)
{
	static const char *const names[] = {
		[TRENDS_STABLE] = "stable",
		[TRENDS_INCREASING] = "increasing",
		[TRENDS_DECREASING] = "decreasing",
	};

	return (names[direction]);
}

double
trends_change(double before, double now)
{
	if (before == 0)
		return (now == 0 ? 0 : 100);
	return ((now - before) / before * 100);
}

static void PRINTF_LIKE(2, 3)
    say(struct trends_insights *insights, const char *format, ...)
{
	va_list arguments;

	if (insights->count == TRENDS_INSIGHTS_MAX)
		return;
	va_start(arguments, format);
	(void)vsnprintf(insights->texts[insights->count++], TRENDS_INSIGHT_SIZE,
	    format, arguments);
	va_end(arguments);
}

/* "weeklys" and "monthlys" are what clients have always been shown. */
void
trends_insights(const struct trend *chores, const struct trend *earnings,
    const char *period, struct trends_insights *insights)
{
	insights->count = 0;
	if (chores->direction == TRENDS_INCREASING)
		say(insights,
		    "Chore completion is trending upward over the past %ss",
		    period);
	else if (chores->direction == TRENDS_DECREASING)
		say(insights,
		    "Chore completion has been declining over the past %ss",
		    period);
	if (earnings->direction == TRENDS_INCREASING)
		say(insights,
		    "Family earnings are growing steadily over the past %ss",
		    period);
	else if (earnings->direction == TRENDS_DECREASING)
		say(insights,
		    "Family earnings have decreased over the past %ss", period);
	if (chores->consistency_score > SCORE_EXCELLENT)
		say(insights, "Chore completion shows excellent consistency");
	else if (chores->consistency_score < SCORE_VARYING)
		say(insights, "Chore completion varies significantly - "
			      "consider setting regular goals");
}

void
trends_compared(double chores_change, double earnings_change,
    struct trends_insights *insights)
{
	insights->count = 0;
	if (chores_change > CHANGE_CHORES)
		say(insights,
		    "Great improvement! Chore completion increased by %.1f%%",
		    chores_change);
	else if (chores_change < -CHANGE_CHORES)
		say(insights,
		    "Chore completion decreased by %.1f%% - consider "
		    "reviewing goals",
		    -chores_change);
	if (earnings_change > CHANGE_EARNINGS)
		say(insights,
		    "Family earnings increased significantly by %.1f%%",
		    earnings_change);
	else if (earnings_change < -CHANGE_EARNINGS)
		say(insights, "Family earnings decreased by %.1f%%",
		    -earnings_change);
}
