/*
 * eachmetric: the table of metrics, once more. Define
 *	METRIC(kind, name, labels, unit, bounds, help)
 * for what has values and, where they matter, INFO and ALIAS (see
 * metrics/metrics.def); include this; none is left defined. An application
 * brings its own table by defining METRICS_TABLE on the compiler's command
 * line: a file in quotes.
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
	METRIC(counter, name, labels, unit, (), help)
#define GAUGE(name, labels, unit, help) \
	METRIC(gauge, name, labels, unit, (), help)
#define GAUGE_SUM(name, labels, unit, help) \
	METRIC(gauge_sum, name, labels, unit, (), help)
#define HISTOGRAM(name, labels, unit, bounds, help) \
	METRIC(histogram, name, labels, unit, bounds, help)
#define SUMMARY(name, labels, unit, help) \
	METRIC(summary, name, labels, unit, (), help)

#include METRICS_TABLE

#undef METRIC
#undef INFO
#undef ALIAS
#undef COUNTER
#undef GAUGE
#undef GAUGE_SUM
#undef HISTOGRAM
#undef SUMMARY
