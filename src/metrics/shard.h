/*
 * shard: the memory behind the cells, one shard a writer.
 *
 * Only its owner writes a shard, a scrape only reads, and all accesses are
 * atomics that cost no more than plain ones: an owner adds by loading and
 * storing. Slot 0 is the exception: it is shared by whoever has not attached,
 * and added to by read-modify-write.
 *
 * Cells that must agree are written as a batch: the buckets and the sum of an
 * observation, or all that metrics_begin() and metrics_end() enclose. While one
 * is open ${version} is odd, and what its cells held before stands in ${undo}.
 * So who reads sees all or nothing of a batch: as it was, if the version is
 * odd, and again, if the version has changed meanwhile. A writer that is stopped
 * in between stops nobody, and one that is killed leaves nothing half done. No
 * fences: stores are releases and loads acquires, so that who sees a store
 * sees what went before it: the version, and the entry in ${undo}.
 * Source: Boehm, "Can seqlocks get along with programming language memory
 * models?", 2012.
 *
 * The product of routes, methods and statuses is large and hardly used. The
 * kernel gives memory to pages when they are touched, reading included, so a
 * shard costs what it uses if a scrape reads the cells of seen series only. Of a
 * native histogram most buckets are never used: bits tell which are, and the
 * others are not read.
 */
#ifndef METRICS_SHARD_H
#define METRICS_SHARD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "metrics/exemplar.h"
#include "metrics/family.h"

/* More writers than this metrics_open() refuses. */
#define SHARD_WRITERS_MAX 16384
#define SHARD_CACHE_LINE 64
#define SHARD_WORD_BITS 64
#define SHARD_WORDS (FAMILY_SERIES / SHARD_WORD_BITS + 1)
#define SHARD_NATIVE_WORDS (NATIVE_BUCKETS / SHARD_WORD_BITS + 1)
#define SHARD_CELLS (FAMILY_CELLS + FAMILY_NATIVES * NATIVE_BUCKETS)

/* What an observation changes: a native bucket, a bucket, a sum. */
#define SHARD_CHANGES_MAX 3

/* Cells of one batch; a longer one is two. */
#define SHARD_BATCH 16

/* What the cells of a batch held before, in the order of their writing. */
struct shard_undo {
	_Atomic size_t ncells;
	_Atomic size_t cells[SHARD_BATCH];
	_Atomic int64_t values[SHARD_BATCH];
};

struct shard {
	_Alignas(SHARD_CACHE_LINE) _Atomic int pid; /* of the owner, or 0 */
	_Atomic int open_fds;                       /* as last sampled */
	_Atomic int max_fds;
	/* on a line of its own: it changes with every observation */
	_Alignas(SHARD_CACHE_LINE) _Atomic uint64_t version;
	struct shard_undo undo;
	_Alignas(SHARD_CACHE_LINE) _Atomic uint64_t seen[SHARD_WORDS];
	/* of each native series, the buckets that were ever used */
	_Alignas(SHARD_CACHE_LINE) _Atomic uint64_t
	    filled[FAMILY_NATIVES * SHARD_NATIVE_WORDS];
	/* those of all families, then the buckets of all native series */
	_Alignas(SHARD_CACHE_LINE) _Atomic int64_t cells[SHARD_CELLS];
	_Alignas(
	    SHARD_CACHE_LINE) struct exemplar_slot exemplars[FAMILY_EXEMPLARS];
};

/* The calling thread's, NULL before metrics_attach(); and slot 0, NULL when
 * nothing is counted. Read them by shard_own(). */
extern _Thread_local struct shard *shard_mine
    __attribute__((tls_model("initial-exec")));
extern struct shard *shard_common;

/* shard_own(): where the calling thread writes; NULL when nothing is counted.
 */
static inline struct shard *
shard_own(void)
{
	return (shard_mine != NULL ? shard_mine : shard_common);
}

/* shard_is_shared(s): whether others write it too. */
static inline bool
shard_is_shared(const struct shard *s)
{
	return (s == shard_common);
}

/* shard_bit(words, bit): for example of a series in ${seen}, counting from the
 * first of all. */
static inline bool
shard_bit(const _Atomic uint64_t *words, size_t bit)
{
	uint64_t word = atomic_load_explicit(
	    &words[bit / SHARD_WORD_BITS], memory_order_relaxed);

	return ((word >> bit % SHARD_WORD_BITS & 1) != 0);
}

/* shard_set_bit(words, bit): if it isn't. */
static inline void
shard_set_bit(_Atomic uint64_t *words, size_t bit)
{
	if (!shard_bit(words, bit))
		atomic_fetch_or_explicit(&words[bit / SHARD_WORD_BITS],
		    (uint64_t)1 << bit % SHARD_WORD_BITS, memory_order_relaxed);
}

/* shard_next_bit(words, bit, end): the first that is set from ${bit} on;
 * ${end} if there is none before it. */
static inline size_t
shard_next_bit(const uint64_t *words, size_t bit, size_t end)
{
	uint64_t bits;

	while (bit < end) {
		bits = words[bit / SHARD_WORD_BITS] >> bit % SHARD_WORD_BITS;
		if (bits != 0) {
			bit += (size_t)__builtin_ctzll(bits);
			break;
		}
		bit += SHARD_WORD_BITS - bit % SHARD_WORD_BITS;
	}
	return (bit < end ? bit : end);
}

/* shard_native_cell(f, series): where the buckets of a native one begin;
 * shard_native_word(f, series): and where their bits. */
static inline size_t
shard_native_cell(const struct family *f, size_t series)
{
	return (FAMILY_CELLS + (f->first_native + series) * NATIVE_BUCKETS);
}

static inline size_t
shard_native_word(const struct family *f, size_t series)
{
	return ((f->first_native + series) * SHARD_NATIVE_WORDS);
}

/* shard_count(): the slots; 0 when nothing is counted. */
size_t shard_count(void);

struct shard *shard_at(size_t slot);

/* shard_is_alive(s): whether the process that attached still exists. */
bool shard_is_alive(const struct shard *s);

/* shard_expect(series): it is exposed from 0 on. */
void shard_expect(size_t series);
const _Atomic uint64_t *shard_expected(void);

/* When metrics_open() was called, in nanoseconds of Unix time, and by whom. */
int64_t shard_opened_ns(void);
int shard_opener(void);

#endif
