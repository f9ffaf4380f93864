/*
 * distinct: how many different things were seen within the last while, by
 * any process: users, for example.
 *
 * Memory that the parent makes holds, in a table, each thing and when it was
 * seen last, so that the count is exact up to DISTINCT_EXACT. It holds too, in
 * many more places than there are things, when something was seen whose hash
 * chose that place: how many places are used tells how many things there are,
 * within 1 % to a million of them. Nothing of it is worth repairing: a process
 * that dies in between leaves a thing that was not seen.
 * Source: Whang, Vander-Zanden, Taylor, "A linear-time probabilistic counting
 * algorithm for database applications", 1990.
 */
#ifndef METRICS_DISTINCT_H
#define METRICS_DISTINCT_H

#include <stddef.h>
#include <stdint.h>

#include "metrics/metrics.h"

#define DISTINCT_EXACT 16384

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
