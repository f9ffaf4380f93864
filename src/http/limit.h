/*
 * limit: requests a minute, counted in memory that all workers share.
 *
 * A bucket is an operation, a client's address and a path; another spelling of
 * these is no way around. Its window of 60 s starts with its first request.
 * Refused requests neither extend nor refill it. The table is of a fixed size:
 * when it is crowded, the buckets in reach that have counted least are
 * forgotten, the oldest first.
 */
#ifndef HTTP_LIMIT_H
#define HTTP_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "platform/compiler.h"

struct limit_verdict {
	bool refused;
	int limit;
	int remaining;
	int reset_s; /* until the window ends */
};

/* limit_open(): make the table. Context parent. Returns 0, or -1 (logged). */
int limit_open(void) MUST_CHECK;

/*
 * limit_key(scope, client, path): the bucket's key, not 0. ${scope} tells
 * operations apart. Context any.
 */
uint64_t limit_key(uint64_t scope, const char *client, const char *path);

/* limit_take(key, limit, now_s): count one request. Context worker. */
struct limit_verdict limit_take(uint64_t key, int limit, int64_t now_s);

/* limit_give_back(key): the request did not count after all. Context
 * worker. */
void limit_give_back(uint64_t key);

#endif
