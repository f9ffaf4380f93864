/* links: -Itests/unit src/http/json.c src/http/jsonread.c src/http/numbers.c src/platform/arena.c src/platform/buffer.c src/platform/utf8.c */
#include "unit.h"

#include "../../../src/http/faults.c"
#include "http/jsonread.h"

struct fixture {
	struct arena arena;
	struct faults faults;
	struct buffer out;
};

static int
start(void **state)
{
	static struct fixture f;

	arena_init(&f.arena);
	faults_init(&f.faults, &f.arena);
	buffer_init(&f.out, 8 * 1024 * 1024);
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

static const struct json *
parse(struct fixture *f, const char *text)
{
	struct jsonread_error error;
	const struct json *v = jsonread(&f->arena, text, strlen(text), &error);

	assert_non_null(v);
	return (v);
}

static void
assert_told(struct fixture *f, const char *expected)
{
	buffer_reset(&f->out);
	faults_put(&f->out, &f->faults);
	assert_string_equal(buffer_text(&f->out), expected);
}

static void
nothing_is_wrong_at_first(void **state)
{
	struct fixture *f = *state;

	assert_false(faults_any(&f->faults));
	assert_told(f, "{\"detail\":[]}");
}

static void
faults_are_told_in_their_order(void **state)
{
	struct fixture *f = *state;
	const struct fault_at path = { FAULT_path, "id", -1, parse(f, "\"x\""),
		false };
	const struct fault_at query = { FAULT_query, "limit", -1, NULL, false };
	const struct fault_at element = { FAULT_body, "ids", 2,
		parse(f, "1.50"), false };
	const struct fault_at body = { FAULT_body, NULL, -1,
		parse(f, "[1,{\"\\u00e9\":null}]"), false };

	faults_add(&f->faults, &path, "int_parsing", NULL, "%s", "No integer");
	faults_add(&f->faults, &query, "greater_than_equal", "{\"ge\":0.0}",
	    "At least %d", 0);
	faults_add(&f->faults, &element, "t", NULL, "\"quoted\"");
	faults_add_rule(&f->faults, &body, "It is wrong");
	assert_true(faults_any(&f->faults));
	assert_told(f,
	    "{\"detail\":["
	    "{\"type\":\"int_parsing\",\"loc\":[\"path\",\"id\"],"
	    "\"msg\":\"No integer\",\"input\":\"x\"},"
	    "{\"type\":\"greater_than_equal\",\"loc\":[\"query\",\"limit\"],"
	    "\"msg\":\"At least 0\",\"input\":null,\"ctx\":{\"ge\":0.0}},"
	    "{\"type\":\"t\",\"loc\":[\"body\",\"ids\",2],"
	    "\"msg\":\"\\\"quoted\\\"\",\"input\":1.5},"
	    "{\"type\":\"value_error\",\"loc\":[\"body\"],"
	    "\"msg\":\"Value error, It is wrong\","
	    "\"input\":[1,{\"\u00e9\":null}],\"ctx\":{\"error\":{}}}]}");
}

static void
secrets_are_never_told_however_deep_they_are(void **state)
{
	struct fixture *f = *state;
	const struct fault_at secret = { FAULT_body, "password", -1,
		parse(f, "{\"a\":\"hush\"}"), true };
	const struct fault_at around = { FAULT_body, "name", -1,
		parse(f, "{\"password\":\"hush\",\"x\":[{\"new_password\":"
			 "[\"hush\"]},{\"passwords\":1,\"Password\":2}]}"),
		false };
	const struct fault_at absent = { FAULT_body, "password", -1, NULL,
		true };

	faults_add(&f->faults, &secret, "t", NULL, "m");
	faults_add(&f->faults, &around, "t", NULL, "m");
	faults_add(&f->faults, &absent, "t", NULL, "m");
	assert_told(f,
	    "{\"detail\":["
	    "{\"type\":\"t\",\"loc\":[\"body\",\"password\"],\"msg\":\"m\","
	    "\"input\":\"***\"},"
	    "{\"type\":\"t\",\"loc\":[\"body\",\"name\"],\"msg\":\"m\","
	    "\"input\":{\"password\":\"***\",\"x\":[{\"new_password\":"
	    "\"***\"},{\"passwords\":1,\"Password\":2}]}},"
	    "{\"type\":\"t\",\"loc\":[\"body\",\"password\"],\"msg\":\"m\","
	    "\"input\":null}]}");
}

static void
more_faults_than_enough_are_counted_only(void **state)
{
	struct fixture *f = *state;
	const struct fault_at at = { FAULT_body, "a", -1, NULL, false };
	const struct fault *fault;
	size_t i, told = 0;

	for (i = 0; i < FAULTS_MAX + 5; i++)
		faults_add(&f->faults, &at, "t", NULL, "m");
	for (fault = f->faults.first; fault != NULL; fault = fault->next)
		told++;
	assert_int_equal(f->faults.count, FAULTS_MAX + 5);
	assert_int_equal(told, FAULTS_MAX);
}

/* A reason may be as long as what it is about. */
static void
long_messages_are_told_to_their_end(void **state)
{
	struct fixture *f = *state;
	const struct fault_at at = { FAULT_body, "a", -1, NULL, false };
	char text[5000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	faults_add(&f->faults, &at, "t", NULL, "%s", text);
	assert_string_equal(f->faults.first->message, text);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_wrong_at_first),
		TEST(faults_are_told_in_their_order),
		TEST(secrets_are_never_told_however_deep_they_are),
		TEST(more_faults_than_enough_are_counted_only),
		TEST(long_messages_are_told_to_their_end),
	};
#undef TEST

	return (RUN(tests));
}
