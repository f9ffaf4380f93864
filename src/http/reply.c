#include "http/reply.h"

#include <string.h>

#include "platform/clock.h"
#include "platform/compiler.h"

/* 413 and 422 as the API's contract spells them. */
static const struct {
	int status;
	const char *text;
} reasons[] = {
	{ 100, "Continue" },
	{ 200, "OK" },
	{ 201, "Created" },
	{ 202, "Accepted" },
	{ 204, "No Content" },
	{ 304, "Not Modified" },
	{ 307, "Temporary Redirect" },
	{ 308, "Permanent Redirect" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 406, "Not Acceptable" },
	{ 408, "Request Timeout" },
	{ 409, "Conflict" },
	{ 410, "Gone" },
	{ 411, "Length Required" },
	{ 413, "Request Entity Too Large" },
	{ 414, "Request-URI Too Long" },
	{ 415, "Unsupported Media Type" },
	{ 417, "Expectation Failed" },
	{ 421, "Misdirected Request" },
	{ 422, "Unprocessable Entity" },
	{ 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" },
	{ 501, "Not Implemented" },
	{ 502, "Bad Gateway" },
	{ 503, "Service Unavailable" },
	{ 504, "Gateway Timeout" },
	{ 505, "HTTP Version Not Supported" },
};

const char *
reply_reason(int status)
{
	size_t i;

	for (i = 0; i < COUNT_OF(reasons); i++)
		if (reasons[i].status == status)
			return (reasons[i].text);
	return ("");
}

bool
reply_has_body(int status)
{
	return (status >= 200 && status != 204 && status != 304);
}

/* Cheaper than a format for what every answer has. */
static void
put_line(struct buffer *b, const char *name, const char *value)
{
	buffer_puts(b, name);
	buffer_puts(b, value);
	buffer_append(b, "\r\n", 2);
}

void
reply_put_head(struct buffer *b, const struct reply *r)
{
	buffer_puts(b, "HTTP/1.1 ");
	buffer_put_int(b, r->status);
	put_line(b, " ", reply_reason(r->status));
	put_line(b, "date: ", clock_date_header());
	if (reply_has_body(r->status)) {
		buffer_puts(b, "content-length: ");
		buffer_put_int(b, (long long)r->body_length);
		buffer_append(b, "\r\n", 2);
	}
	if (r->headers_length > 0)
		buffer_append(b, r->headers, r->headers_length);
	if (r->connection != NULL)
		put_line(b, "connection: ", r->connection);
	buffer_append(b, "\r\n", 2);
}
