/*
 * process: the process_* families, over all processes of the program.
 * Source: Prometheus documentation, "Writing client libraries", "Process
 * metrics"; proc(5).
 *
 * Context  any.
 */
#ifndef METRICS_PROCESS_H
#define METRICS_PROCESS_H

#include "metrics/exposition.h"

/* process_expose(e): nothing unless metrics_process_open() succeeded. */
void process_expose(const struct exposition *e);

#endif
