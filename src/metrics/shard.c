#include "metrics/shard.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S 1000000000

/* What all processes share. */
struct memory {
	_Atomic uint64_t expected[SHARD_WORDS];
	struct shard shards[];
};

/* The one instance; written in the parent, before the fork. */
static struct memory *memory;
static bool is_disabled;
static size_t nslots;
static int64_t opened_ns;
static int opener;

_Thread_local struct shard *shard_mine
    __attribute__((tls_model("initial-exec")));
struct shard *shard_common;

size_t
shard_count(void)
{
	return (nslots);
}

struct shard *
shard_at(size_t slot)
{
	return (&memory->shards[slot]);
}

int64_t
shard_opened_ns(void)
{
	return (opened_ns);
}

int
shard_opener(void)
{
	return (opener);
}

bool
shard_is_alive(const struct shard *s)
{
	int pid = atomic_load_explicit(&s->pid, memory_order_relaxed);

	return (pid == 0 || kill(pid, 0) == 0 || errno != ESRCH);
}

const _Atomic uint64_t *
shard_expected(void)
{
	return (memory->expected);
}

void
shard_expect(size_t series)
{
	if (memory != NULL)
		atomic_fetch_or_explicit(
		    &memory->expected[series / SHARD_WORD_BITS],
		    (uint64_t)1 << series % SHARD_WORD_BITS,
		    memory_order_relaxed);
}

void
metrics_enable(bool enabled)
{
	is_disabled = !enabled;
}

/* What a closed family may show is known: it is shown from zero. */
static void
expect_closed(enum metrics_family family)
{
	const struct family *f = family_get(family);
	size_t series;

	if (f->kind == FAMILY_gauge || !family_is_closed(f))
		return;
	for (series = 0; series < f->nseries; series++)
		shard_expect(f->first_series + series);
}

int
metrics_open(size_t nwriters)
{
	struct timespec now;
	void *base;
	int i;

	if (is_disabled)
		return (0);
	if (nwriters == 0 || nwriters > SHARD_WRITERS_MAX) {
		errno = EINVAL;
		return (-1);
	}
	/* Most of it is never touched: it need not be there. */
	base = mmap(NULL, sizeof(*memory) + nwriters * sizeof(struct shard),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE,
	    -1, 0);
	if (base == MAP_FAILED)
		return (-1);
	(void)clock_gettime(CLOCK_REALTIME, &now);
	opened_ns = (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
	opener = getpid();
	memory = base;
	nslots = nwriters;
	shard_common = shard_at(0);
	for (i = 0; i < METRICS_FAMILY_MAX; i++)
		expect_closed((enum metrics_family)i);
	return (0);
}

/* A dead predecessor's shares are gone; what it counted is not. */
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
			if (shard_bit(s->seen, f->first_series + series))
				atomic_store_explicit(
				    &s->cells[f->first_cell + series], 0,
				    memory_order_relaxed);
	}
}

/* It died while it wrote: as if it had not begun. */
static void
roll_back(struct shard *s)
{
	uint64_t version =
	    atomic_load_explicit(&s->version, memory_order_relaxed);
	size_t i;

	if (version % 2 == 0)
		return;
	for (i = s->undo.ncells; i-- > 0;)
		atomic_store_explicit(&s->cells[s->undo.cells[i]],
		    s->undo.values[i], memory_order_release);
	atomic_store_explicit(&s->version, version + 1, memory_order_release);
}

void
metrics_attach(size_t slot)
{
	struct shard *s;

	if (slot >= nslots)
		return;
	s = shard_at(slot);
	drop_shares(s);
	roll_back(s);
	atomic_store_explicit(&s->open_fds, 0, memory_order_relaxed);
	atomic_store_explicit(&s->max_fds, 0, memory_order_relaxed);
	atomic_store_explicit(&s->pid, getpid(), memory_order_relaxed);
	shard_mine = s;
}
