/*
 * families: what members see of their family.
 */
#include "api/families.h"

#include <string.h>

#include "api/endpoints.h"
#include "api/render.h"
#include "http/call.h"

/* Columns of assets/sql/fragment_family.sql */
enum {
	FAMILY_name,
	FAMILY_id,
	FAMILY_invite_code,
	FAMILY_invite_code_expires_at,
	FAMILY_created_at,
	FAMILY_updated_at
};

void
families_put_code(
    struct buffer *body, bool is_parent, const struct rows *rows, int column)
{
	if (is_parent)
		render_text(body, rows, 0, column);
	else
		buffer_puts(body, "\"\"");
}

void
families_put(
    struct buffer *body, bool is_parent, const struct rows *rows, int column)
{
	buffer_puts(body, "{\"name\":");
	render_text(body, rows, 0, column + FAMILY_name);
	buffer_puts(body, ",\"id\":");
	render_int(body, rows, 0, column + FAMILY_id);
	buffer_puts(body, ",\"invite_code\":");
	families_put_code(body, is_parent, rows, column + FAMILY_invite_code);
	buffer_puts(body, ",\"invite_code_expires_at\":");
	render_time_z(body, rows, 0, column + FAMILY_invite_code_expires_at);
	buffer_puts(body, ",\"created_at\":");
	render_time_z(body, rows, 0, column + FAMILY_created_at);
	buffer_puts(body, ",\"updated_at\":");
	render_time_z(body, rows, 0, column + FAMILY_updated_at);
	buffer_putc(body, '}');
}

static void
families_context_done(struct call *call)
{
	const struct rows *rows = call_rows(call, 0);
	struct buffer *body = call_body(call);
	bool is_parent = call->caller.is_parent;

	if (rows->count == 0) {
		buffer_puts(body, "{\"has_family\":false,\"family\":null,"
				  "\"role\":\"no_family\",\"can_invite\":false,"
				  "\"can_manage\":false}");
	} else {
		buffer_puts(body, "{\"has_family\":true,\"family\":");
		families_put(body, is_parent, rows, 0);
		buffer_puts(body,
		    is_parent ? ",\"role\":\"parent\",\"can_invite\":true,"
				"\"can_manage\":true}"
			      : ",\"role\":\"child\",\"can_invite\":false,"
				"\"can_manage\":false}");
	}
	(void)call_answer(call, 200);
}

int
families_context(struct call *call)
{
	(void)call_step(call, STATEMENT_family_context);
	return (call_submit(call, families_context_done));
}

/* Columns of assets/sql/family_members.sql */
enum {
	MEMBERS_family_id,
	MEMBERS_family_name,
	MEMBERS_id,
	MEMBERS_username,
	MEMBERS_email,
	MEMBERS_is_parent,
	MEMBERS_is_active,
	MEMBERS_parent_id,
	MEMBERS_created_at
};

/* joined_at is what the web client reads; it is when the account was made. */
static void
put_member(struct buffer *body, const struct rows *rows, int row)
{
	buffer_puts(body, "{\"id\":");
	render_int(body, rows, row, MEMBERS_id);
	buffer_puts(body, ",\"username\":");
	render_text(body, rows, row, MEMBERS_username);
	buffer_puts(body, ",\"email\":");
	render_text(body, rows, row, MEMBERS_email);
	buffer_puts(body, ",\"is_parent\":");
	render_bool(body, rows, row, MEMBERS_is_parent);
	buffer_puts(body, ",\"is_active\":");
	render_bool(body, rows, row, MEMBERS_is_active);
	buffer_puts(body, ",\"parent_id\":");
	render_int(body, rows, row, MEMBERS_parent_id);
	buffer_puts(body, ",\"created_at\":");
	render_time_z(body, rows, row, MEMBERS_created_at);
	buffer_puts(body, ",\"joined_at\":");
	render_time_z(body, rows, row, MEMBERS_created_at);
	buffer_putc(body, '}');
}

/* The rows from ${row} on that are parents or not; the row behind them. */
static int
put_members_of_role(
    struct buffer *body, const struct rows *rows, int row, bool is_parent)
{
	int first = row;

	buffer_putc(body, '[');
	for (; row < rows->count &&
	       row_bool(rows, row, MEMBERS_is_parent) == is_parent;
	     row++) {
		if (row > first)
			buffer_putc(body, ',');
		put_member(body, rows, row);
	}
	buffer_putc(body, ']');
	return (row);
}

static void
families_members_done(struct call *call)
{
	const struct rows *rows = call_rows(call, 0);
	struct buffer *body = call_body(call);
	int row;

	if (rows->count == 0) { /* removed a moment ago */
		(void)call_refuse(call, PROBLEM_family_membership);
		return;
	}
	buffer_puts(body, "{\"family_id\":");
	render_int(body, rows, 0, MEMBERS_family_id);
	buffer_puts(body, ",\"family_name\":");
	render_text(body, rows, 0, MEMBERS_family_name);
	buffer_puts(body, ",\"total_members\":");
	buffer_put_int(body, rows->count);
	buffer_puts(body, ",\"parents\":");
	row = put_members_of_role(body, rows, 0, true);
	buffer_puts(body, ",\"children\":");
	(void)put_members_of_role(body, rows, row, false);
	buffer_putc(body, '}');
	(void)call_answer(call, 200);
}

int
families_members(struct call *call)
{
	(void)call_step(call, STATEMENT_family_members);
	return (call_submit(call, families_members_done));
}

/* Columns of assets/sql/family_stats.sql */
enum {
	STATS_family_id,
	STATS_name,
	STATS_invite_code,
	STATS_created_at,
	STATS_total_members,
	STATS_total_parents,
	STATS_total_children,
	STATS_total_chores,
	STATS_completed_chores,
	STATS_approved_chores,
	STATS_total_rewards_earned
};

static void
families_stats_done(struct call *call)
{
	const struct rows *rows = call_rows(call, 0);
	struct buffer *body = call_body(call);

	if (rows->count == 0) { /* removed a moment ago */
		(void)call_refuse(call, PROBLEM_family_membership);
		return;
	}
	buffer_puts(body, "{\"family_id\":");
	render_int(body, rows, 0, STATS_family_id);
	buffer_puts(body, ",\"name\":");
	render_text(body, rows, 0, STATS_name);
	buffer_puts(body, ",\"invite_code\":");
	families_put_code(
	    body, call->caller.is_parent, rows, STATS_invite_code);
	buffer_puts(body, ",\"created_at\":");
	render_time_z(body, rows, 0, STATS_created_at);
	buffer_puts(body, ",\"total_members\":");
	render_int(body, rows, 0, STATS_total_members);
	buffer_puts(body, ",\"total_parents\":");
	render_int(body, rows, 0, STATS_total_parents);
	buffer_puts(body, ",\"total_children\":");
	render_int(body, rows, 0, STATS_total_children);
	buffer_puts(body, ",\"total_chores\":");
	render_int(body, rows, 0, STATS_total_chores);
	buffer_puts(body, ",\"completed_chores\":");
	render_int(body, rows, 0, STATS_completed_chores);
	buffer_puts(body, ",\"approved_chores\":");
	render_int(body, rows, 0, STATS_approved_chores);
	buffer_puts(body, ",\"total_rewards_earned\":");
	render_float(body, rows, 0, STATS_total_rewards_earned);
	buffer_putc(body, '}');
	(void)call_answer(call, 200);
}

int
families_stats(struct call *call)
{
	(void)call_step(call, STATEMENT_family_stats);
	return (call_submit(call, families_stats_done));
}
