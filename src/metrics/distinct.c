#include "metrics/distinct.h"

#include <stdatomic.h>
#include <sys/mman.h>
#include <time.h>

#define SLOTS 65536 /* a power of two, and room for DISTINCT_MAX */
#define REACH 128   /* slots looked at for one thing */

struct slot {
	_Atomic uint64_t id;     /* 0: free */
	_Atomic uint64_t seen_s; /* monotonic */
};

_Static_assert((SLOTS & (SLOTS - 1)) == 0, "SLOTS");
_Static_assert(DISTINCT_MAX < SLOTS / 5 * 4, "DISTINCT_MAX");

/* The one instance; made in the parent, before the fork. */
static struct slot *slots;
static unsigned window_s;

static uint64_t
now_s(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	/* Never 0, which is what a slot starts with. */
	return ((uint64_t)now.tv_sec + 1);
}

int
distinct_open(unsigned seconds)
{
	void *memory = mmap(NULL, SLOTS * sizeof(*slots),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return (-1);
	slots = memory;
	window_s = seconds;
	return (0);
}

/* Fibonacci hashing: ids that follow each other lie far apart. */
static size_t
first_slot(uint64_t id)
{
	return ((size_t)(id * 11400714819323198485ULL >> 48) & (SLOTS - 1));
}

static bool
is_recent(const struct slot *slot, uint64_t now)
{
	uint64_t seen_s =
	    atomic_load_explicit(&slot->seen_s, memory_order_relaxed);

	return (seen_s != 0 && now - seen_s < window_s);
}

/* The slot of ${id}, if it has one; else one that may become its own. */
static struct slot *
find(uint64_t id, uint64_t now, uint64_t *holds)
{
	struct slot *old = NULL, *slot;
	uint64_t seen;
	size_t i;

	for (i = 0; i < REACH; i++) {
		slot = &slots[(first_slot(id) + i) & (SLOTS - 1)];
		seen = atomic_load_explicit(&slot->id, memory_order_relaxed);
		if (seen == id || seen == 0) {
			if (seen == 0 && old != NULL)
				break;
			*holds = seen;
			return (slot);
		}
		if (old == NULL && !is_recent(slot, now)) {
			old = slot;
			*holds = seen;
		}
	}
	return (old);
}

void
distinct_seen(uint64_t id)
{
	uint64_t now, holds = 0;
	struct slot *slot;

	if (slots == NULL)
		return;
	now = now_s();
	while ((slot = find(id, now, &holds)) != NULL) {
		if (holds == id ||
		    atomic_compare_exchange_strong(&slot->id, &holds, id)) {
			atomic_store_explicit(
			    &slot->seen_s, now, memory_order_relaxed);
			return;
		}
	}
}

size_t
distinct_count(void)
{
	uint64_t now;
	size_t count = 0, i;

	if (slots == NULL)
		return (0);
	now = now_s();
	for (i = 0; i < SLOTS; i++)
		count += is_recent(&slots[i], now);
	return (count);
}
