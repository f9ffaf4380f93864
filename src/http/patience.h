/*
 * patience: how long the front door waits for whom.
 *
 * Context  any.
 */
#ifndef HTTP_PATIENCE_H
#define HTTP_PATIENCE_H

#include "http/door.h"
#include "http/visit.h"

/* How often deadlines are looked at while anybody is not idle, and so how late
 * they are kept; the first time, after all were idle, up to a second. */
#define PATIENCE_TICK_MS 250

/*
 * After an answer that closes: time for the client to read it and close, and
 * more while it goes on sending what nobody wants: closing on it at once
 * would reset the connection and could take the answer with it.
 */
#define PATIENCE_LINGER_MS 2000
#define PATIENCE_LINGER_MAX_MS 20000
#define PATIENCE_LINGER_BYTES_PER_S 65536

/*
 * patience_is_over(v, limits, now_mono_us): the timeout that ${v} has run
 * into, or REFUSAL_none. VISIT_LINGER never has one: see patience_lingers().
 */
enum refusal patience_is_over(const struct visit *v,
    const struct door_limits *limits, int64_t now_mono_us);

/* patience_lingers(v, now_mono_us): whether a VISIT_LINGER may go on. */
bool patience_lingers(const struct visit *v, int64_t now_mono_us);

/*
 * patience_is_ordered(phase): whether in that phase whoever began first is
 * also due first, so that a walk may stop at the first who isn't due.
 */
bool patience_is_ordered(enum visit_phase phase);

#endif
