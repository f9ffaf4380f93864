#include "db/session.h"

#include <inttypes.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

#include "db/resolve.h"
#include "metrics/metrics.h"
#include "platform/clock.h"
#include "platform/log.h"

/* The first reconnect comes quickly, the later ones at most every second. */
#define PAUSE_FIRST_US 50000
#define PAUSE_MAX_US 1000000

/* PgBouncer's own, query_wait_timeout, is 120 s. */
#define POOL_PATIENCE_US 130000000

/* Between the attempts of two sessions of a lane. */
#define APART_US 10000

/* Long enough that planning costs nothing. */
#define PLANS_LIVE_US 5000000

/* Reads behind one Sync. PostgreSQL answers them together, so more would only
 * have the first wait for the last. */
#define BATCH_MAX 8

/* Beyond PostgreSQL's own timeout of a statement: the connection is dead. */
#define ANSWER_GRACE_US 2000000

/*
 * Planning would cost more than most statements do, so each is planned once
 * for any parameters, and again now and then: PLANS_LIVE_US. Most of what is
 * read is in memory, so an index is worth its use in a small installation, too.
 *
 * Each statement must see what was committed before it: one that has waited
 * for a row's lock, and a read that shares its transaction with others.
 */
#define SETTINGS                                                \
	"SELECT set_config(name, value, false) FROM (VALUES"    \
	" ('timezone', 'UTC'), ('jit', 'off'),"                 \
	" ('plan_cache_mode', 'force_generic_plan'),"           \
	" ('random_page_cost', '1.1'),"                         \
	" ('default_transaction_isolation', 'read committed')," \
	" ('statement_timeout', '%" PRId64 "')) settings (name, value)"
#define SETTINGS_SIZE (sizeof(SETTINGS) + 20)
#define US_PER_MS 1000

#define RESULT_FORMAT_BINARY 1
#define SQLSTATE_LENGTH 5
#define READ_ONLY_TRANSACTION "25006"
#define US_PER_S 1e6

void
session_init(struct session *s, struct resolve *resolve, int place,
    int in_flight_max, int64_t connect_timeout_us, int64_t statement_timeout_us)
{
	memset(s, 0, sizeof(*s));
	s->place = place;
	s->next_try_mono_us = clock_mono_us() + place * APART_US;
	s->resolve = resolve;
	s->in_flight_max = in_flight_max;
	s->connect_timeout_us = connect_timeout_us;
	s->statement_timeout_us = statement_timeout_us;
	s->pause_us = PAUSE_FIRST_US;
	TAILQ_INIT(&s->in_flight);
}

bool
session_has_room(const struct session *s)
{
	return (s->state == SESSION_READY && !s->is_broken && !s->reads_only &&
		s->nin_flight < s->in_flight_max);
}

static void
finish(struct job *job, enum job_outcome outcome, struct job_queue *finished)
{
	job->outcome = outcome;
	TAILQ_INSERT_TAIL(finished, job, entry);
}

/* Nobody knows what became of a write; a read has done nothing. */
static void
abandon_in_flight(struct session *s, struct job_queue *finished)
{
	struct job *job;

	while ((job = TAILQ_FIRST(&s->in_flight)) != NULL) {
		TAILQ_REMOVE(&s->in_flight, job, entry);
		finish(
		    job, job->writes ? JOB_UNKNOWN : JOB_UNAVAILABLE, finished);
	}
	s->nin_flight = 0;
	s->nbatch = 0;
}

/* libpq's messages end in a newline, and may be several lines. */
static void
complain(struct session *s, const char *what, const char *why)
{
	metrics_inc_database_errors_total(LABEL_operation_connect);
	if (s->complained)
		return;
	log_error("database: %s%s%.*s; trying again until it answers", what,
	    *why == '\0' ? "" : ": ", (int)strcspn(why, "\n"), why);
	s->complained = true;
}

static void
go_down(struct session *s, int64_t now, struct job_queue *finished)
{
	PQfinish(s->pg);
	s->pg = NULL;
	s->state = SESSION_DOWN;
	s->is_broken = false;
	s->next_try_mono_us = now + s->pause_us + s->place * APART_US;
	s->pause_us *= 2;
	if (s->pause_us > PAUSE_MAX_US)
		s->pause_us = PAUSE_MAX_US;
	abandon_in_flight(s, finished);
}

/* It was there: another may be at once. */
static void
lose(struct session *s, const char *what, int64_t now,
    struct job_queue *finished)
{
	complain(s, what, PQerrorMessage(s->pg));
	s->begin_at = 0;
	go_down(s, now, finished);
}

static void
fail_to_connect(struct session *s, const char *what, const char *why,
    struct job_queue *finished)
{
	complain(s, what, why);
	go_down(s, clock_mono_us(), finished);
	s->is_away = true;
}

/* Starting may have waited for a name server: that is no part of the time that
 * PostgreSQL has for its answer. */
static void
start_connecting(struct session *s, struct job_queue *finished)
{
	const char *nowhere;

	s->pg = resolve_connect(s->resolve, s->begin_at, &nowhere);
	if (PQstatus(s->pg) == CONNECTION_BAD) { /* NULL is bad too */
		fail_to_connect(s, "connect",
		    s->pg == NULL ? nowhere : PQerrorMessage(s->pg), finished);
		return;
	}
	s->state = SESSION_CONNECTING;
	s->deadline_mono_us = clock_mono_us() + s->connect_timeout_us;
	s->wanted_events = POLLOUT;
}

/* What PostgreSQL says unasked, such as why it ends a connection. */
static void
hear(void *unused UNUSED, const char *text)
{
	log_info("database: %.*s", (int)strcspn(text, "\n"), text);
}

static void
begin(struct session *s, int64_t now, struct job_queue *finished)
{
	char settings[SETTINGS_SIZE];

	(void)snprintf(settings, sizeof(settings), SETTINGS,
	    s->statement_timeout_us / US_PER_MS);
	(void)PQsetNoticeProcessor(s->pg, hear, NULL);
	if (PQsetnonblocking(s->pg, 1) == -1 ||
	    PQsendQuery(s->pg, settings) == 0)
		fail_to_connect(s, "settings", PQerrorMessage(s->pg), finished);
	else
		s->state = SESSION_BEGINNING;
	if (s->is_away)
		s->deadline_mono_us = now + POOL_PATIENCE_US;
}

static void
become_ready(struct session *s, int64_t now, struct job_queue *finished)
{
	if (PQenterPipelineMode(s->pg) == 0) {
		fail_to_connect(
		    s, "pipeline mode", PQerrorMessage(s->pg), finished);
		return;
	}
	memset(s->preparations, 0, sizeof(s->preparations));
	s->planned_mono_us = now;
	s->state = SESSION_READY;
	s->reads_only = false;
	s->pause_us = PAUSE_FIRST_US;
	metrics_inc_chores_db_connects_total();
	if (s->complained)
		log_info("database: connected again");
	s->complained = false;
	s->is_away = false;
}

static void
continue_connecting(struct session *s, int64_t now, struct job_queue *finished)
{
	switch (PQconnectPoll(s->pg)) {
	case PGRES_POLLING_READING:
		s->wanted_events = POLLIN;
		break;
	case PGRES_POLLING_WRITING:
		s->wanted_events = POLLOUT;
		break;
	case PGRES_POLLING_OK:
		begin(s, now, finished);
		break;
	default:
		fail_to_connect(s, "connect", PQerrorMessage(s->pg), finished);
	}
}

/* The answer to the settings, and the end of it. */
static void
continue_beginning(struct session *s, int64_t now, struct job_queue *finished)
{
	PGresult *result;
	bool fine = PQconsumeInput(s->pg) == 1;

	while (fine && PQisBusy(s->pg) == 0) {
		if ((result = PQgetResult(s->pg)) == NULL) {
			become_ready(s, now, finished);
			return;
		}
		fine = PQresultStatus(result) == PGRES_TUPLES_OK;
		PQclear(result);
	}
	if (!fine)
		fail_to_connect(s, "settings", PQerrorMessage(s->pg), finished);
}

/*
 * What is asked of it goes elsewhere, but it waits on: a pool keeps who leaves
 * in its queue, and coming back would only make that longer.
 */
static void
wait_for_pool(struct session *s, int64_t now, struct job_queue *finished)
{
	static const char no_answer[] =
	    "connected, but no answer: is a pool before it full?";

	if (s->is_away) {
		fail_to_connect(s, no_answer, "", finished);
		return;
	}
	complain(s, no_answer, "");
	s->is_away = true;
	s->deadline_mono_us = now + POOL_PATIENCE_US;
}

static bool
send_step(struct session *s, struct job *job, int i)
{
	const struct step *step = &job->steps[i];
	const struct statement_info *info = statement_info(step->statement);
	enum preparation *preparation = &s->preparations[step->statement];

	if (*preparation == PREPARATION_sent)
		return (PQsendQueryParams(s->pg, info->text, step->nparameters,
			    NULL, step->values, NULL, NULL,
			    RESULT_FORMAT_BINARY) == 1);
	if (*preparation == PREPARATION_none) {
		if (PQsendPrepare(s->pg, info->name, info->text, 0, NULL) == 0)
			return (false);
		job->prepares |= 1U << i;
		*preparation = PREPARATION_sent;
	}
	return (PQsendQueryPrepared(s->pg, info->name, step->nparameters,
		    step->values, NULL, NULL, RESULT_FORMAT_BINARY) == 1);
}

/* A plan that was made for a small table scans it when it has grown. */
static bool
discard_old_plans(struct session *s, struct job *job)
{
	job->discards = job->sent_mono_us - s->planned_mono_us > PLANS_LIVE_US;
	if (!job->discards)
		return (true);
	s->planned_mono_us = job->sent_mono_us;
	return (PQsendQueryParams(s->pg, "DISCARD PLANS", 0, NULL, NULL, NULL,
		    NULL, RESULT_FORMAT_BINARY) == 1);
}

static bool
send_all(struct session *s, struct job *job)
{
	int i;

	if (!discard_old_plans(s, job))
		return (false);
	for (i = 0; i < job->nsteps; i++)
		if (!send_step(s, job, i))
			return (false);
	return (true);
}

void
session_sync(struct session *s)
{
	if (s->nbatch == 0)
		return;
	TAILQ_LAST(&s->in_flight, job_queue)->ends_batch = true;
	s->nbatch = 0;
	if (PQpipelineSync(s->pg) == 0)
		s->is_broken = true;
}

/* What writes is a transaction of its own. So is what runs again: it may have
 * been what spoiled its batch. */
static bool
goes_alone(const struct job *job)
{
	return (job->writes || job->retried);
}

void
session_send(struct session *s, struct job *job)
{
	if (goes_alone(job))
		session_sync(s);
	job->next_result = 0;
	job->prepares = 0;
	job->ends_batch = false;
	job->skipped = false;
	job->sent_mono_us = clock_mono_us();
	TAILQ_INSERT_TAIL(&s->in_flight, job, entry);
	s->nin_flight++;
	s->nbatch++;
	if (!send_all(s, job))
		s->is_broken = true;
	if (goes_alone(job) || s->nbatch == BATCH_MAX)
		session_sync(s);
}

/* SQLSTATE's first two characters are its class. */
#define CLASS_LENGTH 2

static void
count_failure(const struct statement_info *info, const char *sqlstate)
{
	static const enum metrics_operation operations[] = {
		[VERB_select] = LABEL_operation_select,
		[VERB_insert] = LABEL_operation_insert,
		[VERB_update] = LABEL_operation_update,
		[VERB_delete] = LABEL_operation_delete,
	};
	char class[CLASS_LENGTH + 1];

	(void)snprintf(class, sizeof(class), "%.*s", CLASS_LENGTH, sqlstate);
	metrics_inc_chores_db_errors_by_class_total(metrics_find_class(class));
	metrics_inc_database_errors_total(operations[info->verb]);
}

/* Of the step whose result it is; of the last one, if the commit failed. */
static void
note_failure(struct job *job, const PGresult *result)
{
	int last = job->nsteps - 1;
	int i = job->next_result < last ? job->next_result : last;
	const struct statement_info *info =
	    statement_info(job->steps[i].statement);
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	if (job->sqlstate[0] != '\0')
		return;
	(void)snprintf(job->sqlstate, sizeof(job->sqlstate), "%.*s",
	    SQLSTATE_LENGTH, state == NULL ? "XX000" : state);
	count_failure(info, job->sqlstate);
	/* Not the detail, which shows rows. The primary message shows a value
	 * only if it cannot be cast, and texts aren't. */
	log_error("statement %s: SQLSTATE %s: %s", info->name, job->sqlstate,
	    text == NULL ? "no message" : text);
}

/* One result of the oldest job; true when it was its last. */
static bool
take_result(struct session *s, struct job *job, PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);
	unsigned bit;

	if (status == PGRES_PIPELINE_SYNC) {
		PQclear(result);
		return (true);
	}
	if (status == PGRES_FATAL_ERROR)
		note_failure(job, result);
	if (strcmp(job->sqlstate, READ_ONLY_TRANSACTION) == 0)
		s->reads_only = true;
	if (job->next_result >= job->nsteps) {
		PQclear(result);
		return (false);
	}
	if (status == PGRES_PIPELINE_ABORTED && job->sqlstate[0] == '\0')
		job->skipped = true;
	if (job->discards) {
		job->discards = false;
		PQclear(result);
		return (false);
	}

	bit = 1U << job->next_result;
	if ((job->prepares & bit) != 0) { /* the answer to its Parse */
		job->prepares &= ~bit;
		s->preparations[job->steps[job->next_result].statement] =
		    status == PGRES_COMMAND_OK ? PREPARATION_done
					       : PREPARATION_none;
		PQclear(result);
		return (false);
	}
	job->rows[job->next_result].result = result;
	job->rows[job->next_result].count = PQntuples(result);
	job->next_result++;
	return (job->next_result == job->nsteps && !job->ends_batch);
}

/* A job goes by the statement that decides it: the last that writes, or the
 * last of all. */
static enum statement
deciding_statement(const struct job *job)
{
	int i;

	for (i = job->nsteps - 1; i > 0; i--)
		if (statement_info(job->steps[i].statement)->access ==
			ACCESS_write ||
		    !job->writes)
			break;
	return (job->steps[i].statement);
}

static void
observe_duration(const struct job *job)
{
	metrics_observe_chores_db_statement_duration_seconds(
	    (enum metrics_statement)deciding_statement(job),
	    (double)(clock_mono_us() - job->sent_mono_us) / US_PER_S);
}

static enum job_outcome
outcome_of(const struct job *job)
{
	if (job->skipped)
		return (JOB_UNAVAILABLE);
	return (job->sqlstate[0] == '\0' ? JOB_DONE : JOB_FAILED);
}

static void
complete_oldest(struct session *s, struct job_queue *finished)
{
	struct job *job = TAILQ_FIRST(&s->in_flight);

	TAILQ_REMOVE(&s->in_flight, job, entry);
	s->nin_flight--;
	if (!job->skipped)
		observe_duration(job);
	finish(job, outcome_of(job), finished);
}

/*
 * FATAL or PANIC: the backend takes all with it that is in flight. It says so
 * to the oldest job, before the connection ends. An error without a severity
 * is libpq's own.
 */
static bool
ends_session(const PGresult *result)
{
	const char *severity;

	if (PQresultStatus(result) != PGRES_FATAL_ERROR)
		return (false);
	severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
	return (severity == NULL || strcmp(severity, "ERROR") != 0);
}

/* Take what has arrived; -1 when the session is lost. */
static int
receive(struct session *s, struct job_queue *finished)
{
	struct job *job;
	PGresult *result;
	int nulls = 0;

	if (PQconsumeInput(s->pg) == 0)
		return (-1);
	while ((job = TAILQ_FIRST(&s->in_flight)) != NULL &&
	       PQisBusy(s->pg) == 0) {
		/* NULL stands between the results of two commands. */
		if ((result = PQgetResult(s->pg)) == NULL) {
			if (++nulls > 1)
				break;
			continue;
		}
		nulls = 0;
		if (ends_session(result)) {
			PQclear(result);
			return (-1);
		}
		if (take_result(s, job, result))
			complete_oldest(s, finished);
	}
	return (PQstatus(s->pg) == CONNECTION_OK ? 0 : -1);
}

/*
 * A write was refused because the server, or this session, only reads: by now
 * another server may be the one that writes, and a session keeps what it was
 * told when it began. So it begins again, but no sooner than a full pause.
 */
static bool
should_begin_again(const struct session *s)
{
	return (s->reads_only && s->nin_flight == 0);
}

static void
begin_again(struct session *s, int64_t now, struct job_queue *finished)
{
	s->begin_at++;
	s->pause_us = PAUSE_MAX_US;
	go_down(s, now, finished);
}

static int64_t
answer_timeout_us(const struct session *s)
{
	return (s->statement_timeout_us + ANSWER_GRACE_US);
}

static bool
is_overdue(const struct session *s, int64_t now)
{
	const struct job *oldest = TAILQ_FIRST(&s->in_flight);

	return (oldest != NULL &&
		now - oldest->sent_mono_us > answer_timeout_us(s));
}

void
session_poll(const struct session *s, struct pollfd *fd)
{
	fd->fd = s->state == SESSION_DOWN ? -1 : PQsocket(s->pg);
	fd->revents = 0;
	fd->events = POLLIN;
	if (s->state == SESSION_CONNECTING)
		fd->events = s->wanted_events;
	else if (s->state != SESSION_DOWN && PQflush(s->pg) == 1)
		fd->events = POLLIN | POLLOUT;
}

int64_t
session_wait_us(const struct session *s, int64_t now)
{
	const struct job *oldest = TAILQ_FIRST(&s->in_flight);
	int64_t until;

	if (s->is_broken)
		return (0);
	if (s->state == SESSION_DOWN)
		until = s->next_try_mono_us;
	else if (s->state != SESSION_READY)
		until = s->deadline_mono_us;
	else if (oldest != NULL)
		until = oldest->sent_mono_us + answer_timeout_us(s) + 1000;
	else
		return (-1);
	return (until > now ? until - now : 0);
}

void
session_advance(
    struct session *s, short revents, int64_t now, struct job_queue *finished)
{
	switch (s->state) {
	case SESSION_DOWN:
		if (now >= s->next_try_mono_us)
			start_connecting(s, finished);
		break;
	case SESSION_CONNECTING:
		if (revents != 0)
			continue_connecting(s, now, finished);
		else if (now >= s->deadline_mono_us) {
			s->begin_at++;
			fail_to_connect(s, "connect: no answer",
			    PQerrorMessage(s->pg), finished);
		}
		break;
	case SESSION_BEGINNING:
		if (revents != 0)
			continue_beginning(s, now, finished);
		else if (now >= s->deadline_mono_us)
			wait_for_pool(s, now, finished);
		break;
	case SESSION_READY:
		if (s->is_broken || PQflush(s->pg) == -1)
			lose(s, "send", now, finished);
		else if (revents != 0 && receive(s, finished) == -1)
			lose(s, "connection lost", now, finished);
		else if (is_overdue(s, now))
			lose(s, "no answer in time", now, finished);
		else if (should_begin_again(s))
			begin_again(s, now, finished);
		break;
	}
}
