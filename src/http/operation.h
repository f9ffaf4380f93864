/*
 * operation: the table of operations and of the paths they share.
 *
 * A route is a path, declared in conf/routes.conf and as a ROUTE of
 * api/operations.def; an operation is a method on a route. A test compares the
 * two files.
 */
#ifndef HTTP_OPERATION_H
#define HTTP_OPERATION_H

#include <stdbool.h>
#include <stddef.h>

#include "http/fields.h"
#include "http/problem.h"
#include "http/request.h"

struct call;
struct http_request;

/* Who may call, and where in the order of checks that is decided. */
enum role {
	ROLE_public, /* no token is looked at */
	ROLE_any,    /* a token, any user */
	ROLE_parent, /* 403 after the input has been checked (422 first) */
	ROLE_child,
	ROLE_parent_first, /* 403 before the input is checked */
	ROLE_member_first  /* a family is needed, before the input is checked */
};

/* What operations read that have nothing to read. */
extern const struct input no_input;

enum route {
#define ROUTE(name, template) ROUTE_##name,
#define OPERATION(route, method, function, role, problem, limit, status, input)
#include "api/operations.def"
#undef ROUTE
#undef OPERATION
	ROUTE_none, /* no such path */
	ROUTE_MAX
};

struct operation {
	enum route route;
	enum method method;
	const char *name; /* of its function */
	int (*run)(struct call *);
	enum role role;
	enum problem role_problem; /* PROBLEM_none where the role has its own */
	int limit; /* requests a minute from one address on one path; 0: none */
	int status; /* of its answer when all is well */
	const struct input *input;
};

struct route_info {
	const char *template; /* also the value of the metrics' label handler */
	int (*handler)(struct http_request *); /* what conf names */
	const struct operation *operations;    /* in the table's order */
	size_t noperations;
};

/* operations_load(): sort the operations to their routes. Context parent. */
void operations_load(void);

/* Context any, all below. */
const struct route_info *route_info(enum route route);

/* route_of(handler): the route whose function conf names is ${handler}. */
enum route route_of(int (*handler)(struct http_request *));

/* operation_find(route, method): NULL if the route does not know the method;
 * HEAD finds GET. */
const struct operation *operation_find(enum route route, enum method method);

/*
 * route_choose(first, path, method): the first route that a path fits, or a
 * later one that it fits as well and that knows the method, where the first
 * doesn't: DELETE /chores/available is a DELETE of /chores/{chore_id}.
 */
enum route route_choose(enum route first, const char *path, enum method method);

#endif
