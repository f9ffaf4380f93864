#include "http/timer.h"

#include <kore/kore.h>

/* C has no cast between the two kinds of pointers; POSIX makes them alike. */
union argument {
	void *data;
	void (*run)(void);
};

_Static_assert(sizeof(void *) == sizeof(void (*)(void)), "pointers");

static void
call_back(void *data, u_int64_t now)
{
	union argument argument = { .data = data };

	(void)now;
	argument.run();
}

static void
add(void (*run)(void), uint64_t ms, int flags)
{
	union argument argument = { .run = run };

	(void)kore_timer_add(call_back, ms, argument.data, flags);
}

void
timer_once(void (*run)(void), uint64_t in_ms)
{
	add(run, in_ms, KORE_TIMER_ONESHOT);
}

void
timer_every(void (*run)(void), uint64_t ms)
{
	add(run, ms, 0);
}
