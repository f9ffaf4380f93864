/* links: src/metrics/distinct.c src/metrics/exemplar.c src/metrics/shard.c src/metrics/exposition.c src/metrics/native.c src/metrics/protobuf.c src/metrics/textformat.c src/metrics/wire.c src/metrics/family.c src/metrics/metrics.c src/metrics/page.c src/metrics/process.c src/metrics/snapshot.c -lm */
/*
 * metrics_cost: what counting costs: nanoseconds an increment, all metrics of
 * one request, a scrape. The best of several rounds, since whatever else runs
 * on the machine only ever makes it slower.
 */
#include <stdio.h>
#include <time.h>

#include "metrics/distinct.h"
#include "metrics/metrics.h"

#define ROUNDS 20
#define TIMES 200000
#define SCRAPES 20
#define NS_PER_S 1000000000.0

static double
now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return ((double)now.tv_sec * NS_PER_S + (double)now.tv_nsec);
}

/* Best time of one ${statement}, run ${times} times a round; ${i} counts. */
#define MEASURE(what, times, statement)                        \
	do {                                                   \
		double best = 1e18, began, took;               \
		unsigned i, round;                             \
                                                               \
		for (round = 0; round < ROUNDS; round++) {     \
			began = now_ns();                      \
			for (i = 0; i < (times); i++) {        \
				statement;                     \
			}                                      \
			took = (now_ns() - began) / (times);   \
			best = took < best ? took : best;      \
		}                                              \
		(void)printf("%-44s %10.1f ns\n", what, best); \
	} while (0)

static enum metrics_handler
handler(unsigned i)
{
	return ((enum metrics_handler)(i % 61));
}

static const struct metrics_exemplar exemplar = {
	.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736",
	.request_id = "6d0f5f0a3c0b4d3a0000000000000001",
};

/* What http/account.c does for each request. */
static void
request(unsigned i)
{
	enum metrics_handler h = handler(i);
	double duration_s = 0.0001 * (i % 64);

	metrics_up_http_requests_inprogress(h, LABEL_method_GET);
	metrics_begin();
	metrics_down_http_requests_inprogress(h, LABEL_method_GET);
	metrics_inc_http_requests_total(
	    h, LABEL_method_GET, metrics_find_number_status(200));
	metrics_observe_http_request_size_bytes(h, i);
	metrics_observe_http_response_size_bytes(h, i);
	metrics_observe_http_request_duration_highr_seconds(
	    duration_s, &exemplar);
	metrics_observe_http_request_duration_seconds(
	    h, LABEL_method_GET, duration_s, &exemplar);
	metrics_end();
}

static int
show_everything(void)
{
	static char text[LABEL_statement_MAX][16];
	const char *names[LABEL_statement_MAX];
	unsigned i, j;

	for (i = 0; i < LABEL_statement_MAX; i++) {
		(void)snprintf(text[i], sizeof(text[i]), "/some/path_%u", i);
		names[i] = text[i];
	}
	if (metrics_name_values(METRICS_SET_handler, names, 61) == -1 ||
	    metrics_name_values(METRICS_SET_statement, names, 100) == -1 ||
	    metrics_name_values(METRICS_SET_reason, names, 40) == -1)
		return (-1);
	for (i = 0; i < 61; i++)
		for (j = 0; j < 4; j++)
			metrics_inc_http_requests_total(handler(i),
			    (enum metrics_method)(j % 2),
			    (enum metrics_status)(j * 7));
	for (i = 0; i < 100; i++)
		metrics_observe_chores_db_statement_duration_seconds(
		    (enum metrics_statement)i, 0.001 * i);
	return (0);
}

int
main(void)
{
	struct metrics_page page = { 0 };

	if (metrics_open(16) == -1 || distinct_open(900) == -1 ||
	    metrics_process_open() == -1 || show_everything() == -1)
		return (1);
	metrics_attach(1);
	MEASURE("counter without labels", TIMES,
	    metrics_inc_families_created_total());
	MEASURE("counter with three labels", TIMES,
	    metrics_inc_http_requests_total(
		handler(i), LABEL_method_GET, LABEL_status_200));
	MEASURE("gauge up and down", TIMES,
		metrics_up_chores_http_connections(LABEL_listener_tls);
		metrics_down_chores_http_connections(LABEL_listener_tls));
	MEASURE("summary", TIMES,
	    metrics_observe_http_request_size_bytes(handler(i), i));
	MEASURE("histogram of 25 buckets", TIMES,
	    metrics_observe_http_request_duration_highr_seconds(
		0.0001 * (i % 64), NULL));
	MEASURE("the same with an exemplar", TIMES,
	    metrics_observe_http_request_duration_highr_seconds(
		0.0001 * (i % 64), &exemplar));
	MEASURE("status 200 to its label", TIMES,
	    metrics_inc_http_requests_total(
		handler(i), LABEL_method_GET, metrics_find_number_status(200)));
	MEASURE("status 503 to its label", TIMES,
	    metrics_inc_http_requests_total(
		handler(i), LABEL_method_GET, metrics_find_number_status(503)));
	MEASURE("distinct user", TIMES, distinct_seen(1 + i % 1000));
	MEASURE("all metrics of a request", TIMES, request(i));
	MEASURE("scrape, text", SCRAPES,
	    metrics_render(&page, METRICS_FORMAT_TEXT));
	(void)printf("%zu bytes\n", page.length);
	MEASURE("scrape, OpenMetrics", SCRAPES,
	    metrics_render(&page, METRICS_FORMAT_OPENMETRICS));
	(void)printf("%zu bytes\n", page.length);
	MEASURE("scrape, protobuf", SCRAPES,
	    metrics_render(&page, METRICS_FORMAT_PROTOBUF));
	(void)printf("%zu bytes\n", page.length);
	metrics_page_free(&page);
	return (0);
}
