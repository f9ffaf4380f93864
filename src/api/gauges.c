#include "api/gauges.h"

#include "db/executor.h"
#include "http/timer.h"
#include "metrics/metrics.h"
#include "platform/clock.h"
#include "platform/settings.h"

/* A burst of changes is followed by one query. */
#define SETTLE_MS 200
/* While the database is away. */
#define RETRY_MS 1000
#define MS_PER_S 1000
#define US_PER_S 1e6

static struct refresh {
	struct job job;
	struct arena arena;
	bool in_flight;
	bool planned; /* a timer will ask */
} refresh;

static void ask(void);

static void
plan(uint64_t in_ms)
{
	if (refresh.planned)
		return;
	refresh.planned = true;
	timer_once(ask, in_ms);
}

static void
answered(struct job *job)
{
	const struct rows *rows = &job->rows[0];

	refresh.in_flight = false;
	if (job->outcome == JOB_DONE && rows->count == 1) {
		metrics_set_pending_approvals_count(row_int(rows, 0, 0));
		metrics_set_families_active_count(row_int(rows, 0, 1));
		metrics_set_chores_pending_approvals_oldest_seconds(
		    row_double(rows, 0, 2));
		metrics_set_chores_database_gauges_refreshed_timestamp_seconds(
		    (double)clock_real_us() / US_PER_S);
	} else
		plan(RETRY_MS);
	job_fini(job);
	arena_fini(&refresh.arena);
}

static void
ask(void)
{
	refresh.planned = false;
	if (refresh.in_flight) {
		plan(SETTLE_MS);
		return;
	}
	arena_init(&refresh.arena);
	job_init(&refresh.job, &refresh.arena);
	step_null(job_step(&refresh.job, STATEMENT_gauges));
	refresh.job.done = answered;
	refresh.in_flight = executor_submit(&refresh.job) == 0;
	if (!refresh.in_flight)
		plan(RETRY_MS);
}

static void
ask_again(void)
{
	plan(0);
}

void
gauges_start(bool periodic)
{
	if (!periodic)
		return;
	plan(0);
	timer_every(
	    ask_again, (uint64_t)settings_get()->gauge_refresh_s * MS_PER_S);
}

void
gauges_changed(void)
{
	plan(SETTLE_MS);
}
