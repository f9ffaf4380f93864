/*
 * chores: what the files of the resource share: which chore a request names,
 * and what the statements that change chores answer with.
 *
 * Context  worker.
 */
#ifndef API_CHORES_H
#define API_CHORES_H

#include "api/render.h"
#include "http/call.h"
#include "http/fields.h"

/* What the path names; the first member of every operation's values. */
struct chore_values {
	struct value chore_id;
};

/* The path of all of /chores/{chore_id}… */
#define CHORES_PATH_LENGTH 1
extern const struct field chores_path[CHORES_PATH_LENGTH];

/* Columns of assets/sql/chore_rows.sql: a chore, then its assignment */
enum {
	CHORE_ROWS_chore,
	CHORE_ROWS_chore_id = CHORE_ROWS_chore + RENDER_CHORE_ID,
	CHORE_ROWS_assignment = CHORE_ROWS_chore + RENDER_CHORE_COLUMNS,
	CHORE_ROWS_assignee_id =
	    CHORE_ROWS_assignment + RENDER_ASSIGNMENT_ASSIGNEE_ID
};

/* A chore, by its own id or by that of one of its assignments. */
struct chore_name {
	int64_t id;
	bool is_assignment;
};

/* chores_step(call, statement, name): a step whose $2 and $3 name a chore. */
struct step *chores_step(
    struct call *call, enum statement statement, struct chore_name name);

/* chores_named(call): the chore that the path of chore_values names. */
struct chore_name chores_named(const struct call *call);

/* chores_span(call, step): the one chore that ${step}, a chore_rows, found. */
struct render_span chores_span(const struct call *call, int step);

/*
 * chores_find(span, column, id): the row of the span whose ${column} is
 * ${id}, or the first.
 */
int chores_find(struct render_span span, int column, int64_t id);

/* chores_answer(call, status, step): the chore of chores_span(), as it is. */
void chores_answer(struct call *call, int status, int step);

#endif
