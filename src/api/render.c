#include "api/render.h"

#include <ctype.h>
#include <string.h>

#include "domain/dates.h"
#include "http/json.h"
#include "http/numbers.h"
#include "platform/compiler.h"

/* Columns of assets/sql/fragment_user.sql */
enum {
	USER_username,
	USER_is_parent,
	USER_email,
	USER_id,
	USER_is_active,
	USER_parent_id
};

/* Columns of assets/sql/fragment_adjustment.sql */
enum {
	ADJUSTMENT_amount,
	ADJUSTMENT_reason,
	ADJUSTMENT_id,
	ADJUSTMENT_child_id,
	ADJUSTMENT_parent_id,
	ADJUSTMENT_created_at
};

/* The column holds 255 characters of at most four bytes. */
#define RENDER_EMAIL_MAX 1020

/* Columns of assets/sql/fragment_chore.sql */
enum {
	CHORE_title,
	CHORE_description,
	CHORE_reward,
	CHORE_min_reward,
	CHORE_max_reward,
	CHORE_is_range_reward,
	CHORE_cooldown_days,
	CHORE_is_recurring,
	CHORE_frequency,
	CHORE_is_disabled,
	CHORE_id,
	CHORE_assignment_mode,
	CHORE_creator_id,
	CHORE_created_at,
	CHORE_updated_at
};

/* Columns of assets/sql/fragment_assignment.sql */
enum {
	ASSIGNMENT_id,
	ASSIGNMENT_chore_id,
	ASSIGNMENT_assignee_id,
	ASSIGNMENT_is_completed,
	ASSIGNMENT_is_approved,
	ASSIGNMENT_completion_date,
	ASSIGNMENT_approval_date,
	ASSIGNMENT_approval_reward,
	ASSIGNMENT_rejection_reason,
	ASSIGNMENT_created_at,
	ASSIGNMENT_updated_at
};

/* A key as it stands in the object, with what is around it, and its value. */
struct member {
	const char *key;
	render_item *put;
	int column;
};

static void
put_members(struct buffer *b, const struct member *members, size_t count,
    const struct rows *rows, int row, int column)
{
	size_t i;

	for (i = 0; i < count; i++) {
		buffer_puts(b, members[i].key);
		members[i].put(b, rows, row, column + members[i].column);
	}
}

static void
put_null(struct buffer *b)
{
	buffer_append(b, "null", 4);
}

void
render_bool(struct buffer *b, const struct rows *rows, int row, int column)
{
	if (row_is_null(rows, row, column))
		put_null(b);
	else
		buffer_puts(b, row_bool(rows, row, column) ? "true" : "false");
}

void
render_int(struct buffer *b, const struct rows *rows, int row, int column)
{
	if (row_is_null(rows, row, column))
		put_null(b);
	else
		buffer_put_int(b, row_int(rows, row, column));
}

void
render_float(struct buffer *b, const struct rows *rows, int row, int column)
{
	if (row_is_null(rows, row, column))
		put_null(b);
	else
		numbers_put_float(b, row_double(rows, row, column));
}

void
render_text(struct buffer *b, const struct rows *rows, int row, int column)
{
	const char *text;
	size_t length;

	if (row_is_null(rows, row, column)) {
		put_null(b);
		return;
	}
	text = row_text(rows, row, column, &length);
	json_put_string(b, text, length);
}

void
render_time_z(struct buffer *b, const struct rows *rows, int row, int column)
{
	if (row_is_null(rows, row, column)) {
		put_null(b);
		return;
	}
	buffer_putc(b, '"');
	dates_put_z(b, row_time(rows, row, column));
	buffer_putc(b, '"');
}

/* Domains are the same in any letter case, and are shown in lower case. */
static void
put_email(struct buffer *b, const struct rows *rows, int row, int column)
{
	const char *text, *domain;
	char shown[RENDER_EMAIL_MAX];
	size_t length, i;

	text = row_text(rows, row, column, &length);
	domain = strrchr(text, '@');
	if (row_is_null(rows, row, column) || domain == NULL ||
	    length > sizeof(shown)) {
		render_text(b, rows, row, column);
		return;
	}
	memcpy(shown, text, length);
	for (i = (size_t)(domain - text); i < length; i++)
		shown[i] = (char)tolower((unsigned char)shown[i]);
	json_put_string(b, shown, length);
}

void
render_user(struct buffer *b, const struct rows *rows, int row, int column)
{
	static const struct member members[] = {
		{ "{\"username\":", render_text, USER_username },
		{ ",\"is_parent\":", render_bool, USER_is_parent },
		{ ",\"email\":", put_email, USER_email },
		{ ",\"id\":", render_int, USER_id },
		{ ",\"is_active\":", render_bool, USER_is_active },
		{ ",\"parent_id\":", render_int, USER_parent_id },
	};

	put_members(b, members, COUNT_OF(members), rows, row, column);
	buffer_putc(b, '}');
}

void
render_assignment(
    struct buffer *b, const struct rows *rows, int row, int column)
{
	static const struct member members[] = {
		{ "{\"id\":", render_int, ASSIGNMENT_id },
		{ ",\"chore_id\":", render_int, ASSIGNMENT_chore_id },
		{ ",\"assignee_id\":", render_int, ASSIGNMENT_assignee_id },
		{ ",\"is_completed\":", render_bool, ASSIGNMENT_is_completed },
		{ ",\"is_approved\":", render_bool, ASSIGNMENT_is_approved },
		{ ",\"completion_date\":", render_time_z,
		    ASSIGNMENT_completion_date },
		{ ",\"approval_date\":", render_time_z,
		    ASSIGNMENT_approval_date },
		{ ",\"approval_reward\":", render_float,
		    ASSIGNMENT_approval_reward },
		{ ",\"rejection_reason\":", render_text,
		    ASSIGNMENT_rejection_reason },
		{ ",\"created_at\":", render_time_z, ASSIGNMENT_created_at },
		{ ",\"updated_at\":", render_time_z, ASSIGNMENT_updated_at },
	};

	put_members(b, members, COUNT_OF(members), rows, row, column);
	buffer_putc(b, '}');
}

/* The amount is a decimal and travels as a string. */
void
render_adjustment(
    struct buffer *b, const struct rows *rows, int row, int column)
{
	static const struct member members[] = {
		{ "{\"amount\":", render_text, ADJUSTMENT_amount },
		{ ",\"reason\":", render_text, ADJUSTMENT_reason },
		{ ",\"id\":", render_int, ADJUSTMENT_id },
		{ ",\"child_id\":", render_int, ADJUSTMENT_child_id },
		{ ",\"parent_id\":", render_int, ADJUSTMENT_parent_id },
		{ ",\"created_at\":", render_time_z, ADJUSTMENT_created_at },
	};

	put_members(b, members, COUNT_OF(members), rows, row, column);
	buffer_puts(b, ",\"child\":null,\"parent\":null}");
}

void
render_list(
    struct buffer *b, const struct rows *rows, int column, render_item *put)
{
	int row;

	buffer_putc(b, '[');
	for (row = 0; row < rows->count; row++) {
		if (row > 0)
			buffer_putc(b, ',');
		put(b, rows, row, column);
	}
	buffer_putc(b, ']');
}

struct render_span
render_span(const struct rows *rows, int first, int key)
{
	struct render_span span = { rows, first, first + 1 };
	int64_t value = row_int(rows, first, key);

	while (span.end < rows->count && row_int(rows, span.end, key) == value)
		span.end++;
	return (span);
}

/* A chore's key that speaks of one assignment: null where the view is silent
 * about it. */
struct told {
	const char *key;
	render_item *put;
	int column; /* of the assignment */
	unsigned views;
};

#define IN(view) (1u << (view))

static void
put_told(struct buffer *b, const struct told *told, size_t count,
    const struct rows *rows, int row, int column, enum render_view view)
{
	size_t i;

	for (i = 0; i < count; i++) {
		buffer_puts(b, told[i].key);
		if ((told[i].views & IN(view)) == 0)
			put_null(b);
		else
			told[i].put(b, rows, row, column + told[i].column);
	}
}

/* An approved chore shows what it paid, unless that was nothing. */
static void
put_reward(struct buffer *b, const struct rows *rows, int chore_row, int column,
    enum render_view view, int row)
{
	int paid = column + RENDER_CHORE_COLUMNS + ASSIGNMENT_approval_reward;

	buffer_puts(b, ",\"reward\":");
	if (view == RENDER_APPROVED && row_double(rows, row, paid) != 0)
		render_float(b, rows, row, paid);
	else
		render_float(b, rows, chore_row, column + CHORE_reward);
}

static void
put_assignments(struct buffer *b, struct render_span span, int column)
{
	bool first = true;
	int row;

	buffer_puts(b, ",\"assignments\":[");
	for (row = span.first; row < span.end; row++) {
		if (row_is_null(span.rows, row, column + ASSIGNMENT_id))
			continue;
		if (!first)
			buffer_putc(b, ',');
		render_assignment(b, span.rows, row, column);
		first = false;
	}
	buffer_puts(b, "]}");
}

static const struct member chore_names[] = {
	{ "{\"title\":", render_text, CHORE_title },
	{ ",\"description\":", render_text, CHORE_description },
};

static const struct member chore_bounds[] = {
	{ ",\"min_reward\":", render_float, CHORE_min_reward },
	{ ",\"max_reward\":", render_float, CHORE_max_reward },
};

static const struct told chore_review[] = {
	{ ",\"approval_reward\":", render_float, ASSIGNMENT_approval_reward,
	    IN(RENDER_APPROVED) | IN(RENDER_OF_CHILD) },
	{ ",\"rejection_reason\":", render_text, ASSIGNMENT_rejection_reason,
	    IN(RENDER_REJECTED) | IN(RENDER_OF_CHILD) },
};

static const struct member chore_rest[] = {
	{ ",\"is_range_reward\":", render_bool, CHORE_is_range_reward },
	{ ",\"cooldown_days\":", render_int, CHORE_cooldown_days },
	{ ",\"is_recurring\":", render_bool, CHORE_is_recurring },
	{ ",\"frequency\":", render_text, CHORE_frequency },
	{ ",\"is_disabled\":", render_bool, CHORE_is_disabled },
	{ ",\"id\":", render_int, CHORE_id },
	{ ",\"assignment_mode\":", render_text, CHORE_assignment_mode },
	{ ",\"creator_id\":", render_int, CHORE_creator_id },
	{ ",\"created_at\":", render_time_z, CHORE_created_at },
	{ ",\"updated_at\":", render_time_z, CHORE_updated_at },
};

static const struct told chore_state[] = {
	{ ",\"is_completed\":", render_bool, ASSIGNMENT_is_completed,
	    IN(RENDER_APPROVED) | IN(RENDER_REJECTED) | IN(RENDER_OF_CHILD) },
	{ ",\"is_approved\":", render_bool, ASSIGNMENT_is_approved,
	    IN(RENDER_APPROVED) | IN(RENDER_REJECTED) | IN(RENDER_OF_CHILD) },
	{ ",\"completed_at\":", render_time_z, ASSIGNMENT_completion_date,
	    IN(RENDER_APPROVED) | IN(RENDER_OF_CHILD) },
	{ ",\"approved_at\":", render_time_z, ASSIGNMENT_approval_date,
	    IN(RENDER_APPROVED) | IN(RENDER_OF_CHILD) },
};

void
render_chore(struct buffer *b, struct render_span span, int column,
    enum render_view view, int row)
{
	const struct rows *rows = span.rows;
	int own = column + RENDER_CHORE_COLUMNS;

	put_members(
	    b, chore_names, COUNT_OF(chore_names), rows, span.first, column);
	put_reward(b, rows, span.first, column, view, row);
	put_members(
	    b, chore_bounds, COUNT_OF(chore_bounds), rows, span.first, column);
	put_told(b, chore_review, COUNT_OF(chore_review), rows, row, own, view);
	put_members(
	    b, chore_rest, COUNT_OF(chore_rest), rows, span.first, column);
	put_told(b, chore_state, COUNT_OF(chore_state), rows, row, own, view);
	if (view == RENDER_OF_CHILD)
		buffer_puts(b, ",\"assignments\":[]}");
	else
		put_assignments(b, span, own);
}
