#include "api/openapi_field.h"

#include <string.h>

#include "http/json.h"
#include "http/numbers.h"

static bool
has(const struct field *field, enum field_flag flag)
{
	return ((field->flags & flag) != 0);
}

static void
put_string(struct buffer *b, const char *text)
{
	json_put_string(b, text, strlen(text));
}

static void
put_number(struct buffer *b, const struct field *field, double number)
{
	if (field->type == FIELD_INT)
		buffer_put_int(b, (long long)number);
	else
		numbers_put_float(b, number);
}

static void
put_text_limits(struct buffer *b, const struct field *field)
{
	if (field->type == FIELD_EMAIL)
		buffer_puts(b, ",\"format\":\"email\"");
	if (field->min_length > 0)
		buffer_printf(b, ",\"minLength\":%zu", field->min_length);
	if (field->max_length > 0)
		buffer_printf(b, ",\"maxLength\":%zu", field->max_length);
	if (field->pattern != NULL) {
		buffer_puts(b, ",\"pattern\":");
		put_string(b, field->pattern->text);
	}
}

static void
put_bounds(struct buffer *b, const struct field *field)
{
	if (has(field, FIELD_GE)) {
		buffer_puts(b, ",\"minimum\":");
		put_number(b, field, field->ge);
	}
	if (has(field, FIELD_LE)) {
		buffer_puts(b, ",\"maximum\":");
		put_number(b, field, field->le);
	}
}

static void
put_type(struct buffer *b, const struct field *field)
{
	switch (field->type) {
	case FIELD_TEXT:
	case FIELD_EMAIL:
		buffer_puts(b, "{\"type\":\"string\"");
		put_text_limits(b, field);
		break;
	case FIELD_INT:
		buffer_puts(b, "{\"type\":\"integer\"");
		put_bounds(b, field);
		break;
	case FIELD_FLOAT:
		buffer_puts(b, "{\"type\":\"number\"");
		put_bounds(b, field);
		break;
	case FIELD_CENTS:
		buffer_puts(b, "{\"anyOf\":[{\"type\":\"number\"");
		put_bounds(b, field);
		buffer_puts(b, "},{\"type\":\"string\"}]");
		break;
	case FIELD_BOOL:
		buffer_puts(b, "{\"type\":\"boolean\"");
		break;
	case FIELD_INTS:
		buffer_puts(b, "{\"type\":\"array\",\"items\":"
			       "{\"type\":\"integer\"}");
		break;
	}
	buffer_putc(b, '}');
}

static void
put_default(struct buffer *b, const struct field *field)
{
	const struct value *value = &field->fallback;

	if (value->state != VALUE_SET)
		return;
	buffer_puts(b, ",\"default\":");
	if (field->type == FIELD_INT)
		buffer_put_int(b, value->integer);
	else if (field->type == FIELD_FLOAT)
		numbers_put_float(b, value->number);
	else if (field->type == FIELD_BOOL)
		buffer_puts(b, value->truth ? "true" : "false");
	else
		put_string(b, value->text.data);
}

void
openapi_field_put_schema(struct buffer *b, const struct field *field)
{
	if (has(field, FIELD_NULLABLE)) {
		buffer_puts(b, "{\"anyOf\":[");
		put_type(b, field);
		buffer_puts(b, ",{\"type\":\"null\"}]}");
		return;
	}
	put_type(b, field);
	if (field->fallback.state == VALUE_SET) {
		b->length--; /* the default goes inside */
		put_default(b, field);
		buffer_putc(b, '}');
	}
}

void
openapi_field_put_object(
    struct buffer *b, const struct field *fields, size_t count)
{
	bool first = true;
	size_t i;

	buffer_puts(b, "{\"type\":\"object\",\"properties\":{");
	for (i = 0; i < count; i++) {
		if (i > 0)
			buffer_putc(b, ',');
		put_string(b, fields[i].name);
		buffer_putc(b, ':');
		openapi_field_put_schema(b, &fields[i]);
	}
	buffer_putc(b, '}');
	for (i = 0; i < count; i++) {
		if (!has(&fields[i], FIELD_REQUIRED))
			continue;
		buffer_puts(b, first ? ",\"required\":[" : ",");
		first = false;
		put_string(b, fields[i].name);
	}
	buffer_puts(b, first ? "}" : "]}");
}

void
openapi_field_put_parameter(
    struct buffer *b, const struct field *field, const char *in, bool first)
{
	if (!first)
		buffer_putc(b, ',');
	buffer_puts(b, "{\"name\":");
	put_string(b, field->name);
	buffer_printf(b, ",\"in\":\"%s\",\"required\":%s,\"schema\":", in,
	    has(field, FIELD_REQUIRED) ? "true" : "false");
	openapi_field_put_schema(b, field);
	buffer_putc(b, '}');
}
