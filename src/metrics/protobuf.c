/*
 * protobuf: a scrape as messages, each behind its length.
 * Source: Prometheus documentation, "Exposition formats" and "Native
 * histograms"; the messages are those of Prometheus' client_model.
 */
#include <float.h>
#include <math.h>

#include "metrics/exposition.h"
#include "metrics/wire.h"

/* The fields that are written: message, name, number. */
enum field {
	MetricFamily_name = 1,
	MetricFamily_help = 2,
	MetricFamily_type = 3,
	MetricFamily_metric = 4,
	MetricFamily_unit = 5,
	Metric_label = 1,
	Metric_gauge = 2,
	Metric_counter = 3,
	Metric_summary = 4,
	Metric_histogram = 7,
	LabelPair_name = 1,
	LabelPair_value = 2,
	Gauge_value = 1,
	Counter_value = 1,
	Counter_exemplar = 2,
	Counter_created_timestamp = 3,
	Summary_sample_count = 1,
	Summary_sample_sum = 2,
	Summary_created_timestamp = 4,
	Histogram_sample_count = 1,
	Histogram_sample_sum = 2,
	Histogram_bucket = 3,
	Histogram_schema = 5,
	Histogram_zero_threshold = 6,
	Histogram_zero_count = 7,
	Histogram_positive_span = 12,
	Histogram_positive_delta = 13,
	Histogram_created_timestamp = 15,
	Bucket_cumulative_count = 1,
	Bucket_upper_bound = 2,
	Bucket_exemplar = 3,
	BucketSpan_offset = 1,
	BucketSpan_length = 2,
	Exemplar_label = 1,
	Exemplar_value = 2,
	Exemplar_timestamp = 3,
	Timestamp_seconds = 1,
	Timestamp_nanos = 2,
};

/* Values of MetricFamily.type. */
enum type {
	COUNTER = 0,
	GAUGE = 1,
	SUMMARY = 2,
	HISTOGRAM = 4,
};

/* Integers below this are doubles too. */
#define EXACT ((int64_t)1 << DBL_MANT_DIG)

/* So many empty buckets are cheaper to write than the end of a span. */
#define GAP_MAX 2
#define SPANS_MAX (NATIVE_BUCKETS / (GAP_MAX + 2) + 1)

/* Buckets that are written together. */
struct span {
	size_t first, end;
};

/* The double that is nearest to ${value} / ${scale}, as who reads the decimals of
 * a text gets it. A large value would be rounded twice, once before it is
 * divided: its quotient gets 64 bits behind the point instead, too many for any
 * scale below 2^32 to look as if it lay between two doubles. */
static double
number(int64_t value, int64_t scale)
{
	unsigned __int128 size, quotient;
	double nearest;

	if (value > -EXACT && value < EXACT)
		return ((double)value / (double)scale);
	size = value < 0 ? -(uint64_t)value : (uint64_t)value;
	quotient = (size << 64) / (uint64_t)scale;
	nearest = (double)quotient * 0x1p-64;
	return (value < 0 ? -nearest : nearest);
}

static void
put_time(struct metrics_page *page, unsigned field, int64_t ns)
{
	size_t message = wire_begin(page, field);

	wire_uint(
	    page, Timestamp_seconds, (uint64_t)(ns / EXPOSITION_NS_PER_S));
	wire_uint(page, Timestamp_nanos, (uint64_t)(ns % EXPOSITION_NS_PER_S));
	wire_end(page, message);
}

static void
put_created(struct metrics_page *page, unsigned field, const struct series *s)
{
	if (s->created_ns != 0)
		put_time(page, field, s->created_ns);
}

/* A label whose text is escaped for the other formats. */
static void
put_label(struct metrics_page *page, const char *name, const char *text)
{
	size_t message = wire_begin(page, Metric_label), value;

	wire_text(page, LabelPair_name, name);
	value = wire_begin(page, LabelPair_value);
	page_put_unescaped(page, text);
	wire_end(page, value);
	wire_end(page, message);
}

static void
put_labels(struct metrics_page *page, const struct series *s)
{
	size_t i;

	for (i = 0; s->f->labels[i] != FAMILY_LABEL_none; i++) {
		const struct family_label_info *label =
		    family_label_info(s->f->labels[i]);

		if (label->second != NULL)
			put_label(page, label->second,
			    family_word(label->set, s->values[i]));
		put_label(
		    page, label->name, family_value(label->set, s->values[i]));
	}
}

/* An exemplar's label, if it has that one. */
static void
put_id(struct metrics_page *page, const char *name, const char *text)
{
	size_t message;

	if (*text == '\0')
		return;
	message = wire_begin(page, Exemplar_label);
	wire_text(page, LabelPair_name, name);
	wire_text(page, LabelPair_value, text);
	wire_end(page, message);
}

static void
put_exemplar(struct metrics_page *page, unsigned field, const struct series *s,
    size_t bucket)
{
	struct exemplar exemplar;
	size_t message;

	if (!snapshot_exemplar(s->f, s->number, bucket, &exemplar))
		return;
	message = wire_begin(page, field);
	put_id(page, "trace_id", exemplar.trace_id);
	put_id(page, "request_id", exemplar.request_id);
	wire_double(page, Exemplar_value, number(exemplar.value, s->f->scale));
	put_time(page, Exemplar_timestamp, exemplar.time_ns);
	wire_end(page, message);
}

static void
put_gauge(struct metrics_page *page, double value)
{
	size_t message = wire_begin(page, Metric_gauge);

	wire_double(page, Gauge_value, value);
	wire_end(page, message);
}

static void
put_counter(struct metrics_page *page, const struct series *s)
{
	size_t message = wire_begin(page, Metric_counter);

	wire_double(page, Counter_value, number(s->cells[0], s->f->scale));
	put_exemplar(page, Counter_exemplar, s, 0);
	put_created(page, Counter_created_timestamp, s);
	wire_end(page, message);
}

static void
put_summary(struct metrics_page *page, const struct series *s)
{
	size_t message = wire_begin(page, Metric_summary);

	wire_uint(page, Summary_sample_count, (uint64_t)s->cells[0]);
	wire_double(page, Summary_sample_sum, number(s->cells[1], s->f->scale));
	put_created(page, Summary_created_timestamp, s);
	wire_end(page, message);
}

/* The count is what the native buckets add up to, so that they always agree;
 * failing them, what the others do. */
static uint64_t
count_of(const struct series *s)
{
	int64_t count = 0;
	size_t i;

	if (s->native != NULL)
		for (i = 0; i < NATIVE_BUCKETS; i++)
			count += s->native->counts[i];
	else
		for (i = 0; i <= s->f->nbounds; i++)
			count += s->cells[i];
	return ((uint64_t)count);
}

static void
put_bucket(struct metrics_page *page, const struct series *s, size_t bucket,
    uint64_t count)
{
	size_t message = wire_begin(page, Histogram_bucket);

	wire_uint(page, Bucket_cumulative_count, count);
	wire_double(page, Bucket_upper_bound,
	    bucket < s->f->nbounds ? number(s->f->bounds[bucket], s->f->scale)
				   : INFINITY);
	put_exemplar(page, Bucket_exemplar, s, bucket);
	wire_end(page, message);
}

static void
put_buckets(struct metrics_page *page, const struct series *s, uint64_t count)
{
	uint64_t below = 0;
	size_t bucket;

	for (bucket = 0; bucket < s->f->nbounds; bucket++) {
		below += (uint64_t)s->cells[bucket];
		put_bucket(page, s, bucket, below);
	}
	put_bucket(page, s, bucket, count);
}

/* Returns how many. */
static size_t
find_spans(const struct snapshot_native *native, struct span spans[SPANS_MAX])
{
	size_t n = 0, bucket;

	for (bucket = snapshot_next_bucket(native, 1); bucket < NATIVE_BUCKETS;
	     bucket = snapshot_next_bucket(native, bucket + 1)) {
		if (n == 0 || bucket - spans[n - 1].end > GAP_MAX)
			spans[n++].first = bucket;
		spans[n - 1].end = bucket + 1;
	}
	return (n);
}

/* Where each begins, seen from the end of the one before. */
static void
put_spans(struct metrics_page *page, const struct span *spans, size_t n)
{
	size_t end = (size_t)NATIVE_ORIGIN, message, i;

	for (i = 0; i < n; i++) {
		message = wire_begin(page, Histogram_positive_span);
		wire_sint(page, BucketSpan_offset,
		    (int64_t)spans[i].first - (int64_t)end);
		wire_uint(
		    page, BucketSpan_length, spans[i].end - spans[i].first);
		wire_end(page, message);
		end = spans[i].end;
	}
}

/* The counts of their buckets, each as its difference to the one before. */
static void
put_deltas(struct metrics_page *page, const struct snapshot_native *native,
    const struct span *spans, size_t n)
{
	size_t list = wire_begin(page, Histogram_positive_delta), bucket, i;
	int64_t before = 0;

	for (i = 0; i < n; i++)
		for (bucket = spans[i].first; bucket < spans[i].end; bucket++) {
			wire_put_sint(page, native->counts[bucket] - before);
			before = native->counts[bucket];
		}
	wire_end(page, list);
}

static void
put_native(struct metrics_page *page, const struct snapshot_native *native)
{
	struct span spans[SPANS_MAX];
	size_t n = find_spans(native, spans);

	wire_sint(page, Histogram_schema, NATIVE_SCHEMA);
	wire_double(page, Histogram_zero_threshold, NATIVE_LEAST_S);
	wire_uint(page, Histogram_zero_count, (uint64_t)native->counts[0]);
	put_spans(page, spans, n);
	put_deltas(page, native, spans, n);
}

static void
put_histogram(struct metrics_page *page, const struct series *s)
{
	size_t message = wire_begin(page, Metric_histogram);
	uint64_t count = count_of(s);

	wire_uint(page, Histogram_sample_count, count);
	wire_double(page, Histogram_sample_sum,
	    number(s->cells[s->f->width - 1], s->f->scale));
	put_buckets(page, s, count);
	if (s->native != NULL)
		put_native(page, s->native);
	put_created(page, Histogram_created_timestamp, s);
	wire_end(page, message);
}

static void
begin_family(struct exposition *e, const char *name, enum family_kind kind,
    const char *help)
{
	static const enum type types[] = {
		[FAMILY_counter] = COUNTER,
		[FAMILY_gauge] = GAUGE,
		[FAMILY_gauge_sum] = GAUGE,
		[FAMILY_histogram] = HISTOGRAM,
		[FAMILY_summary] = SUMMARY,
		[FAMILY_info] = GAUGE,
	};
	const char *unit = exposition_unit(name);

	e->family_at = wire_open(e->page);
	wire_text(e->page, MetricFamily_name, name);
	wire_text(e->page, MetricFamily_help, help);
	wire_uint(e->page, MetricFamily_type, types[kind]);
	if (unit != NULL)
		wire_text(e->page, MetricFamily_unit, unit);
	e->series_at = e->page->length;
}

static void
put_series(struct exposition *e, const struct series *s)
{
	size_t metric = wire_begin(e->page, MetricFamily_metric);

	put_labels(e->page, s);
	switch (s->f->kind) {
	case FAMILY_counter:
		put_counter(e->page, s);
		break;
	case FAMILY_histogram:
		put_histogram(e->page, s);
		break;
	case FAMILY_summary:
		put_summary(e->page, s);
		break;
	default:
		put_gauge(e->page, number(s->cells[0], s->f->scale));
		break;
	}
	wire_end(e->page, metric);
}

static void
put_info(
    struct exposition *e, const char *name, const struct family_texts *info)
{
	size_t metric = wire_begin(e->page, MetricFamily_metric), i;

	(void)name;
	for (i = 0; i < info->n; i++)
		put_label(e->page, info->names[i], info->texts[i]);
	put_gauge(e->page, 1);
	wire_end(e->page, metric);
}

/* One without series would tell readers nothing, and some stumble over it. */
static void
end_family(struct exposition *e)
{
	if (e->page->length == e->series_at)
		e->page->length = e->family_at - 1;
	else
		wire_end(e->page, e->family_at);
}

static void
end(struct exposition *e)
{
	(void)e;
}

const struct exposition_format protobuf_format = {
	.content_type = "application/vnd.google.protobuf; "
			"proto=io.prometheus.client.MetricFamily; "
			"encoding=delimited",
	.has_native = true,
	.begin_family = begin_family,
	.put_series = put_series,
	.put_info = put_info,
	.end_family = end_family,
	.end = end,
};
