/*
 * resolve: where PostgreSQL is.
 *
 * libpq looks names of hosts up at each attempt to connect, and waits for that:
 * while a name server doesn't answer, for many seconds, in which its thread
 * serves nobody else. So names are looked up here, at most every few seconds,
 * and less often the longer it takes while there are connections to serve.
 * What was found is used until something newer is.
 *
 * libpq tries several hosts, and several addresses of a name, in their order,
 * and goes on when one refuses. One that says nothing would be waited for again
 * at each attempt: so an attempt may begin with another.
 *
 * Sockets, and hosts that the connection string doesn't name or whose address
 * it does, are left to libpq.
 *
 * Source: PostgreSQL manual, "Parameter Key Words", host and hostaddr.
 * Context  executor; one a thread.
 */
#ifndef DB_RESOLVE_H
#define DB_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RESOLVE_PLACES_MAX 16
#define RESOLVE_ADDRESS_SIZE 64 /* with an IPv6 scope */

struct pg_conn;

struct resolve_host {
	char *name;
	char *port;
};

struct resolve_place {
	const struct resolve_host *host;
	char address[RESOLVE_ADDRESS_SIZE];
};

struct resolve {
	char *conninfo;
	struct resolve_host hosts[RESOLVE_PLACES_MAX];
	size_t nhosts; /* 0: libpq finds the way by itself */
	struct resolve_place places[RESOLVE_PLACES_MAX];
	size_t nplaces;
	int64_t next_look_mono_us;
	char why[256];  /* the last look found nothing */
	bool is_in_use; /* the caller's: connections are being served */
};

/* resolve_init(r, conninfo): ${conninfo} is a libpq connection string that
 * libpq has parsed before. Nothing is looked up yet. */
void resolve_init(struct resolve *r, const char *conninfo);
void resolve_fini(struct resolve *r);

/*
 * resolve_connect(r, begin_at, why): PQconnectStart(), with the addresses of
 * all hosts, the ${begin_at}th (from the first on again behind the last) first.
 *
 * Returns  the connection, which may be a bad one; or NULL with *${why}, which
 *          lives as long as ${r}.
 */
struct pg_conn *resolve_connect(
    struct resolve *r, unsigned begin_at, const char **why);

#endif
