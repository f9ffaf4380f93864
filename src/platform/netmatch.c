#include "platform/netmatch.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "platform/integer.h"

#define IPV4_BYTES 4
#define IPV6_BYTES 16
#define MAPPED_BITS 96 /* of ::ffff:0:0/96, before the IPv4 address */
#define SITE_BYTES 8   /* of an IPv6 address: its /64 */

_Static_assert(NETMATCH_TEXT_SIZE == INET6_ADDRSTRLEN, "room for any address");

/* IPv4 in IPv6 becomes IPv4; a range wider than all of it stays IPv6. */
static void
unmap(struct netmatch_range *range)
{
	static const unsigned char mapped[MAPPED_BITS / 8] = { 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0xff, 0xff };

	if (range->is_ipv4 || range->bits < MAPPED_BITS ||
	    memcmp(range->address, mapped, sizeof(mapped)) != 0)
		return;
	memmove(range->address, range->address + sizeof(mapped), IPV4_BYTES);
	range->bits -= MAPPED_BITS;
	range->is_ipv4 = true;
}

/* An address is the range of itself. */
static int
parse_address(const char *text, struct netmatch_range *range)
{
	memset(range, 0, sizeof(*range));
	if (inet_pton(AF_INET, text, range->address) == 1) {
		range->is_ipv4 = true;
		range->bits = IPV4_BYTES * 8;
		return (0);
	}
	range->bits = IPV6_BYTES * 8;
	return (inet_pton(AF_INET6, text, range->address) == 1 ? 0 : -1);
}

/* "/24": digits alone, no more than the address has bits. */
static int
parse_prefix(const char *text, struct netmatch_range *range)
{
	size_t length = strlen(text);
	int64_t bits;

	if (length == 0 || strspn(text, "0123456789") != length ||
	    integer_read(text, length, &bits) == -1 || bits > range->bits)
		return (-1);
	range->bits = (unsigned)bits;
	return (0);
}

int
netmatch_parse(const char *text, struct netmatch_range *range)
{
	char address[NETMATCH_TEXT_SIZE];
	size_t length = strcspn(text, "/");

	if (length >= sizeof(address))
		return (-1);
	memcpy(address, text, length);
	address[length] = '\0';
	if (parse_address(address, range) == -1)
		return (-1);
	if (text[length] == '/' && parse_prefix(text + length + 1, range) == -1)
		return (-1);
	unmap(range);
	return (0);
}

static bool
is_within(
    const struct netmatch_range *address, const struct netmatch_range *range)
{
	size_t whole = range->bits / 8;
	unsigned rest = range->bits % 8;
	unsigned mask = 0xffU << (8 - rest) & 0xffU;

	if (address->is_ipv4 != range->is_ipv4 ||
	    memcmp(address->address, range->address, whole) != 0)
		return (false);
	return (
	    rest == 0 ||
	    ((address->address[whole] ^ range->address[whole]) & mask) == 0);
}

static bool
list_has(const struct netmatch_list *list, const struct netmatch_range *address)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (is_within(address, &list->ranges[i]))
			return (true);
	return (false);
}

static int
parse_one(const char *text, struct netmatch_range *address)
{
	if (parse_address(text, address) == -1)
		return (-1);
	unmap(address);
	return (0);
}

bool
netmatch_contains(const struct netmatch_list *list, const char *address)
{
	struct netmatch_range one;

	return (parse_one(address, &one) == 0 && list_has(list, &one));
}

static void
put_address(const struct netmatch_range *address, char text[NETMATCH_TEXT_SIZE])
{
	if (inet_ntop(address->is_ipv4 ? AF_INET : AF_INET6, address->address,
		text, NETMATCH_TEXT_SIZE) == NULL)
		text[0] = '\0';
}

void
netmatch_peer_text(const struct sockaddr *peer, char text[NETMATCH_TEXT_SIZE])
{
	struct netmatch_range address = { 0 };

	/* Copied, because a sockaddr's bytes may lie anywhere. */
	if (peer->sa_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, peer, sizeof(in));
		memcpy(address.address, &in.sin_addr, IPV4_BYTES);
		address.is_ipv4 = true;
	} else if (peer->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, peer, sizeof(in6));
		memcpy(address.address, &in6.sin6_addr, IPV6_BYTES);
		address.bits = IPV6_BYTES * 8;
	} else {
		text[0] = '\0';
		return;
	}
	unmap(&address);
	put_address(&address, text);
}

void
netmatch_site(const char *address, char text[NETMATCH_TEXT_SIZE])
{
	struct netmatch_range site;

	text[0] = '\0';
	if (parse_one(address, &site) == -1)
		return;
	if (!site.is_ipv4)
		memset(site.address + SITE_BYTES, 0, IPV6_BYTES - SITE_BYTES);
	put_address(&site, text);
}

/* The address without what some proxies add: "1.2.3.4:80", "[::1]:80". */
static void
strip_port(char *entry)
{
	char *colon = strchr(entry, ':'), *bracket;

	if (*entry == '[' && (bracket = strchr(entry, ']')) != NULL) {
		*bracket = '\0';
		memmove(entry, entry + 1, strlen(entry + 1) + 1);
	} else if (colon != NULL && strchr(colon + 1, ':') == NULL)
		*colon = '\0';
}

/* The entry that ends at ${end}: returns where it begins. */
static const char *
last_entry(const char *start, const char *end, struct netmatch_range *address,
    bool *is_address)
{
	char text[NETMATCH_TEXT_SIZE + sizeof("[]:65535")];
	const char *first, *last = end;

	for (first = end; first > start && first[-1] != ',';)
		first--;
	start = first;
	while (first < last && (*first == ' ' || *first == '\t'))
		first++;
	while (last > first && (last[-1] == ' ' || last[-1] == '\t'))
		last--;
	*is_address = false;
	if ((size_t)(last - first) < sizeof(text)) {
		memcpy(text, first, (size_t)(last - first));
		text[last - first] = '\0';
		strip_port(text);
		*is_address = parse_one(text, address) == 0;
	}
	return (start);
}

void
netmatch_client(const struct netmatch_list *trusted, const char *peer,
    const char *forwarded_for, char client[NETMATCH_TEXT_SIZE])
{
	struct netmatch_range speaker, entry;
	const char *end;
	bool is_address;

	if (parse_one(peer, &speaker) == -1) {
		client[0] = '\0';
		return;
	}
	end = forwarded_for == NULL ? NULL
				    : forwarded_for + strlen(forwarded_for);
	while (end != NULL && list_has(trusted, &speaker)) {
		end = last_entry(forwarded_for, end, &entry, &is_address);
		if (!is_address)
			break;
		speaker = entry;
		end = end == forwarded_for ? NULL : end - 1; /* the comma */
	}
	put_address(&speaker, client);
}
