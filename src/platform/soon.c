#include "platform/soon.h"

#include <kore/kore.h>

#include "platform/compiler.h"

STAILQ_HEAD(soon_list, soon);

static struct soon_list asked;
static struct kore_timer *timer; /* calls run_all() */
static bool is_coming;           /* in the very next turn */

/* While nothing is asked. */
#define NEVER_MS (UINT64_C(1) << 40)

/* Only what was asked before: it may ask again. */
static void
run_all(void *unused UNUSED, u_int64_t now_ms UNUSED)
{
	struct soon_list now = STAILQ_HEAD_INITIALIZER(now);
	struct soon *what;

	is_coming = true; /* Kore adds the timer again itself */
	STAILQ_CONCAT(&now, &asked);
	while ((what = STAILQ_FIRST(&now)) != NULL) {
		STAILQ_REMOVE_HEAD(&now, entry);
		what->is_asked = false;
		what->run();
	}
	is_coming = !STAILQ_EMPTY(&asked);
	timer->interval = is_coming ? 0 : NEVER_MS;
}

void
soon_start(void)
{
	STAILQ_INIT(&asked);
	is_coming = false;
	timer = kore_timer_add(run_all, NEVER_MS, NULL, 0);
}

/*
 * A timer that comes again is run once a turn, be it due at once. A oneshot
 * that is added while it runs would be run in the same turn, over and over,
 * until the clock's next millisecond.
 */
static void
hasten(void)
{
	if (is_coming)
		return;
	is_coming = true;
	kore_timer_remove(timer);
	timer = kore_timer_add(run_all, 0, NULL, 0);
}

void
soon_ask(struct soon *what)
{
	if (!what->is_asked) {
		what->is_asked = true;
		STAILQ_INSERT_TAIL(&asked, what, entry);
	}
	hasten();
}
