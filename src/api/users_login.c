/*
 * users_login: a name and a password for a token.
 *
 * Three steps: the account of that name, bcrypt on a thread of the password
 * lane (for a name that nobody has, too: the time doesn't tell), the answer.
 */
#include <string.h>

#include "api/endpoints.h"
#include "domain/jwt.h"
#include "domain/password.h"
#include "http/bearer.h"
#include "http/call.h"
#include "http/fields.h"
#include "metrics/metrics.h"
#include "platform/compiler.h"

struct users_login_values {
	struct value grant_type, username, password, scope, client_id,
	    client_secret;

	/* found in between */
	const char *hash; /* NULL: nobody has that name */
	int64_t user_id;
	bool is_active, is_parent;
	bool is_right; /* the password */
};

/* OAuth's password flow, RFC 6749, 4.3.2; what isn't needed is ignored. */
static const struct field users_login_body[] = {
	{ "grant_type", FIELD_TEXT, .pattern = &pattern_grant_type,
	    FIELD_AT(users_login_values, grant_type) },
	{ "username", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_MAY_HOLD_NUL,
	    FIELD_AT(users_login_values, username) },
	{ "password", FIELD_TEXT,
	    .flags = FIELD_REQUIRED | FIELD_SECRET | FIELD_MAY_HOLD_NUL,
	    FIELD_AT(users_login_values, password) },
	{ "scope", FIELD_TEXT, .flags = FIELD_MAY_HOLD_NUL,
	    FIELD_AT(users_login_values, scope) },
	{ "client_id", FIELD_TEXT, .flags = FIELD_MAY_HOLD_NUL,
	    FIELD_AT(users_login_values, client_id) },
	{ "client_secret", FIELD_TEXT, .flags = FIELD_MAY_HOLD_NUL,
	    FIELD_AT(users_login_values, client_secret) },
};

const struct input users_login_input = {
	FIELDS_BODY(users_login_body),
	.body_kind = BODY_FORM,
	.size = sizeof(struct users_login_values),
};

/* Columns of assets/sql/login.sql */
enum { LOGIN_id, LOGIN_hashed_password, LOGIN_is_active, LOGIN_is_parent };

static void
refuse_login(struct call *call, enum problem problem)
{
	metrics_inc_user_login_failures_total();
	(void)call_refuse(call, problem);
}

static void
login_checked(struct call *call)
{
	const struct users_login_values *values = call->values;
	char token[JWT_SIZE];

	if (!values->is_right) {
		refuse_login(call, PROBLEM_login_failed);
		return;
	}
	if (!values->is_active) {
		refuse_login(call, PROBLEM_login_inactive);
		return;
	}
	if (bearer_issue(values->user_id, token) == 0) {
		(void)call_refuse(call, PROBLEM_unavailable);
		return;
	}
	metrics_inc_user_logins_total(
	    values->is_parent ? LABEL_role_parent : LABEL_role_child);
	buffer_printf(call_body(call),
	    "{\"access_token\":\"%s\",\"token_type\":\"bearer\"}", token);
	(void)call_answer(call, 200);
}

/* Context: a thread of the password lane. */
static void
check_password(struct call *call, void *scratch)
{
	struct users_login_values *values = call->values;

	values->is_right = password_matches(scratch, values->password.text.data,
	    values->password.text.length, values->hash);
}

static void
login_found(struct call *call)
{
	struct users_login_values *values = call->values;
	const struct rows *rows = call_rows(call, 0);

	/* What stands behind a NUL was not asked for: nobody has that name. */
	if (rows->count > 0 && strlen(values->username.text.data) ==
				   values->username.text.length) {
		values->user_id = row_int(rows, 0, LOGIN_id);
		values->hash = arena_strdup(&call->arena,
		    row_text(rows, 0, LOGIN_hashed_password, NULL));
		values->is_active = row_bool(rows, 0, LOGIN_is_active);
		values->is_parent = row_bool(rows, 0, LOGIN_is_parent);
	}
	(void)call_work(call, check_password, login_checked);
}

int
users_login(struct call *call)
{
	const struct users_login_values *values = call->values;

	step_text(call_step(call, STATEMENT_login), values->username.text.data);
	return (call_submit(call, login_found));
}
