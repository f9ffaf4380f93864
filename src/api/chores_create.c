/*
 * chores_create: parents make chores, by a form or by JSON.
 *
 * The original checked nothing of the JSON before it stored it, and answered
 * a child before it looked at the body at all. So what is wrong with the body
 * is kept with the values, and told once the caller's role is known.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api/chores.h"
#include "api/chores_fields.h"
#include "api/endpoints.h"
#include "http/json.h"
#include "metrics/metrics.h"
#include "platform/arena.h"
#include "platform/compiler.h"
#include "platform/utf8.h"

struct chores_create_values {
	struct value title, description, reward, min_reward, max_reward,
	    is_range_reward, cooldown_days, is_recurring, frequency,
	    assignment_mode, is_disabled, assignee_ids;
	const char *reward_text; /* as JSON; NULL: none was sent */

	enum problem problem; /* of the body as a whole */
	struct faults faults; /* of its members */
};

static const char *const modes[] = { "single", "multi_independent",
	"unassigned", NULL };

static const struct pattern pattern_mode = {
	"^(single|multi_independent|unassigned)$", modes
};

/* Of JSON; null is the default of whatever has one. */
static const struct field json_fields[] = {
	CHORES_TITLE(chores_create_values, title),
	CHORES_DESCRIPTION(chores_create_values, description, FIELD_NULLABLE),
	CHORES_REWARD(chores_create_values, reward, FIELD_NULLABLE),
	CHORES_REWARD(chores_create_values, min_reward, FIELD_NULLABLE),
	CHORES_REWARD(chores_create_values, max_reward, FIELD_NULLABLE),
	CHORES_BOOL(chores_create_values, is_range_reward, FIELD_NULLABLE),
	CHORES_COOLDOWN(chores_create_values, cooldown_days, FIELD_NULLABLE),
	CHORES_BOOL(chores_create_values, is_recurring, FIELD_NULLABLE),
	CHORES_FREQUENCY(chores_create_values, frequency),
	{ "assignment_mode", FIELD_TEXT, .flags = FIELD_NULLABLE,
	    .pattern = &pattern_mode,
	    FIELD_AT(chores_create_values, assignment_mode) },
	CHORES_BOOL(chores_create_values, is_disabled, FIELD_NULLABLE),
	CHORES_ASSIGNEES(chores_create_values, assignee_ids),
};

/* One assignee by the older name: a number or null. */
struct legacy_values {
	struct value assignee_id;
};

static const struct field legacy_fields[] = {
	{ "assignee_id", FIELD_INT, .flags = FIELD_NULLABLE,
	    FIELD_AT(legacy_values, assignee_id) },
};

/* What a form says in its own way. */
struct form_values {
	struct value text, is_range_reward, is_recurring, cooldown_days,
	    assignee_id;
};

#define FORM_TEXT(name, member)                                 \
	{                                                       \
		name, FIELD_TEXT, .flags = FIELD_MAY_HOLD_NUL,  \
				  FIELD_AT(form_values, member) \
	}

/* A form's fields as they are declared: that texts are no files and integers
 * are some is checked before anything else, all other rules after the role. */
static const struct field form_declared[] = {
	FORM_TEXT("title", text),
	FORM_TEXT("description", text),
	FORM_TEXT("reward", text),
	FORM_TEXT("is_range_reward", is_range_reward),
	FORM_TEXT("min_reward", text),
	FORM_TEXT("max_reward", text),
	{ "cooldown_days", FIELD_INT, FIELD_AT(form_values, cooldown_days) },
	FORM_TEXT("is_recurring", is_recurring),
	FORM_TEXT("frequency", text),
	{ "assignee_id", FIELD_INT, FIELD_AT(form_values, assignee_id) },
};

static const struct field form_fields[] = {
	CHORES_TITLE(chores_create_values, title),
	CHORES_DESCRIPTION(chores_create_values, description, 0),
};

static const struct field form_reward[] = {
	CHORES_REWARD(chores_create_values, reward, 0),
};

static const struct field form_bounds[] = {
	CHORES_REWARD(chores_create_values, min_reward, 0),
	CHORES_REWARD(chores_create_values, max_reward, 0),
};

static const struct field form_frequency[] = {
	CHORES_FREQUENCY(chores_create_values, frequency),
};

static const struct field form_cooldown[] = {
	CHORES_COOLDOWN(chores_create_values, cooldown_days, 0),
};

#define TABLE(fields) fields, COUNT_OF(fields)

static void
set_truth(struct value *value, bool truth)
{
	value->state = VALUE_SET;
	value->truth = truth;
}

static void
set_mode(struct value *mode, const char *name)
{
	mode->state = VALUE_SET;
	mode->text.data = name;
	mode->text.length = strlen(name);
}

static void
set_assignee(struct arena *arena, struct value *ids, int64_t id)
{
	int64_t *items = arena_alloc(arena, sizeof(*items));

	*items = id;
	ids->state = VALUE_SET;
	ids->integers.items = items;
	ids->integers.count = 1;
}

/* Amounts of a form; blanks are none at all. */
static void
read_amounts(const struct field *fields, size_t nfields,
    const struct form *form, struct arena *arena,
    struct chores_create_values *values)
{
	const struct form_field *found;
	size_t i, length;

	for (i = 0; i < nfields; i++) {
		found = form_find(form, fields[i].name);
		length = found == NULL ? 0 : found->value_length;
		if (length > 0 && !found->is_file)
			(void)utf8_trim(found->value, &length, "");
		if (length > 0)
			fields_read_form(&fields[i], 1, form, arena, values,
			    &values->faults);
	}
}

/* No amount in a form is 0. */
static void
set_if_absent(struct value *amount)
{
	if (amount->state != VALUE_ABSENT)
		return;
	amount->state = VALUE_SET;
	amount->number = 0;
}

static bool
is_on(const struct value *value)
{
	return (value->state == VALUE_SET &&
		value->text.length == strlen("on") &&
		strcmp(value->text.data, "on") == 0);
}

static bool
is_true(const struct value *value)
{
	return (value->state == VALUE_SET && value->truth);
}

static void
read_form(const struct form *form, struct arena *arena,
    struct chores_create_values *values, struct form_values *own)
{
	struct faults *faults = &values->faults;
	bool is_range = is_on(&own->is_range_reward);

	fields_read_form(TABLE(form_fields), form, arena, values, faults);
	if (is_range)
		read_amounts(TABLE(form_bounds), form, arena, values);
	else
		read_amounts(TABLE(form_reward), form, arena, values);
	fields_read_form(TABLE(form_cooldown), form, arena, values, faults);
	if (is_on(&own->is_recurring))
		fields_read_form(
		    TABLE(form_frequency), form, arena, values, faults);

	set_truth(&values->is_range_reward, is_range);
	set_truth(&values->is_recurring, is_on(&own->is_recurring));
	if (is_range) {
		set_if_absent(&values->min_reward);
		set_if_absent(&values->max_reward);
	}
	set_if_absent(&values->reward);
	values->reward_text = chores_reward_json(arena, values->reward.number);
	if (own->assignee_id.state == VALUE_SET)
		set_assignee(
		    arena, &values->assignee_ids, own->assignee_id.integer);
	set_mode(&values->assignment_mode,
	    own->assignee_id.state == VALUE_SET ? "single" : "unassigned");
}

/* assignee_id, the older way to name one assignee, or nobody: then the mode
 * follows from it. */
static void
read_legacy(const struct json *object, struct arena *arena,
    struct chores_create_values *values)
{
	struct legacy_values legacy = { 0 };
	bool names_mode = json_member(object, "assignment_mode") != NULL;

	if (json_member(object, "assignee_ids") != NULL ||
	    json_member(object, "assignee_id") == NULL)
		return;
	fields_read_object(
	    TABLE(legacy_fields), object, arena, &legacy, &values->faults);
	if (legacy.assignee_id.state == VALUE_SET)
		set_assignee(
		    arena, &values->assignee_ids, legacy.assignee_id.integer);
	else if (!names_mode)
		set_mode(&values->assignment_mode, "unassigned");
}

static void
read_json(const struct json *json, struct arena *arena,
    struct chores_create_values *values)
{
	const struct json *reward;

	if (json->type != JSON_OBJECT || json_member(json, "title") == NULL) {
		values->problem = PROBLEM_chore_title_missing;
		return;
	}
	fields_read_object(
	    TABLE(json_fields), json, arena, values, &values->faults);
	read_legacy(json, arena, values);
	reward = json_member(json, "reward");
	if (values->reward.state == VALUE_SET)
		values->reward_text =
		    reward->type == JSON_STRING
			? chores_reward_json(arena, values->reward.number)
			: chores_json_text(arena, reward);
}

static void
read_body(const struct body *body, struct arena *arena, void *into,
    struct faults *faults)
{
	struct chores_create_values *values = into;
	struct form_values own = { 0 };
	const struct form_field *title;

	faults_init(&values->faults, arena);
	values->problem = PROBLEM_none;
	if (body->json != NULL) {
		read_json(body->json, arena, values);
		return;
	}
	fields_read_form(
	    TABLE(form_declared), &body->form, arena, &own, faults);
	title = form_find(&body->form, "title");
	if (title == NULL || title->value_length == 0)
		values->problem = PROBLEM_chore_not_json;
	else
		read_form(&body->form, arena, values, &own);
}

/* The table is for whoever describes the operation. */
const struct input chores_create_input = {
	FIELDS_BODY(json_fields),
	.body_kind = BODY_CUSTOM,
	.read_body = read_body,
	.size = sizeof(struct chores_create_values),
};

/* Columns of assets/sql/chore_create.sql, as of chore_rows behind two more */
enum {
	CREATE_problem,
	CREATE_assignee_id,
	CREATE_chore,
	CREATE_chore_id = CREATE_chore + RENDER_CHORE_ID,
	CREATE_assignment_id =
	    CREATE_chore + RENDER_CHORE_COLUMNS + RENDER_ASSIGNMENT_ID
};

static void
count_chore(const struct chores_create_values *values, struct render_span span)
{
	enum metrics_mode mode =
	    metrics_find_mode(chores_mode(&values->assignment_mode));
	int nassigned = span.end - span.first;

	if (row_is_null(span.rows, span.first, CREATE_assignment_id))
		nassigned = 0;
	metrics_inc_chores_created_total(mode);
	metrics_add_assignments_created_total(mode, nassigned);
}

static void
chores_create_done(struct call *call)
{
	const struct rows *rows = call_rows(call, 0);
	enum problem problem = call_problem(call, 0);
	struct render_span span;

	if (problem != PROBLEM_none) {
		(void)call_refuse_with(
		    call, problem, row_int(rows, 0, CREATE_assignee_id));
		return;
	}
	span = render_span(rows, 0, CREATE_chore_id);
	count_chore(call->values, span);
	render_chore(call_body(call), span, CREATE_chore, RENDER_PLAIN, 0);
	(void)call_answer(call, 201);
}

static void
answer_own_faults(struct call *call)
{
	const struct chores_create_values *values = call->values;

	faults_put(call_body(call), &values->faults);
	(void)call_answer(call, 422);
}

/* What the activity says behind the title: " ($5.00)", if it is worth
 * something fixed. */
static void
step_worth(struct step *step, const struct chores_create_values *values)
{
	bool is_range = is_true(&values->is_range_reward);
	char text[32] = "";

	if (!is_range && values->reward.state == VALUE_SET &&
	    values->reward.number != 0)
		(void)snprintf(
		    text, sizeof(text), " ($%.2f)", values->reward.number);
	step_text(step, text);
	if (is_range || values->reward_text == NULL)
		step_text(step, "null");
	else
		step_text(step, values->reward_text);
}

/* Without a value: what the column has by default. */
static void
step_reward(struct step *step, const struct value *value)
{
	step_double(step, value->state == VALUE_SET ? value->number : 0);
}

static void
ask(struct call *call)
{
	const struct chores_create_values *values = call->values;
	struct step *step = call_step(call, STATEMENT_chore_create);
	const struct value *cooldown = &values->cooldown_days;

	step_text(step, chores_mode(&values->assignment_mode));
	if (values->assignee_ids.state == VALUE_SET)
		chores_step_ids(step, &values->assignee_ids);
	else
		step_ints(step, NULL, 0);
	step_text(step, values->title.text.data);
	step_text(step, values->description.state == VALUE_SET
			    ? values->description.text.data
			    : "");
	step_reward(step, &values->reward);
	chores_step_number(step, &values->min_reward);
	chores_step_number(step, &values->max_reward);
	step_bool(step, is_true(&values->is_range_reward));
	step_int(step, cooldown->state == VALUE_SET ? cooldown->integer : 0);
	step_bool(step, is_true(&values->is_recurring));
	chores_step_text(step, &values->frequency);
	step_bool(step, is_true(&values->is_disabled));
	step_worth(step, values);
}

int
chores_create(struct call *call)
{
	const struct chores_create_values *values = call->values;

	if (values->problem != PROBLEM_none)
		return (call_reject(call, values->problem));
	if (faults_any(&values->faults))
		return (call_submit_alone(call, answer_own_faults));
	ask(call);
	return (call_submit(call, chores_create_done));
}
