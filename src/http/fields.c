#include "http/fields.h"

#include <string.h>

#include "http/coerce.h"
#include "http/json.h"
#include "http/query.h"
#include "http/request.h"
#include "platform/arena.h"
#include "platform/utf8.h"

static const char *const grant_types[] = { "password", NULL };
const struct pattern pattern_grant_type = { "^password$", grant_types };

/* Where values go and faults are collected. */
struct reading {
	struct arena *arena;
	char *values;
	struct faults *faults;
};

static struct value *
value_of(const struct reading *r, const struct field *field)
{
	return ((struct value *)(void *)(r->values + field->offset));
}

static struct fault_at
place_of(
    const struct field *field, enum fault_place place, const struct json *input)
{
	struct fault_at at = { .place = place,
		.name = field->name,
		.index = -1,
		.input = input,
		.secret = (field->flags & FIELD_SECRET) != 0 };

	return (at);
}

static void
read_value(const struct reading *r, const struct field *field,
    enum fault_place place, const struct json *input)
{
	struct fault_at at = place_of(field, place, input);

	coerce(field, &at, r->arena, value_of(r, field), r->faults);
}

/* Nothing was sent: the default, or a fault that shows ${around}. */
static void
read_nothing(const struct reading *r, const struct field *field,
    enum fault_place place, const struct json *around)
{
	struct fault_at at = place_of(field, place, around);

	if ((field->flags & FIELD_REQUIRED) == 0) {
		*value_of(r, field) = field->fallback;
		return;
	}
	at.secret = false; /* it is not there */
	faults_add(r->faults, &at, "missing", NULL, "Field required");
}

/* Text of a path or query, which may be no UTF-8 at all. */
static const struct json *
text_input(const struct reading *r, const char *text, size_t length)
{
	size_t scrubbed_length;
	const char *scrubbed =
	    utf8_scrub(r->arena, text, length, &scrubbed_length);

	return (json_text(r->arena, scrubbed, scrubbed_length));
}

static void
read_path(const struct reading *r, const struct input *input,
    const struct path_values *path)
{
	size_t i;

	for (i = 0; i < input->npath && i < path->count; i++)
		read_value(r, &input->path[i], FAULT_path,
		    text_input(r, path->texts[i], path->lengths[i]));
}

static void
read_query(
    const struct reading *r, const struct input *input, const char *query)
{
	struct query_pair pair;
	size_t i;

	for (i = 0; i < input->nquery; i++) {
		const struct field *field = &input->query[i];

		if (query_find(r->arena, query, field->name, &pair))
			read_value(r, field, FAULT_query,
			    json_text(r->arena, pair.value, pair.value_length));
		else
			read_nothing(r, field, FAULT_query, NULL);
	}
}

static void
read_object(const struct reading *r, const struct field *fields, size_t nfields,
    const struct json *object)
{
	const struct json *member;
	size_t i;

	for (i = 0; i < nfields; i++) {
		member =
		    object == NULL ? NULL : json_member(object, fields[i].name);
		if (member != NULL)
			read_value(r, &fields[i], FAULT_body, member);
		else
			read_nothing(r, &fields[i], FAULT_body, object);
	}
}

/* A file where a text or a number belongs. */
static void
refuse_file(const struct reading *r, const struct field *field,
    const struct json *upload)
{
	struct fault_at at = place_of(field, FAULT_body, upload);
	bool is_int = field->type == FIELD_INT;

	faults_add(r->faults, &at, is_int ? "int_type" : "string_type", NULL,
	    "Input should be a valid %s", is_int ? "integer" : "string");
}

static void
read_form_field(const struct reading *r, const struct field *field,
    const struct form_field *found)
{
	if (found != NULL && found->upload != NULL)
		refuse_file(r, field, found->upload);
	else if (found != NULL && !found->is_file && found->value_length > 0)
		read_value(r, field, FAULT_body,
		    json_text(r->arena, found->value, found->value_length));
	else
		read_nothing(r, field, FAULT_body, NULL);
}

static void
read_form(const struct reading *r, const struct field *fields, size_t nfields,
    const struct form *form)
{
	size_t i;

	for (i = 0; i < nfields; i++)
		read_form_field(r, &fields[i], form_find(form, fields[i].name));
}

/* A fault of the body as a whole. */
static void
refuse_body(const struct reading *r, const struct json *input, bool secret,
    const char *type, const char *message)
{
	const struct fault_at at = { .place = FAULT_body,
		.index = -1,
		.input = input,
		.secret = secret };

	faults_add(r->faults, &at, type, NULL, "%s", message);
}

static void
refuse_missing_body(const struct reading *r)
{
	refuse_body(r, NULL, false, "missing", "Field required");
}

static void
read_json_body(
    const struct reading *r, const struct input *input, const struct json *json)
{
	if (json == NULL && input->body_kind == BODY_JSON)
		refuse_missing_body(r);
	else if (json != NULL && json->type != JSON_OBJECT)
		refuse_body(r, json, false, "model_attributes_type",
		    "Input should be a valid dictionary or object to extract "
		    "fields from");
	else
		read_object(r, input->body, input->nbody, json);
}

/* The body is one string; what a form holds is none. */
static void
read_text_body(
    const struct reading *r, const struct input *input, const struct body *body)
{
	const struct field *field = input->body;
	struct fault_at at = place_of(field, FAULT_body, body->json);

	at.name = NULL;
	if (body->json == NULL)
		refuse_missing_body(r);
	else if (body->type != BODY_TYPE_JSON &&
		 body->type != BODY_TYPE_UNTYPED)
		refuse_body(r, body->json, at.secret, "string_type",
		    "Input should be a valid string");
	else
		coerce(field, &at, r->arena, value_of(r, field), r->faults);
}

static void
read_body(
    const struct reading *r, const struct input *input, const struct body *body)
{
	switch (input->body_kind) {
	case BODY_JSON:
	case BODY_JSON_OPTIONAL:
		read_json_body(r, input, body->json);
		break;
	case BODY_JSON_TEXT:
		read_text_body(r, input, body);
		break;
	case BODY_FORM:
		read_form(r, input->body, input->nbody, &body->form);
		break;
	case BODY_CUSTOM:
		input->read_body(body, r->arena, r->values, r->faults);
		break;
	case BODY_NONE:
		break;
	}
}

int
fields_read(const struct input *input, const struct request *request,
    const struct path_values *path, struct body *body, struct arena *arena,
    void *values, struct faults *faults, struct buffer *out)
{
	const struct reading r = { arena, values, faults };
	int status = body_read(input->body_kind, request, arena, body, out);

	if (status != 0)
		return (status);
	read_path(&r, input, path);
	read_query(&r, input, request->query);
	read_body(&r, input, body);
	return (0);
}

void
fields_read_object(const struct field *fields, size_t nfields,
    const struct json *object, struct arena *arena, void *values,
    struct faults *faults)
{
	const struct reading r = { arena, values, faults };

	read_object(&r, fields, nfields, object);
}

void
fields_read_form(const struct field *fields, size_t nfields,
    const struct form *form, struct arena *arena, void *values,
    struct faults *faults)
{
	const struct reading r = { arena, values, faults };

	read_form(&r, fields, nfields, form);
}
