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
 * Every connection gets encoding UTF8 and an application name. Nothing is sent
 * that a pool such as PgBouncer would refuse; session.h tells of the rest.
 *
 * Sources: PostgreSQL manual, "Connection Strings" and "Parameter Key Words".
 * Context  any.
 */
#ifndef DB_CONNINFO_H
#define DB_CONNINFO_H

#include <stdbool.h>

#include "platform/compiler.h"

struct settings;

/*
 * conninfo_from_url(url, application_name): a libpq connection string, to be
 * freed by the caller. The URL's own application_name and connect_timeout win.
 *
 * Returns  NULL if the URL is missing or isn't understood; logged, without
 *          the password.
 */
char *conninfo_from_url(
    const char *url, const char *application_name) MUST_CHECK;

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
