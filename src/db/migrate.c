#include "db/migrate.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "platform/buffer.h"
#include "platform/clock.h"
#include "platform/log.h"

#define FILE_CEILING_BYTES (1024 * 1024)
#define QUERY_BYTES 1024
/* The advisory lock of all migrators: "chores" in ASCII. */
#define LOCK_KEY "109300197516659"
/* Long enough for any request, too short to stop the service noticeably. */
#define TABLE_LOCK_MS 5000
#define LOCK_NOT_AVAILABLE "55P03"
#define DIGITS 4

#define FIRST_VERSION "001_pg_initial"

enum state { STATE_EMPTY, STATE_FIRST, STATE_OURS, STATE_FOREIGN };
enum step { STEP_FAILED = -1, STEP_APPLIED, STEP_ADOPTED, STEP_PRESENT };

struct migration {
	int number;
	char *name; /* without folder and ".sql" */
};

struct migrator {
	const struct migrate_options *options;
	PGconn *pg;
	struct migration *migrations;
	int count;
};

/* "0003_ledger.sql" */
static bool
is_migration(const char *file)
{
	size_t length = strlen(file), i;

	for (i = 0; i < DIGITS; i++)
		if (!isdigit((unsigned char)file[i]))
			return (false);
	return (file[DIGITS] == '_' && length > DIGITS + 1 + 4 &&
		strcmp(file + length - 4, ".sql") == 0);
}

static int
is_candidate(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return (entry->d_name[0] != '.' && length > 4 &&
		strcmp(entry->d_name + length - 4, ".sql") == 0);
}

static int
add_migration(struct migrator *m, const char *folder, const char *file)
{
	struct migration *new = &m->migrations[m->count];

	if (!is_migration(file)) {
		log_error(
		    "migrations: %s/%s: not named NNNN_name.sql", folder, file);
		return (-1);
	}
	new->number = (int)strtol(file, NULL, 10);
	if (m->count > 0 && new[-1].number == new->number) {
		log_error("migrations: %s/%s: the number is taken by %s",
		    folder, file, new[-1].name);
		return (-1);
	}
	if ((new->name = strndup(file, strlen(file) - 4)) == NULL)
		abort();
	m->count++;
	return (0);
}

static int
list_migrations(struct migrator *m)
{
	const char *folder = m->options->folder;
	struct dirent **entries;
	int n, i, failed = 0;

	if ((n = scandir(folder, &entries, is_candidate, alphasort)) == -1) {
		log_error("migrations: %s: %s", folder, strerror(errno));
		return (-1);
	}
	m->migrations = calloc((size_t)n + 1, sizeof(*m->migrations));
	if (m->migrations == NULL)
		abort();
	for (i = 0; i < n; i++) {
		if (!failed)
			failed = add_migration(m, folder, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	if (!failed && (m->count == 0 || m->migrations[0].number != 1)) {
		log_error("migrations: %s: holds no 0001_*.sql", folder);
		return (-1);
	}
	return (failed);
}

static int
read_file(struct migrator *m, const char *name, struct buffer *text)
{
	char path[4096], chunk[4096];
	size_t n;
	FILE *f;
	int failed;

	(void)snprintf(
	    path, sizeof(path), "%s/%s.sql", m->options->folder, name);
	if ((f = fopen(path, "re")) == NULL) {
		log_error("migrations: %s: %s", path, strerror(errno));
		return (-1);
	}
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		buffer_append(text, chunk, n);
	failed = ferror(f) || buffer_failed(text);
	(void)fclose(f);
	if (failed)
		log_error("migrations: %s: can't be read", path);
	return (failed ? -1 : 0);
}

/* The first line of what PostgreSQL says. */
static int
first_line(const char *message)
{
	return ((int)strcspn(message, "\n"));
}

static void
complain(struct migrator *m, const char *what, const PGresult *result)
{
	const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	if (text == NULL)
		text = PQerrorMessage(m->pg);
	log_error("%s: %.*s", what, first_line(text), text);
}

static bool
failed_with(const PGresult *result, const char *sqlstate)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	return (state != NULL && strcmp(state, sqlstate) == 0);
}

static bool
is_fine(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	return (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK);
}

/* The result of ${sql}, or NULL with a line logged. */
static PGresult *
ask(struct migrator *m, const char *what, const char *sql)
{
	PGresult *result = PQexec(m->pg, sql);

	if (is_fine(result))
		return (result);
	complain(m, what, result);
	PQclear(result);
	return (NULL);
}

static int
run(struct migrator *m, const char *what, const char *sql)
{
	PGresult *result = ask(m, what, sql);

	PQclear(result);
	return (result == NULL ? -1 : 0);
}

/* Open a transaction and be the only migrator in it. */
static int
begin(struct migrator *m)
{
	char sql[QUERY_BYTES];
	PGresult *result;
	bool locked;

	(void)snprintf(sql, sizeof(sql),
	    "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;"
	    "SET LOCAL timezone = 'UTC';"
	    "SET LOCAL jit = off;"
	    "SET LOCAL statement_timeout = 0;"
	    "SET LOCAL client_min_messages = warning;"
	    "SET LOCAL lock_timeout = %" PRId64 ";"
	    "SELECT pg_advisory_xact_lock(" LOCK_KEY ")",
	    m->options->wait_ms);
	result = PQexec(m->pg, sql);
	locked = is_fine(result);
	if (!locked && failed_with(result, LOCK_NOT_AVAILABLE))
		log_error("migrations: another migrator was at work for "
			  "%" PRId64 " ms: try again when it is done",
		    m->options->wait_ms);
	else if (!locked)
		complain(m, "migrations", result);
	PQclear(result);
	if (!locked)
		return (-1);
	(void)snprintf(
	    sql, sizeof(sql), "SET LOCAL lock_timeout = %d", TABLE_LOCK_MS);
	return (run(m, "migrations", sql));
}

static void
rollback(struct migrator *m)
{
	if (PQtransactionStatus(m->pg) != PQTRANS_IDLE)
		PQclear(PQexec(m->pg, "ROLLBACK"));
}

static int
number_at(const PGresult *result, int column)
{
	return ((int)strtol(PQgetvalue(result, 0, column), NULL, 10));
}

static enum state
refuse(const char *why)
{
	log_error("migrations: refused, nothing was changed: %s", why);
	return (STATE_FOREIGN);
}

/* There is an alembic_version: is it the one we know? */
static enum state
check_version(struct migrator *m, bool ours)
{
	PGresult *result = ask(m, "migrations",
	    "SELECT count(*), COALESCE(min(version_num), '') "
	    "FROM alembic_version");
	char why[256];
	int rows;

	if (result == NULL)
		return (STATE_FOREIGN);
	rows = number_at(result, 0);
	(void)snprintf(why, sizeof(why),
	    "alembic_version holds %d rows, the first \"%.64s\", not just "
	    "\"" FIRST_VERSION "\"",
	    rows, PQgetvalue(result, 0, 1));
	if (rows != 1 || strcmp(PQgetvalue(result, 0, 1), FIRST_VERSION) != 0)
		rows = -1;
	PQclear(result);
	if (rows == -1)
		return (refuse(why));
	return (ours ? STATE_OURS : STATE_FIRST);
}

static enum state
recognise(struct migrator *m)
{
	PGresult *result = ask(m, "migrations",
	    "SELECT count(to_regclass(t)), count(*),"
	    " count(to_regclass('alembic_version')),"
	    " count(to_regclass('chores_migrations')),"
	    " COALESCE(min(t) FILTER (WHERE to_regclass(t) IS NULL), ''),"
	    " COALESCE(min(t) FILTER (WHERE to_regclass(t) IS NOT NULL), '')"
	    "  FROM unnest(ARRAY['families', 'users', 'chores',"
	    " 'chore_assignments', 'reward_adjustments', 'activities']) t");
	char why[256] = "";
	int present, expected;
	bool versioned, ours;

	if (result == NULL)
		return (STATE_FOREIGN);
	present = number_at(result, 0);
	expected = number_at(result, 1);
	versioned = number_at(result, 2) != 0;
	ours = number_at(result, 3) != 0;
	if (versioned && present < expected)
		(void)snprintf(why, sizeof(why),
		    "there is an alembic_version, but no table %s",
		    PQgetvalue(result, 0, 4));
	else if (!versioned && (present > 0 || ours))
		(void)snprintf(why, sizeof(why),
		    "there is a table %s, but no alembic_version",
		    ours ? "chores_migrations" : PQgetvalue(result, 0, 5));
	PQclear(result);
	if (why[0] != '\0')
		return (refuse(why));
	return (versioned ? check_version(m, ours) : STATE_EMPTY);
}

/* 1 if ${migration} has run here, 0 if not, -1 if it can't be said. */
static int
is_recorded(struct migrator *m, const struct migration *migration)
{
	char sql[QUERY_BYTES];
	PGresult *result;
	int recorded;

	(void)snprintf(sql, sizeof(sql),
	    "SELECT name FROM chores_migrations WHERE number = %d",
	    migration->number);
	if ((result = ask(m, "migrations", sql)) == NULL)
		return (-1);
	recorded = PQntuples(result);
	if (recorded == 1 &&
	    strcmp(PQgetvalue(result, 0, 0), migration->name) != 0) {
		log_error("migrations: refused: %s ran here as %s",
		    migration->name, PQgetvalue(result, 0, 0));
		recorded = -1;
	}
	PQclear(result);
	return (recorded);
}

static int
run_file(struct migrator *m, const struct migration *migration)
{
	struct buffer text;
	PGresult *result;
	int failed = -1;

	buffer_init(&text, FILE_CEILING_BYTES);
	if (read_file(m, migration->name, &text) == -1) {
		buffer_fini(&text);
		return (-1);
	}
	result = PQexec(m->pg, buffer_text(&text));
	if (PQtransactionStatus(m->pg) == PQTRANS_INTRANS && is_fine(result))
		failed = 0;
	else if (failed_with(result, LOCK_NOT_AVAILABLE))
		log_error("%s: a table was in use for %d ms: try again",
		    migration->name, TABLE_LOCK_MS);
	else
		complain(m, migration->name, result);
	PQclear(result);
	buffer_fini(&text);
	return (failed);
}

static int
record(struct migrator *m, const struct migration *migration)
{
	char number[16];
	const char *values[2] = { number, migration->name };
	PGresult *result;
	bool fine;

	(void)snprintf(number, sizeof(number), "%d", migration->number);
	result = PQexecParams(m->pg,
	    "INSERT INTO chores_migrations (number, name) VALUES ($1, $2)", 2,
	    NULL, values, NULL, NULL, 0);
	if (!(fine = is_fine(result)))
		complain(m, migration->name, result);
	PQclear(result);
	return (fine ? 0 : -1);
}

/* With our own table the database is ours: it is born with the first row. */
static int
create_memory(struct migrator *m)
{
	return (run(m, "migrations",
	    "CREATE TABLE chores_migrations ("
	    " number integer CONSTRAINT pk_chores_migrations PRIMARY KEY,"
	    " name text NOT NULL,"
	    " applied_at timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL)"));
}

/* Inside the transaction, as the only migrator. */
static enum step
take_step(struct migrator *m, const struct migration *migration)
{
	enum state state = recognise(m);
	int recorded = 0;

	if (state == STATE_FOREIGN)
		return (STEP_FAILED);
	if (state == STATE_OURS)
		recorded = is_recorded(m, migration);
	else if (create_memory(m) == -1)
		return (STEP_FAILED);
	if (recorded != 0)
		return (recorded == 1 ? STEP_PRESENT : STEP_FAILED);
	/* The first implementation has done what the first file does. */
	if (state != STATE_FIRST && run_file(m, migration) == -1)
		return (STEP_FAILED);
	if (record(m, migration) == -1)
		return (STEP_FAILED);
	return (state == STATE_FIRST ? STEP_ADOPTED : STEP_APPLIED);
}

static int
apply(struct migrator *m, const struct migration *migration)
{
	int64_t start_us = clock_mono_us();
	enum step step;

	if (begin(m) == -1)
		return (-1);
	step = take_step(m, migration);
	if (step == STEP_FAILED || run(m, migration->name, "COMMIT") == -1)
		return (-1);
	(void)fprintf(m->options->out, "%s: ", migration->name);
	if (step == STEP_APPLIED)
		(void)fprintf(m->options->out, "applied in %" PRId64 " ms\n",
		    (clock_mono_us() - start_us) / 1000);
	else
		(void)fprintf(m->options->out, "%s\n",
		    step == STEP_PRESENT ? "already there"
					 : "taken over, as " FIRST_VERSION
					   " made it");
	(void)fflush(m->options->out);
	return (0);
}

/* A newer program was here: its migrations only add, so that is no error. */
static int
report_unknown(struct migrator *m)
{
	int last = m->migrations[m->count - 1].number, i;
	char sql[QUERY_BYTES];
	PGresult *result;

	(void)snprintf(sql, sizeof(sql),
	    "SELECT name FROM chores_migrations WHERE number > %d "
	    "ORDER BY number",
	    last);
	if ((result = ask(m, "migrations", sql)) == NULL)
		return (-1);
	for (i = 0; i < PQntuples(result); i++)
		(void)fprintf(m->options->out,
		    "%s: already there, by a newer program\n",
		    PQgetvalue(result, i, 0));
	PQclear(result);
	return (0);
}

/* Migrations warn about rows that they can't do right. */
static void
on_notice(void *unused UNUSED, const PGresult *result)
{
	const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	if (text != NULL)
		log_warning("migrations: %s", text);
}

static int
connect_to(struct migrator *m)
{
	const char *message;

	m->pg = PQconnectdb(m->options->conninfo);
	if (PQstatus(m->pg) == CONNECTION_OK) {
		(void)PQsetNoticeReceiver(m->pg, on_notice, NULL);
		return (0);
	}
	message = PQerrorMessage(m->pg);
	log_error("migrations: connect: %.*s", first_line(message), message);
	return (-1);
}

int
migrate_run(const struct migrate_options *options)
{
	struct migrator m = { .options = options };
	int i, failed;

	failed = list_migrations(&m);
	if (!failed)
		failed = connect_to(&m);
	for (i = 0; i < m.count && !failed; i++)
		failed = apply(&m, &m.migrations[i]);
	if (!failed)
		failed = report_unknown(&m);
	if (m.pg != NULL)
		rollback(&m);
	PQfinish(m.pg);
	for (i = 0; i < m.count; i++)
		free(m.migrations[i].name);
	free(m.migrations);
	return (failed);
}
