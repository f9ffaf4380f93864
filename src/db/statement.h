/*
 * statement: the table of prepared statements and their texts.
 *
 * A statement is a row of db/statements.def and a file assets/sql/<name>.sql,
 * which kodev compiles in. A text may name fragments, ${chore}, which stand in
 * assets/sql/fragment_<name>.sql and are rows of db/fragments.def: lists of
 * columns and conditions that many statements share.
 *
 * The first parameter, $1, of every statement of a request is the id of the
 * user who asks.
 */
#ifndef DB_STATEMENT_H
#define DB_STATEMENT_H

#include <stdbool.h>

#include "platform/compiler.h"

enum statement {
#define STATEMENT(name, access, lane) STATEMENT_##name,
#include "db/statements.def"
#undef STATEMENT
	STATEMENT_MAX
};

enum lane_kind {
#define LANE(name, setting, depth) LANE_##name,
#include "db/lanes.def"
#undef LANE
	LANE_MAX
};

enum access { ACCESS_read, ACCESS_write };

/* What a statement does to tables, at most. */
enum verb { VERB_select, VERB_insert, VERB_update, VERB_delete };

struct statement_info {
	const char *name;
	const char
	    *text; /* fragments expanded; NULL before statements_load() */
	enum access access;
	enum lane_kind lane;
	enum verb verb; /* the first that writes, if any */
};

/*
 * statements_load(): expand all texts, once.
 *
 * Context  parent.
 * Returns  0, or -1 with the unknown or unfinished fragment logged.
 */
int statements_load(void) MUST_CHECK;

/* statement_info(s): the row of ${s}; valid for ever. Context any. */
const struct statement_info *statement_info(enum statement s);

#endif
