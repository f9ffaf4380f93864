#include "http/crowd.h"

#include <sys/queue.h>
#include <sys/random.h>
#include <sys/socket.h>

#include <netinet/in.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "platform/clock.h"

#define BUCKETS 4096 /* a power of two */

struct crowd_member {
	uint64_t address;
	size_t count;
	SLIST_ENTRY(crowd_member) list;
};

SLIST_HEAD(crowd_bucket, crowd_member);

/* The worker's one crowd. */
static struct {
	struct crowd_bucket buckets[BUCKETS];
	uint64_t seed; /* so that nobody can choose to meet in a bucket */
} crowd;

/* An IPv4 address, or the first half of an IPv6 one. */
static uint64_t
address_of(const struct sockaddr *address)
{
	struct sockaddr_in6 six;
	struct sockaddr_in four;
	uint64_t prefix;

	switch (address->sa_family) {
	case AF_INET:
		memcpy(&four, address, sizeof(four));
		return (ntohl(four.sin_addr.s_addr));
	case AF_INET6:
		memcpy(&six, address, sizeof(six));
		if (IN6_IS_ADDR_V4MAPPED(&six.sin6_addr)) {
			uint32_t mapped;

			memcpy(&mapped, &six.sin6_addr.s6_addr[12], 4);
			return (ntohl(mapped));
		}
		memcpy(&prefix, &six.sin6_addr, sizeof(prefix));
		return (prefix);
	default:
		return (0);
	}
}

static struct crowd_bucket *
bucket_of(uint64_t address)
{
	uint64_t hash;

	while (crowd.seed == 0)
		if (getrandom(&crowd.seed, sizeof(crowd.seed), 0) == -1)
			crowd.seed = (uint64_t)clock_mono_us() | 1;
	hash = (address ^ crowd.seed) * UINT64_C(0x9e3779b97f4a7c15);
	hash ^= hash >> 32;
	hash *= UINT64_C(0xd6e8feb86659fd93);
	return (&crowd.buckets[(hash >> 32) & (BUCKETS - 1)]);
}

struct crowd_member *
crowd_enter(const struct sockaddr *address)
{
	uint64_t key = address_of(address);
	struct crowd_bucket *bucket = bucket_of(key);
	struct crowd_member *m;

	SLIST_FOREACH (m, bucket, list) {
		if (m->address == key) {
			m->count++;
			return (m);
		}
	}
	if ((m = malloc(sizeof(*m))) == NULL)
		abort();
	m->address = key;
	m->count = 1;
	SLIST_INSERT_HEAD(bucket, m, list);
	return (m);
}

void
crowd_leave(struct crowd_member *m)
{
	if (--m->count > 0)
		return;
	SLIST_REMOVE(bucket_of(m->address), m, crowd_member, list);
	free(m);
}

size_t
crowd_count(const struct crowd_member *m)
{
	return (m->count);
}
