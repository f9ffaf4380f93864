/* links: -Itests/unit src/platform/integer.c src/platform/utf8.c src/platform/arena.c */
#include "unit.h"

#include "../../../src/platform/netmatch.c"

static void
ranges_hold_their_addresses(void **state)
{
	static const struct {
		const char *range, *address;
		bool holds;
	} cases[] = {
		{ "10.0.0.0/8", "10.255.0.1", true },
		{ "10.0.0.0/8", "11.0.0.0", false },
		{ "10.1.2.3/8", "10.0.0.0", true },
		{ "192.0.2.7", "192.0.2.7", true },
		{ "192.0.2.7", "192.0.2.6", false },
		{ "0.0.0.0/0", "255.255.255.255", true },
		{ "0.0.0.0/0", "::1", false },
		{ "::/0", "::1", true },
		{ "::/0", "192.0.2.7", false },
		{ "172.16.0.0/12", "172.31.255.255", true },
		{ "172.16.0.0/12", "172.32.0.0", false },
		{ "192.0.2.0/31", "192.0.2.1", true },
		{ "192.0.2.0/31", "192.0.2.2", false },
		{ "::1", "0:0:0:0:0:0:0:1", true },
		{ "2001:db8::/33", "2001:db8:7fff::", true },
		{ "2001:db8::/33", "2001:db8:8000::", false },
		{ "::ffff:192.0.2.0/120", "192.0.2.9", true },
		{ "192.0.2.0/24", "::ffff:192.0.2.9", true },
		{ "192.0.2.0/24", "192.0.2.9 ", false },
		{ "192.0.2.0/24", "", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct netmatch_range range;
		const struct netmatch_list list = { &range, 1 };

		assert_case(netmatch_parse(cases[i].range, &range) == 0, "%s",
		    cases[i].range);
		assert_case(netmatch_contains(&list, cases[i].address) ==
				cases[i].holds,
		    "%s in %s", cases[i].address, cases[i].range);
	}
}

static void
what_is_no_range_is_refused(void **state)
{
	static const char *const texts[] = { "", "/8", "10.0.0.0/", "10/8",
		"10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8 ",
		"10.0.0.0/8/8", "10.0.0.256", "010.0.0.0.0", "::/129",
		":::", "::1%lo", "host",
		"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb" };
	struct netmatch_range range;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_case(
		    netmatch_parse(texts[i], &range) == -1, "%s", texts[i]);
}

static void
peers_have_one_spelling(void **state)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	const struct sockaddr other = { .sa_family = AF_UNIX };
	char text[NETMATCH_TEXT_SIZE];

	(void)state;
	assert_int_equal(inet_pton(AF_INET, "192.0.2.7", &in.sin_addr), 1);
	netmatch_peer_text((const struct sockaddr *)&in, text);
	assert_string_equal(text, "192.0.2.7");
	assert_int_equal(
	    inet_pton(AF_INET6, "2001:DB8:0:0::1", &in6.sin6_addr), 1);
	netmatch_peer_text((const struct sockaddr *)&in6, text);
	assert_string_equal(text, "2001:db8::1");
	assert_int_equal(
	    inet_pton(AF_INET6, "::ffff:192.0.2.7", &in6.sin6_addr), 1);
	netmatch_peer_text((const struct sockaddr *)&in6, text);
	assert_string_equal(text, "192.0.2.7");
	netmatch_peer_text(&other, text);
	assert_string_equal(text, "");
}

static void
a_site_is_an_address_or_what_it_may_choose_from(void **state)
{
	static const char *const cases[][2] = {
		{ "192.0.2.1", "192.0.2.1" },
		{ "::ffff:192.0.2.1", "192.0.2.1" },
		{ "2001:db8:0:1:2:3:4:5", "2001:db8:0:1::" },
		{ "2001:DB8:0:1::", "2001:db8:0:1::" },
		{ "::1", "::" },
		{ "", "" },
		{ "nobody", "" },
	};
	char text[NETMATCH_TEXT_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		netmatch_site(cases[i][0], text);
		assert_string_equal(text, cases[i][1]);
	}
}

/* Trusted: 10.0.0.0/8 and ::1. */
static void
a_client_is_whom_trusted_proxies_name(void **state)
{
	static const struct {
		const char *peer, *forwarded_for, *client;
	} cases[] = {
		{ "192.0.2.1", NULL, "192.0.2.1" },
		{ "192.0.2.1", "198.51.100.1", "192.0.2.1" },
		{ "10.0.0.1", NULL, "10.0.0.1" },
		{ "10.0.0.1", "", "10.0.0.1" },
		{ "10.0.0.1", "198.51.100.1", "198.51.100.1" },
		{ "::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1" },
		{ "::1", "2001:DB8::1", "2001:db8::1" },
		{ "10.0.0.1", " 203.0.113.9 ,\t198.51.100.1 ", "198.51.100.1" },
		{ "10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9" },
		{ "10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3" },
		{ "10.0.0.1", "forged, 10.0.0.2", "10.0.0.2" },
		{ "10.0.0.1", "203.0.113.9,,10.0.0.2", "10.0.0.2" },
		{ "10.0.0.1", "198.51.100.1,", "10.0.0.1" },
		{ "10.0.0.1", "unknown", "10.0.0.1" },
		{ "10.0.0.1", "198.51.100.1:8080", "198.51.100.1" },
		{ "10.0.0.1", "[2001:db8::1]:8080", "2001:db8::1" },
		{ "10.0.0.1", "[2001:db8::1]", "2001:db8::1" },
		{ "10.0.0.1", "198.51.100.1 198.51.100.2", "10.0.0.1" },
		{ "nobody", "198.51.100.1", "" },
	};
	struct netmatch_range ranges[2];
	const struct netmatch_list trusted = { ranges, 2 };
	size_t i;

	(void)state;
	assert_int_equal(netmatch_parse("10.0.0.0/8", &ranges[0]), 0);
	assert_int_equal(netmatch_parse("::1", &ranges[1]), 0);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char client[NETMATCH_TEXT_SIZE];

		netmatch_client(
		    &trusted, cases[i].peer, cases[i].forwarded_for, client);
		assert_case(strcmp(client, cases[i].client) == 0, "%s, %s: %s",
		    cases[i].peer,
		    cases[i].forwarded_for == NULL ? ""
						   : cases[i].forwarded_for,
		    client);
	}
}

static void
a_very_long_list_is_walked_once(void **state)
{
	static char list[200000];
	struct netmatch_range range;
	const struct netmatch_list trusted = { &range, 1 };
	char client[NETMATCH_TEXT_SIZE];
	size_t n;

	(void)state;
	for (n = 0; n + 9 < sizeof(list); n += 9)
		memcpy(list + n, "10.0.0.9,", 10);
	memcpy(list, "8.8.8.8", 7);
	list[7] = ' ';
	list[n - 1] = '\0';
	assert_int_equal(netmatch_parse("10.0.0.0/8", &range), 0);
	netmatch_client(&trusted, "10.0.0.1", list, client);
	assert_string_equal(client, "8.8.8.8");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranges_hold_their_addresses),
		cmocka_unit_test(what_is_no_range_is_refused),
		cmocka_unit_test(peers_have_one_spelling),
		cmocka_unit_test(
		    a_site_is_an_address_or_what_it_may_choose_from),
		cmocka_unit_test(a_client_is_whom_trusted_proxies_name),
		cmocka_unit_test(a_very_long_list_is_walked_once),
	};

	return (RUN(tests));
}
