#include "http/turn.h"

#include <stdlib.h>

#include "platform/soon.h"

struct garbage {
	struct intake in;
	SLIST_ENTRY(garbage) list;
};

static void begin(void);

/* The worker's one list of each. */
static struct {
	void (*next)(struct visit *);
	struct visit_list ready;
	size_t nready;
	SLIST_HEAD(, garbage) garbage; /* to be freed in the next turn */
	struct soon soon;
} turn = { .soon = { .run = begin } };

void
turn_init(void (*next)(struct visit *v))
{
	turn.next = next;
	turn.nready = 0;
	TAILQ_INIT(&turn.ready);
	SLIST_INIT(&turn.garbage);
}

static void
free_garbage(void)
{
	struct garbage *g;

	while ((g = SLIST_FIRST(&turn.garbage)) != NULL) {
		SLIST_REMOVE_HEAD(&turn.garbage, list);
		intake_fini(&g->in);
		free(g);
	}
}

/* Only who was waiting before: going on may mean to wait again. */
static void
begin(void)
{
	size_t n = turn.nready;
	struct visit *v;

	free_garbage();
	while (n-- > 0 && (v = TAILQ_FIRST(&turn.ready)) != NULL) {
		turn_forget(v);
		turn.next(v);
	}
}

void
turn_await(struct visit *v)
{
	if (!v->is_ready) {
		v->is_ready = true;
		TAILQ_INSERT_TAIL(&turn.ready, v, ready);
		turn.nready++;
	}
	soon_ask(&turn.soon);
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
turn_free_intake(struct intake *in)
{
	struct garbage *g;

	if (in->step != INTAKE_REQUEST) {
		intake_fini(in);
		return;
	}
	if ((g = malloc(sizeof(*g))) == NULL)
		abort();
	g->in = *in;
	SLIST_INSERT_HEAD(&turn.garbage, g, list);
	soon_ask(&turn.soon);
}
