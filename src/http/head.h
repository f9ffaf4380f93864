/*
 * head: reads a request's line and header section, as they arrive.
 *
 * Strict where leniency lets others smuggle: lines end in CRLF and nothing
 * else, names touch their colon, no folding, no control characters, one
 * length or one coding but never both, exactly one Host. Each byte is looked
 * at once however the message is cut, and nothing is copied: results point
 * into the caller's bytes, where separators become NULs.
 *
 * Context  any.
 * Source   RFC 9112, 2-7; RFC 9110, 5, 7.2, 8.6, 10.1.1.
 */
#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/refusal.h"
#include "http/request.h"
#include "platform/compiler.h"

struct head_limits {
	size_t line_bytes; /* of the request line: 414 */
	size_t bytes;      /* of all: 431 */
	size_t nheaders;   /* 431 */
};

enum head_step {
	HEAD_MORE, /* give me more bytes */
	HEAD_DONE,
	HEAD_REFUSED /* head->refusal says why */
};

enum head_state { HEAD_AT_REQUEST_LINE, HEAD_AT_FIELDS, HEAD_AT_END };

struct head {
	/* after HEAD_DONE; the body's fields are not set here */
	struct request request;
	size_t length; /* bytes of the head, its empty line included */
	bool is_chunked;
	bool has_length; /* then request.declared_length */
	bool expects_continue;

	enum refusal refusal;

	/* head.c's own */
	enum head_state state;
	size_t line;      /* where the present line begins */
	size_t scanned;   /* how far it has been looked at */
	size_t target_at; /* of the request line */
	bool seen_host, seen_coding;
	bool wants_close, wants_keep_alive;
	enum refusal framing; /* what TE alone would be refused for */
	struct header *fields;
	size_t capacity;
	char *decoded; /* the path, if it had percent signs; else NULL */
};

/* head_init(h): allocates nothing yet. */
void head_init(struct head *h);

/* head_fini(h): free what reading has allocated. */
void head_fini(struct head *h);

/* head_reset(h): ready for the next message; memory for fields is kept. */
void head_reset(struct head *h);

/*
 * head_read(h, limits, data, length): read on. ${data} is the message from
 * its first byte on, of which ${length} bytes have arrived: each call has the
 * same bytes as the one before (which this function may have changed) and
 * more behind them. Bytes after the head are left alone. Empty lines before
 * the request line are skipped.
 */
enum head_step head_read(struct head *h, const struct head_limits *limits,
    char *data, size_t length) MUST_CHECK;

/* head_has_begun(h, length): whether of the ${length} bytes that have arrived
 * any is of a message; empty lines before it that have been read aren't. */
static inline bool
head_has_begun(const struct head *h, size_t length)
{
	return (h->state != HEAD_AT_REQUEST_LINE || h->line < length);
}

/* head_rebase(h, from, to): the message's bytes move from ${from} to ${to};
 * both are still readable. */
void head_rebase(struct head *h, const char *from, char *to);

#endif
