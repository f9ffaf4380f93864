/*
 * endpoints: the prototypes of all operations and their inputs, from the
 * table. A function that the table names and nobody wrote does not link.
 */
#ifndef API_ENDPOINTS_H
#define API_ENDPOINTS_H

#include "http/operation.h"

#define ROUTE(name, template)
#define OPERATION(                                                \
    route, method, function, role, problem, limit, status, reads) \
	int function(struct call *call);                          \
	extern const struct input reads;
#include "api/operations.def"
#undef ROUTE
#undef OPERATION

#endif
