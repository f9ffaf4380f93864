/*
 * chores_fields: the members of a chore as requests spell them, and as
 * statements take them; for making chores and changing them.
 *
 * Context  worker.
 */
#ifndef API_CHORES_FIELDS_H
#define API_CHORES_FIELDS_H

#include "db/job.h"
#include "http/fields.h"

/* Rows of a table of fields: ${member} of struct ${values}. */
/* clang-format off */
#define CHORES_TITLE(values, member) \
	{ #member, FIELD_TEXT, .min_length = 1, .max_length = 200, \
		FIELD_AT(values, member) }
#define CHORES_DESCRIPTION(values, member, more) \
	{ #member, FIELD_TEXT, .flags = (more), .max_length = 1000, \
		FIELD_AT(values, member) }
#define CHORES_REWARD(values, member, more) \
	{ #member, FIELD_FLOAT, .flags = FIELD_GE | FIELD_LE | (more), \
		.ge = 0, .le = 1000, FIELD_AT(values, member) }
#define CHORES_BOOL(values, member, more) \
	{ #member, FIELD_BOOL, .flags = (more), FIELD_AT(values, member) }
#define CHORES_COOLDOWN(values, member, more) \
	{ #member, FIELD_INT, .flags = FIELD_GE | FIELD_LE | (more), \
		.ge = 0, .le = 365, FIELD_AT(values, member) }
#define CHORES_FREQUENCY(values, member) \
	{ #member, FIELD_TEXT, .flags = FIELD_NULLABLE, .max_length = 50, \
		FIELD_AT(values, member) }
#define CHORES_ASSIGNEES(values, member) \
	{ #member, FIELD_INTS, .flags = FIELD_NULLABLE, \
		FIELD_AT(values, member) }
/* clang-format on */

/* The next parameter of a step; NULL unless the value is there. */
void chores_step_text(struct step *step, const struct value *value);
void chores_step_number(struct step *step, const struct value *value);
void chores_step_integer(struct step *step, const struct value *value);
void chores_step_truth(struct step *step, const struct value *value);
void chores_step_ids(struct step *step, const struct value *value);

/* chores_mode(value): the assignment mode that a request chose, or the
 * default. */
const char *chores_mode(const struct value *value);

/*
 * chores_json_text(arena, value): a JSON value as text;
 * chores_reward_json(arena, reward): a number, as Python spells a float.
 */
const char *chores_json_text(struct arena *arena, const struct json *value);
const char *chores_reward_json(struct arena *arena, double reward);

#endif
