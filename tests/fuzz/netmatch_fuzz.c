/* links: src/platform/netmatch.c src/platform/integer.c src/platform/utf8.c src/platform/arena.c */
/*
 * Addresses, ranges and X-Forwarded-For: three lines say range, peer and
 * header. Whoever is not trusted is never believed.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "platform/arena.h"
#include "platform/netmatch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *
next_line(char **rest)
{
	char *line = *rest, *end = line + strcspn(line, "\n");

	*rest = *end == '\0' ? end : end + 1;
	*end = '\0';
	return (line);
}

/* An address has one spelling, which is its own client. */
static void
assert_canonical(const struct netmatch_list *trusted, const char *client)
{
	static const struct netmatch_list nobody = { NULL, 0 };
	char again[NETMATCH_TEXT_SIZE];

	assert(strlen(client) < NETMATCH_TEXT_SIZE);
	netmatch_client(&nobody, client, NULL, again);
	assert(strcmp(again, client) == 0);
	(void)netmatch_contains(trusted, client);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct netmatch_range range;
	struct netmatch_list trusted = { &range, 0 };
	char client[NETMATCH_TEXT_SIZE], believed[NETMATCH_TEXT_SIZE];
	struct arena arena;
	char *rest, *peer, *text;

	arena_init(&arena);
	rest = arena_copy(&arena, (const char *)data, size);
	text = next_line(&rest);
	if (netmatch_parse(text, &range) == 0) {
		trusted.count = 1;
		assert(range.bits <= (range.is_ipv4 ? 32 : 128));
	}
	peer = next_line(&rest);
	/* The caller gives what the kernel says: an address. */
	if (strlen(peer) < NETMATCH_TEXT_SIZE &&
	    netmatch_parse(peer, &(struct netmatch_range){ 0 }) == 0 &&
	    strchr(peer, '/') == NULL) {
		netmatch_client(&trusted, peer, NULL, client);
		netmatch_client(&trusted, peer, rest, believed);
		if (!netmatch_contains(&trusted, peer))
			assert(strcmp(client, believed) == 0);
		assert_canonical(&trusted, believed);
	}
	arena_fini(&arena);
	return (0);
}
