/* links: -Itests/unit src/http/form.c src/http/query.c src/http/parameters.c src/http/upload.c src/http/json.c src/http/jsonread.c src/http/numbers.c src/platform/arena.c src/platform/buffer.c src/platform/utf8.c */
#include "unit.h"

#include "../../../src/http/multipart.c"

#include "http/json.h"
#include "platform/buffer.h"

#define TYPE "multipart/form-data; boundary=x"
#define NAMED "Content-Disposition: form-data; name="
#define FIELD(name, value) "--x\r\n" NAMED name "\r\n\r\n" value "\r\n"
#define END "--x--\r\n"

struct example {
	const char *type, *body;
	const char *outcome; /* "name=value|" of each, or what is wrong */
};

/* Fields as "name=value|", files as "name:file{size}|". */
static void
describe(const struct form *form, struct buffer *out)
{
	const struct form_field *field;

	for (field = form->first; field != NULL; field = field->next) {
		assert_int_equal(strlen(field->value), field->value_length);
		buffer_printf(out, "%s%c%s", field->name,
		    field->is_file ? ':' : '=', field->value);
		if (field->upload != NULL)
			buffer_printf(out, "{%s}",
			    json_member(field->upload, "size")->text);
		buffer_putc(out, '|');
	}
}

/* The body is copied to where reading past its end would be seen. */
static void
check_example(const struct example *example)
{
	size_t length = strlen(example->body);
	char *body = malloc(length > 0 ? length : 1);
	struct arena arena;
	struct buffer out;
	struct form form;
	const char *wrong;

	memcpy(body, example->body, length);
	arena_init(&arena);
	buffer_init(&out, 64 * 1024);
	form_init(&form);
	wrong = multipart_read(&form, &arena, example->type, body, length);
	if (wrong == NULL)
		describe(&form, &out);
	else
		buffer_puts(&out, wrong);
	assert_case(strcmp(buffer_text(&out), example->outcome) == 0,
	    "%s: %s is %s", example->type, example->body, buffer_text(&out));
	buffer_fini(&out);
	arena_fini(&arena);
	free(body);
}

static void
check_examples(const struct example *examples, size_t count)
{
	while (count-- > 0)
		check_example(examples++);
}

static void
parts_become_fields(void **state)
{
	static const struct example examples[] = {
		{ TYPE, "", "" },
		{ TYPE, END, "" },
		{ TYPE, FIELD("a", "b") END, "a=b|" },
		{ TYPE, FIELD("a", "") END, "a=|" },
		{ TYPE, FIELD("a", "1") FIELD("\"b c\"", "2") END,
		    "a=1|b c=2|" },
		{ TYPE, FIELD("a", "1") FIELD("a", "2") END, "a=1|a=2|" },
		{ TYPE, FIELD("a", "1") END "anything", "a=1|" },
		{ TYPE, FIELD("a", "1") "--x--", "a=1|" },
		{ TYPE, FIELD("a", "\r\n--\r\n--y\r\n-x\r\n--xy") END,
		    "a=\r\n--\r\n--y\r\n-x\r\n--xy|" },
		{ TYPE, FIELD("a", "\r\n--x-y\r\n--x\ry") END,
		    "a=\r\n--x-y\r\n--x\ry|" },
		{ TYPE, FIELD("\"\"", "b") END, "=b|" },
		{ TYPE, FIELD("\u00fc", "\u4f60") END, "\u00fc=\u4f60|" },
		{ TYPE, FIELD("a", "\xff") END, "a=\u00ff|" },
		{ TYPE, "\r\n\nwhatever" FIELD("a", "b") END, "a=b|" },
		{ TYPE, "\r\nwhatever", "" },
		{ TYPE,
		    "--x\r\nA: b\r\ncontent-DISPOSITION:form-data;name=c"
		    "\r\nD:\r\n\r\ne\r\n" END,
		    "c=e|" },
		{ TYPE, "--x\r\n" NAMED "a\r\n" NAMED "b\r\n\r\nc\r\n" END,
		    "b=c|" },
		{ TYPE,
		    "--x\r\nA:\r\nA:\r\nA:\r\nA:\r\nA:\r\nA:\r\nA:\r\n" NAMED
		    "b\r\n\r\nc\r\n" END,
		    "b=c|" },
		{ TYPE,
		    "--x\r\n" NAMED "a\r\n\r\nb\r\n--x \t\r\n" NAMED
		    "c\r\n\r\nd\r\n" END,
		    "a=b|c=d|" },
	};

	(void)state;
	check_examples(examples, COUNT_OF(examples));
}

static void
what_never_ends_is_missing(void **state)
{
	static const struct example examples[] = {
		{ TYPE, "--", "" },
		{ TYPE, "--x", "" },
		{ TYPE, "--x\r", "" },
		{ TYPE, "--x-", "" },
		{ TYPE, "--x\r\n", "" },
		{ TYPE, "--x\r\nContent-Disp", "" },
		{ TYPE, "--x\r\n" NAMED "a", "" },
		{ TYPE, "--x\r\n" NAMED "a\r", "" },
		{ TYPE, "--x\r\n" NAMED "a\r\n", "" },
		{ TYPE, "--x\r\n" NAMED "a\r\n\r", "" },
		{ TYPE, "--x\r\n" NAMED "a\r\n\r\n", "" },
		{ TYPE, "--x\r\n" NAMED "a\r\n\r\nb", "" },
		{ TYPE, FIELD("a", "1") "--x\r\n" NAMED "b\r\n\r\n2\r\n--x",
		    "a=1|" },
		{ TYPE, FIELD("a", "1") FIELD("b", "2") "--x-", "a=1|" },
		{ TYPE, FIELD("a", "1") FIELD("b", "2") "--x ", "a=1|" },
		{ TYPE, FIELD("a", "1") FIELD("b", "2") "--x \r", "a=1|" },
		{ TYPE, FIELD("a", "1") FIELD("b", "2") "--x\r\n", "a=1|b=2|" },
	};

	(void)state;
	check_examples(examples, COUNT_OF(examples));
}

static void
what_is_no_multipart_is_refused(void **state)
{
	static const struct example examples[] = {
		{ TYPE, "a", INVALID },
		{ TYPE, "-x", INVALID },
		{ TYPE, "--y\r\n", INVALID },
		{ TYPE, "--xy\r\n", INVALID },
		{ TYPE, "--x\n", INVALID },
		{ TYPE, "--x\ra", INVALID },
		{ TYPE, "--x-a", INVALID },
		{ TYPE, "--x\r\n\ra", INVALID },
		{ TYPE, "--x\r\n: a\r\n\r\n", INVALID },
		{ TYPE, "--x\r\nA b: c\r\n\r\n", INVALID },
		{ TYPE, "--x\r\nA b", INVALID },
		{ TYPE, "--x\r\nA\r\n\r\n", INVALID },
		{ TYPE, "--x\r\nA: b\rc\r\n\r\n", INVALID },
		{ TYPE, FIELD("a", "b") "--x y\r\n", INVALID },
		{ TYPE, FIELD("a", "b") "--x \ry", INVALID },
		{ TYPE, "--x\r\n\r\na\r\n" END, NO_NAME },
		{ TYPE, "--x\r\nA: b\r\n\r\na\r\n" END, NO_NAME },
		{ TYPE, "--x\r\nContent-Disposition: form-data\r\n\r\n",
		    NO_NAME },
		{ TYPE,
		    "--x\r\nA:\r\nA:\r\nA:\r\nA:\r\nA:\r\nA:\r\nA:\r\nA:"
		    "\r\nA:\r\n\r\n",
		    INVALID },
	};

	(void)state;
	check_examples(examples, COUNT_OF(examples));
}

static void
the_boundary_is_what_content_type_says(void **state)
{
	static const struct example examples[] = {
		{ "multipart/form-data", END, NO_BOUNDARY },
		{ "multipart/form-data; boundary*=x", END, NO_BOUNDARY },
		{ "multipart/form-data; boundary=\"x\"", FIELD("a", "b") END,
		    "a=b|" },
		{ "multipart/form-data;BOUNDARY = x ;y=z", FIELD("a", "b") END,
		    "a=b|" },
		{ "multipart/form-data; boundary=\"x y;z\"",
		    "--x y;z\r\n" NAMED "a\r\n\r\nb\r\n--x y;z--", "a=b|" },
		{ "multipart/form-data; boundary=",
		    "--\r\n" NAMED "a\r\n\r\nb\r\n----", "a=b|" },
		{ "multipart/form-data; boundary=X", FIELD("a", "b") END,
		    INVALID },
	};
	char type[400] = "multipart/form-data; boundary=";
	struct example example = { type, "", "" };

	(void)state;
	check_examples(examples, COUNT_OF(examples));
	memset(type + strlen(type), 'x', BOUNDARY_MAX);
	check_example(&example);
	type[strlen(type)] = 'x';
	example.outcome = INVALID;
	check_example(&example);
}

static void
other_encodings_are_read_byte_by_byte(void **state)
{
	static const struct example examples[] = {
		{ TYPE "; charset=UTF-8", FIELD("a", "\u00fc") END,
		    "a=\u00fc|" },
		{ TYPE "; charset=\"utf8\"", FIELD("a", "\u00fc") END,
		    "a=\u00fc|" },
		{ TYPE "; charset=latin-1", FIELD("\u00fc", "\u00fc") END,
		    "\u00c3\u00bc=\u00c3\u00bc|" },
		{ TYPE "; charset=", FIELD("a", "\u00fc") END,
		    "a=\u00c3\u00bc|" },
	};

	(void)state;
	check_examples(examples, COUNT_OF(examples));
}

static void
files_are_told_from_fields(void **state)
{
	static const struct example examples[] = {
		{ TYPE, FIELD("a; filename=\"f.txt\"", "data") END,
		    "a:f.txt{4}|" },
		{ TYPE, FIELD("a; filename=\"f.txt\"", "") END, "a:f.txt{0}|" },
		{ TYPE, FIELD("a; filename=\"\"", "data") END, "a:{4}|" },
		{ TYPE, FIELD("a; filename=\"\"", "") END, "a:|" },
		{ TYPE, FIELD("a; filename*=utf-8''f", "data") END, "a=data|" },
		{ TYPE,
		    FIELD("a", "1") FIELD("a; filename=f", "2") FIELD("b", "3")
			END,
		    "a=1|a:f{1}|b=3|" },
	};

	(void)state;
	check_examples(examples, COUNT_OF(examples));
}

static void
an_upload_is_shown_as_the_original_shows_it(void **state)
{
	static const char body[] =
	    "--x\r\nX-A: b\r\n" NAMED
	    "\"f\"; filename=\"\u00fc.txt\"\r\nX-a: c\r\n"
	    "\r\nhello\r\n" END;
	struct arena arena;
	struct buffer out;
	struct form form;

	(void)state;
	arena_init(&arena);
	buffer_init(&out, 64 * 1024);
	form_init(&form);
	assert_null(
	    multipart_read(&form, &arena, TYPE, body, sizeof(body) - 1));
	json_put_value(&out, form_find(&form, "f")->upload, NULL);
	assert_string_equal(buffer_text(&out),
	    "{\"filename\":\"\u00fc.txt\",\"file\":{\"_file\":{},"
	    "\"_max_size\":1048576,\"_rolled\":false,"
	    "\"_TemporaryFileArgs\":{\"mode\":\"w+b\",\"buffering\":-1,"
	    "\"suffix\":null,\"prefix\":null,\"encoding\":null,"
	    "\"newline\":null,\"dir\":null,\"errors\":null}},\"size\":5,"
	    "\"headers\":{\"x-a\":\"b\",\"content-disposition\":"
	    "\"form-data; name=\\\"f\\\"; filename=\\\"\u00c3\u00bc.txt\\\"\"},"
	    "\"_max_mem_size\":1048576}");
	buffer_fini(&out);
	arena_fini(&arena);
}

/* NULL: as a file that can't be told. */
static void
check_upload(const char *file, const char *shown)
{
	const struct json *upload, *object;
	struct arena arena;
	struct buffer out;

	arena_init(&arena);
	buffer_init(&out, 4096);
	upload = upload_describe(&arena, "f", 1, file, strlen(file), NULL, 0);
	object = json_member(upload, "file");
	if (shown == NULL)
		assert_non_null(json_member(object, "_file"));
	else {
		json_put_value(&out, object, NULL);
		assert_string_equal(buffer_text(&out), shown);
	}
	buffer_fini(&out);
	arena_fini(&arena);
}

/* A file's lines, all of two bytes, make a dictionary of bytes. */
static void
an_upload_of_pairs_is_shown_as_them(void **state)
{
	static const struct {
		const char *file, *shown;
	} cases[] = {
		{ "hi", "{\"104\":105}" },
		{ "a\nb\nay", "{\"97\":121,\"98\":10}" },
		{ "a\na\n", "{\"97\":10}" },
		{ "\xff\x80", "{\"255\":128}" },
	};
	static const char *const others[] = { "a", "abc", "\na", "abcd", "a\nb",
		"a\n\n" };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++)
		check_upload(cases[i].file, cases[i].shown);
	for (i = 0; i < COUNT_OF(others); i++)
		check_upload(others[i], NULL);
}

static const char *
read_many(struct arena *arena, struct form *form, const char *part, size_t n)
{
	const char *wrong;
	struct buffer body;

	buffer_init(&body, 1024 * 1024);
	while (n-- > 0)
		buffer_puts(&body, part);
	buffer_puts(&body, END);
	form_init(form);
	wrong = multipart_read(form, arena, TYPE, body.data, body.length);
	buffer_fini(&body);
	return (wrong);
}

static void
a_thousand_fields_and_files_are_enough(void **state)
{
	static const char field[] = FIELD("a", "");
	static const char file[] = FIELD("a;filename=f", "");
	struct arena arena;
	struct form form;

	(void)state;
	arena_init(&arena);
	assert_null(read_many(&arena, &form, field, 1000));
	assert_int_equal(form.count, 1000);
	assert_string_equal(
	    read_many(&arena, &form, field, 1001), FORM_TOO_MANY);
	assert_null(read_many(&arena, &form, file, 1000));
	assert_int_equal(form.count, 0);
	assert_string_equal(
	    read_many(&arena, &form, file, 1001), TOO_MANY_FILES);
	arena_fini(&arena);
}

/* A header's name, colon, blanks and value. */
static void
a_header_of_4224_bytes_is_the_longest(void **state)
{
	char body[5000] = "--x\r\nA:";
	size_t start = strlen(body);
	struct example example = { TYPE, body, "" };

	(void)state;
	memset(body + start, 'y', HEADER_MAX - 2);
	check_example(&example);
	memset(body + start, 'y', HEADER_MAX - 1);
	example.outcome = INVALID;
	check_example(&example);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_become_fields),
		cmocka_unit_test(what_never_ends_is_missing),
		cmocka_unit_test(what_is_no_multipart_is_refused),
		cmocka_unit_test(the_boundary_is_what_content_type_says),
		cmocka_unit_test(other_encodings_are_read_byte_by_byte),
		cmocka_unit_test(files_are_told_from_fields),
		cmocka_unit_test(an_upload_is_shown_as_the_original_shows_it),
		cmocka_unit_test(an_upload_of_pairs_is_shown_as_them),
		cmocka_unit_test(a_thousand_fields_and_files_are_enough),
		cmocka_unit_test(a_header_of_4224_bytes_is_the_longest),
	};

	return (RUN(tests));
}
