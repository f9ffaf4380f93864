/* links: -Itests/unit src/http/form.c src/http/multipart.c src/http/parameters.c src/http/upload.c src/http/query.c src/http/request.c src/http/json.c src/http/jsonread.c src/http/numbers.c src/platform/arena.c src/platform/buffer.c src/platform/utf8.c */
#include "unit.h"

#include "../../../src/http/body.c"

#define JSON "application/json"
#define URLENCODED "application/x-www-form-urlencoded"
#define MULTIPART "multipart/form-data"

#define REFUSED_TYPE(type)                                              \
	"{\"error\":{\"code\":\"UNSUPPORTED_MEDIA_TYPE\",\"message\":"  \
	"\"Content-Type '" type "' is not supported\",\"details\":"     \
	"{\"allowed_types\":[\"application/json\","                     \
	"\"application/x-www-form-urlencoded\",\"multipart/form-data\"" \
	"]}}}"
#define MALFORMED(text, position)                                  \
	"{\"error\":{\"code\":\"MALFORMED_JSON\",\"message\":"     \
	"\"Invalid JSON in request body\",\"details\":{\"error\":" \
	"\"" text "\",\"position\":" position "}}}"
#define INVALID_JSON(text, position)                                          \
	"{\"detail\":[{\"type\":\"json_invalid\",\"loc\":[\"body\"," position \
	"],\"msg\":\"JSON decode error\",\"input\":{},\"ctx\""                \
	":{\"error\":\"" text "\"}}]}"

struct fixture {
	struct arena arena;
	struct buffer out;
	struct body body;
	struct request request;
	struct header headers[2];
};

static int
start(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	arena_init(&f.arena);
	buffer_init(&f.out, 64 * 1024);
	f.request.headers = f.headers;
	*state = &f;
	return (0);
}

static int
finish(void **state)
{
	struct fixture *f = *state;

	buffer_fini(&f->out);
	arena_fini(&f->arena);
	return (0);
}

/* A request, which has no Content-Type if ${type} is NULL. */
static void
make(struct fixture *f, enum method method, const char *path, const char *type,
    const char *body)
{
	memset(&f->body, 0, sizeof(f->body));
	buffer_reset(&f->out);
	f->request.method = method;
	f->request.path = f->request.raw_path = path;
	f->request.query = "";
	f->request.body = body;
	f->request.body_length = f->request.declared_length = strlen(body);
	f->headers[0].name = "Content-Type";
	f->headers[0].name_length = 12;
	f->headers[0].value = type == NULL ? "" : type;
	f->headers[0].value_length = strlen(f->headers[0].value);
	f->request.nheaders = type == NULL ? 0 : 1;
}

static int
check(struct fixture *f)
{
	return (body_check(&f->request, &f->arena, &f->body, &f->out));
}

static int
read_as(struct fixture *f, enum body_kind kind)
{
	return (body_read(kind, &f->request, &f->arena, &f->body, &f->out));
}

struct check {
	enum method method;
	const char *path, *type, *body;
	int status;
	const char *answer;
};

static void
run_checks(struct fixture *f, const struct check *checks, size_t count)
{
	for (; count-- > 0; checks++) {
		make(f, checks->method, checks->path, checks->type,
		    checks->body);
		assert_case(check(f) == checks->status, "%s: %s", checks->path,
		    checks->type == NULL ? "none" : checks->type);
		assert_string_equal(buffer_text(&f->out),
		    checks->answer == NULL ? "" : checks->answer);
	}
}

static void
three_types_are_taken(void **state)
{
	static const struct check checks[] = {
		{ METHOD_POST, "/api/x", NULL, "x", 0, NULL },
		{ METHOD_POST, "/api/x", "", "x", 0, NULL },
		{ METHOD_POST, "/api/x", JSON, "", 0, NULL },
		{ METHOD_PUT, "/api/x", URLENCODED, "x", 0, NULL },
		{ METHOD_PATCH, "/api/x", MULTIPART, "x", 0, NULL },
		{ METHOD_POST, "/api/x", "Application/JSON ; a=b", "x", 0,
		    NULL },
		{ METHOD_POST, "/api/x", "Text/Plain; Charset=UTF-8", "", 415,
		    REFUSED_TYPE("text/plain; charset=utf-8") },
		{ METHOD_PUT, "/api/x", "application/jsonp", "", 415,
		    REFUSED_TYPE("application/jsonp") },
		{ METHOD_PATCH, "/api/none", ";", "", 415, REFUSED_TYPE(";") },
		{ METHOD_POST, "/api/x", "application/a+json", "", 415,
		    REFUSED_TYPE("application/a+json") },
		/* bytes are ISO 8859-1; quotes stay JSON */
		{ METHOD_POST, "/api/x", "\xc9\xd7\xe9\"", "", 415,
		    REFUSED_TYPE("\u00e9\u00d7\u00e9\\\"") },
	};

	run_checks(*state, checks, COUNT_OF(checks));
}

static void
other_types_pass_where_nobody_minds(void **state)
{
	static const struct check checks[] = {
		{ METHOD_GET, "/api/x", "text/plain", "", 0, NULL },
		{ METHOD_HEAD, "/api/x", "text/plain", "", 0, NULL },
		{ METHOD_OPTIONS, "/api/x", "text/plain", "", 0, NULL },
		{ METHOD_DELETE, "/api/x", "text/plain", "", 0, NULL },
		{ METHOD_OTHER, "/api/x", "text/plain", "", 0, NULL },
		{ METHOD_POST, "/health", "text/plain", "", 0, NULL },
		{ METHOD_POST, "/api", "text/plain", "", 0, NULL },
		{ METHOD_POST, "/api/x/html", "text/plain", "", 0, NULL },
		{ METHOD_POST, "/api/html/x", "text/plain", "", 415,
		    REFUSED_TYPE("text/plain") },
	};
	struct fixture *f = *state;

	run_checks(f, checks, COUNT_OF(checks));
	make(f, METHOD_POST, "/api/x", "text/plain", "");
	f->headers[1] = (struct header){ "hx-REQUEST", "", 10, 0 };
	f->request.nheaders = 2;
	assert_int_equal(check(f), 0);
}

static void
too_large_is_told_after_the_type(void **state)
{
	static const char answer[] =
	    "{\"error\":{\"code\":\"REQUEST_TOO_LARGE\",\"message\":"
	    "\"Request body too large\",\"details\":{\"max_size_bytes\":"
	    "1048576,\"request_size_bytes\":1048577}}}";
	struct fixture *f = *state;

	make(f, METHOD_POST, "/api/x", JSON, "");
	f->request.declared_length = 1048577;
	f->request.allowed_length = 1048576;
	f->request.refused_status = 413;
	assert_int_equal(check(f), 413);
	assert_string_equal(buffer_text(&f->out), answer);
	make(f, METHOD_POST, "/api/x", "text/plain", "");
	assert_int_equal(check(f), 415);
	/* what the door has not kept nobody can read */
	make(f, METHOD_GET, "/x", NULL, "");
	f->request.declared_length = 1048577;
	f->request.allowed_length = 1048576;
	assert_int_equal(check(f), 413);
}

static void
malformed_json_is_told_before_routing(void **state)
{
	static const struct check checks[] = {
		{ METHOD_POST, "/api/x", JSON, "{bad", 400,
		    MALFORMED("Expecting property name enclosed in double "
			      "quotes: line 1 column 2 (char 1)",
			"1") },
		{ METHOD_DELETE, "/api/x", JSON ";a", "[\n\u00fc", 400,
		    MALFORMED(
			"Expecting value: line 2 column 1 (char 2)", "2") },
		{ METHOD_OTHER, "/api/x", JSON, "{", 400,
		    MALFORMED("Expecting property name enclosed in double "
			      "quotes: line 1 column 2 (char 1)",
			"1") },
		{ METHOD_PUT, "/api/x", JSON, "\"\\x\"", 400,
		    MALFORMED(
			"Invalid \\\\escape: line 1 column 2 (char 1)", "1") },
		{ METHOD_POST, "/api/x", JSON, "NaN", 400,
		    MALFORMED(
			"Expecting value: line 1 column 1 (char 0)", "0") },
		{ METHOD_POST, "/api/x", JSON, "", 0, NULL },
		{ METHOD_POST, "/api/x", JSON, "\xff", 0, NULL },
		{ METHOD_POST, "/api/x", "Application/json", "{bad", 0, NULL },
		{ METHOD_POST, "/api/x", NULL, "{bad", 0, NULL },
		{ METHOD_GET, "/api/x", JSON, "{bad", 0, NULL },
		{ METHOD_POST, "/x", JSON, "{bad", 0, NULL },
	};

	run_checks(*state, checks, COUNT_OF(checks));
}

struct reading {
	enum body_kind kind;
	const char *type, *body;
	int status;
	const char *outcome; /* the answer, or what there is then */
};

/* A body as JSON, a form as "name=value|", nothing as "-". */
static void
describe(struct fixture *f)
{
	const struct form_field *field;

	if (f->body.json != NULL)
		json_put_value(&f->out, f->body.json, NULL);
	for (field = f->body.form.first; field != NULL; field = field->next)
		buffer_printf(&f->out, "%s=%s|", field->name, field->value);
	if (f->out.length == 0)
		buffer_putc(&f->out, '-');
}

static void
run_readings(struct fixture *f, const struct reading *readings, size_t count)
{
	for (; count-- > 0; readings++) {
		make(
		    f, METHOD_DELETE, "/api/x", readings->type, readings->body);
		assert_int_equal(check(f), 0);
		assert_case(read_as(f, readings->kind) == readings->status,
		    "%s: %s", readings->type == NULL ? "none" : readings->type,
		    readings->body);
		if (readings->status == 0)
			describe(f);
		assert_string_equal(buffer_text(&f->out), readings->outcome);
		/* the second time nothing happens */
		assert_int_equal(read_as(f, readings->kind), 0);
	}
}

static void
json_is_read_if_it_may_be_json(void **state)
{
	static const struct reading readings[] = {
		{ BODY_JSON, JSON, "{\"a\":1,\"a\":2}", 0, "{\"a\":2}" },
		{ BODY_JSON_TEXT, JSON, "\"x\"", 0, "\"x\"" },
		{ BODY_JSON_OPTIONAL, JSON, "", 0, "-" },
		{ BODY_JSON, "APPLICATION/json", "[1]", 0, "[1]" },
		{ BODY_JSON, "application/a.b+json;x", "[1]", 0, "[1]" },
		{ BODY_JSON, NULL, "[1]", 0, "[1]" },
		{ BODY_JSON, "", "[1]", 0, "[1]" },
		{ BODY_JSON, NULL, "{bad", 422,
		    INVALID_JSON("Expecting property name enclosed in double "
				 "quotes",
			"1") },
		{ BODY_JSON, "Application/JSON", "\u00fc", 422,
		    INVALID_JSON("Expecting value", "0") },
		{ BODY_JSON, JSON, "\xff", 400,
		    "{\"detail\":\"There was an error parsing the body\"}" },
		/* else it is one text */
		{ BODY_JSON, URLENCODED, "a=b", 0, "\"a=b\"" },
		{ BODY_JSON, MULTIPART, "\xff", 0, "\"\ufffd\"" },
		{ BODY_JSON, "text/json", "{}", 0, "\"{}\"" },
		{ BODY_JSON, "application/a/b+json", "{}", 0, "\"{}\"" },
		{ BODY_JSON, "application/+jso", "{}", 0, "\"{}\"" },
		{ BODY_JSON, "text/plain", "", 0, "-" },
	};

	run_readings(*state, readings, COUNT_OF(readings));
}

static void
forms_are_read_if_they_are_forms(void **state)
{
	static const struct reading readings[] = {
		{ BODY_FORM, URLENCODED, "a=b&c", 0, "a=b|c=|" },
		{ BODY_FORM, "Application/X-WWW-Form-URLencoded; x", "a=b", 0,
		    "a=b|" },
		{ BODY_FORM, MULTIPART "; boundary=x",
		    "--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n"
		    "--x--",
		    0, "a=b|" },
		{ BODY_FORM, JSON, "{\"a\":1}", 0, "{\"a\":1}" },
		{ BODY_FORM, NULL, "a=b", 0, "-" },
		{ BODY_FORM, "text/plain", "a=b", 0, "-" },
		{ BODY_FORM, MULTIPART, "x", 400,
		    "{\"detail\":\"Missing boundary in multipart.\"}" },
		{ BODY_FORM, MULTIPART "; boundary=x", "y", 400,
		    "{\"detail\":\"Invalid multipart data.\"}" },
		{ BODY_FORM, MULTIPART "; boundary=x", "--x\r\n\r\n", 400,
		    "{\"detail\":\"The Content-Disposition header field "
		    "\\\"name\\\" must be provided.\"}" },
	};

	run_readings(*state, readings, COUNT_OF(readings));
}

static void
a_custom_body_is_either_or_nothing(void **state)
{
	static const struct reading readings[] = {
		{ BODY_CUSTOM, URLENCODED, "a=b", 0, "a=b|" },
		{ BODY_CUSTOM, JSON, "{\"a\":1}", 0, "{\"a\":1}" },
		{ BODY_CUSTOM, NULL, "{\"a\":1}", 0, "{\"a\":1}" },
		{ BODY_CUSTOM, NULL, "a=b", 0, "-" },
		{ BODY_CUSTOM, MULTIPART, "a=b", 400,
		    "{\"detail\":\"Missing boundary in multipart.\"}" },
		{ BODY_NONE, NULL, "{bad", 0, "-" },
	};

	run_readings(*state, readings, COUNT_OF(readings));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)
	const struct CMUnitTest tests[] = {
		TEST(three_types_are_taken),
		TEST(other_types_pass_where_nobody_minds),
		TEST(too_large_is_told_after_the_type),
		TEST(malformed_json_is_told_before_routing),
		TEST(json_is_read_if_it_may_be_json),
		TEST(forms_are_read_if_they_are_forms),
		TEST(a_custom_body_is_either_or_nothing),
	};
#undef TEST

	return (RUN(tests));
}
