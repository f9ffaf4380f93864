#include "http/account.h"

#include "db/statement.h"
#include "http/door.h"
#include "http/requestlog.h"
#include "metrics/metrics.h"
#include "platform/log.h"

#define US_PER_S 1e6
#define STATUS_ERROR 400

/* The table of routes and that of labels say the same in their own words. */
#define METHOD_LABEL(name) \
	_Static_assert((int)METHOD_##name == (int)LABEL_method_##name, #name);
METHOD_LABEL(GET)
METHOD_LABEL(HEAD)
METHOD_LABEL(POST)
METHOD_LABEL(PUT)
METHOD_LABEL(PATCH)
METHOD_LABEL(DELETE)
METHOD_LABEL(OPTIONS)
METHOD_LABEL(OTHER)
_Static_assert((int)ROUTE_MAX <= (int)LABEL_handler_MAX, "handler");
_Static_assert((int)STATEMENT_MAX <= (int)LABEL_statement_MAX, "statement");
_Static_assert((int)REFUSAL_MAX <= (int)LABEL_reason_MAX, "reason");

/* Neither the scrape nor the two probes count themselves. */
static bool
is_counted(enum route route)
{
	return (route != ROUTE_metrics && route != ROUTE_health &&
		route != ROUTE_root);
}

static enum metrics_handler
handler_label(enum route route)
{
	return ((enum metrics_handler)route);
}

static enum metrics_method
method_label(enum method method)
{
	return ((enum metrics_method)method);
}

/* From the start: what each operation answers when all is well. */
static void
expect_series(enum route route)
{
	const struct route_info *info = route_info(route);
	enum metrics_handler handler = handler_label(route);
	size_t i;

	if (!is_counted(route))
		return;
	metrics_expect_http_request_size_bytes(handler);
	metrics_expect_http_response_size_bytes(handler);
	for (i = 0; i < info->noperations; i++) {
		enum metrics_method method =
		    method_label(info->operations[i].method);

		metrics_expect_http_requests_total(handler, method,
		    metrics_find_number_status(
			(unsigned)info->operations[i].status));
		metrics_expect_http_requests_inprogress(handler, method);
		metrics_expect_http_request_duration_seconds(handler, method);
	}
}

void
account_name_values(void)
{
	const char *names[LABEL_statement_MAX + LABEL_handler_MAX];
	size_t i;
	int failed = 0;

	for (i = 0; i < ROUTE_MAX; i++)
		names[i] = route_info((enum route)i)->template;
	failed |= metrics_name_values(METRICS_SET_handler, names, ROUTE_MAX);
	for (i = 0; i < STATEMENT_MAX; i++)
		names[i] = statement_info((enum statement)i)->name;
	failed |=
	    metrics_name_values(METRICS_SET_statement, names, STATEMENT_MAX);
	for (i = 0; i < REFUSAL_MAX; i++)
		names[i] = refusal_name((enum refusal)i);
	failed |= metrics_name_values(METRICS_SET_reason, names, REFUSAL_MAX);
	if (failed != 0)
		log_error("metrics: a table is larger than its label set");

	for (i = 0; i < ROUTE_MAX; i++)
		expect_series((enum route)i);
	for (i = REFUSAL_none + 1; i < REFUSAL_MAX; i++)
		metrics_expect_chores_http_refused_requests_total(
		    (enum metrics_reason)i);
}

void
account_begin(enum route route, enum method method)
{
	if (is_counted(route))
		metrics_up_http_requests_inprogress(
		    handler_label(route), method_label(method));
}

static void
count_error(
    enum route route, int status, const struct metrics_exemplar *exemplar)
{
	if (status >= STATUS_ERROR)
		metrics_inc_api_errors_total(handler_label(route),
		    metrics_find_number_status((unsigned)status), exemplar);
}

void
account_end(const struct account *a)
{
	enum metrics_handler handler = handler_label(a->route);
	enum metrics_method method = method_label(a->method);
	double duration_s = (double)a->duration_us / US_PER_S;
	const struct metrics_exemplar exemplar = {
		.trace_id = a->trace_id,
		.request_id = a->request_id,
	};

	requestlog_write(a);
	if (!is_counted(a->route))
		return;
	metrics_begin();
	metrics_down_http_requests_inprogress(handler, method);
	metrics_inc_http_requests_total(
	    handler, method, metrics_find_number_status((unsigned)a->status));
	metrics_observe_http_request_size_bytes(handler, a->request_bytes);
	metrics_observe_http_response_size_bytes(handler, a->response_bytes);
	metrics_observe_http_request_duration_highr_seconds(
	    duration_s, &exemplar);
	metrics_observe_http_request_duration_seconds(
	    handler, method, duration_s, &exemplar);
	count_error(a->route, a->status, &exemplar);
	metrics_end();
}

void
account_abandon(enum route route, enum method method)
{
	if (is_counted(route))
		metrics_down_http_requests_inprogress(
		    handler_label(route), method_label(method));
}

/* What the front door turned away was for no route that we know. */
void
door_on_refusal(enum refusal reason, int status, enum method method)
{
	metrics_inc_chores_http_refused_requests_total(
	    (enum metrics_reason)reason);
	if (status == 0)
		return;
	metrics_begin();
	metrics_inc_http_requests_total(handler_label(ROUTE_none),
	    method_label(method), metrics_find_number_status((unsigned)status));
	count_error(ROUTE_none, status, NULL);
	metrics_end();
}
