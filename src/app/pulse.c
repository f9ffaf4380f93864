#include "app/pulse.h"

#include <malloc.h>
#include <stdlib.h>
#include <unistd.h>

#include <kore/kore.h>

#include "app/messages.h"
#include "db/executor.h"
#include "http/door.h"
#include "metrics/metrics.h"
#include "platform/clock.h"
#include "platform/tlsmend.h"

/* With what else a process does at rest, less than a wake-up a second. */
#define EVERY_MS 2000
#define SELDOM 5 /* pulses */
#define CALM_MS 10000
#define US_PER_MS 1000
#define US_PER_S 1e6

static int64_t due_mono_us;

/* Kore's timers run when the event loop comes round to them: how late that
 * is, everybody else waits too. */
static void
beat(void *unused, u_int64_t now_ms)
{
	static unsigned pulses;
	int64_t now_us = clock_mono_us(), late_us = now_us - due_mono_us;

	(void)unused;
	(void)now_ms;
	metrics_observe_chores_event_loop_delay_seconds(
	    late_us < 0 ? 0 : (double)late_us / US_PER_S);
	due_mono_us = now_us + (int64_t)EVERY_MS * US_PER_MS;
	if (!executors_live())
		_exit(EXIT_FAILURE); /* Kore starts another worker */
	door_watch();
	tlsmend_follow();
	metrics_process_sample();
	metrics_process_watch(kore_worker_data(KORE_WORKER_KEYMGR_IDX)->pid);
	if (pulses++ % SELDOM != 0)
		return;
	/* What a burst of large answers has left is the machine's again. */
	(void)malloc_trim(0);
	if (worker->id == 1)
		kore_msg_send(KORE_MSG_PARENT, MSG_SAMPLE, NULL, 0);
}

/* Kore's, absent from its headers. */
extern TAILQ_HEAD(timerlist, kore_timer) kore_timers __attribute__((weak));

/* Kore's parent looks for access logs ten times a second. There are none. */
static void
calm_down(void)
{
	struct kore_timer *timer;

	if (&kore_timers == NULL)
		return;
	TAILQ_FOREACH (timer, &kore_timers, list)
		if (timer->interval < CALM_MS)
			timer->interval = CALM_MS;
}

/* The parent has no timer of its own. */
static void
sample(struct kore_msg *msg, const void *data)
{
	(void)msg;
	(void)data;
	calm_down();
	metrics_process_sample();
	tlsmend_rotate();
}

void
pulse_listen(void)
{
	(void)kore_msg_register(MSG_SAMPLE, sample);
}

void
pulse_start(void)
{
	if (worker->restarted)
		metrics_inc_chores_worker_restarts_total();
	metrics_hold_chores_workers(1);
	metrics_process_sample();
	due_mono_us = clock_mono_us() + (int64_t)EVERY_MS * US_PER_MS;
	(void)kore_timer_add(beat, EVERY_MS, NULL, 0);
}
