/*
 * snapshot: what a scrape reads of the shards.
 *
 * Context  any.
 */
#ifndef METRICS_SNAPSHOT_H
#define METRICS_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "metrics/exemplar.h"
#include "metrics/family.h"
#include "metrics/shard.h"

struct snapshot {
	bool alive[SHARD_WRITERS_MAX]; /* by slot */
	uint64_t shown[SHARD_WORDS];   /* series, one a bit */
};

void snapshot_begin(struct snapshot *snapshot);

/* snapshot_next(snapshot, f, series): the first series from ${series} on that
 * was seen by anybody or is expected; f->nseries if there is none. */
size_t snapshot_next(
    const struct snapshot *snapshot, const struct family *f, size_t series);

/* snapshot_cells(snapshot, f, series, cells): f->width sums over all writers;
 * of each writer's, all or nothing of an observation. Of a gauge, only those
 * who live count. */
void snapshot_cells(const struct snapshot *snapshot, const struct family *f,
    size_t series, int64_t cells[FAMILY_WIDTH_MAX]);

/* snapshot_exemplar(f, series, bucket, exemplar): the newest of all writers';
 * false if there is none. */
bool snapshot_exemplar(const struct family *f, size_t series, size_t bucket,
    struct exemplar *exemplar);

#endif
