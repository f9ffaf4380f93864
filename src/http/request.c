#include "http/request.h"

#include <string.h>
#include <strings.h>

#include "platform/compiler.h"

static const struct {
	const char *text;
	size_t length;
} method_texts[] = {
	[METHOD_GET] = { "GET", 3 },
	[METHOD_HEAD] = { "HEAD", 4 },
	[METHOD_POST] = { "POST", 4 },
	[METHOD_PUT] = { "PUT", 3 },
	[METHOD_PATCH] = { "PATCH", 5 },
	[METHOD_DELETE] = { "DELETE", 6 },
	[METHOD_OPTIONS] = { "OPTIONS", 7 },
};

const char *
request_next_header(const struct request *request, const char *name, size_t *at)
{
	size_t length = strlen(name);

	while (*at < request->nheaders) {
		const struct header *h = &request->headers[(*at)++];

		if (h->name_length == length && strcasecmp(h->name, name) == 0)
			return (h->value);
	}
	return (NULL);
}

const char *
request_header(const struct request *request, const char *name)
{
	size_t at = 0;

	return (request_next_header(request, name, &at));
}

enum method
request_method(const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < COUNT_OF(method_texts); i++)
		if (method_texts[i].length == length &&
		    memcmp(method_texts[i].text, text, length) == 0)
			return ((enum method)i);
	return (METHOD_OTHER);
}

const char *
request_method_name(enum method method)
{
	return (method == METHOD_OTHER ? "OTHER" : method_texts[method].text);
}
