#include "http/stub.h"

#include "http/octet.h"

#define SEGMENT_MAX 200

static const char *
method_for_kore(enum method method)
{
	switch (method) {
	case METHOD_GET:
		return ("GET");
	case METHOD_HEAD:
		return ("HEAD");
	case METHOD_POST:
		return ("POST");
	case METHOD_PUT:
		return ("PUT");
	case METHOD_DELETE:
		return ("DELETE");
	case METHOD_OPTIONS:
		return ("OPTIONS");
	default:
		return ("PATCH");
	}
}

/* Kore answers 411 without it. */
static bool
needs_length(enum method method)
{
	switch (method) {
	case METHOD_POST:
	case METHOD_PUT:
	case METHOD_PATCH:
	case METHOD_OTHER:
		return (true);
	default:
		return (false);
	}
}

/* One byte of the path as Kore may see it; returns how many it became. */
static size_t
put_octet(struct buffer *b, char c)
{
	if (octet_is(c, OCTET_TARGET) && c != '?' && c != '%') {
		buffer_putc(b, c);
		return (1);
	}
	buffer_printf(b, "%%%02X", (unsigned)(unsigned char)c);
	return (3);
}

static void
put_path(struct buffer *b, const char *path)
{
	size_t total = 0, segment = 0;

	if (*path != '/')
		buffer_putc(b, '/');
	for (; *path != '\0' && total < STUB_PATH_MAX - 4; path++) {
		size_t length = 0;

		if (*path == '/')
			segment = 0;
		if (segment < SEGMENT_MAX)
			length = put_octet(b, *path);
		segment += length;
		total += length;
	}
}

void
stub_put(struct buffer *b, const struct request *request, const char *host)
{
	buffer_puts(b, method_for_kore(request->method));
	buffer_putc(b, ' ');
	put_path(b, request->path);
	buffer_puts(b, " HTTP/1.1\r\nHost: ");
	buffer_puts(b, host);
	if (needs_length(request->method))
		buffer_puts(b, "\r\nContent-Length: 0");
	buffer_puts(b, "\r\n\r\n");
}
