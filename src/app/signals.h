/*
 * signals: those to the parent, one after the other.
 *
 * Kore remembers the last signal only, and looks between two waits: of two that
 * come together, one is lost: a worker that died as a reload was asked for was
 * never replaced, or the reload, or a stop, was forgotten. Here each waits until
 * Kore has dealt with the one before.
 *
 * Kore would stop when its key manager is gone. Nobody needs that one, since
 * the workers have the key themselves (platform/tlsmend.h): all go on.
 *
 * A process that aborts, of whichever kind, says so.
 */
#ifndef APP_SIGNALS_H
#define APP_SIGNALS_H

/* signals_keep(): from now on, in this process alone. Context parent, before
 * the workers are forked: those begin with Kore's handlers. */
void signals_keep(void);

/* signals_resume(): what came between the fork and Kore's handlers. Context
 * worker, as it starts. */
void signals_resume(void);

#endif
