/* links: -Itests/unit src/platform/arena.c */
#include "unit.h"

#include "../../../src/http/punycode.c"

/* RFC 3492, section 7.1, and labels that people have. */
static const struct {
	const char *ascii;
	uint32_t codes[24];
	size_t count;
} examples[] = {
	{ "tda", { 0xfc }, 1 },
	{ "mnchen-3ya", { 'm', 0xfc, 'n', 'c', 'h', 'e', 'n' }, 7 },
	{ "n3h", { 0x2603 }, 1 },
	{ "abc-", { 'a', 'b', 'c' }, 3 },
	{ "egbpdaj6bu4bxfgehfvwxn",
	    { 0x644, 0x64a, 0x647, 0x645, 0x627, 0x628, 0x62a, 0x643, 0x644,
		0x645, 0x648, 0x634, 0x639, 0x631, 0x628, 0x64a, 0x61f },
	    17 },
	{ "ihqwcrb4cv8a8dqg056pqjye",
	    { 0x4ed6, 0x4eec, 0x4e3a, 0x4ec0, 0x4e48, 0x4e0d, 0x8bf4, 0x4e2d,
		0x6587 },
	    9 },
	{ "d9juau41awczczp",
	    { 0x305d, 0x306e, 0x30b9, 0x30d4, 0x30fc, 0x30c9, 0x3067 }, 7 },
	{ "a-0-7ka", { 'a', '-', '0', 0xdf }, 4 },
};

static void
labels_go_there_and_back(void **state)
{
	struct punycode_label label;
	struct arena arena;
	size_t i;

	(void)state;
	arena_init(&arena);
	for (i = 0; i < COUNT_OF(examples); i++) {
		assert_case(punycode_decode(&arena, examples[i].ascii,
				strlen(examples[i].ascii), &label) == 0,
		    "%s", examples[i].ascii);
		assert_int_equal(label.count, examples[i].count);
		assert_memory_equal(label.codes, examples[i].codes,
		    label.count * sizeof(uint32_t));
		assert_string_equal(
		    punycode_encode(&arena, &label), examples[i].ascii);
	}
	arena_fini(&arena);
}

static void
what_no_label_becomes_is_refused(void **state)
{
	static const char *const wrong[] = { "n3", "99999999", "!", "n3h!",
		"a-9", "a-99999999999999999999999999999999999999999999999999" };
	struct punycode_label label;
	struct arena arena;
	size_t i;

	(void)state;
	arena_init(&arena);
	for (i = 0; i < COUNT_OF(wrong); i++)
		assert_case(punycode_decode(&arena, wrong[i], strlen(wrong[i]),
				&label) == -1,
		    "%s", wrong[i]);
	arena_fini(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_go_there_and_back),
		cmocka_unit_test(what_no_label_becomes_is_refused),
	};

	return (RUN(tests));
}
