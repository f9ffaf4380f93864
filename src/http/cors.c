#include "http/cors.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "http/request.h"
#include "platform/settings.h"

/* A scheme, a host of at most 253 characters, a port. What is longer is none,
 * and might not fit into the head of an answer that repeats it. */
#define ORIGIN_MAX 1024

static const char *const methods[] = { "GET", "POST", "PUT", "DELETE", "PATCH",
	"OPTIONS" };

static const char *const headers_allowed[] = { "Accept", "Accept-Language",
	"Authorization", "Content-Language", "Content-Type" };

static bool
allows_all(const struct settings *settings)
{
	return (settings->cors_allows_all);
}

static bool
is_allowed(const char *origin, const struct settings *settings)
{
	size_t i;

	if (allows_all(settings))
		return (strlen(origin) <= ORIGIN_MAX);
	for (i = 0; i < settings->cors_origins.count; i++)
		if (strcmp(settings->cors_origins.items[i], origin) == 0)
			return (true);
	return (false);
}

static void
put(struct buffer *headers, const char *name, const char *value)
{
	buffer_puts(headers, name);
	buffer_puts(headers, ": ");
	buffer_puts(headers, value);
	buffer_puts(headers, "\r\n");
}

void
cors_put_headers(
    struct buffer *headers, const char *origin, const struct settings *settings)
{
	if (origin != NULL) {
		/* With * credentials would open every account to any page. */
		if (!allows_all(settings))
			put(headers, "access-control-allow-credentials",
			    "true");
		put(headers, "access-control-expose-headers",
		    "Content-Length, Content-Type");
		if (is_allowed(origin, settings))
			put(headers, "access-control-allow-origin", origin);
	}
	put(headers, "vary", "Origin");
}

bool
cors_is_preflight(const struct request *request)
{
	const char *method;

	if (request->method != METHOD_OPTIONS ||
	    request_header(request, "origin") == NULL)
		return (false);
	method = request_header(request, "access-control-request-method");
	return (method != NULL && *method != '\0');
}

static bool
method_is_allowed(const char *method)
{
	size_t i;

	for (i = 0; i < COUNT_OF(methods); i++)
		if (strcmp(methods[i], method) == 0)
			return (true);
	return (false);
}

static bool
header_is_allowed(const char *name, size_t length)
{
	size_t i;

	for (i = 0; i < COUNT_OF(headers_allowed); i++)
		if (strlen(headers_allowed[i]) == length &&
		    strncasecmp(headers_allowed[i], name, length) == 0)
			return (true);
	return (false);
}

/* Every element of the comma list ${names}, trimmed, is in our list. */
static bool
headers_are_allowed(const char *names)
{
	const char *end;
	size_t length;

	for (;;) {
		end = names + strcspn(names, ",");
		while (names < end && isspace((unsigned char)*names))
			names++;
		length = (size_t)(end - names);
		while (length > 0 && isspace((unsigned char)names[length - 1]))
			length--;
		if (!header_is_allowed(names, length))
			return (false);
		if (*end == '\0')
			return (true);
		names = end + 1;
	}
}

static void
put_preflight_headers(
    struct buffer *headers, const char *origin, const struct settings *settings)
{
	put(headers, "vary",
	    "Origin, Access-Control-Request-Method, "
	    "Access-Control-Request-Headers, "
	    "Access-Control-Request-Private-Network");
	put(headers, "access-control-allow-methods",
	    "GET, POST, PUT, DELETE, PATCH, OPTIONS");
	put(headers, "access-control-max-age", "600");
	put(headers, "access-control-allow-headers",
	    "Accept, Accept-Language, Authorization, Content-Language, "
	    "Content-Type");
	if (!allows_all(settings))
		put(headers, "access-control-allow-credentials", "true");
	if (is_allowed(origin, settings))
		put(headers, "access-control-allow-origin", origin);
}

static void
name_failing(struct buffer *body, const char *what)
{
	buffer_puts(body, body->length == 0 ? "Disallowed CORS " : ", ");
	buffer_puts(body, what);
}

int
cors_preflight(const struct request *request, const struct settings *settings,
    struct buffer *headers, struct buffer *body)
{
	const char *origin = request_header(request, "origin");
	const char *names =
	    request_header(request, "access-control-request-headers");
	bool asks_private =
	    request_header(request, "access-control-request-private-network") !=
	    NULL;

	put_preflight_headers(headers, origin, settings);
	if (!is_allowed(origin, settings))
		name_failing(body, "origin");
	if (!method_is_allowed(
		request_header(request, "access-control-request-method")))
		name_failing(body, "method");
	if (names != NULL && !headers_are_allowed(names))
		name_failing(body, "headers");
	if (asks_private) /* whatever it says, as the original has it */
		name_failing(body, "private-network");
	if (body->length > 0)
		return (400);
	buffer_puts(body, "OK");
	return (200);
}
