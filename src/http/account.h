/*
 * account: what every request leaves behind: metrics and a line in the log.
 *
 * Context  worker.
 */
#ifndef HTTP_ACCOUNT_H
#define HTTP_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/operation.h"
#include "platform/compiler.h"

/* One finished request. */
struct account {
	enum route route;
	enum method method;
	int status;
	size_t request_bytes; /* as declared by Content-Length */
	size_t response_bytes;
	int64_t duration_us;
	const char *request_id;
	const char *trace_id; /* "" if it is part of no trace */
	const char *path;
	const char *client;
};

/*
 * account_name_values(): hand the metrics the values of their labels, and the
 * series that exist from the start. Context parent.
 */
void account_name_values(void);

/* account_begin(route, method): a request is in progress. */
void account_begin(enum route route, enum method method);

/* account_end(a): it has been answered. */
void account_end(const struct account *a);

/* account_abandon(route, method): its client left before the answer. */
void account_abandon(enum route route, enum method method);

#endif
