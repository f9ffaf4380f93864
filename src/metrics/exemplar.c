#include "metrics/exemplar.h"

#include <string.h>
#include <time.h>

#define NS_PER_S 1000000000
#define ATTEMPTS 8

/* Milliseconds are enough for an exemplar, and cost a tenth. */
static int64_t
coarse_now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME_COARSE, &now);
	return ((int64_t)now.tv_sec * NS_PER_S + now.tv_nsec);
}

/* Both texts, each filled up with zeros. */
struct texts {
	char trace_id[METRICS_TRACE_ID_MAX];
	char request_id[METRICS_REQUEST_ID_MAX];
};

_Static_assert(
    sizeof(struct texts) == EXEMPLAR_TEXT_WORDS * EXEMPLAR_WORD, "whole words");

static void
put_texts(_Atomic uint64_t *words, const struct texts *texts)
{
	uint64_t copy[EXEMPLAR_TEXT_WORDS];
	size_t i;

	memcpy(copy, texts, sizeof(copy));
	for (i = 0; i < EXEMPLAR_TEXT_WORDS; i++)
		atomic_store_explicit(&words[i], copy[i], memory_order_release);
}

static void
get_texts(const _Atomic uint64_t *words, struct texts *texts)
{
	uint64_t copy[EXEMPLAR_TEXT_WORDS];
	size_t i;

	for (i = 0; i < EXEMPLAR_TEXT_WORDS; i++)
		copy[i] = atomic_load_explicit(&words[i], memory_order_acquire);
	memcpy(texts, copy, sizeof(copy));
}

/* As much of ${text}, which may be NULL, as there is room for. */
static void
take(char *room, const char *text, size_t size)
{
	if (text != NULL)
		memcpy(room, text, strnlen(text, size));
}

static void
give(char *text, const char *room, size_t size)
{
	memcpy(text, room, size);
	text[size] = '\0';
}

void
exemplar_put(struct exemplar_slot *slot,
    const struct metrics_exemplar *exemplar, int64_t value)
{
	/* Odd already, if its writer was killed here. */
	uint64_t version =
	    atomic_load_explicit(&slot->version, memory_order_relaxed) | 1;
	struct texts texts = { "", "" };

	take(texts.trace_id, exemplar->trace_id, METRICS_TRACE_ID_MAX);
	take(texts.request_id, exemplar->request_id, METRICS_REQUEST_ID_MAX);
	atomic_store_explicit(&slot->version, version, memory_order_relaxed);
	atomic_store_explicit(&slot->value, value, memory_order_release);
	atomic_store_explicit(
	    &slot->time_ns, coarse_now_ns(), memory_order_release);
	put_texts(slot->texts, &texts);
	atomic_store_explicit(
	    &slot->version, version + 1, memory_order_release);
}

static bool
try_to_get(const struct exemplar_slot *slot, struct exemplar *exemplar)
{
	uint64_t version =
	    atomic_load_explicit(&slot->version, memory_order_acquire);
	struct texts texts;

	if (version == 0 || version % 2 != 0)
		return (false);
	exemplar->value =
	    atomic_load_explicit(&slot->value, memory_order_acquire);
	exemplar->time_ns =
	    atomic_load_explicit(&slot->time_ns, memory_order_acquire);
	get_texts(slot->texts, &texts);
	give(exemplar->trace_id, texts.trace_id, METRICS_TRACE_ID_MAX);
	give(exemplar->request_id, texts.request_id, METRICS_REQUEST_ID_MAX);
	return (version ==
		atomic_load_explicit(&slot->version, memory_order_relaxed));
}

bool
exemplar_get(const struct exemplar_slot *slot, struct exemplar *exemplar)
{
	int i;

	for (i = 0; i < ATTEMPTS; i++)
		if (try_to_get(slot, exemplar))
			return (true);
	return (false);
}
