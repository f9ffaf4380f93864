#include "http/limit.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>

#include "platform/log.h"

#define BUCKETS 65536 /* a power of two */
#define REACH 16      /* buckets looked at for one key */
#define WINDOW_S 60

/* start: the window's first second; count: requests in it */
struct bucket {
	_Atomic uint64_t key;   /* 0: free */
	_Atomic uint64_t state; /* start << 32 | count */
};

static struct bucket *buckets;
static uint64_t seed; /* so that nobody can choose whom to meet in a reach */

static uint64_t
make_state(uint64_t start_s, uint64_t count)
{
	return (start_s << 32 | count);
}

static uint64_t
start_of(uint64_t state)
{
	return (state >> 32);
}

static uint64_t
count_of(uint64_t state)
{
	return (state & UINT32_MAX);
}

int
limit_open(void)
{
	buckets = mmap(NULL, BUCKETS * sizeof(*buckets), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (buckets == MAP_FAILED) {
		log_error("rate limits: mmap: %s", strerror(errno));
		return (-1);
	}
	if (getrandom(&seed, sizeof(seed), 0) == (ssize_t)sizeof(seed))
		return (0);
	log_error("rate limits: getrandom: %s", strerror(errno));
	return (-1);
}

/* FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
#define FNV_PRIME UINT64_C(1099511628211)

static uint64_t
hash(uint64_t h, const char *text)
{
	for (; *text != '\0'; text++)
		h = (h ^ (unsigned char)*text) * FNV_PRIME;
	return (h);
}

uint64_t
limit_key(uint64_t scope, const char *client, const char *path)
{
	uint64_t h = seed ^ scope;

	h = hash(h * FNV_PRIME, client);
	h = hash((h ^ 0xff) * FNV_PRIME, path);
	/* FNV's low bits know only the seed's low bits: mix all into them. */
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	h ^= h >> 32;
	return (h == 0 ? 1 : h);
}

static struct bucket *
find(uint64_t key)
{
	uint64_t i;

	for (i = 0; i < REACH; i++) {
		struct bucket *b = &buckets[(key + i) % BUCKETS];

		if (atomic_load(&b->key) == key)
			return (b);
	}
	return (NULL);
}

static bool
is_over(uint64_t state, uint64_t now)
{
	return (now >= start_of(state) + WINDOW_S);
}

/*
 * Whether less is lost with the one than with the other: nothing if its window
 * is over, else its requests. A bucket that is full must not be forgotten for
 * some that are nearly empty: anybody can make those.
 */
static bool
is_worth_less(uint64_t one, uint64_t other, uint64_t now)
{
	uint64_t worth = is_over(one, now) ? 0 : count_of(one);
	uint64_t worth_other = is_over(other, now) ? 0 : count_of(other);

	return (worth < worth_other ||
		(worth == worth_other && start_of(one) < start_of(other)));
}

/* A free bucket, or the one that is worth least, made ours. */
static struct bucket *
claim(uint64_t key, uint64_t now)
{
	struct bucket *least = &buckets[key % BUCKETS];
	uint64_t i, seen;

	for (i = 0; i < REACH; i++) {
		struct bucket *b = &buckets[(key + i) % BUCKETS];

		seen = 0;
		if (atomic_compare_exchange_strong(&b->key, &seen, key) ||
		    seen == key)
			return (b);
		if (is_worth_less(atomic_load(&b->state),
			atomic_load(&least->state), now))
			least = b;
	}
	atomic_store(&least->key, key);
	atomic_store(&least->state, make_state(now, 0));
	return (least);
}

struct limit_verdict
limit_take(uint64_t key, int limit, int64_t now_s)
{
	struct limit_verdict verdict = { false, limit, 0, WINDOW_S };
	uint64_t now = (uint64_t)now_s, state, next;
	struct bucket *b = find(key);

	if (b == NULL)
		b = claim(key, now);
	state = atomic_load(&b->state);
	do {
		/* Another worker's clock may be a second ahead. */
		bool over = is_over(state, now);

		verdict.refused = !over && count_of(state) >= (uint64_t)limit;
		if (verdict.refused) {
			next = state;
			break;
		}
		next = over ? make_state(now, 1) : state + 1;
	} while (!atomic_compare_exchange_weak(&b->state, &state, next));

	verdict.remaining = limit - (int)count_of(next);
	verdict.reset_s = WINDOW_S - (int)(now - start_of(next));
	return (verdict);
}

void
limit_give_back(uint64_t key)
{
	struct bucket *b = find(key);
	uint64_t state;

	if (b == NULL)
		return;
	state = atomic_load(&b->state);
	while (count_of(state) > 0 &&
	       !atomic_compare_exchange_weak(&b->state, &state, state - 1))
		;
}
