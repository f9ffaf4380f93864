#include "http/multipart.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "http/octet.h"
#include "http/parameters.h"
#include "http/upload.h"
#include "platform/arena.h"
#include "platform/utf8.h"

#define NO_BOUNDARY "Missing boundary in multipart."
#define INVALID "Invalid multipart data."
#define NO_NAME \
	"The Content-Disposition header field \"name\" must be provided."
#define TOO_MANY_FILES "Too many files. Maximum number of files is 1000."

#define BOUNDARY_MAX 256
#define HEADERS_MAX 8           /* of a part */
#define HEADER_MAX (4096 + 128) /* its name and colon, or its value */

/* The body behind what has been read. */
struct reader {
	struct arena *arena;
	struct form *form;
	struct parameters_text
	    boundary; /* with the line end and dashes before it */
	bool is_utf8; /* what names and values are taken for */
	const char *at, *end;
	size_t nfiles;
};

/* The header section of a part. */
struct part {
	struct upload_header headers[HEADERS_MAX];
	size_t nheaders;
	struct parameters_text disposition; /* the last one's value */
};

/* What is behind what has been read. */
enum follows {
	FOLLOWS_PART,
	FOLLOWS_NOTHING, /* that we would wait for */
	FOLLOWS_GARBAGE
};

static struct parameters_text
latin1(struct reader *r, struct parameters_text raw)
{
	char *out = arena_alloc(r->arena, raw.length * 2 + 1);
	struct parameters_text decoded = { out, 0 };
	size_t i;

	for (i = 0; i < raw.length; i++)
		decoded.length +=
		    utf8_put(out + decoded.length, (unsigned char)raw.data[i]);
	out[decoded.length] = '\0';
	return (decoded);
}

/* UTF-8 if it is, else each byte is a character. */
static struct parameters_text
decode(struct reader *r, struct parameters_text raw)
{
	if (r->is_utf8 && utf8_valid(raw.data, raw.length) &&
	    !utf8_has_surrogate(raw.data, raw.length))
		return (raw);
	return (latin1(r, raw));
}

static bool
starts(const struct reader *r, const char *what, size_t length)
{
	return ((size_t)(r->end - r->at) >= length &&
		memcmp(r->at, what, length) == 0);
}

static size_t
left(const struct reader *r)
{
	return ((size_t)(r->end - r->at));
}

/* ---- header sections -------------------------------------------------- */

static void
keep_header(struct reader *r, struct part *part, struct parameters_text name,
    struct parameters_text value)
{
	struct upload_header *header = &part->headers[part->nheaders++];
	char *lowered = arena_copy(r->arena, name.data, name.length);
	struct parameters_text decoded = latin1(r, value);
	size_t i;

	for (i = 0; i < name.length; i++)
		lowered[i] = (char)tolower((unsigned char)lowered[i]);
	header->name = lowered;
	header->value = decoded.data;
	header->value_length = decoded.length;
	if (strcmp(lowered, "content-disposition") == 0)
		part->disposition = value;
}

/* A field's name, its colon included; FOLLOWS_PART: it is there. */
static enum follows
take_name(struct reader *r, struct parameters_text *name)
{
	const char *colon = memchr(r->at, ':', left(r));
	size_t length = colon == NULL ? left(r) : (size_t)(colon - r->at);

	if (length + (colon != NULL) > HEADER_MAX ||
	    octet_span(r->at, 0, length, OCTET_TOKEN) != length)
		return (FOLLOWS_GARBAGE);
	if (colon == NULL)
		return (FOLLOWS_NOTHING);
	if (length == 0)
		return (FOLLOWS_GARBAGE);
	name->data = r->at;
	name->length = length;
	r->at = colon + 1;
	return (FOLLOWS_PART);
}

/* The value, to its CRLF. The limit is for name, blanks and value together. */
static enum follows
take_value(struct reader *r, size_t used, struct parameters_text *value)
{
	const char *begin = r->at, *cr;
	size_t length;

	while (starts(r, " ", 1))
		r->at++;
	cr = memchr(r->at, '\r', left(r));
	length = (size_t)((cr == NULL ? r->end : cr) - begin);
	if (used + length > HEADER_MAX)
		return (FOLLOWS_GARBAGE);
	if (cr == NULL || cr + 1 == r->end)
		return (FOLLOWS_NOTHING);
	if (cr[1] != '\n')
		return (FOLLOWS_GARBAGE);
	value->data = r->at;
	value->length = (size_t)(cr - r->at);
	r->at = cr + 2;
	return (FOLLOWS_PART);
}

static enum follows
read_headers(struct reader *r, struct part *part)
{
	enum follows follows;
	struct parameters_text name, value;

	part->nheaders = 0;
	part->disposition = (struct parameters_text){ "", 0 };
	while (left(r) > 0) {
		if (starts(r, "\r\n", 2)) {
			r->at += 2;
			return (FOLLOWS_PART);
		}
		if (*r->at == '\r')
			return (
			    left(r) == 1 ? FOLLOWS_NOTHING : FOLLOWS_GARBAGE);
		if (part->nheaders == HEADERS_MAX)
			return (FOLLOWS_GARBAGE);
		if ((follows = take_name(r, &name)) != FOLLOWS_PART ||
		    (follows = take_value(r, name.length + 1, &value)) !=
			FOLLOWS_PART)
			return (follows);
		keep_header(r, part, name, value);
	}
	return (FOLLOWS_NOTHING);
}

/* ---- boundaries ------------------------------------------------------- */

/* What is behind the first boundary; a body that begins with a line end may
 * have anything before its first dash. */
static enum follows
take_first_boundary(struct reader *r)
{
	const char *dashed = r->boundary.data + 2;
	size_t length = r->boundary.length - 2, n;

	if (starts(r, "\r", 1) || starts(r, "\n", 1))
		r->at = memchr(r->at, '-', left(r));
	if (r->at == NULL)
		return (FOLLOWS_NOTHING);
	n = left(r) < length ? left(r) : length;
	if (memcmp(r->at, dashed, n) != 0)
		return (FOLLOWS_GARBAGE);
	r->at += n;
	if (starts(r, "\r\n", 2)) {
		r->at += 2;
		return (FOLLOWS_PART);
	}
	if (left(r) == 0 || starts(r, "--", 2) ||
	    (left(r) == 1 && (*r->at == '\r' || *r->at == '-')))
		return (FOLLOWS_NOTHING);
	return (FOLLOWS_GARBAGE);
}

/* Behind a part's boundary: blanks and the line's end. */
static enum follows
take_padding(struct reader *r)
{
	while (starts(r, " ", 1) || starts(r, "\t", 1))
		r->at++;
	if (starts(r, "\r\n", 2)) {
		r->at += 2;
		return (FOLLOWS_PART);
	}
	return (left(r) == 0 || (left(r) == 1 && *r->at == '\r')
		    ? FOLLOWS_NOTHING
		    : FOLLOWS_GARBAGE);
}

/*
 * The value of a part, to the boundary that ends it. What only begins like
 * one is part of the value. Sets ${has_ended}; a part that never ends is none.
 */
static enum follows
take_data(struct reader *r, struct parameters_text *data, bool *has_ended)
{
	enum follows follows;

	data->data = r->at;
	*has_ended = true;
	while ((r->at = memmem(r->at, left(r), r->boundary.data,
		    r->boundary.length)) != NULL) {
		data->length = (size_t)(r->at - data->data);
		r->at += r->boundary.length;
		if (starts(r, "--", 2))
			return (FOLLOWS_NOTHING);
		if (starts(r, "\r\n", 2) || starts(r, " ", 1) ||
		    starts(r, "\t", 1)) {
			follows = take_padding(r);
			*has_ended = follows == FOLLOWS_PART;
			return (follows);
		}
	}
	*has_ended = false;
	return (FOLLOWS_NOTHING);
}

/* ---- parts ------------------------------------------------------------ */

/* A part's name and the name of its file; what is wrong with it. */
static const char *
read_names(struct reader *r, const struct part *part, struct form_field *field)
{
	struct parameters_text name, file;

	if (!parameters_find(r->arena, part->disposition, "name", &name))
		return (NO_NAME);
	name = decode(r, name);
	field->name = name.data;
	field->name_length = name.length;
	field->is_file =
	    parameters_find(r->arena, part->disposition, "filename", &file);
	if (!field->is_file)
		return (NULL);
	file = decode(r, file);
	field->value = file.data;
	field->value_length = file.length;
	return (++r->nfiles > FORM_FIELDS_MAX ? TOO_MANY_FILES : NULL);
}

static const char *
add_part(struct reader *r, const struct part *part, struct form_field *field,
    struct parameters_text data)
{
	struct parameters_text value;

	if (!field->is_file) {
		value = decode(r, data);
		field->value = value.data;
		field->value_length = value.length;
	} else if (data.length > 0 || field->value_length > 0) {
		field->upload =
		    upload_describe(r->arena, field->value, field->value_length,
			data.data, data.length, part->headers, part->nheaders);
	}
	return (
	    form_add(r->form, r->arena, field) == -1 ? FORM_TOO_MANY : NULL);
}

/* One part after the other. A field too many is told before its value comes,
 * so that the last one need not end. */
static const char *
read_parts(struct reader *r)
{
	enum follows follows = take_first_boundary(r);

	while (follows == FOLLOWS_PART) {
		struct form_field field = { 0 };
		const char *wrong;
		struct part part;
		struct parameters_text data;
		bool has_ended;

		if ((follows = read_headers(r, &part)) != FOLLOWS_PART)
			break;
		if ((wrong = read_names(r, &part, &field)) != NULL)
			return (wrong);
		if (!field.is_file && r->form->count == FORM_FIELDS_MAX)
			return (FORM_TOO_MANY);
		follows = take_data(r, &data, &has_ended);
		if (!has_ended)
			break;
		if ((wrong = add_part(r, &part, &field, data)) != NULL)
			return (wrong);
	}
	return (follows == FOLLOWS_GARBAGE ? INVALID : NULL);
}

/* The few names that Python knows UTF-8 by; without one it is meant. Other
 * encodings are read as ISO 8859-1. */
static bool
charset_is_utf8(struct arena *arena, struct parameters_text content_type)
{
	static const char *const names[] = { "utf-8", "utf8", "utf_8", "u8",
		"utf" };
	struct parameters_text charset;
	size_t i;

	if (!parameters_find(arena, content_type, "charset", &charset))
		return (true);
	for (i = 0; i < COUNT_OF(names); i++)
		if (charset.length == strlen(names[i]) &&
		    strncasecmp(charset.data, names[i], charset.length) == 0)
			return (true);
	return (false);
}

const char *
multipart_read(struct form *form, struct arena *arena, const char *content_type,
    const char *body, size_t length)
{
	struct parameters_text type = { content_type, strlen(content_type) };
	struct reader r = { .arena = arena,
		.form = form,
		.is_utf8 = charset_is_utf8(arena, type),
		.at = body,
		.end = body + length };
	struct parameters_text boundary;

	if (!parameters_find(arena, type, "boundary", &boundary))
		return (NO_BOUNDARY);
	if (boundary.length > BOUNDARY_MAX)
		return (INVALID);
	r.boundary.data = arena_printf(
	    arena, "\r\n--%.*s", (int)boundary.length, boundary.data);
	r.boundary.length = boundary.length + 4;
	return (length == 0 ? NULL : read_parts(&r));
}
