#include "metrics/distinct.h"

#include <math.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <time.h>

#define SLOTS ((size_t)1 << 15) /* half full with DISTINCT_EXACT things */
#define REACH 256               /* slots looked at for one thing */
#define PLACES ((size_t)1 << 18)

_Static_assert(DISTINCT_EXACT <= SLOTS / 2, "DISTINCT_EXACT");

/* Times are seconds on the monotonic clock; 0 is never. */
struct shared {
	_Atomic uint64_t ids[SLOTS]; /* 0: free */
	_Atomic uint32_t seen_s[SLOTS];
	_Atomic uint32_t places[PLACES]; /* when one was last chosen */
};

/* The one instance; made in the parent, before the fork. */
static struct shared *shared;
static int32_t window_s;

static uint32_t
now_s(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return ((uint32_t)now.tv_sec + 1);
}

int
distinct_open(unsigned seconds)
{
	void *memory = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return (-1);
	shared = memory;
	window_s = seconds > INT32_MAX ? INT32_MAX : (int32_t)seconds;
	return (0);
}

/* Ids that follow each other must look as if drawn by lot, or places would
 * fill too evenly. Source: Steele, Lea, Flood, "Fast splittable pseudorandom
 * number generators", 2014 (mix64variant13). */
static uint64_t
mix(uint64_t id)
{
	id = (id ^ id >> 30) * 0xbf58476d1ce4e5b9;
	id = (id ^ id >> 27) * 0x94d049bb133111eb;
	return (id ^ id >> 31);
}

/* Another process may be a second ahead: its future is recent too. */
static bool
is_recent(const _Atomic uint32_t *seen, uint32_t now)
{
	uint32_t seen_s = atomic_load_explicit(seen, memory_order_relaxed);

	/* Not &&: when counting, a branch would be guessed wrong half the
	 * time. */
	return ((seen_s != 0) & ((int32_t)(now - seen_s) < window_s));
}

/* Once a second is enough: the line stays in the caches of all. */
static void
note(_Atomic uint32_t *seen, uint32_t now)
{
	if (atomic_load_explicit(seen, memory_order_relaxed) != now)
		atomic_store_explicit(seen, now, memory_order_relaxed);
}

/* The slot of ${id}, if it has one; else one that may become its own, which
 * ${holds} another yet; else SLOTS. */
static size_t
find(uint64_t id, size_t first, uint32_t now, uint64_t *holds)
{
	size_t old = SLOTS, slot, i;
	uint64_t there;

	for (i = 0; i < REACH; i++) {
		slot = (first + i) % SLOTS;
		there = atomic_load_explicit(
		    &shared->ids[slot], memory_order_relaxed);
		if (there == 0 && old != SLOTS)
			break;
		if (there == id || there == 0) {
			*holds = there;
			return (slot);
		}
		if (old == SLOTS && !is_recent(&shared->seen_s[slot], now)) {
			old = slot;
			*holds = there;
		}
	}
	return (old);
}

void
distinct_seen(uint64_t id)
{
	uint64_t hash = mix(id), holds = 0;
	uint32_t now;
	size_t slot;

	if (shared == NULL || id == 0)
		return;
	now = now_s();
	note(&shared->places[hash % PLACES], now);
	while ((slot = find(id, hash / PLACES, now, &holds)) != SLOTS) {
		if (holds == id || atomic_compare_exchange_strong(
				       &shared->ids[slot], &holds, id)) {
			note(&shared->seen_s[slot], now);
			return;
		}
	}
}

static size_t
count_recent(const _Atomic uint32_t *seen_s, size_t n)
{
	uint32_t now = now_s();
	size_t count = 0, i;

	for (i = 0; i < n; i++)
		count += is_recent(&seen_s[i], now);
	return (count);
}

size_t
distinct_count(void)
{
	size_t count, unused;

	if (shared == NULL)
		return (0);
	count = count_recent(shared->seen_s, SLOTS);
	if (count <= DISTINCT_EXACT)
		return (count);
	unused = PLACES - count_recent(shared->places, PLACES);
	if (unused == 0)
		unused = 1;
	return (
	    (size_t)((double)PLACES * -log((double)unused / (double)PLACES)));
}
