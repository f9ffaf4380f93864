/*
 * crowd: how many connections each address has.
 *
 * IPv6 is counted by /64, since a single client commonly has all of one.
 *
 * Context  worker; one crowd a process.
 */
#ifndef HTTP_CROWD_H
#define HTTP_CROWD_H

#include <stddef.h>

#include "platform/compiler.h"

struct sockaddr;

/* One address with at least one connection. */
struct crowd_member;

/*
 * crowd_enter(address): one more connection from there. AF_INET and AF_INET6;
 * all others are one address. Returns what crowd_leave() wants.
 */
struct crowd_member *crowd_enter(const struct sockaddr *address) MUST_CHECK;

/* crowd_leave(m): one less. */
void crowd_leave(struct crowd_member *m);

/* crowd_count(m): connections from there. */
size_t crowd_count(const struct crowd_member *m);

#endif
