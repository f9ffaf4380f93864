/*
 * family: what the tables say, as data: families, labels, values.
 *
 * Context  any; the names of values are given in the parent.
 */
#ifndef METRICS_FAMILY_H
#define METRICS_FAMILY_H

#include <stddef.h>
#include <stdint.h>

#include "metrics/metrics.h"
#include "metrics/native.h"

#define FAMILY_LABELS_MAX 3
/* What lists.h can make of the bounds of a histogram, +Inf and the sum. */
#define FAMILY_WIDTH_MAX 64

enum family_kind {
	FAMILY_counter,
	FAMILY_gauge,
	FAMILY_gauge_sum,
	FAMILY_histogram,
	FAMILY_summary,
	FAMILY_info,
	FAMILY_alias
};

/* (a, b): a product, a count. */
#define FAMILY_TIMES(label) *(size_t)METRICS_VALUES_##label
#define FAMILY_PRODUCT(...) ((size_t)1 LISTS_EACH(FAMILY_TIMES, __VA_ARGS__))
#define FAMILY_ONE_MORE(item) +1
#define FAMILY_COUNT(...) ((size_t)0 LISTS_EACH(FAMILY_ONE_MORE, __VA_ARGS__))

/* Cells and exemplars of one series: see struct family. */
#define FAMILY_WIDTH_counter 1
#define FAMILY_WIDTH_gauge 1
#define FAMILY_WIDTH_gauge_sum 1
#define FAMILY_WIDTH_summary 2
#define FAMILY_WIDTH_histogram 2
#define FAMILY_TRACED_plain 0
#define FAMILY_TRACED_traced 1
#define FAMILY_WIDTH(kind, bounds) (FAMILY_WIDTH_##kind + FAMILY_COUNT bounds)
#define FAMILY_TRACED(tracing, bounds) \
	(FAMILY_TRACED_##tracing * (1 + FAMILY_COUNT bounds))

/* Whether it is a native histogram too: if it counts nanoseconds. A table of
 * units need not have any: of `seconds` alone the second word becomes 1. */
#define FAMILY_TIME_seconds , 1
#define FAMILY_SECOND(first, second, ...) second
#define FAMILY_SECOND_OF(...) FAMILY_SECOND(__VA_ARGS__)
#define FAMILY_NATIVE(kind, unit)                              \
	(FAMILY_##kind == FAMILY_histogram &&                  \
	    FAMILY_SECOND_OF(FAMILY_TIME_##unit, 0, 0) != 0 && \
	    METRICS_SCALE_##unit == NATIVE_SCALE)

/* Where a family's series, cells, native series and exemplars begin is where a
 * member of its size would begin. */
struct family_series {
#define METRIC(kind, tracing, name, labels, unit, bounds, help) \
	char name[FAMILY_PRODUCT labels];
#include "metrics/eachmetric.h"
};
struct family_cells {
#define METRIC(kind, tracing, name, labels, unit, bounds, help) \
	char name[FAMILY_PRODUCT labels * FAMILY_WIDTH(kind, bounds)];
#include "metrics/eachmetric.h"
};
struct family_natives {
#define METRIC(kind, tracing, name, labels, unit, bounds, help) \
	char name[FAMILY_PRODUCT labels * FAMILY_NATIVE(kind, unit)];
#include "metrics/eachmetric.h"
};
struct family_exemplars {
#define METRIC(kind, tracing, name, labels, unit, bounds, help) \
	char name[FAMILY_PRODUCT labels * FAMILY_TRACED(tracing, bounds)];
#include "metrics/eachmetric.h"
};
#define FAMILY_SERIES sizeof(struct family_series)
#define FAMILY_CELLS sizeof(struct family_cells)
#define FAMILY_NATIVES sizeof(struct family_natives)
#define FAMILY_EXEMPLARS sizeof(struct family_exemplars)

/* Every label that a family may have. */
enum family_label {
	FAMILY_LABEL_none, /* ends a list */
#define END(set) FAMILY_LABEL_##set,
#define RUNTIME(set, most) FAMILY_LABEL_##set,
#define LABEL(label, set) FAMILY_LABEL_##label,
#define LABEL_PAIR(label, set, second) FAMILY_LABEL_##label,
#include "metrics/eachlabel.h"
	FAMILY_LABEL_MAX
};

struct family_label_info {
	const char *name;
	enum metrics_set set;
	const char *second; /* the label of the values' words, or NULL */
};

/*
 * A family's cells lie one after the other in each shard, ${width} a series:
 *	counter, gauges  the value
 *	summary          count, sum
 *	histogram        a count for each bound, one for +Inf, sum
 * Counts of a histogram are not cumulative. A native histogram has the cells of
 * metrics/native.h besides, see metrics/shard.h.
 */
struct family {
	const char *name;
	const char *help;
	enum family_kind kind;
	enum metrics_family same; /* itself; of an alias, the family meant */
	int64_t scale;            /* of values: metrics/units.def */
	enum family_label labels[FAMILY_LABELS_MAX + 1];
	bool is_native;
	size_t first_series;
	size_t nseries;
	size_t first_cell;
	size_t width;
	size_t first_native; /* series, counting from the first of all */
	size_t first_exemplar;
	size_t nexemplars;     /* of a series; of a histogram, one a bucket */
	const int64_t *bounds; /* of a histogram, as cells hold values */
	const char *const *bound_texts; /* as in `le` */
	size_t nbounds;
};

extern const struct family family_table[METRICS_FAMILY_MAX];

static inline const struct family *
family_get(enum metrics_family family)
{
	return (&family_table[family]);
}

const struct family_label_info *family_label_info(enum family_label label);

/* family_is_closed(f): whether its label values are known from the table. */
bool family_is_closed(const struct family *f);

/*
 * family_value(set, value): the text of a value, escaped for a label; NULL
 * for one without a name. family_word(set, value): its word.
 */
const char *family_value(enum metrics_set set, size_t value);
const char *family_word(enum metrics_set set, size_t value);
size_t family_nvalues(enum metrics_set set);

/* The labels and texts of an INFO, or n = 0 before it was described. */
#define FAMILY_TEXTS_MAX 8
struct family_texts {
	size_t n;
	const char *names[FAMILY_TEXTS_MAX];
	char *texts[FAMILY_TEXTS_MAX]; /* escaped */
};
const struct family_texts *family_texts(enum metrics_family family);

#endif
