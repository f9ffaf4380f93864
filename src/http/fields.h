/*
 * fields: what an operation reads of a request, declared in tables.
 *
 *	struct thing_values { struct value thing_id, name, color, count; };
 *
 *	static const struct field thing_path[] = {
 *		{ "thing_id", FIELD_INT, .flags = FIELD_REQUIRED,
 *			FIELD_AT(thing_values, thing_id) },
 *	};
 *	static const struct field thing_body[] = {
 *		{ "name", FIELD_TEXT, .flags = FIELD_REQUIRED, .min_length = 1,
 *			.max_length = 200, FIELD_AT(thing_values, name) },
 *		{ "count", FIELD_INT, .flags = FIELD_GE | FIELD_LE, .ge = 0,
 *			.le = 365, FIELD_DEFAULT_INT(7),
 *			FIELD_AT(thing_values, count) },
 *	};
 *	const struct input thing_input = {
 *		FIELDS_PATH(thing_path), FIELDS_BODY(thing_body),
 *		.body_kind = BODY_JSON, .size = sizeof(struct thing_values)
 *	};
 *
 * All faults of path, query and body are collected, in the tables' order.
 * Values are as the contract's "Accepted coercions" say; integers beyond
 * int64 become the nearest int64 (nobody has such an id). A field that is
 * faulty is VALUE_ABSENT.
 *
 * Context  any; values point into the arena.
 * Source   contract, conventions, section 6.
 */
#ifndef HTTP_FIELDS_H
#define HTTP_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/body.h"
#include "http/faults.h"
#include "platform/compiler.h"

struct arena;
struct buffer;
struct json;
struct request;

enum value_state {
	VALUE_ABSENT, /* not sent and no default */
	VALUE_NULL,   /* sent as null */
	VALUE_SET
};

struct value {
	enum value_state state;
	union {
		int64_t integer; /* FIELD_INT; FIELD_CENTS: hundredths */
		double number;   /* FIELD_FLOAT; may be infinite or NaN without
				* limits */
		bool truth;
		struct {
			const char *data; /* NUL-terminated */
			size_t length;    /* bytes */
		} text; /* FIELD_TEXT; FIELD_EMAIL: normalised */
		struct {
			const int64_t *items;
			size_t count;
		} integers;
	};
};

enum field_type {
	FIELD_TEXT,
	FIELD_INT,
	FIELD_FLOAT,
	FIELD_BOOL,
	FIELD_CENTS, /* an amount with at most two decimal places */
	FIELD_EMAIL,
	FIELD_INTS /* a list, from JSON only */
};

enum field_flag {
	FIELD_REQUIRED = 1,
	FIELD_NULLABLE = 2,     /* null is a value; else it is a wrong type */
	FIELD_SECRET = 4,       /* never echoed: "***" */
	FIELD_GE = 8,           /* value >= field.ge */
	FIELD_LE = 16,          /* value <= field.le */
	FIELD_MAY_HOLD_NUL = 32 /* the endpoint judges it: ask text.length */
};

/* A closed set of words, told as the pattern that it is. */
struct pattern {
	const char *text; /* without quotes and backslashes: "^(a|b)$" */
	const char *const *words; /* ended by NULL */
};

/* The patterns that several operations share. */
extern const struct pattern pattern_grant_type; /* ^password$ */

struct field {
	const char *name;
	enum field_type type;
	unsigned flags; /* enum field_flag */
	size_t offset;  /* of its struct value in the operation's values */
	size_t min_length, max_length; /* code points; max 0: no limit */
	double ge, le; /* FIELD_CENTS: in whole units, such as 999.99 */
	const struct pattern *pattern; /* FIELD_TEXT */
	/* Says why a value that is otherwise right is wrong ("Value error, "
	 * stands before it on the wire), or NULL. Looked at last. */
	const char *(*rule)(const struct value *value);
	struct value fallback; /* VALUE_SET: taken for an absent one */
};

#define FIELD_AT(values, member) .offset = offsetof(struct values, member)
#define FIELD_DEFAULT_INT(n) .fallback = { VALUE_SET, { .integer = (n) } }
#define FIELD_DEFAULT_BOOL(b) .fallback = { VALUE_SET, { .truth = (b) } }
#define FIELD_DEFAULT_TEXT(s) \
	.fallback = { VALUE_SET, { .text = { (s), sizeof(s) - 1 } } }

/* What a rule of BODY_CUSTOM gets. */
typedef void fields_body_reader(const struct body *body, struct arena *arena,
    void *values, struct faults *faults);

struct input {
	const struct field *path; /* in the template's order */
	size_t npath;
	const struct field *query;
	size_t nquery;
	const struct field *body; /* BODY_JSON_TEXT: exactly one */
	size_t nbody;
	enum body_kind body_kind;
	fields_body_reader *read_body; /* BODY_CUSTOM */
	size_t size;                   /* of the operation's values */
};

#define FIELDS_PATH(table) .path = (table), .npath = COUNT_OF(table)
#define FIELDS_QUERY(table) .query = (table), .nquery = COUNT_OF(table)
#define FIELDS_BODY(table) .body = (table), .nbody = COUNT_OF(table)

/* The decoded segments that stand for the {names} of a path's template. */
#define PATH_VALUES_MAX 4
struct path_values {
	const char *texts[PATH_VALUES_MAX]; /* not NUL-terminated */
	size_t lengths[PATH_VALUES_MAX];
	size_t count;
};

/*
 * fields_read(input, request, path, body, arena, values, faults, out): all
 * that the operation reads, into ${values} (input->size zeroed bytes).
 *
 * Returns  0 with all faults in ${faults}, or what body_read() refuses.
 */
int fields_read(const struct input *input, const struct request *request,
    const struct path_values *path, struct body *body, struct arena *arena,
    void *values, struct faults *faults, struct buffer *out) MUST_CHECK;

/* fields_value(field, values): what has been read of it. */
static inline const struct value *
fields_value(const struct field *field, const void *values)
{
	return ((const struct value *)(const void *)((const char *)values +
						     field->offset));
}

/*
 * For read_body(): the members of an object, or the fields of a form, by a
 * table of the operation's own. An empty form value counts as absent.
 */
void fields_read_object(const struct field *fields, size_t nfields,
    const struct json *object, struct arena *arena, void *values,
    struct faults *faults);
void fields_read_form(const struct field *fields, size_t nfields,
    const struct form *form, struct arena *arena, void *values,
    struct faults *faults);

#endif
