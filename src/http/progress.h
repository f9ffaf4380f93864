/*
 * progress: how far a call has come; only dispatch, call and answer look.
 *
 * Context  worker.
 */
#ifndef HTTP_PROGRESS_H
#define HTTP_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "http/call.h"
#include "http/faults.h"
#include "http/fields.h"
#include "http/limit.h"
#include "http/operation.h"
#include "http/requestid.h"
#include "http/traceparent.h"

struct call_progress {
	enum route route;
	enum method method;
	bool over_tls;
	bool answered;
	bool in_flight; /* an executor has the job */
	bool spent;     /* the job is back: the next step begins another */

	struct body input_body; /* decoded once, by admit */
	struct faults faults;
	bool
	    may_use_limit; /* a request was taken from the bucket ${limit_key} */
	uint64_t limit_key;
	struct limit_verdict limit;
	enum problem rejection; /* call_reject() */

	int first_step; /* of the endpoint's steps: after `caller`, if there */
	void (*done)(struct call *);
	void (*work)(struct call *, void *);

	struct buffer headers;
	struct buffer body;

	/* copied: the request's own memory goes early */
	int64_t arrived_mono_us;
	size_t request_bytes;
	const char *path;
	const char *origin;
	const char *client;
	char request_id[REQUESTID_SIZE];
	char trace_id[TRACEPARENT_ID_SIZE]; /* "" if it is part of no trace */
};

/* call_begin(req, route): a call for Kore's request. Owned by the two sides
 * that may still need it: the request and the executor. */
struct call *call_begin(struct http_request *req, enum route route);

/* call_look_up(call): submit only `caller`, because the answer is decided
 * already but 401 wins over it. */
int call_look_up(struct call *call);

/* call_result(call): what a Kore handler returns for the call's state. */
int call_result(const struct call *call);

/* call_answer_preflight(call, status): the body and the headers that
 * cors_preflight() has written, as plain text. */
int call_answer_preflight(struct call *call, int status);

/* answer_limited(call): 429. */
int answer_limited(struct call *call);

/* answer_faults(call): 422 with all faults. */
int answer_faults(struct call *call);

#endif
