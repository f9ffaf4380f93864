/*
 * executor: runs jobs on PostgreSQL connections that live in task threads.
 *
 * An executor is a permanent Kore task. That of a database lane owns a few
 * sessions (db/session.h) and waits for all of them at once; the executors of
 * the password lane run bcrypt. A worker hands a job over with
 * executor_submit() and gets it back through job->done(), on its own event
 * loop, in any order. Each worker has executors of its own.
 */
#ifndef DB_EXECUTOR_H
#define DB_EXECUTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "db/job.h"

struct settings;

/* What each thread of the password lane lends to work(): zeroed once, then
 * left as the job before left it. */
#define EXECUTOR_SCRATCH_BYTES 65536

/* executor_count(settings): the threads that executor_start() makes; each
 * writes metrics through a slot of its own. Context any. */
int executor_count(const struct settings *settings);

/*
 * executor_check(settings): whether the settings' database URLs are any. What
 * can't even be tried must stop the start: a worker that gives up is started
 * again, and again.
 *
 * Context  parent.
 * Returns  0, or -1 (logged).
 */
int executor_check(const struct settings *settings) MUST_CHECK;

/*
 * executor_start(settings, first_slot): start this worker's executors; they
 * connect in the background. Thread i writes to the metrics' slot
 * ${first_slot} + i.
 *
 * Context  worker, once.
 * Returns  0, or -1 (logged).
 */
int executor_start(
    const struct settings *settings, size_t first_slot) MUST_CHECK;

/*
 * executor_submit(job): queue ${job} for the next free executor of its lane.
 *
 * Context  worker; never blocks (one mutex, held for a few pointer writes).
 * Owner    on 0 the executor's until done(); on -1 still the caller's.
 * Returns  0, or -1 with nothing queued: lane full or PostgreSQL away. Answer
 *          503 with Retry-After.
 */
int executor_submit(struct job *job) MUST_CHECK;

/*
 * executors_live(): whether all threads are there. The kernel ends a single
 * thread that makes a system call which the sandbox forbids; nobody would
 * answer the jobs of its lane.
 *
 * Context  worker.
 * Returns  false (logged) when one is gone: this worker is of no more use.
 */
bool executors_live(void) MUST_CHECK;

#endif
