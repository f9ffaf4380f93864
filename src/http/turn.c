#include "http/turn.h"

#include <stdlib.h>

#include <kore/kore.h>

#include "platform/compiler.h"

struct grave {
	struct intake in;
	SLIST_ENTRY(grave) list;
};

/* The worker's one list of each. */
static struct {
	void (*next)(struct visit *);
	struct visit_list ready;
	size_t nready;
	SLIST_HEAD(, grave) graves;
	struct kore_timer *timer; /* calls begin() */
	bool is_coming;           /* in the very next turn */
} turn;

/* While nobody waits for a turn. */
#define NEVER_MS (UINT64_C(1) << 40)

static void begin(void *unused, u_int64_t now_ms);

void
turn_init(void (*next)(struct visit *v))
{
	turn.next = next;
	turn.nready = 0;
	turn.is_coming = false;
	TAILQ_INIT(&turn.ready);
	SLIST_INIT(&turn.graves);
	turn.timer = kore_timer_add(begin, NEVER_MS, NULL, 0);
}

/*
 * A timer that comes again is run once a turn, be it due at once. A oneshot
 * that is added while it runs would be run in the same turn, over and over,
 * until the clock's next millisecond.
 */
static void
hasten(void)
{
	if (turn.is_coming)
		return;
	turn.is_coming = true;
	kore_timer_remove(turn.timer);
	turn.timer = kore_timer_add(begin, 0, NULL, 0);
}

static void
dig_over(void)
{
	struct grave *g;

	while ((g = SLIST_FIRST(&turn.graves)) != NULL) {
		SLIST_REMOVE_HEAD(&turn.graves, list);
		intake_fini(&g->in);
		free(g);
	}
}

/* Only who was waiting before: going on may mean to wait again. */
static void
begin(void *unused UNUSED, u_int64_t now_ms UNUSED)
{
	size_t n = turn.nready;
	struct visit *v;

	turn.is_coming = true; /* Kore adds it again itself */
	dig_over();
	while (n-- > 0 && (v = TAILQ_FIRST(&turn.ready)) != NULL) {
		turn_forget(v);
		turn.next(v);
	}
	turn.is_coming = turn.nready > 0 || !SLIST_EMPTY(&turn.graves);
	turn.timer->interval = turn.is_coming ? 0 : NEVER_MS;
}

void
turn_await(struct visit *v)
{
	if (!v->is_ready) {
		v->is_ready = true;
		TAILQ_INSERT_TAIL(&turn.ready, v, ready);
		turn.nready++;
	}
	hasten();
}

void
turn_forget(struct visit *v)
{
	if (!v->is_ready)
		return;
	v->is_ready = false;
	TAILQ_REMOVE(&turn.ready, v, ready);
	turn.nready--;
}

void
turn_bury(struct intake *in)
{
	struct grave *g;

	if (in->step != INTAKE_REQUEST) {
		intake_fini(in);
		return;
	}
	if ((g = malloc(sizeof(*g))) == NULL)
		abort();
	g->in = *in;
	SLIST_INSERT_HEAD(&turn.graves, g, list);
	hasten();
}
