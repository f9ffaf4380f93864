/*
 * form: the fields of a form, however they were sent.
 *
 * Context  any; all memory is the arena's.
 * Source   contract, conventions, section 5, "form rule".
 */
#ifndef HTTP_FORM_H
#define HTTP_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "platform/compiler.h"

struct arena;
struct json;

/* More make the whole form unusable: 400. */
#define FORM_FIELDS_MAX 1000
#define FORM_TOO_MANY "Too many fields. Maximum number of fields is 1000."

struct form_field {
	struct form_field *next;
	const char *name, *value; /* UTF-8, NUL-terminated */
	size_t name_length, value_length;
	bool is_file; /* value: the file's name */
	/* Of a file: what is told of it. NULL: an input of a page that was
	 * left empty, as good as absent. */
	const struct json *upload;
};

struct form {
	struct form_field *first;
	struct form_field **last; /* set by form_init() */
	size_t count;             /* fields without files */
};

void form_init(struct form *form);

/*
 * form_add(form, arena, field): one more, copied; -1 and nothing done if it
 * would be one too many.
 */
int form_add(struct form *form, struct arena *arena,
    const struct form_field *field) MUST_CHECK;

/* form_find(form, name): the last field of that name, or NULL. */
const struct form_field *form_find(const struct form *form, const char *name);

/*
 * form_read(form, arena, body, length): application/x-www-form-urlencoded.
 * Returns  NULL, or what is wrong with it.
 */
const char *form_read(struct form *form, struct arena *arena, const char *body,
    size_t length) MUST_CHECK;

#endif
