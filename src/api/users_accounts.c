/*
 * users_accounts: making accounts: parents register, parents make children.
 *
 * Both ways are the same three jobs: may it be made, the password's hash on a
 * thread of the password lane, the row. The statement that writes asks all
 * conditions again, behind locks on the name and the address.
 */
#include <string.h>
#include <strings.h>

#include "api/endpoints.h"
#include "api/newpassword.h"
#include "api/render.h"
#include "domain/dates.h"
#include "domain/password.h"
#include "http/bearer.h"
#include "http/call.h"
#include "http/email.h"
#include "http/fields.h"
#include "metrics/metrics.h"
#include "platform/compiler.h"
#include "platform/integer.h"
#include "platform/settings.h"
#include "platform/utf8.h"

#define USERNAME_LEAST 3
#define USERNAME_MOST 50

/* An account on its way into the database. */
struct account_plan {
	const char *username;
	const char *email; /* normalised; NULL: none */
	bool is_parent;
	int64_t actor_id; /* who registers a child; 0: the operation's caller */
	int64_t parent_id; /* 0: whoever acts */
	const char *password;
	size_t password_length;
	void (*answer)(struct call *, const struct rows *);

	char hash[PASSWORD_HASH_SIZE];
	bool is_hashed;
};

/* In both operations' values, the plan comes first. */
struct users_register_values {
	struct account_plan plan;
	struct value username, password, is_parent, email, parent_id,
	    registration_code;
};

static const struct field users_register_body[] = {
	{ "username", FIELD_TEXT, .flags = FIELD_REQUIRED,
	    FIELD_AT(users_register_values, username) },
	{ "password", FIELD_TEXT,
	    .flags = FIELD_REQUIRED | FIELD_SECRET | FIELD_MAY_HOLD_NUL,
	    FIELD_AT(users_register_values, password) },
	{ "is_parent", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_MAY_HOLD_NUL,
	    FIELD_AT(users_register_values, is_parent) },
	{ "email", FIELD_TEXT, .flags = FIELD_MAY_HOLD_NUL,
	    FIELD_AT(users_register_values, email) },
	{ "parent_id", FIELD_TEXT, .flags = FIELD_MAY_HOLD_NUL,
	    FIELD_AT(users_register_values, parent_id) },
	{ "registration_code", FIELD_TEXT, .flags = FIELD_MAY_HOLD_NUL,
	    FIELD_AT(users_register_values, registration_code) },
};

const struct input users_register_input = {
	FIELDS_BODY(users_register_body),
	.body_kind = BODY_FORM,
	.size = sizeof(struct users_register_values),
};

struct users_create_values {
	struct account_plan plan;
	struct value username, is_parent, email, password, parent_id, family_id,
	    registration_code;
};

/* family_id is for clients that send one: the parent's family counts. */
static const struct field users_create_body[] = {
	{ "username", FIELD_TEXT, .flags = FIELD_REQUIRED,
	    .min_length = USERNAME_LEAST, .max_length = USERNAME_MOST,
	    FIELD_AT(users_create_values, username) },
	{ "is_parent", FIELD_BOOL, FIELD_DEFAULT_BOOL(false),
	    FIELD_AT(users_create_values, is_parent) },
	{ "email", FIELD_EMAIL, .flags = FIELD_NULLABLE,
	    FIELD_AT(users_create_values, email) },
	{ "password", FIELD_TEXT,
	    .flags = FIELD_REQUIRED | FIELD_SECRET | FIELD_MAY_HOLD_NUL,
	    .min_length = PASSWORD_LEAST_RESET,
	    FIELD_AT(users_create_values, password) },
	{ "parent_id", FIELD_INT, .flags = FIELD_NULLABLE,
	    FIELD_AT(users_create_values, parent_id) },
	{ "family_id", FIELD_INT, .flags = FIELD_NULLABLE,
	    FIELD_AT(users_create_values, family_id) },
	{ "registration_code", FIELD_TEXT,
	    .flags = FIELD_NULLABLE | FIELD_MAY_HOLD_NUL,
	    FIELD_AT(users_create_values, registration_code) },
};

const struct input users_create_input = {
	FIELDS_BODY(users_create_body),
	.body_kind = BODY_JSON,
	.size = sizeof(struct users_create_values),
};

/* Columns of assets/sql/account_create.sql */
enum {
	MADE_problem,
	MADE_user,
	MADE_username = MADE_user,
	MADE_is_parent,
	MADE_email,
	MADE_id,
	MADE_is_active,
	MADE_parent_id,
	MADE_family_id,
	MADE_created_at,
	MADE_updated_at
};

/* The steps of store_account() */
enum { STORE_lock, STORE_account };

static void
account_stored(struct call *call)
{
	const struct account_plan *plan = call->values;
	enum problem problem = call_problem(call, STORE_account);

	if (problem != PROBLEM_none) {
		(void)call_refuse(call, problem);
		return;
	}
	metrics_inc_user_registrations_total(
	    plan->is_parent ? LABEL_role_parent : LABEL_role_child);
	plan->answer(call, call_rows(call, STORE_account));
}

static void
step_id(struct step *step, int64_t id)
{
	if (id == 0)
		step_null(step);
	else
		step_int(step, id);
}

static void
step_email(struct step *step, const struct account_plan *plan)
{
	if (plan->email == NULL)
		step_null(step);
	else
		step_text(step, plan->email);
}

/* $2 to $6 of ${account_decision}. */
static struct step *
step_account(struct call *call, enum statement statement)
{
	const struct account_plan *plan = call->values;
	struct step *step = call_step(call, statement);

	step_id(step, plan->actor_id);
	step_text(step, plan->username);
	step_email(step, plan);
	step_bool(step, plan->is_parent);
	step_id(step, plan->parent_id);
	return (step);
}

static void
store_account(struct call *call)
{
	const struct account_plan *plan = call->values;
	struct step *step;

	if (!plan->is_hashed) {
		(void)call_refuse(call, PROBLEM_unavailable);
		return;
	}
	step = call_step(call, STATEMENT_account_lock);
	step_text(step, plan->username);
	step_email(step, plan);
	step_id(step, plan->parent_id);
	step_text(step_account(call, STATEMENT_account_create), plan->hash);
	(void)call_submit(call, account_stored);
}

/* Context: a thread of the password lane. */
static void
hash_password(struct call *call, void *scratch)
{
	struct account_plan *plan = call->values;

	plan->is_hashed = password_hash(scratch, plan->password,
			      plan->password_length, plan->hash) == 0;
}

static void
account_checked(struct call *call)
{
	enum problem problem = call_problem(call, 0);

	if (problem != PROBLEM_none)
		(void)call_refuse(call, problem);
	else
		(void)call_work(call, hash_password, store_account);
}

static int
make_account(struct call *call)
{
	(void)step_account(call, STATEMENT_account_check);
	return (call_submit(call, account_checked));
}

static bool
is_configured(const char *code, size_t length)
{
	const struct settings_list *codes = &settings_get()->registration_codes;
	size_t i;

	for (i = 0; i < codes->count; i++)
		if (strlen(codes->items[i]) == length &&
		    strncasecmp(codes->items[i], code, length) == 0)
			return (true);
	return (false);
}

/* Where codes are configured, a parent's account needs one of them. */
static enum problem
judge_code(const struct value *given)
{
	const char *code;
	size_t length;

	if (settings_get()->registration_codes.count == 0)
		return (PROBLEM_none);
	if (given->state != VALUE_SET || given->text.length == 0)
		return (PROBLEM_registration_code_required);
	length = given->text.length;
	code = utf8_trim(given->text.data, &length, UTF8_SEPARATORS);
	if (length == 0)
		return (PROBLEM_registration_code_empty);
	return (is_configured(code, length)
		    ? PROBLEM_none
		    : PROBLEM_registration_code_invalid);
}

static enum problem
judge_password(const struct account_plan *plan)
{
	return (newpassword_problem(plan->password, plan->password_length,
	    PASSWORD_LEAST_NEW, PROBLEM_password_too_short));
}

/* What the original asks of a parent's address: [A-Za-z0-9_.+-]+ @
 * [A-Za-z0-9-]+ . [A-Za-z0-9.-]+; what mail itself asks comes on top. */
static bool
is_plain_address(const char *email)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz0123456789-";
	size_t local = 0, host, rest;

	while (email[local] != '\0' && (strchr(letters, email[local]) != NULL ||
					   strchr("_.+", email[local]) != NULL))
		local++;
	if (local == 0 || email[local] != '@')
		return (false);
	email += local + 1;
	host = strspn(email, letters);
	if (host == 0 || email[host] != '.')
		return (false);
	email += host + 1;
	for (rest = 0; email[rest] != '\0'; rest++)
		if (email[rest] != '.' && strchr(letters, email[rest]) == NULL)
			return (false);
	return (rest > 0);
}

static bool
is_set(const struct value *value)
{
	return (value->state == VALUE_SET);
}

/* The address of a form, normalised; NULL if there is none in it. */
static enum problem
read_email(struct call *call, const struct value *given)
{
	struct account_plan *plan = call->values;
	struct email email;

	if (!is_set(given))
		return (plan->is_parent ? PROBLEM_parent_email_required
					: PROBLEM_none);
	if ((plan->is_parent && !is_plain_address(given->text.data)) ||
	    email_read(&call->arena, given->text.data, given->text.length,
		&email) == -1)
		return (PROBLEM_email_format);
	plan->email = email.text;
	return (PROBLEM_none);
}

/* Anything else means a child. */
static bool
says_true(const struct value *value)
{
	return (value->text.length == strlen("true") &&
		strcasecmp(value->text.data, "true") == 0);
}

static enum problem
judge_username(const struct value *username)
{
	size_t length = utf8_count(username->text.data, username->text.length);

	return (length < USERNAME_LEAST || length > USERNAME_MOST
		    ? PROBLEM_username_length
		    : PROBLEM_none);
}

/* Who registers a child is its parent, and says so with a token. */
static enum problem
read_parent(struct call *call, const struct value *given)
{
	struct account_plan *plan = call->values;
	int64_t parent_id = 0;

	if (is_set(given) && integer_read(given->text.data, given->text.length,
				 &parent_id) == -1)
		return (PROBLEM_parent_id_not_integer);
	if (plan->is_parent)
		return (PROBLEM_none);
	plan->actor_id = bearer_check_exact(call->request);
	plan->parent_id = plan->actor_id;
	if (plan->actor_id == 0 ||
	    (parent_id != 0 && parent_id != plan->actor_id))
		return (PROBLEM_parent_id_required);
	return (PROBLEM_none);
}

/*
 * The first thing wrong with a registration. The original's checks come in
 * its order; that it lacked some (names, long passwords) shows last, before
 * the question whose child this is.
 */
static enum problem
judge_registration(struct call *call)
{
	struct users_register_values *values = call->values;
	struct account_plan *plan = &values->plan;
	enum problem problem = PROBLEM_none, password, parent;

	if (plan->is_parent)
		problem = judge_code(&values->registration_code);
	if (problem == PROBLEM_none)
		problem = read_email(call, &values->email);
	if (problem != PROBLEM_none)
		return (problem);
	password = judge_password(plan);
	if (password == PROBLEM_password_too_short)
		return (password);
	parent = read_parent(call, &values->parent_id);
	if (parent == PROBLEM_parent_id_not_integer)
		return (parent);
	problem = judge_username(&values->username);
	if (problem == PROBLEM_none)
		problem = password;
	return (problem != PROBLEM_none ? problem : parent);
}

/* Columns of assets/sql/account_create.sql, in the answer's order. */
static void
answer_registration(struct call *call, const struct rows *rows)
{
	struct buffer *body = call_body(call);

	buffer_puts(body, "{\"username\":");
	render_text(body, rows, 0, MADE_username);
	buffer_puts(body, ",\"is_active\":");
	render_bool(body, rows, 0, MADE_is_active);
	buffer_puts(body, ",\"parent_id\":");
	render_int(body, rows, 0, MADE_parent_id);
	buffer_puts(body, ",\"created_at\":\"");
	dates_put_offset(body, row_time(rows, 0, MADE_created_at));
	buffer_puts(body, "\",\"id\":");
	render_int(body, rows, 0, MADE_id);
	buffer_puts(body, ",\"email\":");
	render_text(body, rows, 0, MADE_email);
	buffer_puts(body, ",\"is_parent\":");
	render_bool(body, rows, 0, MADE_is_parent);
	buffer_puts(body, ",\"family_id\":");
	render_int(body, rows, 0, MADE_family_id);
	buffer_puts(body, ",\"updated_at\":\"");
	dates_put_offset(body, row_time(rows, 0, MADE_updated_at));
	buffer_puts(body, "\"}");
	(void)call_answer(call, 201);
}

int
users_register(struct call *call)
{
	struct users_register_values *values = call->values;
	struct account_plan *plan = &values->plan;
	enum problem problem;

	plan->username = values->username.text.data;
	plan->password = values->password.text.data;
	plan->password_length = values->password.text.length;
	plan->is_parent = says_true(&values->is_parent);
	plan->answer = answer_registration;
	problem = judge_registration(call);
	return (problem == PROBLEM_none ? make_account(call)
					: call_reject(call, problem));
}

/* The same for an account that a parent makes. */
static enum problem
judge_creation(const struct users_create_values *values)
{
	const struct account_plan *plan = &values->plan;
	enum problem problem = PROBLEM_none, password = judge_password(plan);

	if (plan->is_parent)
		problem = judge_code(&values->registration_code);
	if (problem != PROBLEM_none)
		return (problem);
	if (password == PROBLEM_password_too_short || !plan->is_parent)
		return (password);
	if (plan->email == NULL)
		return (PROBLEM_parent_email_required);
	return (
	    is_plain_address(plan->email) ? password : PROBLEM_email_format);
}

static void
answer_creation(struct call *call, const struct rows *rows)
{
	render_user(call_body(call), rows, 0, MADE_user);
	(void)call_answer(call, 201);
}

int
users_create(struct call *call)
{
	struct users_create_values *values = call->values;
	struct account_plan *plan = &values->plan;
	enum problem problem;

	plan->username = values->username.text.data;
	plan->email = is_set(&values->email) ? values->email.text.data : NULL;
	plan->is_parent = values->is_parent.truth;
	plan->parent_id =
	    is_set(&values->parent_id) ? values->parent_id.integer : 0;
	plan->password = values->password.text.data;
	plan->password_length = values->password.text.length;
	plan->answer = answer_creation;
	problem = judge_creation(values);
	return (problem == PROBLEM_none ? make_account(call)
					: call_reject(call, problem));
}
