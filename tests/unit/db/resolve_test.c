/* links: -Itests/unit src/platform/buffer.c src/platform/clock.c -lpq */
#include "unit.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

/* What a name server says, how long it takes to, and how often it was asked. */
static struct {
	int64_t takes_us;
	bool is_dead;
	int asked;
} dns;

static int64_t now_us;

static int
fake_getaddrinfo(const char *name, const char *service,
    const struct addrinfo *hints, struct addrinfo **found)
{
	dns.asked++;
	now_us += dns.takes_us;
	if (dns.is_dead)
		return (EAI_AGAIN);
	/* "two" has two addresses, "7" is 127.0.0.7 */
	if (strcmp(name, "two") == 0) {
		assert_int_equal(
		    getaddrinfo("127.0.0.1", service, hints, found), 0);
		return (getaddrinfo(
		    "127.0.0.2", service, hints, &(*found)->ai_next));
	}
	return (getaddrinfo(name, service, hints, found));
}

static int64_t
fake_clock(void)
{
	return (now_us);
}

#define getaddrinfo fake_getaddrinfo
#define clock_mono_us fake_clock
#include "../../../src/db/resolve.c"
#undef getaddrinfo
#undef clock_mono_us

static void
ask(struct resolve *r)
{
	const char *why;
	PGconn *pg = resolve_connect(r, 0, &why);

	PQfinish(pg);
}

static void
assert_places(const char *conninfo, unsigned first, const char *names,
    const char *addresses, const char *ports)
{
	struct buffer got[3];
	struct resolve r;
	int i;

	resolve_init(&r, conninfo);
	look_if_due(&r);
	for (i = 0; i < 3; i++)
		buffer_init(&got[i], 1024);
	if (r.nplaces > 0)
		put_places(&r, first % r.nplaces, &got[0], &got[1], &got[2]);
	assert_string_equal(buffer_text(&got[0]), names);
	assert_string_equal(buffer_text(&got[1]), addresses);
	assert_string_equal(buffer_text(&got[2]), ports);
	for (i = 0; i < 3; i++)
		buffer_fini(&got[i]);
	resolve_fini(&r);
}

static void
places_begin_where_they_are_asked_to(void **state)
{
	(void)state;
	dns.is_dead = false;
	assert_places(
	    "host=127.0.0.7 port=5", 3, "127.0.0.7", "127.0.0.7", "5");
	assert_places("host=127.0.0.7,two port=5,6", 0, "127.0.0.7,two,two",
	    "127.0.0.7,127.0.0.1,127.0.0.2", "5,6,6");
	assert_places("host=127.0.0.7,two port=5,6", 1, "two,two,127.0.0.7",
	    "127.0.0.1,127.0.0.2,127.0.0.7", "6,6,5");
	assert_places("host=::1,127.0.0.7 port=5", 1, "127.0.0.7,::1",
	    "127.0.0.7,::1", "5,5");
	assert_places(
	    "host=::1,127.0.0.7", 2, "::1,127.0.0.7", "::1,127.0.0.7", ",");
}

static void
what_is_no_name_is_left_to_libpq(void **state)
{
	static const char *const left[] = { "dbname=x", "host=/run/x",
		"host=@x", "host=two,/run/x", "host=two hostaddr=127.0.0.9" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(left) / sizeof(left[0]); i++)
		assert_places(left[i], 0, "", "", "");
}

static void
a_slow_name_server_is_asked_rarely_while_there_is_work(void **state)
{
	struct resolve r;
	int i;

	(void)state;
	dns.takes_us = 5000000;
	dns.asked = 0;
	resolve_init(&r, "host=127.0.0.7 port=1");
	for (i = 0; i < 16; i++)
		ask(&r);
	assert_int_equal(dns.asked, 1);
	now_us += 2000000;
	ask(&r);
	assert_int_equal(dns.asked, 2);
	r.is_in_use = true;
	now_us += 2000000;
	ask(&r);
	assert_int_equal(dns.asked, 3);
	for (i = 0; i < 40; i++) {
		now_us += 1000000;
		ask(&r);
	}
	assert_int_equal(dns.asked, 3);
	now_us += 20000000;
	ask(&r);
	assert_int_equal(dns.asked, 4);
	resolve_fini(&r);
}

static void
what_was_found_outlives_the_name_server(void **state)
{
	struct resolve r;
	const char *why;

	(void)state;
	dns.takes_us = 0;
	dns.is_dead = true;
	resolve_init(&r, "host=127.0.0.7 port=1");
	assert_null(resolve_connect(&r, 0, &why));
	assert_string_equal(
	    why, "127.0.0.7: Temporary failure in name resolution");
	dns.is_dead = false;
	now_us += 2000000;
	ask(&r);
	assert_int_equal(r.nplaces, 1);
	dns.is_dead = true;
	now_us += 2000000;
	ask(&r);
	assert_int_equal(r.nplaces, 1);
	resolve_fini(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_begin_where_they_are_asked_to),
		cmocka_unit_test(what_is_no_name_is_left_to_libpq),
		cmocka_unit_test(
		    a_slow_name_server_is_asked_rarely_while_there_is_work),
		cmocka_unit_test(what_was_found_outlives_the_name_server),
	};

	return (RUN(tests));
}
