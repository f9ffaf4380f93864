/*
 * process: the process_* families, over all processes of the program.
 * Source: Prometheus documentation, "Writing client libraries", "Process
 * metrics"; proc(5).
 *
 * Context  any.
 */
#ifndef METRICS_PROCESS_H
#define METRICS_PROCESS_H

#include <stddef.h>
#include <stdint.h>

#include "metrics/family.h"

/* A family with one sample and no labels. */
struct process_sample {
	const char *name;
	const char *help;
	enum family_kind kind; /* counter or gauge */
	int64_t value;
	int64_t scale;
};

#define PROCESS_SAMPLES 6

/* process_measure(samples): how many there are: none unless
 * metrics_process_open() succeeded. */
size_t process_measure(struct process_sample samples[PROCESS_SAMPLES]);

#endif
