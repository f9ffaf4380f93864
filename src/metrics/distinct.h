/*
 * distinct: how many different things were seen within the last while, by
 * any process: users, for example.
 *
 * A table in memory that the parent makes holds each thing and when it was
 * seen last. Exact up to DISTINCT_MAX things a window; what comes beyond is
 * counted once others have gone.
 */
#ifndef METRICS_DISTINCT_H
#define METRICS_DISTINCT_H

#include <stddef.h>
#include <stdint.h>

#include "metrics/metrics.h"

#define DISTINCT_MAX 50000

/*
 * distinct_open(window_s): things count for ${window_s} seconds after they
 * were seen. Context parent, once, before the fork. Returns 0, or -1 with
 * errno set.
 */
int distinct_open(unsigned window_s) METRICS_MUST_CHECK;

/* distinct_seen(id): now; nothing happens before distinct_open(). ${id} is
 * not 0. Context any; never blocks, never fails. */
void distinct_seen(uint64_t id);

/* distinct_count(): how many were seen within the window. Context any. */
size_t distinct_count(void);

#endif
