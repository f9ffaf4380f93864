#include "http/jsonread.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/octet.h"
#include "platform/arena.h"
#include "platform/hex.h"
#include "platform/utf8.h"

struct reader {
	struct arena *arena;
	const char *text; /* UTF-8, NUL-terminated */
	size_t length;
	size_t at;
	int depth;
	const char *reason;
	size_t failed_at; /* in bytes */
};

static struct json *read_value(struct reader *r);

/* ---- encodings -------------------------------------------------------- */

/* How many bytes a code unit has, and whether its low byte comes last. */
struct encoding {
	size_t unit_bytes;
	bool big_endian;
	size_t mark_bytes; /* of the byte order mark */
};

static struct encoding
detect_by_zeros(const unsigned char *b, size_t length)
{
	struct encoding utf8 = { 1, false, 0 }, wide = { 2, false, 0 };

	if (length == 2 || length >= 4) {
		if (b[0] == 0 || b[1] == 0) {
			wide.big_endian = b[0] == 0;
			if (length >= 4 && b[0] == 0 && b[1] == 0)
				wide.unit_bytes = 4;
			if (length >= 4 && b[0] != 0 && b[2] == 0 && b[3] == 0)
				wide.unit_bytes = 4;
			return (wide);
		}
	}
	return (utf8);
}

static struct encoding
detect(const char *body, size_t length)
{
	static const struct {
		const char *mark;
		struct encoding encoding;
	} marks[] = {
		{ "\0\0\xfe\xff", { 4, true, 4 } },
		{ "\xff\xfe\0\0", { 4, false, 4 } },
		{ "\xfe\xff", { 2, true, 2 } },
		{ "\xff\xfe", { 2, false, 2 } },
		{ "\xef\xbb\xbf", { 1, false, 3 } },
	};
	size_t i, n;

	for (i = 0; i < COUNT_OF(marks); i++) {
		n = marks[i].encoding.mark_bytes;
		if (length >= n && memcmp(body, marks[i].mark, n) == 0)
			return (marks[i].encoding);
	}
	return (detect_by_zeros((const unsigned char *)body, length));
}

static uint32_t
unit_at(const struct encoding *e, const unsigned char *p)
{
	uint32_t unit = 0;
	size_t i;

	for (i = 0; i < e->unit_bytes; i++)
		unit = unit << 8 | p[e->big_endian ? i : e->unit_bytes - 1 - i];
	return (unit);
}

/* UTF-16 or UTF-32 as UTF-8; -1 if it is neither. */
static int
convert(
    struct reader *r, const struct encoding *e, const char *body, size_t length)
{
	const unsigned char *p = (const unsigned char *)body;
	const unsigned char *end = p + length;
	size_t step = e->unit_bytes;
	uint32_t c, low;
	char *to;

	if (length % step != 0)
		return (-1);
	/* Two bytes become three at worst, four become four. */
	r->text = to = arena_alloc(r->arena, length + length / 2 + 1);
	for (; p < end; p += step) {
		c = unit_at(e, p);
		if (c > 0x10ffff)
			return (-1);
		if (step == 2 && c >= 0xd800 && c <= 0xdbff && p + 2 < end) {
			low = unit_at(e, p + 2);
			if (low >= 0xdc00 && low <= 0xdfff) {
				c = 0x10000 + ((c - 0xd800) << 10) + low -
				    0xdc00;
				p += 2;
			}
		}
		to += utf8_put(to, c);
	}
	*to = '\0';
	r->length = (size_t)(to - r->text);
	return (0);
}

static int
decode(struct reader *r, const char *body, size_t length)
{
	struct encoding e = detect(body, length);

	body += e.mark_bytes;
	length -= e.mark_bytes;
	if (e.unit_bytes > 1)
		return (convert(r, &e, body, length));
	if (!utf8_valid(body, length))
		return (-1);
	r->text = arena_copy(r->arena, body, length);
	r->length = length;
	return (0);
}

/* ---- helpers ---------------------------------------------------------- */

static struct json *
fail(struct reader *r, const char *reason, size_t at)
{
	r->reason = reason;
	r->failed_at = at;
	return (NULL);
}

static void
skip_blanks(struct reader *r)
{
	r->at += strspn(r->text + r->at, " \t\n\r");
}

/* The present byte; NUL at the end (and for a NUL, which fits nowhere). */
static char
peek(const struct reader *r)
{
	return (r->at < r->length ? r->text[r->at] : '\0');
}

static struct json *
make(struct reader *r, enum json_type type)
{
	struct json *v = arena_zalloc(r->arena, sizeof(*v));

	v->type = type;
	return (v);
}

/* ---- strings ---------------------------------------------------------- */

/* A decoded string; text is NULL if it was not one. */
struct decoded {
	const char *text;
	size_t length;
};

/* Four hexadecimal digits at ${at}, or -1. */
static int32_t
read_hex(const struct reader *r, size_t at)
{
	int32_t value = 0, digit;
	size_t i;

	for (i = at; i < at + 4; i++) {
		digit = i < r->length ? hex_value(r->text[i]) : -1;
		if (digit < 0)
			return (-1);
		value = value * 16 + digit;
	}
	return (value);
}

/*
 * \uXXXX at r->at, the backslash's place. A string never ends its text, so
 * that four digits with nothing behind them are none.
 */
static int
read_unicode_escape(struct reader *r, char **to)
{
	int32_t c = read_hex(r, r->at + 2), low;

	if (c == -1 || r->at + 6 >= r->length) {
		(void)fail(r, "Invalid \\uXXXX escape", r->at + 1);
		return (-1);
	}
	r->at += 6;
	if (c >= 0xd800 && c <= 0xdbff && r->at + 6 < r->length &&
	    r->text[r->at] == '\\' && r->text[r->at + 1] == 'u') {
		if ((low = read_hex(r, r->at + 2)) == -1) {
			(void)fail(r, "Invalid \\uXXXX escape", r->at + 1);
			return (-1);
		}
		if (low >= 0xdc00 && low <= 0xdfff) {
			c = 0x10000 + ((c - 0xd800) << 10) + low - 0xdc00;
			r->at += 6;
		}
	}
	*to += utf8_put(*to, (uint32_t)c);
	return (0);
}

static int
read_escape(struct reader *r, size_t start, char **to)
{
	static const char letters[] = "\"\\/bfnrt";
	static const char meanings[] = "\"\\/\b\f\n\r\t";
	const char *letter;

	if (r->at + 1 == r->length) {
		(void)fail(r, "Unterminated string starting at", start);
		return (-1);
	}
	if (r->text[r->at + 1] == 'u')
		return (read_unicode_escape(r, to));
	letter = memchr(letters, r->text[r->at + 1], sizeof(letters) - 1);
	if (letter == NULL) {
		(void)fail(r, "Invalid \\escape", r->at);
		return (-1);
	}
	*(*to)++ = meanings[letter - letters];
	r->at += 2;
	return (0);
}

/* Where the string's closing quote is, or the end; escapes are counted. */
static size_t
find_end(const struct reader *r, size_t at)
{
	while (at < r->length && r->text[at] != '"')
		at += r->text[at] == '\\' ? 2 : 1;
	return (at < r->length ? at : r->length);
}

/* The string whose opening quote is at r->at. */
static struct decoded
read_string(struct reader *r)
{
	const struct decoded none = { NULL, 0 };
	size_t start = r->at++;
	char *text, *to;
	char c;

	/* An escape is never shorter than what it stands for. */
	text = to = arena_alloc(r->arena, find_end(r, r->at) - r->at + 1);
	while (r->at < r->length && (c = r->text[r->at]) != '"') {
		if (c == '\\') {
			if (read_escape(r, start, &to) == -1)
				return (none);
			continue;
		}
		if ((unsigned char)c < 0x20) {
			(void)fail(r, "Invalid control character at", r->at);
			return (none);
		}
		*to++ = c;
		r->at++;
	}
	if (r->at == r->length) {
		(void)fail(r, "Unterminated string starting at", start);
		return (none);
	}
	r->at++;
	*to = '\0';
	return ((struct decoded){ text, (size_t)(to - text) });
}

static struct json *
read_text(struct reader *r)
{
	struct decoded s = read_string(r);

	return (s.text == NULL ? NULL : json_text(r->arena, s.text, s.length));
}

/* ---- numbers and words ------------------------------------------------ */

static size_t
skip_digits(const struct reader *r, size_t at)
{
	return (octet_span(r->text, at, r->length, OCTET_DIGIT));
}

/* Where the fraction or the exponent that begins at ${at} ends; ${at} if
 * there are no digits in it. */
static size_t
skip_fraction(const struct reader *r, size_t at)
{
	size_t end;

	if (at == r->length || r->text[at] != '.')
		return (at);
	end = skip_digits(r, at + 1);
	return (end > at + 1 ? end : at);
}

static size_t
skip_exponent(const struct reader *r, size_t at)
{
	size_t digits = at + 1, end;

	if (at == r->length || (r->text[at] | 0x20) != 'e')
		return (at);
	if (digits < r->length &&
	    (r->text[digits] == '+' || r->text[digits] == '-'))
		digits++;
	end = skip_digits(r, digits);
	return (end > digits ? end : at);
}

static struct json *
read_number(struct reader *r)
{
	size_t start = r->at, digits = start, whole, end;
	struct json *v;

	if (peek(r) == '-')
		digits++;
	whole = skip_digits(r, digits);
	if (whole == digits)
		return (fail(r, "Expecting value", start));
	if (r->text[digits] == '0')
		whole = digits + 1;
	end = skip_exponent(r, skip_fraction(r, whole));
	if (end == whole && whole - digits > JSONREAD_DIGITS_MAX)
		return (fail(r, NULL, start));
	v = make(r, end == whole ? JSON_INTEGER : JSON_FLOAT);
	v->text = arena_copy(r->arena, r->text + start, end - start);
	v->length = (uint32_t)(end - start);
	r->at = end;
	return (v);
}

static struct json *
read_word(struct reader *r, const char *word, enum json_type type)
{
	size_t n = strlen(word);

	if (r->length - r->at < n || memcmp(r->text + r->at, word, n) != 0)
		return (fail(r, "Expecting value", r->at));
	r->at += n;
	return (make(r, type));
}

/* ---- arrays and objects ----------------------------------------------- */

/* After an element: true if there is another one; failed or closed if not. */
static bool
read_comma(struct reader *r, char close)
{
	skip_blanks(r);
	if (peek(r) == close) {
		r->at++;
		return (false);
	}
	if (peek(r) != ',') {
		(void)fail(r, "Expecting ',' delimiter", r->at);
		return (false);
	}
	r->at++;
	skip_blanks(r);
	return (true);
}

static bool
failed(const struct reader *r)
{
	return (r->failed_at != SIZE_MAX);
}

static struct json *
read_member(struct reader *r)
{
	struct decoded name;
	struct json *v;

	if (peek(r) != '"')
		return (
		    fail(r, "Expecting property name enclosed in double quotes",
			r->at));
	name = read_string(r);
	if (name.text == NULL)
		return (NULL);
	skip_blanks(r);
	if (peek(r) != ':')
		return (fail(r, "Expecting ':' delimiter", r->at));
	r->at++;
	skip_blanks(r);
	if ((v = read_value(r)) == NULL)
		return (NULL);
	v->name = name.text;
	v->name_length = (uint32_t)name.length;
	return (v);
}

/* A member and the place where it stood. */
struct placed {
	struct json *member;
	size_t place;
};

static int
compare_places(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;

	return (x->place < y->place ? -1 : x->place > y->place);
}

static int
compare_names(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;
	uint32_t n = x->member->name_length, m = y->member->name_length;
	int order = memcmp(x->member->name, y->member->name, n < m ? n : m);

	if (order == 0 && n != m)
		order = n < m ? -1 : 1;
	return (order != 0 ? order : compare_places(a, b));
}

/*
 * Keep of each name the last member, in the first one's place. Sorted, not
 * searched: a body may hold a hundred thousand names.
 */
static void
drop_doubles(struct reader *r, struct json *object)
{
	struct placed *all;
	struct json *v, **link;
	size_t i, kept = 0, n = object->length;

	if (n < 2)
		return;
	all = arena_alloc(r->arena, n * sizeof(*all));
	for (v = object->first, i = 0; v != NULL; v = v->next, i++)
		all[i] = (struct placed){ v, i };
	qsort(all, n, sizeof(*all), compare_names);
	for (i = 0; i < n; i++) {
		v = all[i].member;
		if (kept > 0 &&
		    v->name_length == all[kept - 1].member->name_length &&
		    memcmp(v->name, all[kept - 1].member->name,
			v->name_length) == 0)
			all[kept - 1].member = v;
		else
			all[kept++] = all[i];
	}
	qsort(all, kept, sizeof(*all), compare_places);
	for (i = 0, link = &object->first; i < kept; i++) {
		*link = all[i].member;
		link = &all[i].member->next;
	}
	*link = NULL;
	object->length = (uint32_t)kept;
}

/* The array or object whose bracket is at r->at. */
static struct json *
read_container(struct reader *r, enum json_type type, char close,
    struct json *(*read_one)(struct reader *))
{
	struct json *container, *v, **link;

	if (r->depth == JSONREAD_DEPTH_MAX)
		return (fail(r, NULL, r->at));
	r->depth++;
	container = make(r, type);
	link = &container->first;
	r->at++;
	skip_blanks(r);
	if (peek(r) == close)
		r->at++;
	else
		do {
			if ((v = read_one(r)) == NULL)
				return (NULL);
			*link = v;
			link = &v->next;
			container->length++;
		} while (read_comma(r, close));
	r->depth--;
	if (failed(r))
		return (NULL);
	if (type == JSON_OBJECT)
		drop_doubles(r, container);
	return (container);
}

static struct json *
read_value(struct reader *r)
{
	switch (peek(r)) {
	case '"':
		return (read_text(r));
	case '{':
		return (read_container(r, JSON_OBJECT, '}', read_member));
	case '[':
		return (read_container(r, JSON_ARRAY, ']', read_value));
	case 'n':
		return (read_word(r, "null", JSON_NULL));
	case 't':
		return (read_word(r, "true", JSON_TRUE));
	case 'f':
		return (read_word(r, "false", JSON_FALSE));
	default:
		return (read_number(r));
	}
}

/* Bytes become characters, lines and columns. */
static void
explain(const struct reader *r, struct jsonread_error *error)
{
	size_t i, line_start = 0;

	error->reason = r->reason;
	error->position = error->line = error->column = 0;
	if (r->reason == NULL)
		return;
	error->position = utf8_count(r->text, r->failed_at);
	error->line = 1;
	for (i = 0; i < r->failed_at; i++)
		if (r->text[i] == '\n') {
			error->line++;
			line_start = i + 1;
		}
	error->column =
	    1 + utf8_count(r->text + line_start, r->failed_at - line_start);
}

struct json *
jsonread(struct arena *arena, const char *body, size_t length,
    struct jsonread_error *error)
{
	struct reader r = { .arena = arena, .failed_at = SIZE_MAX };
	struct json *v = NULL;

	if (decode(&r, body, length) == 0) {
		skip_blanks(&r);
		v = read_value(&r);
		skip_blanks(&r);
		if (v != NULL && r.at < r.length)
			v = fail(&r, "Extra data", r.at);
	}
	if (v == NULL)
		explain(&r, error);
	return (v);
}
