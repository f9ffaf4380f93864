/*
 * lobby: the connections of this worker by what they are doing, each list in
 * the order in which they began to.
 *
 * Context  worker; one lobby a process.
 */
#ifndef HTTP_LOBBY_H
#define HTTP_LOBBY_H

#include "http/visit.h"

/* lobby_init(): empty. Before anything else. */
void lobby_init(void);

/* lobby_enter(v, phase, now_mono_us): a new visit. */
void lobby_enter(struct visit *v, enum visit_phase phase, int64_t now_mono_us);

/* lobby_move(v, phase, now_mono_us): it does something else now; nothing
 * changes if it is in that phase already. */
void lobby_move(struct visit *v, enum visit_phase phase, int64_t now_mono_us);

/* lobby_leave(v): it is over. */
void lobby_leave(struct visit *v);

/* lobby_first(phase): who is in that phase for longest, or NULL. */
struct visit *lobby_first(enum visit_phase phase);

/* lobby_last(phase): who is in that phase for shortest, or NULL. */
struct visit *lobby_last(enum visit_phase phase);

size_t lobby_count(enum visit_phase phase);
size_t lobby_total(void);

/*
 * lobby_victim(spared, now_mono_us): whom to close when there is no room: who
 * has been idle for longest (a second at least), else whoever has been at it
 * for longest, reading an answer included; NULL if all but ${spared} are being
 * served.
 */
struct visit *lobby_victim(const struct visit *spared, int64_t now_mono_us);

/*
 * lobby_victim_of(member, spared): the longest idle of one address, else the
 * slowest. A few are looked at, so NULL may also mean: not found.
 */
struct visit *lobby_victim_of(
    const struct crowd_member *member, const struct visit *spared);

#endif
