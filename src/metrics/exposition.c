/*
 * exposition: a scrape as text.
 * Source: Prometheus documentation, "Exposition formats", text format 0.0.4;
 * OpenMetrics 1.0.
 */
#include <string.h>

#include "metrics/family.h"
#include "metrics/metrics.h"
#include "metrics/page.h"
#include "metrics/process.h"
#include "metrics/shard.h"
#include "metrics/snapshot.h"

#define NS_SCALE 1000000000

static bool with_created;

struct exposition {
	struct metrics_page *page;
	bool is_openmetrics;
	struct snapshot snapshot;
};

/* One series: its family, the name it goes by, its labels' values. */
struct series {
	const struct family *f;
	const char *name;
	size_t number;
	size_t values[FAMILY_LABELS_MAX];
};

void
metrics_expose_created(bool expose)
{
	with_created = expose;
}

const char *
metrics_content_type(enum metrics_format format)
{
	if (format == METRICS_FORMAT_OPENMETRICS)
		return ("application/openmetrics-text; version=1.0.0; "
			"charset=utf-8");
	return ("text/plain; version=0.0.4; charset=utf-8");
}

static bool
ends_with(const char *name, size_t length, const char *end)
{
	size_t n = strlen(end);

	return (length > n && memcmp(name + length - n, end, n) == 0);
}

/* The length of the family's name: OpenMetrics' `x` has the sample `x_total`.
 */
static size_t
name_length(const struct exposition *e, const char *name)
{
	size_t length = strlen(name);

	if (!e->is_openmetrics)
		return (length);
	if (ends_with(name, length, "_total"))
		return (length - strlen("_total"));
	if (ends_with(name, length, "_info"))
		return (length - strlen("_info"));
	return (length);
}

static void
put_meta(
    struct exposition *e, const char *what, const char *name, const char *text)
{
	page_puts(e->page, what);
	page_put(e->page, name, name_length(e, name));
	page_putc(e->page, ' ');
	page_put_escaped(e->page, text, e->is_openmetrics);
	page_putc(e->page, '\n');
}

/* What comes before the samples of a family. */
static void
put_head(struct exposition *e, const char *name, enum family_kind kind,
    const char *help)
{
	static const char *const types[] = {
		[FAMILY_counter] = "counter",
		[FAMILY_gauge] = "gauge",
		[FAMILY_gauge_sum] = "gauge",
		[FAMILY_histogram] = "histogram",
		[FAMILY_summary] = "summary",
		[FAMILY_info] = "info",
	};
	size_t length = name_length(e, name);

	put_meta(e, "# HELP ", name, help);
	if (!e->is_openmetrics) {
		put_meta(e, "# TYPE ", name,
		    kind == FAMILY_info ? "gauge" : types[kind]);
		return;
	}
	put_meta(e, "# TYPE ", name, types[kind]);
	if (ends_with(name, length, "_seconds"))
		put_meta(e, "# UNIT ", name, "seconds");
	if (ends_with(name, length, "_bytes"))
		put_meta(e, "# UNIT ", name, "bytes");
}

static void
put_value(struct exposition *e, int64_t value, int64_t scale)
{
	page_putc(e->page, ' ');
	page_put_decimal(e->page, value, scale);
}

/* False if a value has no text: nobody named it. */
static bool
find_values(struct series *s)
{
	size_t n = 0, number = s->number;

	while (s->f->labels[n] != FAMILY_LABEL_none)
		n++;
	while (n-- > 0) {
		enum metrics_set set = family_label_info(s->f->labels[n])->set;

		s->values[n] = number % family_nvalues(set);
		number /= family_nvalues(set);
		if (family_value(set, s->values[n]) == NULL)
			return (false);
	}
	return (true);
}

/* `{name="` or `,name="`. */
static void
begin_label(struct metrics_page *page, char *before, const char *name)
{
	page_putc(page, *before);
	*before = ',';
	page_puts(page, name);
	page_put(page, "=\"", 2);
}

/* A label whose text is escaped already. */
static void
put_label(
    struct metrics_page *page, char *before, const char *name, const char *text)
{
	begin_label(page, before, name);
	page_puts(page, text);
	page_putc(page, '"');
}

/* The label `le`; returns where its text stands in the page. */
static size_t
put_le(struct metrics_page *page, char *before, const char *text)
{
	put_label(page, before, "le", text);
	return (page->length - strlen(text) - 1);
}

/* Labels in alphabetical order, ${le} (NULL for none) among them; returns
 * where the text of ${le} stands in the page. */
static size_t
put_labels(struct metrics_page *page, const struct series *s, const char *le)
{
	char before = '{';
	size_t at = 0, i;

	for (i = 0; s->f->labels[i] != FAMILY_LABEL_none; i++) {
		const struct family_label_info *label =
		    family_label_info(s->f->labels[i]);

		if (le != NULL && strcmp("le", label->name) < 0) {
			at = put_le(page, &before, le);
			le = NULL;
		}
		if (label->second != NULL)
			put_label(page, &before, label->second,
			    family_word(label->set, s->values[i]));
		put_label(page, &before, label->name,
		    family_value(label->set, s->values[i]));
	}
	if (le != NULL)
		at = put_le(page, &before, le);
	if (before == ',')
		page_putc(page, '}');
	return (at);
}

/* An exemplar's label, if it has that one. */
static void
put_id(
    struct metrics_page *page, char *before, const char *name, const char *text)
{
	if (*text == '\0')
		return;
	begin_label(page, before, name);
	page_put_escaped(page, text, true);
	page_putc(page, '"');
}

/* ` # {trace_id="...",request_id="..."} value seconds`, where there is one. */
static void
put_exemplar(struct exposition *e, const struct series *s, size_t bucket)
{
	struct exemplar exemplar;
	char before = '{';

	if (!e->is_openmetrics ||
	    !snapshot_exemplar(s->f, s->number, bucket, &exemplar))
		return;
	page_put(e->page, " # ", 3);
	put_id(e->page, &before, "trace_id", exemplar.trace_id);
	put_id(e->page, &before, "request_id", exemplar.request_id);
	page_puts(e->page, before == '{' ? "{}" : "}");
	put_value(e, exemplar.value, s->f->scale);
	put_value(e, exemplar.time_ns, NS_SCALE);
}

static void
put_sample(struct exposition *e, const struct series *s, const char *suffix,
    int64_t value, int64_t scale)
{
	page_puts(e->page, s->name);
	page_puts(e->page, suffix);
	(void)put_labels(e->page, s, NULL);
	put_value(e, value, scale);
}

/* When a series began: all began with the memory. */
static void
put_created(struct exposition *e, const struct series *s)
{
	if (!with_created || !e->is_openmetrics)
		return;
	page_put(e->page, s->name, name_length(e, s->name));
	page_puts(e->page, "_created");
	(void)put_labels(e->page, s, NULL);
	put_value(e, shard_opened_ns(), NS_SCALE);
	page_putc(e->page, '\n');
}

static const char *
bound_text(const struct family *f, size_t bucket)
{
	return (bucket < f->nbounds ? f->bound_texts[bucket] : "+Inf");
}

/* Returns the count. Buckets differ in `le` and value only: what stands around
 * the first bound is repeated around the others. */
static int64_t
put_buckets(struct exposition *e, const struct series *s, const int64_t *cells)
{
	struct metrics_page *page = e->page;
	size_t begin = page->length, bound, rest, end, bucket;
	int64_t count = 0;

	page_puts(page, s->name);
	page_puts(page, "_bucket");
	bound = put_labels(page, s, bound_text(s->f, 0));
	rest = bound + strlen(bound_text(s->f, 0));
	end = page->length;
	for (bucket = 0; bucket <= s->f->nbounds; bucket++) {
		if (bucket > 0) {
			page_repeat(page, begin, bound - begin);
			page_puts(page, bound_text(s->f, bucket));
			page_repeat(page, rest, end - rest);
		}
		count += cells[bucket];
		put_value(e, count, 1);
		put_exemplar(e, s, bucket);
		page_putc(page, '\n');
	}
	return (count);
}

/* The count is what the buckets add up to, so that they always agree. */
static void
put_distribution(
    struct exposition *e, const struct series *s, const int64_t *cells)
{
	int64_t count = cells[0];

	if (s->f->kind == FAMILY_histogram)
		count = put_buckets(e, s, cells);
	put_sample(e, s, "_count", count, 1);
	page_putc(e->page, '\n');
	put_sample(e, s, "_sum", cells[s->f->width - 1], s->f->scale);
	page_putc(e->page, '\n');
}

static void
put_series(struct exposition *e, const char *name, const struct family *f,
    size_t number)
{
	struct series s = { .f = f, .name = name, .number = number };
	int64_t cells[FAMILY_WIDTH_MAX];

	if (!find_values(&s))
		return;
	snapshot_cells(&e->snapshot, f, number, cells);
	if (f->kind == FAMILY_histogram || f->kind == FAMILY_summary) {
		put_distribution(e, &s, cells);
	} else {
		put_sample(e, &s, "", cells[0], f->scale);
		put_exemplar(e, &s, 0);
		page_putc(e->page, '\n');
	}
	if (f->kind != FAMILY_gauge && f->kind != FAMILY_gauge_sum)
		put_created(e, &s);
}

static void
put_info(struct exposition *e, enum metrics_family family)
{
	const struct family_texts *info = family_texts(family);
	char before = '{';
	size_t i;

	if (info->n == 0)
		return;
	page_puts(e->page, family_get(family)->name);
	for (i = 0; i < info->n; i++)
		put_label(e->page, &before, info->names[i], info->texts[i]);
	page_puts(e->page, "} 1\n");
}

static void
put_family(struct exposition *e, enum metrics_family family)
{
	const struct family *named = family_get(family);
	const struct family *f = family_get(named->same);
	const struct snapshot *snapshot = &e->snapshot;
	size_t series;

	put_head(e, named->name, f->kind, named->help);
	if (f->kind == FAMILY_info) {
		put_info(e, family);
		return;
	}
	for (series = snapshot_next(snapshot, f, 0); series < f->nseries;
	     series = snapshot_next(snapshot, f, series + 1))
		put_series(e, named->name, f, series);
}

static void
put_process(struct exposition *e)
{
	struct process_sample samples[PROCESS_SAMPLES];
	size_t n = process_measure(samples), i;

	for (i = 0; i < n; i++) {
		put_head(e, samples[i].name, samples[i].kind, samples[i].help);
		page_puts(e->page, samples[i].name);
		put_value(e, samples[i].value, samples[i].scale);
		page_putc(e->page, '\n');
	}
}

void
metrics_render(struct metrics_page *page, enum metrics_format format)
{
	struct exposition e = { .page = page,
		.is_openmetrics = format == METRICS_FORMAT_OPENMETRICS };
	int i;

	page->length = 0;
	if (shard_count() != 0) {
		put_process(&e);
		snapshot_begin(&e.snapshot);
		for (i = 0; i < METRICS_FAMILY_MAX; i++)
			put_family(&e, (enum metrics_family)i);
	}
	if (e.is_openmetrics)
		page_puts(page, "# EOF\n");
}
