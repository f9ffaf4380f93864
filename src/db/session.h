/*
 * session: one PostgreSQL connection in pipeline mode.
 *
 * Jobs are sent one behind the other without waiting. One that writes ends in
 * a Sync of its own, so it is a transaction of its own. Reads that are sent
 * together share a Sync: one message to PostgreSQL, one back. If one of them
 * fails, those behind it are skipped and must be sent again.
 *
 * Every session gets timezone UTC, jit off, plan_cache_mode force_generic_plan,
 * random_page_cost 1.1, isolation read committed and a statement timeout,
 * whatever the role's or the database's defaults are. They are asked for by its
 * first statement, not by libpq's "options", which a pool drops: and a pool
 * that is full keeps that waiting, instead of a job.
 *
 * A statement is prepared in the round trip that first needs it, and planned
 * again every few seconds, so that no plan outlives the sizes of tables that
 * it was made for. A lost session reconnects by itself, without blocking, with
 * a growing pause between attempts.
 *
 * Source: PostgreSQL manual, "Pipeline Mode", "Asynchronous Command
 * Processing".
 *
 * Context  executor, all functions; a session belongs to one executor.
 */
#ifndef DB_SESSION_H
#define DB_SESSION_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "db/job.h"

struct pg_conn;
struct resolve;

enum session_state {
	SESSION_DOWN,
	SESSION_CONNECTING,
	SESSION_BEGINNING, /* connected; its settings are not answered yet */
	SESSION_READY
};

/* Of a statement on a session. While its Parse is on its way others send the
 * statement whole, so that they do well even if that Parse fails. */
enum preparation { PREPARATION_none, PREPARATION_sent, PREPARATION_done };

struct session {
	struct pg_conn *pg;
	enum session_state state;
	struct resolve *resolve; /* borrowed */
	unsigned begin_at;       /* the address to try first */
	int place;               /* among those that may stand in for it */
	int in_flight_max;

	struct job_queue in_flight; /* in the order sent */
	int nin_flight;
	int nbatch;     /* of them, those that no Sync follows yet */
	bool is_broken; /* a send failed: no answer can be told whose it is */
	enum preparation preparations[STATEMENT_MAX];
	int64_t planned_mono_us; /* when plans were last thrown away */

	int64_t next_try_mono_us; /* while down */
	int64_t deadline_mono_us; /* of the attempt, while connecting */
	int64_t pause_us;
	int64_t connect_timeout_us; /* for one attempt */
	int64_t statement_timeout_us;
	short wanted_events; /* while connecting */
	bool complained;     /* the outage is in the log already */
	bool is_away;        /* an attempt has failed, or takes too long */
	bool reads_only;     /* it has refused a write */
};

/*
 * session_init(s, resolve, place, in_flight_max, connect_timeout_us,
 * statement_timeout_us): down, first attempt at once, at what ${resolve} knows;
 * that outlives it. The ${place}th of several lets those before it go first: of
 * too few connections each lane has one before any has two.
 */
void session_init(struct session *s, struct resolve *resolve, int place,
    int in_flight_max, int64_t connect_timeout_us,
    int64_t statement_timeout_us);

/* session_has_room(s): ready and below its limit of jobs in flight. */
bool session_has_room(const struct session *s);

/*
 * session_send(s, job): queue the job's messages and put the job in flight.
 * A failure shows as a lost session at the next session_advance(). A read may
 * wait for others to share its batch, until session_sync().
 */
void session_send(struct session *s, struct job *job);

/* session_sync(s): end the batch that waits, if one does, and send it. */
void session_sync(struct session *s);

/* session_poll(s, fd): what to wait for; fd -1 while down. */
void session_poll(const struct session *s, struct pollfd *fd);

/* session_wait_us(s, now): until session_advance() must be called again at
 * the latest; -1 for no limit. */
int64_t session_wait_us(const struct session *s, int64_t now_mono_us);

/*
 * session_advance(s, revents, now, finished): do what can be done without
 * waiting; jobs with an outcome are appended to ${finished}.
 */
void session_advance(struct session *s, short revents, int64_t now_mono_us,
    struct job_queue *finished);

#endif
