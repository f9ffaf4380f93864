#include "metrics/exposition.h"

#include <stdlib.h>
#include <string.h>

#include "metrics/process.h"
#include "metrics/shard.h"

static bool with_created;

static const struct exposition_format *const formats[METRICS_FORMAT_MAX] = {
	[METRICS_FORMAT_TEXT] = &textformat_plain,
	[METRICS_FORMAT_OPENMETRICS] = &textformat_openmetrics,
	[METRICS_FORMAT_PROTOBUF] = &protobuf_format,
};

void
metrics_expose_created(bool expose)
{
	with_created = expose;
}

const char *
metrics_content_type(enum metrics_format format)
{
	return (formats[format]->content_type);
}

static bool
ends_with(const char *name, size_t length, const char *end)
{
	size_t n = strlen(end);

	return (length > n && memcmp(name + length - n, end, n) == 0);
}

size_t
exposition_base_length(const char *name)
{
	size_t length = strlen(name);

	if (ends_with(name, length, "_total"))
		return (length - strlen("_total"));
	if (ends_with(name, length, "_info"))
		return (length - strlen("_info"));
	return (length);
}

const char *
exposition_unit(const char *name)
{
	size_t length = exposition_base_length(name);

	if (ends_with(name, length, "_seconds"))
		return ("seconds");
	if (ends_with(name, length, "_bytes"))
		return ("bytes");
	return (NULL);
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

/* When a series began: all began with the memory. */
static int64_t
created_ns(const struct family *f)
{
	if (!with_created || f->kind == FAMILY_gauge ||
	    f->kind == FAMILY_gauge_sum)
		return (0);
	return (shard_opened_ns());
}

static void
put_series(struct exposition *e, const struct exposition_format *format,
    struct series *s)
{
	bool has_native = format->has_native && s->f->is_native;

	if (!find_values(s))
		return;
	snapshot_cells(e->snapshot, s->f, s->number, s->cells,
	    has_native ? &e->native : NULL);
	s->native = has_native ? &e->native : NULL;
	format->put_series(e, s);
}

static void
put_family(struct exposition *e, const struct exposition_format *format,
    enum metrics_family family)
{
	const struct family *named = family_get(family);
	const struct family *f = family_get(named->same);
	struct series s = {
		.f = f, .name = named->name, .created_ns = created_ns(f)
	};

	format->begin_family(e, named->name, f->kind, named->help);
	if (f->kind == FAMILY_info && family_texts(family)->n > 0)
		format->put_info(e, named->name, family_texts(family));
	for (s.number = snapshot_next(e->snapshot, f, 0); s.number < f->nseries;
	     s.number = snapshot_next(e->snapshot, f, s.number + 1))
		put_series(e, format, &s);
	format->end_family(e);
}

/* What has no row in the table: families of one cell and no labels. */
static void
put_process(struct exposition *e, const struct exposition_format *format)
{
	struct process_sample samples[PROCESS_SAMPLES];
	size_t n = process_measure(samples), i;

	for (i = 0; i < n; i++) {
		const struct family f = { .kind = samples[i].kind,
			.scale = samples[i].scale };
		const struct series s = { .f = &f,
			.name = samples[i].name,
			.cells = { samples[i].value },
			.created_ns = created_ns(&f) };

		format->begin_family(
		    e, samples[i].name, samples[i].kind, samples[i].help);
		format->put_series(e, &s);
		format->end_family(e);
	}
}

/* The page's own, where a scrape puts what it reads. */
static struct snapshot *
snapshot_of(struct metrics_page *page)
{
	if (page->snapshot == NULL &&
	    (page->snapshot = malloc(sizeof(*page->snapshot))) == NULL)
		abort();
	return (page->snapshot);
}

void
metrics_render(struct metrics_page *page, enum metrics_format format)
{
	struct exposition e = { .page = page, .format = format };
	int i;

	page->length = 0;
	if (shard_count() != 0) {
		put_process(&e, formats[format]);
		snapshot_begin(snapshot_of(page), formats[format]->has_native);
		e.snapshot = page->snapshot;
		for (i = 0; i < METRICS_FAMILY_MAX; i++)
			put_family(&e, formats[format], (enum metrics_family)i);
	}
	formats[format]->end(&e);
}
