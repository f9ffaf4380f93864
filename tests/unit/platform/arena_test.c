/* links: -Itests/unit */
#include "unit.h"

#include "../../../src/platform/arena.c"

static void
pieces_are_aligned_and_apart(void **state)
{
	char *pieces[2000];
	struct arena a;
	size_t i, n;

	(void)state;
	arena_init(&a);
	for (i = 0; i < 2000; i++) {
		pieces[i] = arena_alloc(&a, i % 700);
		assert_int_equal((uintptr_t)pieces[i] % 16, 0);
		memset(pieces[i], (int)(i % 251), i % 700);
	}
	for (i = 0; i < 2000; i++)
		for (n = 0; n < i % 700; n++)
			assert_int_equal((unsigned char)pieces[i][n], i % 251);
	arena_fini(&a);
	assert_null(a.chunks);
	arena_fini(&a);
}

static void
large_pieces_have_their_own_chunk(void **state)
{
	struct arena a;
	char *large;

	(void)state;
	arena_init(&a);
	large = arena_alloc(&a, 1000000);
	memset(large, 'x', 1000000);
	(void)arena_alloc(&a, CHUNK_BYTES);
	assert_int_equal(large[999999], 'x');
	arena_fini(&a);
}

static void
zeroed_memory_is_zero(void **state)
{
	static const char zeros[512];
	struct arena a;
	int i;

	(void)state;
	arena_init(&a);
	for (i = 0; i < 100; i++) {
		memset(arena_alloc(&a, 100), 0xff, 100);
		assert_memory_equal(arena_zalloc(&a, 512), zeros, 512);
	}
	arena_fini(&a);
}

static void
texts_are_copies(void **state)
{
	char text[] = "a\0b";
	struct arena a;
	char *copy, *same;

	(void)state;
	arena_init(&a);
	copy = arena_copy(&a, text, 3);
	same = arena_strdup(&a, text);
	text[0] = 'x';
	assert_memory_equal(copy, "a\0b", 4);
	assert_string_equal(same, "a");
	assert_string_equal(arena_copy(&a, "", 0), "");
	assert_string_equal(
	    arena_printf(&a, "%s-%0*d", "n", 5000, 7) + 5000, "07");
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_aligned_and_apart),
		cmocka_unit_test(large_pieces_have_their_own_chunk),
		cmocka_unit_test(zeroed_memory_is_zero),
		cmocka_unit_test(texts_are_copies),
	};

	return (RUN(tests));
}
