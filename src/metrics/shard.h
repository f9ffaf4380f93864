/*
 * shard: the memory behind the cells, one shard a writer.
 *
 * A shard is a header, a bit for each series ("seen") and the cells of all
 * families. Only its owner writes it, a scrape only reads: all accesses are
 * relaxed atomics. Additions are read-modify-write all the same, so that
 * threads that never attached and share slot 0 lose nothing.
 *
 * The product of routes, methods and statuses is large and hardly used. The
 * kernel gives memory to pages when they are touched, so a shard costs what
 * it uses, provided that a scrape reads the cells of seen series only.
 */
#ifndef METRICS_SHARD_H
#define METRICS_SHARD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHARD_CACHE_LINE 64

struct shard {
	_Alignas(SHARD_CACHE_LINE) _Atomic int pid; /* of the owner, or 0 */
	_Atomic int open_fds;                       /* as last sampled */
	_Atomic int max_fds;
};

/* shard_count(): the slots; 0 when nothing is counted. */
size_t shard_count(void);

struct shard *shard_at(size_t slot);

/* shard_own(): the calling thread's; NULL when nothing is counted. */
struct shard *shard_own(void);

/* shard_has_seen(s, series): ${series} counts from the first of all. */
bool shard_has_seen(const struct shard *s, size_t series);

/* shard_expects(series): whether the series is exposed unseen. */
bool shard_expects(size_t series);

/* shard_seen_words(s), shard_expected_words(): the bits, 64 a word. */
const _Atomic uint64_t *shard_seen_words(const struct shard *s);
const _Atomic uint64_t *shard_expected_words(void);

/* shard_cells(s): of all families. */
_Atomic int64_t *shard_cells(const struct shard *s);

/* shard_is_alive(s): whether the process that attached still exists. */
bool shard_is_alive(const struct shard *s);

/* When metrics_open() was called, in nanoseconds of Unix time, and by whom. */
int64_t shard_opened_ns(void);
int shard_opener(void);

#endif
