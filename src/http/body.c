#include "http/body.h"

#include <string.h>
#include <strings.h>

#include "http/json.h"
#include "http/multipart.h"
#include "http/request.h"
#include "platform/arena.h"
#include "platform/buffer.h"
#include "platform/utf8.h"

#define API "/api/"
#define PAGE_SUFFIX "/html"

#define UNPARSABLE "There was an error parsing the body"

static const char *
content_type(const struct request *request)
{
	const char *value = request_header(request, "content-type");

	return (value == NULL ? "" : value);
}

/* A media type: its length without parameters and blanks around it. */
static size_t
media_type(const char **value)
{
	size_t length;

	*value += strspn(*value, " \t");
	length = strcspn(*value, ";");
	while (length > 0 && strchr(" \t", (*value)[length - 1]) != NULL)
		length--;
	return (length);
}

static bool
is_type(const char *value, size_t length, const char *type)
{
	return (
	    strlen(type) == length && strncasecmp(value, type, length) == 0);
}

/* application/json, and its relatives application/…+json. */
static bool
is_json(const char *value, size_t length)
{
	static const char prefix[] = "application/", suffix[] = "+json";
	size_t nprefix = sizeof(prefix) - 1, nsuffix = sizeof(suffix) - 1;

	return (
	    is_type(value, length, "application/json") ||
	    (length >= nprefix + nsuffix &&
		memchr(value + nprefix, '/', length - nprefix) == NULL &&
		strncasecmp(value, prefix, nprefix) == 0 &&
		strncasecmp(value + length - nsuffix, suffix, nsuffix) == 0));
}

static enum body_type
find_type(const char *value)
{
	size_t length = media_type(&value);

	if (*value == '\0')
		return (BODY_TYPE_UNTYPED);
	if (is_json(value, length))
		return (BODY_TYPE_JSON);
	if (is_type(value, length, "application/x-www-form-urlencoded"))
		return (BODY_TYPE_URLENCODED);
	if (is_type(value, length, "multipart/form-data"))
		return (BODY_TYPE_MULTIPART);
	return (BODY_TYPE_OTHER);
}

/* The three that are allowed; what passes otherwise is a page's. */
static bool
type_is_allowed(const struct request *request, const char *value)
{
	const char *path = request->path;
	size_t length = strlen(path), nsuffix = sizeof(PAGE_SUFFIX) - 1;
	const char *type = value;
	size_t ntype = media_type(&type);

	if (request->method != METHOD_POST && request->method != METHOD_PUT &&
	    request->method != METHOD_PATCH)
		return (true);
	return (*value == '\0' ||
		(length >= nsuffix &&
		    strcmp(path + length - nsuffix, PAGE_SUFFIX) == 0) ||
		request_header(request, "hx-request") != NULL ||
		is_type(type, ntype, "application/json") ||
		is_type(type, ntype, "application/x-www-form-urlencoded") ||
		is_type(type, ntype, "multipart/form-data"));
}

/* "Content-Type '…' is not supported": the value as ISO 8859-1 has it, in
 * lower case. */
static void
put_type_message(struct arena *arena, const char *value, struct buffer *out)
{
	char *lowered = arena_alloc(arena, strlen(value) * 2 + 1);
	const char *message;
	size_t n = 0;

	for (; *value != '\0'; value++) {
		uint32_t c = (unsigned char)*value;

		if ((c >= 'A' && c <= 'Z') ||
		    (c >= 0xc0 && c <= 0xde && c != 0xd7))
			c += 0x20;
		n += utf8_put(lowered + n, c);
	}
	lowered[n] = '\0';
	message =
	    arena_printf(arena, "Content-Type '%s' is not supported", lowered);
	json_put_string(out, message, strlen(message));
}

static int
refuse_type(struct arena *arena, const char *value, struct buffer *out)
{
	buffer_puts(out,
	    "{\"error\":{\"code\":\"UNSUPPORTED_MEDIA_TYPE\",\"message\":");
	put_type_message(arena, value, out);
	buffer_puts(out,
	    ",\"details\":{\"allowed_types\":[\"application/json\","
	    "\"application/x-www-form-urlencoded\","
	    "\"multipart/form-data\"]}}}");
	return (415);
}

static int
refuse_size(const struct request *request, struct buffer *out)
{
	buffer_printf(out,
	    "{\"error\":{\"code\":\"REQUEST_TOO_LARGE\",\"message\":"
	    "\"Request body too large\",\"details\":{\"max_size_bytes\":%zu,"
	    "\"request_size_bytes\":%zu}}}",
	    request->allowed_length, request->declared_length);
	return (413);
}

static int
refuse_json(
    struct arena *arena, const struct jsonread_error *error, struct buffer *out)
{
	const char *message;

	buffer_puts(out,
	    "{\"error\":{\"code\":\"MALFORMED_JSON\",\"message\":"
	    "\"Invalid JSON in request body\",\"details\":{\"error\":");
	message = arena_printf(arena, "%s: line %zu column %zu (char %zu)",
	    error->reason, error->line, error->column, error->position);
	json_put_string(out, message, strlen(message));
	buffer_printf(out, ",\"position\":%zu}}}", error->position);
	return (400);
}

static void
parse_json(
    const struct request *request, struct arena *arena, struct body *body)
{
	if (body->parsed)
		return;
	body->parsed = true;
	if (request->body_length > 0)
		body->json = jsonread(
		    arena, request->body, request->body_length, &body->error);
}

int
body_check(const struct request *request, struct arena *arena,
    struct body *body, struct buffer *out)
{
	static const char json[] = "application/json";
	const char *value = content_type(request);
	bool is_checked = request->method != METHOD_GET &&
			  request->method != METHOD_HEAD &&
			  request->method != METHOD_OPTIONS &&
			  strncmp(request->path, API, sizeof(API) - 1) == 0;

	body->type = find_type(value);
	form_init(&body->form);
	if (is_checked && !type_is_allowed(request, value))
		return (refuse_type(arena, value, out));
	/* The front door has not kept it, whatever it was for. */
	if (request->refused_status != 0)
		return (refuse_size(request, out));
	if (!is_checked || strncmp(value, json, sizeof(json) - 1) != 0)
		return (0);
	parse_json(request, arena, body);
	if (body->json == NULL && body->error.reason != NULL)
		return (refuse_json(arena, &body->error, out));
	return (0);
}

static int
refuse_detail(const char *text, struct buffer *out)
{
	buffer_puts(out, "{\"detail\":");
	json_put_string(out, text, strlen(text));
	buffer_putc(out, '}');
	return (400);
}

static int
refuse_invalid(const struct jsonread_error *error, struct buffer *out)
{
	buffer_printf(out,
	    "{\"detail\":[{\"type\":\"json_invalid\",\"loc\":[\"body\",%zu],"
	    "\"msg\":\"JSON decode error\",\"input\":{},\"ctx\":{\"error\":",
	    error->position);
	json_put_string(out, error->reason, strlen(error->reason));
	buffer_puts(out, "}}]}");
	return (422);
}

static bool
is_form(const struct body *body)
{
	return (body->type == BODY_TYPE_URLENCODED ||
		body->type == BODY_TYPE_MULTIPART);
}

/* JSON if it may be; any other type is a plain text. */
static int
read_json(const struct request *request, struct arena *arena, struct body *body,
    struct buffer *out)
{
	if (request->body_length == 0)
		return (0);
	if (body->type != BODY_TYPE_JSON && body->type != BODY_TYPE_UNTYPED) {
		size_t length;
		const char *text = utf8_scrub(
		    arena, request->body, request->body_length, &length);

		body->json = json_text(arena, text, length);
		return (0);
	}
	parse_json(request, arena, body);
	if (body->json != NULL)
		return (0);
	return (body->error.reason == NULL ? refuse_detail(UNPARSABLE, out)
					   : refuse_invalid(&body->error, out));
}

static int
read_form(const struct request *request, struct arena *arena, struct body *body,
    struct buffer *out)
{
	const char *wrong = NULL;

	if (body->type == BODY_TYPE_URLENCODED)
		wrong = form_read(
		    &body->form, arena, request->body, request->body_length);
	else if (body->type == BODY_TYPE_MULTIPART)
		wrong = multipart_read(&body->form, arena,
		    content_type(request), request->body, request->body_length);
	return (wrong == NULL ? 0 : refuse_detail(wrong, out));
}

int
body_read(enum body_kind kind, const struct request *request,
    struct arena *arena, struct body *body, struct buffer *out)
{
	if (body->read)
		return (0);
	body->read = true;
	switch (kind) {
	case BODY_JSON:
	case BODY_JSON_OPTIONAL:
	case BODY_JSON_TEXT:
		return (read_json(request, arena, body, out));
	case BODY_FORM:
		return (read_form(request, arena, body, out));
	case BODY_CUSTOM:
		if (is_form(body))
			return (read_form(request, arena, body, out));
		parse_json(request, arena, body);
		break;
	case BODY_NONE:
		break;
	}
	return (0);
}
