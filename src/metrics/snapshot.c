#include "metrics/snapshot.h"

#include <string.h>

#include "metrics/shard.h"

#define BITS 64

void
snapshot_begin(struct snapshot *snapshot)
{
	size_t slot;

	for (slot = 0; slot < shard_count(); slot++)
		snapshot->alive[slot] = shard_is_alive(shard_at(slot));
}

/* 64 series at once: seen by any writer, or expected. */
static uint64_t
shown_word(size_t word)
{
	uint64_t bits = atomic_load_explicit(
	    &shard_expected_words()[word], memory_order_relaxed);
	size_t slot;

	for (slot = 0; slot < shard_count(); slot++)
		bits |= atomic_load_explicit(
		    &shard_seen_words(shard_at(slot))[word],
		    memory_order_relaxed);
	return (bits);
}

size_t
snapshot_next(const struct family *f, size_t series)
{
	size_t bit = f->first_series + series;
	size_t end = f->first_series + f->nseries;
	uint64_t bits;

	while (bit < end) {
		bits = shown_word(bit / BITS) >> bit % BITS;
		if (bits != 0) {
			bit += (size_t)__builtin_ctzll(bits);
			break;
		}
		bit += BITS - bit % BITS;
	}
	return (bit < end ? bit - f->first_series : f->nseries);
}

void
snapshot_cells(const struct snapshot *snapshot, const struct family *f,
    size_t series, int64_t *cells)
{
	size_t first = f->first_cell + series * f->width, slot, i;

	memset(cells, 0, f->width * sizeof(*cells));
	for (slot = 0; slot < shard_count(); slot++) {
		const struct shard *s = shard_at(slot);

		if (!shard_has_seen(s, f->first_series + series))
			continue;
		if (f->kind == FAMILY_gauge_sum && !snapshot->alive[slot])
			continue;
		for (i = 0; i < f->width; i++)
			cells[i] += atomic_load_explicit(
			    &shard_cells(s)[first + i], memory_order_relaxed);
	}
}
