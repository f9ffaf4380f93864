/*
 * rows: reading what a statement returned.
 *
 * All results are in PostgreSQL's binary format. Rows and columns count from
 * 0. A reader of a NULL returns 0, false or "": ask row_is_null() where it
 * matters. Texts are NUL-terminated and live as long as the job.
 *
 * Columns that C reads are integer, bigint, boolean, double precision,
 * timestamptz, text, varchar and jsonb; cast anything else in SQL
 * (numeric: ::text or ::double precision).
 *
 * Context  any.
 */
#ifndef DB_ROWS_H
#define DB_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pg_result;

/* What one step returned; no rows when the step did not run. */
struct rows {
	struct pg_result *result;
	int count;
};

bool row_is_null(const struct rows *rows, int row, int column);

/* integer or bigint */
int64_t row_int(const struct rows *rows, int row, int column);
bool row_bool(const struct rows *rows, int row, int column);
double row_double(const struct rows *rows, int row, int column);

/* timestamptz, as PostgreSQL has it: microseconds since 2000-01-01T00:00Z */
int64_t row_time(const struct rows *rows, int row, int column);

/* text, varchar; *length may be NULL */
const char *row_text(
    const struct rows *rows, int row, int column, size_t *length);

/* jsonb as its text */
const char *row_json(
    const struct rows *rows, int row, int column, size_t *length);

#endif
