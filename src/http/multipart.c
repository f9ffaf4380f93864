#include "http/multipart.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "platform/arena.h"
#include "platform/utf8.h"

#define NO_BOUNDARY "Missing boundary in multipart."
#define INVALID "Invalid multipart data."
#define NO_NAME \
	"The Content-Disposition header field \"name\" must be provided."
#define TOO_MANY_FILES "Too many files. Maximum number of files is 1000."

/* RFC 2046 allows 70 characters; whoever sends more means no good. */
#define BOUNDARY_MAX 200

struct text {
	const char *data;
	size_t length;
};

/* The body behind what has been read. */
struct reader {
	struct arena *arena;
	struct form *form;
	struct text boundary; /* with its two dashes */
	bool is_utf8;         /* what names and values are taken for */
	const char *at, *end;
	size_t nfiles;
};

static bool
is_blank(char c)
{
	return (c == ' ' || c == '\t');
}

/*
 * The value of the parameter ${name} of a header's ${value}: what stands
 * behind the first ';', as name=token or name="quoted \"text\"".
 */
static bool
find_parameter(struct arena *arena, const char *value, const char *name,
    struct text *found)
{
	const char *at = value + strcspn(value, ";");
	size_t length = strlen(name);

	while (*at == ';') {
		bool is_ours;
		char *out;
		size_t n = 0;

		at++;
		at += strspn(at, " \t");
		is_ours = strncasecmp(at, name, length) == 0 &&
			  at[length + strspn(at + length, " \t")] == '=';
		at += strcspn(at, "=;");
		if (*at != '=')
			continue;
		at++;
		at += strspn(at, " \t");
		out = arena_alloc(arena, strlen(at) + 1);
		if (*at == '"') {
			for (at++; *at != '\0' && *at != '"'; at++) {
				if (*at == '\\' &&
				    (at[1] == '"' || at[1] == '\\'))
					at++;
				out[n++] = *at;
			}
			at += strcspn(at, ";");
		} else {
			n = strcspn(at, ";");
			memcpy(out, at, n);
			at += n;
			while (n > 0 && is_blank(out[n - 1]))
				n--;
		}
		if (!is_ours)
			continue;
		found->data = out;
		found->length = n;
		return (true);
	}
	return (false);
}

/* Text of a part: UTF-8 if it is, else each byte is a character. */
static struct text
decode(struct reader *r, struct text raw)
{
	struct text text = raw;
	char *out;
	size_t i, n = 0;

	if (r->is_utf8 && utf8_valid(raw.data, raw.length) &&
	    !utf8_has_surrogate(raw.data, raw.length))
		return (text);
	out = arena_alloc(r->arena, raw.length * 2 + 1);
	for (i = 0; i < raw.length; i++)
		n += utf8_put(out + n, (unsigned char)raw.data[i]);
	text.data = out;
	text.length = n;
	return (text);
}

/* The line that ends in CRLF at the reader; moves behind it. */
static bool
take_line(struct reader *r, struct text *line)
{
	const char *end = r->at;

	while ((end = memchr(end, '\r', (size_t)(r->end - end))) != NULL &&
	       end + 1 < r->end && end[1] != '\n')
		end++;
	if (end == NULL || end + 1 >= r->end)
		return (false);
	line->data = r->at;
	line->length = (size_t)(end - r->at);
	r->at = end + 2;
	return (true);
}

/* Where the next "\r\n--boundary" that ends a part begins, or NULL. */
static const char *
find_delimiter(const struct reader *r)
{
	const char *at = r->at;
	size_t need = r->boundary.length + 4; /* CRLF in front, two behind */

	while ((size_t)(r->end - at) >= need &&
	       (at = memchr(at, '\r', (size_t)(r->end - at))) != NULL) {
		const char *behind = at + 2 + r->boundary.length;

		if ((size_t)(r->end - at) < need)
			return (NULL);
		if (at[1] == '\n' &&
		    memcmp(at + 2, r->boundary.data, r->boundary.length) == 0 &&
		    (memcmp(behind, "\r\n", 2) == 0 ||
			memcmp(behind, "--", 2) == 0))
			return (at);
		at++;
	}
	return (NULL);
}

/* Behind a boundary: whether another part follows. NULL text: it is no
 * boundary of ours. */
enum follows { FOLLOWS_PART, FOLLOWS_NOTHING, FOLLOWS_GARBAGE };

static enum follows
take_boundary(struct reader *r)
{
	if ((size_t)(r->end - r->at) < r->boundary.length + 2 ||
	    memcmp(r->at, r->boundary.data, r->boundary.length) != 0)
		return (FOLLOWS_GARBAGE);
	r->at += r->boundary.length;
	if (memcmp(r->at, "--", 2) == 0)
		return (FOLLOWS_NOTHING);
	if (memcmp(r->at, "\r\n", 2) != 0)
		return (FOLLOWS_GARBAGE);
	r->at += 2;
	return (FOLLOWS_PART);
}

/* A part's header section: its Content-Disposition, "" without one. */
static const char *
read_headers(struct reader *r, const char **disposition)
{
	static const char name[] = "content-disposition";
	struct text line;

	*disposition = "";
	for (;;) {
		const char *colon;

		if (!take_line(r, &line))
			return (INVALID);
		if (line.length == 0)
			return (NULL);
		colon = memchr(line.data, ':', line.length);
		if (colon == NULL || colon == line.data)
			return (INVALID);
		if ((size_t)(colon - line.data) != sizeof(name) - 1 ||
		    strncasecmp(line.data, name, sizeof(name) - 1) != 0)
			continue;
		*disposition = arena_copy(r->arena, colon + 1,
		    (size_t)(line.data + line.length - colon - 1));
	}
}

static const char *
add_part(struct reader *r, const char *disposition, struct text value)
{
	struct form_field field = { 0 };
	struct text name, file;

	if (!find_parameter(r->arena, disposition, "name", &name))
		return (NO_NAME);
	name = decode(r, name);
	if (find_parameter(r->arena, disposition, "filename", &file) ||
	    find_parameter(r->arena, disposition, "filename*", &file)) {
		field.is_file = true;
		if (++r->nfiles > FORM_FIELDS_MAX)
			return (TOO_MANY_FILES);
		value = file;
	}
	value = decode(r, value);
	field.name = name.data;
	field.name_length = name.length;
	field.value = value.data;
	field.value_length = value.length;
	return (
	    form_add(r->form, r->arena, &field) == -1 ? FORM_TOO_MANY : NULL);
}

/* One part after the other; one that never ends is no part. */
static const char *
read_parts(struct reader *r)
{
	enum follows follows;

	while ((follows = take_boundary(r)) == FOLLOWS_PART) {
		const char *disposition, *end, *wrong;
		struct text value;

		if ((wrong = read_headers(r, &disposition)) != NULL)
			return (wrong);
		if ((end = find_delimiter(r)) == NULL)
			return (NULL);
		value.data = r->at;
		value.length = (size_t)(end - r->at);
		if ((wrong = add_part(r, disposition, value)) != NULL)
			return (wrong);
		r->at = end + 2;
	}
	return (follows == FOLLOWS_GARBAGE ? INVALID : NULL);
}

static bool
charset_is_utf8(struct arena *arena, const char *content_type)
{
	struct text charset;

	return (
	    !find_parameter(arena, content_type, "charset", &charset) ||
	    (charset.length == 5 &&
		strncasecmp(charset.data, "utf-8", 5) == 0) ||
	    (charset.length == 4 && strncasecmp(charset.data, "utf8", 4) == 0));
}

const char *
multipart_read(struct form *form, struct arena *arena, const char *content_type,
    const char *body, size_t length)
{
	struct reader r = { .arena = arena,
		.form = form,
		.is_utf8 = charset_is_utf8(arena, content_type),
		.at = body,
		.end = body + length };
	struct text boundary;
	char *dashed;

	if (!find_parameter(arena, content_type, "boundary", &boundary))
		return (NO_BOUNDARY);
	if (boundary.length == 0 || boundary.length > BOUNDARY_MAX)
		return (INVALID);
	dashed = arena_alloc(arena, boundary.length + 2);
	memcpy(dashed, "--", 2);
	memcpy(dashed + 2, boundary.data, boundary.length);
	r.boundary.data = dashed;
	r.boundary.length = boundary.length + 2;
	while (r.at < r.end && (*r.at == '\r' || *r.at == '\n'))
		r.at++;
	return (length == 0 ? NULL : read_parts(&r));
}
