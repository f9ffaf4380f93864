/*
 * job: what an executor does for a worker, and what came of it.
 *
 * A job is a short list of prepared statements with parameters. It is sent
 * whole, in one round trip, and runs as one implicit transaction: all of it
 * is committed or none (PostgreSQL manual, "Pipeline Mode"). Nothing is
 * decided in C in between: a state change is a conditional statement, whose
 * returned row tells what happened.
 *
 * A job of the lane `password` is a function instead, run on a thread.
 *
 * Owner    the submitter's before executor_submit() and from done() on; in
 *          between the executor's, and nobody else may look at it.
 * Memory   parameters are copied into the arena that job_init() names; it
 *          must outlive the job. job_fini() frees the results.
 */
#ifndef DB_JOB_H
#define DB_JOB_H

#include <sys/queue.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/rows.h"
#include "db/statement.h"
#include "platform/arena.h"

#define JOB_STEPS_MAX 8
#define STEP_PARAMETERS_MAX 24

enum job_outcome {
	JOB_DONE,        /* committed: the rows are there */
	JOB_UNAVAILABLE, /* nothing was done; asking again later may help */
	JOB_UNKNOWN,     /* the connection was lost after a write was sent */
	JOB_FAILED /* a statement failed, all was rolled back: see sqlstate */
};

struct step {
	struct job *job;
	enum statement statement;
	int nparameters;
	const char *values[STEP_PARAMETERS_MAX]; /* texts; NULL is SQL's NULL */
};

struct job {
	TAILQ_ENTRY(job) entry;
	struct arena *arena;
	enum lane_kind lane;

	struct step steps[JOB_STEPS_MAX];
	struct rows rows[JOB_STEPS_MAX];
	int nsteps;
	bool writes;

	void (*work)(struct job *, void *scratch); /* password lane */
	void (*done)(struct job *); /* worker: on its event loop */

	enum job_outcome outcome;
	char sqlstate[6]; /* of the failed statement, else "" */

	/* the executor's own notes */
	int64_t submitted_mono_us;
	int64_t sent_mono_us;
	int next_result;   /* the step whose result comes next */
	bool discards;     /* its first answer is that of DISCARD PLANS */
	unsigned prepares; /* a bit a step whose Parse is not answered yet */
	bool retried;
	bool ends_batch;        /* the answer to a Sync follows its own */
	bool skipped;           /* one before it in its batch has failed */
	_Atomic bool abandoned; /* nobody waits: need not be sent any more */
};

TAILQ_HEAD(job_queue, job);

void job_init(struct job *job, struct arena *arena);
void job_fini(struct job *job);

/*
 * job_step(job, statement): one more statement, run after those before it.
 * At most JOB_STEPS_MAX; more is our own bug. The job's lane is that of its
 * last statement that is not LANE_short.
 */
struct step *job_step(struct job *job, enum statement statement);

/* The next parameter of a step. Texts are UTF-8 without NUL. */
void step_int(struct step *step, int64_t value);
void step_double(struct step *step, double value);
void step_bool(struct step *step, bool value);
void step_text(struct step *step, const char *text);
void step_null(struct step *step);
/* an array, to be cast in SQL: $2::bigint[] */
void step_ints(struct step *step, const int64_t *values, size_t count);

#endif
