/*
 * conninfo: DATABASE_URL as libpq understands it, with our session settings.
 *
 * Accepted are the schemes postgres, postgresql, postgresql+psycopg2,
 * postgresql+psycopg and postgresql+asyncpg; all are the same database:
 *
 *   postgresql://user:password@host1:5432,host2:5432/name?sslmode=require
 *   postgresql+asyncpg://user@/name?host=/var/run/postgresql
 *
 * Several hosts, sockets, target_session_attrs and every other parameter of
 * libpq go through as they are. User and password are percent-decoded; a "%"
 * that starts no escape, a "/" or a "@" in a password stand for themselves.
 * What only other drivers know is translated (ssl, timeout) or ignored
 * (statement_cache_size, pool_size and the like).
 *
 * Connections notice within seconds that their peer is gone without a word
 * (tcp_user_timeout, keepalives_*, unless the URL has its own).
 *
 * Every session gets timezone UTC, jit off, plan_cache_mode force_generic_plan,
 * a statement timeout, encoding UTF8 and an application name, and, unless the
 * URL says otherwise, random_page_cost 1.1, sent as libpq's "options". PgBouncer
 * refuses those unless its ignore_startup_parameters lists "options"; where it
 * does, say the same with ALTER ROLE ... SET.
 *
 * Sources: PostgreSQL manual, "Connection Strings" and "Parameter Key Words".
 * Context  any.
 */
#ifndef DB_CONNINFO_H
#define DB_CONNINFO_H

#include <stdbool.h>
#include <stdint.h>

#include "platform/compiler.h"

struct settings;

/*
 * conninfo_from_url(url, application_name, statement_timeout_ms): a libpq
 * connection string, to be freed by the caller. The URL's own
 * application_name and connect_timeout win. A timeout of 0 is none.
 *
 * Returns  NULL if the URL is missing or isn't understood; logged, without
 *          the password.
 */
char *conninfo_from_url(const char *url, const char *application_name,
    int64_t statement_timeout_ms) MUST_CHECK;

/*
 * conninfo_make(settings, reports): the same, of the settings' database or,
 * for ${reports}, of the one for reports where there is such a setting.
 */
char *conninfo_make(const struct settings *settings, bool reports) MUST_CHECK;

/*
 * conninfo_redact(url): the URL with "***" for its passwords, for a log; all
 * of it is "***" if it isn't understood. To be freed by the caller.
 */
char *conninfo_redact(const char *url) MUST_CHECK;

#endif
