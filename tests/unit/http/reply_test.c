/* links: -Itests/unit src/platform/buffer.c src/platform/clock.c */
#include "unit.h"

#include "../../../src/http/reply.c"

/* The head of ${r} without its date, which is checked. */
static void
assert_head(const struct reply *r, const char *before, const char *after)
{
	static const char date[] = "date: ";
	struct buffer b;
	const char *text, *at;

	buffer_init(&b, 4096);
	reply_put_head(&b, r);
	text = buffer_text(&b);
	at = strstr(text, date);
	assert_non_null(at);
	assert_int_equal(at - text, strlen(before));
	assert_memory_equal(text, before, strlen(before));
	at += strlen(date);
	assert_memory_equal(at + 25, " GMT\r\n", 6);
	assert_string_equal(at + 31, after);
	buffer_fini(&b);
}

static void
a_head_has_all_its_lines(void **state)
{
	static const char headers[] = "a: b\r\nc: d\r\n";
	const struct reply whole = { .status = 200,
		.headers = headers,
		.headers_length = sizeof(headers) - 1,
		.body_length = 1234567,
		.connection = "close" };
	const struct reply bare = { .status = 422 };

	(void)state;
	assert_head(&whole, "HTTP/1.1 200 OK\r\n",
	    "content-length: 1234567\r\na: b\r\nc: d\r\n"
	    "connection: close\r\n\r\n");
	assert_head(&bare, "HTTP/1.1 422 Unprocessable Entity\r\n",
	    "content-length: 0\r\n\r\n");
}

static void
what_has_no_body_has_no_length(void **state)
{
	static const int without[] = { 100, 101, 204, 304 };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(without); i++) {
		const struct reply r = { .status = without[i] };
		char line[64];

		assert_false(reply_has_body(without[i]));
		(void)snprintf(line, sizeof(line), "HTTP/1.1 %d %s\r\n",
		    without[i], reply_reason(without[i]));
		assert_head(&r, line, "\r\n");
	}
	assert_true(reply_has_body(200) && reply_has_body(404));
}

static void
every_status_has_one_reason(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(reasons); i++) {
		assert_true(*reasons[i].text != '\0');
		assert_true(
		    i == 0 || reasons[i - 1].status < reasons[i].status);
	}
	assert_string_equal(reply_reason(413), "Request Entity Too Large");
	assert_string_equal(reply_reason(299), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_head_has_all_its_lines),
		cmocka_unit_test(what_has_no_body_has_no_length),
		cmocka_unit_test(every_status_has_one_reason),
	};

	return (RUN(tests));
}
