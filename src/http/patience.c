#include "http/patience.h"

static bool
longer_than(int64_t since_mono_us, int64_t ms, int64_t now_mono_us)
{
	return (now_mono_us - since_mono_us > ms * 1000);
}

/* A timeout, and more for what has moved: slow is fine, stalled isn't. */
static bool
is_stalled(const struct visit *v, const struct door_limits *limits,
    int64_t now_mono_us)
{
	int64_t earned_ms = 0;

	if (limits->min_bytes_per_s > 0)
		earned_ms =
		    (int64_t)v->moved_bytes * 1000 / limits->min_bytes_per_s;
	return (longer_than(v->since_mono_us,
	    limits->body_timeout_ms + earned_ms, now_mono_us));
}

/* What only looks has changed nothing, however far it came. */
static enum refusal
unanswered(enum method method)
{
	return (method == METHOD_GET || method == METHOD_HEAD
		    ? REFUSAL_lookup_timeout
		    : REFUSAL_request_timeout);
}

enum refusal
patience_is_over(const struct visit *v, const struct door_limits *limits,
    int64_t now_mono_us)
{
	switch (v->phase) {
	case VISIT_SHAKE:
		if (longer_than(v->since_mono_us, limits->header_timeout_ms,
			now_mono_us))
			return (REFUSAL_handshake_timeout);
		break;
	case VISIT_IDLE:
		if (longer_than(
			v->since_mono_us, limits->idle_timeout_ms, now_mono_us))
			return (REFUSAL_idle_timeout);
		break;
	case VISIT_HEAD:
		if (longer_than(v->since_mono_us, limits->header_timeout_ms,
			now_mono_us))
			return (REFUSAL_header_timeout);
		break;
	case VISIT_BODY:
		if (is_stalled(v, limits, now_mono_us) ||
		    longer_than(v->began_mono_us, limits->request_timeout_ms,
			now_mono_us))
			return (REFUSAL_body_timeout);
		break;
	case VISIT_SERVING:
		if (longer_than(v->began_mono_us, limits->request_timeout_ms,
			now_mono_us))
			return (unanswered(v->in.head.request.method));
		break;
	case VISIT_SENDING:
		if (is_stalled(v, limits, now_mono_us))
			return (REFUSAL_read_timeout);
		break;
	default:
		break;
	}
	return (REFUSAL_none);
}

bool
patience_lingers(const struct visit *v, int64_t now_mono_us)
{
	int64_t ms = PATIENCE_LINGER_MS + (int64_t)v->moved_bytes * 1000 /
					      PATIENCE_LINGER_BYTES_PER_S;

	if (ms > PATIENCE_LINGER_MAX_MS)
		ms = PATIENCE_LINGER_MAX_MS;
	return (!longer_than(v->since_mono_us, ms, now_mono_us));
}

bool
patience_is_ordered(enum visit_phase phase)
{
	switch (phase) {
	case VISIT_SHAKE:
	case VISIT_IDLE:
	case VISIT_HEAD:
		return (true);
	default:
		return (false);
	}
}
