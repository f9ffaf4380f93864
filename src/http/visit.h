/*
 * visit: what the front door keeps of one connection. Only door.c, exchange.c,
 * lobby.c, patience.c and turn.c look.
 *
 * Context  worker.
 */
#ifndef HTTP_VISIT_H
#define HTTP_VISIT_H

#include <sys/queue.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/intake.h"

struct connection;
struct crowd_member;
struct http_request;

enum visit_phase {
	VISIT_SHAKE,   /* TLS handshake */
	VISIT_IDLE,    /* between requests */
	VISIT_HEAD,    /* a request's head is arriving */
	VISIT_BODY,    /* its body is */
	VISIT_SERVING, /* Kore has it */
	VISIT_SENDING, /* the answer is on its way */
	VISIT_LINGER,  /* all is said; reading until the client has closed */
	VISIT_PHASES
};

struct visit {
	struct connection *c;
	struct crowd_member *member;
	enum visit_phase phase;
	int64_t since_mono_us; /* in this phase */
	int64_t began_mono_us; /* first byte of the present request */
	size_t moved_bytes;    /* read or written in this phase */

	struct intake in;
	struct http_request *served; /* in VISIT_SERVING */
	bool is_spent;               /* in's request has been answered */
	bool is_closing;             /* after what is being sent */
	bool is_readable;  /* reading has not said "nothing there" yet */
	bool may_be_ended; /* the network has said so, maybe with more data */
	bool is_ended;     /* the client sends no more */
	bool was_peeked;   /* SHAKE: the first byte has been looked at */
	bool is_ready;     /* on the list of those to go on with */

	int (*write)(struct connection *, size_t, size_t *); /* Kore's */
	TAILQ_ENTRY(visit) list;                             /* of its phase */
	TAILQ_ENTRY(visit) ready;
};

TAILQ_HEAD(visit_list, visit);

#endif
