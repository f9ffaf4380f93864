/*
 * reply: the bytes of an answer's head.
 *
 * Context  any.
 * Source   RFC 9112, 4; RFC 9110, 6.6.1 (Date), 8.6 (Content-Length), 15.
 */
#ifndef HTTP_REPLY_H
#define HTTP_REPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "platform/buffer.h"

struct reply {
	int status;
	const char *headers; /* complete "name: value\r\n" lines, or NULL */
	size_t headers_length;
	size_t body_length;     /* what content-length says, also to HEAD */
	const char *connection; /* "close", "keep-alive", or NULL */
};

/* reply_reason(status): "Not Found"; "" for a status we don't send. */
const char *reply_reason(int status);

/*
 * reply_put_head(b, r): status line, date, content-length (not with 1xx, 204
 * and 304), headers, connection, and the empty line.
 */
void reply_put_head(struct buffer *b, const struct reply *r);

/* reply_has_body(status): whether that status may carry a body. */
bool reply_has_body(int status);

#endif
