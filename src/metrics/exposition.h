/*
 * exposition: a scrape, from the shards to a page, in whichever format.
 *
 * metrics_render() walks through the families and their series; a format says
 * how each is written.
 */
#ifndef METRICS_EXPOSITION_H
#define METRICS_EXPOSITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "metrics/family.h"
#include "metrics/metrics.h"
#include "metrics/page.h"
#include "metrics/snapshot.h"

#define EXPOSITION_NS_PER_S 1000000000

struct exposition {
	struct metrics_page *page;
	enum metrics_format format;
	const struct snapshot *snapshot;
	struct snapshot_native native; /* of the series that is written */
	size_t family_at, series_at; /* the format's own: places in the page */
};

/* One series: its family, the name it goes by, its labels' values, what it
 * holds. */
struct series {
	const struct family *f;
	const char *name;
	size_t number;
	size_t values[FAMILY_LABELS_MAX];
	int64_t cells[FAMILY_WIDTH_MAX];
	const struct snapshot_native *native; /* NULL: not one, or not shown */
	int64_t created_ns;                   /* Unix time; 0: not shown */
};

/* Between begin_family and end_family come series, or one info. */
struct exposition_format {
	const char *content_type;
	bool has_native;
	void (*begin_family)(struct exposition *e, const char *name,
	    enum family_kind kind, const char *help);
	void (*put_series)(struct exposition *e, const struct series *s);
	void (*put_info)(struct exposition *e, const char *name,
	    const struct family_texts *info);
	void (*end_family)(struct exposition *e);
	void (*end)(struct exposition *e);
};

extern const struct exposition_format textformat_plain;
extern const struct exposition_format textformat_openmetrics;
extern const struct exposition_format protobuf_format;

/* exposition_base_length(name): without `_total` or `_info`. */
size_t exposition_base_length(const char *name);

/* exposition_unit(name): "seconds", "bytes", or NULL if it ends in neither. */
const char *exposition_unit(const char *name);

#endif
