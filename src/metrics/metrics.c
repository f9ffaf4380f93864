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

/* An owner is alone: what it loads is still there when it stores. In slot 0
 * too, who sees one addition sees what was added before. */
static inline void
add(const struct shard *s, _Atomic int64_t *cell, int64_t value)
{
	if (shard_is_shared(s))
		atomic_fetch_add_explicit(cell, value, memory_order_release);
	else
		atomic_store_explicit(cell,
		    atomic_load_explicit(cell, memory_order_relaxed) + value,
		    memory_order_release);
}

struct change {
	_Atomic int64_t *cell;
	int64_t value;
};

/* All or none: see metrics/shard.h. Unrolled, it needs no memory of its own: half
 * of its time. */
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
metrics_cell_add(enum metrics_family family, size_t series, int64_t value)
{
	struct shard *s = shard_own();
	_Atomic int64_t *cell;

	if (value < 0)
		return;
	if ((cell = cells_of(s, family_get(family), series)) != NULL)
		add(s, cell, value);
}

void
metrics_cell_add_traced(enum metrics_family family, size_t series,
    int64_t value, const struct metrics_exemplar *exemplar)
{
	const struct family *f = family_get(family);
	struct shard *s = shard_own();
	_Atomic int64_t *cell;

	if ((cell = cells_of(s, f, series)) == NULL)
		return;
	add(s, cell, value);
	trace(s, f, series, exemplar, value);
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
	if (shard_is_shared(s))
		while (n-- > 0)
			add(s, changes[n].cell, changes[n].value);
	else if (n == 2) /* as a constant, for the compiler */
		add_together(s, changes, 2);
	else
		add_together(s, changes, 3);
	return (bucket);
}

void
metrics_cell_observe(enum metrics_family family, size_t series, int64_t value)
{
	const struct family *f = family_get(family);
	struct shard *s = shard_own();
	_Atomic int64_t *cells;

	if ((cells = cells_of(s, f, series)) != NULL)
		(void)observe(s, f, series, cells, value);
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
metrics_cell_expect(enum metrics_family family, size_t series)
{
	const struct family *f = family_get(family);

	if (series < f->nseries)
		shard_expect(f->first_series + series);
}
