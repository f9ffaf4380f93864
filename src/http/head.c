#include "http/head.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http/octet.h"
#include "platform/hex.h"

#define FIRST_FIELDS 32

/* More digits could pass what 64 bits hold. */
#define LENGTH_DIGITS_MAX 18

#define VERSION_LENGTH 8 /* "HTTP/1.1" */

void
head_init(struct head *h)
{
	memset(h, 0, sizeof(*h));
}

void
head_fini(struct head *h)
{
	free(h->fields);
	free(h->decoded);
	head_init(h);
}

void
head_reset(struct head *h)
{
	struct header *fields = h->fields;
	size_t capacity = h->capacity;

	free(h->decoded);
	head_init(h);
	h->fields = fields;
	h->capacity = capacity;
}

static void
move(const char **p, const char *from, const char *to)
{
	*p = to + (*p - from);
}

void
head_rebase(struct head *h, const char *from, char *to)
{
	struct request *r = &h->request;
	size_t i;

	for (i = 0; i < r->nheaders; i++) {
		move(&h->fields[i].name, from, to);
		move(&h->fields[i].value, from, to);
	}
	if (h->state == HEAD_AT_REQUEST_LINE)
		return;
	move(&r->method_text, from, to);
	if (r->path == r->raw_path && h->target_at != 0)
		move(&r->path, from, to);
	if (h->target_at != 0)
		move(&r->raw_path, from, to);
	if (*r->query != '\0')
		move(&r->query, from, to);
}

static enum head_step
refuse(struct head *h, enum refusal refusal)
{
	h->refusal = refusal;
	return (HEAD_REFUSED);
}

/* A stray % stands for itself, as in queries. No %00: a path that ends early
 * is another path. */
static int
decode_path(struct head *h)
{
	const char *in = h->request.raw_path;
	char *out;
	int byte;

	if (strchr(in, '%') == NULL) {
		h->request.path = in;
		return (0);
	}
	if ((out = h->decoded = malloc(strlen(in) + 1)) == NULL)
		abort();
	h->request.path = out;
	while (*in != '\0') {
		if (*in != '%' || (byte = hex_byte(in + 1)) == -1) {
			*out++ = *in++;
			continue;
		}
		if (byte == 0)
			return (-1);
		*out++ = (char)byte;
		in += 3;
	}
	*out = '\0';
	return (0);
}

/*
 * The length of "http://authority" or "https://authority" at the beginning of
 * an absolute-form target, 0 if it isn't one. No user in the authority: RFC
 * 9110, 4.2.4.
 */
static size_t
absolute_prefix(const char *target, size_t length)
{
	size_t at, end;

	if (length > 7 && strncasecmp(target, "http://", 7) == 0)
		at = 7;
	else if (length > 8 && strncasecmp(target, "https://", 8) == 0)
		at = 8;
	else
		return (0);
	end = octet_span(target, at, length, OCTET_HOST);
	if (end == at)
		return (0);
	if (end < length && target[end] != '/' && target[end] != '?')
		return (0);
	return (end);
}

/* ${target} is NUL-terminated. */
static int
read_target(struct head *h, char *target, size_t length)
{
	struct request *r = &h->request;
	size_t prefix = 0;
	char *mark;

	if (*target != '/' && *target != '*' &&
	    (prefix = absolute_prefix(target, length)) == 0)
		return (-1);
	if (*target == '*' && (length != 1 || r->method != METHOD_OPTIONS))
		return (-1);

	r->query = "";
	if ((mark = strchr(target + prefix, '?')) != NULL) {
		*mark = '\0';
		if (mark[1] != '\0')
			r->query = mark + 1;
	}
	if (prefix != 0 && target[prefix] == '\0') {
		/* RFC 9112, 3.2.1 and 3.2.4: no path is "/", or "*". */
		r->raw_path = r->path =
		    r->method == METHOD_OPTIONS && mark == NULL ? "*" : "/";
		h->target_at = 0;
		return (0);
	}
	r->raw_path = target + prefix;
	return (decode_path(h));
}

static enum refusal
read_version(struct head *h, const char *version, size_t length)
{
	if (length != VERSION_LENGTH || memcmp(version, "HTTP/", 5) != 0 ||
	    !octet_is(version[5], OCTET_DIGIT) || version[6] != '.' ||
	    !octet_is(version[7], OCTET_DIGIT))
		return (REFUSAL_request_line);
	if (version[5] != '1')
		return (REFUSAL_version);
	/* HTTP/1.2 and above are answered as 1.1: RFC 9110, 2.5. */
	h->request.minor_version = version[7] == '0' ? 0 : 1;
	return (REFUSAL_none);
}

/* method SP target SP version, in [line, end). */
static enum refusal
read_request_line(struct head *h, char *data, size_t line, size_t end)
{
	size_t method_end, target, target_end;
	enum refusal refusal;

	method_end = octet_span(data, line, end, OCTET_TOKEN);
	if (method_end == line || method_end == end || data[method_end] != ' ')
		return (REFUSAL_request_line);
	target = method_end + 1;
	target_end = octet_span(data, target, end, OCTET_TARGET);
	if (target_end == target || target_end == end)
		return (REFUSAL_request_line);
	if (data[target_end] != ' ')
		return (REFUSAL_target);
	refusal =
	    read_version(h, data + target_end + 1, end - (target_end + 1));
	if (refusal != REFUSAL_none)
		return (refusal);

	data[method_end] = data[target_end] = '\0';
	h->target_at = target;
	h->request.method_text = data + line;
	h->request.method = request_method(data + line, method_end - line);
	if (strcmp(h->request.method_text, "CONNECT") == 0)
		return (REFUSAL_connect);
	if (read_target(h, data + target, target_end - target) == -1)
		return (REFUSAL_target);
	return (REFUSAL_none);
}

static struct header *
new_field(struct head *h)
{
	if (h->request.nheaders == h->capacity) {
		size_t capacity =
		    h->capacity == 0 ? FIRST_FIELDS : 2 * h->capacity;

		h->fields = realloc(h->fields, capacity * sizeof(*h->fields));
		if (h->fields == NULL)
			abort();
		h->capacity = capacity;
	}
	return (&h->fields[h->request.nheaders++]);
}

/*
 * Calls use() with each element of a comma-separated list, less the blanks
 * around it; empty elements don't count (RFC 9110, 5.6.1).
 */
static void
each_element(struct head *h, const struct header *f,
    void (*use)(struct head *, const char *, size_t))
{
	const char *p = f->value, *end = f->value + f->value_length;

	while (p < end) {
		const char *comma = memchr(p, ',', (size_t)(end - p));
		const char *last = comma == NULL ? end : comma;
		const char *next = comma == NULL ? end : comma + 1;

		while (p < last && (*p == ' ' || *p == '\t'))
			p++;
		while (last > p && (last[-1] == ' ' || last[-1] == '\t'))
			last--;
		if (last > p)
			use(h, p, (size_t)(last - p));
		p = next;
	}
}

static bool
is_word(const char *text, size_t length, const char *word)
{
	return (length == strlen(word) && strncasecmp(text, word, length) == 0);
}

static void
use_connection(struct head *h, const char *text, size_t length)
{
	if (is_word(text, length, "close"))
		h->wants_close = true;
	else if (is_word(text, length, "keep-alive"))
		h->wants_keep_alive = true;
}

/*
 * Only "chunked" is known. Other tokens before it or alone are codings that
 * we lack; anything else may be meant to be read differently by two readers.
 */
static void
use_coding(struct head *h, const char *text, size_t length)
{
	if (h->is_chunked || octet_span(text, 0, length, OCTET_TOKEN) != length)
		h->framing = REFUSAL_coding;
	else if (is_word(text, length, "chunked"))
		h->is_chunked = true;
	else if (h->framing == REFUSAL_none)
		h->framing = REFUSAL_coding_unknown;
}

static enum refusal
read_host(struct head *h, const struct header *f)
{
	if (h->seen_host || octet_span(f->value, 0, f->value_length,
				OCTET_HOST) != f->value_length)
		return (REFUSAL_host);
	h->seen_host = true;
	return (REFUSAL_none);
}

static enum refusal
read_length(struct head *h, const struct header *f)
{
	size_t i, length = 0;

	if (h->has_length || f->value_length == 0 ||
	    f->value_length > LENGTH_DIGITS_MAX ||
	    octet_span(f->value, 0, f->value_length, OCTET_DIGIT) !=
		f->value_length)
		return (REFUSAL_length);
	for (i = 0; i < f->value_length; i++)
		length = 10 * length + (size_t)(f->value[i] - '0');
	h->has_length = true;
	h->request.declared_length = length;
	return (REFUSAL_none);
}

static enum refusal
read_coding(struct head *h, const struct header *f)
{
	if (h->seen_coding)
		return (REFUSAL_coding);
	h->seen_coding = true;
	each_element(h, f, use_coding);
	/* Empty elements are legal in lists, and a way to hide from others. */
	if (h->is_chunked && h->framing == REFUSAL_none &&
	    !is_word(f->value, f->value_length, "chunked"))
		h->framing = REFUSAL_coding;
	return (REFUSAL_none);
}

static enum refusal
read_expect(struct head *h, const struct header *f)
{
	if (f->value_length == 0 || h->request.minor_version == 0)
		return (REFUSAL_none);
	if (!is_word(f->value, f->value_length, "100-continue"))
		return (REFUSAL_expectation);
	h->expects_continue = true;
	return (REFUSAL_none);
}

static bool
is_named(const struct header *f, const char *name)
{
	return (strcasecmp(f->name, name) == 0);
}

/* The fields that the door itself obeys; told apart by their length first. */
static enum refusal
obey_field(struct head *h, const struct header *f)
{
	switch (f->name_length) {
	case 4:
		if (is_named(f, "host"))
			return (read_host(h, f));
		break;
	case 6:
		if (is_named(f, "expect"))
			return (read_expect(h, f));
		break;
	case 10:
		if (is_named(f, "connection"))
			each_element(h, f, use_connection);
		break;
	case 14:
		if (is_named(f, "content-length"))
			return (read_length(h, f));
		break;
	case 17:
		if (is_named(f, "transfer-encoding"))
			return (read_coding(h, f));
		break;
	default:
		break;
	}
	return (REFUSAL_none);
}

/* name ":" OWS value OWS, in [line, end); ${end} is the line's CR. */
static enum refusal
read_field(struct head *h, const struct head_limits *limits, char *data,
    size_t line, size_t end)
{
	size_t colon, value, last = end;
	struct header *f;

	if (data[line] == ' ' || data[line] == '\t')
		return (REFUSAL_header_folded);
	colon = octet_span(data, line, end, OCTET_TOKEN);
	if (colon == line || colon == end || data[colon] != ':')
		return (REFUSAL_header_name);
	if (h->request.nheaders == limits->nheaders)
		return (REFUSAL_headers_too_many);

	for (value = colon + 1; value < last; value++)
		if (data[value] != ' ' && data[value] != '\t')
			break;
	while (
	    last > value && (data[last - 1] == ' ' || data[last - 1] == '\t'))
		last--;
	data[colon] = data[last] = '\0';
	f = new_field(h);
	f->name = data + line;
	f->name_length = colon - line;
	f->value = data + value;
	f->value_length = last - value;
	return (obey_field(h, f));
}

/* What only the whole section can tell: RFC 9112, 3.2 and 6.3. */
static enum refusal
read_end(struct head *h)
{
	struct request *r = &h->request;

	if (!h->seen_host && r->minor_version > 0)
		return (REFUSAL_host);
	if (h->seen_coding && h->has_length)
		return (REFUSAL_length_and_coding);
	if (h->seen_coding && r->minor_version == 0)
		return (REFUSAL_coding);
	if (h->framing != REFUSAL_none)
		return (h->framing);
	if (h->seen_coding && !h->is_chunked)
		return (REFUSAL_coding);
	r->keep_alive =
	    !h->wants_close && (r->minor_version > 0 || h->wants_keep_alive);
	r->headers = h->fields;
	return (REFUSAL_none);
}

static enum refusal
read_line(struct head *h, const struct head_limits *limits, char *data,
    size_t line, size_t end)
{
	enum refusal refusal;

	if (h->state == HEAD_AT_REQUEST_LINE) {
		if (end == line)
			return (REFUSAL_none);
		refusal = read_request_line(h, data, line, end);
		h->state = HEAD_AT_FIELDS;
		return (refusal);
	}
	if (end != line)
		return (read_field(h, limits, data, line, end));
	h->state = HEAD_AT_END;
	h->length = end + 2;
	return (read_end(h));
}

/* Where the present line has to have ended: the first byte too many. */
static size_t
line_ceiling(const struct head *h, const struct head_limits *limits)
{
	if (h->state == HEAD_AT_REQUEST_LINE &&
	    h->line + limits->line_bytes < limits->bytes)
		return (h->line + limits->line_bytes);
	return (limits->bytes);
}

static enum refusal
too_long(const struct head *h)
{
	return (h->state == HEAD_AT_REQUEST_LINE ? REFUSAL_line_too_long
						 : REFUSAL_headers_too_large);
}

/* The byte at ${at} is no text: what is it then? */
static enum refusal
judge_control(const char *data, size_t at)
{
	return (data[at] == '\n' || data[at] == '\r'
		    ? REFUSAL_line_end
		    : REFUSAL_control_character);
}

enum head_step
head_read(
    struct head *h, const struct head_limits *limits, char *data, size_t length)
{
	while (h->state != HEAD_AT_END) {
		size_t ceiling = line_ceiling(h, limits);
		size_t to = length < ceiling ? length : ceiling;
		size_t at = octet_span(data, h->scanned, to, OCTET_TEXT);
		enum refusal refusal;

		h->scanned = at;
		/* At the ceiling a line may end, and nothing may follow. */
		if (at > ceiling ||
		    (at == ceiling && at < length && data[at] != '\r'))
			return (refuse(h, too_long(h)));
		if (at == length)
			return (HEAD_MORE);
		if (data[at] != '\r')
			return (refuse(h, judge_control(data, at)));
		if (at + 1 == length)
			return (HEAD_MORE);
		if (data[at + 1] != '\n')
			return (refuse(h, REFUSAL_line_end));
		refusal = read_line(h, limits, data, h->line, at);
		if (refusal != REFUSAL_none)
			return (refuse(h, refusal));
		h->line = h->scanned = at + 2;
	}
	return (HEAD_DONE);
}
