/*
 * intake: the bytes of one connection, cut into requests.
 *
 * Bytes go in as they come, requests come out one at a time: the next is not
 * looked at before intake_next(), so a client that sends a thousand ahead
 * costs no more than one. One buffer holds the present request, head and body
 * side by side, and what has arrived behind it; chunks are joined in place.
 * A body above the limit is not kept: the request then says refused_status.
 *
 *	IDLE --> HEAD --> [CONTINUE] --> BODY --> REQUEST --> intake_next()
 *	           \________________________\____ REFUSED
 *
 * Context  any; one thread at a time.
 */
#ifndef HTTP_INTAKE_H
#define HTTP_INTAKE_H

#include <stdbool.h>
#include <stddef.h>

#include "http/chunked.h"
#include "http/head.h"
#include "platform/compiler.h"

struct intake_limits {
	struct head_limits head;
	size_t body_bytes;
};

enum intake_step {
	INTAKE_IDLE, /* not a byte of a request but empty lines, which aren't of one
		      * (RFC 9112, 2.2); more needed, as in the next two */
	INTAKE_HEAD,
	INTAKE_BODY,
	INTAKE_CONTINUE, /* say 100 Continue, then call intake_read() again */
	INTAKE_REQUEST,  /* intake_request() is complete */
	INTAKE_REFUSED   /* intake_refusal() says why; nothing more is read */
};

struct intake {
	char *data;
	size_t length; /* bytes in data */
	size_t capacity;
	struct head head;
	struct chunked chunked;
	size_t body_length; /* so far, behind the head */
	size_t raw;         /* where bytes begin that have not been looked at */
	enum intake_step step;
	bool in_body;
	bool must_close; /* what follows this request can't be found */
};

/* intake_init(in): allocates nothing yet. */
void intake_init(struct intake *in);

void intake_fini(struct intake *in);

/* intake_room(in, limits, room): where to put the next bytes, and how many
 * may be put there: at least one. */
char *intake_room(struct intake *in, const struct intake_limits *limits,
    size_t *room) MUST_CHECK;

/* intake_added(in, length): they have been put there. */
void intake_added(struct intake *in, size_t length);

/* intake_read(in, limits): look at what has arrived. */
enum intake_step intake_read(
    struct intake *in, const struct intake_limits *limits) MUST_CHECK;

/*
 * intake_next(in): the present request is done with; its memory, and all that
 * points into it, is used again.
 */
void intake_next(struct intake *in);

/* intake_release(in): give memory back between requests; no-op within. */
void intake_release(struct intake *in);

/* intake_has_more(in): bytes have arrived behind the present request. */
bool intake_has_more(const struct intake *in);

static inline struct request *
intake_request(struct intake *in)
{
	return (&in->head.request);
}

static inline enum refusal
intake_refusal(const struct intake *in)
{
	return (in->head.refusal);
}

#endif
