/*
 * chores: which chores there are, for those who may see them.
 */
#include "api/chores.h"

#include <string.h>

#include "api/endpoints.h"
#include "platform/compiler.h"

const struct field chores_path[CHORES_PATH_LENGTH] = {
	{ "chore_id", FIELD_INT, .flags = FIELD_REQUIRED,
	    FIELD_AT(chore_values, chore_id) },
};

const struct input chore_input = {
	FIELDS_PATH(chores_path),
	.size = sizeof(struct chore_values),
};

struct chores_list_values {
	struct value skip, limit, child_id, state;
};

/* Both are checked only: clients rely on the whole list. */
static const struct field list_query[] = {
	{ "skip", FIELD_INT, FIELD_AT(chores_list_values, skip) },
	{ "limit", FIELD_INT, FIELD_AT(chores_list_values, limit) },
	{ "child_id", FIELD_INT, FIELD_AT(chores_list_values, child_id) },
	{ "state", FIELD_TEXT, .flags = FIELD_MAY_HOLD_NUL,
	    FIELD_AT(chores_list_values, state) },
};

const struct input chores_list_input = {
	FIELDS_QUERY(list_query),
	.size = sizeof(struct chores_list_values),
};

struct chores_child_values {
	struct value child_id;
};

static const struct field child_path[] = {
	{ "child_id", FIELD_INT, .flags = FIELD_REQUIRED,
	    FIELD_AT(chores_child_values, child_id) },
};

const struct input chores_child_input = {
	FIELDS_PATH(child_path),
	.size = sizeof(struct chores_child_values),
};

struct step *
chores_step(struct call *call, enum statement statement, struct chore_name name)
{
	struct step *step = call_step(call, statement);

	if (name.is_assignment)
		step_null(step);
	step_int(step, name.id);
	if (!name.is_assignment)
		step_null(step);
	return (step);
}

struct chore_name
chores_named(const struct call *call)
{
	const struct chore_values *values = call->values;

	return ((struct chore_name){ values->chore_id.integer, false });
}

struct render_span
chores_span(const struct call *call, int step)
{
	return (render_span(call_rows(call, step), 0, CHORE_ROWS_chore_id));
}

int
chores_find(struct render_span span, int column, int64_t id)
{
	int row;

	for (row = span.first; row < span.end; row++)
		if (row_int(span.rows, row, column) == id)
			return (row);
	return (span.first);
}

void
chores_answer(struct call *call, int status, int step)
{
	render_chore(call_body(call), chores_span(call, step), CHORE_ROWS_chore,
	    RENDER_PLAIN, 0);
	(void)call_answer(call, status);
}

/* [Chore, ...]: rows of chore and assignment, those of a chore together. */
static void
answer_with_chores(
    struct call *call, const struct rows *rows, enum render_view view)
{
	struct buffer *body = call_body(call);
	int row = 0;

	buffer_putc(body, '[');
	while (row < rows->count) {
		struct render_span span =
		    render_span(rows, row, CHORE_ROWS_chore_id);

		if (row > 0)
			buffer_putc(body, ',');
		render_chore(body, span, CHORE_ROWS_chore, view, row);
		row = span.end;
	}
	buffer_putc(body, ']');
	(void)call_answer(call, 200);
}

/* ?state=: what it asks of a child's assignment. */
struct state {
	const char *name;
	bool is_completed;
	bool asks_approved, is_approved;
};

static const struct state states[] = {
	{ "active", false, false, false },
	{ "completed", true, true, true },
	{ "pending-approval", true, true, false },
};

static const struct state *
find_state(const struct value *name)
{
	size_t i;

	for (i = 0; i < COUNT_OF(states); i++)
		if (strlen(states[i].name) == name->text.length &&
		    strcmp(states[i].name, name->text.data) == 0)
			return (&states[i]);
	return (NULL);
}

static bool
asks_for_state(const struct chores_list_values *values)
{
	return (
	    values->state.state == VALUE_SET && values->state.text.length > 0);
}

/* The steps of chores_list() */
enum { LIST_list, LIST_access, LIST_child };

static void
chores_list_done(struct call *call)
{
	const struct chores_list_values *values = call->values;
	bool of_child =
	    call->caller.is_parent && values->child_id.state == VALUE_SET;
	enum problem problem =
	    of_child ? call_problem(call, LIST_access) : PROBLEM_none;

	if (problem == PROBLEM_none && asks_for_state(values) &&
	    find_state(&values->state) == NULL)
		problem = PROBLEM_chores_state;
	if (problem != PROBLEM_none)
		(void)call_refuse(call, problem);
	else if (of_child)
		answer_with_chores(
		    call, call_rows(call, LIST_child), RENDER_OF_CHILD);
	else
		answer_with_chores(
		    call, call_rows(call, LIST_list), RENDER_PLAIN);
}

/* The chores of one child, in one state or (NULL) in any. */
static void
ask_for_child(struct call *call, int64_t child_id, const struct state *state)
{
	struct step *step;

	step_int(call_step(call, STATEMENT_chores_child_access), child_id);
	step = call_step(call, STATEMENT_chores_child);
	step_int(step, child_id);
	if (state == NULL)
		step_null(step);
	else
		step_bool(step, state->is_completed);
	if (state == NULL || !state->asks_approved)
		step_null(step);
	else
		step_bool(step, state->is_approved);
}

int
chores_list(struct call *call)
{
	const struct chores_list_values *values = call->values;
	const struct state *state =
	    asks_for_state(values) ? find_state(&values->state) : NULL;
	bool names_child = values->child_id.state == VALUE_SET;
	struct step *step = call_step(call, STATEMENT_chores_list);

	if (state == NULL)
		step_null(step);
	else
		step_text(step, state->name);
	if (!names_child) {
		step_null(step);
	} else {
		step_int(step, values->child_id.integer);
		ask_for_child(call, values->child_id.integer, state);
	}
	return (call_submit(call, chores_list_done));
}

/* The steps of both operations on one child's chores */
enum { CHILD_access, CHILD_chores };

static void
chores_child_done(struct call *call)
{
	enum problem problem = call_problem(call, CHILD_access);

	if (problem != PROBLEM_none)
		(void)call_refuse(call, problem);
	else
		answer_with_chores(
		    call, call_rows(call, CHILD_chores), RENDER_OF_CHILD);
}

int
chores_child(struct call *call)
{
	const struct chores_child_values *values = call->values;

	ask_for_child(call, values->child_id.integer, NULL);
	return (call_submit(call, chores_child_done));
}

int
chores_child_completed(struct call *call)
{
	static const struct state completed = { .is_completed = true };
	const struct chores_child_values *values = call->values;

	ask_for_child(call, values->child_id.integer, &completed);
	return (call_submit(call, chores_child_done));
}

/* The steps of chores_get() */
enum { GET_access, GET_chore };

static void
chores_get_done(struct call *call)
{
	enum problem problem = call_problem(call, GET_access);

	if (problem != PROBLEM_none)
		(void)call_refuse(call, problem);
	else
		chores_answer(call, 200, GET_chore);
}

int
chores_get(struct call *call)
{
	const struct chore_values *values = call->values;

	step_int(
	    call_step(call, STATEMENT_chore_access), values->chore_id.integer);
	(void)chores_step(call, STATEMENT_chore_rows, chores_named(call));
	return (call_submit(call, chores_get_done));
}

/* Columns of assets/sql/chores_available.sql */
enum {
	AVAILABLE_is_pool,
	AVAILABLE_chore,
	AVAILABLE_chore_id = AVAILABLE_chore + RENDER_CHORE_ID,
	AVAILABLE_assignment = AVAILABLE_chore + RENDER_CHORE_COLUMNS,
	AVAILABLE_assignee_id =
	    AVAILABLE_assignment + RENDER_ASSIGNMENT_ASSIGNEE_ID
};

/* {"chore":Chore,"assignment":…,"assignment_id":…}: both null in the pool. */
static void
put_available(struct buffer *body, struct render_span span, int64_t child_id)
{
	int row;

	buffer_puts(body, "{\"chore\":");
	render_chore(body, span, AVAILABLE_chore, RENDER_PLAIN, 0);
	if (row_bool(span.rows, span.first, AVAILABLE_is_pool)) {
		buffer_puts(
		    body, ",\"assignment\":null,\"assignment_id\":null}");
		return;
	}
	row = chores_find(span, AVAILABLE_assignee_id, child_id);
	buffer_puts(body, ",\"assignment\":");
	render_assignment(body, span.rows, row, AVAILABLE_assignment);
	buffer_puts(body, ",\"assignment_id\":");
	render_int(
	    body, span.rows, row, AVAILABLE_assignment + RENDER_ASSIGNMENT_ID);
	buffer_putc(body, '}');
}

/* The chores from row ${*row} on that are in the pool, or that aren't. */
static int
put_available_list(
    struct call *call, const struct rows *rows, int *row, bool is_pool)
{
	struct buffer *body = call_body(call);
	int count = 0;

	while (*row < rows->count &&
	       row_bool(rows, *row, AVAILABLE_is_pool) == is_pool) {
		struct render_span span =
		    render_span(rows, *row, AVAILABLE_chore_id);

		if (count++ > 0)
			buffer_putc(body, ',');
		put_available(body, span, call->caller.id);
		*row = span.end;
	}
	return (count);
}

static void
chores_available_done(struct call *call)
{
	const struct rows *rows = call_rows(call, 0);
	struct buffer *body = call_body(call);
	int row = 0, total;

	buffer_puts(body, "{\"assigned\":[");
	total = put_available_list(call, rows, &row, false);
	buffer_puts(body, "],\"pool\":[");
	total += put_available_list(call, rows, &row, true);
	buffer_puts(body, "],\"total_count\":");
	buffer_put_int(body, total);
	buffer_putc(body, '}');
	(void)call_answer(call, 200);
}

int
chores_available(struct call *call)
{
	(void)call_step(call, STATEMENT_chores_available);
	return (call_submit(call, chores_available_done));
}

/* Columns of assets/sql/chores_pending.sql: what waits, whose it is, its
 * chore with an assignment a row */
enum {
	PENDING_assignment,
	PENDING_id = PENDING_assignment + RENDER_ASSIGNMENT_ID,
	PENDING_user = PENDING_assignment + RENDER_ASSIGNMENT_COLUMNS,
	PENDING_username = PENDING_user,
	PENDING_chore = PENDING_user + RENDER_USER_COLUMNS
};

static void
put_pending(struct buffer *body, struct render_span span)
{
	const struct rows *rows = span.rows;

	buffer_puts(body, "{\"assignment\":");
	render_assignment(body, rows, span.first, PENDING_assignment);
	buffer_puts(body, ",\"assignment_id\":");
	render_int(body, rows, span.first, PENDING_id);
	buffer_puts(body, ",\"chore\":");
	render_chore(body, span, PENDING_chore, RENDER_PLAIN, 0);
	buffer_puts(body, ",\"assignee\":");
	render_user(body, rows, span.first, PENDING_user);
	buffer_puts(body, ",\"assignee_name\":");
	render_text(body, rows, span.first, PENDING_username);
	buffer_putc(body, '}');
}

static void
chores_pending_done(struct call *call)
{
	const struct rows *rows = call_rows(call, 0);
	struct buffer *body = call_body(call);
	int row = 0;

	buffer_putc(body, '[');
	while (row < rows->count) {
		struct render_span span = render_span(rows, row, PENDING_id);

		if (row > 0)
			buffer_putc(body, ',');
		put_pending(body, span);
		row = span.end;
	}
	buffer_putc(body, ']');
	(void)call_answer(call, 200);
}

int
chores_pending(struct call *call)
{
	(void)call_step(call, STATEMENT_chores_pending);
	return (call_submit(call, chores_pending_done));
}
