/* links: -Itests/unit src/http/refusal.c src/http/request.c */
#include "unit.h"

#include "../../../src/http/head.c"

static const struct head_limits limits = {
	.line_bytes = 64, .bytes = 256, .nheaders = 4
};

/* The bytes behind which everything below is read; freed by stop(). */
static char *bytes;

static enum head_step
read_text(struct head *h, const char *text)
{
	size_t length = strlen(text);

	bytes = malloc(length);
	assert_non_null(bytes);
	memcpy(bytes, text, length);
	head_init(h);
	return (head_read(h, &limits, bytes, length));
}

static void
stop(struct head *h)
{
	head_fini(h);
	free(bytes);
}

static void
a_request_is_taken_apart(void **state)
{
	struct head h;

	(void)state;
	assert_int_equal(
	    read_text(&h, "\r\nPOST http://h/a%20b?c=d HTTP/1.1\r\n"
			  "Host: h\r\nContent-Length: 0012\r\n"
			  "X:\t a b \r\nExpect: 100-Continue\r\n\r\nrest"),
	    HEAD_DONE);
	assert_int_equal(h.request.method, METHOD_POST);
	assert_string_equal(h.request.path, "/a b");
	assert_string_equal(h.request.raw_path, "/a%20b");
	assert_string_equal(h.request.query, "c=d");
	assert_int_equal(h.request.declared_length, 12);
	assert_int_equal(h.request.nheaders, 4);
	assert_string_equal(request_header(&h.request, "x"), "a b");
	assert_true(h.has_length && h.expects_continue && !h.is_chunked);
	assert_true(h.request.keep_alive);
	assert_memory_equal(bytes + h.length, "rest", 4);
	stop(&h);
}

static void
targets_have_four_forms(void **state)
{
	static const struct {
		const char *target, *path, *query;
	} cases[] = {
		{ "/", "/", "" },
		{ "/?", "/", "" },
		{ "/??", "/", "?" },
		{ "http://h", "*", "" },
		{ "HTTPS://h:1", "*", "" },
		{ "http://h/", "/", "" },
		{ "http://h?a", "/", "a" },
		{ "http://[::1]/x", "/x", "" },
		{ "*", "*", "" },
		{ "/%2F%3f", "//?", "" },
		{ "/%4%zz%%41%", "/%4%zz%A%", "" },
	};
	char text[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct head h;

		(void)snprintf(text, sizeof(text),
		    "OPTIONS %s HTTP/1.1\r\nHost:\r\n\r\n", cases[i].target);
		assert_case(read_text(&h, text) == HEAD_DONE, "%s", text);
		assert_string_equal(h.request.path, cases[i].path);
		assert_string_equal(h.request.query, cases[i].query);
		stop(&h);
	}
}

static void
what_is_wrong_has_its_reason(void **state)
{
	static const struct {
		const char *text;
		enum refusal refusal;
	} cases[] = {
		{ "GET / HTTP/1.1\nHost: h\r\n\r\n", REFUSAL_line_end },
		{ "GET / HTTP/1.1\r\nHost: h\r\r\n\r\n", REFUSAL_line_end },
		{ "GET / HTTP/1.1\r\nHost: \x01\r\n\r\n",
		    REFUSAL_control_character },
		{ "GET / HTTP/1.1\r\nHost : h\r\n\r\n", REFUSAL_header_name },
		{ "GET / HTTP/1.1\r\nHost: h\r\n x\r\n\r\n",
		    REFUSAL_header_folded },
		{ "GET / HTTP/1.1\r\n\r\n", REFUSAL_host },
		{ "GET / HTTP/1.0\r\nHost: h\r\nHost: h\r\n\r\n",
		    REFUSAL_host },
		{ "GET / HTTP/2.0\r\n\r\n", REFUSAL_version },
		{ "GET / HTTP/1.1 \r\n\r\n", REFUSAL_request_line },
		{ "GET /%00 HTTP/1.1\r\n\r\n", REFUSAL_target },
		{ "GET http://u@h/ HTTP/1.1\r\n\r\n", REFUSAL_target },
		{ "CONNECT h:1 HTTP/1.1\r\n\r\n", REFUSAL_connect },
		{ "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n"
		  "Content-Length: 1\r\n\r\n",
		    REFUSAL_length },
		{ "GET / HTTP/1.1\r\nHost: h\r\n"
		  "Content-Length: 1234567890123456789\r\n\r\n",
		    REFUSAL_length },
		{ "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n"
		  "Transfer-Encoding: chunked\r\n\r\n",
		    REFUSAL_length_and_coding },
		{ "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
		    REFUSAL_coding },
		{ "GET / HTTP/1.1\r\nHost: h\r\n"
		  "Transfer-Encoding: ,chunked\r\n\r\n",
		    REFUSAL_coding },
		{ "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: x\r\n\r\n",
		    REFUSAL_coding_unknown },
		{ "GET / HTTP/1.1\r\nHost: h\r\nExpect: x\r\n\r\n",
		    REFUSAL_expectation },
		{ "GET / HTTP/1.1\r\nA:\r\nB:\r\nC:\r\nD:\r\nE:\r\n\r\n",
		    REFUSAL_headers_too_many },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct head h;
		enum head_step step = read_text(&h, cases[i].text);

		assert_case(
		    step == HEAD_REFUSED && h.refusal == cases[i].refusal,
		    "%s: %d, %s", cases[i].text, (int)step,
		    refusal_name(h.refusal));
		stop(&h);
	}
}

/* ${n} bytes of the head, empty line included, in a last header's value. */
static enum head_step
read_of_length(struct head *h, size_t n)
{
	char text[1024];
	int used =
	    snprintf(text, sizeof(text), "GET / HTTP/1.1\r\nHost: h\r\nX: ");

	memset(text + used, 'x', n - 4 - (size_t)used);
	memcpy(text + n - 4, "\r\n\r\n", 5);
	return (read_text(h, text));
}

static void
a_head_ends_at_the_ceiling(void **state)
{
	struct head h;
	size_t n;

	(void)state;
	assert_int_equal(read_of_length(&h, limits.bytes), HEAD_DONE);
	assert_int_equal(h.length, limits.bytes);
	stop(&h);
	for (n = limits.bytes + 3; n < limits.bytes + 40; n++) {
		assert_int_equal(read_of_length(&h, n), HEAD_REFUSED);
		assert_int_equal(h.refusal, REFUSAL_headers_too_large);
		stop(&h);
	}
}

/* They were kept for as long as they came. */
static void
empty_lines_end_at_the_ceiling_too(void **state)
{
	char text[2048] = "";
	struct head h;
	size_t n, i;

	(void)state;
	for (n = limits.bytes - 4; n < limits.bytes + 40; n++) {
		for (i = 0; i + 1 < n; i += 2)
			memcpy(text + i, "\r\n", 3);
		(void)read_text(&h, text);
		if (i > limits.bytes + 2) {
			assert_int_equal(h.refusal, REFUSAL_line_too_long);
		}
		assert_true(h.scanned <= limits.bytes + 2);
		stop(&h);
	}
}

static void
a_head_may_come_byte_by_byte_and_move(void **state)
{
	static const char text[] = "GET /a%62?c HTTP/1.0\r\nHost: h\r\n"
				   "Connection: keep-alive\r\n\r\n";
	char *now = malloc(1), *next;
	struct head h;
	size_t n;

	(void)state;
	head_init(&h);
	for (n = 1; n < sizeof(text); n++) {
		next = malloc(n);
		memcpy(next, now, n - 1);
		next[n - 1] = text[n - 1];
		head_rebase(&h, now, next);
		free(now);
		now = next;
		assert_int_equal(head_read(&h, &limits, now, n),
		    n == sizeof(text) - 1 ? HEAD_DONE : HEAD_MORE);
	}
	assert_string_equal(h.request.path, "/ab");
	assert_string_equal(h.request.raw_path, "/a%62");
	assert_string_equal(h.request.query, "c");
	assert_string_equal(request_header(&h.request, "host"), "h");
	assert_true(h.request.keep_alive);
	head_fini(&h);
	free(now);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_is_taken_apart),
		cmocka_unit_test(targets_have_four_forms),
		cmocka_unit_test(what_is_wrong_has_its_reason),
		cmocka_unit_test(a_head_ends_at_the_ceiling),
		cmocka_unit_test(empty_lines_end_at_the_ceiling_too),
		cmocka_unit_test(a_head_may_come_byte_by_byte_and_move),
	};

	return (RUN(tests));
}
