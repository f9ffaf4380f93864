/*
 * traceparent: the trace that a request is part of, if its client says so.
 * Source: W3C Trace Context, 3.2, "Traceparent Header".
 *
 * Context  any.
 */
#ifndef HTTP_TRACEPARENT_H
#define HTTP_TRACEPARENT_H

#include <stdbool.h>

#define TRACEPARENT_ID_SIZE 33

/*
 * traceparent_take(header, id): the trace id, 32 lower-case hexadecimal
 * digits; false, and "", if there is none or the header is not to the letter.
 * ${header} may be NULL. Of versions to come the known beginning is read.
 */
bool traceparent_take(const char *header, char id[TRACEPARENT_ID_SIZE]);

#endif
