/*
 * body: a request's body, checked and decoded once for everybody above.
 *
 *	status = body_check(request, &arena, &body, answer);
 *	... routing ...
 *	status = body_read(kind, request, &arena, &body, answer);
 *	... who may, then fields_read() ...
 *
 * Context  any; the memory is the arena's, except for struct body itself.
 * Source   contract, conventions, section 5.
 */
#ifndef HTTP_BODY_H
#define HTTP_BODY_H

#include <stdbool.h>
#include <stddef.h>

#include "http/form.h"
#include "http/jsonread.h"
#include "platform/compiler.h"

struct arena;
struct buffer;
struct request;

/* What an operation wants of its body. */
enum body_kind {
	BODY_NONE,          /* nothing */
	BODY_JSON,          /* an object */
	BODY_JSON_OPTIONAL, /* an object; none at all is {} */
	BODY_JSON_TEXT,     /* a string, not inside an object */
	BODY_FORM,          /* a form; anything else is an empty one */
	BODY_CUSTOM /* JSON or a form: struct input's read_body() looks */
};

/* What Content-Type says. */
enum body_type {
	BODY_TYPE_UNTYPED, /* absent or empty */
	BODY_TYPE_JSON,
	BODY_TYPE_URLENCODED,
	BODY_TYPE_MULTIPART,
	BODY_TYPE_OTHER
};

/* Zeroed before the first use. */
struct body {
	enum body_type type;
	bool parsed;       /* json and error are settled */
	bool read;         /* body_read() has been here */
	struct json *json; /* NULL: none, or malformed (error.reason) */
	struct jsonread_error error;
	struct form form;
};

/*
 * body_check(request, arena, body, out): what is refused before routing, on
 * paths below /api/: types we don't know, bodies too large, malformed JSON.
 *
 * Returns  0, or the status (415, 413, 400) of the answer in ${out}.
 */
int body_check(const struct request *request, struct arena *arena,
    struct body *body, struct buffer *out) MUST_CHECK;

/*
 * body_read(kind, request, arena, body, out): what is refused once the
 * operation is known, before authentication: bodies that can't be parsed.
 * body->json or body->form is what there is then. Does nothing the second
 * time.
 *
 * Returns  0, or the status (400, 422) of the answer in ${out}.
 */
int body_read(enum body_kind kind, const struct request *request,
    struct arena *arena, struct body *body, struct buffer *out) MUST_CHECK;

#endif
