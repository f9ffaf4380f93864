/*
 * statistics: what a family did, week by week and month by month.
 *
 * All four operations ask one statement for a run of periods, oldest first;
 * answers list them newest first.
 */
#include <string.h>

#include "api/endpoints.h"
#include "domain/dates.h"
#include "domain/trends.h"
#include "http/call.h"
#include "http/numbers.h"
#include "platform/clock.h"

#define PERIODS_MAX 12
#define TREND_WEEKS 8
#define TREND_MONTHS 6
#define DAYS_A_WEEK 7
#define CENTS 100.0

enum unit { UNIT_WEEK, UNIT_MONTH, UNIT_QUARTER };

/* One period and what happened in it. */
struct period {
	int64_t first_day; /* see domain/dates.h */
	int64_t end_day;
	int64_t completed;
	int64_t earned_cents, adjusted_cents;
	int64_t active_children;
};

/* What an operation asked for, oldest period first. */
struct span {
	enum unit unit;
	int count;
	bool has_child;
	struct period periods[PERIODS_MAX];
};

struct statistics_values {
	struct value count; /* weeks_back, months_back */
	struct value word;  /* period, compare_periods */
	struct value child_id;
	struct span span;
};

/* Columns of statistics_periods.sql */
enum {
	PERIOD_index,
	PERIOD_completed,
	PERIOD_earned,
	PERIOD_adjusted,
	PERIOD_active_children
};

/* Columns of adjustment_access.sql */
enum { ACCESS_exists, ACCESS_is_mine };

#define CHILD_FIELD                                                          \
	{                                                                    \
		"child_id", FIELD_INT, FIELD_AT(statistics_values, child_id) \
	}
#define COUNT_FIELD(name, preset)                                              \
	{                                                                      \
		name, FIELD_INT, .flags = FIELD_GE | FIELD_LE, .ge = 1,        \
				 .le = PERIODS_MAX, FIELD_DEFAULT_INT(preset), \
				 FIELD_AT(statistics_values, count)            \
	}
#define STATISTICS_INPUT(name, query)                    \
	const struct input name = { FIELDS_QUERY(query), \
		.size = sizeof(struct statistics_values) }

static const struct field weekly_query[] = {
	COUNT_FIELD("weeks_back", 4),
	CHILD_FIELD,
};
STATISTICS_INPUT(statistics_weekly_input, weekly_query);

static const struct field monthly_query[] = {
	COUNT_FIELD("months_back", 6),
	CHILD_FIELD,
};
STATISTICS_INPUT(statistics_monthly_input, monthly_query);

static const char *const trend_words[] = { "weekly", "monthly", NULL };
static const struct pattern trend_pattern = { "^(weekly|monthly)$",
	trend_words };
static const struct field trends_query[] = {
	{ "period", FIELD_TEXT, .pattern = &trend_pattern,
	    FIELD_DEFAULT_TEXT("monthly"), FIELD_AT(statistics_values, word) },
	CHILD_FIELD,
};
STATISTICS_INPUT(statistics_trends_input, trends_query);

static const char *const comparison_words[] = { "this_vs_last_week",
	"this_vs_last_month", "current_vs_previous_quarter", NULL };
static const struct pattern comparison_pattern = {
	"^(this_vs_last_week|this_vs_last_month|current_vs_previous_quarter)$",
	comparison_words
};
static const struct field comparison_query[] = {
	{ "compare_periods", FIELD_TEXT, .pattern = &comparison_pattern,
	    FIELD_DEFAULT_TEXT("this_vs_last_month"),
	    FIELD_AT(statistics_values, word) },
	CHILD_FIELD,
};
STATISTICS_INPUT(statistics_comparison_input, comparison_query);

/* The first day of the period that is ${back} periods before today's. */
static int64_t
first_day(enum unit unit, int64_t today, int64_t back)
{
	int64_t month = dates_month(today);

	switch (unit) {
	case UNIT_WEEK:
		return (dates_week_start(today) - DAYS_A_WEEK * back);
	case UNIT_MONTH:
		return (dates_month_start(month - back));
	case UNIT_QUARTER:
		break;
	}
	return (dates_month_start(dates_quarter_start(month) - 3 * back));
}

static void
lay_out(struct span *span, enum unit unit, int count)
{
	int64_t today = dates_day(dates_from_unix_us(clock_real_us()));
	int i;

	span->unit = unit;
	span->count = count;
	for (i = 0; i < count; i++) {
		struct period *period = &span->periods[i];

		period->first_day = first_day(unit, today, count - 1 - i);
		period->end_day = first_day(unit, today, count - 2 - i);
	}
}

static void
put_moment(struct buffer *out, int64_t day)
{
	dates_put_offset(out, dates_day_start(day));
}

/* The periods' first moments as an array of timestamptz. */
static const char *
starts_of(struct call *call, const struct span *span)
{
	struct buffer text;
	int i;

	buffer_init(&text, 1024);
	for (i = 0; i < span->count; i++) {
		buffer_putc(&text, i == 0 ? '{' : ',');
		put_moment(&text, span->periods[i].first_day);
	}
	buffer_putc(&text, '}');
	return (buffer_keep(&text, &call->arena));
}

static const char *
end_of(struct call *call, const struct span *span)
{
	struct buffer text;

	buffer_init(&text, 64);
	put_moment(&text, span->periods[span->count - 1].end_day);
	return (buffer_keep(&text, &call->arena));
}

static int
ask_periods(
    struct call *call, enum unit unit, int count, void (*done)(struct call *))
{
	struct statistics_values *values = call->values;
	struct span *span = &values->span;
	int64_t child_id =
	    values->child_id.state == VALUE_SET ? values->child_id.integer : 0;
	struct step *step;

	lay_out(span, unit, count);
	span->has_child = child_id != 0;
	step_int(call_step(call, STATEMENT_adjustment_access), child_id);
	step = call_step(call, STATEMENT_statistics_periods);
	step_int(step, child_id);
	step_text(step, starts_of(call, span));
	step_text(step, end_of(call, span));
	return (call_submit(call, done));
}

/* Fill the span; NULL if the child is not the caller's (answered). */
static struct span *
take_periods(struct call *call)
{
	struct statistics_values *values = call->values;
	struct span *span = &values->span;
	const struct rows *rows = call_rows(call, 1);
	int row;

	if (span->has_child &&
	    !row_bool(call_rows(call, 0), 0, ACCESS_is_mine)) {
		(void)call_refuse(call, PROBLEM_statistics_child_not_found);
		return (NULL);
	}
	for (row = 0; row < rows->count; row++) {
		int64_t i = row_int(rows, row, PERIOD_index);
		struct period *period;

		if (i < 0 || i >= span->count)
			continue;
		period = &span->periods[i];
		period->completed = row_int(rows, row, PERIOD_completed);
		period->earned_cents = row_int(rows, row, PERIOD_earned);
		period->adjusted_cents = row_int(rows, row, PERIOD_adjusted);
		period->active_children =
		    row_int(rows, row, PERIOD_active_children);
	}
	return (span);
}

static void
put_key(struct buffer *body, const char *key)
{
	buffer_printf(body, ",\"%s\":", key);
}

static void
put_money(struct buffer *body, const char *key, int64_t cents)
{
	put_key(body, key);
	numbers_put_float(body, (double)cents / CENTS);
}

static void
put_count(struct buffer *body, const char *key, int64_t count)
{
	put_key(body, key);
	buffer_put_int(body, count);
}

static void
put_period_name(
    struct buffer *body, const struct period *period, enum unit unit)
{
	int64_t month;

	if (unit == UNIT_WEEK) {
		buffer_puts(body, "{\"week_start\":\"");
		dates_put_day(body, period->first_day);
		buffer_puts(body, "\",\"week_end\":\"");
		dates_put_day(body, period->end_day - 1);
		buffer_putc(body, '"');
		return;
	}
	month = dates_month(period->first_day);
	buffer_printf(body, "{\"month\":\"%s %d\"", dates_month_name(month),
	    (int)dates_month_year(month));
	put_count(body, "year", dates_month_year(month));
	put_count(body, "month_number", dates_month_number(month));
}

static void
put_period(struct buffer *body, const struct period *period, enum unit unit)
{
	double earned = (double)period->earned_cents / CENTS;

	put_period_name(body, period, unit);
	put_count(body, "completed_chores", period->completed);
	put_money(body, "total_earned", period->earned_cents);
	put_money(body, "total_adjustments", period->adjusted_cents);
	put_money(
	    body, "net_amount", period->earned_cents + period->adjusted_cents);
	put_count(body, "active_children", period->active_children);
	put_key(body, "average_per_chore");
	numbers_put_float(body,
	    period->completed == 0 ? 0.0 : earned / (double)period->completed);
	buffer_putc(body, '}');
}

/* Newest first. */
static void
put_periods(struct buffer *body, const struct span *span)
{
	int i;

	buffer_putc(body, '[');
	for (i = span->count - 1; i >= 0; i--) {
		put_period(body, &span->periods[i], span->unit);
		if (i > 0)
			buffer_putc(body, ',');
	}
	buffer_putc(body, ']');
}

static struct trend
trend_of_chores(const struct span *span)
{
	double values[PERIODS_MAX];
	int i;

	for (i = 0; i < span->count; i++)
		values[i] = (double)span->periods[i].completed;
	return (trends_of(values, (size_t)span->count));
}

static struct trend
trend_of_earnings(const struct span *span)
{
	double values[PERIODS_MAX];
	int i;

	for (i = 0; i < span->count; i++)
		values[i] = (double)span->periods[i].earned_cents / CENTS;
	return (trends_of(values, (size_t)span->count));
}

static void
put_summary(struct buffer *body, const struct span *span)
{
	int64_t chores = 0, earned = 0, adjusted = 0;
	bool weeks = span->unit == UNIT_WEEK;
	int i;

	for (i = 0; i < span->count; i++) {
		chores += span->periods[i].completed;
		earned += span->periods[i].earned_cents;
		adjusted += span->periods[i].adjusted_cents;
	}
	buffer_puts(body, ",\"summary\":{\"total_chores\":");
	buffer_put_int(body, chores);
	put_money(body, "total_earned", earned);
	put_money(body, "total_adjustments", adjusted);
	put_key(body, weeks ? "average_per_week" : "average_per_month");
	numbers_put_float(body, (double)chores / (double)span->count);
	buffer_printf(body, ",\"trend_direction\":\"%s\"}",
	    trends_direction_name(trend_of_chores(span).direction));
}

static void
statistics_summary_done(struct call *call)
{
	const struct span *span = take_periods(call);
	struct buffer *body = call_body(call);
	const char *unit;

	if (span == NULL)
		return;
	unit = span->unit == UNIT_WEEK ? "week" : "month";
	buffer_printf(body, "{\"%ss_analyzed\":%d,\"%sly_data\":", unit,
	    span->count, unit);
	put_periods(body, span);
	put_summary(body, span);
	buffer_putc(body, '}');
	(void)call_answer(call, 200);
}

int
statistics_weekly(struct call *call)
{
	const struct statistics_values *values = call->values;

	return (ask_periods(call, UNIT_WEEK, (int)values->count.integer,
	    statistics_summary_done));
}

int
statistics_monthly(struct call *call)
{
	const struct statistics_values *values = call->values;

	return (ask_periods(call, UNIT_MONTH, (int)values->count.integer,
	    statistics_summary_done));
}

static void
put_trend(struct buffer *body, const char *key, const struct trend *trend)
{
	put_key(body, key);
	buffer_printf(body, "{\"direction\":\"%s\"",
	    trends_direction_name(trend->direction));
	put_key(body, "growth_rate");
	numbers_put_float(body, trend->growth_rate);
	put_key(body, "consistency_score");
	numbers_put_float(body, trend->consistency_score);
	buffer_putc(body, '}');
}

static void
put_insights(struct buffer *body, const struct trends_insights *insights)
{
	size_t i;

	buffer_puts(body, ",\"insights\":[");
	for (i = 0; i < insights->count; i++)
		buffer_printf(
		    body, "%s\"%s\"", i == 0 ? "" : ",", insights->texts[i]);
	buffer_putc(body, ']');
}

static void
statistics_trends_done(struct call *call)
{
	const struct span *span = take_periods(call);
	struct buffer *body = call_body(call);
	struct trends_insights insights;
	struct trend chores, earnings;
	const char *period;

	if (span == NULL)
		return;
	period = span->unit == UNIT_WEEK ? "weekly" : "monthly";
	chores = trend_of_chores(span);
	earnings = trend_of_earnings(span);
	trends_insights(&chores, &earnings, period, &insights);

	buffer_printf(body, "{\"period\":\"%s\",\"periods_analyzed\":%d",
	    period, span->count);
	put_trend(body, "chore_completion_trend", &chores);
	put_trend(body, "earnings_trend", &earnings);
	put_insights(body, &insights);
	buffer_puts(body, ",\"data_points\":");
	put_periods(body, span);
	buffer_putc(body, '}');
	(void)call_answer(call, 200);
}

int
statistics_trends(struct call *call)
{
	const struct statistics_values *values = call->values;
	bool weekly = strcmp(values->word.text.data, "weekly") == 0;

	return (ask_periods(call, weekly ? UNIT_WEEK : UNIT_MONTH,
	    weekly ? TREND_WEEKS : TREND_MONTHS, statistics_trends_done));
}

static void
put_compared(struct buffer *body, const char *key, const struct period *period)
{
	put_key(body, key);
	buffer_puts(body, "{\"completed_chores\":");
	buffer_put_int(body, period->completed);
	put_money(body, "total_earned", period->earned_cents);
	put_money(body, "total_adjustments", period->adjusted_cents);
	buffer_puts(body, ",\"period_label\":null}");
}

static void
statistics_comparison_done(struct call *call)
{
	const struct statistics_values *values = call->values;
	const struct span *span = take_periods(call);
	struct buffer *body = call_body(call);
	struct trends_insights insights;
	const struct period *before, *now;
	double chores, earnings, adjustments;

	if (span == NULL)
		return;
	before = &span->periods[0];
	now = &span->periods[1];
	chores =
	    trends_change((double)before->completed, (double)now->completed);
	earnings = trends_change((double)before->earned_cents / CENTS,
	    (double)now->earned_cents / CENTS);
	adjustments = trends_change((double)before->adjusted_cents / CENTS,
	    (double)now->adjusted_cents / CENTS);
	trends_compared(chores, earnings, &insights);

	buffer_printf(
	    body, "{\"comparison_type\":\"%s\"", values->word.text.data);
	put_compared(body, "current_period", now);
	put_compared(body, "previous_period", before);
	buffer_puts(body, ",\"changes\":{\"chores_change\":");
	numbers_put_float(body, chores);
	put_key(body, "earnings_change");
	numbers_put_float(body, earnings);
	put_key(body, "adjustments_change");
	numbers_put_float(body, adjustments);
	buffer_putc(body, '}');
	put_insights(body, &insights);
	buffer_putc(body, '}');
	(void)call_answer(call, 200);
}

int
statistics_comparison(struct call *call)
{
	const struct statistics_values *values = call->values;
	const char *word = values->word.text.data;
	enum unit unit = strcmp(word, comparison_words[0]) == 0 ? UNIT_WEEK
			 : strcmp(word, comparison_words[1]) == 0
			     ? UNIT_MONTH
			     : UNIT_QUARTER;

	return (ask_periods(call, unit, 2, statistics_comparison_done));
}
