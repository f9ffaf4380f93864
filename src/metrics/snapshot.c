#include "metrics/snapshot.h"

#include <string.h>

#include "metrics/shard.h"

/* How often a writer may get in the way of reading all of its shard, and of
 * reading one series of it. Each time it has ended a batch, so who reads hardly
 * ever comes that far; if so, each series still agrees with itself. */
#define ATTEMPTS_ALL 300
#define ATTEMPTS_ONE 1000

/* Each series whose bit is set, of all families in their order. */
#define SERIES_FOREACH(words, f, series)                                     \
	for (f = family_table; f < family_table + METRICS_FAMILY_MAX; f++)   \
		for (series = next_series(words, f, 0); series < f->nseries; \
		     series = next_series(words, f, series + 1))

/* The first of the family's series from ${series} on whose bit is set. */
static size_t
next_series(const uint64_t *words, const struct family *f, size_t series)
{
	return (shard_next_bit(words, f->first_series + series,
		    f->first_series + f->nseries) -
		f->first_series);
}

static size_t
first_cell(const struct family *f, size_t series)
{
	return (f->first_cell + series * f->width);
}

static bool
has_native(const struct snapshot *snapshot, const struct family *f)
{
	return (snapshot->has_native && f->is_native);
}

static uint64_t
version_of(const struct shard *s)
{
	return (atomic_load_explicit(&s->version, memory_order_acquire));
}

/* What they held before the batch that is being written. A cell may stand
 * there twice: the older value is the right one. */
static void
undo(const struct shard *s, size_t first, size_t width, int64_t *cells)
{
	size_t i = atomic_load_explicit(&s->undo.ncells, memory_order_acquire);
	size_t cell;

	while (i-- > 0) {
		cell = atomic_load_explicit(
		    &s->undo.cells[i], memory_order_acquire);
		if (cell >= first && cell - first < width)
			cells[cell - first] = atomic_load_explicit(
			    &s->undo.values[i], memory_order_acquire);
	}
}

/* Only what was used: the rest is left as it was. */
static void
read_native(const struct shard *s, const struct family *f, size_t series,
    struct snapshot_part *its)
{
	size_t word = shard_native_word(f, series), i;
	size_t cell = shard_native_cell(f, series);

	for (i = 0; i < SHARD_NATIVE_WORDS; i++)
		its->filled[word + i] = atomic_load_explicit(
		    &s->filled[word + i], memory_order_acquire);
	for (i = shard_next_bit(&its->filled[word], 0, NATIVE_BUCKETS);
	     i < NATIVE_BUCKETS;
	     i = shard_next_bit(&its->filled[word], i + 1, NATIVE_BUCKETS))
		its->cells[cell + i] = atomic_load_explicit(
		    &s->cells[cell + i], memory_order_acquire);
}

/* False if a batch was begun or ended meanwhile. Native buckets are read last:
 * so in slot 0 too they are never behind the others, see observe(). */
static bool
try_to_read(const struct shard *s, const struct family *f, size_t series,
    bool native, struct snapshot_part *its)
{
	size_t first = first_cell(f, series), i;
	size_t first_native = shard_native_cell(f, series);
	uint64_t version = version_of(s);

	for (i = 0; i < f->width; i++)
		its->cells[first + i] = atomic_load_explicit(
		    &s->cells[first + i], memory_order_acquire);
	if (native)
		read_native(s, f, series, its);
	if (version % 2 != 0) {
		undo(s, first, f->width, &its->cells[first]);
		if (native)
			undo(s, first_native, NATIVE_BUCKETS,
			    &its->cells[first_native]);
	}
	return (
	    version == atomic_load_explicit(&s->version, memory_order_relaxed));
}

static void
read_series(struct snapshot *snapshot, const struct shard *s,
    const struct family *f, size_t series)
{
	bool native = has_native(snapshot, f);
	/* One cell cannot disagree. */
	int attempts = f->width > 1 ? ATTEMPTS_ONE : 1;

	while (!try_to_read(s, f, series, native, &snapshot->its) &&
	       --attempts > 0)
		;
}

/* What ${s} has seen; false if a batch was begun or ended meanwhile. */
static bool
try_to_read_all(struct snapshot *snapshot, const struct shard *s)
{
	uint64_t version = version_of(s);
	const struct family *f;
	size_t series, word;

	for (word = 0; word < SHARD_WORDS; word++)
		snapshot->its.seen[word] =
		    atomic_load_explicit(&s->seen[word], memory_order_acquire);
	SERIES_FOREACH (snapshot->its.seen, f, series)
		read_series(snapshot, s, f, series);
	return (version == version_of(s));
}

static void
begin_series(struct snapshot *snapshot, const struct family *f, size_t series)
{
	struct snapshot_part *all = &snapshot->all;
	size_t bit = f->first_series + series;

	all->seen[bit / SHARD_WORD_BITS] |= (uint64_t)1
					    << bit % SHARD_WORD_BITS;
	memset(&all->cells[first_cell(f, series)], 0,
	    f->width * sizeof(*all->cells));
	if (has_native(snapshot, f))
		memset(&all->filled[shard_native_word(f, series)], 0,
		    SHARD_NATIVE_WORDS * sizeof(*all->filled));
}

static bool
is_begun(const struct snapshot *snapshot, const struct family *f, size_t series)
{
	return (next_series(snapshot->all.seen, f, series) == series);
}

static void
add_native(struct snapshot *snapshot, const struct family *f, size_t series)
{
	size_t word = shard_native_word(f, series), bucket;
	size_t cell = shard_native_cell(f, series);
	const uint64_t *its = &snapshot->its.filled[word];
	uint64_t *all = &snapshot->all.filled[word], mask;

	for (bucket = shard_next_bit(its, 0, NATIVE_BUCKETS);
	     bucket < NATIVE_BUCKETS;
	     bucket = shard_next_bit(its, bucket + 1, NATIVE_BUCKETS)) {
		mask = (uint64_t)1 << bucket % SHARD_WORD_BITS;
		if ((all[bucket / SHARD_WORD_BITS] & mask) == 0)
			snapshot->all.cells[cell + bucket] = 0;
		all[bucket / SHARD_WORD_BITS] |= mask;
		snapshot->all.cells[cell + bucket] +=
		    snapshot->its.cells[cell + bucket];
	}
}

static void
add_series(struct snapshot *snapshot, const struct family *f, size_t series,
    bool is_alive)
{
	size_t first = first_cell(f, series), i;

	if (!is_begun(snapshot, f, series))
		begin_series(snapshot, f, series);
	if (f->kind == FAMILY_gauge_sum && !is_alive)
		return;
	for (i = 0; i < f->width; i++)
		snapshot->all.cells[first + i] +=
		    snapshot->its.cells[first + i];
	if (has_native(snapshot, f))
		add_native(snapshot, f, series);
}

static void
add_shard(struct snapshot *snapshot, const struct shard *s)
{
	bool is_alive = shard_is_alive(s);
	int attempts = ATTEMPTS_ALL;
	const struct family *f;
	size_t series;

	while (!try_to_read_all(snapshot, s) && --attempts > 0)
		;
	SERIES_FOREACH (snapshot->its.seen, f, series)
		add_series(snapshot, f, series, is_alive);
}

/* Nobody has counted them yet. */
static void
begin_expected(struct snapshot *snapshot)
{
	const struct family *f;
	size_t series, word;

	for (word = 0; word < SHARD_WORDS; word++)
		snapshot->all.seen[word] = atomic_load_explicit(
		    &shard_expected()[word], memory_order_relaxed);
	SERIES_FOREACH (snapshot->all.seen, f, series)
		begin_series(snapshot, f, series);
}

void
snapshot_begin(struct snapshot *snapshot, bool native)
{
	size_t slot;

	snapshot->has_native = native;
	begin_expected(snapshot);
	for (slot = 0; slot < shard_count(); slot++)
		add_shard(snapshot, shard_at(slot));
}

size_t
snapshot_next(
    const struct snapshot *snapshot, const struct family *f, size_t series)
{
	return (next_series(snapshot->all.seen, f, series));
}

static void
copy_native(const struct snapshot_part *all, const struct family *f,
    size_t series, struct snapshot_native *native)
{
	size_t cell = shard_native_cell(f, series), i;

	memcpy(native->filled, &all->filled[shard_native_word(f, series)],
	    sizeof(native->filled));
	for (i = snapshot_next_bucket(native, 0); i < NATIVE_BUCKETS;
	     i = snapshot_next_bucket(native, i + 1))
		native->counts[i] = all->cells[cell + i];
}

void
snapshot_cells(const struct snapshot *snapshot, const struct family *f,
    size_t series, int64_t cells[FAMILY_WIDTH_MAX],
    struct snapshot_native *native)
{
	memset(cells, 0, f->width * sizeof(*cells));
	if (native != NULL)
		memset(native, 0, sizeof(*native));
	if (!is_begun(snapshot, f, series))
		return;
	memcpy(cells, &snapshot->all.cells[first_cell(f, series)],
	    f->width * sizeof(*cells));
	if (native != NULL && has_native(snapshot, f))
		copy_native(&snapshot->all, f, series, native);
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
