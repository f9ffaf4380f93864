/* links: -Itests/unit */
#include "unit.h"

#include "../../../src/http/chunked.c"

static const struct chunked_limits limits = { .body_bytes = 64,
	.trailer_bytes = 32 };

/* In steps of ${step} bytes; what is joined is in ${out}, NUL-terminated. */
static enum chunked_step
read_text(const char *text, size_t step, char *out, size_t *used)
{
	enum chunked_step outcome = CHUNKED_MORE;
	size_t length = strlen(text), produced, some, written = 0;
	struct chunked ch;

	chunked_init(&ch);
	*used = 0;
	while (outcome == CHUNKED_MORE && *used < length) {
		size_t n = length - *used < step ? length - *used : step;

		outcome = chunked_read(&ch, &limits, text + *used, n, &some,
		    out + written, &produced);
		*used += some;
		written += produced;
	}
	out[written] = '\0';
	return (outcome);
}

static void
chunks_are_joined_however_they_are_cut(void **state)
{
	static const struct {
		const char *text, *joined;
	} cases[] = {
		{ "0\r\n\r\n", "" },
		{ "5\r\nhello\r\n0\r\n\r\n", "hello" },
		{ "1\r\nh\r\n004\r\nello\r\n000\r\n\r\n", "hello" },
		{ "A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n",
		    "01234567890123456789" },
		{ "2;a\r\n\r\n\r\n0 ;b=\"c\"\r\n\r\n", "\r\n" },
		{ "1\r\nx\r\n0\r\nA: b\r\nC:\r\n\r\n", "x" },
	};
	char out[256], whole[256];
	size_t i, step, used;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (step = 1; step < 40; step++) {
			(void)snprintf(
			    whole, sizeof(whole), "%sGET", cases[i].text);
			assert_case(
			    read_text(whole, step, out, &used) == CHUNKED_DONE,
			    "%s by %zu", whole, step);
			assert_string_equal(out, cases[i].joined);
			assert_string_equal(whole + used, "GET");
		}
}

static void
what_is_wrong_is_seen(void **state)
{
	static const struct {
		const char *text;
		enum chunked_step step;
	} cases[] = {
		{ "\r\n", CHUNKED_BAD },
		{ " 1\r\n", CHUNKED_BAD },
		{ "1 \r\n", CHUNKED_BAD },
		{ "+1\r\n", CHUNKED_BAD },
		{ "0x1\r\n", CHUNKED_BAD },
		{ "1\n", CHUNKED_BAD },
		{ "1\r1", CHUNKED_BAD },
		{ "1\r\nab", CHUNKED_BAD },
		{ "1\r\na\n", CHUNKED_BAD },
		{ "1;\n", CHUNKED_BAD },
		{ "1;\x01", CHUNKED_BAD },
		{ "0\r\n x", CHUNKED_BAD },
		{ "0\r\nA b:", CHUNKED_BAD },
		{ "0\r\nA\r\n", CHUNKED_BAD },
		{ "0\r\nA: \x7f", CHUNKED_BAD },
		{ "0\r\n\rx", CHUNKED_BAD },
		{ "0000000000000001\r\n", CHUNKED_BAD },
		{ "41\r\n", CHUNKED_TOO_LARGE },
		{ "fffffffffffffff\r\n", CHUNKED_TOO_LARGE },
		{ "0\r\nA: 0123456789012345678901234567890123456789",
		    CHUNKED_TRAILER_TOO_LARGE },
	};
	char out[256];
	size_t i, used;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_case(
		    read_text(cases[i].text, 3, out, &used) == cases[i].step,
		    "%s", cases[i].text);
		assert_case(
		    read_text(cases[i].text, 99, out, &used) == cases[i].step,
		    "%s", cases[i].text);
	}
}

static void
what_surrounds_the_data_is_bounded(void **state)
{
	static char text[FRAMING_FREE_BYTES + 64] = "1;";
	char out[256];
	size_t used;

	(void)state;
	memset(text + 2, 'a', sizeof(text) - 3);
	assert_int_equal(
	    read_text(text, sizeof(text), out, &used), CHUNKED_BAD);
	assert_in_range(used, FRAMING_FREE_BYTES,
	    FRAMING_FREE_BYTES + FRAMING_PER_BYTE + 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chunks_are_joined_however_they_are_cut),
		cmocka_unit_test(what_is_wrong_is_seen),
		cmocka_unit_test(what_surrounds_the_data_is_bounded),
	};

	return (RUN(tests));
}
