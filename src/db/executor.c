#include "db/executor.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <kore/kore.h>
#include <kore/tasks.h>

#include "db/conninfo.h"
#include "db/lane.h"
#include "db/resolve.h"
#include "db/session.h"
#include "metrics/metrics.h"
#include "platform/clock.h"
#include "platform/log.h"
#include "platform/settings.h"
#include "platform/soon.h"

#define SESSIONS_MAX 64
#define US_PER_MS 1000
/* A storm of logins leaves most of the CPU to others, but not all of it. */
#define PASSWORD_NICE 5

struct executor {
	struct kore_task task;
	enum lane_kind kind;
	size_t slot; /* of the metrics */
	SLIST_ENTRY(executor) entry;
	_Atomic pid_t tid; /* its thread; 0 before it runs */

	/* the executor's own, where its lane has connections */
	struct resolve resolve;
	int nsessions;
	bool was_up; /* a session was ready */
	struct session sessions[SESSIONS_MAX];
	struct pollfd polled[SESSIONS_MAX + 1];

	pthread_mutex_t lock; /* guards the two below */
	struct job_queue finished;
	bool announced; /* a message is in the task's channel */
};

/* This worker's lanes. */
static struct lane lanes[LANE_MAX];
static SLIST_HEAD(, executor) executors = SLIST_HEAD_INITIALIZER(executors);

/* Connections, or threads, of a lane. */
static int
lane_width(const struct settings *settings, enum lane_kind kind)
{
	switch (kind) {
#define LANE(name, setting, depth) \
	case LANE_##name:          \
		return ((int)settings->setting);
#include "db/lanes.def"
#undef LANE
	case LANE_MAX:
		break;
	}
	return (0);
}

static int
lane_in_flight_max(enum lane_kind kind)
{
	static const int depths[] = {
#define LANE(name, setting, depth) depth,
#include "db/lanes.def"
#undef LANE
	};

	return (depths[kind]);
}

/* The password lane is threads, each an executor; the others one thread. */
static int
lane_threads(const struct settings *settings, enum lane_kind kind)
{
	return (kind == LANE_password ? lane_width(settings, kind) : 1);
}

int
executor_count(const struct settings *settings)
{
	int count = 0, kind;

	for (kind = 0; kind < LANE_MAX; kind++)
		count += lane_threads(settings, (enum lane_kind)kind);
	return (count);
}

/*
 * Hand finished jobs to the worker. One message is in the channel at most,
 * so neither side ever blocks on it.
 */
static void
deliver(struct executor *executor, struct job_queue *finished)
{
	bool announce;

	if (TAILQ_EMPTY(finished))
		return;
	(void)pthread_mutex_lock(&executor->lock);
	TAILQ_CONCAT(&executor->finished, finished, entry);
	announce = !executor->announced;
	executor->announced = true;
	(void)pthread_mutex_unlock(&executor->lock);
	if (announce)
		kore_task_channel_write(
		    &executor->task, &announce, sizeof(announce));
}

/* Context worker: a message is in the channel, or the task has ended. */
static void
collect(struct kore_task *task)
{
	struct executor *executor = (struct executor *)task;
	struct job_queue finished = TAILQ_HEAD_INITIALIZER(finished);
	struct job *job;
	bool announced;

	if (kore_task_finished(task))
		return;
	(void)kore_task_channel_read(task, &announced, sizeof(announced));
	(void)pthread_mutex_lock(&executor->lock);
	TAILQ_CONCAT(&finished, &executor->finished, entry);
	executor->announced = false;
	(void)pthread_mutex_unlock(&executor->lock);

	while ((job = TAILQ_FIRST(&finished)) != NULL) {
		TAILQ_REMOVE(&finished, job, entry);
		job->done(job);
	}
}

/*
 * Whether to run a job again, once: a read whose connection was lost, or
 * work that PostgreSQL has undone for a reason that is over by now.
 */
static bool
deserves_another_try(const struct job *job)
{
	static const char *const passing[] = {
		"40001", /* serialization_failure */
		"40P01", /* deadlock_detected */
	};
	size_t i;

	if (job->retried)
		return (false);
	if (job->outcome == JOB_UNAVAILABLE)
		return (!job->writes);
	for (i = 0; job->outcome == JOB_FAILED && i < COUNT_OF(passing); i++)
		if (strcmp(job->sqlstate, passing[i]) == 0)
			return (true);
	return (false);
}

static void
prepare_another_try(struct job *job)
{
	int nsteps = job->nsteps;

	job_fini(job); /* frees what the first try returned */
	job->nsteps = nsteps;
	job->sqlstate[0] = '\0';
	job->retried = true;
}

static struct session *
session_with_room(struct executor *executor)
{
	struct session *best = NULL;
	int i;

	for (i = 0; i < executor->nsessions; i++) {
		struct session *s = &executor->sessions[i];

		if (session_has_room(s) &&
		    (best == NULL || s->nin_flight < best->nin_flight))
			best = s;
	}
	return (best);
}

static const char *const lane_names[] = {
#define LANE(name, setting, depth) #name,
#include "db/lanes.def"
#undef LANE
};

/* The lanes' names are a table of labels too. */
#define LANE(name, setting, depth) \
	_Static_assert((int)LANE_##name == (int)LABEL_lane_##name, #name);
#include "db/lanes.def"
#undef LANE

static enum metrics_lane
lane_label(enum lane_kind kind)
{
	return ((enum metrics_lane)kind);
}

/* A job has left the queue, for good or for PostgreSQL. */
static void
note_taken(const struct job *job)
{
	int64_t wait_us = clock_mono_us() - job->submitted_mono_us;

	metrics_down_chores_db_queue_depth(lane_label(job->lane));
	metrics_observe_chores_db_queue_wait_seconds(
	    lane_label(job->lane), (double)wait_us / 1e6);
}

static bool
waited_too_long(const struct job *job)
{
	return (clock_mono_us() - job->submitted_mono_us >
		(int64_t)settings_get()->db_queue_wait_ms * US_PER_MS);
}

/* Send what is queued while sessions have room. */
static void
send_queued(struct executor *executor, struct job_queue *finished)
{
	struct lane *lane = &lanes[executor->kind];
	struct session *session;
	struct job *job;
	int i;

	while ((session = session_with_room(executor)) != NULL &&
	       (job = lane_take(lane)) != NULL) {
		note_taken(job);
		if (job->abandoned || waited_too_long(job)) {
			job->outcome = JOB_UNAVAILABLE;
			job->retried = true;
			TAILQ_INSERT_TAIL(finished, job, entry);
			continue;
		}
		session_send(session, job);
	}
	for (i = 0; i < executor->nsessions; i++)
		session_sync(&executor->sessions[i]);
}

/*
 * While no session is up, nothing may wait in the queue: refuse at once. The
 * very first attempt is waited for, so that a worker that has just started
 * turns nobody away.
 */
static void
follow_database(struct executor *executor, struct job_queue *finished)
{
	struct lane *lane = &lanes[executor->kind];
	struct job *job;
	bool up = false, open = false, closes;
	int i;

	for (i = 0; i < executor->nsessions; i++) {
		up |= executor->sessions[i].state == SESSION_READY;
		open |= !executor->sessions[i].is_away;
	}
	open |= up;
	closes = !open && lane_is_open(lane);
	/* A worker that never was up may follow one that was, and is dead. */
	if (executor->kind == LANE_short && (up != executor->was_up || closes))
		metrics_set_chores_db_up(up ? 1 : 0);
	executor->was_up = up;
	executor->resolve.is_in_use = up;
	if (open == lane_is_open(lane))
		return;
	lane_set_open(lane, open);
	while (!open && (job = lane_take(lane)) != NULL) {
		note_taken(job);
		job->outcome = JOB_UNAVAILABLE;
		job->retried = true;
		TAILQ_INSERT_TAIL(finished, job, entry);
	}
}

static int
enqueue(struct job *job)
{
	/* Before it is there for the taking, so that no sum is negative. */
	metrics_up_chores_db_queue_depth(lane_label(job->lane));
	if (lane_put(&lanes[job->lane], job) == 0)
		return (0);
	metrics_down_chores_db_queue_depth(lane_label(job->lane));
	return (-1);
}

/* At once, or when a session is there again; false: not at all. */
static bool
try_again(struct executor *executor, struct job *job)
{
	struct session *session = session_with_room(executor);

	prepare_another_try(job);
	if (session != NULL)
		session_send(session, job);
	else if (enqueue(job) == -1) {
		job->outcome = JOB_UNAVAILABLE;
		return (false);
	}
	return (true);
}

/* Run again what deserves it; deliver the rest. */
static void
settle(struct executor *executor, struct job_queue *finished)
{
	struct job_queue settled = TAILQ_HEAD_INITIALIZER(settled);
	struct job *job;

	while ((job = TAILQ_FIRST(finished)) != NULL) {
		TAILQ_REMOVE(finished, job, entry);
		if (!deserves_another_try(job) || !try_again(executor, job))
			TAILQ_INSERT_TAIL(&settled, job, entry);
	}
	deliver(executor, &settled);
}

/* What the connections of this executor are doing. */
static void
note_states(const struct executor *executor)
{
	int64_t counts[LABEL_state_MAX] = { 0 };
	int i;

	for (i = 0; i < executor->nsessions; i++) {
		const struct session *s = &executor->sessions[i];

		if (s->state == SESSION_DOWN)
			counts[LABEL_state_down]++;
		else if (s->state != SESSION_READY)
			counts[LABEL_state_connecting]++;
		else
			counts[s->nin_flight > 0 ? LABEL_state_busy
						 : LABEL_state_idle]++;
	}
	for (i = 0; i < LABEL_state_MAX; i++)
		metrics_hold_chores_db_pool_connections(
		    (enum metrics_state)i, counts[i]);
}

static int64_t
soonest_us(const struct executor *executor, int64_t now)
{
	int64_t soonest = -1, wait;
	int i;

	for (i = 0; i < executor->nsessions; i++) {
		wait = session_wait_us(&executor->sessions[i], now);
		if (wait != -1 && (soonest == -1 || wait < soonest))
			soonest = wait;
	}
	return (soonest);
}

/* Wait for the sessions and, where one has room, for new work. */
static void
wait_for_events(struct executor *executor)
{
	struct lane *lane = &lanes[executor->kind];
	struct pollfd *wake = &executor->polled[executor->nsessions];
	bool room = session_with_room(executor) != NULL;
	int64_t wait_us;
	int i, timeout_ms;

	for (i = 0; i < executor->nsessions; i++)
		session_poll(&executor->sessions[i], &executor->polled[i]);
	wake->fd = room ? lane->wake_fd : -1;
	wake->events = POLLIN;
	wake->revents = 0;

	wait_us = soonest_us(executor, clock_mono_us());
	timeout_ms = wait_us == -1 ? -1 : (int)(wait_us / US_PER_MS) + 1;
	if (room && !lane_sleep(lane))
		timeout_ms = 0;
	(void)poll(
	    executor->polled, (nfds_t)executor->nsessions + 1, timeout_ms);
	if (room)
		lane_awake(lane);
}

static int
run_sessions(struct kore_task *task)
{
	struct executor *executor = (struct executor *)task;
	struct job_queue finished = TAILQ_HEAD_INITIALIZER(finished);
	int i;

	executor->tid = gettid();
	metrics_attach(executor->slot);
	for (;;) {
		int64_t now = clock_mono_us();

		for (i = 0; i < executor->nsessions; i++)
			session_advance(&executor->sessions[i],
			    executor->polled[i].revents, now, &finished);
		follow_database(executor, &finished);
		settle(executor, &finished);
		send_queued(executor, &finished);
		settle(executor, &finished);
		note_states(executor);
		wait_for_events(executor);
	}
	return (KORE_RESULT_OK);
}

static int
run_passwords(struct kore_task *task)
{
	struct executor *executor = (struct executor *)task;
	struct job_queue finished = TAILQ_HEAD_INITIALIZER(finished);
	struct job *job;
	void *scratch;

	executor->tid = gettid();
	metrics_attach(executor->slot);
	/* Than who started the server wants it to be; this thread's alone. */
	(void)setpriority(
	    PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + PASSWORD_NICE);
	if ((scratch = calloc(1, EXECUTOR_SCRATCH_BYTES)) == NULL)
		abort();
	for (;;) {
		job = lane_wait(&lanes[LANE_password]);
		note_taken(job);
		job->outcome = JOB_UNAVAILABLE;
		if (!job->abandoned) {
			job->work(job, scratch);
			job->outcome = JOB_DONE;
		}
		TAILQ_INSERT_TAIL(&finished, job, entry);
		deliver(executor, &finished);
	}
	return (KORE_RESULT_OK);
}

static int
open_sessions(struct executor *executor, const struct settings *settings)
{
	bool reports = executor->kind == LANE_report;
	int64_t timeout_ms = reports ? settings->db_report_timeout_ms
				     : settings->db_statement_timeout_ms;
	char *conninfo;
	int i;

	if ((conninfo = conninfo_make(settings, reports)) == NULL)
		return (-1);
	resolve_init(&executor->resolve, conninfo);
	free(conninfo);
	executor->nsessions = lane_width(settings, executor->kind);
	for (i = 0; i < executor->nsessions; i++)
		session_init(&executor->sessions[i], &executor->resolve, i,
		    lane_in_flight_max(executor->kind),
		    settings->db_connect_timeout_ms * US_PER_MS,
		    timeout_ms * US_PER_MS);
	return (0);
}

static int
executor_open(const struct settings *settings, enum lane_kind kind, size_t slot)
{
	struct executor *executor;

	if ((executor = calloc(1, sizeof(*executor))) == NULL)
		abort();
	executor->kind = kind;
	executor->slot = slot;
	(void)pthread_mutex_init(&executor->lock, NULL);
	TAILQ_INIT(&executor->finished);
	if (kind != LANE_password && open_sessions(executor, settings) == -1) {
		free(executor);
		return (-1);
	}
	kore_task_create(&executor->task,
	    kind == LANE_password ? run_passwords : run_sessions);
	kore_task_bind_callback(&executor->task, collect);
	SLIST_INSERT_HEAD(&executors, executor, entry);
	/* From here on the task's thread owns it, for the worker's life. */
	kore_task_run(&executor->task);
	return (0);
}

int
executor_check(const struct settings *settings)
{
	char *usual = conninfo_make(settings, false);
	char *reports = usual == NULL ? NULL : conninfo_make(settings, true);
	bool are_right = usual != NULL && reports != NULL;

	free(usual);
	free(reports);
	return (are_right ? 0 : -1);
}

int
executor_start(const struct settings *settings, size_t first_slot)
{
	size_t slot = first_slot;
	int capacity, kind, i;

	/* A permanent task keeps its thread. */
	kore_task_threads = (uint16_t)executor_count(settings);
	for (kind = 0; kind < LANE_MAX; kind++) {
		capacity =
		    (int)(kind == LANE_password ? settings->password_queue
						: settings->db_queue);
		if (lane_init(&lanes[kind], capacity))
			return (-1);
		for (i = lane_threads(settings, (enum lane_kind)kind); i > 0;
		     i--)
			if (executor_open(
				settings, (enum lane_kind)kind, slot++) == -1)
				return (-1);
	}
	return (0);
}

static void
wake_lanes(void)
{
	int kind;

	for (kind = 0; kind < LANE_MAX; kind++)
		lane_wake(&lanes[kind]);
}

/* Once for all jobs of one turn: they share a batch. */
static struct soon waking = { .run = wake_lanes };

int
executor_submit(struct job *job)
{
	if (enqueue(job) == 0) {
		soon_ask(&waking);
		return (0);
	}
	metrics_inc_chores_executor_refused_total(lane_label(job->lane));
	return (-1);
}

bool
executors_live(void)
{
	const struct executor *executor;
	pid_t tid;

	SLIST_FOREACH (executor, &executors, entry) {
		tid = executor->tid;
		if (tid == 0 || tgkill(getpid(), tid, 0) == 0)
			continue;
		log_error("a thread of lane %s has ended, maybe by a system "
			  "call that the sandbox forbids",
		    lane_names[executor->kind]);
		return (false);
	}
	return (true);
}
