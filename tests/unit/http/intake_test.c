/* links: -Itests/unit src/http/head.c src/http/chunked.c src/http/refusal.c src/http/request.c */
#include "unit.h"

#include "../../../src/http/intake.c"

static const struct intake_limits limits = {
	.head = { .line_bytes = 1024, .bytes = 4096, .nheaders = 10 },
	.body_bytes = 8192,
};

/* As much of ${text} as there is room for; how much that was. */
static size_t
give(struct intake *in, const char *text, size_t length)
{
	size_t room;
	char *place = intake_room(in, &limits, &room);

	assert_true(room > 0);
	if (length > room)
		length = room;
	memcpy(place, text, length);
	intake_added(in, length);
	return (length);
}

static void
requests_come_out_one_at_a_time(void **state)
{
	static const char text[] =
	    "POST /a HTTP/1.1\r\nHost:\r\nContent-Length: 3\r\n\r\nabc"
	    "POST /b HTTP/1.1\r\nHost:\r\nTransfer-Encoding: chunked\r\n\r\n"
	    "2\r\nde\r\n1\r\nf\r\n0\r\nA: b\r\n\r\n"
	    "GET /c HTTP/1.1\r\nHost:\r\n\r\n";
	static const char *const paths[] = { "/a", "/b", "/c" };
	static const char *const bodies[] = { "abc", "def", "" };
	struct intake in;
	size_t i;

	(void)state;
	intake_init(&in);
	assert_int_equal(intake_read(&in, &limits), INTAKE_IDLE);
	assert_int_equal(give(&in, text, sizeof(text) - 1), sizeof(text) - 1);
	for (i = 0; i < 3; i++) {
		const struct request *r = intake_request(&in);

		assert_int_equal(intake_read(&in, &limits), INTAKE_REQUEST);
		assert_int_equal(intake_read(&in, &limits), INTAKE_REQUEST);
		assert_string_equal(r->path, paths[i]);
		assert_int_equal(r->body_length, strlen(bodies[i]));
		assert_memory_equal(r->body, bodies[i], r->body_length);
		assert_int_equal(intake_has_more(&in), i < 2);
		intake_next(&in);
	}
	assert_int_equal(intake_read(&in, &limits), INTAKE_IDLE);
	intake_release(&in);
	assert_null(in.data);
}

static void
who_waits_is_told_to_go_on(void **state)
{
	static const char head[] = "POST / HTTP/1.1\r\nHost:\r\n"
				   "Content-Length: 1\r\n"
				   "Expect: 100-continue\r\n\r\n";
	struct intake in;

	(void)state;
	intake_init(&in);
	(void)give(&in, head, sizeof(head) - 1);
	assert_int_equal(intake_read(&in, &limits), INTAKE_CONTINUE);
	assert_int_equal(intake_read(&in, &limits), INTAKE_BODY);
	(void)give(&in, "x", 1);
	assert_int_equal(intake_read(&in, &limits), INTAKE_REQUEST);
	intake_next(&in);
	/* Who has begun to send waits for nothing. */
	(void)give(&in, head, sizeof(head) - 1);
	(void)give(&in, "x", 1);
	assert_int_equal(intake_read(&in, &limits), INTAKE_REQUEST);
	intake_fini(&in);
}

static void
bodies_that_are_too_large_are_not_kept(void **state)
{
	static const char *const texts[] = {
		"POST / HTTP/1.1\r\nHost:\r\nContent-Length: 8193\r\n\r\nabc",
		"POST / HTTP/1.1\r\nHost:\r\nTransfer-Encoding: chunked\r\n\r\n"
		"1\r\na\r\n2000\r\nabc",
	};
	struct intake in;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		intake_init(&in);
		(void)give(&in, texts[i], strlen(texts[i]));
		assert_int_equal(intake_read(&in, &limits), INTAKE_REQUEST);
		assert_int_equal(intake_request(&in)->refused_status, 413);
		assert_int_equal(intake_request(&in)->declared_length, 8193);
		assert_int_equal(
		    intake_request(&in)->allowed_length, limits.body_bytes);
		assert_int_equal(intake_request(&in)->body_length, 0);
		assert_true(in.must_close);
		intake_fini(&in);
	}
}

/* ${text} again and again, up to a megabyte: where it was refused, or not. */
static size_t
flood(struct intake *in, const char *start, const char *text)
{
	size_t total = give(in, start, strlen(start));

	while (total < 1048576) {
		enum intake_step step = intake_read(in, &limits);

		if (step == INTAKE_REFUSED || step == INTAKE_REQUEST)
			break;
		total += give(in, text, strlen(text));
	}
	return (total);
}

static void
nothing_grows_without_end(void **state)
{
	static const char body[] = "POST / HTTP/1.1\r\nHost:\r\n"
				   "Transfer-Encoding: chunked\r\n\r\n";
	static const struct {
		const char *start, *text;
	} cases[] = {
		{ "", "\r\n" },
		{ "\r", "\n\r" },
		{ "", "G" },
		{ "GET / HTTP/1.1\r\n", "A: b\r\n" },
		{ "GET / HTTP/1.1\r\nHost:", " " },
		{ body, "1\r\nx\r\n" },
		{ body, "0" },
		{ "POST / HTTP/1.1\r\nHost:\r\nTransfer-Encoding: chunked\r\n"
		  "\r\n1;",
		    "a" },
		{ "POST / HTTP/1.1\r\nHost:\r\nTransfer-Encoding: chunked\r\n"
		  "\r\n0\r\n",
		    "A: b\r\n" },
	};
	size_t i, ceiling = limits.head.bytes + limits.body_bytes + 16384;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct intake in;

		intake_init(&in);
		assert_case(flood(&in, cases[i].start, cases[i].text) < 1048576,
		    "%s%s", cases[i].start, cases[i].text);
		assert_case(in.capacity <= ceiling, "%zu bytes of %s%s",
		    in.capacity, cases[i].start, cases[i].text);
		intake_fini(&in);
	}
}

static void
empty_lines_begin_no_request(void **state)
{
	static const char rest[] = "ET / HTTP/1.1\r\nHost:\r\n\r\n\r\n";
	struct intake in;

	(void)state;
	intake_init(&in);
	(void)give(&in, "\r\n", 2);
	assert_int_equal(intake_read(&in, &limits), INTAKE_IDLE);
	intake_release(&in);
	assert_null(in.data);
	(void)give(&in, "\r\n\r", 3);
	assert_int_equal(intake_read(&in, &limits), INTAKE_HEAD);
	(void)give(&in, "\nG", 2);
	assert_int_equal(intake_read(&in, &limits), INTAKE_HEAD);
	intake_release(&in);
	assert_non_null(in.data);
	(void)give(&in, rest, sizeof(rest) - 1);
	assert_int_equal(intake_read(&in, &limits), INTAKE_REQUEST);
	intake_next(&in);
	intake_release(&in); /* what is behind it has not been looked at */
	assert_int_equal(in.length, 2);
	assert_int_equal(intake_read(&in, &limits), INTAKE_IDLE);
	intake_fini(&in);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_come_out_one_at_a_time),
		cmocka_unit_test(empty_lines_begin_no_request),
		cmocka_unit_test(who_waits_is_told_to_go_on),
		cmocka_unit_test(bodies_that_are_too_large_are_not_kept),
		cmocka_unit_test(nothing_grows_without_end),
	};

	return (RUN(tests));
}
