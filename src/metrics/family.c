#include "metrics/family.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How long a value of a runtime set may be, escaped. */
#define VALUE_SIZE_MAX 256

/* (a, b): a product, a list. */
#define TIMES(label) *(size_t)METRICS_VALUES_##label
#define PRODUCT(...) ((size_t)1 LISTS_EACH(TIMES, __VA_ARGS__))
#define LISTED_LABEL(label) FAMILY_LABEL_##label,
#define LISTED_LABELS(...)                                              \
	{                                                               \
		LISTS_EACH(LISTED_LABEL, __VA_ARGS__) FAMILY_LABEL_none \
	}
#define ONE_MORE(item) +1
#define COUNTED(...) ((size_t)0 LISTS_EACH(ONE_MORE, __VA_ARGS__))

#define WIDTH_counter(bounds) 1
#define WIDTH_gauge(bounds) 1
#define WIDTH_gauge_sum(bounds) 1
#define WIDTH_summary(bounds) 2
#define WIDTH_histogram(bounds) (COUNTED bounds + 2)

/* Where a family's series and cells begin is where a member of its size
 * would begin. */
struct series_layout {
#define METRIC(kind, name, labels, unit, bounds, help) \
	char name[PRODUCT labels];
#include "metrics/eachmetric.h"
};
struct cells_layout {
#define METRIC(kind, name, labels, unit, bounds, help) \
	char name[PRODUCT labels * WIDTH_##kind(bounds)];
#include "metrics/eachmetric.h"
};

/* bounds_<name>, texts_<name>: of each histogram. */
#define BOUND(scale, bound) (int64_t)((double)scale * (bound) + 0.5),
#define BOUND_TEXT(bound) #bound,
#define BOUNDS_OF_counter(name, unit, bounds)
#define BOUNDS_OF_gauge(name, unit, bounds)
#define BOUNDS_OF_gauge_sum(name, unit, bounds)
#define BOUNDS_OF_summary(name, unit, bounds)
#define BOUNDS_OF_histogram(name, unit, bounds)                 \
	static const int64_t bounds_##name[] = { LISTS_WITH(    \
	    BOUND, METRICS_SCALE_##unit, LISTS_ITEMS bounds) }; \
	static const char *const texts_##name[] = { LISTS_EACH( \
	    BOUND_TEXT, LISTS_ITEMS bounds) };
#define METRIC(kind, name, labels, unit, bounds, help) \
	BOUNDS_OF_##kind(name, unit, bounds)
#include "metrics/eachmetric.h"

#define BOUNDS_IN_counter(name)
#define BOUNDS_IN_gauge(name)
#define BOUNDS_IN_gauge_sum(name)
#define BOUNDS_IN_summary(name)
#define BOUNDS_IN_histogram(name_)                              \
	.bounds = bounds_##name_, .bound_texts = texts_##name_, \
	.nbounds = sizeof(bounds_##name_) / sizeof(bounds_##name_[0]),

static const struct family families[] = {
#define METRIC(kind_, name_, labels_, unit_, bounds_, help_)           \
	[METRICS_FAMILY_##name_] = { .name = #name_,                   \
		.help = help_,                                         \
		.kind = FAMILY_##kind_,                                \
		.scale = METRICS_SCALE_##unit_,                        \
		.same = METRICS_FAMILY_##name_,                        \
		.labels = LISTED_LABELS labels_,                       \
		.first_series = offsetof(struct series_layout, name_), \
		.nseries = PRODUCT labels_,                            \
		.first_cell = offsetof(struct cells_layout, name_),    \
		.width = WIDTH_##kind_(bounds_),                       \
		BOUNDS_IN_##kind_(name_) },
#define INFO(name_, labels_, help_)                  \
	[METRICS_FAMILY_##name_] = { .name = #name_, \
		.help = help_,                       \
		.kind = FAMILY_info,                 \
		.same = METRICS_FAMILY_##name_ },
#define ALIAS(name_, family_, help_)                 \
	[METRICS_FAMILY_##name_] = { .name = #name_, \
		.help = help_,                       \
		.kind = FAMILY_alias,                \
		.same = METRICS_FAMILY_##family_ },
#include "metrics/eachmetric.h"
};

static const struct family_label_info labels[] = {
	[FAMILY_LABEL_none] = { "", METRICS_SET_MAX, NULL },
#define END(set) [FAMILY_LABEL_##set] = { #set, METRICS_SET_##set, NULL },
#define RUNTIME(set, most) END(set)
#define LABEL(label, set) \
	[FAMILY_LABEL_##label] = { #label, METRICS_SET_##set, NULL },
#define LABEL_PAIR(label, set, second) \
	[FAMILY_LABEL_##label] = { #label, METRICS_SET_##set, #second },
#include "metrics/eachlabel.h"
};

/* The values of closed sets: text and word. */
#define SET(set) static const char *const closed_##set[][2] = {
#define VALUE(set, name, ...) { __VA_ARGS__ },
#define END(set) \
	}        \
	;
#include "metrics/eachlabel.h"

/* The values of runtime sets; written in the parent, before the fork. */
#define RUNTIME(set, most) static char *runtime_##set[most];
#include "metrics/eachlabel.h"

struct value_set {
	const char *const (*closed)[2];
	char **runtime;
	size_t nvalues;
};

static const struct value_set sets[] = {
#define END(set) \
	[METRICS_SET_##set] = { closed_##set, NULL, LABEL_##set##_MAX },
#define RUNTIME(set, most) [METRICS_SET_##set] = { NULL, runtime_##set, most },
#include "metrics/eachlabel.h"
};

/* Texts of INFO families; written in the parent, before the fork. */
static struct family_texts texts[METRICS_FAMILY_MAX];

size_t
family_series_total(void)
{
	return (sizeof(struct series_layout));
}

size_t
family_cells_total(void)
{
	return (sizeof(struct cells_layout));
}

const struct family *
family_get(enum metrics_family family)
{
	return (&families[family]);
}

const struct family_label_info *
family_label_info(enum family_label label)
{
	return (&labels[label]);
}

bool
family_is_closed(const struct family *f)
{
	const enum family_label *label;

	for (label = f->labels; *label != FAMILY_LABEL_none; label++)
		if (sets[labels[*label].set].closed == NULL)
			return (false);
	return (true);
}

size_t
family_nvalues(enum metrics_set set)
{
	return (sets[set].nvalues);
}

const char *
family_value(enum metrics_set set, size_t value)
{
	if (sets[set].closed != NULL)
		return (sets[set].closed[value][0]);
	return (sets[set].runtime[value]);
}

const char *
family_word(enum metrics_set set, size_t value)
{
	const char *word = NULL;

	if (sets[set].closed != NULL)
		word = sets[set].closed[value][1];
	return (word != NULL ? word : "");
}

const struct family_texts *
family_texts(enum metrics_family family)
{
	return (&texts[family]);
}

/* A copy of ${text} as it stands between the quotes of a label. */
static char *
escaped_copy(const char *text)
{
	char copy[VALUE_SIZE_MAX], *kept;
	size_t n = 0;

	for (; *text != '\0' && n < sizeof(copy) - 2; text++) {
		if (*text == '"' || *text == '\\' || *text == '\n')
			copy[n++] = '\\';
		copy[n++] = *text == '\n' ? 'n' : *text;
	}
	copy[n] = '\0';
	if ((kept = strdup(copy)) == NULL)
		abort();
	return (kept);
}

int
metrics_name_values(enum metrics_set set, const char *const *names, size_t n)
{
	size_t i;

	if (sets[set].runtime == NULL || n > sets[set].nvalues)
		return (-1);
	for (i = 0; i < n; i++) {
		free(sets[set].runtime[i]);
		sets[set].runtime[i] = escaped_copy(names[i]);
	}
	return (0);
}

void
metrics_describe(enum metrics_family family, size_t n, const char *const *names,
    const char *const *values)
{
	struct family_texts *info = &texts[family];
	size_t i;

	for (i = 0; i < n && i < FAMILY_TEXTS_MAX; i++) {
		info->names[i] = names[i];
		free(info->texts[i]);
		info->texts[i] = escaped_copy(values[i]);
	}
	info->n = i;
}

size_t
metrics_find_value(enum metrics_set set, const char *text)
{
	size_t i, other = SIZE_MAX;
	const char *value;

	for (i = 0; i < sets[set].nvalues; i++) {
		if ((value = family_value(set, i)) == NULL)
			continue;
		if (strcmp(value, text) == 0)
			return (i);
		if (strcmp(value, "other") == 0)
			other = i;
	}
	return (other);
}

size_t
metrics_find_number(enum metrics_set set, unsigned number)
{
	char text[sizeof("4294967295")];

	(void)snprintf(text, sizeof(text), "%u", number);
	return (metrics_find_value(set, text));
}
