#include "http/call.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <kore/kore.h>
#include <kore/http.h>

#include "db/executor.h"
#include "domain/password.h"
#include "http/account.h"
#include "http/door.h"
#include "http/progress.h"
#include "metrics/distinct.h"
#include "metrics/metrics.h"
#include "platform/clock.h"
#include "platform/netmatch.h"
#include "platform/settings.h"

/* The largest answer: a report of every child of a very large family. */
#define BODY_CEILING_BYTES (64 * 1024 * 1024)
#define HEADERS_CEILING_BYTES (16 * 1024)

_Static_assert(
    sizeof(struct password_scratch) <= EXECUTOR_SCRATCH_BYTES, "scratch");

/* Columns of assets/sql/caller.sql: first those of a user, as shown */
enum {
	CALLER_username,
	CALLER_is_parent,
	CALLER_email,
	CALLER_id,
	CALLER_is_active,
	CALLER_parent_id,
	CALLER_family_id,
	CALLER_created_at
};

struct whole_call {
	struct call call;
	struct call_progress progress;
};

static void
call_free(struct call *call)
{
	job_fini(&call->job);
	buffer_fini(&call->progress->headers);
	buffer_fini(&call->progress->body);
	arena_fini(&call->arena);
	free(call); /* the whole_call */
}

/* Kore's request goes: after the answer, or because its client left. */
static void
request_gone(struct http_request *req)
{
	struct call *call = req->hdlr_extra;

	req->onfree = NULL;
	req->hdlr_extra = NULL;
	if (call == NULL)
		return;
	call->kore = NULL;
	call->request = NULL;
	if (!call->progress->answered) {
		account_abandon(call->progress->route, call->progress->method);
		call->progress->answered = true;
	}
	if (call->progress->in_flight)
		call->job.abandoned = true;
	else
		call_free(call);
}

struct call *
call_begin(struct http_request *req, enum route route)
{
	struct whole_call *whole;
	struct call *call;
	struct call_progress *progress;

	if ((whole = calloc(1, sizeof(*whole))) == NULL)
		abort();
	call = &whole->call;
	progress = &whole->progress;
	call->progress = progress;
	call->kore = req;
	call->request = door_request(req->owner);
	arena_init(&call->arena);
	job_init(&call->job, &call->arena);
	buffer_init(&progress->headers, HEADERS_CEILING_BYTES);
	buffer_init(&progress->body, BODY_CEILING_BYTES);
	faults_init(&progress->faults, &call->arena);
	progress->route = route;
	progress->method = call->request->method;
	progress->over_tls = req->owner->ssl != NULL;
	progress->arrived_mono_us = call->request->arrived_mono_us;
	progress->request_bytes = call->request->declared_length;
	progress->path = arena_strdup(&call->arena, call->request->path);

	req->hdlr_extra = call;
	req->flags |= HTTP_REQUEST_RETAIN_EXTRA;
	req->onfree = request_gone;
	return (call);
}

int
call_result(const struct call *call)
{
	return (call->progress->answered ? KORE_RESULT_OK : KORE_RESULT_RETRY);
}

const char *
call_client(const struct call *call)
{
	return (call->progress->client);
}

static bool
needs_token(const struct call *call)
{
	return (call->operation->role != ROLE_public);
}

static struct step *
add_step(struct call *call, enum statement statement)
{
	struct step *step = job_step(&call->job, statement);

	if (call->token_user_id == 0)
		step_null(step);
	else
		step_int(step, call->token_user_id);
	return (step);
}

/* A call's next job: what the one before returned has been read by now. */
static void
renew_job(struct call *call)
{
	job_fini(&call->job);
	job_init(&call->job, &call->arena);
	call->progress->first_step = 0;
	call->progress->spent = false;
}

struct step *
call_step(struct call *call, enum statement statement)
{
	if (call->progress->spent)
		renew_job(call);
	/* The first submission of a call with a token asks who that is. */
	if (call->job.nsteps == 0 && needs_token(call) &&
	    call->caller.id == 0) {
		(void)add_step(call, STATEMENT_caller);
		call->progress->first_step = 1;
	}
	return (add_step(call, statement));
}

const struct rows *
call_rows(const struct call *call, int step)
{
	return (&call->job.rows[call->progress->first_step + step]);
}

const struct rows *
call_caller_rows(const struct call *call)
{
	return (&call->job.rows[0]);
}

enum problem
call_problem(const struct call *call, int step)
{
	const struct rows *rows = call_rows(call, step);

	if (rows->count == 0)
		return (PROBLEM_internal);
	if (row_is_null(rows, 0, 0))
		return (PROBLEM_none);
	return (problem_find(row_text(rows, 0, 0, NULL)));
}

static void
read_caller(struct call *call)
{
	const struct rows *rows = &call->job.rows[0];
	struct caller *caller = &call->caller;

	caller->id = row_int(rows, 0, CALLER_id);
	caller->username = arena_strdup(
	    &call->arena, row_text(rows, 0, CALLER_username, NULL));
	caller->email = row_is_null(rows, 0, CALLER_email)
			    ? NULL
			    : arena_strdup(&call->arena,
				  row_text(rows, 0, CALLER_email, NULL));
	caller->is_parent = row_bool(rows, 0, CALLER_is_parent);
	caller->is_active = row_bool(rows, 0, CALLER_is_active);
	caller->has_family = !row_is_null(rows, 0, CALLER_family_id);
	caller->created_at = row_time(rows, 0, CALLER_created_at);
}

/* What PostgreSQL gives up for a reason that may pass: nothing was done. */
static bool
may_pass(const char *sqlstate)
{
	static const char *const passing[] = {
		"57014",          /* query_canceled: the statement timeout */
		"55P03",          /* lock_not_available */
		"40001", "40P01", /* serialization_failure, deadlock */
		"25006",          /* read_only_sql_transaction: a standby */
	};
	size_t i;

	for (i = 0; i < COUNT_OF(passing); i++)
		if (strcmp(sqlstate, passing[i]) == 0)
			return (true);
	/* 53: insufficient resources, 57P: operator intervention */
	return (strncmp(sqlstate, "53", 2) == 0 ||
		strncmp(sqlstate, "57P", 3) == 0);
}

/* Whether the database answered; if not, the call has been refused. */
static bool
judge_outcome(struct call *call)
{
	switch (call->job.outcome) {
	case JOB_DONE:
		return (true);
	case JOB_UNAVAILABLE:
		(void)call_refuse(call, PROBLEM_unavailable);
		return (false);
	case JOB_UNKNOWN:
		(void)call_refuse(call, PROBLEM_outcome_unknown);
		return (false);
	case JOB_FAILED:
		break;
	}
	(void)call_refuse(call, may_pass(call->job.sqlstate)
				    ? PROBLEM_unavailable
				    : PROBLEM_internal);
	return (false);
}

static enum problem
role_problem_first(const struct call *call)
{
	switch (call->operation->role) {
	case ROLE_parent_first:
		return (call->caller.is_parent ? PROBLEM_none
					       : PROBLEM_parent_privileges);
	case ROLE_member_first:
		return (call->caller.has_family ? PROBLEM_none
						: PROBLEM_family_membership);
	default:
		return (PROBLEM_none);
	}
}

static enum problem
role_problem_late(const struct call *call)
{
	bool wrong = false;

	if (call->operation->role == ROLE_parent ||
	    call->operation->role == ROLE_member_first)
		wrong = !call->caller.is_parent;
	else if (call->operation->role == ROLE_child)
		wrong = call->caller.is_parent;
	return (wrong ? call->operation->role_problem : PROBLEM_none);
}

static bool
refuse_if(struct call *call, enum problem problem)
{
	if (problem == PROBLEM_none)
		return (false);
	(void)call_refuse(call, problem);
	return (true);
}

/* Whether somebody asks who may come in at all. */
static enum problem
find_caller_problem(struct call *call)
{
	if (call->job.rows[0].count == 0)
		return (PROBLEM_user_not_found);
	read_caller(call);
	if (!call->caller.is_active)
		return (PROBLEM_inactive_user);
	distinct_seen((uint64_t)call->caller.id);
	return (role_problem_first(call));
}

/* A request that is refused this early is not counted against a limit. */
static bool
judge_caller(struct call *call)
{
	struct call_progress *progress = call->progress;
	enum problem problem = find_caller_problem(call);

	if (problem != PROBLEM_none && progress->may_use_limit)
		limit_give_back(progress->limit_key);
	return (!refuse_if(call, problem));
}

/* The contract's order: 401, first 403, 422, 429, 403, own checks. */
static bool
judge(struct call *call)
{
	struct call_progress *progress = call->progress;

	if (progress->first_step == 1 && !judge_caller(call))
		return (false);
	if (faults_any(&progress->faults)) {
		(void)answer_faults(call);
		return (false);
	}
	if (progress->limit.refused) {
		(void)answer_limited(call);
		return (false);
	}
	if (progress->first_step == 1 &&
	    refuse_if(call, role_problem_late(call)))
		return (false);
	return (!refuse_if(call, progress->rejection));
}

/* Kore reads on from the connection only after its handler has run again. */
static void
let_kore_finish(struct call *call)
{
	if (call->kore != NULL && call->progress->answered)
		http_request_wakeup(call->kore);
	else if (call->kore == NULL && !call->progress->in_flight)
		call_free(call);
}

static void
job_done(struct job *job)
{
	struct call *call =
	    (struct call *)((char *)job - offsetof(struct call, job));
	struct call_progress *progress = call->progress;
	bool first = progress->first_step == 1;

	progress->in_flight = false;
	progress->spent = true;
	if (call->sees_outage ||
	    (judge_outcome(call) && (!first || judge(call))))
		progress->done(call);
	let_kore_finish(call);
}

/* Hand the job over; the request sleeps until it is answered. */
static int
submit(struct call *call)
{
	call->job.done = job_done;
	if (executor_submit(&call->job) == -1) {
		call->job.outcome = JOB_UNAVAILABLE;
		if (call->sees_outage)
			call->progress->done(call);
		else
			(void)call_refuse(call, PROBLEM_unavailable);
		return (call_result(call));
	}
	call->progress->in_flight = true;
	call->request = NULL;
	if (call->kore != NULL)
		http_request_sleep(call->kore);
	return (call_result(call));
}

int
call_submit(struct call *call, void (*done)(struct call *))
{
	call->progress->done = done;
	return (submit(call));
}

static void
nothing_more(struct call *call)
{
	(void)call_refuse(call, PROBLEM_internal);
}

int
call_submit_alone(struct call *call, void (*done)(struct call *))
{
	renew_job(call); /* an operation may have changed its mind */
	(void)add_step(call, STATEMENT_caller);
	call->progress->first_step = 1;
	return (call_submit(call, done));
}

int
call_look_up(struct call *call)
{
	return (call_submit_alone(call, nothing_more));
}

int
call_reject(struct call *call, enum problem problem)
{
	if (!needs_token(call))
		return (call_refuse(call, problem));
	call->progress->rejection = problem;
	return (call_look_up(call));
}

static void
run_work(struct job *job, void *scratch)
{
	struct call *call =
	    (struct call *)((char *)job - offsetof(struct call, job));

	call->progress->work(call, scratch);
}

int
call_work(struct call *call, void (*work)(struct call *, void *),
    void (*done)(struct call *))
{
	renew_job(call);
	call->job.lane = LANE_password;
	call->job.work = run_work;
	call->progress->work = work;
	return (call_submit(call, done));
}
