#include "http/exchange.h"

#include <stdlib.h>
#include <string.h>

#include <kore/kore.h>
#include <kore/http.h>

#include "http/door.h"
#include "http/lobby.h"
#include "http/reply.h"
#include "http/socket.h"
#include "http/stub.h"
#include "http/turn.h"
#include "platform/buffer.h"
#include "platform/clock.h"

/* An answer's head with all its headers. */
#define REPLY_HEAD_MAX 65536

/* What a lingering client may make us read in one turn. */
#define DRAIN_MAX_BYTES 262144

#define CONTINUE_TEXT "HTTP/1.1 100 Continue\r\n\r\n"
#define JSON_HEADER "content-type: application/json\r\n"
#define RETRY_HEADER "retry-after: 1\r\n"

/* The worker's one. */
static struct {
	struct intake_limits limits;
	struct buffer scratch; /* of the head being written */
} exchange;

static bool
is_gone(const struct visit *v)
{
	return (v->c->state == CONN_STATE_DISCONNECTING);
}

static void
enter(struct visit *v, enum visit_phase phase)
{
	lobby_move(v, phase, clock_mono_us());
}

bool
exchange_flush(struct visit *v)
{
	if (!net_send_flush(v->c))
		kore_connection_disconnect(v->c);
	return (!is_gone(v));
}

/* Read and drop until the client has closed, or patience is over. */
static void
drain(struct visit *v)
{
	char nowhere[16384];
	size_t length, total = 0;
	enum socket_state state = SOCKET_EMPTY;

	while (v->is_readable && total < DRAIN_MAX_BYTES) {
		state =
		    socket_receive_raw(v->c, nowhere, sizeof(nowhere), &length);
		if (state != SOCKET_DATA)
			v->is_readable = false;
		total += length;
	}
	v->moved_bytes += total;
	if (state == SOCKET_ENDED || state == SOCKET_BROKEN)
		kore_connection_disconnect(v->c);
	else if (v->is_readable)
		turn_await(v);
}

/*
 * All is said. What the client still sends is read, since closing with bytes
 * unread resets the connection, and the answer may be lost with it.
 */
static void
close_gently(struct visit *v)
{
	socket_finish(v->c);
	enter(v, VISIT_LINGER);
	drain(v);
}

static void
report(const struct visit *v, enum refusal reason, int status)
{
	const struct request *r = &v->in.head.request;
	bool is_known = r->method_text != NULL && !v->is_spent;

	door_on_refusal(reason, status, is_known ? r->method : METHOD_OTHER);
}

static int
free_owned(struct netbuf *nb)
{
	free(nb->extra);
	return (KORE_RESULT_OK);
}

/* ${owned} is freed when the last of ${data} has left. */
static void
queue_owned(struct connection *c, char *data, size_t length, char *owned)
{
	struct netbuf *nb;

	net_send_stream(c, data, length, free_owned, &nb);
	nb->extra = owned;
}

/* Head and body in one piece: one system call, one TLS record. */
static void
queue_copy(struct connection *c, const struct buffer *head, const char *body,
    size_t length)
{
	char *data;

	if ((data = malloc(head->length + length)) == NULL)
		abort();
	memcpy(data, head->data, head->length);
	if (length > 0)
		memcpy(data + head->length, body, length);
	queue_owned(c, data, head->length + length, data);
}

static void
queue_response(struct visit *v, const struct response *r, bool has_body)
{
	const struct request *request = intake_request(&v->in);
	struct reply reply = {
		.status = r->status,
		.headers = r->headers,
		.headers_length = r->headers_length,
		.body_length = r->body_length,
	};
	size_t length = has_body ? r->body_length : 0;

	if (v->is_closing)
		reply.connection = "close";
	else if (request->minor_version == 0)
		reply.connection = "keep-alive";
	buffer_reset(&exchange.scratch);
	reply_put_head(&exchange.scratch, &reply);
	if (r->owned == NULL || length == 0) {
		queue_copy(v->c, &exchange.scratch, r->body, length);
		free(r->owned);
		return;
	}
	queue_copy(v->c, &exchange.scratch, NULL, 0);
	queue_owned(v->c, r->owned + (r->body - r->owned), length, r->owned);
}

/* The answer has left: what now? */
static void
go_on(struct visit *v)
{
	char first;

	if (v->is_closing) {
		close_gently(v);
		return;
	}
	enter(v, VISIT_IDLE);
	v->is_spent = true;
	if (v->is_readable && !intake_has_more(&v->in) &&
	    socket_peek(v->c, &first) == SOCKET_EMPTY)
		v->is_readable = false;
	if (v->is_readable || v->is_ended || intake_has_more(&v->in))
		turn_await(v);
}

static void
send_response(struct visit *v, const struct response *r, bool has_body)
{
	v->served = NULL;
	v->c->evt.flags &= ~KORE_EVENT_READ;
	queue_response(v, r, has_body);
	enter(v, VISIT_SENDING);
	if (!exchange_flush(v))
		return;
	if (TAILQ_EMPTY(&v->c->send_queue))
		go_on(v);
	else
		door_weigh();
}

void
exchange_refuse(struct visit *v, enum refusal reason)
{
	const struct request *request = intake_request(&v->in);
	const char *headers = JSON_HEADER;
	struct response r = { .status = refusal_status(reason) };
	struct buffer body;

	report(v, reason, r.status);
	if (r.status == 0) {
		kore_connection_disconnect(v->c);
		return;
	}
	if (r.status == 503)
		headers = JSON_HEADER RETRY_HEADER;
	buffer_init(&body, 256);
	buffer_printf(&body, "{\"detail\":\"%s\"}", refusal_text(reason));
	r.headers = headers;
	r.headers_length = strlen(headers);
	r.body = body.data;
	r.body_length = body.length;
	v->is_closing = true;
	send_response(v, &r,
	    request->method_text == NULL || request->method != METHOD_HEAD);
	buffer_fini(&body);
}

void
exchange_answer(struct visit *v, const struct response *r)
{
	const struct request *request = intake_request(&v->in);

	v->is_closing = v->in.must_close || !request->keep_alive;
	send_response(
	    v, r, request->method != METHOD_HEAD && reply_has_body(r->status));
}

static const char *
any_domain(const struct connection *c)
{
	return (TAILQ_FIRST(&c->owner->server->domains)->domain);
}

/* Kore takes the buffer of its receiving side over with each request. */
static void
give_stub(struct connection *c, const struct buffer *stub)
{
	if (c->rnb == NULL)
		net_recv_queue(
		    c, stub->length, NETBUF_CALL_CB_ALWAYS, http_header_recv);
	else
		net_recv_reset(c, stub->length, http_header_recv);
	memcpy(c->rnb->buf, stub->data, stub->length);
	c->rnb->s_off = stub->length;
	(void)http_header_recv(c->rnb);
	c->http_timeout = 0;
	/* Should Kore answer by itself, it will go on to read: let us know. */
	c->evt.flags |= KORE_EVENT_READ;
}

static void
serve(struct visit *v)
{
	struct connection *c = v->c;
	struct request *request = intake_request(&v->in);

	if (http_request_count >= http_request_limit) {
		exchange_refuse(v, REFUSAL_overloaded);
		return;
	}
	request->arrived_mono_us = v->began_mono_us;
	buffer_reset(&exchange.scratch);
	stub_put(&exchange.scratch, request, any_domain(c));
	enter(v, VISIT_SERVING);
	give_stub(c, &exchange.scratch);
	if (!is_gone(v))
		v->served = TAILQ_FIRST(&c->http_requests);
}

bool
exchange_is_stale(const struct visit *v)
{
	return (TAILQ_EMPTY(&v->c->http_requests) &&
		!(v->c->flags & CONN_CLOSE_EMPTY));
}

static enum socket_state
receive(struct visit *v)
{
	size_t room, length, held = v->in.capacity;
	char *place = intake_room(&v->in, &exchange.limits, &room);
	enum socket_state state = socket_receive(v->c, place, room, &length);

	if (v->phase == VISIT_BODY && v->in.capacity > held)
		door_weigh();
	if (state == SOCKET_DATA) {
		intake_added(&v->in, length);
		v->moved_bytes += length;
		/* Edge-triggered: what comes now will be announced; but an end
		 * that was announced with these bytes won't be again. */
		if (v->c->ssl == NULL && length < room && !v->may_be_ended)
			v->is_readable = false;
	} else {
		v->is_readable = false;
	}
	if (state == SOCKET_ENDED)
		v->is_ended = true;
	return (state);
}

/* More bytes are needed; false if they must be waited for. */
static bool
fetch(struct visit *v)
{
	if (v->is_readable)
		switch (receive(v)) {
		case SOCKET_DATA:
			return (true);
		case SOCKET_EMPTY:
			return (false);
		case SOCKET_ENDED:
			break;
		case SOCKET_BROKEN:
			kore_connection_disconnect(v->c);
			return (false);
		}
	if (v->is_ended)
		kore_connection_disconnect(v->c);
	return (false);
}

/* TLS's first record is a handshake (22) of version 3: RFC 8446, 5.1. */
static bool
speaks_tls(const struct visit *v)
{
	return (v->c->ssl == NULL && v->in.length > 0 && !v->in.in_body &&
		v->in.data[0] == 0x16);
}

static void
begin_head(struct visit *v)
{
	if (v->phase == VISIT_IDLE)
		v->began_mono_us = clock_mono_us();
	enter(v, VISIT_HEAD);
}

void
exchange_reset(struct visit *v)
{
	if (!v->is_spent)
		return;
	v->is_spent = false;
	intake_next(&v->in);
}

/* One look at what has arrived; false when there is nothing more to do. */
static bool
take(struct visit *v)
{
	enum intake_step step = intake_read(&v->in, &exchange.limits);

	/* A body's time runs from its first byte to its last. */
	if (step != INTAKE_IDLE && v->phase != VISIT_BODY)
		begin_head(v);
	switch (step) {
	case INTAKE_IDLE:
	case INTAKE_HEAD:
		return (fetch(v));
	case INTAKE_CONTINUE:
		net_send_queue(v->c, CONTINUE_TEXT, strlen(CONTINUE_TEXT));
		return (exchange_flush(v));
	case INTAKE_BODY:
		enter(v, VISIT_BODY);
		return (fetch(v));
	case INTAKE_REFUSED:
		exchange_refuse(v, speaks_tls(v) ? REFUSAL_tls_on_plain
						 : intake_refusal(&v->in));
		return (false);
	default:
		serve(v);
		return (false);
	}
}

void
exchange_init(const struct intake_limits *limits)
{
	exchange.limits = *limits;
	buffer_init(&exchange.scratch, REPLY_HEAD_MAX);
}

size_t
exchange_held_bytes(const struct visit *v)
{
	const struct netbuf *nb;
	size_t held = v->in.capacity;

	TAILQ_FOREACH (nb, &v->c->send_queue, list)
		held += nb->m_len;
	return (held);
}

void
exchange_advance(struct visit *v)
{
	if (v->phase == VISIT_SERVING && exchange_is_stale(v))
		enter(v, VISIT_SENDING);
	if (v->phase == VISIT_SENDING && TAILQ_EMPTY(&v->c->send_queue))
		go_on(v);
	if (is_gone(v))
		return;
	switch (v->phase) {
	case VISIT_LINGER:
		drain(v);
		return;
	case VISIT_SERVING:
	case VISIT_SENDING:
		return;
	default:
		break;
	}
	/* Kore forgets the last request at the end of its turn. */
	if (!TAILQ_EMPTY(&v->c->http_requests)) {
		turn_await(v);
		return;
	}
	exchange_reset(v);
	while (take(v))
		;
}
