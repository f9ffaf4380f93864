/* An arena as a test's state: cmocka_unit_test_setup_teardown(test,
 * arena_start, arena_finish). */
#ifndef UNIT_ARENA_H
#define UNIT_ARENA_H

#include "platform/arena.h"

static int
arena_start(void **state)
{
	static struct arena arena;

	arena_init(&arena);
	*state = &arena;
	return (0);
}

static int
arena_finish(void **state)
{
	arena_fini(*state);
	return (0);
}

#endif
