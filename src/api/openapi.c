#include "api/openapi.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdint.h>
#include <string.h>

#include "api/openapi_field.h"
#include "api/version.h"
#include "http/json.h"
#include "http/operation.h"
#include "platform/compiler.h"
#include "platform/settings.h"

/* Made by kodev from assets/web/. */
extern const uint8_t asset_schemas_json[];
extern const uint32_t asset_len_schemas_json;

#define CEILING_BYTES (1024 * 1024)
#define API "/api/v1/"

enum shape { SHAPE_one, SHAPE_list, SHAPE_page, SHAPE_text, SHAPE_none };

static const struct answer {
	const char *function;
	enum shape shape;
	const char *schema;
} answers[] = {
#define ANSWER(function, shape, schema) { #function, SHAPE_##shape, #schema },
#include "api/answers.def"
#undef ANSWER
};

static void
put_string(struct buffer *b, const char *text)
{
	json_put_string(b, text, strlen(text));
}

static const struct answer *
find_answer(const char *function)
{
	size_t i;

	for (i = 0; i < COUNT_OF(answers); i++)
		if (strcmp(answers[i].function, function) == 0)
			return (&answers[i]);
	return (NULL);
}

static const char *
description_of(int status)
{
	switch (status) {
	case 200:
		return ("Successful Response");
	case 201:
		return ("Created");
	case 204:
		return ("No Content");
	case 307:
		return ("Temporary Redirect");
	case 400:
		return ("Bad Request");
	case 401:
		return ("Not authenticated");
	case 403:
		return ("Not allowed");
	case 404:
		return ("Not found");
	case 413:
		return ("Request body too large");
	case 415:
		return ("Unsupported media type");
	case 422:
		return ("Validation Error");
	case 429:
		return ("Rate limit exceeded");
	case 503:
		return ("Temporarily unavailable");
	default:
		return ("The outcome is unknown");
	}
}

/* "404":{"description":"Not found","content":{…Error…}} */
static void
put_refusal(struct buffer *b, int status, const char *schema)
{
	buffer_printf(b,
	    ",\"%d\":{\"description\":\"%s\",\"content\":{\"application/json\":"
	    "{\"schema\":{\"$ref\":\"#/components/schemas/%s\"}}}}",
	    status, description_of(status), schema);
}

static void
put_success(struct buffer *b, const struct operation *o)
{
	const struct answer *answer = find_answer(o->name);

	buffer_printf(b, "\"%d\":{\"description\":\"%s\"", o->status,
	    description_of(o->status));
	if (answer == NULL || answer->shape == SHAPE_none) {
		buffer_putc(b, '}');
		return;
	}
	if (answer->shape == SHAPE_page || answer->shape == SHAPE_text) {
		buffer_printf(b,
		    ",\"content\":{\"text/%s\":{\"schema\":"
		    "{\"type\":\"string\"}}}}",
		    answer->shape == SHAPE_page ? "html" : "plain");
		return;
	}
	buffer_puts(b, ",\"content\":{\"application/json\":{\"schema\":");
	if (answer->shape == SHAPE_list)
		buffer_puts(b, "{\"type\":\"array\",\"items\":");
	buffer_printf(
	    b, "{\"$ref\":\"#/components/schemas/%s\"}", answer->schema);
	if (answer->shape == SHAPE_list)
		buffer_putc(b, '}');
	buffer_puts(b, "}}}");
}

static bool
reads_anything(const struct input *input)
{
	return (input->npath + input->nquery + input->nbody > 0 ||
		input->body_kind != BODY_NONE);
}

static void
put_responses(struct buffer *b, const struct operation *o)
{
	bool has_token = o->role != ROLE_public;
	bool has_body = o->method != METHOD_GET;

	buffer_puts(b, ",\"responses\":{");
	put_success(b, o);
	put_refusal(b, 400, has_body ? "BadRequest" : "Error");
	if (has_token || strcmp(o->name, "users_login") == 0)
		put_refusal(b, 401, "Error");
	if (has_token)
		put_refusal(b, 403, "Error");
	put_refusal(b, 404, "Error");
	if (has_body) {
		put_refusal(b, 413, "RefusedRequest");
		put_refusal(b, 415, "RefusedRequest");
	}
	if (reads_anything(o->input))
		put_refusal(b, 422, "HTTPValidationError");
	put_refusal(b, 429, "LimitExceeded");
	put_refusal(b, 503, "Outage");
	put_refusal(b, 504, "Error");
	buffer_putc(b, '}');
}

static void
put_parameters(struct buffer *b, const struct input *input)
{
	bool first = true;
	size_t i;

	if (input->npath + input->nquery == 0)
		return;
	buffer_puts(b, ",\"parameters\":[");
	for (i = 0; i < input->npath; i++, first = false)
		openapi_field_put_parameter(b, &input->path[i], "path", first);
	for (i = 0; i < input->nquery; i++, first = false)
		openapi_field_put_parameter(
		    b, &input->query[i], "query", first);
	buffer_putc(b, ']');
}

/* "<type>":{"schema":{…}} */
static void
put_content(struct buffer *b, const char *type, const struct input *input)
{
	buffer_printf(b, "\"%s\":{\"schema\":", type);
	if (input->body_kind == BODY_JSON_TEXT)
		openapi_field_put_schema(b, input->body);
	else
		openapi_field_put_object(b, input->body, input->nbody);
	buffer_putc(b, '}');
}

static void
put_body(struct buffer *b, const struct input *input)
{
	bool is_form = input->body_kind == BODY_FORM;

	if (input->body_kind == BODY_NONE)
		return;
	buffer_printf(b, ",\"requestBody\":{\"required\":%s,\"content\":{",
	    input->body_kind == BODY_JSON_OPTIONAL ? "false" : "true");
	if (!is_form)
		put_content(b, "application/json", input);
	if (is_form) {
		put_content(b, "application/x-www-form-urlencoded", input);
		buffer_putc(b, ',');
		put_content(b, "multipart/form-data", input);
	}
	buffer_puts(b, "}}");
}

/* The first word of the path below the API's, where it is one of these. */
static void
put_tags(struct buffer *b, const char *template)
{
	static const char *const tags[] = { "users", "chores", "adjustments",
		"families" };
	size_t i, length;

	if (strstr(template, "/admin/") != NULL) {
		buffer_puts(b, "\"tags\":[\"admin\"],");
		return;
	}
	if (strncmp(template, API, sizeof(API) - 1) != 0)
		return;
	template += sizeof(API) - 1;
	length = strcspn(template, "/");
	for (i = 0; i < COUNT_OF(tags); i++)
		if (strlen(tags[i]) == length &&
		    memcmp(tags[i], template, length) == 0)
			buffer_printf(b, "\"tags\":[\"%s\"],", tags[i]);
}

/* One id an operation: users_me on GET /api/v1/users/me, and so on. */
static void
put_id(struct buffer *b, const struct operation *o, const char *template)
{
	const char *c;
	bool gap = false;

	buffer_printf(b, "\"summary\":\"%s\",\"operationId\":\"%s", o->name,
	    request_method_name(o->method));
	for (c = template; *c != '\0'; c++) {
		if (!isalnum((unsigned char)*c)) {
			gap = true;
			continue;
		}
		if (gap)
			buffer_putc(b, '_');
		gap = false;
		buffer_putc(b, *c);
	}
	buffer_putc(b, '"');
}

static void
put_operation(struct buffer *b, const struct operation *o, const char *template)
{
	const char *method = request_method_name(o->method);

	buffer_putc(b, '"');
	for (; *method != '\0'; method++)
		buffer_putc(b, (char)tolower((unsigned char)*method));
	buffer_puts(b, "\":{");
	put_tags(b, template);
	put_id(b, o, template);
	if (o->role != ROLE_public)
		buffer_puts(b, ",\"security\":[{\"OAuth2PasswordBearer\":[]}]");
	put_parameters(b, o->input);
	put_body(b, o->input);
	put_responses(b, o);
	buffer_putc(b, '}');
}

static void
put_paths(struct buffer *b)
{
	bool first = true;
	size_t i, j;

	for (i = 0; i < ROUTE_none; i++) {
		const struct route_info *route = route_info((enum route)i);

		if (i == ROUTE_metrics)
			continue;
		if (!first)
			buffer_putc(b, ',');
		first = false;
		put_string(b, route->template);
		buffer_puts(b, ":{");
		for (j = 0; j < route->noperations; j++) {
			if (j > 0)
				buffer_putc(b, ',');
			put_operation(
			    b, &route->operations[j], route->template);
		}
		buffer_putc(b, '}');
	}
}

static void
put_document(struct buffer *b)
{
	buffer_puts(b, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":");
	put_string(b, settings_get()->app_name);
	buffer_puts(b, ",\"version\":\"" API_VERSION "\"},\"paths\":{");
	put_paths(b);
	buffer_puts(b, "},\"components\":{\"schemas\":");
	buffer_append(b, asset_schemas_json, asset_len_schemas_json);
	buffer_puts(b,
	    ",\"securitySchemes\":{\"OAuth2PasswordBearer\":{\"type\":"
	    "\"oauth2\",\"flows\":{\"password\":{\"scopes\":{},\"tokenUrl\":"
	    "\"/api/v1/users/login\"}}}}},\"tags\":[{\"name\":\"users\"},"
	    "{\"name\":\"chores\"},{\"name\":\"adjustments\"},"
	    "{\"name\":\"families\"},{\"name\":\"admin\"}]}");
}

void
openapi_put(struct buffer *body)
{
	static struct buffer document;

	if (document.length == 0) {
		buffer_init(&document, CEILING_BYTES);
		put_document(&document);
	}
	buffer_append(body, document.data, document.length);
}
