/* links: -Itests/unit src/db/resolve.c src/platform/buffer.c src/metrics/exemplar.c src/metrics/family.c src/metrics/metrics.c src/metrics/native.c src/metrics/shard.c src/metrics/snapshot.c src/platform/log.c src/platform/clock.c -lpq -lm */
#include "unit.h"

#include "../../../src/db/session.c"

/* A libpq whose n-th message cannot be sent, on a connection that lives. */
static int nmessages, failing;

static int
send_message(void)
{
	return (nmessages++ == failing ? 0 : 1);
}

int
PQsendPrepare(PGconn *pg UNUSED, const char *name UNUSED,
    const char *text UNUSED, int n UNUSED, const Oid *types UNUSED)
{
	return (send_message());
}

int
PQsendQueryPrepared(PGconn *pg UNUSED, const char *name UNUSED, int n UNUSED,
    const char *const *values UNUSED, const int *lengths UNUSED,
    const int *formats UNUSED, int result_format UNUSED)
{
	return (send_message());
}

int
PQpipelineSync(PGconn *pg UNUSED)
{
	return (send_message());
}

int
PQflush(PGconn *pg UNUSED)
{
	return (0);
}

const struct statement_info *
statement_info(enum statement s UNUSED)
{
	static const struct statement_info info = { .name = "caller",
		.text = "SELECT" };

	return (&info);
}

static void
make_ready(struct session *s)
{
	session_init(s, NULL, 0, 2, 1000000, 1000000);
	s->state = SESSION_READY;
	s->planned_mono_us = clock_mono_us();
	nmessages = 0;
}

static void
make_read(struct job *job)
{
	memset(job, 0, sizeof(*job));
	job->nsteps = 1;
	job->steps[0].statement = STATEMENT_caller;
}

/* Else the next job's answer would be taken for this one's. */
static void
a_message_that_cannot_be_sent_ends_the_session(void **state)
{
	struct job_queue finished = TAILQ_HEAD_INITIALIZER(finished);
	struct session s;
	struct job job;

	(void)state;
	for (failing = 0; failing < 3; failing++) { /* Parse, Execute, Sync */
		make_ready(&s);
		make_read(&job);
		session_send(&s, &job);
		session_sync(&s);
		assert_case(!session_has_room(&s), "message %d", failing);
		assert_int_equal(session_wait_us(&s, clock_mono_us()), 0);
		session_advance(&s, POLLIN, clock_mono_us(), &finished);
		assert_int_equal(s.state, SESSION_DOWN);
		assert_ptr_equal(TAILQ_FIRST(&finished), &job);
		assert_int_equal(job.outcome, JOB_UNAVAILABLE);
		TAILQ_INIT(&finished);
	}
}

static void
what_is_sent_leaves_the_session_up(void **state)
{
	struct job_queue finished = TAILQ_HEAD_INITIALIZER(finished);
	struct session s;
	struct job job;

	(void)state;
	failing = -1;
	make_ready(&s);
	make_read(&job);
	session_send(&s, &job);
	session_sync(&s);
	assert_int_equal(nmessages, 3);
	assert_true(session_has_room(&s));
	session_advance(&s, 0, clock_mono_us(), &finished);
	assert_int_equal(s.state, SESSION_READY);
	assert_true(TAILQ_EMPTY(&finished));
}

static void
one_that_a_pool_keeps_waiting_is_not_counted_on_and_waits(void **state)
{
	struct job_queue finished = TAILQ_HEAD_INITIALIZER(finished);
	int64_t now = clock_mono_us();
	struct session s;

	(void)state;
	session_init(&s, NULL, 0, 1, 1000000, 1000000);
	s.state = SESSION_BEGINNING;
	s.deadline_mono_us = now;
	session_advance(&s, 0, now, &finished);
	assert_int_equal(s.state, SESSION_BEGINNING);
	assert_true(s.is_away);
	now += session_wait_us(&s, now);
	session_advance(&s, 0, now - 1, &finished);
	assert_int_equal(s.state, SESSION_BEGINNING);
	session_advance(&s, 0, now, &finished);
	assert_int_equal(s.state, SESSION_DOWN);
}

/* Of too few connections every lane is to have one. */
static void
the_first_of_a_lane_go_first(void **state)
{
	struct job_queue finished = TAILQ_HEAD_INITIALIZER(finished);
	struct session first, third;

	(void)state;
	session_init(&first, NULL, 0, 1, 1000000, 1000000);
	session_init(&third, NULL, 2, 1, 1000000, 1000000);
	assert_int_equal(session_wait_us(&first, clock_mono_us()), 0);
	assert_int_not_equal(session_wait_us(&third, clock_mono_us()), 0);
	go_down(&first, 0, &finished);
	go_down(&third, 0, &finished);
	assert_true(first.next_try_mono_us < third.next_try_mono_us);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_message_that_cannot_be_sent_ends_the_session),
		cmocka_unit_test(what_is_sent_leaves_the_session_up),
		cmocka_unit_test(
		    one_that_a_pool_keeps_waiting_is_not_counted_on_and_waits),
		cmocka_unit_test(the_first_of_a_lane_go_first),
	};

	return (RUN(tests));
}
