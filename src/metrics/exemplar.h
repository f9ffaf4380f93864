/*
 * exemplar: the request that a bucket or an error counter saw last.
 * Source: OpenMetrics 1.0, "Exemplars".
 *
 * One slot for each bucket of a HISTOGRAM_TRACED and for each series of a
 * COUNTER_TRACED, in each shard. A slot has a version of its own, as
 * metrics/shard.h says; only the owner of an attached shard writes one.
 */
#ifndef METRICS_EXEMPLAR_H
#define METRICS_EXEMPLAR_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "metrics/metrics.h"

#define EXEMPLAR_WORD sizeof(uint64_t)
#define EXEMPLAR_TEXT_WORDS \
	((METRICS_TRACE_ID_MAX + METRICS_REQUEST_ID_MAX) / EXEMPLAR_WORD)

struct exemplar_slot {
	_Alignas(64) _Atomic uint64_t version; /* 0: never written */
	_Atomic int64_t value;                 /* as a cell would hold it */
	_Atomic int64_t time_ns;               /* Unix time */
	_Atomic uint64_t texts[EXEMPLAR_TEXT_WORDS];
};

/* What a slot held at one moment. */
struct exemplar {
	int64_t value;
	int64_t time_ns;
	char trace_id[METRICS_TRACE_ID_MAX + 1]; /* "" if there is none */
	char request_id[METRICS_REQUEST_ID_MAX + 1];
};

/* exemplar_put(slot, exemplar, value): now. Context the shard's owner. */
void exemplar_put(struct exemplar_slot *slot,
    const struct metrics_exemplar *exemplar, int64_t value);

/* exemplar_get(slot, exemplar): false if there is none, or if it changes too
 * fast to be read. Context any. */
bool exemplar_get(const struct exemplar_slot *slot, struct exemplar *exemplar);

#endif
