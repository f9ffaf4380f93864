/*
 * reports: what children earned and got in a period, and how it came about.
 */
#include "api/reports.h"

#include <string.h>
#include <strings.h>

#include "api/endpoints.h"
#include "api/render.h"
#include "domain/dates.h"
#include "http/call.h"
#include "http/fields.h"
#include "http/json.h"
#include "platform/clock.h"
#include "platform/compiler.h"

struct reports_values {
	struct value child_id, date_from, date_to;
	struct value format; /* of an export */
	struct value limit;  /* of a history */
	struct report_period period;
	void (*answer)(struct call *);
};

#define DATE_FIELD(name)                                          \
	{                                                         \
#name, FIELD_TEXT, .flags = FIELD_MAY_HOLD_NUL,   \
				   FIELD_AT(reports_values, name) \
	}

#define DATE_FIELDS DATE_FIELD(date_from), DATE_FIELD(date_to)

#define CHILD_FIELD                                                       \
	{                                                                 \
		"child_id", FIELD_INT, FIELD_AT(reports_values, child_id) \
	}

static const struct field allowance_query[] = { DATE_FIELDS, CHILD_FIELD };

const struct input reports_allowance_input = {
	FIELDS_QUERY(allowance_query),
	.size = sizeof(struct reports_values),
};

static const struct field export_query[] = {
	{ "format", FIELD_TEXT, .flags = FIELD_MAY_HOLD_NUL,
	    FIELD_DEFAULT_TEXT("csv"), FIELD_AT(reports_values, format) },
	DATE_FIELDS,
	CHILD_FIELD,
};

const struct input reports_export_input = {
	FIELDS_QUERY(export_query),
	.size = sizeof(struct reports_values),
};

static const struct field history_path[] = {
	{ "child_id", FIELD_INT, .flags = FIELD_REQUIRED,
	    FIELD_AT(reports_values, child_id) },
};

static const struct field history_query[] = {
	DATE_FIELDS,
	{ "limit", FIELD_INT, .flags = FIELD_GE | FIELD_LE, .ge = 1, .le = 200,
	    FIELD_DEFAULT_INT(50), FIELD_AT(reports_values, limit) },
};

const struct input reports_history_input = {
	FIELDS_PATH(history_path),
	FIELDS_QUERY(history_query),
	.size = sizeof(struct reports_values),
};

#define ERROR_CEILING_BYTES 65536

static bool
is_given(const struct value *text)
{
	return (text->state == VALUE_SET && text->text.length > 0);
}

/* One of the two dates; false leaves its reason in ${period}. */
static bool
read_date(struct call *call, const struct value *text,
    int (*read)(const char *, size_t, int64_t *, struct buffer *), int64_t *us,
    struct report_period *period)
{
	struct buffer error;
	bool is_date;

	buffer_init(&error, ERROR_CEILING_BYTES);
	is_date = read(text->text.data, text->text.length, us, &error) == 0;
	if (!is_date)
		period->error = arena_strdup(&call->arena, buffer_text(&error));
	buffer_fini(&error);
	return (is_date);
}

/* Both may be absent or empty. The first that is no date leaves its reason and
 * the period open: it may still be asked for, which says who may. */
static void
read_period(struct call *call, const struct value *from, const struct value *to,
    struct report_period *period)
{
	memset(period, 0, sizeof(*period));
	if (is_given(from)) {
		if (!read_date(
			call, from, dates_read, &period->from_us, period))
			return;
		period->has_from = true;
	}
	period->end_us = dates_from_unix_us(clock_real_us());
	if (is_given(to)) {
		if (!read_date(
			call, to, dates_read_end, &period->end_us, period))
			return;
		period->has_until = true;
		period->until_us = period->end_us + DATES_US_PER_S;
	}
}

static void
step_moment(struct step *step, bool is_there, int64_t us)
{
	struct buffer text;

	if (!is_there) {
		step_null(step);
		return;
	}
	buffer_init(&text, 64);
	dates_put_offset(&text, us);
	step_text(step, buffer_text(&text));
	buffer_fini(&text);
}

/* The next two parameters: from and until, or NULL. */
static void
step_period(struct step *step, const struct report_period *period)
{
	step_moment(step, period->has_from, period->from_us);
	step_moment(step, period->has_until, period->until_us);
}

struct report_figures
reports_child(const struct rows *rows, int row)
{
	struct report_figures figures = {
		.completed = row_int(rows, row, REPORT_completed),
		.earned_cents = row_int(rows, row, REPORT_earned),
		.adjusted_cents = row_int(rows, row, REPORT_adjusted),
		.paid_out_cents = row_int(rows, row, REPORT_paid_out),
		.pending = row_double(rows, row, REPORT_pending),
	};

	return (figures);
}

struct report_figures
reports_family(const struct rows *rows)
{
	struct report_figures sum = { 0 }, child;
	int row;

	for (row = 0; row < rows->count; row++) {
		child = reports_child(rows, row);
		sum.completed += child.completed;
		sum.earned_cents += child.earned_cents;
		sum.adjusted_cents += child.adjusted_cents;
		sum.paid_out_cents += child.paid_out_cents;
	}
	return (sum);
}

int64_t
reports_balance_cents(const struct report_figures *figures)
{
	return (figures->earned_cents + figures->adjusted_cents -
		figures->paid_out_cents);
}

static bool
is_reversed(const struct report_period *period)
{
	return (period->has_from && period->has_until &&
		period->end_us < period->from_us);
}

/* An answer about the period rather than the figures; false if none. */
static bool
refuse_period(struct call *call, const struct report_period *period)
{
	const char *error = period->error;

	if (error == NULL && is_reversed(period))
		error = "period_end cannot be before period_start";
	if (error == NULL)
		return (false);
	(void)call_refuse_with(call, PROBLEM_date_format, error);
	return (true);
}

static void
allowance_done(struct call *call)
{
	const struct reports_values *values = call->values;

	/* A child was named, and it is none of the caller's. */
	if (values->child_id.state == VALUE_SET &&
	    values->child_id.integer != 0 && call_rows(call, 0)->count == 0)
		(void)call_refuse(call, PROBLEM_report_child_not_found);
	else if (!refuse_period(call, &values->period))
		values->answer(call);
}

static void
refuse_date(struct call *call)
{
	const struct reports_values *values = call->values;

	(void)refuse_period(call, &values->period);
}

static int
ask_allowance(struct call *call, void (*answer)(struct call *))
{
	struct reports_values *values = call->values;
	struct step *step;

	values->answer = answer;
	read_period(
	    call, &values->date_from, &values->date_to, &values->period);
	if (values->period.error != NULL)
		return (call_submit_alone(call, refuse_date));
	step = call_step(call, STATEMENT_report_allowance);
	step_int(step,
	    values->child_id.state == VALUE_SET ? values->child_id.integer : 0);
	step_period(step, &values->period);
	return (call_submit(call, allowance_done));
}

static void
answer_allowance(struct call *call)
{
	const struct reports_values *values = call->values;

	reports_put(call_body(call), REPORT_ANSWER, call_rows(call, 0),
	    &values->period);
	(void)call_answer(call, 200);
}

int
reports_allowance(struct call *call)
{
	return (ask_allowance(call, answer_allowance));
}

/* The largest file: as an answer it must fit into one string. */
#define FILE_CEILING_BYTES (32 * 1024 * 1024)

static void
put_file(struct call *call, bool is_csv, struct buffer *file)
{
	const struct reports_values *values = call->values;
	struct buffer *body = call_body(call);

	buffer_puts(body, "{\"content\":");
	json_put_string(body, buffer_text(file), file->length);
	buffer_printf(body,
	    ",\"content_type\":\"%s\",\"filename\":\"allowance_summary_",
	    is_csv ? "text/csv" : "application/json");
	dates_put_stamp(body, values->period.has_until
				  ? dates_from_unix_us(clock_real_us())
				  : values->period.end_us);
	buffer_puts(body, is_csv ? ".csv\"}" : ".json\"}");
}

static bool
is_format(const struct reports_values *values, const char *name)
{
	return (values->format.text.length == strlen(name) &&
		strcasecmp(values->format.text.data, name) == 0);
}

static void
answer_export(struct call *call)
{
	const struct reports_values *values = call->values;
	bool is_csv = is_format(values, "csv");
	struct buffer file;

	if (!is_csv && !is_format(values, "json")) {
		(void)call_refuse(call, PROBLEM_export_format);
		return;
	}
	buffer_init(&file, FILE_CEILING_BYTES);
	if (is_csv)
		reports_put_csv(&file, call_rows(call, 0));
	else
		reports_put(
		    &file, REPORT_FILE, call_rows(call, 0), &values->period);
	if (buffer_failed(&file)) {
		(void)call_refuse(call, PROBLEM_internal);
	} else {
		put_file(call, is_csv, &file);
		(void)call_answer(call, 200);
	}
	buffer_fini(&file);
}

int
reports_export(struct call *call)
{
	return (ask_allowance(call, answer_export));
}

/* Columns of assets/sql/report_history.sql */
enum {
	HISTORY_is_work,
	HISTORY_at,
	HISTORY_amount,
	HISTORY_id,
	HISTORY_reason,
	HISTORY_title,
	HISTORY_chore_id,
	HISTORY_assignment_id
};

/* The steps of reports_history() */
enum { STEP_access, STEP_history };

/* ,"description":"<before><text>" */
static void
put_description(struct call *call, const char *before, const struct rows *rows,
    int row, int column)
{
	const char *text = arena_printf(
	    &call->arena, "%s%s", before, row_text(rows, row, column, NULL));

	buffer_puts(call_body(call), ",\"description\":");
	json_put_string(call_body(call), text, strlen(text));
}

static void
put_earning(struct call *call, const struct rows *rows, int row)
{
	struct buffer *body = call_body(call);

	put_description(call, "Completed chore: ", rows, row, HISTORY_title);
	buffer_puts(body, ",\"chore_id\":");
	render_int(body, rows, row, HISTORY_chore_id);
	buffer_puts(body, ",\"chore_title\":");
	render_text(body, rows, row, HISTORY_title);
	buffer_puts(body, ",\"assignment_id\":");
	render_int(body, rows, row, HISTORY_assignment_id);
}

static void
put_adjustment(struct call *call, const struct rows *rows, int row)
{
	struct buffer *body = call_body(call);

	put_description(call, "Adjustment: ", rows, row, HISTORY_reason);
	buffer_puts(body, ",\"adjustment_id\":");
	render_int(body, rows, row, HISTORY_id);
	buffer_puts(body, ",\"reason\":");
	render_text(body, rows, row, HISTORY_reason);
}

static void
put_entry(struct call *call, const struct rows *rows, int row)
{
	struct buffer *body = call_body(call);
	bool is_work = row_bool(rows, row, HISTORY_is_work);

	buffer_printf(body, "{\"type\":\"%s\",\"date\":\"",
	    is_work ? "chore_earning" : "adjustment");
	dates_put_offset(body, row_time(rows, row, HISTORY_at));
	buffer_puts(body, "\",\"amount\":");
	render_float(body, rows, row, HISTORY_amount);
	if (is_work)
		put_earning(call, rows, row);
	else
		put_adjustment(call, rows, row);
	buffer_putc(body, '}');
}

static enum problem
history_problem(const struct call *call)
{
	const struct reports_values *values = call->values;

	if (call->caller.is_parent)
		return (row_bool(call_rows(call, STEP_access), 0, 0)
			    ? PROBLEM_none
			    : PROBLEM_history_child_not_found);
	return (values->child_id.integer == call->caller.id
		    ? PROBLEM_none
		    : PROBLEM_history_own_only);
}

static void
history_done(struct call *call)
{
	const struct reports_values *values = call->values;
	const struct rows *rows = call_rows(call, STEP_history);
	enum problem problem = history_problem(call);
	struct buffer *body = call_body(call);
	int row;

	if (problem != PROBLEM_none) {
		(void)call_refuse(call, problem);
		return;
	}
	if (values->period.error != NULL) {
		refuse_date(call);
		return;
	}
	buffer_putc(body, '[');
	for (row = 0; row < rows->count; row++) {
		if (row > 0)
			buffer_putc(body, ',');
		put_entry(call, rows, row);
	}
	buffer_putc(body, ']');
	(void)call_answer(call, 200);
}

int
reports_history(struct call *call)
{
	struct reports_values *values = call->values;
	struct step *step;

	read_period(
	    call, &values->date_from, &values->date_to, &values->period);
	step_int(
	    call_step(call, STATEMENT_report_access), values->child_id.integer);
	step = call_step(call, STATEMENT_report_history);
	step_int(step, values->child_id.integer);
	step_period(step, &values->period);
	step_int(step, values->limit.integer);
	return (call_submit(call, history_done));
}
