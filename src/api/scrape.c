/*
 * scrape: what Prometheus reads. Memory only: no database, no limit, nothing
 * that grows.
 */
#include <openssl/crypto.h>
#include <string.h>
#include <zlib.h>

#include "api/endpoints.h"
#include "http/call.h"
#include "http/request.h"
#include "metrics/distinct.h"
#include "metrics/metrics.h"
#include "platform/clock.h"
#include "platform/netmatch.h"
#include "platform/settings.h"

#define US_PER_S 1e6
#define BEARER "Bearer "

/* zlib: the largest window, and gzip around it; little work for most of what
 * there is to gain. */
#define GZIP_WINDOW (15 + 16)
#define GZIP_MEMORY 8
#define GZIP_LEVEL 3

/* This worker's: its memory is used again from one scrape to the next. */
static struct metrics_page page;
static z_stream gzip;
static bool gzip_is_open;

/* The token, compared in constant time: exactly one space stands before it. */
static bool
has_token(const struct request *request, const char *token)
{
	const char *header = request_header(request, "authorization");
	size_t nscheme = sizeof(BEARER) - 1;

	return (*token != '\0' && header != NULL &&
		strncmp(header, BEARER, nscheme) == 0 &&
		strlen(header + nscheme) == strlen(token) &&
		CRYPTO_memcmp(header + nscheme, token, strlen(token)) == 0);
}

static bool
may_scrape(const struct call *call)
{
	const struct settings *settings = settings_get();

	return (
	    netmatch_contains(&settings->metrics_allowed, call_client(call)) ||
	    has_token(call->request, settings->metrics_auth_token));
}

static bool
open_gzip(void)
{
	if (gzip_is_open)
		return (deflateReset(&gzip) == Z_OK);
	gzip_is_open = deflateInit2(&gzip, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW,
			   GZIP_MEMORY, Z_DEFAULT_STRATEGY) == Z_OK;
	return (gzip_is_open);
}

/* The page into ${body}, compressed; false, with nothing there, if not. */
static bool
put_compressed(struct buffer *body)
{
	size_t most;
	char *room;

	if (!open_gzip())
		return (false);
	most = deflateBound(&gzip, page.length);
	if ((room = buffer_reserve(body, most)) == NULL)
		return (false);
	gzip.next_in = (unsigned char *)page.data;
	gzip.avail_in = (unsigned)page.length;
	gzip.next_out = (unsigned char *)room;
	gzip.avail_out = (unsigned)most;
	if (deflate(&gzip, Z_FINISH) != Z_STREAM_END)
		return (false);
	body->length += most - gzip.avail_out;
	return (true);
}

/* What is known of a scrape shows in the next one. */
static void
put_scrape(struct call *call, enum metrics_format format)
{
	const char *encodings =
	    request_header(call->request, "accept-encoding");
	int64_t began_us = clock_mono_us();

	metrics_set_active_users_count((int64_t)distinct_count());
	metrics_render(&page, format);
	if (metrics_accepts_gzip(encodings) && put_compressed(call_body(call)))
		call_header(call, "content-encoding", "gzip");
	else
		buffer_append(call_body(call), page.data, page.length);
	metrics_observe_chores_metrics_scrape_duration_seconds(
	    (double)(clock_mono_us() - began_us) / US_PER_S);
	metrics_set_chores_metrics_scrape_size_bytes(page.length);
}

int
scrape_metrics(struct call *call)
{
	const char *accept = request_header(call->request, "accept");
	enum metrics_format format = metrics_negotiate(accept);

	if (!may_scrape(call))
		return (call_refuse(call, PROBLEM_metrics_forbidden));
	call_header(call, "vary", "Accept, Accept-Encoding");
	call_header(call, "cache-control", "no-store");
	put_scrape(call, format);
	return (call_answer_as(call, 200, metrics_content_type(format)));
}
