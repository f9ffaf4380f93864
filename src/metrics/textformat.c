/*
 * textformat: a scrape as text.
 * Source: Prometheus documentation, "Exposition formats", text format 0.0.4;
 * OpenMetrics 1.0.
 */
#include "metrics/exposition.h"

#include <string.h>

static bool
is_openmetrics(const struct exposition *e)
{
	return (e->format == METRICS_FORMAT_OPENMETRICS);
}

/* The length of the family's name: OpenMetrics' `x` has the sample `x_total`.
 */
static size_t
name_length(const struct exposition *e, const char *name)
{
	return (
	    is_openmetrics(e) ? exposition_base_length(name) : strlen(name));
}

static void
put_meta(
    struct exposition *e, const char *what, const char *name, const char *text)
{
	page_puts(e->page, what);
	page_put(e->page, name, name_length(e, name));
	page_putc(e->page, ' ');
	page_put_escaped(e->page, text, is_openmetrics(e));
	page_putc(e->page, '\n');
}

/* What comes before the samples of a family. */
static void
begin_family(struct exposition *e, const char *name, enum family_kind kind,
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
	const char *unit = exposition_unit(name);

	put_meta(e, "# HELP ", name, help);
	if (!is_openmetrics(e) && kind == FAMILY_info)
		kind = FAMILY_gauge;
	put_meta(e, "# TYPE ", name, types[kind]);
	if (is_openmetrics(e) && unit != NULL)
		put_meta(e, "# UNIT ", name, unit);
}

static void
put_value(struct exposition *e, int64_t value, int64_t scale)
{
	page_putc(e->page, ' ');
	page_put_decimal(e->page, value, scale);
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

	if (!is_openmetrics(e) ||
	    !snapshot_exemplar(s->f, s->number, bucket, &exemplar))
		return;
	page_put(e->page, " # ", 3);
	put_id(e->page, &before, "trace_id", exemplar.trace_id);
	put_id(e->page, &before, "request_id", exemplar.request_id);
	page_puts(e->page, before == '{' ? "{}" : "}");
	put_value(e, exemplar.value, s->f->scale);
	put_value(e, exemplar.time_ns, EXPOSITION_NS_PER_S);
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

static void
put_created(struct exposition *e, const struct series *s)
{
	if (s->created_ns == 0 || !is_openmetrics(e))
		return;
	page_put(e->page, s->name, name_length(e, s->name));
	page_puts(e->page, "_created");
	(void)put_labels(e->page, s, NULL);
	put_value(e, s->created_ns, EXPOSITION_NS_PER_S);
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
put_buckets(struct exposition *e, const struct series *s)
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
		count += s->cells[bucket];
		put_value(e, count, 1);
		put_exemplar(e, s, bucket);
		page_putc(page, '\n');
	}
	return (count);
}

/* The count is what the buckets add up to, so that they always agree. */
static void
put_distribution(struct exposition *e, const struct series *s)
{
	int64_t count = s->cells[0];

	if (s->f->kind == FAMILY_histogram)
		count = put_buckets(e, s);
	put_sample(e, s, "_count", count, 1);
	page_putc(e->page, '\n');
	put_sample(e, s, "_sum", s->cells[s->f->width - 1], s->f->scale);
	page_putc(e->page, '\n');
}

static void
put_series(struct exposition *e, const struct series *s)
{
	if (s->f->kind == FAMILY_histogram || s->f->kind == FAMILY_summary) {
		put_distribution(e, s);
	} else {
		put_sample(e, s, "", s->cells[0], s->f->scale);
		put_exemplar(e, s, 0);
		page_putc(e->page, '\n');
	}
	put_created(e, s);
}

static void
put_info(
    struct exposition *e, const char *name, const struct family_texts *info)
{
	char before = '{';
	size_t i;

	page_puts(e->page, name);
	for (i = 0; i < info->n; i++)
		put_label(e->page, &before, info->names[i], info->texts[i]);
	page_puts(e->page, "} 1\n");
}

/* The next one's head is end enough. */
static void
end_family(struct exposition *e)
{
	(void)e;
}

static void
end(struct exposition *e)
{
	if (is_openmetrics(e))
		page_puts(e->page, "# EOF\n");
}

#define TEXTFORMAT                                              \
	.begin_family = begin_family, .put_series = put_series, \
	.put_info = put_info, .end_family = end_family, .end = end

const struct exposition_format textformat_plain = {
	.content_type = "text/plain; version=0.0.4; charset=utf-8",
	TEXTFORMAT,
};

const struct exposition_format textformat_openmetrics = {
	.content_type = "application/openmetrics-text; version=1.0.0; "
			"charset=utf-8",
	TEXTFORMAT,
};
