/* links: -Itests/unit */
#include "unit.h"

#include "../../../src/metrics/native.c"

#define NS_PER_S 1000000000
#define BIG_WORDS 12

/* A number as large as needed, the lowest word first. */
struct big {
	uint32_t words[BIG_WORDS * 2];
};

static void
times(struct big *big, uint32_t factor)
{
	uint64_t carry = 0;
	size_t i;

	for (i = 0; i < BIG_WORDS * 2; i++) {
		carry += (uint64_t)big->words[i] * factor;
		big->words[i] = (uint32_t)carry;
		carry >>= 32;
	}
	assert_int_equal(carry, 0);
}

static int
compare(const struct big *a, const struct big *b)
{
	size_t i = BIG_WORDS * 2;

	while (i-- > 0)
		if (a->words[i] != b->words[i])
			return (a->words[i] < b->words[i] ? -1 : 1);
	return (0);
}

/* Whether ${ns} is at most 2^(eighths/8) seconds: without roots, whether
 * ns^8 is at most 2^eighths * (10^9)^8. Values have up to 56 bits. */
static bool
is_at_most(int64_t ns, int eighths)
{
	struct big value = { { 1 } }, bound = { { 1 } };
	struct big part;
	int i;

	for (i = 0; i < 8; i++) {
		size_t word;
		uint64_t carry = 0;

		/* value * ns = value * high * 2^28 + value * low */
		part = value;
		times(&part, (uint32_t)(ns >> 28));
		times(&part, 1 << 28);
		times(&value, (uint32_t)(ns & ((1 << 28) - 1)));
		for (word = 0; word < BIG_WORDS * 2; word++) {
			carry += (uint64_t)value.words[word] + part.words[word];
			value.words[word] = (uint32_t)carry;
			carry >>= 32;
		}
		times(&bound, NS_PER_S);
	}
	for (i = eighths; i > 0; i--)
		times(&bound, 2);
	for (i = eighths; i < 0; i++)
		times(&value, 2);
	return (compare(&value, &bound) <= 0);
}

/* The most nanoseconds that are at most 2^(eighths/8) seconds. */
static int64_t
most_within(int eighths)
{
	int64_t low = 0, high = (int64_t)1 << 56;

	while (high - low > 1) {
		int64_t middle = low + (high - low) / 2;

		if (is_at_most(middle, eighths))
			low = middle;
		else
			high = middle;
	}
	return (low);
}

static int
eighths_of(size_t bucket)
{
	return ((int)bucket - NATIVE_ORIGIN);
}

static void
every_bound_belongs_to_its_bucket_and_what_is_more_to_the_next(void **state)
{
	size_t bucket;

	(void)state;
	for (bucket = 0; bucket < NATIVE_BUCKETS; bucket++) {
		int64_t most = most_within(eighths_of(bucket));

		assert_case(native_bucket(most) == bucket, "%zu", bucket);
		assert_case(
		    native_bucket(most + 1) ==
			(bucket < NATIVE_BUCKETS - 1 ? bucket + 1 : bucket),
		    "%zu", bucket);
	}
}

static void
powers_of_two_are_bounds(void **state)
{
	int exponent;

	(void)state;
	/* 10^9 can be halved nine times. */
	for (exponent = -9; exponent <= NATIVE_MOST_EXPONENT; exponent++) {
		int64_t ns = exponent < 0 ? NS_PER_S >> -exponent
					  : (int64_t)NS_PER_S << exponent;
		size_t bucket =
		    (size_t)(NATIVE_ORIGIN + exponent * NATIVE_PER_OCTAVE);

		assert_case(native_bucket(ns) == bucket, "2^%d", exponent);
		assert_case(native_bucket(ns - 1) == bucket, "2^%d", exponent);
		assert_case(
		    native_bucket(ns + 1) ==
			(exponent < NATIVE_MOST_EXPONENT ? bucket + 1 : bucket),
		    "2^%d", exponent);
	}
	for (exponent = 0; exponent < 62; exponent++) {
		int64_t ns = (int64_t)1 << exponent;
		size_t bucket = native_bucket(ns);

		if (bucket != 0 && bucket != NATIVE_BUCKETS - 1)
			assert_true(is_at_most(ns, eighths_of(bucket)) &&
				    !is_at_most(ns, eighths_of(bucket) - 1));
	}
}

static void
buckets_rise_with_what_they_hold(void **state)
{
	size_t before = 0, bucket;
	int64_t ns;

	(void)state;
	for (ns = 1; ns < NS_PER_S; ns += ns / 100 + 1, before = bucket) {
		bucket = native_bucket(ns);
		assert_true(bucket >= before && bucket <= before + 1);
	}
}

static void
what_is_too_small_or_too_large_has_a_bucket(void **state)
{
	(void)state;
	assert_int_equal(native_bucket(INT64_MIN), 0);
	assert_int_equal(native_bucket(-1), 0);
	assert_int_equal(native_bucket(0), 0);
	assert_int_equal(native_bucket(953), 0);
	assert_int_equal(native_bucket(954), 1);
	assert_int_equal(native_bucket(INT64_MAX), NATIVE_BUCKETS - 1);
	assert_int_equal(native_bucket(NS_PER_S), NATIVE_ORIGIN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_too_small_or_too_large_has_a_bucket),
		cmocka_unit_test(powers_of_two_are_bounds),
		cmocka_unit_test(buckets_rise_with_what_they_hold),
		cmocka_unit_test(
		    every_bound_belongs_to_its_bucket_and_what_is_more_to_the_next),
	};

	return (RUN(tests));
}
