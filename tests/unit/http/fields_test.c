/* links: -Itests/unit src/http/coerce.c src/http/faults.c src/http/body.c src/http/form.c src/http/multipart.c src/http/parameters.c src/http/upload.c src/http/query.c src/http/request.c src/http/email.c src/http/maildomain.c src/http/mailliteral.c src/http/mailtext.c src/http/idna.c src/http/idnacode.c src/http/bidirule.c src/http/punycode.c src/http/json.c src/http/jsonread.c src/http/numbers.c src/platform/arena.c src/platform/buffer.c src/platform/utf8.c -lunistring -lm */
#include "unit.h"

#include "../../../src/http/fields.c"

#include "platform/buffer.h"

#define JSON "application/json"
#define URLENCODED "application/x-www-form-urlencoded"

#define E(type, loc, message, input)                                  \
	"{\"type\":\"" type "\",\"loc\":[" loc "],\"msg\":\"" message \
	"\",\"input\":" input "}"
#define MISSING(loc, input) E("missing", loc, "Field required", input)
#define INT_PARSING(loc, input)                                           \
	E("int_parsing", loc,                                             \
	    "Input should be a valid integer, unable to parse string as " \
	    "an integer",                                                 \
	    input)
#define OF_TEXT(loc, input) \
	E("string_type", loc, "Input should be a valid string", input)
#define OF_OBJECT(input)                                               \
	E("model_attributes_type", "\"body\"",                         \
	    "Input should be a valid dictionary or object to extract " \
	    "fields from",                                             \
	    input)

struct values {
	struct value id, limit, name, password, count, extra;
};

static const struct field path_fields[] = {
	{ "id", FIELD_INT, .flags = FIELD_REQUIRED, FIELD_AT(values, id) },
};
static const struct field query_fields[] = {
	{ "limit", FIELD_INT, FIELD_DEFAULT_INT(20), FIELD_AT(values, limit) },
};
static const struct field body_fields[] = {
	{ "name", FIELD_TEXT, .flags = FIELD_REQUIRED, FIELD_AT(values, name) },
	{ "password", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_SECRET,
	    FIELD_AT(values, password) },
	{ "count", FIELD_INT, .flags = FIELD_NULLABLE,
	    FIELD_AT(values, count) },
	{ "extra", FIELD_TEXT, FIELD_DEFAULT_TEXT("none"),
	    FIELD_AT(values, extra) },
};
static const struct field optional_fields[] = {
	{ "count", FIELD_INT, .flags = FIELD_NULLABLE,
	    FIELD_AT(values, count) },
	{ "extra", FIELD_TEXT, FIELD_DEFAULT_TEXT("none"),
	    FIELD_AT(values, extra) },
};
static const struct field text_field[] = {
	{ "password", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_SECRET,
	    .min_length = 4, FIELD_AT(values, password) },
};

#define INPUT(kind, table)                                            \
	{                                                             \
		FIELDS_PATH(path_fields), FIELDS_QUERY(query_fields), \
		    FIELDS_BODY(table), .body_kind = (kind),          \
					.size = sizeof(struct values) \
	}

static const struct input json_input = INPUT(BODY_JSON, body_fields);
static const struct input optional_input =
    INPUT(BODY_JSON_OPTIONAL, optional_fields);
static const struct input form_input = INPUT(BODY_FORM, body_fields);
static const struct input text_input_of_body =
    INPUT(BODY_JSON_TEXT, text_field);

static void
put_text(struct buffer *b, const char *name, const struct value *value)
{
	if (value->state == VALUE_SET)
		buffer_printf(b, " %s=%s", name, value->text.data);
}

static void
put_int(struct buffer *b, const char *name, const struct value *value)
{
	if (value->state == VALUE_SET)
		buffer_printf(b, " %s=%d", name, (int)value->integer);
	else if (value->state == VALUE_NULL)
		buffer_printf(b, " %s=null", name);
}

static void
describe(struct buffer *b, const struct values *values)
{
	put_int(b, "id", &values->id);
	put_int(b, "limit", &values->limit);
	put_text(b, "name", &values->name);
	put_text(b, "password", &values->password);
	put_int(b, "count", &values->count);
	put_text(b, "extra", &values->extra);
}

struct example {
	const char *id, *query, *type, *body;
	int status; /* 0: all is right */
	const char *outcome;
};

static void
check_example(const struct input *input, const struct example *example)
{
	const struct header header = { "content-type",
		example->type == NULL ? "" : example->type, 12,
		example->type == NULL ? 0 : strlen(example->type) };
	const struct request request = { .method = METHOD_DELETE,
		.path = "/api/x",
		.query = example->query,
		.headers = &header,
		.nheaders = example->type != NULL,
		.body = example->body,
		.body_length = strlen(example->body) };
	struct path_values path = { { example->id }, { strlen(example->id) },
		1 };
	struct body body = { 0 };
	struct values values = { 0 };
	struct faults faults;
	struct arena arena;
	struct buffer out;
	int status;

	arena_init(&arena);
	buffer_init(&out, 64 * 1024);
	faults_init(&faults, &arena);
	assert_int_equal(body_check(&request, &arena, &body, &out), 0);
	status = fields_read(
	    input, &request, &path, &body, &arena, &values, &faults, &out);
	if (status == 0 && faults_any(&faults)) {
		faults_put(&out, &faults);
		status = 422;
	} else if (status == 0) {
		describe(&out, &values);
	}
	assert_case(status == example->status &&
			strcmp(buffer_text(&out), example->outcome) == 0,
	    "%s?%s %s: %d %s", example->id, example->query, example->body,
	    status, buffer_text(&out));
	buffer_fini(&out);
	arena_fini(&arena);
}

static void
check_examples(
    const struct input *input, const struct example *examples, size_t count)
{
	while (count-- > 0)
		check_example(input, examples++);
}

static void
what_is_right_is_read_from_everywhere(void **state)
{
	static const struct example examples[] = {
		{ "7", "limit=5", JSON,
		    "{\"password\":\"p\",\"name\":\"n\",\"x\":[]}", 0,
		    " id=7 limit=5 name=n password=p extra=none" },
		{ "+1_0.0", "a&limit=1&limit=+2", NULL,
		    "{\"name\":\"\",\"password\":\"p\",\"count\":null,"
		    "\"extra\":\"e\"}",
		    0, " id=10 limit=2 name= password=p count=null extra=e" },
	};

	(void)state;
	check_examples(&json_input, examples, COUNT_OF(examples));
}

static void
all_faults_come_at_once_in_the_order_of_the_tables(void **state)
{
	static const struct example examples[] = {
		{ "abc", "limit=x", JSON,
		    "{\"count\":\"y\",\"extra\":1,\"name\":2}", 422,
		    "{\"detail\":[" INT_PARSING("\"path\",\"id\"",
			"\"abc\"") "," INT_PARSING("\"query\",\"limit\"",
			"\"x\"") "," OF_TEXT("\"body\",\"name\"",
			"2") "," MISSING("\"body\",\"password\"",
			"{\"count\":\"y\",\"extra\":1,\"name\":2}") "," INT_PARSING("\"body\",\"count\"",
			"\"y\"") "," OF_TEXT("\"body\",\"extra\"", "1") "]}" },
		/* an empty value of a query is one */
		{ "1", "limit", JSON, "{}", 422,
		    "{\"detail\":[" INT_PARSING("\"query\",\"limit\"",
			"\"\"") "," MISSING("\"body\",\"name\"",
			"{}") "," MISSING("\"body\",\"password\"", "{}") "]}" },
		{ "\xff", "", JSON, "{\"name\":\"\",\"password\":\"\"}", 422,
		    "{\"detail\":[" INT_PARSING(
			"\"path\",\"id\"", "\"\ufffd\"") "]}" },
	};

	(void)state;
	check_examples(&json_input, examples, COUNT_OF(examples));
}

static void
secrets_are_starred_wherever_they_are(void **state)
{
	static const struct example examples[] = {
		{ "1", "", JSON, "{\"password\":12,\"name\":\"\"}", 422,
		    "{\"detail\":[" OF_TEXT(
			"\"body\",\"password\"", "\"***\"") "]}" },
		{ "1", "", JSON, "{\"password\":\"hush\"}", 422,
		    "{\"detail\":[" MISSING(
			"\"body\",\"name\"", "{\"password\":\"***\"}") "]}" },
		{ "1", "", JSON, "[{\"password\":\"hush\"}]", 422,
		    "{\"detail\":[" OF_OBJECT(
			"[{\"password\":\"***\"}]") "]}" },
	};

	(void)state;
	check_examples(&json_input, examples, COUNT_OF(examples));
}

static void
a_body_that_is_no_object_is_shown(void **state)
{
	static const struct example examples[] = {
		{ "1", "", JSON, "", 422,
		    "{\"detail\":[" MISSING("\"body\"", "null") "]}" },
		{ "x", "", JSON, "", 422,
		    "{\"detail\":[" INT_PARSING("\"path\",\"id\"",
			"\"x\"") "," MISSING("\"body\"", "null") "]}" },
		{ "1", "", JSON, "null", 422,
		    "{\"detail\":[" OF_OBJECT("null") "]}" },
		{ "1", "", JSON, "[1, 2.50]", 422,
		    "{\"detail\":[" OF_OBJECT("[1,2.5]") "]}" },
		{ "1", "", JSON, "\"a\"", 422,
		    "{\"detail\":[" OF_OBJECT("\"a\"") "]}" },
		{ "1", "", URLENCODED, "name=n&password=p", 422,
		    "{\"detail\":[" OF_OBJECT("\"name=n&password=p\"") "]}" },
		{ "1", "", "Application/JSON", "{bad", 422,
		    "{\"detail\":[{\"type\":\"json_invalid\",\"loc\":"
		    "[\"body\",1],\"msg\":\"JSON decode error\",\"input\":{},"
		    "\"ctx\":{\"error\":\"Expecting property name enclosed in "
		    "double quotes\"}}]}" },
		{ "1", "", JSON, "\xff", 400,
		    "{\"detail\":\"There was an error parsing the body\"}" },
	};

	(void)state;
	check_examples(&json_input, examples, COUNT_OF(examples));
}

static void
an_optional_body_may_be_absent(void **state)
{
	static const struct example examples[] = {
		{ "1", "", NULL, "", 0, " id=1 limit=20 extra=none" },
		{ "1", "", JSON, "{\"count\":3}", 0,
		    " id=1 limit=20 count=3 extra=none" },
		{ "1", "", JSON, "null", 422,
		    "{\"detail\":[" OF_OBJECT("null") "]}" },
	};

	(void)state;
	check_examples(&optional_input, examples, COUNT_OF(examples));
}

static void
an_empty_value_of_a_form_is_none(void **state)
{
	static const struct example examples[] = {
		{ "1", "", URLENCODED, "name=n&password=p&extra=e+e&count=07",
		    0, " id=1 limit=20 name=n password=p count=7 extra=e e" },
		{ "1", "", URLENCODED, "name=a&password=p&name=n&extra=&count",
		    0, " id=1 limit=20 name=n password=p extra=none" },
		{ "1", "", URLENCODED, "name=n&name=&password=", 422,
		    "{\"detail\":[" MISSING("\"body\",\"name\"",
			"null") "," MISSING("\"body\",\"password\"",
			"null") "]}" },
		{ "1", "", URLENCODED, "name=n&password=p&count=x", 422,
		    "{\"detail\":[" INT_PARSING(
			"\"body\",\"count\"", "\"x\"") "]}" },
		{ "1", "", JSON, "{\"name\":\"n\"}", 422,
		    "{\"detail\":[" MISSING("\"body\",\"name\"",
			"null") "," MISSING("\"body\",\"password\"",
			"null") "]}" },
	};

	(void)state;
	check_examples(&form_input, examples, COUNT_OF(examples));
}

#define PART(head, data) \
	"--x\r\nContent-Disposition: form-data; " head "\r\n\r\n" data "\r\n"

static void
a_file_is_no_text(void **state)
{
	static const struct example examples[] = {
		{ "1", "", "multipart/form-data; boundary=x",
		    PART("name=name; filename=\"\"", "")
			PART("name=password; filename=f", "hush") "--x--",
		    422,
		    "{\"detail\":[" MISSING("\"body\",\"name\"",
			"null") "," OF_TEXT("\"body\",\"password\"",
			"\"***\"") "]}" },
		{ "1", "", "multipart/form-data; boundary=x",
		    PART("name=name; filename=f", "")
			PART("name=password", "p") "--x--",
		    422,
		    "{\"detail\":[" OF_TEXT("\"body\",\"name\"",
			"{\"filename\":\"f\",\"file\":{},\"size\":0,"
			"\"headers\":{\"content-disposition\":\"form-data; "
			"name=name; "
			"filename=f\"},\"_max_mem_size\":1048576}") "]}" },
	};

	(void)state;
	check_examples(&form_input, examples, COUNT_OF(examples));
}

static void
a_body_may_be_one_secret_text(void **state)
{
	static const struct example examples[] = {
		{ "1", "", JSON, "\"hush\"", 0,
		    " id=1 limit=20 password=hush" },
		{ "1", "", NULL, "\"hush\"", 0,
		    " id=1 limit=20 password=hush" },
		{ "1", "", JSON, "", 422,
		    "{\"detail\":[" MISSING("\"body\"", "null") "]}" },
		{ "1", "", JSON, "{\"new_password\":\"hush\"}", 422,
		    "{\"detail\":[" OF_TEXT("\"body\"", "\"***\"") "]}" },
		{ "1", "", URLENCODED, "hush", 422,
		    "{\"detail\":[" OF_TEXT("\"body\"", "\"***\"") "]}" },
		{ "1", "", JSON, "\"abc\"", 422,
		    "{\"detail\":[{\"type\":\"string_too_short\",\"loc\":"
		    "[\"body\"],\"msg\":\"String should have at least 4 "
		    "characters\",\"input\":\"***\",\"ctx\":"
		    "{\"min_length\":4}}]}" },
	};

	(void)state;
	check_examples(&text_input_of_body, examples, COUNT_OF(examples));
}

/* What an operation that reads its body itself calls. */
static void
read_custom(const struct body *body, struct arena *arena, void *values,
    struct faults *faults)
{
	if (body->json != NULL)
		fields_read_object(
		    optional_fields, 2, body->json, arena, values, faults);
	else
		fields_read_form(
		    optional_fields, 2, &body->form, arena, values, faults);
}

static void
an_operation_may_look_at_its_body_itself(void **state)
{
	static const struct input input = { FIELDS_PATH(path_fields),
		.body_kind = BODY_CUSTOM, .read_body = read_custom,
		.size = sizeof(struct values) };
	static const struct example examples[] = {
		{ "1", "", JSON, "{\"count\":2}", 0,
		    " id=1 count=2 extra=none" },
		{ "1", "", URLENCODED, "count=3&extra=", 0,
		    " id=1 count=3 extra=none" },
		{ "1", "", NULL, "", 0, " id=1 extra=none" },
	};

	(void)state;
	check_examples(&input, examples, COUNT_OF(examples));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_right_is_read_from_everywhere),
		cmocka_unit_test(
		    all_faults_come_at_once_in_the_order_of_the_tables),
		cmocka_unit_test(secrets_are_starred_wherever_they_are),
		cmocka_unit_test(a_body_that_is_no_object_is_shown),
		cmocka_unit_test(an_optional_body_may_be_absent),
		cmocka_unit_test(an_empty_value_of_a_form_is_none),
		cmocka_unit_test(a_file_is_no_text),
		cmocka_unit_test(a_body_may_be_one_secret_text),
		cmocka_unit_test(an_operation_may_look_at_its_body_itself),
	};

	return (RUN(tests));
}
