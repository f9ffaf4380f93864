#include "metrics/metrics.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "metrics/family.h"
#include "metrics/shard.h"

#define NS_PER_S 1000000000
#define PAGE 4096
#define BITS 64

/* The one instance; written in the parent, before the fork. */
static struct {
	bool disabled;
	char *base; /* the expected bits, then the shards */
	size_t nslots;
	size_t stride; /* of a shard, whole pages */
	int64_t opened_ns;
	int opener;
} memory;

/* The calling thread's shard. Its address is needed at every increment, so it
 * lies where one instruction finds it. */
static _Thread_local struct shard *own
    __attribute__((tls_model("initial-exec")));

static size_t
round_up(size_t size, size_t to)
{
	return ((size + to - 1) / to * to);
}

static size_t
bitmap_size(void)
{
	return (round_up(family_series_total(), SHARD_CACHE_LINE * 8) / 8);
}

size_t
shard_count(void)
{
	return (memory.nslots);
}

struct shard *
shard_at(size_t slot)
{
	char *shards = memory.base + round_up(bitmap_size(), PAGE);

	return ((struct shard *)(void *)(shards + slot * memory.stride));
}

struct shard *
shard_own(void)
{
	if (own != NULL)
		return (own);
	return (memory.nslots == 0 ? NULL : shard_at(0));
}

const _Atomic uint64_t *
shard_expected_words(void)
{
	return ((const _Atomic uint64_t *)(void *)memory.base);
}

const _Atomic uint64_t *
shard_seen_words(const struct shard *s)
{
	return ((const _Atomic uint64_t *)(const void *)(s + 1));
}

_Atomic int64_t *
shard_cells(const struct shard *s)
{
	return ((_Atomic int64_t *)((uintptr_t)(s + 1) + bitmap_size()));
}

int64_t
shard_opened_ns(void)
{
	return (memory.opened_ns);
}

int
shard_opener(void)
{
	return (memory.opener);
}

bool
shard_is_alive(const struct shard *s)
{
	int pid = atomic_load_explicit(&s->pid, memory_order_relaxed);

	return (pid == 0 || kill(pid, 0) == 0 || errno != ESRCH);
}

static bool
bit_is_set(const _Atomic uint64_t *words, size_t bit)
{
	uint64_t word =
	    atomic_load_explicit(&words[bit / BITS], memory_order_relaxed);

	return ((word >> bit % BITS & 1) != 0);
}

static void
bit_set(const _Atomic uint64_t *words, size_t bit)
{
	_Atomic uint64_t *word = (_Atomic uint64_t *)(uintptr_t)words;

	if (!bit_is_set(words, bit))
		atomic_fetch_or_explicit(&word[bit / BITS],
		    (uint64_t)1 << bit % BITS, memory_order_relaxed);
}

bool
shard_has_seen(const struct shard *s, size_t series)
{
	return (bit_is_set(shard_seen_words(s), series));
}

bool
shard_expects(size_t series)
{
	return (bit_is_set(shard_expected_words(), series));
}

void
metrics_enable(bool enabled)
{
	memory.disabled = !enabled;
}

/* What a closed family may show is known: it is shown from zero. */
static void
expect_closed(const struct family *f, enum metrics_family family)
{
	size_t series;

	if (f->kind == FAMILY_gauge || !family_is_closed(f))
		return;
	for (series = 0; series < f->nseries; series++)
		metrics_cell_expect(family, series);
}

int
metrics_open(size_t nwriters)
{
	size_t stride = round_up(sizeof(struct shard) + bitmap_size() +
				     family_cells_total() * sizeof(int64_t),
	    PAGE);
	struct timespec now;
	void *base;
	int i;

	if (memory.disabled)
		return (0);
	base = mmap(NULL, round_up(bitmap_size(), PAGE) + nwriters * stride,
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (base == MAP_FAILED)
		return (-1);
	(void)clock_gettime(CLOCK_REALTIME, &now);
	memory.base = base;
	memory.nslots = nwriters;
	memory.stride = stride;
	memory.opened_ns = (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
	memory.opener = getpid();
	for (i = 0; i < METRICS_FAMILY_MAX; i++)
		expect_closed(
		    family_get((enum metrics_family)i), (enum metrics_family)i);
	return (0);
}

/* The shares of a dead predecessor are gone; its counts are not. */
static void
drop_shares(struct shard *s)
{
	size_t series;
	int i;

	for (i = 0; i < METRICS_FAMILY_MAX; i++) {
		const struct family *f = family_get((enum metrics_family)i);

		if (f->kind != FAMILY_gauge_sum)
			continue;
		for (series = 0; series < f->nseries; series++)
			if (shard_has_seen(s, f->first_series + series))
				atomic_store_explicit(
				    &shard_cells(s)[f->first_cell + series], 0,
				    memory_order_relaxed);
	}
}

void
metrics_attach(size_t slot)
{
	if (slot >= memory.nslots)
		return;
	own = shard_at(slot);
	drop_shares(own);
	atomic_store_explicit(&own->open_fds, 0, memory_order_relaxed);
	atomic_store_explicit(&own->max_fds, 0, memory_order_relaxed);
	atomic_store_explicit(&own->pid, getpid(), memory_order_relaxed);
}

/* The first cell of a series in ${s}, which has now been seen; NULL where
 * there is nothing to write to. */
static _Atomic int64_t *
cells_of(struct shard *s, const struct family *f, size_t series)
{
	if (s == NULL || series >= f->nseries)
		return (NULL);
	bit_set(shard_seen_words(s), f->first_series + series);
	return (&shard_cells(s)[f->first_cell + series * f->width]);
}

static void
add(_Atomic int64_t *cell, int64_t value)
{
	atomic_fetch_add_explicit(cell, value, memory_order_relaxed);
}

void
metrics_cell_add(enum metrics_family family, size_t series, int64_t value)
{
	_Atomic int64_t *cell;

	if (value < 0)
		return;
	cell = cells_of(shard_own(), family_get(family), series);
	if (cell != NULL)
		add(cell, value);
}

void
metrics_cell_move(enum metrics_family family, size_t series, int64_t difference)
{
	_Atomic int64_t *cell;

	cell = cells_of(shard_own(), family_get(family), series);
	if (cell != NULL)
		add(cell, difference);
}

void
metrics_cell_hold(enum metrics_family family, size_t series, int64_t value)
{
	_Atomic int64_t *cell;

	cell = cells_of(shard_own(), family_get(family), series);
	if (cell != NULL)
		atomic_store_explicit(cell, value, memory_order_relaxed);
}

/* One value for all: whoever writes it, it lies in slot 0. */
void
metrics_cell_set(enum metrics_family family, size_t series, int64_t value)
{
	_Atomic int64_t *cell;

	if (memory.nslots == 0)
		return;
	cell = cells_of(shard_at(0), family_get(family), series);
	if (cell != NULL)
		atomic_store_explicit(cell, value, memory_order_relaxed);
}

void
metrics_cell_observe(enum metrics_family family, size_t series, int64_t value)
{
	const struct family *f = family_get(family);
	_Atomic int64_t *cells = cells_of(shard_own(), f, series);
	size_t i;

	if (cells == NULL)
		return;
	for (i = 0; i < f->nbounds && value > f->bounds[i]; i++)
		;
	add(&cells[i], 1);
	if (value > 0)
		add(&cells[f->width - 1], value);
}

void
metrics_cell_expect(enum metrics_family family, size_t series)
{
	const struct family *f = family_get(family);

	if (memory.nslots != 0 && series < f->nseries)
		bit_set(shard_expected_words(), f->first_series + series);
}
