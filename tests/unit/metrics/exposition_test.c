/* links: -Itests/unit -I. -DMETRICS_TABLE="tests/unit/metrics/bakery_metrics.def" -DMETRICS_LABELS="tests/unit/metrics/bakery_labels.def" src/metrics/exemplar.c src/metrics/family.c src/metrics/metrics.c src/metrics/native.c src/metrics/page.c src/metrics/process.c src/metrics/shard.c src/metrics/protobuf.c src/metrics/snapshot.c src/metrics/textformat.c src/metrics/wire.c */
#include "unit.h"

#include <time.h>

#include "../../../src/metrics/exposition.c"

/* Everything from the start. */
static void
open_metrics(void)
{
	static const char *const ovens[] = { "small", "the \"big\" \\ one" };

	assert_int_equal(metrics_open(3), 0);
	metrics_attach(1);
	assert_int_equal(metrics_name_values(METRICS_SET_oven, ovens, 2), 0);
	metrics_expose_created(false);
}

static char *
scrape(enum metrics_format format)
{
	static struct metrics_page page;

	metrics_render(&page, format);
	page_putc(&page, '\0');
	return (page.data);
}

/* The lines of a scrape that begin with ${name}, joined. */
static const char *
lines(const char *text, const char *name)
{
	static char found[8192];
	size_t length, n = 0;

	for (; *text != '\0'; text += length) {
		length = strcspn(text, "\n") + 1;
		if (strncmp(text, name, strlen(name)) != 0)
			continue;
		assert_true(n + length < sizeof(found));
		memcpy(found + n, text, length);
		n += length;
	}
	found[n] = '\0';
	return (found);
}

static void
an_unused_page_shows_what_is_known_from_the_start(void **state)
{
	(void)state;
	open_metrics();
	assert_string_equal(scrape(METRICS_FORMAT_TEXT),
	    "# HELP bakery_info Which \"bakery\" this is:\\na good \\\\ one\n"
	    "# TYPE bakery_info gauge\n"
	    "# HELP loaves_total Loaves baked\n"
	    "# TYPE loaves_total counter\n"
	    "loaves_total{bread=\"rye\"} 0\n"
	    "loaves_total{bread=\"wheat\"} 0\n"
	    "loaves_total{bread=\"other\"} 0\n"
	    "# HELP takings_total Money taken\n"
	    "# TYPE takings_total counter\n"
	    "takings_total 0\n"
	    "# HELP complaints_total Complaints\n"
	    "# TYPE complaints_total counter\n"
	    "# HELP flour_bytes Flour left\n"
	    "# TYPE flour_bytes gauge\n"
	    "# HELP owner_count Owners\n"
	    "# TYPE owner_count gauge\n"
	    "# HELP owners Same as owner_count\n"
	    "# TYPE owners gauge\n"
	    "# HELP ovens_lit Ovens lit\n"
	    "# TYPE ovens_lit gauge\n"
	    "# HELP dough Loaves rising\n"
	    "# TYPE dough gauge\n"
	    "dough 0\n"
	    "# HELP weight Weights\n"
	    "# TYPE weight histogram\n"
	    "weight_bucket{le=\"0.5\"} 0\n"
	    "weight_bucket{le=\"1.0\"} 0\n"
	    "weight_bucket{le=\"2.5\"} 0\n"
	    "weight_bucket{le=\"+Inf\"} 0\n"
	    "weight_count 0\n"
	    "weight_sum 0\n"
	    "# HELP baking_seconds Baking times\n"
	    "# TYPE baking_seconds histogram\n"
	    "# HELP order_bytes Sizes of orders\n"
	    "# TYPE order_bytes summary\n");
}

static void
openmetrics_names_families_types_and_units_its_own_way(void **state)
{
	const char *text;

	(void)state;
	open_metrics();
	metrics_describe_bakery_info("High \"St\"", "1.0");
	metrics_set_flour_bytes(70000);
	text = scrape(METRICS_FORMAT_OPENMETRICS);
	assert_string_equal(lines(text, "# HELP bakery"),
	    "# HELP bakery Which \\\"bakery\\\" this is:\\na good \\\\ one\n");
	assert_string_equal(
	    lines(text, "# TYPE bakery"), "# TYPE bakery info\n");
	assert_string_equal(lines(text, "bakery"),
	    "bakery_info{branch=\"High \\\"St\\\"\",version=\"1.0\"} 1\n");
	assert_string_equal(
	    lines(text, "# TYPE loaves"), "# TYPE loaves counter\n");
	assert_string_equal(lines(text, "loaves_total{bread=\"rye"),
	    "loaves_total{bread=\"rye\"} 0\n");
	assert_string_equal(lines(text, "# UNIT"),
	    "# UNIT flour_bytes bytes\n"
	    "# UNIT baking_seconds seconds\n"
	    "# UNIT order_bytes bytes\n");
	assert_string_equal(lines(text, "flour"), "flour_bytes 70000\n");
	assert_string_equal(text + strlen(text) - 6, "# EOF\n");
}

static void
labels_stand_in_alphabetical_order_with_le_among_them(void **state)
{
	(void)state;
	open_metrics();
	metrics_observe_baking_seconds(
	    LABEL_bread_wheat, (enum metrics_oven)1, 0.25, NULL);
	metrics_observe_baking_seconds(
	    LABEL_bread_wheat, (enum metrics_oven)1, 1209600, NULL);
	assert_string_equal(
	    lines(scrape(METRICS_FORMAT_TEXT), "baking_seconds"),
#define OVEN "oven=\"the \\\"big\\\" \\\\ one\"} "
	    "baking_seconds_bucket{bread=\"wheat\",le=\"0.001\"," OVEN "0\n"
	    "baking_seconds_bucket{bread=\"wheat\",le=\"1.0\"," OVEN "1\n"
	    "baking_seconds_bucket{bread=\"wheat\",le=\"1.2096e+06\"," OVEN
	    "2\n"
	    "baking_seconds_bucket{bread=\"wheat\",le=\"+Inf\"," OVEN "2\n"
	    "baking_seconds_count{bread=\"wheat\"," OVEN "2\n"
	    "baking_seconds_sum{bread=\"wheat\"," OVEN "1209600.25\n");
}

static void
a_second_label_carries_the_word_of_the_first(void **state)
{
	const char *text;

	(void)state;
	open_metrics();
	metrics_inc_complaints_total(
	    (enum metrics_oven)0, LABEL_status_404, NULL);
	metrics_inc_complaints_total(
	    (enum metrics_oven)0, LABEL_status_200, NULL);
	text = scrape(METRICS_FORMAT_TEXT);
	assert_string_equal(lines(text, "complaints_total"),
	    "complaints_total{oven=\"small\",reason=\"\",status_code=\"200\"} "
	    "1\n"
	    "complaints_total{oven=\"small\",reason=\"lost\","
	    "status_code=\"404\"} 1\n");
}

static void
values_without_a_name_are_not_shown(void **state)
{
	const char *text;

	(void)state;
	open_metrics();
	metrics_up_ovens_lit((enum metrics_oven)0);
	metrics_up_ovens_lit((enum metrics_oven)3); /* has no name */
	metrics_up_ovens_lit((enum metrics_oven)4); /* does not exist */
	text = scrape(METRICS_FORMAT_TEXT);
	assert_string_equal(
	    lines(text, "ovens_lit"), "ovens_lit{stove=\"small\"} 1\n");
}

static void
what_is_expected_is_shown_from_zero(void **state)
{
	const char *text;

	(void)state;
	open_metrics();
	metrics_expect_order_bytes((enum metrics_oven)0);
	text = scrape(METRICS_FORMAT_TEXT);
	assert_string_equal(lines(text, "order_bytes"),
	    "order_bytes_count{oven=\"small\"} 0\n"
	    "order_bytes_sum{oven=\"small\"} 0\n");
}

static void
an_alias_says_the_same(void **state)
{
	const char *text;

	(void)state;
	open_metrics();
	metrics_set_owner_count(2);
	text = scrape(METRICS_FORMAT_TEXT);
	assert_string_equal(lines(text, "owner"), "owner_count 2\nowners 2\n");
}

static void
money_is_shown_in_units(void **state)
{
	(void)state;
	open_metrics();
	metrics_add_takings_total(1999);
	metrics_add_takings_total(1);
	assert_string_equal(lines(scrape(METRICS_FORMAT_TEXT), "takings"),
	    "takings_total 20\n");
	metrics_add_takings_total(5);
	assert_string_equal(lines(scrape(METRICS_FORMAT_TEXT), "takings"),
	    "takings_total 20.05\n");
}

/* The digits of the seconds at the end of each line become a T. */
static const char *
without_times(const char *text)
{
	static char copy[8192];
	const char *hash, *time;
	size_t n = 0, length;

	for (; *text != '\0'; text += length) {
		length = strcspn(text, "\n") + 1;
		memcpy(copy + n, text, length);
		copy[n + length] = '\0';
		hash = strstr(copy + n, " # ");
		if (hash == NULL) {
			n += length;
			continue;
		}
		time = strrchr(hash, ' ') + 1;
		assert_true(strtod(time, NULL) > 1.6e9);
		n = (size_t)(time - copy);
		n += (size_t)sprintf(copy + n, "T\n");
	}
	copy[n] = '\0';
	return (copy);
}

static void
exemplars_stand_behind_their_bucket_or_counter(void **state)
{
	static const struct metrics_exemplar both = { "4bf92f3577b34da6",
		"request-1" },
					     alone = { NULL, "request-2" },
					     odd = { "", "a\"b\\c\nd" };
	const char *text;

	(void)state;
	open_metrics();
	metrics_observe_baking_seconds(
	    LABEL_bread_rye, (enum metrics_oven)0, 0.5, &both);
	metrics_observe_baking_seconds(
	    LABEL_bread_rye, (enum metrics_oven)0, 0.25, &alone);
	metrics_observe_baking_seconds(
	    LABEL_bread_rye, (enum metrics_oven)0, 2e9, &both);
	metrics_inc_complaints_total(
	    (enum metrics_oven)0, LABEL_status_503, &odd);
	text = without_times(
	    lines(scrape(METRICS_FORMAT_OPENMETRICS), "baking_seconds_b"));
	assert_string_equal(text,
#define BUCKET "baking_seconds_bucket{bread=\"rye\",le="
	    BUCKET "\"0.001\",oven=\"small\"} 0\n" BUCKET
		   "\"1.0\",oven=\"small\"} 2"
		   " # {request_id=\"request-2\"} 0.25 T\n" BUCKET
		   "\"1.2096e+06\",oven=\"small\"} 2\n" BUCKET
		   "\"+Inf\",oven=\"small\"} 3 # {trace_id=\"4bf92f3577b34da6\""
		   ",request_id=\"request-1\"} 2000000000 T\n");
	text = without_times(
	    lines(scrape(METRICS_FORMAT_OPENMETRICS), "complaints_total"));
	assert_string_equal(text,
	    "complaints_total{oven=\"small\",reason=\"closed\","
	    "status_code=\"503\"} 1 # {request_id=\"a\\\"b\\\\c\\nd\"} 1 T\n");
	assert_null(strstr(scrape(METRICS_FORMAT_TEXT), " # "));
}

static void
the_newest_exemplar_of_all_writers_is_shown(void **state)
{
	static const struct metrics_exemplar old = { NULL, "old" },
					     newer = { NULL, "newer" };
	const struct timespec pause = { 0, 20000000 };

	(void)state;
	open_metrics();
	metrics_attach(2);
	metrics_observe_baking_seconds(
	    LABEL_bread_rye, (enum metrics_oven)0, 0.5, &old);
	(void)nanosleep(&pause, NULL);
	metrics_attach(1);
	metrics_observe_baking_seconds(
	    LABEL_bread_rye, (enum metrics_oven)0, 0.5, &newer);
	assert_non_null(
	    strstr(scrape(METRICS_FORMAT_OPENMETRICS), "\"newer\""));
	assert_null(strstr(scrape(METRICS_FORMAT_OPENMETRICS), "\"old\""));
}

static void
long_exemplars_are_cut_to_what_openmetrics_allows(void **state)
{
	char trace[100], request[200];
	const struct metrics_exemplar exemplar = { trace, request };
	const char *text, *begin, *end;

	(void)state;
	open_metrics();
	memset(trace, 't', sizeof(trace) - 1);
	trace[sizeof(trace) - 1] = '\0';
	memset(request, 'r', sizeof(request) - 1);
	request[sizeof(request) - 1] = '\0';
	metrics_inc_complaints_total(
	    (enum metrics_oven)0, LABEL_status_503, &exemplar);
	text = lines(scrape(METRICS_FORMAT_OPENMETRICS), "complaints_total");
	begin = strstr(text, " # ");
	assert_non_null(begin);
	assert_non_null(strstr(text, "tttt\""));
	assert_non_null(strstr(text, "rrrr\""));
	end = strchr(begin, '}');
	/* Names and values, less ` # {="",=""`. */
	assert_true(end - begin - 11 <= 128);
	assert_int_equal(end - begin - 11,
	    strlen("trace_id") + 32 + strlen("request_id") + 64);
}

static void
created_samples_are_shown_when_they_are_asked_for(void **state)
{
	const char *text;

	(void)state;
	open_metrics();
	assert_null(strstr(scrape(METRICS_FORMAT_OPENMETRICS), "_created"));
	metrics_expose_created(true);
	metrics_set_flour_bytes(1);
	assert_null(strstr(scrape(METRICS_FORMAT_TEXT), "_created"));
	text = scrape(METRICS_FORMAT_OPENMETRICS);
	assert_non_null(strstr(text, "\ntakings_created 1"));
	assert_non_null(strstr(text, "\nloaves_created{bread=\"rye\"} 1"));
	assert_non_null(strstr(text, "\nweight_created 1"));
	assert_null(strstr(text, "dough_created"));
	assert_null(strstr(text, "flour_bytes_created"));
	metrics_expose_created(false);
}

static void
a_page_that_is_used_again_holds_one_scrape(void **state)
{
	struct metrics_page page = { 0 };
	size_t length;
	char *data;

	(void)state;
	open_metrics();
	metrics_render(&page, METRICS_FORMAT_TEXT);
	length = page.length;
	data = page.data;
	metrics_render(&page, METRICS_FORMAT_TEXT);
	assert_int_equal(page.length, length);
	assert_ptr_equal(page.data, data);
	metrics_page_free(&page);
}

static void
content_types_are_those_of_the_formats(void **state)
{
	(void)state;
	assert_string_equal(metrics_content_type(METRICS_FORMAT_TEXT),
	    "text/plain; version=0.0.4; charset=utf-8");
	assert_string_equal(metrics_content_type(METRICS_FORMAT_OPENMETRICS),
	    "application/openmetrics-text; version=1.0.0; charset=utf-8");
	assert_string_equal(metrics_content_type(METRICS_FORMAT_PROTOBUF),
	    "application/vnd.google.protobuf; "
	    "proto=io.prometheus.client.MetricFamily; encoding=delimited");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    an_unused_page_shows_what_is_known_from_the_start),
		cmocka_unit_test(
		    openmetrics_names_families_types_and_units_its_own_way),
		cmocka_unit_test(
		    labels_stand_in_alphabetical_order_with_le_among_them),
		cmocka_unit_test(a_second_label_carries_the_word_of_the_first),
		cmocka_unit_test(values_without_a_name_are_not_shown),
		cmocka_unit_test(what_is_expected_is_shown_from_zero),
		cmocka_unit_test(an_alias_says_the_same),
		cmocka_unit_test(money_is_shown_in_units),
		cmocka_unit_test(
		    exemplars_stand_behind_their_bucket_or_counter),
		cmocka_unit_test(the_newest_exemplar_of_all_writers_is_shown),
		cmocka_unit_test(
		    long_exemplars_are_cut_to_what_openmetrics_allows),
		cmocka_unit_test(
		    created_samples_are_shown_when_they_are_asked_for),
		cmocka_unit_test(a_page_that_is_used_again_holds_one_scrape),
		cmocka_unit_test(content_types_are_those_of_the_formats),
	};

	return (RUN(tests));
}
