/*
 * adjustments: bonuses and penalties that parents give, and the ledger that
 * they and the approvals make up.
 */
#include "api/endpoints.h"
#include "api/render.h"
#include "http/call.h"
#include "metrics/metrics.h"

struct adjustments_create_values {
	struct value amount, reason, child_id;
};

struct adjustments_list_values {
	struct value skip, limit, child_id, parent_id;
};

struct adjustments_child_values {
	struct value child_id, skip, limit;
};

struct adjustments_total_values {
	struct value child_id;
};

static const char *
is_not_zero(const struct value *value)
{
	return (
	    value->integer == 0 ? "Adjustment amount cannot be zero" : NULL);
}

static const struct field create_body[] = {
	{ "amount", FIELD_CENTS, .flags = FIELD_REQUIRED | FIELD_GE | FIELD_LE,
	    .ge = -999.99, .le = 999.99, .rule = is_not_zero,
	    FIELD_AT(adjustments_create_values, amount) },
	{ "reason", FIELD_TEXT, .flags = FIELD_REQUIRED, .min_length = 3,
	    .max_length = 500, FIELD_AT(adjustments_create_values, reason) },
	{ "child_id", FIELD_INT, .flags = FIELD_REQUIRED,
	    FIELD_AT(adjustments_create_values, child_id) },
};

const struct input adjustments_create_input = { FIELDS_BODY(create_body),
	.body_kind = BODY_JSON,
	.size = sizeof(struct adjustments_create_values) };

#define SKIP_FIELD(values)                                     \
	{                                                      \
		"skip", FIELD_INT, .flags = FIELD_GE, .ge = 0, \
				   FIELD_DEFAULT_INT(0),       \
				   FIELD_AT(values, skip)      \
	}
#define LIMIT_FIELD(values)                                                \
	{                                                                  \
		"limit", FIELD_INT, .flags = FIELD_GE | FIELD_LE, .ge = 1, \
				    .le = 100, FIELD_DEFAULT_INT(100),     \
				    FIELD_AT(values, limit)                \
	}

static const struct field list_query[] = {
	SKIP_FIELD(adjustments_list_values),
	LIMIT_FIELD(adjustments_list_values),
	{ "child_id", FIELD_INT, FIELD_AT(adjustments_list_values, child_id) },
	/* Checked and ignored: contract, adjustments. */
	{ "parent_id", FIELD_INT,
	    FIELD_AT(adjustments_list_values, parent_id) },
};

const struct input adjustments_list_input = { FIELDS_QUERY(list_query),
	.size = sizeof(struct adjustments_list_values) };

static const struct field child_path[] = {
	{ "child_id", FIELD_INT, .flags = FIELD_REQUIRED,
	    FIELD_AT(adjustments_child_values, child_id) },
};

static const struct field child_query[] = {
	SKIP_FIELD(adjustments_child_values),
	LIMIT_FIELD(adjustments_child_values),
};

const struct input adjustments_child_input = { FIELDS_PATH(child_path),
	FIELDS_QUERY(child_query),
	.size = sizeof(struct adjustments_child_values) };

static const struct field total_path[] = {
	{ "child_id", FIELD_INT, .flags = FIELD_REQUIRED,
	    FIELD_AT(adjustments_total_values, child_id) },
};

const struct input adjustments_total_input = { FIELDS_PATH(total_path),
	.size = sizeof(struct adjustments_total_values) };

/* Columns of adjustment_create.sql, before those of ${adjustment} */
enum { CREATE_problem, CREATE_total, CREATE_adjustment };

/* Columns of adjustment_access.sql */
enum { ACCESS_exists, ACCESS_is_mine };

#define CENTS 100

static void
answer_with_adjustments(struct call *call, const struct rows *rows)
{
	render_list(call_body(call), rows, 0, render_adjustment);
	(void)call_answer(call, 200);
}

static void
count_adjustment(int64_t cents)
{
	enum metrics_type type =
	    cents > 0 ? LABEL_type_bonus : LABEL_type_penalty;

	metrics_inc_reward_adjustments_total(type);
	metrics_observe_reward_adjustments_amount(
	    type, cents > 0 ? cents : -cents);
}

static void
adjustments_create_done(struct call *call)
{
	const struct adjustments_create_values *values = call->values;
	const struct rows *rows = call_rows(call, 1);
	enum problem problem = call_problem(call, 1);

	if (problem == PROBLEM_negative_balance) {
		(void)call_refuse_with(
		    call, problem, row_text(rows, 0, CREATE_total, NULL));
		return;
	}
	if (problem != PROBLEM_none) {
		(void)call_refuse(call, problem);
		return;
	}
	count_adjustment(values->amount.integer);
	render_adjustment(call_body(call), rows, 0, CREATE_adjustment);
	(void)call_answer(call, 201);
}

int
adjustments_create(struct call *call)
{
	const struct adjustments_create_values *values = call->values;
	int64_t cents = values->amount.integer;
	struct step *step;

	step_int(call_step(call, STATEMENT_adjustment_lock),
	    values->child_id.integer);
	step = call_step(call, STATEMENT_adjustment_create);
	step_int(step, values->child_id.integer);
	step_text(
	    step, arena_printf(&call->arena, "%s%d.%02d", cents < 0 ? "-" : "",
		      (int)((cents < 0 ? -cents : cents) / CENTS),
		      (int)((cents < 0 ? -cents : cents) % CENTS)));
	step_text(step, values->reason.text.data);
	return (call_submit(call, adjustments_create_done));
}

static bool
child_exists(const struct call *call)
{
	return (row_bool(call_rows(call, 0), 0, ACCESS_exists));
}

static bool
child_is_mine(const struct call *call)
{
	return (row_bool(call_rows(call, 0), 0, ACCESS_is_mine));
}

static void
adjustments_mine_done(struct call *call)
{
	answer_with_adjustments(call, call_rows(call, 0));
}

static void
adjustments_of_child_done(struct call *call)
{
	if (!child_exists(call))
		(void)call_refuse(call, PROBLEM_child_user_not_found);
	else if (!call->caller.is_parent)
		(void)call_refuse(
		    call, PROBLEM_children_cannot_view_adjustments);
	else if (!child_is_mine(call))
		(void)call_refuse(call, PROBLEM_view_own_childrens_adjustments);
	else
		answer_with_adjustments(call, call_rows(call, 1));
}

static int
list_child(struct call *call, int64_t child_id, int64_t skip, int64_t limit)
{
	struct step *step;

	step_int(call_step(call, STATEMENT_adjustment_access), child_id);
	step = call_step(call, STATEMENT_adjustments_child);
	step_int(step, child_id);
	step_int(step, skip);
	step_int(step, limit);
	return (call_submit(call, adjustments_of_child_done));
}

int
adjustments_list(struct call *call)
{
	const struct adjustments_list_values *values = call->values;
	struct step *step;

	/* 0 is no filter: contract, adjustments, "List". */
	if (values->child_id.state == VALUE_SET &&
	    values->child_id.integer != 0)
		return (list_child(call, values->child_id.integer,
		    values->skip.integer, values->limit.integer));
	step = call_step(call, STATEMENT_adjustments_mine);
	step_int(step, values->skip.integer);
	step_int(step, values->limit.integer);
	return (call_submit(call, adjustments_mine_done));
}

int
adjustments_child(struct call *call)
{
	const struct adjustments_child_values *values = call->values;

	return (list_child(call, values->child_id.integer, values->skip.integer,
	    values->limit.integer));
}

static void
adjustments_total_done(struct call *call)
{
	const struct adjustments_total_values *values = call->values;
	struct buffer *body = call_body(call);

	if (!child_exists(call)) {
		(void)call_refuse(call, PROBLEM_child_user_not_found);
		return;
	}
	if (call->caller.is_parent && !child_is_mine(call)) {
		(void)call_refuse(call, PROBLEM_view_own_childrens_totals);
		return;
	}
	if (!call->caller.is_parent &&
	    values->child_id.integer != call->caller.id) {
		(void)call_refuse(call, PROBLEM_view_own_total);
		return;
	}
	buffer_puts(body, "{\"child_id\":");
	buffer_put_int(body, values->child_id.integer);
	buffer_puts(body, ",\"total_adjustments\":");
	render_text(body, call_rows(call, 1), 0, 0);
	buffer_puts(body, ",\"currency\":\"USD\"}");
	(void)call_answer(call, 200);
}

int
adjustments_total(struct call *call)
{
	const struct adjustments_total_values *values = call->values;

	step_int(call_step(call, STATEMENT_adjustment_access),
	    values->child_id.integer);
	step_int(call_step(call, STATEMENT_adjustments_total),
	    values->child_id.integer);
	return (call_submit(call, adjustments_total_done));
}
