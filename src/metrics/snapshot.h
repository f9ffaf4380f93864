/*
 * snapshot: what a scrape reads of the shards, each at one moment.
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

/* What shards hold: bits and cells as theirs. Cells without a bit are not
 * written, so that they need no memory. */
struct snapshot_part {
	uint64_t seen[SHARD_WORDS];
	uint64_t filled[FAMILY_NATIVES * SHARD_NATIVE_WORDS];
	int64_t cells[SHARD_CELLS];
};

struct snapshot {
	bool has_native;
	struct snapshot_part all; /* sums over all writers */
	struct snapshot_part its; /* of the writer that is being read */
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

/* snapshot_begin(snapshot, has_native): read all shards, native buckets only if
 * they are wanted; of each writer's batches, all or nothing. Of shares, only
 * those of who lives count. */
void snapshot_begin(struct snapshot *snapshot, bool has_native);

/* snapshot_next(snapshot, f, series): the first series from ${series} on that
 * was seen by anybody or is expected; f->nseries if there is none. */
size_t snapshot_next(
    const struct snapshot *snapshot, const struct family *f, size_t series);

/* snapshot_cells(snapshot, f, series, cells, native): f->width sums of a series
 * and, unless NULL, its native buckets. */
void snapshot_cells(const struct snapshot *snapshot, const struct family *f,
    size_t series, int64_t cells[FAMILY_WIDTH_MAX],
    struct snapshot_native *native);

/* snapshot_exemplar(f, series, bucket, exemplar): the newest of all writers';
 * false if there is none. */
bool snapshot_exemplar(const struct family *f, size_t series, size_t bucket,
    struct exemplar *exemplar);

#endif
