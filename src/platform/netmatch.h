/*
 * netmatch: internet addresses, ranges of them, and who a client really is.
 *
 * Addresses travel as texts of one spelling each (inet_ntop(3)'s), without
 * port and scope; IPv4 in IPv6 (::ffff:192.0.2.1) is IPv4.
 * Source: RFC 4632 (ranges), RFC 4291 (mapped addresses).
 *
 * Context  any.
 */
#ifndef PLATFORM_NETMATCH_H
#define PLATFORM_NETMATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "platform/compiler.h"

/* Any address and its NUL. */
#define NETMATCH_TEXT_SIZE 46

struct sockaddr;

struct netmatch_range {
	unsigned char address[16]; /* IPv4: its first four bytes */
	unsigned bits;             /* leading bits that count */
	bool is_ipv4;
};

struct netmatch_list {
	struct netmatch_range *ranges;
	size_t count;
};

/*
 * netmatch_parse(text, range): "10.0.0.0/8", "::1", "192.0.2.7"; bits behind
 * the prefix are ignored. Returns 0, or -1 if it is no range.
 */
int netmatch_parse(const char *text, struct netmatch_range *range) MUST_CHECK;

/* netmatch_contains(list, address): false too if ${address} is none. */
bool netmatch_contains(const struct netmatch_list *list, const char *address);

/* netmatch_peer_text(peer, text): "" if it is no internet address. */
void netmatch_peer_text(
    const struct sockaddr *peer, char text[NETMATCH_TEXT_SIZE]);

/*
 * netmatch_site(address, text): what one client has for itself: the address;
 * of IPv6 its /64, in which anybody may take a new one for each request (RFC
 * 6177). "" if it is none.
 */
void netmatch_site(const char *address, char text[NETMATCH_TEXT_SIZE]);

/*
 * netmatch_client(trusted, peer, forwarded_for, client): whom a request is
 * from. ${forwarded_for} is X-Forwarded-For's whole value (several lines
 * joined by commas), or NULL.
 *
 * Each proxy appends who it heard from, so the value is believed from its
 * right end for as long as the speaker is one of ${trusted}: the client is
 * the right-most address that is not trusted. What is no address ends the
 * search at the proxy that wrote it.
 */
void netmatch_client(const struct netmatch_list *trusted, const char *peer,
    const char *forwarded_for, char client[NETMATCH_TEXT_SIZE]);

#endif
