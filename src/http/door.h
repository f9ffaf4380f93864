/*
 * door: the front door, between the network and Kore.
 *
 * Kore's own parser is not fit for the open internet (docs/http.md says why),
 * so it never sees the raw stream: the door reads it, strictly and with
 * limits, gives Kore one clean request at a time (stub.h) and answers in
 * order. What is malformed, too large or too slow is answered here, counted
 * through door_on_refusal(), and the connection closed.
 *
 * In Kore's configuration each listener names the callback:
 *
 *	bind 127.0.0.1 8888 door_connect
 *
 * Context  worker, unless it says otherwise.
 */
#ifndef HTTP_DOOR_H
#define HTTP_DOOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/refusal.h"
#include "http/request.h"
#include "platform/compiler.h"

struct connection;
struct http_request;

struct door_limits {
	size_t line_bytes;         /* of the request line; more: 414 */
	size_t header_bytes;       /* request line and headers; more: 431 */
	size_t nheaders;           /* more: 431 */
	size_t body_bytes;         /* more: 413 */
	int64_t header_timeout_ms; /* from the first byte; also the handshake */
	int64_t body_timeout_ms; /* for the body, and for reading an answer; */
	int64_t min_bytes_per_s; /* each so many bytes earn another second */
	int64_t idle_timeout_ms; /* without a request */
	int64_t request_timeout_ms; /* first byte to answer */
	size_t connections; /* a worker; 0: what Kore allows, less a reserve */
	size_t connections_per_address; /* a worker; 0: no limit */
	size_t held_bytes; /* a worker, of what is slow to come or to leave */
};

#define DOOR_LIMITS_DEFAULT                                                 \
	{                                                                   \
		.line_bytes = 8192, .header_bytes = 32768, .nheaders = 200, \
		.body_bytes = 1048576, .header_timeout_ms = 10000,          \
		.body_timeout_ms = 30000, .min_bytes_per_s = 1024,          \
		.idle_timeout_ms = 60000, .request_timeout_ms = 60000,      \
		.connections = 0, .connections_per_address = 0,             \
		.held_bytes = 268435456                                     \
	}

/* door_configure(limits): copied; DOOR_LIMITS_DEFAULT holds until then.
 * Context parent, or worker before door_start(). */
void door_configure(const struct door_limits *limits);

/* door_start(): watch listeners and deadlines. Once a worker, from
 * kore_worker_configure(), before it accepts. */
void door_start(void);

/* door_watch(): send away who has run out of time. Every two seconds; while
 * anybody is not idle it comes by itself, more often. Context worker. */
void door_watch(void);

/* door_connect(c): Kore's listener callback. */
FOR_KORE void door_connect(struct connection *c);

/*
 * door_request(c): the request being served on this connection, until the
 * handler that has answered it returns.
 */
const struct request *door_request(struct connection *c);

struct response {
	int status;
	const char *headers; /* complete "name: value\r\n" lines, or NULL */
	size_t headers_length;
	const char *body;   /* copied, unless owned; not sent to HEAD */
	size_t body_length; /* content-length, also of HEAD */
	/*
	 * malloc() memory that ${body} lies in: not copied, and freed by the
	 * door after use, whatever becomes of the client. NULL: copy.
	 */
	char *owned;
};

/*
 * door_respond(req, response): answer. Adds date, content-length and
 * connection; closes the connection if the request wants it.
 * Exactly once a request: from its handler, which then returns KORE_RESULT_OK,
 * or from a task's callback, which then wakes the request so that its handler
 * returns that. Nothing happens if the client has left or the door has
 * answered already (503 or 504 after request_timeout_ms).
 */
void door_respond(struct http_request *req, const struct response *response);

/* door_weigh(): see in the next turn whether what bodies and answers hold is more
 * than they may. For http/exchange.c, when it has become more. */
void door_weigh(void);

/*
 * door_on_refusal(reason, status, method): implemented by http/account.c.
 * ${status} is 0 if nothing was answered; ${method} METHOD_OTHER if none was
 * read. What is refused with request->refused_status is not reported here:
 * its handler answers and counts it.
 */
void door_on_refusal(enum refusal reason, int status, enum method method);

#endif
