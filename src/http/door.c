#include "http/door.h"

#include <sys/socket.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <kore/kore.h>
#include <kore/http.h>

#include "http/crowd.h"
#include "http/exchange.h"
#include "http/lobby.h"
#include "http/patience.h"
#include "http/socket.h"
#include "http/turn.h"
#include "http/visit.h"
#include "metrics/metrics.h"
#include "platform/clock.h"
#include "platform/log.h"
#include "platform/soon.h"

/* Kore's own timers never run out: the deadlines are ours. */
#define NEVER_MS UINT64_MAX

/* Of the connections that Kore allows, one in so many is for those that
 * arrive while others are being closed for them. */
#define RESERVE_SHARE 16

/* An idle connection keeps its buffers for so long. */
#define KEEP_BUFFERS_US 1000000

/* The worker's one front door. */
static struct {
	struct door_limits limits;
	bool is_configured;
	bool is_ticking; /* door_watch() comes by itself */
	bool is_shut;    /* nobody is accepted until the next tick */
	bool has_complained;
} door;

static bool
is_gone(const struct connection *c)
{
	return (c->state == CONN_STATE_DISCONNECTING);
}

static enum metrics_listener
listener_of(const struct connection *c)
{
	const struct listener *listener = c->owner;

	return (
	    listener->server->tls ? LABEL_listener_tls : LABEL_listener_plain);
}

/* Until the end of its round Kore would run what waits for its handler, which
 * would find the request's memory gone. */
static void
forget_unseen(struct connection *c)
{
	struct http_request *req;

	TAILQ_FOREACH (req, &c->http_requests, olist)
		if (req->hdlr_extra == NULL)
			req->flags |= HTTP_REQUEST_DELETE;
}

static void
on_disconnect(struct connection *c)
{
	struct visit *v = c->hdlr_extra;

	metrics_down_chores_http_connections(listener_of(c));
	if (v->phase == VISIT_SHAKE)
		metrics_inc_chores_tls_handshake_failures_total();
	turn_forget(v);
	lobby_leave(v);
	crowd_leave(v->member);
	forget_unseen(c);
	turn_free_intake(&v->in);
}

void
door_respond(struct http_request *req, const struct response *response)
{
	struct connection *c = req->owner;
	struct visit *v = c == NULL ? NULL : c->hdlr_extra;

	if (v == NULL || is_gone(c) || v->served != req) {
		free(response->owned);
		return;
	}
	req->status = (u_int16_t)response->status;
	req->content_length = response->body_length;
	exchange_answer(v, response);
}

const struct request *
door_request(struct connection *c)
{
	struct visit *v = c->hdlr_extra;

	return (intake_request(&v->in));
}

static int
on_ready(struct connection *c)
{
	struct visit *v = c->hdlr_extra;

	if (is_gone(c))
		return (KORE_RESULT_OK);
	if (c->evt.flags & KORE_EVENT_READ)
		v->is_readable = true;
	c->evt.flags &= ~KORE_EVENT_READ;
	if (!TAILQ_EMPTY(&c->send_queue) && !exchange_flush(v))
		return (KORE_RESULT_OK);
	exchange_advance(v);
	return (KORE_RESULT_OK);
}

/*
 * Kore takes a client that has said all it has to say (shutdown(2), or the
 * half of a close) for gone. It may well be waiting for its answers.
 */
static void
on_event(void *arg, int error)
{
	struct connection *c = arg;
	struct visit *v = c->hdlr_extra;
	char first;

	if (error) {
		if (socket_peek(c, &first) == SOCKET_BROKEN) {
			kore_connection_disconnect(c);
			return;
		}
		c->evt.flags |= KORE_EVENT_READ;
		v->may_be_ended = true;
	}
	if (!c->handle(c))
		kore_connection_disconnect(c);
}

/* Kore reads only when it has answered by itself: see exchange_is_stale(). */
static int
on_kore_reads(struct connection *c, size_t *length)
{
	*length = 0;
	c->http_timeout = 0;
	c->evt.flags &= ~KORE_EVENT_READ;
	turn_await(c->hdlr_extra);
	return (KORE_RESULT_OK);
}

static int
on_kore_writes(struct connection *c, size_t length, size_t *written)
{
	struct visit *v = c->hdlr_extra;
	int result;

	*written = 0;
	result = v->write(c, length, written);
	v->moved_bytes += *written;
	return (result);
}

static struct visit *
welcome(struct connection *c, enum visit_phase phase)
{
	struct visit *v = kore_calloc(1, sizeof(*v));

	v->c = c;
	v->member = crowd_enter((const struct sockaddr *)&c->addr);
	intake_init(&v->in);
	c->hdlr_extra = v; /* Kore frees it with the connection */
	c->disconnect = on_disconnect;
	c->idle_timer.length = NEVER_MS;
	c->http_timeout = 0;
	lobby_enter(v, phase, clock_mono_us());
	metrics_up_chores_http_connections(listener_of(c));
	metrics_inc_chores_http_connections_accepted_total(listener_of(c));
	return (v);
}

static void
take_over(struct visit *v)
{
	struct connection *c = v->c;

	c->proto = CONN_PROTO_HTTP;
	c->state = CONN_STATE_ESTABLISHED;
	c->handle = on_ready;
	c->evt.handle = on_event;
	c->read = on_kore_reads;
	v->write = c->write;
	c->write = on_kore_writes;
}

/* Without a word: there is nothing to answer. */
static void
turn_away(struct visit *v, enum refusal reason)
{
	door_on_refusal(reason, 0, METHOD_OTHER);
	kore_connection_disconnect(v->c);
}

static size_t
connections_allowed(void)
{
	size_t all = worker_max_connections;

	if (door.limits.connections != 0 && door.limits.connections < all)
		return (door.limits.connections);
	return (all - all / RESERVE_SHARE);
}

/*
 * The newcomer stays; whoever has been idle for longest goes. Of an address
 * that has its share, the newcomer goes if nobody else is found to.
 */
static void
make_room(struct visit *newcomer)
{
	size_t allowed = door.limits.connections_per_address;
	struct visit *victim;

	if (allowed != 0 && crowd_count(newcomer->member) > allowed) {
		victim = lobby_victim_of(newcomer->member, newcomer);
		turn_away(victim == NULL ? newcomer : victim,
		    REFUSAL_too_many_from_address);
	}
	if (lobby_total() > connections_allowed()) {
		victim = lobby_victim(newcomer, newcomer->since_mono_us);
		if (victim != NULL)
			turn_away(victim, REFUSAL_too_many_connections);
	}
}

void
door_connect(struct connection *c)
{
	struct visit *v = c->hdlr_extra;

	if (v == NULL) {
		v = welcome(c, VISIT_IDLE);
		make_room(v);
	}
	if (is_gone(c))
		return;
	take_over(v);
	if (c->ssl == NULL)
		return;
	metrics_inc_chores_tls_handshakes_total(
	    metrics_find_version(SSL_get_version(c->ssl)));
	/* Kore would answer 421 where Host is another; our stub's is. */
	kore_free(c->tls_sni);
	c->tls_sni = NULL;
	lobby_move(v, VISIT_IDLE, clock_mono_us());
	v->is_readable = true;
	exchange_advance(v);
}

/* Plain HTTP where TLS is spoken begins with a method's letter. */
static bool
speaks_plain(char first)
{
	return (first >= 'A' && first <= 'Z');
}

/* In place of Kore's handler until the handshake is done. */
static int
on_handshake(struct connection *c)
{
	struct visit *v = c->hdlr_extra;
	enum socket_state state = SOCKET_DATA;
	char first = '\0';

	if (!is_gone(c) && !v->was_peeked)
		state = socket_peek(c, &first);
	/* What comes after the look is announced: Kore must not find it first. */
	if (state == SOCKET_EMPTY)
		return (KORE_RESULT_OK);
	v->was_peeked = true;
	if (!speaks_plain(first))
		return (kore_connection_handle(c));
	c->write = net_write;
	take_over(v);
	v->is_readable = true;
	exchange_refuse(v, REFUSAL_plain_on_tls);
	return (KORE_RESULT_OK);
}

static bool
is_new_tls(const struct connection *c)
{
	return (c != NULL && c->state == CONN_STATE_TLS_SHAKE &&
		c->hdlr_extra == NULL && c->owner->connect != NULL);
}

static void
shut(void)
{
	if (door.is_shut)
		return;
	kore_platform_disable_accept();
	door.is_shut = true;
	door_watch();
}

static void
open_again(void)
{
	if (!door.is_shut ||
	    worker_active_connections >= worker_max_connections)
		return;
	kore_platform_enable_accept();
	door.is_shut = false;
}

/* Whoever waits at the listener would wake the worker again and again, while
 * it has no room for one more, or the system hasn't. */
static void
shut_if_full(int reason)
{
	bool lacks = reason == EMFILE || reason == ENFILE ||
		     reason == ENOBUFS || reason == ENOMEM;

	if (lacks && !door.has_complained)
		log_error(
		    "no connection can be accepted: %s", strerror(reason));
	door.has_complained = lacks;
	if (lacks || worker_active_connections >= worker_max_connections)
		shut();
}

/* Kore accepts. Plain ones have met door_connect() then; TLS would let its
 * handshake come first, with nobody watching. */
static void
on_accept(void *listener, int error)
{
	struct connection *c, *before;
	int reason;

	errno = 0;
	kore_listener_accept(listener, error);
	reason = errno;
	c = TAILQ_LAST(&connections, connection_list);
	for (; is_new_tls(c); c = before) {
		before = TAILQ_PREV(c, connection_list, list);
		c->handle = on_handshake;
		make_room(welcome(c, VISIT_SHAKE));
	}
	shut_if_full(reason);
}

static void
lose_patience(struct visit *v, int64_t now_mono_us)
{
	enum refusal reason = patience_is_over(v, &door.limits, now_mono_us);

	if (v->phase == VISIT_LINGER) {
		if (!patience_lingers(v, now_mono_us))
			kore_connection_disconnect(v->c);
		return;
	}
	if (v->phase == VISIT_SERVING && exchange_is_stale(v)) {
		exchange_advance(v);
		return;
	}
	if (reason == REFUSAL_none)
		return;
	if (v->phase == VISIT_SENDING || v->phase == VISIT_IDLE)
		turn_away(v, reason);
	else
		exchange_refuse(v, reason);
}

static void
look_at(enum visit_phase phase, int64_t now_mono_us)
{
	struct visit *v, *next;

	for (v = lobby_first(phase); v != NULL; v = next) {
		next = TAILQ_NEXT(v, list);
		if (patience_is_ordered(phase) &&
		    patience_is_over(v, &door.limits, now_mono_us) ==
			REFUSAL_none)
			break;
		lose_patience(v, now_mono_us);
	}
}

/* From the newest on, until those that have given theirs back before. */
static void
release_buffers(int64_t now_mono_us)
{
	struct visit *v = lobby_last(VISIT_IDLE);

	for (; v != NULL; v = TAILQ_PREV(v, visit_list, list)) {
		if (now_mono_us - v->since_mono_us < KEEP_BUFFERS_US)
			continue;
		if (v->in.data == NULL)
			break;
		exchange_reset(v);
		intake_release(&v->in);
	}
}

static bool
all_are_idle(void)
{
	enum visit_phase phase;

	for (phase = 0; phase < VISIT_PHASES; phase++)
		if (phase != VISIT_IDLE && lobby_count(phase) > 0)
			return (false);
	return (true);
}

/*
 * A body is kept until it is whole, an answer until it has left. Thousands of
 * clients that neither send on nor read could hold gigabytes so: from the
 * newest on, those go that don't fit any more.
 */
static void
limit_held_bytes(enum visit_phase phase)
{
	struct visit *v = lobby_last(phase), *older;
	size_t held = 0;

	for (; v != NULL; v = older) {
		older = TAILQ_PREV(v, visit_list, list);
		held += exchange_held_bytes(v);
		if (held > door.limits.held_bytes && v != lobby_last(phase))
			turn_away(v, REFUSAL_too_many_bytes);
	}
}

static void
limit_all_held_bytes(void)
{
	limit_held_bytes(VISIT_BODY);
	limit_held_bytes(VISIT_SENDING);
}

void
door_weigh(void)
{
	static struct soon weighing = { .run = limit_all_held_bytes };

	soon_ask(&weighing);
}

static void
on_tick(void *unused UNUSED, u_int64_t now_ms UNUSED)
{
	door.is_ticking = false;
	open_again();
	door_watch();
}

void
door_watch(void)
{
	int64_t now_mono_us = clock_mono_us();
	enum visit_phase phase;

	for (phase = 0; phase < VISIT_PHASES; phase++)
		look_at(phase, now_mono_us);
	limit_all_held_bytes();
	release_buffers(now_mono_us);
	if (door.is_ticking || (all_are_idle() && !door.is_shut))
		return;
	(void)kore_timer_add(
	    on_tick, PATIENCE_TICK_MS, NULL, KORE_TIMER_ONESHOT);
	door.is_ticking = true;
}

void
door_configure(const struct door_limits *limits)
{
	door.limits = *limits;
	door.is_configured = true;
}

static void
start_exchange(const struct door_limits *limits)
{
	struct intake_limits intake = {
		.head.line_bytes = limits->line_bytes,
		.head.bytes = limits->header_bytes,
		.head.nheaders = limits->nheaders,
		.body_bytes = limits->body_bytes,
	};

	exchange_init(&intake);
}

void
door_start(void)
{
	const struct door_limits defaults = DOOR_LIMITS_DEFAULT;
	struct kore_server *server;
	struct listener *listener;

	if (!door.is_configured)
		door_configure(&defaults);
	start_exchange(&door.limits);
	lobby_init();
	turn_init(exchange_advance);
	LIST_FOREACH (server, &kore_servers, list)
		LIST_FOREACH (listener, &server->listeners, list)
			listener->evt.handle = on_accept;
}
