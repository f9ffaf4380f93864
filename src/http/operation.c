#include "http/operation.h"

#include <string.h>

#include <kore/kore.h>
#include <kore/http.h>

#include "http/dispatch.h"
#include "platform/compiler.h"

/*
 * The rooms above are named here by the table only: this file is where the
 * table becomes code.
 */
#include "api/endpoints.h"

const struct input no_input;

/* What conf/routes.conf names: one function a path. */
#define ROUTE(name, template)                             \
	FOR_KORE int route_##name(struct http_request *); \
	int route_##name(struct http_request *req)        \
	{                                                 \
		return (dispatch_run(req, ROUTE_##name)); \
	}
#define OPERATION(route, method, function, role, problem, limit, status, reads)
#include "api/operations.def"
#undef ROUTE
#undef OPERATION

FOR_KORE int route_none(struct http_request *);

/* The last route of the configuration: whatever nothing else matches. */
int
route_none(struct http_request *req)
{
	return (dispatch_run(req, ROUTE_none));
}

static const struct operation operations[] = {
#define ROUTE(name, template)
#define OPERATION(                                                          \
    route, method, function, role, problem, limit, status, reads)           \
	{ ROUTE_##route, METHOD_##method, #function, function, ROLE_##role, \
		PROBLEM_##problem, limit, status, &reads },
#include "api/operations.def"
#undef ROUTE
#undef OPERATION
};

static struct route_info routes[] = {
#define ROUTE(name, template) { template, route_##name, NULL, 0 },
#define OPERATION(route, method, function, role, problem, limit, status, reads)
#include "api/operations.def"
#undef ROUTE
#undef OPERATION
	{ "none", route_none, NULL, 0 },
};

void
operations_load(void)
{
	size_t i;

	for (i = 0; i < COUNT_OF(operations); i++) {
		struct route_info *route = &routes[operations[i].route];

		if (route->noperations++ == 0)
			route->operations = &operations[i];
	}
}

const struct route_info *
route_info(enum route route)
{
	return (&routes[route]);
}

enum route
route_of(int (*handler)(struct http_request *))
{
	size_t i;

	for (i = 0; i < COUNT_OF(routes); i++)
		if (routes[i].handler == handler)
			return ((enum route)i);
	return (ROUTE_none);
}

const struct operation *
operation_find(enum route route, enum method method)
{
	const struct route_info *info = &routes[route];
	size_t i;

	if (method == METHOD_HEAD)
		method = METHOD_GET;
	for (i = 0; i < info->noperations; i++)
		if (info->operations[i].method == method)
			return (&info->operations[i]);
	return (NULL);
}

/* Whether a path has the form of a template: a {name} is one segment. */
static bool
fits(const char *template, const char *path)
{
	size_t length;

	while (*template != '\0') {
		if (*template != '{') {
			if (*template ++ != *path++)
				return (false);
			continue;
		}
		if ((length = strcspn(path, "/")) == 0)
			return (false);
		path += length;
		template += strcspn(template, "}") + 1;
	}
	return (*path == '\0');
}

enum route
route_choose(enum route first, const char *path, enum method method)
{
	size_t i;

	if (operation_find(first, method) != NULL)
		return (first);
	for (i = (size_t)first + 1; i < ROUTE_none; i++)
		if (operation_find((enum route)i, method) != NULL &&
		    fits(routes[i].template, path))
			return ((enum route)i);
	return (first);
}
