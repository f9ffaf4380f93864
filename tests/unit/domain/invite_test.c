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
		cmocka_unit_test(digits_alone_are_thrown_away),
		cmocka_unit_test(without_random_bytes_there_is_no_code),
	};

	return (RUN(tests));
}
