/* links: src/http/fields.c src/http/coerce.c src/http/faults.c src/http/body.c src/http/form.c src/http/multipart.c src/http/parameters.c src/http/upload.c src/http/query.c src/http/request.c src/http/email.c src/http/maildomain.c src/http/mailliteral.c src/http/mailtext.c src/http/idna.c src/http/idnacode.c src/http/bidirule.c src/http/punycode.c src/http/json.c src/http/jsonread.c src/http/numbers.c src/platform/arena.c src/platform/buffer.c src/platform/utf8.c -lunistring -lm */
/*
 * Fields of all types: a byte says whether the body is JSON or a form, a line
 * is the query, the rest the body. Values keep their limits; faults are told
 * as JSON, one entry each, and never what a secret was.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "http/fields.h"
#include "http/json.h"
#include "http/request.h"
#include "platform/arena.h"
#include "platform/buffer.h"
#include "platform/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct values {
	struct value limit, t, i, f, b, c, e, l, password;
};

#define BOUNDS FIELD_GE | FIELD_LE

static const struct field query_fields[] = {
	{ "limit", FIELD_INT, .flags = BOUNDS, .ge = 1, .le = 100,
	    FIELD_DEFAULT_INT(20), FIELD_AT(values, limit) },
};
static const struct field body_fields[] = {
	{ "t", FIELD_TEXT, .min_length = 1, .max_length = 5,
	    FIELD_AT(values, t) },
	{ "i", FIELD_INT, .flags = BOUNDS, .ge = -5, .le = 5,
	    FIELD_AT(values, i) },
	{ "f", FIELD_FLOAT, .flags = BOUNDS, .ge = 0, .le = 1000,
	    FIELD_AT(values, f) },
	{ "b", FIELD_BOOL, FIELD_AT(values, b) },
	{ "c", FIELD_CENTS, .flags = BOUNDS, .ge = -999.99, .le = 999.99,
	    FIELD_AT(values, c) },
	{ "e", FIELD_EMAIL, .flags = FIELD_NULLABLE, FIELD_AT(values, e) },
	{ "l", FIELD_INTS, FIELD_AT(values, l) },
	{ "password", FIELD_TEXT, .flags = FIELD_SECRET, .min_length = 4,
	    FIELD_AT(values, password) },
};

#define INPUT(kind)                                                    \
	{                                                              \
		FIELDS_QUERY(query_fields), FIELDS_BODY(body_fields),  \
		    .body_kind = (kind), .size = sizeof(struct values) \
	}

static const struct input inputs[] = { INPUT(BODY_JSON), INPUT(BODY_FORM),
	INPUT(BODY_JSON_OPTIONAL) };
static const char *const types[] = { "application/json",
	"application/x-www-form-urlencoded", "" };

static bool
is_set(const struct value *value)
{
	return (value->state == VALUE_SET);
}

static void
assert_text(const struct value *value, size_t least, size_t most)
{
	const char *text = value->text.data;
	size_t length = value->text.length;

	assert(text[length] == '\0' && strlen(text) == length);
	assert(utf8_valid(text, length) && !utf8_has_surrogate(text, length));
	assert(utf8_count(text, length) >= least);
	assert(utf8_count(text, length) <= most);
}

static void
assert_limits(const struct values *v)
{
	if (is_set(&v->limit))
		assert(v->limit.integer >= 1 && v->limit.integer <= 100);
	if (is_set(&v->t))
		assert_text(&v->t, 1, 5);
	if (is_set(&v->i))
		assert(v->i.integer >= -5 && v->i.integer <= 5);
	if (is_set(&v->f))
		assert(v->f.number >= 0 && v->f.number <= 1000);
	if (is_set(&v->c))
		assert(v->c.integer >= -99999 && v->c.integer <= 99999);
	if (is_set(&v->e))
		assert_text(&v->e, 3, 254);
	if (is_set(&v->password))
		assert_text(&v->password, 4, SIZE_MAX);
}

static void
assert_no_secret(const struct json *fault)
{
	const struct json *location = json_member(fault, "loc");
	const struct json *input = json_member(fault, "input");

	assert(location != NULL && input != NULL);
	if (location->length < 2 ||
	    strcmp(location->first->next->text, "password") != 0)
		return;
	assert(input->type == JSON_NULL || strcmp(input->text, "***") == 0);
}

static void
assert_told(struct arena *arena, const struct faults *faults)
{
	struct jsonread_error error;
	const struct json *answer, *detail, *fault;
	struct buffer out;

	buffer_init(&out, 64 * 1024 * 1024);
	faults_put(&out, faults);
	answer = jsonread(arena, out.data, out.length, &error);
	/* an echo may nest as deeply as what we read, and we are around it */
	if (answer != NULL || error.reason != NULL) {
		assert(answer != NULL);
		detail = json_member(answer, "detail");
		assert(
		    detail->length ==
		    (faults->count > FAULTS_MAX ? FAULTS_MAX : faults->count));
		for (fault = detail->first; fault != NULL; fault = fault->next)
			assert_no_secret(fault);
	}
	buffer_fini(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct header header = { "content-type", NULL, 12, 0 };
	struct request request = { .method = METHOD_POST, .path = "/api/x" };
	const struct path_values path = { .count = 0 };
	const char *text = (const char *)data + 1, *end;
	struct values values = { 0 };
	struct body body = { 0 };
	struct faults faults;
	struct arena arena;
	struct buffer out;
	size_t kind;

	if (size < 2 || (end = memchr(text, '\n', size - 1)) == NULL)
		return (0);
	kind = data[0] % COUNT_OF(inputs);
	arena_init(&arena);
	buffer_init(&out, 1024 * 1024);
	faults_init(&faults, &arena);
	header.value = types[kind];
	header.value_length = strlen(header.value);
	request.headers = &header;
	request.nheaders = 1;
	request.query = arena_copy(&arena, text, (size_t)(end - text));
	request.body = end + 1;
	request.body_length = size - (size_t)(end + 1 - (const char *)data);
	if (body_check(&request, &arena, &body, &out) == 0 &&
	    fields_read(&inputs[kind], &request, &path, &body, &arena, &values,
		&faults, &out) == 0) {
		assert(out.length == 0);
		assert_limits(&values);
		assert_told(&arena, &faults);
	}
	buffer_fini(&out);
	arena_fini(&arena);
	return (0);
}
