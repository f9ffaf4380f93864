/*
 * chores_complete: a child has done a chore; out of the pool it takes it
 * thereby.
 */
#include <inttypes.h>

#include "api/chores.h"
#include "api/endpoints.h"
#include "api/gauges.h"
#include "domain/rewards.h"
#include "metrics/metrics.h"

/* Columns of assets/sql/chore_complete.sql */
enum {
	COMPLETE_problem,
	COMPLETE_mode,
	COMPLETE_is_claim,
	COMPLETE_taken_s,
	COMPLETE_approval_date,
	COMPLETE_cooldown_days,
	COMPLETE_now
};

/* The steps of chores_complete() */
enum { STEP_lock, STEP_complete, STEP_chore };

static int64_t
days_left(const struct rows *rows)
{
	int64_t end_us =
	    rewards_cooldown_end_us(row_time(rows, 0, COMPLETE_approval_date),
		row_int(rows, 0, COMPLETE_cooldown_days));

	return (rewards_cooldown_days_left(
	    end_us, row_time(rows, 0, COMPLETE_now)));
}

static void
refuse_completion(
    struct call *call, enum problem problem, const struct rows *rows)
{
	if (problem == PROBLEM_completion_cooldown ||
	    problem == PROBLEM_claim_cooldown)
		(void)call_refuse_with(call, problem, days_left(rows));
	else if (problem == PROBLEM_unknown_mode)
		(void)call_refuse_with(
		    call, problem, row_text(rows, 0, COMPLETE_mode, NULL));
	else
		(void)call_refuse(call, problem);
}

static void
count_completion(const struct rows *rows)
{
	enum metrics_mode mode =
	    metrics_find_mode(row_text(rows, 0, COMPLETE_mode, NULL));

	metrics_inc_chores_completed_total(mode);
	if (row_bool(rows, 0, COMPLETE_is_claim))
		metrics_inc_assignments_claimed_total();
	metrics_observe_chore_completion_time_seconds(
	    mode, row_double(rows, 0, COMPLETE_taken_s));
	gauges_changed();
}

static void
chores_complete_done(struct call *call)
{
	const struct rows *rows = call_rows(call, STEP_complete);
	enum problem problem = call_problem(call, STEP_complete);
	struct buffer *body = call_body(call);
	struct render_span span;

	if (problem != PROBLEM_none) {
		refuse_completion(call, problem, rows);
		return;
	}
	count_completion(rows);
	span = chores_span(call, STEP_chore);
	buffer_puts(body, "{\"chore\":");
	render_chore(body, span, CHORE_ROWS_chore, RENDER_PLAIN, 0);
	buffer_puts(body, ",\"assignment\":");
	render_assignment(body, span.rows,
	    chores_find(span, CHORE_ROWS_assignee_id, call->caller.id),
	    CHORE_ROWS_assignment);
	buffer_puts(body, ",\"message\":\"Chore completed successfully\"}");
	(void)call_answer(call, 200);
}

int
chores_complete(struct call *call)
{
	struct chore_name chore = chores_named(call);

	(void)chores_step(call, STATEMENT_chore_lock, chore);
	step_int(call_step(call, STATEMENT_chore_complete), chore.id);
	(void)chores_step(call, STATEMENT_chore_rows, chore);
	return (call_submit(call, chores_complete_done));
}
