/*
 * users_reset: parents set their children's passwords.
 *
 * Whether the caller may is asked before the password is worth hashing, and
 * again by the statement that writes. Tokens given before stay valid.
 */
#include <string.h>

#include "api/endpoints.h"
#include "api/newpassword.h"
#include "api/render.h"
#include "domain/password.h"
#include "http/call.h"
#include "http/fields.h"
#include "http/json.h"
#include "platform/compiler.h"

struct users_reset_values {
	struct value child_id, new_password;

	void (*refuse)(struct call *, enum problem); /* as this form says it */
	void (*answer)(struct call *, const struct rows *);
	char hash[PASSWORD_HASH_SIZE];
	bool is_hashed;
};

static const struct field users_reset_path[] = {
	{ "child_id", FIELD_INT, .flags = FIELD_REQUIRED,
	    FIELD_AT(users_reset_values, child_id) },
};

/* The whole body is a JSON string. */
static const struct field users_reset_body[] = {
	{ "new_password", FIELD_TEXT,
	    .flags = FIELD_REQUIRED | FIELD_SECRET | FIELD_MAY_HOLD_NUL,
	    .min_length = PASSWORD_LEAST_RESET,
	    FIELD_AT(users_reset_values, new_password) },
};

const struct input users_reset_input = {
	FIELDS_PATH(users_reset_path),
	FIELDS_BODY(users_reset_body),
	.body_kind = BODY_JSON_TEXT,
	.size = sizeof(struct users_reset_values),
};

/* The form's length is checked after everything else. */
static const struct field users_html_reset_body[] = {
	{ "new_password", FIELD_TEXT,
	    .flags = FIELD_REQUIRED | FIELD_SECRET | FIELD_MAY_HOLD_NUL,
	    FIELD_AT(users_reset_values, new_password) },
};

const struct input users_html_reset_input = {
	FIELDS_PATH(users_reset_path),
	FIELDS_BODY(users_html_reset_body),
	.body_kind = BODY_FORM,
	.size = sizeof(struct users_reset_values),
};

/* Columns of assets/sql/reset_password.sql */
enum { RESET_problem, RESET_user };

static void
reset_done(struct call *call)
{
	const struct users_reset_values *values = call->values;
	enum problem problem = call_problem(call, 0);

	if (problem == PROBLEM_none)
		values->answer(call, call_rows(call, 0));
	else
		(void)call_refuse(call, problem);
}

static void
store_password(struct call *call)
{
	const struct users_reset_values *values = call->values;
	struct step *step;

	if (!values->is_hashed) {
		(void)call_refuse(call, PROBLEM_unavailable);
		return;
	}
	step = call_step(call, STATEMENT_reset_password);
	step_int(step, values->child_id.integer);
	step_text(step, values->hash);
	(void)call_submit(call, reset_done);
}

/* Context: a thread of the password lane. */
static void
hash_password(struct call *call, void *scratch)
{
	struct users_reset_values *values = call->values;

	values->is_hashed =
	    password_hash(scratch, values->new_password.text.data,
		values->new_password.text.length, values->hash) == 0;
}

static void
reset_checked(struct call *call)
{
	const struct users_reset_values *values = call->values;
	enum problem problem = call_problem(call, 0);

	if (problem != PROBLEM_none) {
		(void)call_refuse(call, problem);
		return;
	}
	problem = newpassword_problem(values->new_password.text.data,
	    values->new_password.text.length, PASSWORD_LEAST_RESET,
	    PROBLEM_reset_too_short);
	if (problem != PROBLEM_none)
		values->refuse(call, problem);
	else
		(void)call_work(call, hash_password, store_password);
}

static int
reset(struct call *call)
{
	const struct users_reset_values *values = call->values;

	step_int(
	    call_step(call, STATEMENT_reset_check), values->child_id.integer);
	return (call_submit(call, reset_checked));
}

static void
refuse_plainly(struct call *call, enum problem problem)
{
	(void)call_refuse(call, problem);
}

static void
answer_with_user(struct call *call, const struct rows *rows)
{
	render_user(call_body(call), rows, 0, RESET_user);
	(void)call_answer(call, 200);
}

int
users_reset(struct call *call)
{
	struct users_reset_values *values = call->values;

	values->refuse = refuse_plainly;
	values->answer = answer_with_user;
	return (reset(call));
}

/* {"success":false,"error":…}, for pages that show it as it is */
static void
refuse_for_page(struct call *call, enum problem problem)
{
	struct buffer *body = call_body(call);
	const char *text = problem_text(problem);

	buffer_puts(body, "{\"success\":false,\"error\":");
	json_put_string(body, text, strlen(text));
	buffer_putc(body, '}');
	(void)call_answer(call, problem_status(problem));
}

static void
answer_for_page(struct call *call, const struct rows *rows)
{
	struct buffer *body = call_body(call);
	const char *username = row_text(rows, 0, RESET_user, NULL);
	const char *message = arena_printf(
	    &call->arena, "Password reset successfully for user %s", username);

	buffer_puts(body, "{\"success\":true,\"message\":");
	json_put_string(body, message, strlen(message));
	buffer_puts(body, ",\"username\":");
	json_put_string(body, username, strlen(username));
	buffer_putc(body, '}');
	(void)call_answer(call, 200);
}

int
users_html_reset(struct call *call)
{
	struct users_reset_values *values = call->values;

	values->refuse = refuse_for_page;
	values->answer = answer_for_page;
	return (reset(call));
}
