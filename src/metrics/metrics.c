#include "metrics/metrics.h"

#include "metrics/exemplar.h"
#include "metrics/family.h"
#include "metrics/native.h"
#include "metrics/shard.h"

/* The first cell of a series in ${s}, which shows from now on; NULL where
 * there is nothing to write to. */
static inline _Atomic int64_t *
cells_of(struct shard *s, const struct family *f, size_t series)
{
	if (s == NULL || series >= f->nseries)
		return (NULL);
	shard_set_bit(s->seen, f->first_series + series);
	return (&s->cells[f->first_cell + series * f->width]);
}

/* Batches: see metrics/shard.h. Slot 0 has none, its version stays 0. */
static inline bool
batch_is_open(const struct shard *s)
{
	return (
	    atomic_load_explicit(&s->version, memory_order_relaxed) % 2 != 0);
}

static inline void
batch_step(struct shard *s)
{
	atomic_store_explicit(&s->version,
	    atomic_load_explicit(&s->version, memory_order_relaxed) + 1,
	    memory_order_release);
}

static inline void
batch_open(struct shard *s)
{
	atomic_store_explicit(&s->undo.ncells, 0, memory_order_release);
	batch_step(s);
}

/* ${ncells} that must not be parted are coming into an open batch. */
static inline void
batch_make_room(struct shard *s, size_t ncells)
{
	if (atomic_load_explicit(&s->undo.ncells, memory_order_relaxed) +
		ncells <=
	    SHARD_BATCH)
		return;
	batch_step(s);
	batch_open(s);
}

static inline void
batch_remember(struct shard *s, const _Atomic int64_t *cell, int64_t before)
{
	size_t n = atomic_load_explicit(&s->undo.ncells, memory_order_relaxed);

	atomic_store_explicit(
	    &s->undo.cells[n], (size_t)(cell - s->cells), memory_order_release);
	atomic_store_explicit(&s->undo.values[n], before, memory_order_release);
	atomic_store_explicit(&s->undo.ncells, n + 1, memory_order_release);
}

void
metrics_begin(void)
{
	struct shard *s = shard_own();

	if (s != NULL && !shard_is_shared(s) && !batch_is_open(s))
		batch_open(s);
}

void
metrics_end(void)
{
	struct shard *s = shard_own();

	if (s != NULL && batch_is_open(s))
		batch_step(s);
}

/* An owner is alone: what it loads is still there when it stores. In slot 0
 * too, who sees one addition sees what was added before. */
static inline void
add(struct shard *s, _Atomic int64_t *cell, int64_t value)
{
	int64_t before;

	if (shard_is_shared(s)) {
		atomic_fetch_add_explicit(cell, value, memory_order_release);
		return;
	}
	before = atomic_load_explicit(cell, memory_order_relaxed);
	if (batch_is_open(s)) {
		batch_make_room(s, 1);
		batch_remember(s, cell, before);
	}
	atomic_store_explicit(cell, before + value, memory_order_release);
}

struct change {
	_Atomic int64_t *cell;
	int64_t value;
};

/* A batch of their own: see metrics/shard.h. Unrolled, it needs no memory of
 * its own, which is half of its time. */
static inline void
add_together(struct shard *s, const struct change *changes, size_t n)
{
	uint64_t version =
	    atomic_load_explicit(&s->version, memory_order_relaxed);
	int64_t before[SHARD_CHANGES_MAX];
	size_t i;

	atomic_store_explicit(&s->undo.ncells, n, memory_order_release);
#pragma GCC unroll 3
	for (i = 0; i < n; i++) {
		before[i] =
		    atomic_load_explicit(changes[i].cell, memory_order_relaxed);
		atomic_store_explicit(&s->undo.cells[i],
		    (size_t)(changes[i].cell - s->cells), memory_order_release);
		atomic_store_explicit(
		    &s->undo.values[i], before[i], memory_order_release);
	}
	atomic_store_explicit(&s->version, version + 1, memory_order_release);
#pragma GCC unroll 3
	for (i = 0; i < n; i++)
		atomic_store_explicit(changes[i].cell,
		    before[i] + changes[i].value, memory_order_release);
	atomic_store_explicit(&s->version, version + 2, memory_order_release);
}

/* Exemplars of slot 0 would be written by many at once. */
static inline void
trace(struct shard *s, const struct family *f, size_t index,
    const struct metrics_exemplar *exemplar, int64_t value)
{
	if (exemplar != NULL && !shard_is_shared(s))
		exemplar_put(
		    &s->exemplars[f->first_exemplar + index], exemplar, value);
}

void
metrics_cell_add_traced(enum metrics_family family, size_t series,
    int64_t value, const struct metrics_exemplar *exemplar)
{
	const struct family *f = family_get(family);
	struct shard *s = shard_own();
	_Atomic int64_t *cell;

	if (value < 0 || (cell = cells_of(s, f, series)) == NULL)
		return;
	add(s, cell, value);
	trace(s, f, series, exemplar, value);
}

void
metrics_cell_add(enum metrics_family family, size_t series, int64_t value)
{
	metrics_cell_add_traced(family, series, value, NULL);
}

void
metrics_cell_move(enum metrics_family family, size_t series, int64_t difference)
{
	struct shard *s = shard_own();
	_Atomic int64_t *cell;

	if ((cell = cells_of(s, family_get(family), series)) != NULL)
		add(s, cell, difference);
}

static void
store(struct shard *s, enum metrics_family family, size_t series, int64_t value)
{
	_Atomic int64_t *cell;

	if ((cell = cells_of(s, family_get(family), series)) != NULL)
		atomic_store_explicit(cell, value, memory_order_relaxed);
}

void
metrics_cell_hold(enum metrics_family family, size_t series, int64_t value)
{
	store(shard_own(), family, series, value);
}

/* One value for all: whoever writes it, it lies in slot 0. */
void
metrics_cell_set(enum metrics_family family, size_t series, int64_t value)
{
	store(shard_common, family, series, value);
}

/* The cell of a native bucket, whose bit is set before it counts. */
static inline _Atomic int64_t *
native_cell(
    struct shard *s, const struct family *f, size_t series, int64_t value)
{
	size_t bucket = native_bucket(value);

	shard_set_bit(&s->filled[shard_native_word(f, series)], bucket);
	return (&s->cells[shard_native_cell(f, series) + bucket]);
}

/* Returns the bucket. Negative values count as 0, so that sums never fall. In
 * slot 0 the native bucket may be an observation ahead of the sum, and both of
 * the bucket. */
static inline size_t
observe(struct shard *s, const struct family *f, size_t series,
    _Atomic int64_t *cells, int64_t value)
{
	struct change changes[SHARD_CHANGES_MAX];
	size_t bucket = 0, n = 2;

	while (bucket < f->nbounds && value > f->bounds[bucket])
		bucket++;
	changes[0] = (struct change){ &cells[bucket], 1 };
	changes[1] =
	    (struct change){ &cells[f->width - 1], value > 0 ? value : 0 };
	if (f->is_native)
		changes[n++] =
		    (struct change){ native_cell(s, f, series, value), 1 };
	if (batch_is_open(s))
		batch_make_room(s, n);
	if (shard_is_shared(s) || batch_is_open(s))
		while (n-- > 0)
			add(s, changes[n].cell, changes[n].value);
	else if (n == 2) /* as a constant, for the compiler */
		add_together(s, changes, 2);
	else
		add_together(s, changes, 3);
	return (bucket);
}

void
metrics_cell_observe_traced(enum metrics_family family, size_t series,
    int64_t value, const struct metrics_exemplar *exemplar)
{
	const struct family *f = family_get(family);
	struct shard *s = shard_own();
	_Atomic int64_t *cells;
	size_t bucket;

	if ((cells = cells_of(s, f, series)) == NULL)
		return;
	bucket = observe(s, f, series, cells, value);
	trace(s, f, series * f->nexemplars + bucket, exemplar, value);
}

void
metrics_cell_observe(enum metrics_family family, size_t series, int64_t value)
{
	metrics_cell_observe_traced(family, series, value, NULL);
}

void
metrics_cell_expect(enum metrics_family family, size_t series)
{
	const struct family *f = family_get(family);

	if (series < f->nseries)
		shard_expect(f->first_series + series);
}
