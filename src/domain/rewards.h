/*
 * rewards: when a recurring chore may be done and paid again.
 *
 * Context  any.
 */
#ifndef DOMAIN_REWARDS_H
#define DOMAIN_REWARDS_H

#include <stdint.h>

/*
 * rewards_cooldown_end_us(approved_us, cooldown_days): the moment from which
 * on the chore is free; days are 24 hours.
 */
int64_t rewards_cooldown_end_us(int64_t approved_us, int64_t cooldown_days);

/*
 * rewards_cooldown_days_left(end_us, now_us): the N of "Available again in N
 * days": whole days up to the end and one more; 0 if it is over. Both moments
 * from the same origin.
 */
int64_t rewards_cooldown_days_left(int64_t end_us, int64_t now_us);

#endif
