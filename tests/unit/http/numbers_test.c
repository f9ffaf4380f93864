/* links: -Itests/unit src/platform/arena.c src/platform/buffer.c src/platform/utf8.c -lm */
#include "unit.h"

#include "../../../src/http/numbers.c"

static void
assert_spelt(double value, const char *typed, const char *python)
{
	struct buffer b;

	buffer_init(&b, 64);
	numbers_put_float(&b, value);
	assert_string_equal(buffer_text(&b), typed);
	buffer_fini(&b);
	buffer_init(&b, 64);
	numbers_put_float_python(&b, value);
	assert_string_equal(buffer_text(&b), python);
	buffer_fini(&b);
}

static void
floats_are_plain_near_the_point(void **state)
{
	(void)state;
	assert_spelt(0, "0.0", "0.0");
	assert_spelt(-0.0, "-0.0", "-0.0");
	assert_spelt(5, "5.0", "5.0");
	assert_spelt(-2.75, "-2.75", "-2.75");
	assert_spelt(100.0 / 3, "33.333333333333336", "33.333333333333336");
	assert_spelt(0.1 + 0.2, "0.30000000000000004", "0.30000000000000004");
	assert_spelt(0.00001, "0.00001", "1e-05");
	assert_spelt(1.5e-6, "1.5e-6", "1.5e-06");
	assert_spelt(
	    9999999999999998, "9999999999999998.0", "9999999999999998.0");
	assert_spelt(1e16, "1e+16", "1e+16");
	assert_spelt(5e-324, "5e-324", "5e-324");
	assert_spelt(1.7976931348623157e308, "1.7976931348623157e+308",
	    "1.7976931348623157e+308");
}

/* The doubles below a power of two are closer than those above it. */
static void
powers_of_two_are_short_too(void **state)
{
	(void)state;
	assert_spelt(0x1p-24, "5.960464477539063e-8", "5.960464477539063e-08");
	assert_spelt(0x1p-44, "5.684341886080802e-14", "5.684341886080802e-14");
	assert_spelt(0x1p89, "6.189700196426902e+26", "6.189700196426902e+26");
	assert_spelt(
	    0x1p976, "6.386688990511104e+293", "6.386688990511104e+293");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(floats_are_plain_near_the_point),
		cmocka_unit_test(powers_of_two_are_short_too),
	};

	return (RUN(tests));
}
