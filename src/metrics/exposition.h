/*
 * exposition: the parts of a scrape that more than the tables need.
 * Source: Prometheus documentation, "Exposition formats", text format 0.0.4;
 * OpenMetrics 1.0.
 */
#ifndef METRICS_EXPOSITION_H
#define METRICS_EXPOSITION_H

#include "metrics/metrics.h"

struct exposition {
	struct metrics_page *page;
	enum metrics_format format;
};

/* exposition_head(e, name, type, help): what comes before the samples of a
 * family. ${name} is that of a sample: OpenMetrics' `x` is named `x_total`. */
void exposition_head(const struct exposition *e, const char *name,
    const char *type, const char *help);

/* exposition_simple(e, name, type, help, value, scale): a family with one
 * sample. */
void exposition_simple(const struct exposition *e, const char *name,
    const char *type, const char *help, int64_t value, int64_t scale);

#endif
