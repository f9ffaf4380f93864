/*
 * dispatch: the straight line that every request walks.
 *
 *	admit         what the front door refused, content type, JSON, CORS
 *	              preflight, path (404), method (405)
 *	authenticate  the bearer token; no database yet
 *	decode        all faults of path, query and body
 *	limit         the operation's rate limit
 *	run           the operation submits its job, with `caller` before it
 *	judge         401, 403, 422 and 429 in the contract's order
 *	answer        the operation's done()
 *	account       counters, log
 *
 * Context  worker.
 */
#ifndef HTTP_DISPATCH_H
#define HTTP_DISPATCH_H

#include "http/operation.h"

struct call;
struct http_request;

/*
 * dispatch_run(req, route): what Kore's handler of ${route} does; called
 * again by Kore when the answer has been given. A KORE_RESULT_ value.
 */
int dispatch_run(struct http_request *req, enum route route);

#endif
