/*
 * exchange: one request after the other on one connection, and their answers
 * in order.
 *
 *	advance --> read, parse --> serve --> (Kore, handler) --> answer --.
 *	   ^                 \_______________ refuse ___________________/  |
 *	   |________________________ when the answer has left _____________|
 *
 * Never two at a time, and the next is not read before the last answer has
 * left for the network: a client that sends a thousand requests and reads
 * nothing costs what one costs.
 *
 * kore_connection_disconnect() only marks: connection and visit live until
 * the event loop's turn is over. Whatever may have come to that is followed by
 * a look at the connection's state.
 *
 * Context  worker.
 */
#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/refusal.h"
#include "http/visit.h"

struct response;

/* exchange_init(limits): before anything else; ${limits} is copied. */
void exchange_init(const struct intake_limits *limits);

/* exchange_advance(v): do what can be done now. */
void exchange_advance(struct visit *v);

/* exchange_flush(v): send what is queued; false if the connection is lost. */
bool exchange_flush(struct visit *v);

/* exchange_answer(v, response): answer the request being served. */
void exchange_answer(struct visit *v, const struct response *response);

/* exchange_refuse(v, reason): count it, answer with our own error where there
 * is one, and close. */
void exchange_refuse(struct visit *v, enum refusal reason);

/* exchange_reset(v): forget an answered request, so that its memory can go. */
void exchange_reset(struct visit *v);

/*
 * exchange_is_stale(v): whether the request being served was answered past us.
 * Kore answers by itself what its configuration lacks (no route, no domain),
 * and a handler may use Kore's http_response().
 */
bool exchange_is_stale(const struct visit *v);

/* exchange_held_bytes(v): of the request that is arriving and of the answer that
 * is leaving. */
size_t exchange_held_bytes(const struct visit *v);

#endif
