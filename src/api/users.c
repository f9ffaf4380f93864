/*
 * users: who one is and whom one may see.
 */
#include <string.h>

#include "api/endpoints.h"
#include "api/families.h"
#include "api/render.h"
#include "domain/dates.h"
#include "http/call.h"
#include "http/fields.h"
#include "http/json.h"
#include "platform/compiler.h"
#include "platform/settings.h"

/* Columns of assets/sql/fragment_user.sql come first in all these lists. */
#define USER_COLUMN 0
#define USER_COLUMN_id (USER_COLUMN + RENDER_USER_ID)

struct users_page {
	struct value skip, limit;
};

static const struct field users_list_query[] = {
	{ "skip", FIELD_INT, .flags = FIELD_GE, .ge = 0, FIELD_DEFAULT_INT(0),
	    FIELD_AT(users_page, skip) },
	{ "limit", FIELD_INT, .flags = FIELD_GE, .ge = 0,
	    FIELD_DEFAULT_INT(100), FIELD_AT(users_page, limit) },
};

const struct input users_list_input = {
	FIELDS_QUERY(users_list_query),
	.size = sizeof(struct users_page),
};

struct users_children_values {
	struct value parent_id;
};

static const struct field users_children_path[] = {
	{ "parent_id", FIELD_INT, .flags = FIELD_REQUIRED,
	    FIELD_AT(users_children_values, parent_id) },
};

const struct input users_children_input = {
	FIELDS_PATH(users_children_path),
	.size = sizeof(struct users_children_values),
};

/* A row a user: [${user}, ...]. */
static void
answer_with_users(struct call *call)
{
	render_list(
	    call_body(call), call_rows(call, 0), USER_COLUMN, render_user);
	(void)call_answer(call, 200);
}

int
users_list(struct call *call)
{
	const struct users_page *page = call->values;
	struct step *step = call_step(call, STATEMENT_users_list);

	step_int(step, page->skip.integer);
	step_int(step, page->limit.integer);
	return (call_submit(call, answer_with_users));
}

int
users_children(struct call *call)
{
	const struct users_children_values *values = call->values;

	step_int(call_step(call, STATEMENT_users_children),
	    values->parent_id.integer);
	return (call_submit(call, answer_with_users));
}

static void
users_me_done(struct call *call)
{
	render_user(call_body(call), call_caller_rows(call), 0, USER_COLUMN);
	(void)call_answer(call, 200);
}

int
users_me(struct call *call)
{
	return (call_submit_alone(call, users_me_done));
}

/* Columns of assets/sql/users_my_children.sql behind those of the user. */
enum {
	CHORE_id = 6,
	CHORE_chore_id,
	CHORE_title,
	CHORE_reward,
	CHORE_is_completed,
	CHORE_is_approved
};

static void
put_assignment(struct buffer *body, const struct rows *rows, int row)
{
	buffer_puts(body, "{\"id\":");
	render_int(body, rows, row, CHORE_id);
	buffer_puts(body, ",\"chore_id\":");
	render_int(body, rows, row, CHORE_chore_id);
	buffer_puts(body, ",\"chore_title\":");
	render_text(body, rows, row, CHORE_title);
	buffer_puts(body, ",\"reward\":");
	render_float(body, rows, row, CHORE_reward);
	buffer_puts(body, ",\"is_completed\":");
	render_bool(body, rows, row, CHORE_is_completed);
	buffer_puts(body, ",\"is_approved\":");
	render_bool(body, rows, row, CHORE_is_approved);
	buffer_putc(body, '}');
}

/*
 * One child: its first row is ${row}, and the rows that follow with the same
 * id are its other assignments. Returns the row of the next child.
 */
static int
put_child(struct buffer *body, const struct rows *rows, int row)
{
	int64_t id = row_int(rows, row, USER_COLUMN_id);
	bool first = true;

	render_user(body, rows, row, USER_COLUMN);
	body->length--; /* the chores go inside the user's object */
	buffer_puts(body, ",\"chores\":[");
	for (; row < rows->count && row_int(rows, row, USER_COLUMN_id) == id;
	     row++) {
		if (row_is_null(rows, row, CHORE_id))
			continue;
		if (!first)
			buffer_putc(body, ',');
		put_assignment(body, rows, row);
		first = false;
	}
	buffer_puts(body, "]}");
	return (row);
}

static void
users_my_children_done(struct call *call)
{
	const struct rows *rows = call_rows(call, 0);
	struct buffer *body = call_body(call);
	int row = 0;

	buffer_putc(body, '[');
	while (row < rows->count) {
		if (row > 0)
			buffer_putc(body, ',');
		row = put_child(body, rows, row);
	}
	buffer_putc(body, ']');
	(void)call_answer(call, 200);
}

int
users_my_children(struct call *call)
{
	(void)call_step(call, STATEMENT_users_my_children);
	return (call_submit(call, users_my_children_done));
}

/* Columns of assets/sql/user_stats.sql */
enum {
	STATS_family_id,
	STATS_family_name,
	STATS_invite_code,
	STATS_nchildren,
	STATS_nmembers
};

static void
put_family(
    struct buffer *body, const struct caller *caller, const struct rows *rows)
{
	if (row_is_null(rows, 0, STATS_family_id)) {
		buffer_puts(body, "null");
		return;
	}
	buffer_puts(body, "{\"family_id\":");
	render_int(body, rows, 0, STATS_family_id);
	buffer_puts(body, ",\"family_name\":");
	render_text(body, rows, 0, STATS_family_name);
	buffer_puts(body, ",\"invite_code\":");
	families_put_code(body, caller->is_parent, rows, STATS_invite_code);
	buffer_putc(body, '}');
}

static void
users_stats_done(struct call *call)
{
	const struct caller *caller = &call->caller;
	const struct rows *rows = call_rows(call, 0);
	struct buffer *body = call_body(call);

	buffer_puts(body, "{\"user\":{\"id\":");
	buffer_put_int(body, caller->id);
	buffer_puts(body, ",\"username\":");
	json_put_string(body, caller->username, strlen(caller->username));
	buffer_printf(body,
	    ",\"is_parent\":%s,\"is_active\":%s,\"created_at\":\"",
	    caller->is_parent ? "true" : "false",
	    caller->is_active ? "true" : "false");
	dates_put_offset(body, caller->created_at);
	buffer_puts(body, "\"},\"family_context\":");
	put_family(body, caller, rows);
	buffer_puts(body, ",\"children_count\":");
	render_int(body, rows, 0, STATS_nchildren);
	buffer_puts(body, ",\"family_members_count\":");
	render_int(body, rows, 0, STATS_nmembers);
	buffer_putc(body, '}');
	(void)call_answer(call, 200);
}

int
users_stats(struct call *call)
{
	(void)call_step(call, STATEMENT_user_stats);
	return (call_submit(call, users_stats_done));
}

/* The codes themselves are the operator's and stay in the configuration. */
static void
users_registration_done(struct call *call)
{
	size_t count = settings_get()->registration_codes.count;

	buffer_printf(call_body(call),
	    "{\"registration_restricted\":%s,\"valid_codes_count\":%zu,"
	    "\"valid_codes\":[],\"message\":\"%s\"}",
	    count > 0 ? "true" : "false", count,
	    count > 0 ? "Registration codes are currently required for parent "
			"accounts"
		      : "Registration is open to all users");
	(void)call_answer(call, 200);
}

int
users_registration(struct call *call)
{
	return (call_submit_alone(call, users_registration_done));
}
