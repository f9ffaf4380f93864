/*
 * trends: what a family's figures did over some weeks or months.
 *
 * Values are one a period, oldest first: the answers' lists are newest first,
 * so turn them around.
 * Source: the wire contract, statistics, "Trends" and "Comparison".
 *
 * Context  any.
 */
#ifndef DOMAIN_TRENDS_H
#define DOMAIN_TRENDS_H

#include <stddef.h>

enum trends_direction { TRENDS_STABLE, TRENDS_INCREASING, TRENDS_DECREASING };

struct trend {
	enum trends_direction direction;
	double growth_rate;       /* first to last, in percent */
	double consistency_score; /* 0 to 100; 100: all alike */
};

#define TRENDS_INSIGHTS_MAX 4
#define TRENDS_INSIGHT_SIZE 112

struct trends_insights {
	size_t count;
	char texts[TRENDS_INSIGHTS_MAX][TRENDS_INSIGHT_SIZE];
};

/* trends_of(values, count): all three figures. */
struct trend trends_of(const double *values, size_t count);

/* trends_direction_name(direction): "stable", "increasing", "decreasing". */
const char *trends_direction_name(enum trends_direction direction);

/* trends_change(before, now): in percent; 100 where there was nothing. */
double trends_change(double before, double now);

/*
 * trends_insights(chores, earnings, period, insights): what is said about two
 * trends, in the answer's order. ${period} is "weekly" or "monthly".
 */
void trends_insights(const struct trend *chores, const struct trend *earnings,
    const char *period, struct trends_insights *insights);

/*
 * trends_compared(chores_change, earnings_change, insights): what is said
 * about two changes in percent, as trends_change() returns them.
 */
void trends_compared(double chores_change, double earnings_change,
    struct trends_insights *insights);

#endif
