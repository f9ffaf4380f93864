/*
 * soon: what the event loop is to do once, in its next turn, which then comes
 * at once (Kore would sleep until something arrives). What an event asks for
 * is done when all events have been seen that came with it.
 *
 * Whatever asks for it many times in a turn has it done once: so several
 * things that arrived together are handed on together.
 *
 * Context  worker; one list a process.
 */
#ifndef PLATFORM_SOON_H
#define PLATFORM_SOON_H

#include <sys/queue.h>

#include <stdbool.h>

struct soon {
	void (*run)(void);
	bool is_asked; /* soon's own, as the next */
	STAILQ_ENTRY(soon) entry;
};

/* soon_start(): before the first soon_ask(). */
void soon_start(void);

/* soon_ask(what): run ${what} in the next turn. Asking again before it runs
 * changes nothing; asking while it runs has it run in the turn after. */
void soon_ask(struct soon *what);

#endif
