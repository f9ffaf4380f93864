/* links: -Itests/unit src/platform/arena.c */
#include "unit.h"

#include "../../../src/http/parameters.c"

static const struct {
	const char *value, *found; /* NULL: there is no "name" */
} examples[] = {
	{ "", NULL },
	{ "form-data", NULL },
	{ "name=x", NULL }, /* before the first semicolon */
	{ "form-data; name=x", "x" },
	{ "form-data;name=x;", "x" },
	{ ";\tname \t=\t x\t;y=z", "x" },
	{ "f; NAME=X", "X" },
	{ "f; names=x", NULL },
	{ "f; nam=x", NULL },
	{ "f; name", "" },
	{ "f; NAME", NULL },
	{ "f; name=", "" },
	{ "f; name*=utf-8''x", NULL },
	{ "f; name=x; name=y", "y" },
	{ "f; name=\"x\"", "x" },
	{ "f; name=\"\"", "" },
	{ "f; name=\"", "\"" },
	{ "f; name=\"x; y=z\"; b=c", "x; y=z" },
	{ "f; x=\"a;name=b\"; name=c", "c" },
	{ "f; x=\"a;name=b", NULL }, /* a quote that never closes */
	{ "f; name=\"a\\\"b\"", "a\"b" },
	{ "f; name=\"a\\\\b\"", "a\\b" },
	{ "f; name=\"C:\\x\\y\"", "C:\\x\\y" },
	{ "f; name=\"a\\\";b\"; x", "a\";b" },
	{ "f; name=a=b", "a=b" },
	{ "f; name=a\"b", "a\"b" },
	{ "f;; ;name=x", "x" },
};

static void
parameters_are_found_as_clients_spell_them(void **state)
{
	struct parameters_text found;
	struct arena arena;
	size_t i;

	(void)state;
	arena_init(&arena);
	for (i = 0; i < COUNT_OF(examples); i++) {
		struct parameters_text value = { examples[i].value,
			strlen(examples[i].value) };
		bool is_found = parameters_find(&arena, value, "name", &found);

		assert_case(is_found == (examples[i].found != NULL), "%s",
		    examples[i].value);
		if (!is_found)
			continue;
		assert_case(found.length == strlen(examples[i].found) &&
				memcmp(found.data, examples[i].found,
				    found.length) == 0,
		    "%s is %.*s", examples[i].value, (int)found.length,
		    found.data);
	}
	arena_fini(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parameters_are_found_as_clients_spell_them),
	};

	return (RUN(tests));
}
