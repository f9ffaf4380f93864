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

/* The buckets of a native histogram; those without a bit are 0. */
struct snapshot_native {
	uint64_t filled[SHARD_NATIVE_WORDS];
	int64_t counts[NATIVE_BUCKETS];
};

/* snapshot_next_bucket(native, bucket): the first from ${bucket} on that was
 * ever used; NATIVE_BUCKETS if there is none. */
static inline size_t
snapshot_next_bucket(const struct snapshot_native *native, size_t bucket)
{
	return (shard_next_bit(native->filled, bucket, NATIVE_BUCKETS));
}

void snapshot_begin(struct snapshot *snapshot);

/* snapshot_next(snapshot, f, series): the first series from ${series} on that
 * was seen by anybody or is expected; f->nseries if there is none. */
size_t snapshot_next(
    const struct snapshot *snapshot, const struct family *f, size_t series);

/* snapshot_cells(snapshot, f, series, cells, native): f->width sums over all
 * writers and, unless NULL, the native buckets; of each writer's, all or nothing
 * of an observation. Of a gauge, only those who live count. */
void snapshot_cells(const struct snapshot *snapshot, const struct family *f,
    size_t series, int64_t cells[FAMILY_WIDTH_MAX],
    struct snapshot_native *native);

/* snapshot_exemplar(f, series, bucket, exemplar): the newest of all writers';
 * false if there is none. */
bool snapshot_exemplar(const struct family *f, size_t series, size_t bucket,
    struct exemplar *exemplar);

#endif
