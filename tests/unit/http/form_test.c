/* links: -Itests/unit src/http/query.c src/platform/arena.c src/platform/utf8.c */
#include "unit.h"

#include "arena.h"

#include "../../../src/http/form.c"

static void
fields_are_found_by_the_last_of_their_name(void **state)
{
	static const char body[] = "a=1&b=%41+B&a=2&c&=x&%61%62=3";
	const struct form_field *field;
	struct form form;

	form_init(&form);
	assert_null(form_read(&form, *state, body, sizeof(body) - 1));
	assert_int_equal(form.count, 6);
	assert_string_equal(form_find(&form, "a")->value, "2");
	assert_string_equal(form_find(&form, "ab")->value, "3");
	assert_string_equal(form_find(&form, "")->value, "x");
	assert_null(form_find(&form, "A"));
	field = form_find(&form, "b");
	assert_string_equal(field->value, "A B");
	assert_int_equal(field->value_length, 3);
	assert_false(field->is_file);
	assert_int_equal(form_find(&form, "c")->value_length, 0);
}

static void
fields_are_copied(void **state)
{
	char name[] = "name", value[] = "value";
	const struct form_field field = { .name = name,
		.name_length = 4,
		.value = value,
		.value_length = 5 };
	struct form form;

	form_init(&form);
	assert_int_equal(form_add(&form, *state, &field), 0);
	name[0] = value[0] = 'x';
	assert_string_equal(form_find(&form, "name")->value, "value");
}

/* "a&a&a…" */
static const char *
read_many(struct arena *arena, struct form *form, size_t count)
{
	char *body = arena_alloc(arena, 2 * count);
	size_t i;

	for (i = 0; i < count; i++)
		memcpy(body + 2 * i, "a&", 2);
	form_init(form);
	return (form_read(form, arena, body, 2 * count));
}

static void
a_thousand_fields_are_enough(void **state)
{
	struct form form;

	assert_null(read_many(*state, &form, FORM_FIELDS_MAX));
	assert_int_equal(form.count, FORM_FIELDS_MAX);
	assert_string_equal(read_many(*state, &form, FORM_FIELDS_MAX + 1),
	    "Too many fields. Maximum number of fields is 1000.");
}

static void
files_are_not_counted_as_fields(void **state)
{
	const struct form_field file = { .name = "f",
		.name_length = 1,
		.value = "x.txt",
		.value_length = 5,
		.is_file = true };
	struct form form;
	size_t i;

	form_init(&form);
	for (i = 0; i < FORM_FIELDS_MAX + 1; i++)
		assert_int_equal(form_add(&form, *state, &file), 0);
	assert_int_equal(form.count, 0);
	assert_true(form_find(&form, "f")->is_file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    fields_are_found_by_the_last_of_their_name, arena_start,
		    arena_finish),
		cmocka_unit_test_setup_teardown(
		    fields_are_copied, arena_start, arena_finish),
		cmocka_unit_test_setup_teardown(
		    a_thousand_fields_are_enough, arena_start, arena_finish),
		cmocka_unit_test_setup_teardown(
		    files_are_not_counted_as_fields, arena_start, arena_finish),
	};

	return (RUN(tests));
}
