/*
 * assignments: parents review what children have done.
 *
 * A review names an assignment, or a chore: then the assignment of it that
 * has waited longest. Either way it is the same statement, behind the lock on
 * the chore; only the answers differ.
 */
#include <string.h>

#include "api/chores.h"
#include "api/chores_fields.h"
#include "api/endpoints.h"
#include "api/gauges.h"
#include "http/json.h"
#include "metrics/metrics.h"
#include "platform/utf8.h"

struct review_values {
	struct value id; /* of a chore or an assignment */
	struct value reward_value, is_approved, rejection_reason;
	void (*answer)(struct call *);
};

static const struct field chore_path[] = {
	{ "chore_id", FIELD_INT, .flags = FIELD_REQUIRED,
	    FIELD_AT(review_values, id) },
};

static const struct field assignment_path[] = {
	{ "assignment_id", FIELD_INT, .flags = FIELD_REQUIRED,
	    FIELD_AT(review_values, id) },
};

#define REWARD_VALUE_FIELD                                                  \
	{                                                                   \
		"reward_value", FIELD_FLOAT,                                \
		    .flags = FIELD_NULLABLE | FIELD_GE | FIELD_LE, .ge = 0, \
		    .le = 1000, FIELD_AT(review_values, reward_value)       \
	}

/* is_approved is for clients that send one: approving is what is asked. */
static const struct field chore_approve_body[] = {
	REWARD_VALUE_FIELD,
	{ "is_approved", FIELD_BOOL, FIELD_DEFAULT_BOOL(true),
	    FIELD_AT(review_values, is_approved) },
};

const struct input chore_approve_input = {
	FIELDS_PATH(chore_path),
	FIELDS_BODY(chore_approve_body),
	.body_kind = BODY_JSON,
	.size = sizeof(struct review_values),
};

static const struct field assignment_approve_body[] = { REWARD_VALUE_FIELD };

const struct input assignment_approve_input = {
	FIELDS_PATH(assignment_path),
	FIELDS_BODY(assignment_approve_body),
	.body_kind = BODY_JSON_OPTIONAL,
	.size = sizeof(struct review_values),
};

static const struct field reject_body[] = {
	{ "rejection_reason", FIELD_TEXT, .flags = FIELD_REQUIRED,
	    .min_length = 1, .max_length = 500,
	    FIELD_AT(review_values, rejection_reason) },
};

const struct input chore_reject_input = {
	FIELDS_PATH(chore_path),
	FIELDS_BODY(reject_body),
	.body_kind = BODY_JSON,
	.size = sizeof(struct review_values),
};

const struct input assignment_reject_input = {
	FIELDS_PATH(assignment_path),
	FIELDS_BODY(reject_body),
	.body_kind = BODY_JSON,
	.size = sizeof(struct review_values),
};

/* The steps of every review */
enum { STEP_lock, STEP_review, STEP_chore };

/* Columns of assets/sql/assignment_approve.sql, then those of ${adjustment};
 * the first three are assignment_reject's too */
enum {
	REVIEW_problem,
	REVIEW_assignment_id,
	REVIEW_mode,
	REVIEW_paid,
	REVIEW_least,
	REVIEW_most,
	REVIEW_cents,
	REVIEW_adjustment
};

static const struct rows *
review_rows(const struct call *call)
{
	return (call_rows(call, STEP_review));
}

static enum metrics_mode
review_mode(const struct call *call)
{
	return (metrics_find_mode(
	    row_text(review_rows(call), 0, REVIEW_mode, NULL)));
}

/* The row of the chore's assignment that was reviewed. */
static int
reviewed_row(const struct call *call, struct render_span span)
{
	return (chores_find(span, CHORE_ROWS_assignment + RENDER_ASSIGNMENT_ID,
	    row_int(review_rows(call), 0, REVIEW_assignment_id)));
}

/* A bound as the text of the error spells it. */
static const char *
bound_text(struct call *call, int column)
{
	return (chores_reward_json(
	    &call->arena, row_double(review_rows(call), 0, column)));
}

static bool
is_refused(struct call *call)
{
	enum problem problem = call_problem(call, STEP_review);

	if (problem == PROBLEM_none)
		return (false);
	if (problem == PROBLEM_reward_out_of_bounds)
		(void)call_refuse_with(call, problem,
		    bound_text(call, REVIEW_least),
		    bound_text(call, REVIEW_most));
	else
		(void)call_refuse(call, problem);
	return (true);
}

/* The chore, with what is told of the assignment that was reviewed. */
static void
answer_with_chore(struct call *call, enum render_view view)
{
	struct render_span span = chores_span(call, STEP_chore);

	render_chore(call_body(call), span, CHORE_ROWS_chore, view,
	    reviewed_row(call, span));
	(void)call_answer(call, 200);
}

/* {"assignment":… */
static void
put_assignment(struct call *call, struct render_span span)
{
	buffer_puts(call_body(call), "{\"assignment\":");
	render_assignment(call_body(call), span.rows, reviewed_row(call, span),
	    CHORE_ROWS_assignment);
}

/* ,"chore":… */
static void
put_chore(struct call *call, struct render_span span)
{
	buffer_puts(call_body(call), ",\"chore\":");
	render_chore(call_body(call), span, CHORE_ROWS_chore, RENDER_PLAIN, 0);
}

static void
answer_approved_chore(struct call *call)
{
	answer_with_chore(call, RENDER_APPROVED);
}

static void
answer_approved_assignment(struct call *call)
{
	struct render_span span = chores_span(call, STEP_chore);
	struct buffer *body = call_body(call);

	put_assignment(call, span);
	buffer_puts(body, ",\"reward_adjustment\":");
	render_adjustment(body, review_rows(call), 0, REVIEW_adjustment);
	put_chore(call, span);
	buffer_puts(body, ",\"final_reward\":");
	render_float(body, review_rows(call), 0, REVIEW_paid);
	buffer_puts(body, ",\"message\":\"Assignment approved successfully\"}");
	(void)call_answer(call, 200);
}

static void
approve_done(struct call *call)
{
	const struct review_values *values = call->values;

	if (is_refused(call))
		return;
	metrics_inc_chores_approved_total(review_mode(call));
	metrics_add_rewards_paid_total(
	    row_int(review_rows(call), 0, REVIEW_cents));
	gauges_changed();
	values->answer(call);
}

static struct chore_name
named(const struct call *call, bool is_assignment)
{
	const struct review_values *values = call->values;

	return ((struct chore_name){ values->id.integer, is_assignment });
}

static int
approve(
    struct call *call, struct chore_name chore, void (*answer)(struct call *))
{
	struct review_values *values = call->values;
	struct step *step;

	values->answer = answer;
	(void)chores_step(call, STATEMENT_chore_lock, chore);
	step = chores_step(call, STATEMENT_assignment_approve, chore);
	if (values->reward_value.state == VALUE_SET)
		step_double(step, values->reward_value.number);
	else
		step_null(step);
	(void)chores_step(call, STATEMENT_chore_rows, chore);
	return (call_submit(call, approve_done));
}

int
chores_approve(struct call *call)
{
	return (approve(call, named(call, false), answer_approved_chore));
}

int
assignments_approve(struct call *call)
{
	return (approve(call, named(call, true), answer_approved_assignment));
}

static void
answer_rejected_chore(struct call *call)
{
	answer_with_chore(call, RENDER_REJECTED);
}

static void
answer_rejected_assignment(struct call *call)
{
	struct render_span span = chores_span(call, STEP_chore);
	const struct review_values *values = call->values;
	struct buffer *body = call_body(call);

	put_assignment(call, span);
	put_chore(call, span);
	buffer_puts(body, ",\"rejection_reason\":");
	json_put_string(body, values->rejection_reason.text.data,
	    values->rejection_reason.text.length);
	buffer_puts(body,
	    ",\"message\":\"Assignment rejected successfully. Child can see "
	    "the reason and redo the chore.\"}");
	(void)call_answer(call, 200);
}

static void
reject_done(struct call *call)
{
	const struct review_values *values = call->values;

	if (is_refused(call))
		return;
	metrics_inc_chores_rejected_total(review_mode(call));
	gauges_changed();
	values->answer(call);
}

static void
trim_reason(struct call *call, struct value *reason)
{
	size_t length = reason->text.length;
	const char *text =
	    utf8_trim(reason->text.data, &length, UTF8_SEPARATORS);

	reason->text.data = arena_copy(&call->arena, text, length);
	reason->text.length = length;
}

static int
reject(
    struct call *call, struct chore_name chore, void (*answer)(struct call *))
{
	struct review_values *values = call->values;

	values->answer = answer;
	trim_reason(call, &values->rejection_reason);
	(void)chores_step(call, STATEMENT_chore_lock, chore);
	step_text(chores_step(call, STATEMENT_assignment_reject, chore),
	    values->rejection_reason.text.data);
	(void)chores_step(call, STATEMENT_chore_rows, chore);
	return (call_submit(call, reject_done));
}

int
chores_reject(struct call *call)
{
	return (reject(call, named(call, false), answer_rejected_chore));
}

int
assignments_reject(struct call *call)
{
	return (reject(call, named(call, true), answer_rejected_assignment));
}
