/*
 * turn: visits that must wait for the event loop's next turn, which then comes
 * at once.
 *
 * Context  worker; one a process.
 */
#ifndef HTTP_TURN_H
#define HTTP_TURN_H

#include "http/visit.h"

/* turn_init(next): next(v) is called for each visit that waits. */
void turn_init(void (*next)(struct visit *v));

/* turn_await(v): ${v} goes on in the next turn. */
void turn_await(struct visit *v);

/* turn_forget(v): it doesn't, if it was to. */
void turn_forget(struct visit *v);

/*
 * turn_free_intake(in): of a connection that is gone. If a handler may still be
 * reading its request, the memory lives until the next turn.
 */
void turn_free_intake(struct intake *in);

#endif
