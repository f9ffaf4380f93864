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

#include "metrics/family.h"

/* More writers than this metrics_open() refuses. */
#define SNAPSHOT_WRITERS_MAX 256
/* What lists.h can make of the bounds of a histogram, +Inf and the sum. */
#define SNAPSHOT_CELLS_MAX 64

struct snapshot {
	bool alive[SNAPSHOT_WRITERS_MAX]; /* whose gauges count */
};

void snapshot_begin(struct snapshot *snapshot);

/* snapshot_next(f, series): the first series from ${series} on that
 * was seen or is expected; f->nseries if there is none. */
size_t snapshot_next(const struct family *f, size_t series);

/* snapshot_cells(snapshot, f, series, cells): f->width sums over all writers;
 * at most SNAPSHOT_CELLS_MAX. */
void snapshot_cells(const struct snapshot *snapshot, const struct family *f,
    size_t series, int64_t *cells);

#endif
