/*
 * openapi_field: fields of requests as JSON Schema.
 * Source: OpenAPI Specification 3.1.0, "Schema Object"; JSON Schema 2020-12.
 *
 * Context  any.
 */
#ifndef API_OPENAPI_FIELD_H
#define API_OPENAPI_FIELD_H

#include <stdbool.h>

#include "http/fields.h"
#include "platform/buffer.h"

/* openapi_field_put_schema(b, field): what its value may be. */
void openapi_field_put_schema(struct buffer *b, const struct field *field);

/* openapi_field_put_object(b, fields, count): an object of them. */
void openapi_field_put_object(
    struct buffer *b, const struct field *fields, size_t count);

/* openapi_field_put_parameter(b, field, in, first): one of a list. */
void openapi_field_put_parameter(
    struct buffer *b, const struct field *field, const char *in, bool first);

#endif
