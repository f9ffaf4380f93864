/*
 * json: a JSON value in memory, and JSON text.
 *
 * jsonread() makes the values; all memory is an arena's. Text is UTF-8 with
 * lone surrogates in three bytes (platform/utf8.h), which are written as the
 * escapes they came from.
 *
 * Context  any.
 * Source   RFC 8259; contract, conventions, sections 6 and 9.
 */
#ifndef HTTP_JSON_H
#define HTTP_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/compiler.h"

struct arena;
struct buffer;

enum json_type {
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_INTEGER, /* text: its digits as sent, of any number */
	JSON_FLOAT,   /* text: as sent, with a fraction or an exponent */
	JSON_STRING,  /* text: decoded; NULs are possible */
	JSON_ARRAY,   /* first: the elements */
	JSON_OBJECT   /* first: the members; a name occurs once */
};

struct json {
	struct json *next; /* the next element or member */
	const char *name;  /* of a member, NUL-terminated, or NULL */
	union {
		const char *text; /* NUL-terminated */
		struct json *first;
	};
	uint32_t name_length;
	uint32_t length; /* bytes of the text, or elements, or members */
	enum json_type type;
};

/* json_text(arena, text, length): a string; the text is not copied. */
struct json *json_text(struct arena *arena, const char *text, size_t length);

/* json_member(object, name): the member's value, or NULL. */
const struct json *json_member(const struct json *object, const char *name);

/* json_number(v): of JSON_INTEGER or JSON_FLOAT, the nearest double; may be
 * infinite. */
double json_number(const struct json *v);

/*
 * json_put_value(b, v, secrets): the value, compact, members in their order,
 * floats spelled as Python's repr(). What the members named in ${secrets}
 * (ended by NULL, or NULL) hold at any depth is written as "***".
 */
void json_put_value(
    struct buffer *b, const struct json *v, const char *const *secrets);

/*
 * json_put_string(b, text, length): a JSON string, quotes included. Escaped
 * are the quote, the backslash, controls and lone surrogates, nothing else.
 */
void json_put_string(struct buffer *b, const char *text, size_t length);

/* json_put_string_ascii(b, text, length): the same with everything above
 * U+007E as \uxxxx (surrogate pairs above U+FFFF); U+007F stays. */
void json_put_string_ascii(struct buffer *b, const char *text, size_t length);

#endif
