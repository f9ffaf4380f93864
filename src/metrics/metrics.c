#include "metrics/metrics.h"

#include "metrics/exemplar.h"
#include "metrics/family.h"
#include "metrics/shard.h"

/* The first cell of a series in ${s}, which shows from now on; NULL where
 * there is nothing to write to. */
static inline _Atomic int64_t *
cells_of(struct shard *s, const struct family *f, size_t series)
{
	if (s == NULL || series >= f->nseries)
		return (NULL);
	shard_see(s, f->first_series + series);
	return (&s->cells[f->first_cell + series * f->width]);
}

/* An owner is alone: what it loads is still there when it stores. */
static inline void
add(const struct shard *s, _Atomic int64_t *cell, int64_t value)
{
	if (shard_is_shared(s))
		atomic_fetch_add_explicit(cell, value, memory_order_relaxed);
	else
		atomic_store_explicit(cell,
		    atomic_load_explicit(cell, memory_order_relaxed) + value,
		    memory_order_release);
}

/* A bucket and the sum, both or neither: see metrics/shard.h. */
static inline void
add_both(
    struct shard *s, _Atomic int64_t *const cells[2], const int64_t values[2])
{
	uint64_t version =
	    atomic_load_explicit(&s->version, memory_order_relaxed);
	int64_t before[2];
	size_t i;

	for (i = 0; i < 2; i++) {
		before[i] =
		    atomic_load_explicit(cells[i], memory_order_relaxed);
		atomic_store_explicit(&s->undo.cells[i],
		    (size_t)(cells[i] - s->cells), memory_order_release);
		atomic_store_explicit(
		    &s->undo.values[i], before[i], memory_order_release);
	}
	atomic_store_explicit(&s->version, version + 1, memory_order_release);
	for (i = 0; i < 2; i++)
		atomic_store_explicit(
		    cells[i], before[i] + values[i], memory_order_release);
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

/* Returns the bucket. Negative values count as 0, so that sums never fall. In
 * slot 0 a sum may be an observation behind. */
static inline size_t
observe(struct shard *s, const struct family *f, _Atomic int64_t *cells,
    int64_t value)
{
	const int64_t values[2] = { 1, value > 0 ? value : 0 };
	_Atomic int64_t *both[2];
	size_t bucket = 0;

	while (bucket < f->nbounds && value > f->bounds[bucket])
		bucket++;
	both[0] = &cells[bucket];
	both[1] = &cells[f->width - 1];
	if (shard_is_shared(s)) {
		add(s, both[0], values[0]);
		add(s, both[1], values[1]);
	} else
		add_both(s, both, values);
	return (bucket);
}

void
metrics_cell_observe(enum metrics_family family, size_t series, int64_t value)
{
	const struct family *f = family_get(family);
	struct shard *s = shard_own();
	_Atomic int64_t *cells;

	if ((cells = cells_of(s, f, series)) != NULL)
		(void)observe(s, f, cells, value);
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
	bucket = observe(s, f, cells, value);
	trace(s, f, series * f->nexemplars + bucket, exemplar, value);
}

void
metrics_cell_expect(enum metrics_family family, size_t series)
{
	const struct family *f = family_get(family);

	if (series < f->nseries)
		shard_expect(f->first_series + series);
}
