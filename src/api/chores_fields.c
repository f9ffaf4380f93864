#include "api/chores_fields.h"

#include "http/json.h"
#include "http/numbers.h"
#include "platform/arena.h"
#include "platform/buffer.h"

/* No number of a reward is longer. */
#define TEXT_CEILING_BYTES 8192

static bool
is_there(struct step *step, const struct value *value)
{
	if (value->state == VALUE_SET)
		return (true);
	step_null(step);
	return (false);
}

void
chores_step_text(struct step *step, const struct value *value)
{
	if (is_there(step, value))
		step_text(step, value->text.data);
}

void
chores_step_number(struct step *step, const struct value *value)
{
	if (is_there(step, value))
		step_double(step, value->number);
}

void
chores_step_integer(struct step *step, const struct value *value)
{
	if (is_there(step, value))
		step_int(step, value->integer);
}

void
chores_step_truth(struct step *step, const struct value *value)
{
	if (is_there(step, value))
		step_bool(step, value->truth);
}

void
chores_step_ids(struct step *step, const struct value *value)
{
	if (is_there(step, value))
		step_ints(step, value->integers.items, value->integers.count);
}

const char *
chores_mode(const struct value *value)
{
	return (value->state == VALUE_SET ? value->text.data : "single");
}

const char *
chores_json_text(struct arena *arena, const struct json *value)
{
	struct buffer text;

	buffer_init(&text, TEXT_CEILING_BYTES);
	json_put_value(&text, value, NULL);
	return (buffer_keep(&text, arena));
}

const char *
chores_reward_json(struct arena *arena, double reward)
{
	struct buffer text;

	buffer_init(&text, TEXT_CEILING_BYTES);
	numbers_put_float_python(&text, reward);
	return (buffer_keep(&text, arena));
}
