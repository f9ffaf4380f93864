#include "http/dispatch.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <kore/kore.h>
#include <kore/http.h>

#include "http/account.h"
#include "http/bearer.h"
#include "http/cors.h"
#include "http/door.h"
#include "http/progress.h"
#include "platform/clock.h"
#include "platform/compiler.h"
#include "platform/netmatch.h"
#include "platform/settings.h"

#define US_PER_S 1000000

FOR_KORE int dispatch_validate(struct http_request *, const void *);

/* The scrape's path is a setting; elsewhere nothing answers to it. */
static enum route
resolve_route(enum route route, const char *path)
{
	const char *endpoint = settings_get()->metrics_endpoint;

	if (!settings_get()->enable_metrics)
		return (route == ROUTE_metrics ? ROUTE_none : route);
	if (route == ROUTE_metrics && strcmp(path, endpoint) != 0)
		return (ROUTE_none);
	if (route == ROUTE_none && strcmp(path, endpoint) == 0)
		return (ROUTE_metrics);
	return (route);
}

/* More than any head is. */
#define FORWARDED_CEILING_BYTES (1024 * 1024)

/*
 * X-Forwarded-For, all lines as one list: HAProxy writes one of its own below
 * those that its client sent, and who reads but the first believes the client.
 */
static const char *
forwarded_for(struct call *call)
{
	static const char name[] = "x-forwarded-for";
	size_t at = 0;
	const char *value = request_next_header(call->request, name, &at);
	struct buffer list;

	if (value == NULL || settings_get()->trusted_proxies.count == 0)
		return (NULL);
	buffer_init(&list, FORWARDED_CEILING_BYTES);
	buffer_puts(&list, value);
	while (
	    (value = request_next_header(call->request, name, &at)) != NULL) {
		buffer_putc(&list, ',');
		buffer_puts(&list, value);
	}
	return (buffer_keep(&list, &call->arena));
}

/* The address that limits, logs and access lists go by. */
static void
find_client(struct call *call)
{
	const struct connection *c = call->kore->owner;
	const struct settings *settings = settings_get();
	char peer[NETMATCH_TEXT_SIZE], client[NETMATCH_TEXT_SIZE];

	netmatch_peer_text((const struct sockaddr *)&c->addr, peer);
	netmatch_client(
	    &settings->trusted_proxies, peer, forwarded_for(call), client);
	call->progress->client = arena_strdup(&call->arena, client);
}

static struct call *
receive(struct http_request *req, enum route route)
{
	const struct request *request = door_request(req->owner);
	struct call *call;
	const char *origin;

	route = resolve_route(route, request->path);
	call = call_begin(
	    req, route_choose(route, request->path, request->method));
	find_client(call);
	requestid_take(request_header(call->request, "x-request-id"),
	    call->progress->request_id);
	(void)traceparent_take(request_header(call->request, "traceparent"),
	    call->progress->trace_id);
	if ((origin = request_header(call->request, "origin")) != NULL)
		call->progress->origin = arena_strdup(&call->arena, origin);
	account_begin(call->progress->route, call->progress->method);
	return (call);
}

/* 405 names every method that the path has: RFC 9110, 15.5.6. */
static void
refuse_method(struct call *call)
{
	static const enum method all[] = { METHOD_GET, METHOD_POST, METHOD_PUT,
		METHOD_PATCH, METHOD_DELETE };
	enum route first = call->progress->route, route;
	char allow[64] = "";
	size_t i;

	for (i = 0; i < COUNT_OF(all); i++) {
		route = route_choose(first, call->request->path, all[i]);
		if (operation_find(route, all[i]) == NULL)
			continue;
		if (allow[0] != '\0')
			(void)strncat(
			    allow, ", ", sizeof(allow) - strlen(allow) - 1);
		(void)strncat(allow,
		    all[i] == METHOD_GET ? "GET, HEAD"
					 : request_method_name(all[i]),
		    sizeof(allow) - strlen(allow) - 1);
	}
	call_header(call, "allow", allow);
	(void)call_refuse(call, PROBLEM_method_not_allowed);
}

/* OPTIONS *: what the server can do as a whole. RFC 9110, 9.3.7. */
static bool
asks_for_server(const struct call *call)
{
	return (strcmp(call->request->path, "*") == 0);
}

static void
answer_for_server(struct call *call)
{
	call_header(call, "allow", "GET, HEAD, POST, PUT, DELETE, OPTIONS");
	(void)call_answer_as(call, 200, NULL);
}

/* Refuse what no operation wants to see. True while unanswered. */
static bool
admit(struct call *call)
{
	struct call_progress *progress = call->progress;
	int status;

	status = body_check(call->request, &call->arena, &progress->input_body,
	    call_body(call));
	if (status != 0) {
		(void)call_answer(call, status);
		return (false);
	}
	if (cors_is_preflight(call->request)) {
		status = cors_preflight(call->request, settings_get(),
		    &progress->headers, call_body(call));
		(void)call_answer_preflight(call, status);
		return (false);
	}
	if (asks_for_server(call)) {
		answer_for_server(call);
		return (false);
	}
	if (progress->route == ROUTE_none) {
		(void)call_refuse(call, PROBLEM_not_found);
		return (false);
	}
	call->operation = operation_find(progress->route, progress->method);
	if (call->operation == NULL) {
		refuse_method(call);
		return (false);
	}
	status = body_read(call->operation->input->body_kind, call->request,
	    &call->arena, &progress->input_body, call_body(call));
	if (status == 0)
		return (true);
	(void)call_answer(call, status);
	return (false);
}

static bool
authenticate(struct call *call)
{
	enum problem problem;

	if (call->operation->role == ROLE_public)
		return (true);
	problem = bearer_check(call->request, &call->token_user_id);
	if (problem == PROBLEM_none)
		return (true);
	(void)call_refuse(call, problem);
	return (false);
}

/* The segments of the path that stand where the template has {names}. */
static void
find_path_values(
    const char *template, const char *path, struct path_values *values)
{
	const char *end;

	values->count = 0;
	while (*template != '\0' && *path != '\0') {
		if (*template != '{') {
			template ++;
			path++;
			continue;
		}
		end = path + strcspn(path, "/");
		if (values->count < PATH_VALUES_MAX) {
			values->texts[values->count] = path;
			values->lengths[values->count++] = (size_t)(end - path);
		}
		template += strcspn(template, "}") + 1;
		path = end;
	}
}

/* 400 where the body cannot be read at all; else all faults are kept. */
static bool
decode(struct call *call)
{
	const struct input *input = call->operation->input;
	struct path_values path;
	int status;

	find_path_values(route_info(call->operation->route)->template,
	    call->request->path, &path);
	call->values =
	    arena_zalloc(&call->arena, input->size > 0 ? input->size : 1);
	status = fields_read(input, call->request, &path,
	    &call->progress->input_body, &call->arena, call->values,
	    &call->progress->faults, call_body(call));
	if (status == 0)
		return (true);
	(void)call_answer(call, status);
	return (false);
}

/*
 * Which bucket of its operation a request is counted in: that of its path, and
 * of the numbers in it, however they are written. Who could count in another
 * by 7, 007 and +7 would have no limit.
 */
static const char *
limited_path(struct call *call)
{
	const struct input *input = call->operation->input;
	const char *path = route_info(call->operation->route)->template;
	size_t i;

	for (i = 0; i < input->npath; i++) {
		assert(input->path[i].type == FIELD_INT);
		path = arena_printf(&call->arena, "%s %" PRId64, path,
		    fields_value(&input->path[i], call->values)->integer);
	}
	return (path);
}

static void
count_against_limit(struct call *call)
{
	const struct settings *settings = settings_get();
	struct call_progress *progress = call->progress;
	int limit = call->operation->limit;
	char client[NETMATCH_TEXT_SIZE];

	if (!settings->rate_limit_enabled || settings->testing)
		return;
	if (limit == 0 && progress->route != ROUTE_metrics &&
	    progress->route != ROUTE_health &&
	    progress->route != ROUTE_api_health &&
	    progress->route != ROUTE_api_ready &&
	    progress->route != ROUTE_api_detailed)
		limit = (int)settings->rate_limit_default;
	if (limit == 0)
		return;
	netmatch_site(progress->client, client);
	progress->limit_key = limit_key(
	    (uint64_t)progress->route * 16 + (uint64_t)call->operation->method,
	    client, limited_path(call));
	progress->limit =
	    limit_take(progress->limit_key, limit, clock_mono_us() / US_PER_S);
	progress->may_use_limit = !progress->limit.refused;
}

/* Decided already; but who has no account is told that first. */
static int
refuse_later(struct call *call)
{
	if (call->operation->role != ROLE_public)
		return (call_look_up(call));
	return (faults_any(&call->progress->faults) ? answer_faults(call)
						    : answer_limited(call));
}

static int
run(struct call *call)
{
	if (!decode(call))
		return (call_result(call));
	if (!faults_any(&call->progress->faults))
		count_against_limit(call);
	if (faults_any(&call->progress->faults) ||
	    call->progress->limit.refused)
		return (refuse_later(call));
	return (call->operation->run(call));
}

/*
 * Kore asks this before it runs a route of the authentication block: whatever
 * must be answered before authentication is answered here.
 */
int
dispatch_validate(struct http_request *req, const void *unused)
{
	struct call *call;
	int (*handler)(struct http_request *);

	(void)unused;
	memcpy(&handler, &req->hdlr->rcall->addr, sizeof(handler));
	call = receive(req, route_of(handler));
	if (!admit(call) || !authenticate(call))
		return (KORE_RESULT_ERROR);
	return (KORE_RESULT_OK);
}

int
dispatch_run(struct http_request *req, enum route route)
{
	struct call *call = req->hdlr_extra;

	if (call == NULL) { /* a route without the authentication block */
		call = receive(req, route);
		if (!admit(call) || !authenticate(call))
			return (call_result(call));
	} else if (call->progress->answered)
		return (KORE_RESULT_OK);
	return (run(call));
}
