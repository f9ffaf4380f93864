/*
 * render: rows of the database as the API's JSON objects.
 *
 * The keys, their order and their spellings are the wire contract; each
 * object has one function here and one list of columns in
 * assets/sql/fragment_<object>.sql, whose order the function knows. ${column}
 * is where that list begins in the statement's own columns. Everything goes
 * straight from the binary row into the buffer.
 *
 * Context  any.
 */
#ifndef API_RENDER_H
#define API_RENDER_H

#include "db/rows.h"
#include "platform/buffer.h"

/* How many columns the lists have. */
enum {
	RENDER_USER_COLUMNS = 6,
	RENDER_CHORE_COLUMNS = 15,
	RENDER_ASSIGNMENT_COLUMNS = 11,
	RENDER_ADJUSTMENT_COLUMNS = 6
};

/* Where in its list is what tells whose a row is. */
enum {
	RENDER_USER_ID = 3,
	RENDER_CHORE_ID = 10,
	RENDER_ASSIGNMENT_ID = 0,
	RENDER_ASSIGNMENT_ASSIGNEE_ID = 2
};

/* One value; null where the column is. */
void render_bool(
    struct buffer *b, const struct rows *rows, int row, int column);
void render_int(struct buffer *b, const struct rows *rows, int row, int column);
void render_float(
    struct buffer *b, const struct rows *rows, int row, int column);
void render_text(
    struct buffer *b, const struct rows *rows, int row, int column);

/* "2026-11-22T13:59:28.423283Z", of a timestamptz */
void render_time_z(
    struct buffer *b, const struct rows *rows, int row, int column);

/* ${user}: 6 keys. The object's last byte is its brace. */
void render_user(
    struct buffer *b, const struct rows *rows, int row, int column);

/* ${assignment}: 11 keys. */
void render_assignment(
    struct buffer *b, const struct rows *rows, int row, int column);

/* ${adjustment}: 6 keys, and child and parent, which are always null. */
void render_adjustment(
    struct buffer *b, const struct rows *rows, int row, int column);

/* Any of the functions above. */
typedef void render_item(
    struct buffer *b, const struct rows *rows, int row, int column);

/* render_list(b, rows, column, put): [${put}, ...], one a row. */
void render_list(
    struct buffer *b, const struct rows *rows, int column, render_item *put);

/*
 * A chore with its assignments is the rows first..end-1, one an assignment,
 * or a single row whose assignment is null: the columns of ${chore} and right
 * behind them those of ${assignment}.
 */
struct render_span {
	const struct rows *rows;
	int first, end;
};

/*
 * render_span(rows, first, key): from row ${first} on, all rows that have the
 * same integer in the column ${key}.
 */
struct render_span render_span(const struct rows *rows, int first, int key);

/* What the six keys of a chore that speak of one assignment say. */
enum render_view {
	RENDER_PLAIN,    /* all null */
	RENDER_APPROVED, /* its approval; the reward is what it paid */
	RENDER_REJECTED, /* its rejection; no dates */
	RENDER_OF_CHILD  /* the assignment, which is not listed then */
};

/*
 * render_chore(b, span, column, view, row): 22 keys. ${row} of the span has
 * the assignment that ${view} is about; not used for RENDER_PLAIN.
 */
void render_chore(struct buffer *b, struct render_span span, int column,
    enum render_view view, int row);

#endif
