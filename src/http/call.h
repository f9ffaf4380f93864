/*
 * call: one request on its way through the application.
 *
 * An endpoint sees a call, never Kore's request. It is two functions that
 * stand together: one asks, one answers.
 *
 *	int
 *	chores_disable(struct call *call)
 *	{
 *		const struct chore_path *path = call->values;
 *		struct step *step;
 *
 *		step = call_step(call, STATEMENT_chore_disable);
 *		step_int(step, path->chore_id.integer);
 *		return (call_submit(call, chores_disable_done));
 *	}
 *
 * What is read of the request (call->request) is gone once call_submit() has
 * returned: whatever the answer needs is in call->values or in call->arena.
 * A client may leave while its job runs: the call lives on until the job is
 * done, and the functions below then do nothing that anybody would see.
 *
 * Context  worker, all of them.
 */
#ifndef HTTP_CALL_H
#define HTTP_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "db/job.h"
#include "http/problem.h"
#include "platform/arena.h"
#include "platform/buffer.h"

struct http_request;
struct operation;
struct request;

/* The user who asks, as the first statement of every job finds it. */
struct caller {
	int64_t id;
	bool is_parent;
	bool is_active;
	bool has_family;
	const char *username;
	const char *email;  /* NULL if none */
	int64_t created_at; /* as row_time() */
};

struct call {
	struct http_request *kore;         /* NULL once the client has left */
	const struct request *request;     /* NULL once submitted */
	const struct operation *operation; /* NULL: no such route or method */
	struct arena arena;

	void *values; /* the operation's input struct, read and checked */
	int64_t token_user_id; /* from the bearer token; 0 if there is none */
	struct caller caller;  /* in done() of an operation with a token */

	/* done() is called even if the database did not answer: see job.outcome */
	bool sees_outage;

	struct job job;
	struct call_progress *progress; /* http/progress.h: dispatch's notes */
};

/*
 * call_step(call, statement): one more statement for this call's job. Its
 * first parameter, $1, is the caller's id already (NULL where the operation
 * needs no token). In done() it begins the call's next job, and what the job
 * before returned is gone.
 */
struct step *call_step(struct call *call, enum statement statement);

/*
 * call_submit(call, done): send the job. Where the operation needs a token,
 * the statement `caller` is put before the others, and done() is called only
 * if that user exists, is active and has the operation's role, and if the
 * database answered; everything else has been answered then. Statements that
 * write must guard themselves all the same: they run in the same round trip.
 *
 * Returns  what an endpoint returns.
 */
int call_submit(struct call *call, void (*done)(struct call *));

/* call_submit_alone(call, done): the same without any statement of the
 * endpoint's own: only the caller is looked up. */
int call_submit_alone(struct call *call, void (*done)(struct call *));

/*
 * call_rows(call, step): what the ${step}th call_step() since the last
 * call_submit() returned, counting from 0.
 */
const struct rows *call_rows(const struct call *call, int step);

/*
 * call_caller_rows(call): the caller as ${user} has it, in the first row; in
 * done() of a call's first job, where the operation needs a token.
 */
const struct rows *call_caller_rows(const struct call *call);

/*
 * call_problem(call, step): the problem that a statement names in its first
 * column `problem` (text; NULL: none), or PROBLEM_none. A statement that
 * returned no row at all is PROBLEM_internal.
 */
enum problem call_problem(const struct call *call, int step);

/*
 * call_work(call, work, done): run work() on a password thread, then done()
 * on the worker. ${scratch} is that thread's, for a struct password_scratch
 * (db/executor.h). Full queue: answered with 503. work() may use call->arena
 * and call->values.
 */
int call_work(struct call *call, void (*work)(struct call *, void *scratch),
    void (*done)(struct call *));

/*
 * call_reject(call, problem): an input that only the endpoint can judge is
 * wrong. Answers ${problem} after the caller has been looked up, so that 401
 * and the role's 403 win over it.
 */
int call_reject(struct call *call, enum problem problem);

/* call_client(call): the address of who asks, as netmatch_client() finds it;
 * as long as the call. */
const char *call_client(const struct call *call);

/* call_body(call): where the answer's body is written. */
struct buffer *call_body(struct call *call);

/* call_answer(call, status): the body, as application/json. */
int call_answer(struct call *call, int status);

/* call_answer_as(call, status, type): the same with another content type;
 * NULL for none. */
int call_answer_as(struct call *call, int status, const char *content_type);

/* call_refuse(call, problem): {"detail":"<its text>"} with its status. */
int call_refuse(struct call *call, enum problem problem);

/*
 * call_refuse_with(call, problem, ...): the same where the problem's text is a
 * format: "Assignee with ID %d not found" takes an int64_t as %" PRId64 ".
 */
int call_refuse_with(struct call *call, enum problem problem, ...);

/* call_header(call, name, value): one more header of the answer. */
void call_header(struct call *call, const char *name, const char *value);

/*
 * call_detail(call, status, text): {"detail":"<text>"} for the few texts that
 * no table can hold.
 */
int call_detail(struct call *call, int status, const char *text);

#endif
