#include "http/lobby.h"

#include "platform/compiler.h"

/* An address that has too many has most of the first ones. */
#define LOOKED_AT_MAX 64

/* Who has come just now is about to ask something. */
#define IDLE_AT_LEAST_US 1000000

/* The worker's one lobby. */
static struct {
	struct visit_list phases[VISIT_PHASES];
	size_t counts[VISIT_PHASES];
	size_t total;
} lobby;

/* Whom it hurts least first. */
static const enum visit_phase victims[] = { VISIT_IDLE, VISIT_LINGER,
	VISIT_SHAKE, VISIT_HEAD, VISIT_BODY, VISIT_SENDING };

void
lobby_init(void)
{
	int i;

	for (i = 0; i < VISIT_PHASES; i++) {
		TAILQ_INIT(&lobby.phases[i]);
		lobby.counts[i] = 0;
	}
	lobby.total = 0;
}

static void
join(struct visit *v, enum visit_phase phase, int64_t now_mono_us)
{
	v->phase = phase;
	v->since_mono_us = now_mono_us;
	v->moved_bytes = 0;
	TAILQ_INSERT_TAIL(&lobby.phases[phase], v, list);
	lobby.counts[phase]++;
}

static void
part(struct visit *v)
{
	TAILQ_REMOVE(&lobby.phases[v->phase], v, list);
	lobby.counts[v->phase]--;
}

void
lobby_enter(struct visit *v, enum visit_phase phase, int64_t now_mono_us)
{
	join(v, phase, now_mono_us);
	lobby.total++;
}

void
lobby_move(struct visit *v, enum visit_phase phase, int64_t now_mono_us)
{
	if (v->phase == phase)
		return;
	part(v);
	join(v, phase, now_mono_us);
}

void
lobby_leave(struct visit *v)
{
	part(v);
	lobby.total--;
}

struct visit *
lobby_first(enum visit_phase phase)
{
	return (TAILQ_FIRST(&lobby.phases[phase]));
}

struct visit *
lobby_last(enum visit_phase phase)
{
	return (TAILQ_LAST(&lobby.phases[phase], visit_list));
}

size_t
lobby_count(enum visit_phase phase)
{
	return (lobby.counts[phase]);
}

size_t
lobby_total(void)
{
	return (lobby.total);
}

struct visit *
lobby_victim(const struct visit *spared, int64_t now_mono_us)
{
	struct visit *v = lobby_first(VISIT_IDLE), *oldest = NULL;
	size_t i;

	if (v != NULL && v != spared &&
	    now_mono_us - v->since_mono_us >= IDLE_AT_LEAST_US)
		return (v);
	for (i = 0; i < COUNT_OF(victims); i++) {
		v = lobby_first(victims[i]);
		if (v == spared && v != NULL)
			v = TAILQ_NEXT(v, list);
		if (v != NULL && (oldest == NULL ||
				     v->since_mono_us < oldest->since_mono_us))
			oldest = v;
	}
	return (oldest);
}

struct visit *
lobby_victim_of(const struct crowd_member *member, const struct visit *spared)
{
	struct visit *v;
	size_t i, looked_at = 0;

	for (i = 0; i < COUNT_OF(victims); i++) {
		TAILQ_FOREACH (v, &lobby.phases[victims[i]], list) {
			if (v->member == member && v != spared)
				return (v);
			if (++looked_at == LOOKED_AT_MAX)
				return (NULL);
		}
	}
	return (NULL);
}
