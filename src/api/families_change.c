/*
 * families_change: making, joining and leaving families, and the codes that
 * open them.
 *
 * Every change is one statement behind the locks that keep it alone: see
 * assets/sql/family_*.sql.
 */
#include <inttypes.h>
#include <openssl/rand.h>
#include <unictype.h>

#include "api/endpoints.h"
#include "api/families.h"
#include "api/gauges.h"
#include "api/render.h"
#include "domain/invite.h"
#include "http/call.h"
#include "http/fields.h"
#include "metrics/metrics.h"
#include "platform/compiler.h"
#include "platform/utf8.h"

struct families_create_values {
	struct value name;
};

static const struct field families_create_body[] = {
	{ "name", FIELD_TEXT, .flags = FIELD_NULLABLE, .max_length = 255,
	    FIELD_AT(families_create_values, name) },
};

const struct input families_create_input = {
	FIELDS_BODY(families_create_body),
	.body_kind = BODY_JSON,
	.size = sizeof(struct families_create_values),
};

struct families_join_values {
	struct value invite_code;
};

/* Python's isalnum(): what is a letter or has a value as a number. */
static bool
is_alnum(ucs4_t c)
{
	return (uc_is_general_category(c, UC_CATEGORY_L) ||
		uc_numeric_value(c).denominator != 0);
}

/*
 * As Python's isupper(), then isalnum(), judge it; only digits alone, which
 * the first would refuse, may pass. What passes may still be nobody's code.
 */
static const char *
judge_code(const struct value *value)
{
	bool any_upper = false, any_lower = false, all_digits = true,
	     all_alnum = true;
	size_t at = 0;

	while (at < value->text.length) {
		ucs4_t c = utf8_next(value->text.data, value->text.length, &at);

		any_upper |= uc_is_property_uppercase(c);
		any_lower |= uc_is_property_lowercase(c) ||
			     uc_is_general_category(c, UC_CATEGORY_Lt);
		all_digits &= c >= '0' && c <= '9';
		all_alnum &= is_alnum(c);
	}
	if (any_lower || (!any_upper && !all_digits))
		return ("Invite code must be uppercase");
	return (all_alnum
		    ? NULL
		    : "Invite code must contain only letters and numbers");
}

static const struct field families_join_body[] = {
	{ "invite_code", FIELD_TEXT,
	    .flags = FIELD_REQUIRED | FIELD_MAY_HOLD_NUL,
	    .min_length = INVITE_CODE_LENGTH, .max_length = INVITE_CODE_LENGTH,
	    .rule = judge_code, FIELD_AT(families_join_values, invite_code) },
};

const struct input families_join_input = {
	FIELDS_BODY(families_join_body),
	.body_kind = BODY_JSON,
	.size = sizeof(struct families_join_values),
};

struct families_invite_values {
	struct value expires_in_days;
};

static const struct field families_invite_body[] = {
	{ "expires_in_days", FIELD_INT,
	    .flags = FIELD_NULLABLE | FIELD_GE | FIELD_LE, .ge = 1, .le = 365,
	    FIELD_AT(families_invite_values, expires_in_days) },
};

const struct input families_invite_input = {
	FIELDS_BODY(families_invite_body),
	.body_kind = BODY_JSON,
	.size = sizeof(struct families_invite_values),
};

/* The path names the user as well, but for the alias. */
struct families_remove_values {
	struct value path_user_id, user_id, reason;
};

static const struct field families_remove_path[] = {
	{ "user_id", FIELD_INT, .flags = FIELD_REQUIRED,
	    FIELD_AT(families_remove_values, path_user_id) },
};

/* The reason is for clients that send one: nobody reads it. */
static const struct field families_remove_body[] = {
	{ "user_id", FIELD_INT, .flags = FIELD_REQUIRED,
	    FIELD_AT(families_remove_values, user_id) },
	{ "reason", FIELD_TEXT, .flags = FIELD_NULLABLE | FIELD_MAY_HOLD_NUL,
	    .max_length = 500, FIELD_AT(families_remove_values, reason) },
};

const struct input families_remove_input = {
	FIELDS_PATH(families_remove_path),
	FIELDS_BODY(families_remove_body),
	.body_kind = BODY_JSON,
	.size = sizeof(struct families_remove_values),
};

const struct input families_remove_alias_input = {
	FIELDS_BODY(families_remove_body),
	.body_kind = BODY_JSON,
	.size = sizeof(struct families_remove_values),
};

/* A code is taken once in 36^8 / families: more candidates are for luck. */
#define CODE_CANDIDATES 8

/*
 * Pass random codes, of which the statement takes the first free one. The
 * array's text needs no quotes around letters and digits.
 */
static int
step_codes(struct step *step)
{
	char codes[CODE_CANDIDATES * INVITE_CODE_SIZE + 2], *place = codes;
	int i;

	for (i = 0; i < CODE_CANDIDATES; i++) {
		*place++ = i == 0 ? '{' : ',';
		if (invite_make(place, RAND_bytes) == -1)
			return (-1);
		place += INVITE_CODE_LENGTH;
	}
	*place++ = '}';
	*place = '\0';
	step_text(step, codes);
	return (0);
}

/* Whether the statement has done it; if not, the call has been refused. */
static bool
succeeded(struct call *call, int step)
{
	enum problem problem = call_problem(call, step);

	if (problem == PROBLEM_none)
		return (true);
	(void)call_refuse(call, problem);
	return (false);
}

/* The steps of families_create() */
enum { CREATE_lock, CREATE_family };

static void
families_create_done(struct call *call)
{
	if (!succeeded(call, CREATE_family))
		return;
	metrics_inc_families_created_total();
	gauges_changed();
	families_put(call_body(call), true, call_rows(call, CREATE_family), 1);
	(void)call_answer(call, 201);
}

int
families_create(struct call *call)
{
	const struct families_create_values *values = call->values;
	struct step *step;

	(void)call_step(call, STATEMENT_family_movers_lock);
	step = call_step(call, STATEMENT_family_create);
	if (step_codes(step) == -1)
		return (call_refuse(call, PROBLEM_unavailable));
	if (values->name.state == VALUE_SET)
		step_text(step, values->name.text.data);
	else
		step_null(step);
	return (call_submit(call, families_create_done));
}

/* The steps of families_join() */
enum { JOIN_lock_family, JOIN_lock_movers, JOIN_family };

static void
families_join_done(struct call *call)
{
	const struct rows *rows = call_rows(call, JOIN_family);
	struct buffer *body = call_body(call);

	if (!succeeded(call, JOIN_family))
		return;
	metrics_inc_family_joins_total();
	gauges_changed();
	buffer_puts(body, "{\"success\":true,\"family_id\":");
	render_int(body, rows, 0, 1);
	buffer_puts(body, ",\"family_name\":");
	render_text(body, rows, 0, 2);
	buffer_puts(body, ",\"message\":\"Successfully joined family\"}");
	(void)call_answer(call, 200);
}

int
families_join(struct call *call)
{
	const struct families_join_values *values = call->values;
	const char *code = values->invite_code.text.data;

	step_text(call_step(call, STATEMENT_family_join_lock), code);
	(void)call_step(call, STATEMENT_family_movers_lock);
	step_text(call_step(call, STATEMENT_family_join), code);
	return (call_submit(call, families_join_done));
}

static void
families_invite_done(struct call *call)
{
	const struct rows *rows = call_rows(call, 0);
	struct buffer *body = call_body(call);

	if (rows->count == 0) { /* removed a moment ago */
		(void)call_refuse(call, PROBLEM_family_membership);
		return;
	}
	buffer_puts(body, "{\"invite_code\":");
	render_text(body, rows, 0, 0);
	buffer_puts(body, ",\"expires_at\":");
	render_time_z(body, rows, 0, 1);
	buffer_puts(body, ",\"family_name\":");
	render_text(body, rows, 0, 2);
	buffer_putc(body, '}');
	(void)call_answer(call, 200);
}

int
families_invite(struct call *call)
{
	const struct families_invite_values *values = call->values;
	struct step *step = call_step(call, STATEMENT_family_invite);

	if (step_codes(step) == -1)
		return (call_refuse(call, PROBLEM_unavailable));
	if (values->expires_in_days.state == VALUE_SET)
		step_int(step, values->expires_in_days.integer);
	else
		step_null(step);
	return (call_submit(call, families_invite_done));
}

static void
families_cleanup_done(struct call *call)
{
	int64_t count = row_int(call_rows(call, 0), 0, 0);

	buffer_printf(call_body(call),
	    "{\"cleaned_count\":%" PRId64 ",\"message\":\"Successfully "
	    "regenerated %" PRId64 " expired invite codes\"}",
	    count, count);
	(void)call_answer(call, 200);
}

int
families_cleanup(struct call *call)
{
	struct step *step = call_step(call, STATEMENT_family_cleanup);

	if (step_codes(step) == -1)
		return (call_refuse(call, PROBLEM_unavailable));
	return (call_submit(call, families_cleanup_done));
}

/* The steps of remove_user() */
enum { REMOVE_lock, REMOVE_user };

static void
remove_done(struct call *call, int64_t user_id)
{
	enum problem problem = call_problem(call, REMOVE_user);

	if (problem == PROBLEM_member_not_found) {
		(void)call_refuse_with(call, problem, user_id);
		return;
	}
	if (!succeeded(call, REMOVE_user))
		return;
	gauges_changed();
	buffer_printf(call_body(call),
	    "{\"success\":true,\"message\":\"User %" PRId64
	    " successfully removed from family\",\"removed_user_id\":%" PRId64
	    "}",
	    user_id, user_id);
	(void)call_answer(call, 200);
}

static int
remove_user(struct call *call, int64_t user_id, bool leaves,
    void (*done)(struct call *))
{
	struct step *step;

	(void)call_step(call, STATEMENT_family_remove_lock);
	step = call_step(call, STATEMENT_family_remove);
	step_int(step, user_id);
	step_bool(step, leaves);
	return (call_submit(call, done));
}

static void
families_remove_done(struct call *call)
{
	const struct families_remove_values *values = call->values;

	remove_done(call, values->user_id.integer);
}

int
families_remove(struct call *call)
{
	const struct families_remove_values *values = call->values;

	if (values->path_user_id.integer != values->user_id.integer)
		return (call_reject(call, PROBLEM_member_ids_differ));
	return (families_remove_alias(call));
}

int
families_remove_alias(struct call *call)
{
	const struct families_remove_values *values = call->values;

	return (remove_user(
	    call, values->user_id.integer, false, families_remove_done));
}

static void
families_leave_done(struct call *call)
{
	remove_done(call, call->caller.id);
}

int
families_leave(struct call *call)
{
	return (
	    remove_user(call, call->token_user_id, true, families_leave_done));
}
