#include "db/job.h"

#include <assert.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

#include "platform/buffer.h"

#define INTEGER_BYTES_MAX 21 /* of an int64 in an array, with its comma */

void
job_init(struct job *job, struct arena *arena)
{
	job->arena = arena;
	job->lane = LANE_short;
	job->nsteps = 0;
	job->writes = false;
	job->work = NULL;
	job->done = NULL;
	job->outcome = JOB_UNAVAILABLE;
	job->sqlstate[0] = '\0';
	job->next_result = 0;
	job->retried = false;
	job->prepares = 0;
	job->abandoned = false;
}

void
job_fini(struct job *job)
{
	int i;

	for (i = 0; i < job->nsteps; i++) {
		PQclear(job->rows[i].result);
		job->rows[i].result = NULL;
		job->rows[i].count = 0;
	}
	job->nsteps = 0;
}

struct step *
job_step(struct job *job, enum statement statement)
{
	const struct statement_info *info = statement_info(statement);
	struct step *step;

	assert(job->nsteps < JOB_STEPS_MAX);
	step = &job->steps[job->nsteps];
	job->rows[job->nsteps].result = NULL;
	job->rows[job->nsteps].count = 0;
	job->nsteps++;

	step->job = job;
	step->statement = statement;
	step->nparameters = 0;
	if (info->lane != LANE_short)
		job->lane = info->lane;
	if (info->access == ACCESS_write)
		job->writes = true;
	return (step);
}

static void
step_add(struct step *step, const char *value)
{
	assert(step->nparameters < STEP_PARAMETERS_MAX);
	step->values[step->nparameters++] = value;
}

void
step_int(struct step *step, int64_t value)
{
	char *text = arena_alloc(step->job->arena, 24);

	(void)snprintf(text, 24, "%" PRId64, value);
	step_add(step, text);
}

void
step_double(struct step *step, double value)
{
	/* 17 significant digits read back as the same double. */
	step_add(step, arena_printf(step->job->arena, "%.17g", value));
}

void
step_bool(struct step *step, bool value)
{
	step_add(step, value ? "t" : "f");
}

void
step_text(struct step *step, const char *text)
{
	step_add(step, arena_strdup(step->job->arena, text));
}

void
step_null(struct step *step)
{
	step_add(step, NULL);
}

void
step_ints(struct step *step, const int64_t *values, size_t count)
{
	struct buffer text;
	size_t i;

	buffer_init(&text, count * INTEGER_BYTES_MAX + sizeof("{}"));
	buffer_putc(&text, '{');
	for (i = 0; i < count; i++) {
		if (i > 0)
			buffer_putc(&text, ',');
		buffer_put_int(&text, values[i]);
	}
	buffer_putc(&text, '}');
	step_text(step, buffer_text(&text));
	buffer_fini(&text);
}
