/*
 * stub: the request that Kore sees instead of the real one.
 *
 * Kore needs a request line to find the route, and a host; all the rest it
 * would limit, refuse or drop. So it is given
 *
 *	<method> <path> HTTP/1.1
 *	Host: <a domain of its own>
 *	[Content-Length: 0]
 *
 * and the real values stay with the door.
 *
 * Context  any.
 */
#ifndef HTTP_STUB_H
#define HTTP_STUB_H

#include "http/request.h"
#include "platform/buffer.h"

/* Kore takes 2000 bytes. */
#define STUB_PATH_MAX 1900

/*
 * stub_put(b, request, host): methods that Kore does not know are PATCH. The
 * path is the decoded one without its query; what would confuse Kore's parser
 * stays percent-encoded, a segment is cut at 200 bytes and all at
 * STUB_PATH_MAX, both beyond any route. OPTIONS * asks for the path slash
 * star.
 */
void stub_put(
    struct buffer *b, const struct request *request, const char *host);

#endif
