#include "metrics/exposition.h"

#include <string.h>

#include "metrics/family.h"
#include "metrics/page.h"
#include "metrics/process.h"
#include "metrics/shard.h"
#include "metrics/snapshot.h"

#define NS_SCALE 1000000000

static bool with_created;

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

/* The length of the family's name in this format. */
static size_t
name_length(const struct exposition *e, const char *name)
{
	size_t length = strlen(name);

	if (e->format != METRICS_FORMAT_OPENMETRICS)
		return (length);
	if (ends_with(name, length, "_total"))
		return (length - strlen("_total"));
	if (ends_with(name, length, "_info"))
		return (length - strlen("_info"));
	return (length);
}

static void
put_meta(const struct exposition *e, const char *what, const char *name,
    const char *text)
{
	bool quotes = e->format == METRICS_FORMAT_OPENMETRICS;

	page_puts(e->page, what);
	page_put(e->page, name, name_length(e, name));
	page_putc(e->page, ' ');
	page_put_escaped(e->page, text, quotes);
	page_putc(e->page, '\n');
}

void
exposition_head(const struct exposition *e, const char *name, const char *type,
    const char *help)
{
	size_t length = name_length(e, name);

	put_meta(e, "# HELP ", name, help);
	if (e->format != METRICS_FORMAT_OPENMETRICS) {
		put_meta(e, "# TYPE ", name,
		    strcmp(type, "info") == 0 ? "gauge" : type);
		return;
	}
	put_meta(e, "# TYPE ", name, type);
	if (ends_with(name, length, "_seconds"))
		put_meta(e, "# UNIT ", name, "seconds");
	if (ends_with(name, length, "_bytes"))
		put_meta(e, "# UNIT ", name, "bytes");
}

static void
put_value(const struct exposition *e, int64_t value, int64_t scale)
{
	page_putc(e->page, ' ');
	page_put_decimal(e->page, value, scale);
	page_putc(e->page, '\n');
}

void
exposition_simple(const struct exposition *e, const char *name,
    const char *type, const char *help, int64_t value, int64_t scale)
{
	exposition_head(e, name, type, help);
	page_puts(e->page, name);
	put_value(e, value, scale);
}

/* One series: its family, the name it goes by, its labels' values. */
struct series {
	const struct family *f;
	const char *name;
	size_t values[FAMILY_LABELS_MAX];
};

/* False if a value has no text: nobody named it. */
static bool
find_values(struct series *s, size_t number)
{
	size_t n = 0;

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

/* `{name="text"` or `,name="text"`. */
static void
put_label(
    struct metrics_page *page, char *before, const char *name, const char *text)
{
	page_putc(page, *before);
	*before = ',';
	page_puts(page, name);
	page_put(page, "=\"", 2);
	page_puts(page, text);
	page_putc(page, '"');
}

/* Labels in alphabetical order, ${le} (NULL for none) among them. */
static void
put_labels(struct metrics_page *page, const struct series *s, const char *le)
{
	char before = '{';
	size_t i;

	for (i = 0; s->f->labels[i] != FAMILY_LABEL_none; i++) {
		const struct family_label_info *label =
		    family_label_info(s->f->labels[i]);

		if (le != NULL && strcmp("le", label->name) < 0) {
			put_label(page, &before, "le", le);
			le = NULL;
		}
		if (label->second != NULL)
			put_label(page, &before, label->second,
			    family_word(label->set, s->values[i]));
		put_label(page, &before, label->name,
		    family_value(label->set, s->values[i]));
	}
	if (le != NULL)
		put_label(page, &before, "le", le);
	if (before == ',')
		page_putc(page, '}');
}

static void
put_sample(const struct exposition *e, const struct series *s,
    const char *suffix, const char *le, int64_t value, int64_t scale)
{
	page_puts(e->page, s->name);
	page_puts(e->page, suffix);
	put_labels(e->page, s, le);
	put_value(e, value, scale);
}

/* When a series began: all began with the memory. */
static void
put_created(const struct exposition *e, const struct series *s)
{
	if (!with_created || e->format != METRICS_FORMAT_OPENMETRICS)
		return;
	page_put(e->page, s->name, name_length(e, s->name));
	page_puts(e->page, "_created");
	put_labels(e->page, s, NULL);
	put_value(e, shard_opened_ns(), NS_SCALE);
}

/* The count is what the buckets add up to, so they always agree. */
static void
put_distribution(
    const struct exposition *e, const struct series *s, const int64_t *cells)
{
	const struct family *f = s->f;
	int64_t count = 0;
	size_t i;

	for (i = 0; i < f->nbounds; i++) {
		count += cells[i];
		put_sample(e, s, "_bucket", f->bound_texts[i], count, 1);
	}
	count += cells[f->nbounds];
	if (f->kind == FAMILY_histogram)
		put_sample(e, s, "_bucket", "+Inf", count, 1);
	put_sample(e, s, "_count", NULL, count, 1);
	put_sample(e, s, "_sum", NULL, cells[f->width - 1], f->scale);
	put_created(e, s);
}

static void
put_series(const struct exposition *e, const char *name,
    const struct snapshot *snapshot, const struct family *f, size_t number)
{
	struct series s = { .f = f, .name = name };
	int64_t cells[SNAPSHOT_CELLS_MAX];

	if (!find_values(&s, number))
		return;
	snapshot_cells(snapshot, f, number, cells);
	if (f->kind == FAMILY_histogram || f->kind == FAMILY_summary) {
		put_distribution(e, &s, cells);
		return;
	}
	put_sample(e, &s, "", NULL, cells[0], f->scale);
	if (f->kind == FAMILY_counter)
		put_created(e, &s);
}

static void
put_info(const struct exposition *e, enum metrics_family family)
{
	const struct family_texts *info = family_texts(family);
	char before = '{';
	size_t i;

	if (info->n == 0)
		return;
	page_puts(e->page, family_get(family)->name);
	for (i = 0; i < info->n; i++)
		put_label(e->page, &before, info->names[i], info->texts[i]);
	page_putc(e->page, '}');
	put_value(e, 1, 1);
}

static void
put_family(const struct exposition *e, const struct snapshot *snapshot,
    enum metrics_family family)
{
	static const char *const types[] = {
		[FAMILY_counter] = "counter",
		[FAMILY_gauge] = "gauge",
		[FAMILY_gauge_sum] = "gauge",
		[FAMILY_histogram] = "histogram",
		[FAMILY_summary] = "summary",
		[FAMILY_info] = "info",
	};
	const struct family *named = family_get(family);
	const struct family *f = family_get(named->same);
	size_t series;

	exposition_head(e, named->name, types[f->kind], named->help);
	if (f->kind == FAMILY_info) {
		put_info(e, family);
		return;
	}
	for (series = snapshot_next(f, 0); series < f->nseries;
	     series = snapshot_next(f, series + 1))
		put_series(e, named->name, snapshot, f, series);
}

void
metrics_render(struct metrics_page *page, enum metrics_format format)
{
	struct exposition e = { page, format };
	struct snapshot snapshot;
	int i;

	page->length = 0;
	if (shard_count() != 0) {
		process_expose(&e);
		snapshot_begin(&snapshot);
		for (i = 0; i < METRICS_FAMILY_MAX; i++)
			put_family(&e, &snapshot, (enum metrics_family)i);
	}
	if (format == METRICS_FORMAT_OPENMETRICS)
		page_puts(page, "# EOF\n");
}
