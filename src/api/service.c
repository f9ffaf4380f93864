/*
 * service: what is asked before anything else: is it there, is it well.
 */
#include <string.h>

#include "api/endpoints.h"
#include "api/version.h"
#include "domain/dates.h"
#include "http/call.h"
#include "http/json.h"
#include "platform/clock.h"
#include "platform/settings.h"

/* A class of error, never a driver's text: those name hosts and tables. */
#define CONNECTION_FAILED "connection failed"

static void
put_text(struct buffer *body, const char *text)
{
	json_put_string(body, text, strlen(text));
}

/* ,"timestamp":"2026-11-22T13:58:56.943070": UTC without any zone */
static void
put_timestamp(struct buffer *body)
{
	buffer_puts(body, ",\"timestamp\":\"");
	dates_put_naive(body, dates_from_unix_us(clock_real_us()));
	buffer_putc(body, '"');
}

int
service_root(struct call *call)
{
	const struct settings *settings = settings_get();
	struct buffer *body = call_body(call);

	buffer_puts(body, "{\"name\":");
	put_text(body, settings->app_name);
	buffer_puts(body,
	    ",\"version\":\"" API_VERSION "\",\"status\":\"running\","
	    "\"docs\":\"/docs\",\"redoc\":\"/redoc\",\"environment\":");
	put_text(body, settings->environment);
	buffer_puts(body, ",\"frontend\":\"React Native Web application "
			  "(separate deployment)\"}");
	return (call_answer(call, 200));
}

int
service_alive(struct call *call)
{
	struct buffer *body = call_body(call);

	buffer_puts(body, "{\"status\":\"ok\"");
	put_timestamp(body);
	buffer_putc(body, '}');
	return (call_answer(call, 200));
}

/* Ask the database; an outage is an answer here, not a failure. */
static int
ask_database(struct call *call, void (*done)(struct call *))
{
	call->sees_outage = true;
	(void)call_step(call, STATEMENT_service_version);
	return (call_submit(call, done));
}

static bool
database_answered(const struct call *call)
{
	return (call->job.outcome == JOB_DONE && call_rows(call, 0)->count > 0);
}

static void
service_health_done(struct call *call)
{
	bool up = database_answered(call);

	buffer_puts(call_body(call),
	    up ? "{\"status\":\"healthy\",\"database\":\"connected\"}"
	       : "{\"status\":\"unhealthy\",\"database\":\"disconnected\","
		 "\"error\":\"" CONNECTION_FAILED "\"}");
	(void)call_answer(call, up ? 200 : 503);
}

int
service_health(struct call *call)
{
	return (ask_database(call, service_health_done));
}

static void
service_ready_done(struct call *call)
{
	bool up = database_answered(call);
	struct buffer *body = call_body(call);

	buffer_puts(body,
	    up ? "{\"status\":\"ready\",\"database\":\"connected\""
	       : "{\"status\":\"not_ready\",\"database\":\"disconnected\","
		 "\"error\":\"" CONNECTION_FAILED "\"");
	put_timestamp(body);
	buffer_putc(body, '}');
	(void)call_answer(call, up ? 200 : 503);
}

int
service_ready(struct call *call)
{
	return (ask_database(call, service_ready_done));
}

static void
service_detailed_done(struct call *call)
{
	bool up = database_answered(call);
	struct buffer *body = call_body(call);

	buffer_printf(body,
	    "{\"status\":\"%s\",\"components\":{\"database\":{\"status\":\"%"
	    "s\","
	    "\"%s\":",
	    up ? "healthy" : "unhealthy", up ? "healthy" : "unhealthy",
	    up ? "version" : "error");
	put_text(body,
	    up ? row_text(call_rows(call, 0), 0, 0, NULL) : CONNECTION_FAILED);
	buffer_puts(body, up ? ",\"type\":\"PostgreSQL\"}}" : "}}");
	put_timestamp(body);
	buffer_puts(body, ",\"version\":\"" API_VERSION "\"}");
	(void)call_answer(call, up ? 200 : 503);
}

int
service_detailed(struct call *call)
{
	return (ask_database(call, service_detailed_done));
}
