/*
 * request: what the front door hands to everybody above it.
 *
 * Context  any; the memory belongs to the door and lives as long as the
 *          exchange: until door_respond() has returned and the handler that
 *          called it as well.
 */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Methods are case-sensitive: "get" is METHOD_OTHER (RFC 9110, 9.1). */
enum method {
	METHOD_GET,
	METHOD_HEAD,
	METHOD_POST,
	METHOD_PUT,
	METHOD_PATCH,
	METHOD_DELETE,
	METHOD_OPTIONS,
	METHOD_OTHER
};

/* One header field as it arrived; its value may be empty. */
struct header {
	const char *name, *value; /* NUL-terminated; the value is trimmed */
	size_t name_length, value_length;
};

struct request {
	enum method method;
	const char *method_text; /* as sent */
	const char *path;        /* percent-decoded; "*" for OPTIONS * */
	const char *raw_path;    /* as sent */
	const char *query;       /* as sent, without '?'; "" if there is none */
	const struct header *headers;
	size_t nheaders;
	const char *body; /* not NUL-terminated; chunks are joined */
	size_t body_length;
	/*
	 * Content-Length, 0 if absent. With refused_status 413 what has been
	 * declared or counted: more than the limit.
	 */
	size_t declared_length;
	/*
	 * 413: the body was too large and has not been kept; whoever answers
	 * says so, under the route's name. 0: nothing was refused.
	 */
	int refused_status;
	size_t allowed_length;   /* what was too little for it */
	int minor_version;       /* 0 or 1 */
	bool keep_alive;         /* what the client wants */
	int64_t arrived_mono_us; /* its first byte */
};

/*
 * request_header(request, name): the value of the first field of that name
 * (letter case ignored), or NULL.
 */
const char *request_header(const struct request *request, const char *name);

/*
 * request_next_header(request, name, at): the same from field ${*at} on, which
 * moves behind it: for fields that may come in several lines (RFC 9110, 5.3).
 */
const char *request_next_header(
    const struct request *request, const char *name, size_t *at);

/* request_method(text, length): METHOD_OTHER for what we don't know. */
enum method request_method(const char *text, size_t length);

/* request_method_name(method): "GET"; "OTHER" for what we don't know. */
const char *request_method_name(enum method method);

#endif
