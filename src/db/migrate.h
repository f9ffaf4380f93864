/*
 * migrate: brings a database to the schema that our statements expect.
 *
 * A migration is a file NNNN_name.sql; each runs once, in the order of the
 * numbers, in a transaction of its own. The table chores_migrations (number,
 * name, applied_at) remembers which have run. All migrations after the first
 * only add, so what ran on the database before still runs on it.
 *
 *   an empty database            gets the first migration and all others
 *   one of the first             keeps its rows and gets all others; the
 *   implementation               first counts as applied
 *   one of ours                  gets what it lacks
 *   anything else                is refused, nothing is changed
 *
 * Empty means: no table of a name that we use. Other tables aren't touched.
 *
 * One migrator works at a time: each transaction takes an advisory lock
 * first, so any number may start at once, through PgBouncer too. Migrations
 * run with timezone UTC and no statement timeout, and give up on a table that
 * somebody else keeps locked, rather than make everybody queue behind them.
 *
 * Context  a program of its own; blocks.
 */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include <stdint.h>
#include <stdio.h>

#include "platform/compiler.h"

struct migrate_options {
	const char *conninfo; /* see db/conninfo.h */
	const char *folder;   /* that holds the files */
	int64_t wait_ms;      /* for another migrator */
	FILE *out;            /* one line a migration: done or already there */
};

/*
 * migrate_run(options): apply what is missing.
 *
 * Returns  0, or -1 with one line logged; what was applied before stays, and
 *          another run goes on from there.
 */
int migrate_run(const struct migrate_options *options) MUST_CHECK;

#endif
