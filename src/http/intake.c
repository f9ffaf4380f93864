#include "http/intake.h"

#include <stdlib.h>
#include <string.h>

/* Enough for most requests, and the least that is read at once. */
#define FIRST_CAPACITY_BYTES 4096
#define ROOM_MIN_BYTES 1024

/*
 * What is read ahead of the present request is moved to the front after it:
 * little, or a deep pipeline would cost the square of its length.
 */
#define AHEAD_MAX_BYTES 4096

/* A buffer that a large body has left is not kept. */
#define KEPT_MAX_BYTES 16384

void
intake_init(struct intake *in)
{
	memset(in, 0, sizeof(*in));
	head_init(&in->head);
}

void
intake_fini(struct intake *in)
{
	head_fini(&in->head);
	free(in->data);
	intake_init(in);
}

/* Not realloc(): pointers into the old bytes are moved one by one. */
static void
grow(struct intake *in, size_t capacity)
{
	char *data;

	if ((data = malloc(capacity)) == NULL)
		abort();
	if (in->data != NULL) {
		memcpy(data, in->data, in->length);
		head_rebase(&in->head, in->data, data);
		free(in->data);
	}
	in->data = data;
	in->capacity = capacity;
}

/* How many bytes the present request can still use, and a few ahead. */
static size_t
useful_bytes(const struct intake *in)
{
	size_t end = in->head.length + in->head.request.declared_length;

	if (in->in_body && !in->head.is_chunked && end > in->length)
		return (end - in->length + AHEAD_MAX_BYTES);
	return (AHEAD_MAX_BYTES);
}

/*
 * The ceiling of in->length: a head, a body and the smallest room. The head's
 * and the body's limits stop the rest.
 */
char *
intake_room(struct intake *in, const struct intake_limits *limits, size_t *room)
{
	size_t capacity = in->capacity;
	size_t ceiling =
	    limits->head.bytes + limits->body_bytes + 2 * FIRST_CAPACITY_BYTES;

	if (capacity == 0)
		capacity = FIRST_CAPACITY_BYTES;
	while (capacity - in->length < ROOM_MIN_BYTES)
		capacity *= 2;
	if (capacity > ceiling && in->length + ROOM_MIN_BYTES <= ceiling)
		capacity = ceiling;
	if (capacity != in->capacity)
		grow(in, capacity);
	*room = in->capacity - in->length;
	if (*room > useful_bytes(in))
		*room = useful_bytes(in);
	return (in->data + in->length);
}

void
intake_added(struct intake *in, size_t length)
{
	in->length += length;
}

static enum intake_step
refuse(struct intake *in, enum refusal refusal)
{
	in->head.refusal = refusal;
	in->must_close = true;
	return (INTAKE_REFUSED);
}

static enum intake_step
finish(struct intake *in)
{
	struct request *r = intake_request(in);

	r->body = in->data + in->head.length;
	r->body_length = in->body_length;
	return (INTAKE_REQUEST);
}

/* Somebody above answers, under the route's name; then we close. */
static enum intake_step
finish_too_large(
    struct intake *in, const struct intake_limits *limits, size_t length)
{
	struct request *r = intake_request(in);

	in->body_length = 0;
	in->must_close = true;
	r->refused_status = 413;
	r->declared_length = length;
	r->allowed_length = limits->body_bytes;
	r->keep_alive = false;
	return (finish(in));
}

static enum intake_step
begin_body(struct intake *in, const struct intake_limits *limits)
{
	const struct head *h = &in->head;

	in->raw = h->length;
	if (h->has_length && h->request.declared_length > limits->body_bytes)
		return (
		    finish_too_large(in, limits, h->request.declared_length));
	if (!h->is_chunked && h->request.declared_length == 0)
		return (finish(in));
	in->in_body = true;
	chunked_init(&in->chunked);
	/* A client that has begun to send waits for nothing. */
	if (h->expects_continue && in->length == in->raw)
		return (INTAKE_CONTINUE);
	return (INTAKE_BODY);
}

static enum intake_step
read_head(struct intake *in, const struct intake_limits *limits)
{
	switch (head_read(&in->head, &limits->head, in->data, in->length)) {
	case HEAD_DONE:
		return (begin_body(in, limits));
	case HEAD_REFUSED:
		return (refuse(in, in->head.refusal));
	default:
		return (head_has_begun(&in->head, in->length) ? INTAKE_HEAD
							      : INTAKE_IDLE);
	}
}

static enum intake_step
read_plain_body(struct intake *in)
{
	size_t wanted = in->head.request.declared_length;
	size_t there = in->length - in->head.length;

	in->body_length = there < wanted ? there : wanted;
	in->raw = in->head.length + in->body_length;
	return (there < wanted ? INTAKE_BODY : finish(in));
}

/* Joins chunks behind the head and moves the rest down to them. */
static enum intake_step
read_chunked_body(struct intake *in, const struct intake_limits *limits)
{
	struct chunked_limits bounds = {
		.body_bytes = limits->body_bytes,
		.trailer_bytes = limits->head.bytes,
	};
	char *end = in->data + in->head.length + in->body_length;
	size_t used, produced;
	enum chunked_step step;

	step = chunked_read(&in->chunked, &bounds, in->data + in->raw,
	    in->length - in->raw, &used, end, &produced);
	memmove(end + produced, in->data + in->raw + used,
	    in->length - in->raw - used);
	in->length -=
	    (in->raw - in->head.length - in->body_length) + used - produced;
	in->body_length += produced;
	in->raw = in->head.length + in->body_length;
	switch (step) {
	case CHUNKED_DONE:
		return (finish(in));
	case CHUNKED_TOO_LARGE:
		return (finish_too_large(in, limits, in->chunked.total));
	case CHUNKED_TRAILER_TOO_LARGE:
		return (refuse(in, REFUSAL_headers_too_large));
	case CHUNKED_BAD:
		return (refuse(in, REFUSAL_chunk));
	default:
		return (INTAKE_BODY);
	}
}

enum intake_step
intake_read(struct intake *in, const struct intake_limits *limits)
{
	if (in->step == INTAKE_REQUEST || in->step == INTAKE_REFUSED)
		return (in->step);
	if (!in->in_body) {
		in->step = read_head(in, limits);
		if (in->step != INTAKE_BODY)
			return (in->step);
	}
	in->step = in->head.is_chunked ? read_chunked_body(in, limits)
				       : read_plain_body(in);
	return (in->step);
}

void
intake_next(struct intake *in)
{
	size_t left = in->length - in->raw;

	if (left > 0)
		memmove(in->data, in->data + in->raw, left);
	in->length = left;
	in->raw = 0;
	in->body_length = 0;
	in->in_body = false;
	in->step = INTAKE_IDLE;
	head_reset(&in->head);
	if (in->capacity > KEPT_MAX_BYTES && left < KEPT_MAX_BYTES)
		grow(in, KEPT_MAX_BYTES);
}

void
intake_release(struct intake *in)
{
	if (in->step == INTAKE_IDLE && !head_has_begun(&in->head, in->length))
		intake_fini(in);
}

bool
intake_has_more(const struct intake *in)
{
	return (in->length > in->raw);
}
