/*
 * users_money: what children have and what parents owe.
 *
 * The ledger counts each approval once; see assets/sql/fragment_child_money.
 */
#include "api/endpoints.h"
#include "api/render.h"
#include "http/call.h"

/* Columns of assets/sql/user_balance.sql */
enum {
	BALANCE_balance,
	BALANCE_earned,
	BALANCE_adjusted,
	BALANCE_paid_out,
	BALANCE_pending
};

static void
users_balance_done(struct call *call)
{
	const struct rows *rows = call_rows(call, 0);
	struct buffer *body = call_body(call);

	buffer_puts(body, "{\"balance\":");
	render_float(body, rows, 0, BALANCE_balance);
	buffer_puts(body, ",\"total_earned\":");
	render_float(body, rows, 0, BALANCE_earned);
	buffer_puts(body, ",\"adjustments\":");
	render_float(body, rows, 0, BALANCE_adjusted);
	buffer_puts(body, ",\"paid_out\":");
	render_float(body, rows, 0, BALANCE_paid_out);
	buffer_puts(body, ",\"pending_chores_value\":");
	render_float(body, rows, 0, BALANCE_pending);
	buffer_putc(body, '}');
	(void)call_answer(call, 200);
}

int
users_balance(struct call *call)
{
	(void)call_step(call, STATEMENT_user_balance);
	return (call_submit(call, users_balance_done));
}

/* Columns of assets/sql/users_allowance.sql */
enum {
	ALLOWANCE_id,
	ALLOWANCE_username,
	ALLOWANCE_completed_chores,
	ALLOWANCE_earned,
	ALLOWANCE_adjusted,
	ALLOWANCE_paid_out,
	ALLOWANCE_balance
};

static void
put_allowance(struct buffer *body, const struct rows *rows, int row, int column)
{
	buffer_puts(body, "{\"id\":");
	render_int(body, rows, row, column + ALLOWANCE_id);
	buffer_puts(body, ",\"username\":");
	render_text(body, rows, row, column + ALLOWANCE_username);
	buffer_puts(body, ",\"completed_chores\":");
	render_int(body, rows, row, column + ALLOWANCE_completed_chores);
	buffer_puts(body, ",\"total_earned\":");
	render_float(body, rows, row, column + ALLOWANCE_earned);
	buffer_puts(body, ",\"total_adjustments\":");
	render_float(body, rows, row, column + ALLOWANCE_adjusted);
	buffer_puts(body, ",\"paid_out\":");
	render_float(body, rows, row, column + ALLOWANCE_paid_out);
	buffer_puts(body, ",\"balance_due\":");
	render_float(body, rows, row, column + ALLOWANCE_balance);
	buffer_putc(body, '}');
}

static void
users_allowance_done(struct call *call)
{
	render_list(call_body(call), call_rows(call, 0), 0, put_allowance);
	(void)call_answer(call, 200);
}

int
users_allowance(struct call *call)
{
	(void)call_step(call, STATEMENT_users_allowance);
	return (call_submit(call, users_allowance_done));
}
