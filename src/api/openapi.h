/*
 * openapi: the API's description, made from its tables: the operations, the
 * fields that each reads, and the shapes of their answers.
 * Source: OpenAPI Specification 3.1.0.
 *
 * Context  worker.
 */
#ifndef API_OPENAPI_H
#define API_OPENAPI_H

#include "platform/buffer.h"

/* openapi_put(body): the whole document; made once a process. */
void openapi_put(struct buffer *body);

#endif
