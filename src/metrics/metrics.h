/*
 * metrics: counters, gauges and histograms in memory that processes share.
 *
 * The tables metrics/metrics.def and metrics/labels.def declare every metric;
 * each row becomes storage, exposition and typed functions, so that a
 * misspelt metric or a label of another set does not compile:
 *
 *	metrics_inc_chores_created_total(LABEL_mode_single);
 *	metrics_observe_http_request_duration_seconds(handler, method, 0.004);
 *
 * COUNTER    metrics_inc_NAME(labels)          one more
 *            metrics_add_NAME(labels, value)   negative values are dropped
 * GAUGE      metrics_set_NAME(labels, value)   for the whole installation
 * GAUGE_SUM  metrics_up_NAME(labels)           this writer's share of the sum
 *            metrics_down_NAME(labels)
 *            metrics_hold_NAME(labels, value)  the share itself
 * HISTOGRAM, SUMMARY
 *            metrics_observe_NAME(labels, value)
 * COUNTER_TRACED
 *            metrics_inc_NAME(labels, exemplar)
 * HISTOGRAM_TRACED
 *            metrics_observe_NAME(labels, value, exemplar)
 * INFO       metrics_describe_NAME(texts)      context parent
 * all        metrics_expect_NAME(labels)       expose the series from 0 on
 *
 * Writing takes nanoseconds, allocates nothing, locks nothing and cannot
 * fail; a label outside its set is dropped. Context any, also threads.
 *
 * Each writer (a worker, or a thread of one) has a shard of its own, in
 * memory that the parent made before the fork: what a worker counted stays
 * when it is killed. A scrape adds the shards up. Who has no slot writes to
 * slot 0, which is slower and keeps no exemplars.
 *
 * A HISTOGRAM of the unit `seconds`, if cells count nanoseconds, is a native
 * histogram too, with the buckets of metrics/native.h; protobuf shows both
 * kinds, the texts its own bounds.
 *
 * Families whose label sets are all closed are exposed from zero; those with
 * a runtime set (routes, statements) show a series once it was seen or
 * expected; a GAUGE is exposed once it has been set.
 */
#ifndef METRICS_METRICS_H
#define METRICS_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "metrics/lists.h"

#define METRICS_MUST_CHECK __attribute__((warn_unused_result))

/* enum metrics_<set>: the values of a set, LABEL_<set>_<name>. */
#define SET(set)           \
	enum metrics_##set \
	{
#define VALUE(set, name, ...) LABEL_##set##_##name,
#define END(set)          \
	LABEL_##set##_MAX \
	}                 \
	;
#define RUNTIME(set, most) enum metrics_##set{ LABEL_##set##_MAX = most };
#include "metrics/eachlabel.h"

/* METRICS_SET_<set>: the sets themselves. */
enum metrics_set {
#define SET(set) METRICS_SET_##set,
#define RUNTIME(set, most) METRICS_SET_##set,
#include "metrics/eachlabel.h"
	METRICS_SET_MAX
};

/* Of a label: the type of its values, and how many there are. */
#define METRICS_LABEL_TYPE(label, set)                    \
	typedef enum metrics_##set metrics_label_##label; \
	enum { METRICS_VALUES_##label = LABEL_##set##_MAX };
#define END(set) METRICS_LABEL_TYPE(set, set)
#define RUNTIME(set, most) METRICS_LABEL_TYPE(set, set)
#define LABEL(label, set) METRICS_LABEL_TYPE(label, set)
#define LABEL_PAIR(label, set, second) METRICS_LABEL_TYPE(label, set)
#include "metrics/eachlabel.h"

/* METRICS_FAMILY_<name>, in the order of a scrape. */
enum metrics_family {
#define METRIC(kind, tracing, name, labels, unit, bounds, help) \
	METRICS_FAMILY_##name,
#define INFO(name, labels, help) METRICS_FAMILY_##name,
#define ALIAS(name, family, help) METRICS_FAMILY_##name,
#include "metrics/eachmetric.h"
	METRICS_FAMILY_MAX
};

/* From the plainest to the one that says most. */
enum metrics_format {
	METRICS_FORMAT_TEXT,
	METRICS_FORMAT_OPENMETRICS,
	METRICS_FORMAT_PROTOBUF,
	METRICS_FORMAT_MAX
};

/*
 * An exemplar: the request behind an observation, as an operator finds it in
 * traces and logs. Either may be NULL; what is longer is cut. Copied. UTF-8.
 * Plain text shows no exemplars, the other formats the newest of each bucket
 * or counter.
 * The lengths fit into the 128 characters that OpenMetrics 1.0 allows.
 */
#define METRICS_TRACE_ID_MAX 32
#define METRICS_REQUEST_ID_MAX 64
struct metrics_exemplar {
	const char *trace_id;
	const char *request_id;
};

/*
 * metrics_open(nwriters): make the memory for ${nwriters} writers, slots 0 to
 * nwriters - 1. Slot 0 belongs to the parent and to whoever has not attached.
 *
 * Context  parent, once, before the fork.
 * Returns  0, or -1 with errno set and nothing counted from then on: no memory,
 *          or (EINVAL) no writer or more than 16384.
 */
int metrics_open(size_t nwriters) METRICS_MUST_CHECK;

/*
 * metrics_enable(enabled): with false, nothing is counted and metrics_open()
 * need not be called. Context parent, before the fork; true at first.
 */
void metrics_enable(bool enabled);

/*
 * metrics_attach(slot): the calling thread writes to ${slot} from now on and
 * is its only writer. What a dead predecessor counted stays; its shares of
 * gauges vanish. A slot that does not exist leaves the thread where it was.
 *
 * Context  any; the first thing a worker or thread does.
 */
void metrics_attach(size_t slot);

/*
 * metrics_begin(), metrics_end(): what the calling thread counts in between
 * is counted at once: a scrape shows all of it or nothing, whoever dies. That
 * holds for counters, histograms, summaries and shares that go up and down,
 * 16 cells in all (an observation is two, of a native histogram three), of an
 * attached thread. Both are as cheap as counting; between them nothing else is
 * to be done, since a scrape shows a batch when it has ended.
 *
 * Context  any.
 */
void metrics_begin(void);
void metrics_end(void);

/*
 * metrics_name_values(set, names, n): the texts of a runtime set; value i of
 * ${set} is shown as ${names[i]}. Copied.
 *
 * Context  parent, before the fork.
 * Returns  0, or -1 if the set is closed or holds fewer than ${n} values.
 */
int metrics_name_values(enum metrics_set set, const char *const *names,
    size_t n) METRICS_MUST_CHECK;

/*
 * metrics_find_value(set, text): the value shown as ${text}; failing that (or
 * with NULL) the value `other`, failing that one that every writer drops. There
 * are typed versions: metrics_find_<set>(text), metrics_find_number_<set>(number).
 *
 * Context  any.
 */
size_t metrics_find_value(enum metrics_set set, const char *text);
size_t metrics_find_number(enum metrics_set set, unsigned number);

/*
 * A scrape: ${length} bytes, no NUL behind them. Zeroed before first use; memory
 * is kept from one scrape to the next. metrics_page_free() gives it back.
 */
struct metrics_page {
	char *data;
	size_t length;
	size_t capacity;
	struct snapshot *snapshot; /* the scrape's own */
};

void metrics_page_free(struct metrics_page *page);

/*
 * metrics_render(page, format): replace what is in ${page} by a scrape.
 *
 * Reads memory, and /proc if metrics_process_open() was called. Every counter
 * is at least what the scrape before said, a histogram's count is the sum of
 * its buckets, and of what was counted between metrics_begin() and
 * metrics_end() all shows or nothing, however many writers are at work.
 *
 * Context  any thread; one page belongs to one thread at a time.
 */
void metrics_render(struct metrics_page *page, enum metrics_format format);

/* metrics_content_type(format): the scrape's Content-Type. */
const char *metrics_content_type(enum metrics_format format);

/*
 * metrics_negotiate(accept): the format that a scraper with this Accept
 * header (NULL if it sent none) likes best; of those it likes equally, the one
 * that says most; plain text if it likes none. The others are only for those
 * who name them.
 * Source: RFC 9110, 12.5.1; Prometheus documentation, "Exposition formats" and
 * "Content negotiation".
 */
enum metrics_format metrics_negotiate(const char *accept);

/*
 * metrics_accepts_gzip(accept_encoding): whether a scraper with this
 * Accept-Encoding header (NULL if it sent none) takes a compressed scrape.
 * Source: RFC 9110, 12.5.3.
 */
bool metrics_accepts_gzip(const char *accept_encoding);

/*
 * metrics_expose_created(expose): say when the counting began, in _created
 * samples of OpenMetrics and created timestamps of protobuf. Off at first.
 * Context parent, before the fork.
 */
void metrics_expose_created(bool expose);

/*
 * metrics_process_open(): expose the process_* families. Keeps /proc open, so
 * that they go on working in a chroot.
 *
 * Context  parent, before the fork and before privileges are dropped.
 * Returns  0, or -1 with errno set and these families absent.
 */
int metrics_process_open(void) METRICS_MUST_CHECK;

/*
 * metrics_process_sample(): measure what only the process itself can see, its
 * open descriptors. Every process that attaches, about once a second.
 */
void metrics_process_sample(void);

/*
 * metrics_process_watch(pid): count a process that never attaches, such as
 * Kore's key manager. Context any; forgets what died.
 */
void metrics_process_watch(int pid);

/*
 * What the typed functions are made of.
 */
void metrics_cell_add(enum metrics_family family, size_t series, int64_t value);
void metrics_cell_set(enum metrics_family family, size_t series, int64_t value);
void metrics_cell_move(
    enum metrics_family family, size_t series, int64_t difference);
void metrics_cell_hold(
    enum metrics_family family, size_t series, int64_t value);
void metrics_cell_observe(
    enum metrics_family family, size_t series, int64_t value);
void metrics_cell_add_traced(enum metrics_family family, size_t series,
    int64_t value, const struct metrics_exemplar *exemplar);
void metrics_cell_observe_traced(enum metrics_family family, size_t series,
    int64_t value, const struct metrics_exemplar *exemplar);
void metrics_cell_expect(enum metrics_family family, size_t series);
void metrics_describe(enum metrics_family family, size_t n,
    const char *const *names, const char *const *texts);

/* NaN and what no cell can hold count as nothing. */
static inline int64_t
metrics_scale(double value, int64_t scale)
{
	double scaled = value * (double)scale;

	if (!(scaled > -9e18 && scaled < 9e18))
		return (0);
	return ((int64_t)(scaled + (scaled < 0 ? -0.5 : 0.5)));
}

/* metrics_cell_of_<unit>(value): a value as its cell holds it. */
#define UNIT(unit, type, scale)                                             \
	typedef type metrics_value_##unit;                                  \
	enum { METRICS_SCALE_##unit = scale };                              \
	static inline int64_t metrics_cell_of_##unit(type value)            \
	{                                                                   \
		return (                                                    \
		    _Generic(value, double                                  \
			     : metrics_scale((double)value, scale), default \
			     : (int64_t)value));                            \
	}
#ifndef METRICS_UNITS
#define METRICS_UNITS "metrics/units.def"
#endif
#include METRICS_UNITS
#undef UNIT

/* The series of one more label; SIZE_MAX stays what no family has. */
static inline size_t
metrics_series(size_t series, size_t value, size_t nvalues)
{
	if (value >= nvalues || series == SIZE_MAX)
		return (SIZE_MAX);
	return (series * nvalues + value);
}

/* (a, b): `type a, type b, ` as parameters, and the series they choose. */
#define METRICS_PARAMETER(label) metrics_label_##label label,
#define METRICS_PARAMETERS(...) LISTS_EACH(METRICS_PARAMETER, __VA_ARGS__)
#define METRICS_CHOOSE(label) \
	series =              \
	    metrics_series(series, (size_t)(label), METRICS_VALUES_##label);
#define METRICS_SERIES(...) \
	size_t series = 0;  \
	LISTS_EACH(METRICS_CHOOSE, __VA_ARGS__)

/* The same without a trailing comma: `type a, type b`, or `void`. */
#define METRICS_ALONE(...) METRICS_ALONE_##__VA_OPT__(SOME)(__VA_ARGS__)
#define METRICS_ALONE_() void
#define METRICS_ALONE_SOME(first, ...) \
	metrics_label_##first first LISTS_EACH(METRICS_ALONE_MORE, __VA_ARGS__)
#define METRICS_ALONE_MORE(label) , metrics_label_##label label

#define METRICS_WITH_VALUE(verb, name, labels, unit, write)                \
	static inline void metrics_##verb##_##name(                        \
	    METRICS_PARAMETERS labels metrics_value_##unit value)          \
	{                                                                  \
		METRICS_SERIES labels write(METRICS_FAMILY_##name, series, \
		    metrics_cell_of_##unit(value));                        \
	}
#define METRICS_WITHOUT_VALUE(verb, name, labels, write, ...)                  \
	static inline void metrics_##verb##_##name(METRICS_ALONE labels)       \
	{                                                                      \
		METRICS_SERIES labels write(                                   \
		    METRICS_FAMILY_##name, series __VA_OPT__(, ) __VA_ARGS__); \
	}

/* The same with an exemplar, or NULL, behind the value. */
#define METRICS_TRACED_VALUE(verb, name, labels, unit, write)              \
	static inline void metrics_##verb##_##name(                        \
	    METRICS_PARAMETERS labels metrics_value_##unit value,          \
	    const struct metrics_exemplar *exemplar)                       \
	{                                                                  \
		METRICS_SERIES labels write(METRICS_FAMILY_##name, series, \
		    metrics_cell_of_##unit(value), exemplar);              \
	}
#define METRICS_TRACED_STEP(verb, name, labels, write, step)                   \
	static inline void metrics_##verb##_##name(                            \
	    METRICS_PARAMETERS labels const struct metrics_exemplar *exemplar) \
	{                                                                      \
		METRICS_SERIES labels write(                                   \
		    METRICS_FAMILY_##name, series, step, exemplar);            \
	}

#define METRICS_OF_counter_plain(name, labels, unit)                   \
	METRICS_WITHOUT_VALUE(                                         \
	    inc, name, labels, metrics_cell_add, METRICS_SCALE_##unit) \
	METRICS_WITH_VALUE(add, name, labels, unit, metrics_cell_add)
#define METRICS_OF_counter_traced(name, labels, unit) \
	METRICS_TRACED_STEP(                          \
	    inc, name, labels, metrics_cell_add_traced, METRICS_SCALE_##unit)
#define METRICS_OF_gauge_plain(name, labels, unit) \
	METRICS_WITH_VALUE(set, name, labels, unit, metrics_cell_set)
#define METRICS_OF_gauge_sum_plain(name, labels, unit)                    \
	METRICS_WITHOUT_VALUE(                                            \
	    up, name, labels, metrics_cell_move, METRICS_SCALE_##unit)    \
	METRICS_WITHOUT_VALUE(                                            \
	    down, name, labels, metrics_cell_move, -METRICS_SCALE_##unit) \
	METRICS_WITH_VALUE(hold, name, labels, unit, metrics_cell_hold)
#define METRICS_OF_histogram_plain(name, labels, unit) \
	METRICS_WITH_VALUE(observe, name, labels, unit, metrics_cell_observe)
#define METRICS_OF_histogram_traced(name, labels, unit) \
	METRICS_TRACED_VALUE(                           \
	    observe, name, labels, unit, metrics_cell_observe_traced)
#define METRICS_OF_summary_plain(name, labels, unit) \
	METRICS_OF_histogram_plain(name, labels, unit)

#define METRICS_TEXT_NAME(label) #label,
#define METRICS_TEXT(label) label,
#define METRICS_TEXT_PARAMETERS(first, ...) \
	const char *first LISTS_EACH(METRICS_TEXT_MORE, __VA_ARGS__)
#define METRICS_TEXT_MORE(label) , const char *label
#define METRICS_TEXT_NAMES(...)                            \
	{                                                  \
		LISTS_EACH(METRICS_TEXT_NAME, __VA_ARGS__) \
	}
#define METRICS_TEXTS(...)                            \
	{                                             \
		LISTS_EACH(METRICS_TEXT, __VA_ARGS__) \
	}

#define METRIC(kind, tracing, name, labels, unit, bounds, help) \
	METRICS_OF_##kind##_##tracing(name, labels, unit)       \
	    METRICS_WITHOUT_VALUE(expect, name, labels, metrics_cell_expect)
#define INFO(name, labels, help)                                       \
	static inline void metrics_describe_##name(                    \
	    METRICS_TEXT_PARAMETERS labels)                            \
	{                                                              \
		const char *const names[] = METRICS_TEXT_NAMES labels; \
		const char *const texts[] = METRICS_TEXTS labels;      \
		metrics_describe(METRICS_FAMILY_##name,                \
		    sizeof(names) / sizeof(names[0]), names, texts);   \
	}
#include "metrics/eachmetric.h"

#define METRICS_FIND(set)                                                     \
	static inline enum metrics_##set metrics_find_##set(const char *text) \
	{                                                                     \
		return ((enum metrics_##set)metrics_find_value(               \
		    METRICS_SET_##set, text));                                \
	}                                                                     \
	static inline enum metrics_##set metrics_find_number_##set(           \
	    unsigned number)                                                  \
	{                                                                     \
		return ((enum metrics_##set)metrics_find_number(              \
		    METRICS_SET_##set, number));                              \
	}
#define END(set) METRICS_FIND(set)
#define RUNTIME(set, most) METRICS_FIND(set)
#include "metrics/eachlabel.h"

#endif
