/*
 * chores_change: parents change, remove and switch chores off and on.
 */
#include <inttypes.h>

#include "api/chores.h"
#include "api/chores_fields.h"
#include "api/endpoints.h"
#include "api/gauges.h"
#include "metrics/metrics.h"
#include "platform/compiler.h"

/* The path first, as in struct chore_values. */
struct chores_update_values {
	struct value chore_id;
	struct value title, description, reward, min_reward, max_reward,
	    is_range_reward, cooldown_days, is_recurring, frequency,
	    is_disabled, assignee_ids;
};

static const struct field update_body[] = {
	CHORES_TITLE(chores_update_values, title),
	CHORES_DESCRIPTION(chores_update_values, description, 0),
	CHORES_REWARD(chores_update_values, reward, 0),
	CHORES_REWARD(chores_update_values, min_reward, FIELD_NULLABLE),
	CHORES_REWARD(chores_update_values, max_reward, FIELD_NULLABLE),
	CHORES_BOOL(chores_update_values, is_range_reward, 0),
	CHORES_COOLDOWN(chores_update_values, cooldown_days, 0),
	CHORES_BOOL(chores_update_values, is_recurring, 0),
	CHORES_FREQUENCY(chores_update_values, frequency),
	CHORES_BOOL(chores_update_values, is_disabled, 0),
	CHORES_ASSIGNEES(chores_update_values, assignee_ids),
};

const struct input chores_update_input = {
	FIELDS_PATH(chores_path),
	FIELDS_BODY(update_body),
	.body_kind = BODY_JSON,
	.size = sizeof(struct chores_update_values),
};

/* The steps of every change that answers with the chore */
enum { STEP_lock, STEP_change, STEP_chore };

/* Columns of assets/sql/chore_update.sql */
enum { UPDATE_problem, UPDATE_assignee_id, UPDATE_mode, UPDATE_ngiven };

static void
chores_update_done(struct call *call)
{
	const struct rows *rows = call_rows(call, STEP_change);
	enum problem problem = call_problem(call, STEP_change);

	if (problem != PROBLEM_none) {
		(void)call_refuse_with(
		    call, problem, row_int(rows, 0, UPDATE_assignee_id));
		return;
	}
	metrics_add_assignments_created_total(
	    metrics_find_mode(row_text(rows, 0, UPDATE_mode, NULL)),
	    row_int(rows, 0, UPDATE_ngiven));
	gauges_changed();
	chores_answer(call, 200, STEP_chore);
}

/* Whether the column is new, and what it is then: null too. */
static void
step_nullable(struct step *step, const struct value *value,
    void (*put)(struct step *, const struct value *))
{
	step_bool(step, value->state != VALUE_ABSENT);
	put(step, value);
}

int
chores_update(struct call *call)
{
	const struct chores_update_values *values = call->values;
	struct chore_name chore = chores_named(call);
	struct step *step;

	(void)chores_step(call, STATEMENT_chore_lock, chore);
	step = call_step(call, STATEMENT_chore_update);
	step_int(step, chore.id);
	chores_step_ids(step, &values->assignee_ids);
	chores_step_text(step, &values->title);
	chores_step_text(step, &values->description);
	chores_step_number(step, &values->reward);
	chores_step_truth(step, &values->is_range_reward);
	chores_step_integer(step, &values->cooldown_days);
	chores_step_truth(step, &values->is_recurring);
	chores_step_truth(step, &values->is_disabled);
	step_nullable(step, &values->min_reward, chores_step_number);
	step_nullable(step, &values->max_reward, chores_step_number);
	step_nullable(step, &values->frequency, chores_step_text);
	(void)chores_step(call, STATEMENT_chore_rows, chore);
	return (call_submit(call, chores_update_done));
}

static void
chores_delete_done(struct call *call)
{
	enum problem problem = call_problem(call, STEP_change);

	if (problem != PROBLEM_none) {
		(void)call_refuse(call, problem);
		return;
	}
	gauges_changed();
	(void)call_answer_as(call, 204, NULL);
}

int
chores_delete(struct call *call)
{
	struct chore_name chore = chores_named(call);

	(void)chores_step(call, STATEMENT_chore_lock, chore);
	step_int(call_step(call, STATEMENT_chore_delete), chore.id);
	return (call_submit(call, chores_delete_done));
}

static void
chores_switch_done(struct call *call)
{
	enum problem problem = call_problem(call, STEP_change);

	if (problem != PROBLEM_none)
		(void)call_refuse(call, problem);
	else
		chores_answer(call, 200, STEP_chore);
}

static int
switch_chore(struct call *call, bool is_disabled)
{
	struct chore_name chore = chores_named(call);
	struct step *step;

	(void)chores_step(call, STATEMENT_chore_lock, chore);
	step = call_step(call, STATEMENT_chore_switch);
	step_int(step, chore.id);
	step_bool(step, is_disabled);
	(void)chores_step(call, STATEMENT_chore_rows, chore);
	return (call_submit(call, chores_switch_done));
}

int
chores_disable(struct call *call)
{
	return (switch_chore(call, true));
}

int
chores_enable(struct call *call)
{
	return (switch_chore(call, false));
}
