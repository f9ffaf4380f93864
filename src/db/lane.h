/*
 * lane: the queue between a worker and the executors of one kind of work.
 *
 * A lane owns what is in it. A full lane refuses at once: whoever submits
 * answers 503, so that the queue never grows without bound.
 *
 * Context  any; one mutex, held for a few pointer writes.
 */
#ifndef DB_LANE_H
#define DB_LANE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "db/job.h"

struct lane {
	pthread_mutex_t lock;  /* guards all below */
	pthread_cond_t filled; /* for executors that wait here */
	struct job_queue queue;
	int depth;
	int capacity;
	bool open;   /* false: the database is away, refuse at once */
	bool asleep; /* its executor waits on wake_fd */
	int wake_fd;
};

/*
 * lane_init(lane, capacity): empty and open.
 *
 * Context  worker, before its executors start.
 * Returns  0, or -1 when the system has no descriptor left (logged).
 */
int lane_init(struct lane *lane, int capacity) MUST_CHECK;

/*
 * lane_put(lane, job): queue ${job}. Who waits in lane_wait() has it at once;
 * who waits on wake_fd sleeps until lane_wake(), so that it can be woken for
 * several jobs together.
 *
 * Returns  0, or -1 with nothing queued: full or closed.
 */
int lane_put(struct lane *lane, struct job *job) MUST_CHECK;

/* lane_wake(lane): wake the executor that sleeps on wake_fd, if there is work.
 */
void lane_wake(struct lane *lane);

/* lane_take(lane): the oldest job, or NULL. Context executor. */
struct job *lane_take(struct lane *lane);

/* lane_wait(lane): the oldest job; sleeps until there is one. Context
 * executor without a connection. */
struct job *lane_wait(struct lane *lane);

/*
 * lane_sleep(lane): announce that the executor will wait on wake_fd; false
 * when there is work after all. Context executor.
 */
bool lane_sleep(struct lane *lane);

/* lane_awake(lane): the executor is back from its wait. Context executor. */
void lane_awake(struct lane *lane);

/* lane_set_open(lane, open): closing leaves what is queued to lane_take(). */
void lane_set_open(struct lane *lane, bool open);

bool lane_is_open(struct lane *lane);
int lane_depth(struct lane *lane);

#endif
