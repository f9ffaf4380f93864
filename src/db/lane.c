#include "db/lane.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "platform/clock.h"
#include "platform/log.h"

int
lane_init(struct lane *lane, int capacity)
{
	memset(lane, 0, sizeof(*lane));
	(void)pthread_mutex_init(&lane->lock, NULL);
	(void)pthread_cond_init(&lane->filled, NULL);
	TAILQ_INIT(&lane->queue);
	lane->capacity = capacity;
	lane->open = true;
	lane->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (lane->wake_fd == -1) {
		log_error("eventfd: %s", strerror(errno));
		return (-1);
	}
	return (0);
}

int
lane_put(struct lane *lane, struct job *job)
{
	bool accepted;

	job->submitted_mono_us = clock_mono_us();
	(void)pthread_mutex_lock(&lane->lock);
	accepted = lane->open && lane->depth < lane->capacity;
	if (accepted) {
		TAILQ_INSERT_TAIL(&lane->queue, job, entry);
		lane->depth++;
		/* Under the lock: an executor between its check and its wait
		 * would miss the signal. */
		(void)pthread_cond_signal(&lane->filled);
	}
	(void)pthread_mutex_unlock(&lane->lock);
	return (accepted ? 0 : -1);
}

void
lane_wake(struct lane *lane)
{
	static const uint64_t one = 1;
	bool wake;

	(void)pthread_mutex_lock(&lane->lock);
	wake = lane->asleep && lane->depth > 0;
	if (wake)
		lane->asleep = false;
	(void)pthread_mutex_unlock(&lane->lock);
	/* A full eventfd counter wakes its reader as well. */
	if (wake && write(lane->wake_fd, &one, sizeof(one)) == -1)
		return;
}

static struct job *
take_locked(struct lane *lane)
{
	struct job *job = TAILQ_FIRST(&lane->queue);

	if (job != NULL) {
		TAILQ_REMOVE(&lane->queue, job, entry);
		lane->depth--;
	}
	return (job);
}

struct job *
lane_take(struct lane *lane)
{
	struct job *job;

	(void)pthread_mutex_lock(&lane->lock);
	job = take_locked(lane);
	(void)pthread_mutex_unlock(&lane->lock);
	return (job);
}

struct job *
lane_wait(struct lane *lane)
{
	struct job *job;

	(void)pthread_mutex_lock(&lane->lock);
	while ((job = take_locked(lane)) == NULL)
		(void)pthread_cond_wait(&lane->filled, &lane->lock);
	(void)pthread_mutex_unlock(&lane->lock);
	return (job);
}

bool
lane_sleep(struct lane *lane)
{
	bool asleep;

	(void)pthread_mutex_lock(&lane->lock);
	asleep = lane->asleep = lane->depth == 0;
	(void)pthread_mutex_unlock(&lane->lock);
	return (asleep);
}

void
lane_awake(struct lane *lane)
{
	uint64_t count;

	(void)pthread_mutex_lock(&lane->lock);
	lane->asleep = false;
	(void)pthread_mutex_unlock(&lane->lock);
	/* Nothing to read when something else ended the wait. */
	if (read(lane->wake_fd, &count, sizeof(count)) == -1)
		return;
}

void
lane_set_open(struct lane *lane, bool open)
{
	(void)pthread_mutex_lock(&lane->lock);
	lane->open = open;
	(void)pthread_mutex_unlock(&lane->lock);
}

bool
lane_is_open(struct lane *lane)
{
	bool open;

	(void)pthread_mutex_lock(&lane->lock);
	open = lane->open;
	(void)pthread_mutex_unlock(&lane->lock);
	return (open);
}

int
lane_depth(struct lane *lane)
{
	int depth;

	(void)pthread_mutex_lock(&lane->lock);
	depth = lane->depth;
	(void)pthread_mutex_unlock(&lane->lock);
	return (depth);
}
