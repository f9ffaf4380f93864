/* links: src/http/intake.c src/http/head.c src/http/chunked.c src/http/refusal.c src/http/request.c */
/*
 * Whole connections: the same bytes are the same requests, however they are
 * cut and however many come at once. Where this fails, requests can be
 * smuggled.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/intake.h"

#define REQUESTS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct intake_limits limits = {
	.head = { .line_bytes = 128, .bytes = 512, .nheaders = 10 },
	.body_bytes = 256,
};

/* What was made of a connection, as numbers that are easily compared. */
struct story {
	size_t n;
	uint64_t hash;
};

static void
tell(struct story *story, const void *data, size_t length)
{
	const unsigned char *p = data;
	size_t i;

	for (i = 0; i < length; i++)
		story->hash = (story->hash ^ p[i]) * UINT64_C(1099511628211);
	story->hash = (story->hash ^ length) * UINT64_C(1099511628211);
}

static void
tell_request(struct story *story, struct intake *in)
{
	const struct request *r = intake_request(in);
	size_t i;

	assert(r->body_length <= limits.body_bytes);
	tell(story, r->method_text, strlen(r->method_text));
	tell(story, r->path, strlen(r->path));
	tell(story, r->query, strlen(r->query));
	tell(story, r->body, r->body_length);
	tell(story, &r->refused_status, sizeof(r->refused_status));
	for (i = 0; i < r->nheaders; i++)
		tell(story, r->headers[i].value, r->headers[i].value_length);
	story->n++;
}

/* True while there is more to read. */
static bool
look(struct story *story, struct intake *in)
{
	for (;;) {
		switch (intake_read(in, &limits)) {
		case INTAKE_CONTINUE: /* whether it is said depends on the cut */
			continue;
		case INTAKE_REQUEST:
			tell_request(story, in);
			if (in->must_close)
				return (false);
			intake_next(in);
			continue;
		case INTAKE_REFUSED:
			tell(
			    story, &in->head.refusal, sizeof(in->head.refusal));
			return (false);
		default:
			return (true);
		}
	}
}

static struct story
listen_to(const uint8_t *data, size_t size, size_t step)
{
	struct story story = { 0 };
	struct intake in;
	size_t at = 0, ceiling = limits.head.bytes + limits.body_bytes;

	intake_init(&in);
	while (at < size && story.n < REQUESTS_MAX) {
		size_t room, more = size - at < step ? size - at : step;
		char *place = intake_room(&in, &limits, &room);

		assert(room > 0);
		if (more > room)
			more = room;
		memcpy(place, data + at, more);
		intake_added(&in, more);
		at += more;
		assert(in.length <= ceiling + 8192 + 4096);
		if (!look(&story, &in))
			break;
	}
	intake_fini(&in);
	return (story);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct story whole, cut;

	if (size < 2)
		return (0);
	whole = listen_to(data + 1, size - 1, size);
	cut = listen_to(data + 1, size - 1, 1 + data[0]);
	if (whole.n < REQUESTS_MAX && cut.n < REQUESTS_MAX)
		assert(whole.n == cut.n && whole.hash == cut.hash);
	return (0);
}
