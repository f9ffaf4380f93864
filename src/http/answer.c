/*
 * answer: the call's answer, from its body to the door: headers that all have,
 * errors by the table of problems, metrics and log. Declared in http/call.h,
 * what is dispatch's alone in http/progress.h.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/account.h"
#include "http/call.h"
#include "http/cors.h"
#include "http/door.h"
#include "http/json.h"
#include "http/progress.h"
#include "metrics/metrics.h"
#include "platform/clock.h"
#include "platform/settings.h"

#define TYPE_JSON "application/json"
#define TYPE_TEXT "text/plain; charset=utf-8"

/* A larger body is not copied on its way to the socket. */
#define COPIED_BODY_MAX_BYTES 4096
#define BODY_GONE 0

/* When to ask again after a 503: about when a lost connection is back. */
#define RETRY_AFTER_S "1"

/* Source: OWASP HTTP Headers Cheat Sheet; HSTS only where TLS is, RFC 6797. */
#define SECURITY_HEADERS                      \
	"x-content-type-options: nosniff\r\n" \
	"x-frame-options: DENY\r\n"           \
	"referrer-policy: no-referrer\r\n"
#define HSTS_HEADER "strict-transport-security: max-age=31536000\r\n"

struct buffer *
call_body(struct call *call)
{
	return (&call->progress->body);
}

void
call_header(struct call *call, const char *name, const char *value)
{
	struct buffer *headers = &call->progress->headers;

	buffer_puts(headers, name);
	buffer_puts(headers, ": ");
	buffer_puts(headers, value);
	buffer_puts(headers, "\r\n");
}

static void
put_common_headers(struct call *call)
{
	struct call_progress *progress = call->progress;

	if (progress->limit.limit > 0) {
		char text[16];

		(void)snprintf(text, sizeof(text), "%d", progress->limit.limit);
		call_header(call, "x-ratelimit-limit", text);
		(void)snprintf(
		    text, sizeof(text), "%d", progress->limit.remaining);
		call_header(call, "x-ratelimit-remaining", text);
		(void)snprintf(
		    text, sizeof(text), "%d", progress->limit.reset_s);
		call_header(call, "x-ratelimit-reset", text);
	}
	call_header(call, "x-request-id", progress->request_id);
	buffer_puts(&progress->headers, SECURITY_HEADERS);
	if (progress->over_tls)
		buffer_puts(&progress->headers, HSTS_HEADER);
}

static void
account_for(struct call *call, int status, size_t response_bytes)
{
	const struct call_progress *progress = call->progress;
	struct account a = {
		.route = progress->route,
		.method = progress->method,
		.status = status,
		.request_bytes = progress->request_bytes,
		.response_bytes = response_bytes,
		.duration_us = clock_mono_us() - progress->arrived_mono_us,
		.request_id = progress->request_id,
		.trace_id = progress->trace_id,
		.path = progress->path,
		.client = progress->client,
	};

	account_end(&a);
}

static void
send_answer(struct call *call, int status)
{
	struct call_progress *progress = call->progress;
	struct response response = {
		.status = status,
		.headers = progress->headers.data,
		.headers_length = progress->headers.length,
		.body = progress->body.data,
		.body_length = progress->body.length,
	};

	progress->answered = true;
	account_for(call, status, progress->body.length);
	if (progress->body.length > COPIED_BODY_MAX_BYTES) {
		/* The door's from now on: it is sent from where it is. */
		response.owned = progress->body.data;
		buffer_init(&progress->body, BODY_GONE);
	}
	if (call->kore != NULL)
		door_respond(call->kore, &response);
	else
		free(response.owned);
}

int
call_answer_as(struct call *call, int status, const char *content_type)
{
	struct call_progress *progress = call->progress;

	if (progress->answered)
		return (call_result(call));
	if (buffer_failed(&progress->body)) {
		buffer_reset(&progress->body);
		return (call_refuse(call, PROBLEM_internal));
	}
	put_common_headers(call);
	if (content_type != NULL)
		call_header(call, "content-type", content_type);
	cors_put_headers(&progress->headers, progress->origin, settings_get());
	send_answer(call, status);
	return (call_result(call));
}

int
call_answer_preflight(struct call *call, int status)
{
	put_common_headers(call);
	call_header(call, "content-type", TYPE_TEXT);
	send_answer(call, status);
	return (call_result(call));
}

int
call_answer(struct call *call, int status)
{
	return (call_answer_as(call, status, TYPE_JSON));
}

int
call_detail(struct call *call, int status, const char *text)
{
	struct buffer *body = call_body(call);

	buffer_reset(body);
	buffer_puts(body, "{\"detail\":");
	json_put_string(body, text, strlen(text));
	buffer_putc(body, '}');
	return (call_answer(call, status));
}

/* Headers that belong to a status wherever it comes from. */
static void
put_problem_headers(struct call *call, enum problem problem)
{
	switch (problem) {
	case PROBLEM_not_authenticated:
	case PROBLEM_invalid_credentials:
	case PROBLEM_user_not_found:
	case PROBLEM_inactive_user:
		call_header(call, "www-authenticate", "Bearer");
		break;
	case PROBLEM_unavailable:
		call_header(call, "retry-after", RETRY_AFTER_S);
		break;
	default:
		break;
	}
}

int
call_refuse(struct call *call, enum problem problem)
{
	put_problem_headers(call, problem);
	if (problem == PROBLEM_internal) {
		buffer_reset(call_body(call));
		buffer_puts(call_body(call), problem_text(problem));
		return (
		    call_answer_as(call, problem_status(problem), TYPE_TEXT));
	}
	return (
	    call_detail(call, problem_status(problem), problem_text(problem)));
}

int
call_refuse_with(struct call *call, enum problem problem, ...)
{
	va_list arguments;
	const char *text;

	va_start(arguments, problem);
	/* The formats are the rows of problems.def. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	text = arena_vprintf(&call->arena, problem_text(problem), arguments);
#pragma GCC diagnostic pop
	va_end(arguments);
	return (call_detail(call, problem_status(problem), text));
}

int
answer_limited(struct call *call)
{
	struct call_progress *progress = call->progress;
	char text[16];

	metrics_inc_chores_rate_limited_requests_total(
	    (enum metrics_handler)progress->route);
	(void)snprintf(text, sizeof(text), "%d", progress->limit.reset_s);
	call_header(call, "retry-after", text);
	buffer_reset(call_body(call));
	buffer_printf(call_body(call),
	    "{\"error\":\"Rate limit exceeded: %d per 1 minute\"}",
	    progress->limit.limit);
	return (call_answer(call, 429));
}

int
answer_faults(struct call *call)
{
	buffer_reset(call_body(call));
	faults_put(call_body(call), &call->progress->faults);
	return (call_answer(call, 422));
}
