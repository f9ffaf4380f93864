/*
 * eachmetric: the table of metrics, once more. Define
 *	METRIC(kind, tracing, name, labels, unit, bounds, help)
 * for what has values (${tracing} is `traced` or `plain`) and, where they
 * matter, INFO and ALIAS (see metrics/metrics.def); include this; none is left
 * defined. An application brings its own table by defining METRICS_TABLE on the
 * compiler's command line: a file in quotes.
 */
#ifndef METRICS_TABLE
#define METRICS_TABLE "metrics/metrics.def"
#endif
#ifndef INFO
#define INFO(name, labels, help)
#endif
#ifndef ALIAS
#define ALIAS(name, family, help)
#endif
#define COUNTER(name, labels, unit, help) \
	METRIC(counter, plain, name, labels, unit, (), help)
#define COUNTER_TRACED(name, labels, unit, help) \
	METRIC(counter, traced, name, labels, unit, (), help)
#define GAUGE(name, labels, unit, help) \
	METRIC(gauge, plain, name, labels, unit, (), help)
#define GAUGE_SUM(name, labels, unit, help) \
	METRIC(gauge_sum, plain, name, labels, unit, (), help)
#define HISTOGRAM(name, labels, unit, bounds, help) \
	METRIC(histogram, plain, name, labels, unit, bounds, help)
#define HISTOGRAM_TRACED(name, labels, unit, bounds, help) \
	METRIC(histogram, traced, name, labels, unit, bounds, help)
#define SUMMARY(name, labels, unit, help) \
	METRIC(summary, plain, name, labels, unit, (), help)

#include METRICS_TABLE

#undef METRIC
#undef INFO
#undef ALIAS
#undef COUNTER
#undef COUNTER_TRACED
#undef GAUGE
#undef GAUGE_SUM
#undef HISTOGRAM
#undef HISTOGRAM_TRACED
#undef SUMMARY
