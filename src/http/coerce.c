#include "http/coerce.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "http/email.h"
#include "http/json.h"
#include "http/numbers.h"
#include "platform/arena.h"
#include "platform/buffer.h"
#include "platform/utf8.h"

/* Everything that says what is wrong with the value at hand. */
struct coercion {
	const struct field *field;
	struct fault_at *at;
	struct arena *arena;
	struct faults *faults;
};

/* True: the value is right. */
typedef bool coerce_type(
    const struct coercion *c, const struct json *input, struct value *value);

static bool
refuse(const struct coercion *c, const char *type, const char *message)
{
	faults_add(c->faults, c->at, type, NULL, "%s", message);
	return (false);
}

static bool
has(const struct coercion *c, enum field_flag flag)
{
	return ((c->field->flags & flag) != 0);
}

/* A bound as the message spells it, 1000, or as a context does, 1000.0. */
static const char *
bound_text(const struct coercion *c, double bound, bool as_float)
{
	struct buffer text;

	buffer_init(&text, 64);
	if (!as_float && bound == trunc(bound))
		buffer_put_int(&text, (long long)bound);
	else
		numbers_put_float(&text, bound);
	return (buffer_keep(&text, c->arena));
}

static bool
out_of_bounds(const struct coercion *c, bool above, double bound)
{
	const char *name = above ? "le" : "ge";
	const char *context = arena_printf(c->arena, "{\"%s\":%s}", name,
	    bound_text(c, bound, c->field->type != FIELD_INT));

	faults_add(c->faults, c->at,
	    above ? "less_than_equal" : "greater_than_equal", context,
	    "Input should be %s than or equal to %s",
	    above ? "less" : "greater", bound_text(c, bound, false));
	return (false);
}

/* What is not a number is not below any bound. */
static bool
within_bounds(const struct coercion *c, double number)
{
	if (has(c, FIELD_LE) && !(number <= c->field->le))
		return (out_of_bounds(c, true, c->field->le));
	if (has(c, FIELD_GE) && !(number >= c->field->ge))
		return (out_of_bounds(c, false, c->field->ge));
	return (true);
}

static bool
length_is_right(const struct coercion *c, const struct json *input)
{
	const struct field *f = c->field;
	size_t length = utf8_count(input->text, input->length);

	if (f->max_length > 0 && length > f->max_length) {
		faults_add(c->faults, c->at, "string_too_long",
		    arena_printf(
			c->arena, "{\"max_length\":%zu}", f->max_length),
		    "String should have at most %zu character%s", f->max_length,
		    f->max_length == 1 ? "" : "s");
		return (false);
	}
	if (length < f->min_length) {
		faults_add(c->faults, c->at, "string_too_short",
		    arena_printf(
			c->arena, "{\"min_length\":%zu}", f->min_length),
		    "String should have at least %zu character%s",
		    f->min_length, f->min_length == 1 ? "" : "s");
		return (false);
	}
	return (true);
}

static bool
matches_pattern(const struct coercion *c, const struct json *input)
{
	const struct pattern *pattern = c->field->pattern;
	const char *const *word;

	if (pattern == NULL)
		return (true);
	for (word = pattern->words; *word != NULL; word++)
		if (strlen(*word) == input->length &&
		    memcmp(*word, input->text, input->length) == 0)
			return (true);
	faults_add(c->faults, c->at, "string_pattern_mismatch",
	    arena_printf(c->arena, "{\"pattern\":\"%s\"}", pattern->text),
	    "String should match pattern '%s'", pattern->text);
	return (false);
}

/* A text at all: half a surrogate pair is told before anything else. */
static bool
is_unicode(const struct coercion *c, const struct json *input)
{
	if (!utf8_has_surrogate(input->text, input->length))
		return (true);
	return (refuse(c, "string_unicode",
	    "Input should be a valid string, unable to parse raw data as a "
	    "unicode string"));
}

/* No column of the database holds NUL. */
static bool
can_be_stored(const struct coercion *c, const struct json *input)
{
	if (!has(c, FIELD_MAY_HOLD_NUL) &&
	    memchr(input->text, '\0', input->length) != NULL) {
		faults_add_rule(
		    c->faults, c->at, "NUL characters are not allowed");
		return (false);
	}
	return (true);
}

static bool
is_string(const struct coercion *c, const struct json *input)
{
	if (input->type == JSON_STRING)
		return (true);
	return (refuse(c, "string_type", "Input should be a valid string"));
}

static bool
coerce_text(
    const struct coercion *c, const struct json *input, struct value *value)
{
	if (!is_string(c, input) || !is_unicode(c, input) ||
	    !length_is_right(c, input) || !matches_pattern(c, input) ||
	    !can_be_stored(c, input))
		return (false);
	value->text.data = input->text;
	value->text.length = input->length;
	return (true);
}

/* A reason may list every character that there is no place for. */
#define CONTEXT_CEILING_BYTES 1048576

static bool
coerce_email(
    const struct coercion *c, const struct json *input, struct value *value)
{
	struct email email;
	struct buffer context;

	if (!is_string(c, input))
		return (false);
	if (email_read(c->arena, input->text, input->length, &email) == 0) {
		value->text.data = email.text;
		value->text.length = strlen(email.text);
		return (true);
	}
	buffer_init(&context, CONTEXT_CEILING_BYTES);
	buffer_puts(&context, "{\"reason\":");
	json_put_string(&context, email.reason, strlen(email.reason));
	buffer_putc(&context, '}');
	faults_add(c->faults, c->at, "value_error",
	    buffer_keep(&context, c->arena),
	    "value is not a valid email address: %s", email.reason);
	return (false);
}

/* 2^63: the first that is none any more. */
#define INT64_LIMIT 9223372036854775808.0

static bool
too_large(const struct coercion *c)
{
	return (refuse(c, "int_parsing_size",
	    "Unable to parse input string as an integer, exceeded maximum "
	    "size"));
}

/* A float is an integer if nothing is lost; beyond int64 it is not asked. */
static bool
integer_of_float(const struct coercion *c, double number, int64_t *integer)
{
	if (!isfinite(number))
		return (refuse(
		    c, "finite_number", "Input should be a finite number"));
	if (number != trunc(number))
		return (refuse(c, "int_from_float",
		    "Input should be a valid integer, got a number with a "
		    "fractional part"));
	if (fabs(number) >= INT64_LIMIT)
		return (too_large(c));
	*integer = (int64_t)number;
	return (true);
}

static bool
integer_of_text(
    const struct coercion *c, const struct json *input, int64_t *integer)
{
	if (!is_unicode(c, input))
		return (false);
	switch (numbers_read_int(input->text, input->length, integer)) {
	case NUMBERS_OK:
		return (true);
	case NUMBERS_TOO_LONG:
		return (too_large(c));
	default:
		return (refuse(c, "int_parsing",
		    "Input should be a valid integer, unable to parse string "
		    "as an integer"));
	}
}

static bool
read_integer(
    const struct coercion *c, const struct json *input, int64_t *integer)
{
	switch (input->type) {
	case JSON_INTEGER:
	case JSON_STRING:
		return (integer_of_text(c, input, integer));
	case JSON_FLOAT:
		return (integer_of_float(c, json_number(input), integer));
	case JSON_TRUE:
	case JSON_FALSE:
		*integer = input->type == JSON_TRUE;
		return (true);
	default:
		return (
		    refuse(c, "int_type", "Input should be a valid integer"));
	}
}

static bool
coerce_integer(
    const struct coercion *c, const struct json *input, struct value *value)
{
	return (read_integer(c, input, &value->integer) &&
		within_bounds(c, (double)value->integer));
}

#define FLOAT_TYPE "Input should be a valid number"

/* No float is as large as some integers are. */
static bool
read_float(const struct coercion *c, const struct json *input, double *number)
{
	switch (input->type) {
	case JSON_INTEGER:
	case JSON_FLOAT:
		*number = json_number(input);
		if (input->type == JSON_INTEGER)
			*number += 0.0; /* integers have no negative zero */
		if (input->type == JSON_FLOAT || isfinite(*number))
			return (true);
		return (refuse(c, "float_type", FLOAT_TYPE));
	case JSON_TRUE:
	case JSON_FALSE:
		*number = input->type == JSON_TRUE;
		return (true);
	case JSON_STRING:
		if (!is_unicode(c, input))
			return (false);
		if (numbers_read_float(input->text, input->length, number) ==
		    NUMBERS_OK)
			return (true);
		return (refuse(c, "float_parsing",
		    "Input should be a valid number, unable to parse string "
		    "as a number"));
	default:
		return (refuse(c, "float_type", FLOAT_TYPE));
	}
}

static bool
coerce_float(
    const struct coercion *c, const struct json *input, struct value *value)
{
	return (read_float(c, input, &value->number) &&
		within_bounds(c, value->number));
}

/* What is an int64 is worth a try as a truth value. */
static bool
is_int64(const struct json *input, double number)
{
	if (input->type == JSON_FLOAT)
		return (number == trunc(number) && fabs(number) < INT64_LIMIT);
	errno = 0;
	(void)strtoll(input->text, NULL, 10);
	return (errno == 0);
}

#define BOOL_PARSING \
	"Input should be a valid boolean, unable to interpret input"

static bool
coerce_bool(
    const struct coercion *c, const struct json *input, struct value *value)
{
	double number;

	switch (input->type) {
	case JSON_TRUE:
	case JSON_FALSE:
		value->truth = input->type == JSON_TRUE;
		return (true);
	case JSON_STRING:
		if (!is_unicode(c, input))
			return (false);
		if (numbers_read_bool(input->text, input->length,
			&value->truth) == NUMBERS_OK)
			return (true);
		return (refuse(c, "bool_parsing", BOOL_PARSING));
	case JSON_INTEGER:
	case JSON_FLOAT:
		number = json_number(input);
		value->truth = number == 1;
		if (number == 0 || number == 1)
			return (true);
		if (is_int64(input, number))
			return (refuse(c, "bool_parsing", BOOL_PARSING));
		break;
	default:
		break;
	}
	return (refuse(c, "bool_type", "Input should be a valid boolean"));
}

/* A float counts by its shortest spelling. */
static enum numbers_result
read_cents(const struct json *input, int64_t *cents)
{
	struct buffer text;
	enum numbers_result result;

	if (input->type != JSON_FLOAT)
		return (numbers_read_cents(input->text, input->length, cents));
	if (!isfinite(json_number(input)))
		return (NUMBERS_NOT_FINITE);
	buffer_init(&text, 64);
	numbers_put_float_python(&text, json_number(input));
	result = numbers_read_cents(text.data, text.length, cents);
	buffer_fini(&text);
	return (result);
}

#define CENTS 100

static bool
coerce_cents(
    const struct coercion *c, const struct json *input, struct value *value)
{
	if (input->type != JSON_INTEGER && input->type != JSON_FLOAT &&
	    input->type != JSON_STRING)
		return (refuse(c, "decimal_type",
		    "Decimal input should be an integer, float, string or "
		    "Decimal object"));
	switch (read_cents(input, &value->integer)) {
	case NUMBERS_OK:
		break;
	case NUMBERS_NOT_FINITE:
		return (refuse(
		    c, "finite_number", "Input should be a finite number"));
	case NUMBERS_TOO_FINE:
		faults_add(c->faults, c->at, "decimal_max_places",
		    "{\"decimal_places\":2}",
		    "Decimal input should have no more than 2 decimal "
		    "places");
		return (false);
	default:
		return (refuse(
		    c, "decimal_parsing", "Input should be a valid decimal"));
	}
	return (within_bounds(c, (double)value->integer / CENTS));
}

static bool
coerce_integers(
    const struct coercion *c, const struct json *input, struct value *value)
{
	const struct json *element;
	size_t nfaults = c->faults->count, n = 0;
	struct fault_at at = *c->at;
	struct coercion each = *c;
	int64_t *items;

	if (input->type != JSON_ARRAY)
		return (refuse(c, "list_type", "Input should be a valid list"));
	items = arena_alloc(c->arena, (input->length + 1) * sizeof(*items));
	each.at = &at;
	at.index = 0;
	for (element = input->first; element != NULL; element = element->next) {
		at.input = element;
		if (read_integer(&each, element, &items[n]))
			n++;
		at.index++;
	}
	value->integers.items = items;
	value->integers.count = n;
	return (c->faults->count == nfaults);
}

static coerce_type *const coercions[] = {
	[FIELD_TEXT] = coerce_text,
	[FIELD_INT] = coerce_integer,
	[FIELD_FLOAT] = coerce_float,
	[FIELD_BOOL] = coerce_bool,
	[FIELD_CENTS] = coerce_cents,
	[FIELD_EMAIL] = coerce_email,
	[FIELD_INTS] = coerce_integers,
};

static bool
keeps_rule(const struct coercion *c, const struct value *value)
{
	const char *broken =
	    c->field->rule == NULL ? NULL : c->field->rule(value);

	if (broken != NULL)
		faults_add_rule(c->faults, c->at, broken);
	return (broken == NULL);
}

void
coerce(const struct field *field, struct fault_at *at, struct arena *arena,
    struct value *value, struct faults *faults)
{
	const struct coercion c = { field, at, arena, faults };

	if (at->input->type == JSON_NULL && has(&c, FIELD_NULLABLE)) {
		value->state = VALUE_NULL;
		return;
	}
	value->state = coercions[field->type](&c, at->input, value) &&
			       keeps_rule(&c, value)
			   ? VALUE_SET
			   : VALUE_ABSENT;
}
