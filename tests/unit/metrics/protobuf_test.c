/* links: -Itests/unit -I. -DMETRICS_TABLE="tests/unit/metrics/bakery_metrics.def" -DMETRICS_LABELS="tests/unit/metrics/bakery_labels.def" src/metrics/exemplar.c src/metrics/exposition.c src/metrics/family.c src/metrics/metrics.c src/metrics/native.c src/metrics/page.c src/metrics/process.c src/metrics/snapshot.c src/metrics/textformat.c src/metrics/wire.c */
#include "unit.h"

#include "../../../src/metrics/protobuf.c"
#include "../../../src/metrics/shard.c"

#define SMALL ((enum metrics_oven)0)
#define BIG ((enum metrics_oven)1)

static struct metrics_page page;

/* Everything from the start. */
static int
open_metrics(void **state)
{
	static const char *const ovens[] = { "small", "the \"big\" \\ one" };

	(void)state;
	if (metrics_open(2) == -1 ||
	    metrics_name_values(METRICS_SET_oven, ovens, 2) == -1)
		return (-1);
	metrics_attach(1);
	metrics_expose_created(false);
	opened_ns = 1700000000250000000;
	return (0);
}

static int
release(void **state)
{
	(void)state;
	metrics_page_free(&page);
	return (0);
}

/* A length, and what is behind it. */
static const unsigned char *
read_length(const unsigned char *at, size_t *length)
{
	int shift = 0;

	*length = 0;
	do {
		*length |= (size_t)(*at & 0x7f) << shift;
		shift += 7;
	} while (*at++ & 0x80);
	return (at);
}

/* The message of the family ${name}; NULL if there is none. */
static const unsigned char *
find_family(const char *name, size_t *length)
{
	const unsigned char *at, *end;
	size_t found;

	metrics_render(&page, METRICS_FORMAT_PROTOBUF);
	at = (const unsigned char *)page.data;
	end = at + page.length;
	while (at < end) {
		at = read_length(at, length);
		assert_true(*length <= (size_t)(end - at));
		assert_int_equal(at[0], 0x0a);
		found = at[1];
		if (found == strlen(name) && memcmp(at + 2, name, found) == 0)
			return (at);
		at += *length;
	}
	return (NULL);
}

static void
assert_family(const char *name, const char *wanted, size_t wanted_length)
{
	const unsigned char *family;
	size_t length, i;

	family = find_family(name, &length);
	assert_non_null(family);
	for (i = 0; i < length && i < wanted_length; i++)
		assert_case(family[i] == (unsigned char)wanted[i],
		    "%s, byte %zu: %02x, not %02x", name, i, family[i],
		    (unsigned char)wanted[i]);
	assert_int_equal(length, wanted_length);
}

/* The text and its length, zeros included. */
#define ASSERT_FAMILY(name, wanted) \
	assert_family(name, wanted, sizeof(wanted) - 1)

/* Doubles and fields, as bytes. */
#define ZERO "\x00\x00\x00\x00\x00\x00\x00\x00"
#define ONE "\x00\x00\x00\x00\x00\x00\xf0\x3f"
#define TWO "\x00\x00\x00\x00\x00\x00\x00\x40"
#define HALF "\x00\x00\x00\x00\x00\x00\xe0\x3f"
#define TWO_AND_A_HALF "\x00\x00\x00\x00\x00\x00\x04\x40"
#define THOUSANDTH "\xfc\xa9\xf1\xd2\x4d\x62\x50\x3f"
#define TWO_WEEKS "\x00\x00\x00\x00\x00\x75\x32\x41"
#define INFINITE "\x00\x00\x00\x00\x00\x00\xf0\x7f"
#define TWO_TO_MINUS_20 "\x00\x00\x00\x00\x00\x00\xb0\x3e"
#define HELP(length) "\x12" length
#define TYPE(type) "\x18" type
#define UNIT(length) "\x2a" length
#define METRIC(length) "\x22" length
#define LABEL(length) "\x0a" length
#define LABEL_NAME(length) "\x0a" length
#define LABEL_VALUE(length) "\x12" length

static void
counters_have_labels_and_a_value(void **state)
{
	(void)state;
	metrics_inc_loaves_total(LABEL_bread_wheat);
	/* clang-format off */
	ASSERT_FAMILY("loaves_total",
	    "\x0a\x0c" "loaves_total" HELP("\x0c") "Loaves baked" TYPE("\x00")
	    METRIC("\x19")
		LABEL("\x0c") LABEL_NAME("\x05") "bread"
			      LABEL_VALUE("\x03") "rye"
		"\x1a\x09" "\x09" ZERO
	    METRIC("\x1b")
		LABEL("\x0e") LABEL_NAME("\x05") "bread"
			      LABEL_VALUE("\x05") "wheat"
		"\x1a\x09" "\x09" ONE
	    METRIC("\x1b")
		LABEL("\x0e") LABEL_NAME("\x05") "bread"
			      LABEL_VALUE("\x05") "other"
		"\x1a\x09" "\x09" ZERO);
	/* clang-format on */
}

static void
values_are_shown_in_their_unit(void **state)
{
	(void)state;
	metrics_add_takings_total(250);
	metrics_set_flour_bytes(1);
	/* clang-format off */
	ASSERT_FAMILY("takings_total",
	    "\x0a\x0d" "takings_total" HELP("\x0b") "Money taken" TYPE("\x00")
	    METRIC("\x0b") "\x1a\x09" "\x09" TWO_AND_A_HALF);
	ASSERT_FAMILY("flour_bytes",
	    "\x0a\x0b" "flour_bytes" HELP("\x0a") "Flour left" TYPE("\x01")
	    UNIT("\x05") "bytes"
	    METRIC("\x0b") "\x12\x09" "\x09" ONE);
	/* clang-format on */
}

static void
families_without_series_are_not_shown(void **state)
{
	size_t length;

	(void)state;
	assert_null(find_family("bakery_info", &length));
	assert_null(find_family("owner_count", &length));
	assert_null(find_family("owners", &length));
	assert_null(find_family("baking_seconds", &length));
	metrics_set_owner_count(2);
	/* clang-format off */
	ASSERT_FAMILY("owners",
	    "\x0a\x06" "owners" HELP("\x13") "Same as owner_count" TYPE("\x01")
	    METRIC("\x0b") "\x12\x09" "\x09" TWO);
	/* clang-format on */
}

static void
texts_are_as_they_were_given(void **state)
{
	(void)state;
	metrics_describe_bakery_info("High \"St\"", "1\\2\n3");
	metrics_hold_ovens_lit(BIG, 1);
	/* clang-format off */
	ASSERT_FAMILY("bakery_info",
	    "\x0a\x0b" "bakery_info"
	    HELP("\x24") "Which \"bakery\" this is:\na good \\ one" TYPE("\x01")
	    METRIC("\x32")
		LABEL("\x13") LABEL_NAME("\x06") "branch"
			      LABEL_VALUE("\x09") "High \"St\""
		LABEL("\x10") LABEL_NAME("\x07") "version"
			      LABEL_VALUE("\x05") "1\\2\n3"
		"\x12\x09" "\x09" ONE);
	ASSERT_FAMILY("ovens_lit",
	    "\x0a\x09" "ovens_lit" HELP("\x09") "Ovens lit" TYPE("\x01")
	    METRIC("\x25")
		LABEL("\x18") LABEL_NAME("\x05") "stove"
			      LABEL_VALUE("\x0f") "the \"big\" \\ one"
		"\x12\x09" "\x09" ONE);
	/* clang-format on */
}

static void
summaries_have_count_and_sum(void **state)
{
	(void)state;
	metrics_observe_order_bytes(SMALL, 2);
	/* clang-format off */
	ASSERT_FAMILY("order_bytes",
	    "\x0a\x0b" "order_bytes" HELP("\x0f") "Sizes of orders" TYPE("\x02")
	    UNIT("\x05") "bytes"
	    METRIC("\x1c")
		LABEL("\x0d") LABEL_NAME("\x04") "oven"
			      LABEL_VALUE("\x05") "small"
		"\x22\x0b" "\x08\x01" "\x11" TWO);
	/* clang-format on */
}

#define BUCKET(count, bound) "\x1a\x0b\x08" count "\x11" bound

static void
histograms_of_no_time_have_their_own_buckets_only(void **state)
{
	(void)state;
	metrics_observe_weight(0.5);
	metrics_observe_weight(1.5);
	/* clang-format off */
	ASSERT_FAMILY("weight",
	    "\x0a\x06" "weight" HELP("\x07") "Weights" TYPE("\x04")
	    METRIC("\x41")
		"\x3a\x3f" "\x08\x02" "\x11" TWO
		BUCKET("\x01", HALF) BUCKET("\x01", ONE)
		BUCKET("\x02", TWO_AND_A_HALF) BUCKET("\x02", INFINITE));
	/* clang-format on */
}

/* Counts: one in the zero bucket; two, none, none, four from one second on, a
 * gap that is written, and, behind one that is not, three in the last. */
static void
histograms_of_time_have_native_buckets_too(void **state)
{
	int i;

	(void)state;
	metrics_observe_baking_seconds(LABEL_bread_rye, SMALL, 0, NULL);
	for (i = 0; i < 2; i++)
		metrics_observe_baking_seconds(LABEL_bread_rye, SMALL, 1, NULL);
	for (i = 0; i < 4; i++)
		metrics_observe_baking_seconds(
		    LABEL_bread_rye, SMALL, 1.25, NULL);
	for (i = 0; i < 3; i++)
		metrics_observe_baking_seconds(
		    LABEL_bread_rye, SMALL, 33554432, NULL);
	/* clang-format off */
	ASSERT_FAMILY("baking_seconds",
	    "\x0a\x0e" "baking_seconds" HELP("\x0c") "Baking times" TYPE("\x04")
	    UNIT("\x07") "seconds"
	    METRIC("\x7f")
		LABEL("\x0c") LABEL_NAME("\x05") "bread"
			      LABEL_VALUE("\x03") "rye"
		LABEL("\x0d") LABEL_NAME("\x04") "oven"
			      LABEL_VALUE("\x05") "small"
		"\x3a\x60" "\x08\x0a" "\x11" "\x00\x00\x00\x1c\x00\x00\x98\x41"
		BUCKET("\x01", THOUSANDTH) BUCKET("\x03", ONE)
		BUCKET("\x07", TWO_WEEKS) BUCKET("\x0a", INFINITE)
		"\x28\x06" "\x31" TWO_TO_MINUS_20 "\x38\x01"
		"\x62\x04" "\x08\x00" "\x10\x04"
		"\x62\x05" "\x08\x88\x03" "\x10\x01"
		"\x6a\x05" "\x04\x03\x00\x08\x01");
	/* clang-format on */
}

static void
exemplars_belong_to_their_bucket_or_counter(void **state)
{
	static const struct metrics_exemplar both = { "4bf9", "r-1" },
					     alone = { NULL, "a\"b\\" };
	const struct family *f = family_get(METRICS_FAMILY_baking_seconds);
	struct exemplar_slot *slots;

	(void)state;
	metrics_observe_baking_seconds(LABEL_bread_rye, SMALL, 0.5, &both);
	slots = &shard_own()->exemplars[f->first_exemplar];
	slots[1].time_ns = 1700000000000000001;
	/* clang-format off */
	ASSERT_FAMILY("baking_seconds",
	    "\x0a\x0e" "baking_seconds" HELP("\x0c") "Baking times" TYPE("\x04")
	    UNIT("\x07") "seconds"
	    METRIC("\xaf\x01")
		LABEL("\x0c") LABEL_NAME("\x05") "bread"
			      LABEL_VALUE("\x03") "rye"
		LABEL("\x0d") LABEL_NAME("\x04") "oven"
			      LABEL_VALUE("\x05") "small"
		"\x3a\x8f\x01" "\x08\x01" "\x11" HALF
		BUCKET("\x00", THOUSANDTH)
		"\x1a\x45" "\x08\x01" "\x11" ONE
		    "\x1a\x38"
			LABEL("\x10") LABEL_NAME("\x08") "trace_id"
				      LABEL_VALUE("\x04") "4bf9"
			LABEL("\x11") LABEL_NAME("\x0a") "request_id"
				      LABEL_VALUE("\x03") "r-1"
			"\x11" HALF
			"\x1a\x08" "\x08\x80\xe2\xcf\xaa\x06" "\x10\x01"
		BUCKET("\x01", TWO_WEEKS) BUCKET("\x01", INFINITE)
		"\x28\x06" "\x31" TWO_TO_MINUS_20 "\x38\x00"
		"\x62\x04" "\x08\x0f" "\x10\x01"
		"\x6a\x01" "\x02");
	/* clang-format on */

	metrics_inc_complaints_total(SMALL, LABEL_status_404, &alone);
	f = family_get(METRICS_FAMILY_complaints_total);
	slots = &shard_own()->exemplars[f->first_exemplar];
	slots[LABEL_status_404].time_ns = 1700000000000000000;
	/* clang-format off */
	ASSERT_FAMILY("complaints_total",
	    "\x0a\x10" "complaints_total" HELP("\x0a") "Complaints" TYPE("\x00")
	    METRIC("\x67")
		LABEL("\x0d") LABEL_NAME("\x04") "oven"
			      LABEL_VALUE("\x05") "small"
		LABEL("\x0e") LABEL_NAME("\x06") "reason"
			      LABEL_VALUE("\x04") "lost"
		LABEL("\x12") LABEL_NAME("\x0b") "status_code"
			      LABEL_VALUE("\x03") "404"
		"\x1a\x32" "\x09" ONE
		    "\x12\x27"
			LABEL("\x12") LABEL_NAME("\x0a") "request_id"
				      LABEL_VALUE("\x04") "a\"b\\"
			"\x11" ONE
			"\x1a\x08" "\x08\x80\xe2\xcf\xaa\x06" "\x10\x00");
	/* clang-format on */
}

static void
created_times_are_shown_when_they_are_asked_for(void **state)
{
	(void)state;
	metrics_expose_created(true);
	metrics_observe_order_bytes(SMALL, 2);
	/* clang-format off */
#define CREATED "\x0b\x08\x80\xe2\xcf\xaa\x06\x10\x80\xe5\x9a\x77"
	ASSERT_FAMILY("takings_total",
	    "\x0a\x0d" "takings_total" HELP("\x0b") "Money taken" TYPE("\x00")
	    METRIC("\x18") "\x1a\x16" "\x09" ZERO "\x1a" CREATED);
	ASSERT_FAMILY("order_bytes",
	    "\x0a\x0b" "order_bytes" HELP("\x0f") "Sizes of orders" TYPE("\x02")
	    UNIT("\x05") "bytes"
	    METRIC("\x29")
		LABEL("\x0d") LABEL_NAME("\x04") "oven"
			      LABEL_VALUE("\x05") "small"
		"\x22\x18" "\x08\x01" "\x11" TWO "\x22" CREATED);
	ASSERT_FAMILY("weight",
	    "\x0a\x06" "weight" HELP("\x07") "Weights" TYPE("\x04")
	    METRIC("\x4e")
		"\x3a\x4c" "\x08\x00" "\x11" ZERO
		BUCKET("\x00", HALF) BUCKET("\x00", ONE)
		BUCKET("\x00", TWO_AND_A_HALF) BUCKET("\x00", INFINITE)
		"\x7a" CREATED);
	ASSERT_FAMILY("dough",
	    "\x0a\x05" "dough" HELP("\x0d") "Loaves rising" TYPE("\x01")
	    METRIC("\x0b") "\x12\x09" "\x09" ZERO);
	/* clang-format on */
}

/* As strtod() reads what the texts say, for values of every size. */
static void
numbers_are_those_that_the_texts_say(void **state)
{
	static const int64_t scales[] = { 1, 100, 1000000, 1000000000 };
	uint64_t random = 88172645463325252;
	int64_t value;
	size_t i;

	(void)state;
	for (i = 0; i < 300000; i++) {
		int64_t scale = scales[i % 4];

		random ^= random << 13; /* Marsaglia, "Xorshift RNGs", 2003 */
		random ^= random >> 7;
		random ^= random << 17;
		value = (int64_t)random >> i % 63;
		page.length = 0;
		page_put_decimal(&page, value, scale);
		page_putc(&page, '\0');
		assert_case(number(value, scale) == strtod(page.data, NULL),
		    "%s", page.data);
	}
	assert_true(number(INT64_MIN, 1000000000) == -9223372036.854775808);
	assert_true(number(INT64_MAX, 1) == 9223372036854775807.0);
	assert_true(
	    number(1795847429261134600, 1000000000) == 1795847429.2611346);
}

/* Of every second, every third and so on bucket: all come back. */
static void
spans_hold_every_bucket_whatever_the_gaps(void **state)
{
	static struct snapshot_native native;
	struct span spans[SPANS_MAX];
	size_t step, bucket, n, i, found;

	(void)state;
	for (step = 1; step < NATIVE_BUCKETS; step++) {
		memset(&native, 0, sizeof(native));
		for (bucket = 1; bucket < NATIVE_BUCKETS; bucket += step)
			native.filled[bucket / 64] |= (uint64_t)1
						      << bucket % 64;
		native.filled[0] |= 1; /* which no span has */
		n = find_spans(&native, spans);
		assert_true(n <= SPANS_MAX);
		for (i = 0, found = 0; i < n; i++) {
			assert_int_equal((spans[i].first - 1) % step, 0);
			found += (spans[i].end - spans[i].first - 1) / step + 1;
			assert_true(i == 0 || spans[i].first >
						  spans[i - 1].end + GAP_MAX);
		}
		assert_int_equal(found, (NATIVE_BUCKETS - 2) / step + 1);
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, open_metrics)
	const struct CMUnitTest tests[] = {
		TEST(counters_have_labels_and_a_value),
		TEST(values_are_shown_in_their_unit),
		TEST(families_without_series_are_not_shown),
		TEST(texts_are_as_they_were_given),
		TEST(summaries_have_count_and_sum),
		TEST(histograms_of_no_time_have_their_own_buckets_only),
		TEST(histograms_of_time_have_native_buckets_too),
		TEST(exemplars_belong_to_their_bucket_or_counter),
		TEST(created_times_are_shown_when_they_are_asked_for),
		TEST(numbers_are_those_that_the_texts_say),
		TEST(spans_hold_every_bucket_whatever_the_gaps),
	};

	return (cmocka_run_group_tests(tests, NULL, release));
}
