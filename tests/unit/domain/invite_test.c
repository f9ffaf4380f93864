/* links: -Itests/unit src/platform/log.c src/platform/clock.c */
#include "unit.h"

#include "../../../src/domain/invite.c"

static unsigned next_byte, step;

static int
scripted(unsigned char *bytes, int length)
{
	int i;

	for (i = 0; i < length; i++)
		bytes[i] = (unsigned char)(next_byte += step);
	return (1);
}

static int
broken(unsigned char *bytes, int length)
{
	(void)bytes;
	(void)length;
	return (0);
}

static void
codes_have_eight_characters_and_a_letter(void **state)
{
	char code[INVITE_CODE_SIZE];
	size_t i;

	(void)state;
	for (step = 1; step < 200; step++) {
		assert_int_equal(invite_make(code, scripted), 0);
		assert_int_equal(strlen(code), INVITE_CODE_LENGTH);
		for (i = 0; i < INVITE_CODE_LENGTH; i++)
			assert_non_null(strchr(alphabet, code[i]));
		assert_true(has_letter(code, INVITE_CODE_LENGTH));
	}
}

/* Constant bytes: a code of one character, by which the byte is known. */
static int
constant(unsigned char *bytes, int length)
{
	memset(bytes, (int)next_byte, (size_t)length);
	return (1);
}

/* A code of one letter needs eight such bytes: all bytes but those from
 * FAIR_BELOW on stand for a character, each for as many. */
static void
every_letter_is_as_likely(void **state)
{
	unsigned counts[128] = { 0 };
	char code[INVITE_CODE_SIZE];
	size_t i;

	(void)state;
	for (next_byte = 0; next_byte < FAIR_BELOW; next_byte++) {
		if (next_byte % NCHARACTERS >= NLETTERS)
			continue; /* digits alone: it would never end */
		assert_int_equal(invite_make(code, constant), 0);
		counts[(unsigned char)code[0]]++;
	}
	for (i = 0; i < NLETTERS; i++)
		assert_int_equal(counts[(unsigned char)alphabet[i]], 7);
}

/* First bytes that would favour some letters, then good ones. */
static int
unfair_first(unsigned char *bytes, int length)
{
	memset(bytes, next_byte++ == 0 ? 0xff : 0, (size_t)length);
	return (1);
}

static void
unfair_bytes_are_passed_over(void **state)
{
	char code[INVITE_CODE_SIZE];

	(void)state;
	next_byte = 0;
	assert_int_equal(invite_make(code, unfair_first), 0);
	assert_string_equal(code, "AAAAAAAA");
	assert_int_equal(next_byte, 2);
}

static void
digits_alone_are_thrown_away(void **state)
{
	char code[INVITE_CODE_SIZE];

	(void)state;
	next_byte = 25; /* 26 to 33 are digits, what follows has letters */
	step = 1;
	assert_int_equal(invite_make(code, scripted), 0);
	assert_true(has_letter(code, INVITE_CODE_LENGTH));
}

static void
without_random_bytes_there_is_no_code(void **state)
{
	char code[INVITE_CODE_SIZE];

	(void)state;
	assert_int_equal(invite_make(code, broken), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_have_eight_characters_and_a_letter),
		cmocka_unit_test(every_letter_is_as_likely),
		cmocka_unit_test(unfair_bytes_are_passed_over),
		cmocka_unit_test(digits_alone_are_thrown_away),
		cmocka_unit_test(without_random_bytes_there_is_no_code),
	};

	return (RUN(tests));
}
