/*
 * activities: who did what, newest first.
 */
#include <stdlib.h>
#include <string.h>

#include "api/endpoints.h"
#include "api/render.h"
#include "domain/dates.h"
#include "http/call.h"
#include "http/json.h"
#include "http/numbers.h"

struct activities_recent_values {
	struct value limit, offset, activity_type;
};

struct activities_summary_values {
	struct value days_back;
};

struct activity_values {
	struct value activity_id;
};

static const struct field recent_query[] = {
	{ "limit", FIELD_INT, .flags = FIELD_GE | FIELD_LE, .ge = 1, .le = 100,
	    FIELD_DEFAULT_INT(20), FIELD_AT(activities_recent_values, limit) },
	{ "offset", FIELD_INT, .flags = FIELD_GE, .ge = 0, FIELD_DEFAULT_INT(0),
	    FIELD_AT(activities_recent_values, offset) },
	{ "activity_type", FIELD_TEXT,
	    FIELD_AT(activities_recent_values, activity_type) },
};

const struct input activities_recent_input = { FIELDS_QUERY(recent_query),
	.size = sizeof(struct activities_recent_values) };

static const struct field summary_query[] = {
	{ "days_back", FIELD_INT, .flags = FIELD_GE | FIELD_LE, .ge = 1,
	    .le = 365, FIELD_DEFAULT_INT(30),
	    FIELD_AT(activities_summary_values, days_back) },
};

const struct input activities_summary_input = { FIELDS_QUERY(summary_query),
	.size = sizeof(struct activities_summary_values) };

static const struct field activity_path[] = {
	{ "activity_id", FIELD_INT, .flags = FIELD_REQUIRED,
	    FIELD_AT(activity_values, activity_id) },
};

const struct input activity_input = { FIELDS_PATH(activity_path),
	.size = sizeof(struct activity_values) };

/* Columns of fragment_activity.sql; user and target are those of ${user} */
enum {
	ACTIVITY_type,
	ACTIVITY_description,
	ACTIVITY_target_user_id,
	ACTIVITY_data,
	ACTIVITY_id,
	ACTIVITY_user_id,
	ACTIVITY_created_at,
	ACTIVITY_user,
	ACTIVITY_target = ACTIVITY_user + 6
};

/* Columns of activity_get.sql, before those of ${activity} */
enum { GET_is_mine, GET_activity };

/* No feed is longer; what lies behind is empty all the same. */
#define OFFSET_MAX 1000000000

#define DEBUG_LIMIT 5
#define DEBUG_SHOWN 3

/* A number as jsonb keeps it, 2.50 or 0.0000001: what has a point is told as
 * floats are, 2.5 and 1e-7. Returns its length. */
static size_t
put_number(struct buffer *body, const char *text)
{
	size_t length = strspn(text, "-.0123456789");

	if (memchr(text, '.', length) != NULL)
		numbers_put_float(body, strtod(text, NULL));
	else
		buffer_append(body, text, length);
	return (length);
}

/* PostgreSQL's own text of the jsonb, without its blanks outside strings. */
static void
put_data(struct buffer *body, const struct rows *rows, int row, int column)
{
	const char *text;
	bool in_string = false;
	size_t length, i;

	if (row_is_null(rows, row, column)) {
		buffer_puts(body, "null");
		return;
	}
	text = row_json(rows, row, column, &length);
	for (i = 0; i < length; i++) {
		if (text[i] == '"')
			in_string = !in_string;
		if (in_string && text[i] == '\\' && i + 1 < length)
			buffer_putc(body, text[i++]);
		if (!in_string && strchr("-0123456789", text[i]) != NULL)
			i += put_number(body, text + i) - 1;
		else if (in_string || text[i] != ' ')
			buffer_putc(body, text[i]);
	}
}

/* A text, or null. */
static void
put_string(struct buffer *body, const char *text)
{
	if (text == NULL)
		buffer_puts(body, "null");
	else
		json_put_string(body, text, strlen(text));
}

static void
render_activity(
    struct buffer *body, const struct rows *rows, int row, int column)
{
	buffer_puts(body, "{\"activity_type\":");
	render_text(body, rows, row, column + ACTIVITY_type);
	buffer_puts(body, ",\"description\":");
	render_text(body, rows, row, column + ACTIVITY_description);
	buffer_puts(body, ",\"target_user_id\":");
	render_int(body, rows, row, column + ACTIVITY_target_user_id);
	buffer_puts(body, ",\"activity_data\":");
	put_data(body, rows, row, column + ACTIVITY_data);
	buffer_puts(body, ",\"id\":");
	render_int(body, rows, row, column + ACTIVITY_id);
	buffer_puts(body, ",\"user_id\":");
	render_int(body, rows, row, column + ACTIVITY_user_id);
	buffer_puts(body, ",\"created_at\":");
	render_time_z(body, rows, row, column + ACTIVITY_created_at);
	buffer_puts(body, ",\"user\":");
	render_user(body, rows, row, column + ACTIVITY_user);
	buffer_puts(body, ",\"target_user\":");
	if (row_is_null(rows, row, column + ACTIVITY_target))
		buffer_puts(body, "null");
	else
		render_user(body, rows, row, column + ACTIVITY_target);
	buffer_putc(body, '}');
}

/* The page, without the row that only tells of the next one. */
static int
page_length(const struct rows *rows, int64_t limit)
{
	return (rows->count > limit ? (int)limit : rows->count);
}

static void
activities_recent_done(struct call *call)
{
	const struct activities_recent_values *values = call->values;
	const struct rows *rows = call_rows(call, 0);
	struct buffer *body = call_body(call);
	int length = page_length(rows, values->limit.integer), row;

	buffer_puts(body, "{\"activities\":[");
	for (row = 0; row < length; row++) {
		if (row > 0)
			buffer_putc(body, ',');
		render_activity(body, rows, row, 0);
	}
	buffer_printf(body, "],\"total_count\":null,\"has_more\":%s}",
	    rows->count > length ? "true" : "false");
	(void)call_answer(call, 200);
}

static void
ask_recent(struct call *call, int64_t limit, int64_t offset, const char *type)
{
	struct step *step = call_step(call, STATEMENT_activities_recent);

	step_int(step, limit);
	step_int(step, offset > OFFSET_MAX ? OFFSET_MAX : offset);
	if (type == NULL)
		step_null(step);
	else
		step_text(step, type);
}

int
activities_recent(struct call *call)
{
	const struct activities_recent_values *values = call->values;
	const struct value *type = &values->activity_type;
	bool typed = type->state == VALUE_SET && type->text.length > 0;

	ask_recent(call, values->limit.integer, values->offset.integer,
	    typed ? type->text.data : NULL);
	return (call_submit(call, activities_recent_done));
}

static void
activities_summary_done(struct call *call)
{
	const struct activities_summary_values *values = call->values;
	const struct rows *rows = call_rows(call, 0);
	struct buffer *body = call_body(call);
	int64_t total = 0;
	int row;

	buffer_puts(body, "{\"activity_counts\":{");
	for (row = 0; row < rows->count; row++) {
		if (row > 0)
			buffer_putc(body, ',');
		render_text(body, rows, row, 0);
		buffer_putc(body, ':');
		render_int(body, rows, row, 1);
		total += row_int(rows, row, 1);
	}
	buffer_puts(body, "},\"total_activities\":");
	buffer_put_int(body, total);
	buffer_puts(body, ",\"period_days\":");
	buffer_put_int(body, values->days_back.integer);
	buffer_putc(body, '}');
	(void)call_answer(call, 200);
}

int
activities_summary(struct call *call)
{
	const struct activities_summary_values *values = call->values;

	step_int(call_step(call, STATEMENT_activities_summary),
	    values->days_back.integer);
	return (call_submit(call, activities_summary_done));
}

static void
activities_types_done(struct call *call)
{
	buffer_puts(call_body(call),
	    "{\"activity_types\":[\"chore_completed\",\"chore_approved\","
	    "\"chore_rejected\",\"chore_created\",\"adjustment_applied\"],"
	    "\"descriptions\":{"
	    "\"chore_completed\":\"Child completed a chore\","
	    "\"chore_approved\":\"Parent approved a completed chore\","
	    "\"chore_rejected\":\"Parent rejected a completed chore\","
	    "\"chore_created\":\"Parent created a new chore\","
	    "\"adjustment_applied\":\"Parent applied a reward adjustment\"}}");
	(void)call_answer(call, 200);
}

int
activities_types(struct call *call)
{
	return (call_submit_alone(call, activities_types_done));
}

static void
render_debug_activity(struct buffer *body, const struct rows *rows, int row)
{
	buffer_puts(body, "{\"id\":");
	render_int(body, rows, row, ACTIVITY_id);
	buffer_puts(body, ",\"type\":");
	render_text(body, rows, row, ACTIVITY_type);
	buffer_puts(body, ",\"description\":");
	render_text(body, rows, row, ACTIVITY_description);
	buffer_puts(body, ",\"created_at\":\"");
	dates_put_offset(body, row_time(rows, row, ACTIVITY_created_at));
	buffer_puts(body, "\"}");
}

static void
activities_debug_done(struct call *call)
{
	const struct rows *rows = call_rows(call, 0);
	struct buffer *body = call_body(call);
	int count = page_length(rows, DEBUG_LIMIT), row;

	buffer_puts(body, "{\"status\":\"success\",\"user\":{\"id\":");
	buffer_put_int(body, call->caller.id);
	buffer_puts(body, ",\"username\":");
	put_string(body, call->caller.username);
	buffer_printf(body, ",\"is_parent\":%s,\"email\":",
	    call->caller.is_parent ? "true" : "false");
	put_string(body, call->caller.email);
	buffer_printf(
	    body, "},\"activities_count\":%d,\"activities\":[", count);
	for (row = 0; row < count && row < DEBUG_SHOWN; row++) {
		if (row > 0)
			buffer_putc(body, ',');
		render_debug_activity(body, rows, row);
	}
	buffer_puts(body, "]}");
	(void)call_answer(call, 200);
}

int
activities_debug(struct call *call)
{
	ask_recent(call, DEBUG_LIMIT, 0, NULL);
	return (call_submit(call, activities_debug_done));
}

static void
activities_get_done(struct call *call)
{
	const struct rows *rows = call_rows(call, 0);

	if (rows->count == 0)
		(void)call_refuse(call, PROBLEM_activity_not_found);
	else if (!row_bool(rows, 0, GET_is_mine))
		(void)call_refuse(call, PROBLEM_activity_denied);
	else {
		render_activity(call_body(call), rows, 0, GET_activity);
		(void)call_answer(call, 200);
	}
}

int
activities_get(struct call *call)
{
	const struct activity_values *values = call->values;

	step_int(call_step(call, STATEMENT_activity_get),
	    values->activity_id.integer);
	return (call_submit(call, activities_get_done));
}
