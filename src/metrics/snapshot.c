#include "metrics/snapshot.h"

#include <string.h>

#include "metrics/shard.h"

/* How often a writer may get in the way of reading one series. Each time it
 * has made a whole observation, so who reads hardly ever comes that far. */
#define ATTEMPTS 1000

/* 64 series at once: seen by any writer, or expected. */
static uint64_t
shown_word(size_t word)
{
	uint64_t bits =
	    atomic_load_explicit(&shard_expected()[word], memory_order_relaxed);
	size_t slot;

	for (slot = 0; slot < shard_count(); slot++)
		bits |= atomic_load_explicit(
		    &shard_at(slot)->seen[word], memory_order_relaxed);
	return (bits);
}

void
snapshot_begin(struct snapshot *snapshot)
{
	size_t slot, word;

	for (slot = 0; slot < shard_count(); slot++)
		snapshot->alive[slot] = shard_is_alive(shard_at(slot));
	for (word = 0; word < SHARD_WORDS; word++)
		snapshot->shown[word] = shown_word(word);
}

size_t
snapshot_next(
    const struct snapshot *snapshot, const struct family *f, size_t series)
{
	return (shard_next_bit(snapshot->shown, f->first_series + series,
		    f->first_series + f->nseries) -
		f->first_series);
}

/* What they held before an observation that is being written. */
static void
undo(const struct shard *s, size_t first, size_t width, int64_t *cells)
{
	size_t n = atomic_load_explicit(&s->undo.ncells, memory_order_acquire);
	size_t i, cell;

	for (i = 0; i < n; i++) {
		cell = atomic_load_explicit(
		    &s->undo.cells[i], memory_order_acquire);
		if (cell >= first && cell - first < width)
			cells[cell - first] = atomic_load_explicit(
			    &s->undo.values[i], memory_order_acquire);
	}
}

/* Only what was used: the rest of ${native} is left as it was. */
static void
read_native(const struct shard *s, const struct family *f, size_t series,
    struct snapshot_native *native)
{
	size_t word = shard_native_word(f, series), i;
	size_t cell = shard_native_cell(f, series);

	for (i = 0; i < SHARD_NATIVE_WORDS; i++)
		native->filled[i] = atomic_load_explicit(
		    &s->filled[word + i], memory_order_acquire);
	for (i = snapshot_next_bucket(native, 0); i < NATIVE_BUCKETS;
	     i = snapshot_next_bucket(native, i + 1))
		native->counts[i] = atomic_load_explicit(
		    &s->cells[cell + i], memory_order_acquire);
}

/* False if something was written meanwhile. Native buckets are read last: so in
 * slot 0 too they are never behind the others, see observe(). */
static bool
try_to_read(const struct shard *s, const struct family *f, size_t series,
    int64_t *cells, struct snapshot_native *native)
{
	size_t first = f->first_cell + series * f->width, i;
	uint64_t version =
	    atomic_load_explicit(&s->version, memory_order_acquire);

	for (i = 0; i < f->width; i++)
		cells[i] = atomic_load_explicit(
		    &s->cells[first + i], memory_order_acquire);
	if (native != NULL)
		read_native(s, f, series, native);
	if (version % 2 != 0) {
		undo(s, first, f->width, cells);
		if (native != NULL)
			undo(s, shard_native_cell(f, series), NATIVE_BUCKETS,
			    native->counts);
	}
	return (
	    version == atomic_load_explicit(&s->version, memory_order_relaxed));
}

static void
add_native(struct snapshot_native *sum, const struct snapshot_native *found)
{
	size_t i;

	for (i = 0; i < SHARD_NATIVE_WORDS; i++)
		sum->filled[i] |= found->filled[i];
	for (i = snapshot_next_bucket(found, 0); i < NATIVE_BUCKETS;
	     i = snapshot_next_bucket(found, i + 1))
		sum->counts[i] += found->counts[i];
}

void
snapshot_cells(const struct snapshot *snapshot, const struct family *f,
    size_t series, int64_t cells[FAMILY_WIDTH_MAX],
    struct snapshot_native *native)
{
	int64_t found[FAMILY_WIDTH_MAX];
	struct snapshot_native found_native;
	size_t slot, i;
	int attempts;

	memset(cells, 0, f->width * sizeof(*cells));
	if (native != NULL)
		memset(native, 0, sizeof(*native));
	for (slot = 0; slot < shard_count(); slot++) {
		const struct shard *s = shard_at(slot);

		if (!shard_bit(s->seen, f->first_series + series) ||
		    (f->kind == FAMILY_gauge_sum && !snapshot->alive[slot]))
			continue;
		/* One cell cannot disagree; a dead writer has no more to say. */
		attempts = f->width > 1 && snapshot->alive[slot] ? ATTEMPTS : 1;
		while (!try_to_read(s, f, series, found,
			   native != NULL ? &found_native : NULL) &&
		       --attempts > 0)
			;
		for (i = 0; i < f->width; i++)
			cells[i] += found[i];
		if (native != NULL)
			add_native(native, &found_native);
	}
}

bool
snapshot_exemplar(const struct family *f, size_t series, size_t bucket,
    struct exemplar *exemplar)
{
	size_t index = f->first_exemplar + series * f->nexemplars + bucket;
	struct exemplar found;
	size_t slot;

	exemplar->time_ns = 0;
	if (f->nexemplars == 0)
		return (false);
	for (slot = 0; slot < shard_count(); slot++) {
		const struct shard *s = shard_at(slot);

		if (shard_bit(s->seen, f->first_series + series) &&
		    exemplar_get(&s->exemplars[index], &found) &&
		    found.time_ns > exemplar->time_ns)
			*exemplar = found;
	}
	return (exemplar->time_ns != 0);
}
