#include "metrics/family.h"

#include <stdlib.h>
#include <string.h>

/* How long a value of a runtime set may be, escaped. */
#define VALUE_SIZE_MAX 256

/* (a, b): a list. */
#define LISTED_LABEL(label) FAMILY_LABEL_##label,
#define LISTED_LABELS(...)                                              \
	{                                                               \
		LISTS_EACH(LISTED_LABEL, __VA_ARGS__) FAMILY_LABEL_none \
	}

/* limits_<name>, limit_texts_<name>: of each family; empty but for histograms. */
#define BOUND(scale, bound) (int64_t)((double)scale * (bound) + 0.5),
#define BOUND_TEXT(bound) #bound,
#define METRIC(kind, tracing, name, labels, unit, bounds, help)       \
	static const int64_t limits_##name[] = { LISTS_WITH(          \
	    BOUND, METRICS_SCALE_##unit, LISTS_ITEMS bounds) };       \
	static const char *const limit_texts_##name[] = { LISTS_EACH( \
	    BOUND_TEXT, LISTS_ITEMS bounds) };                        \
	_Static_assert(FAMILY_WIDTH(kind, bounds) <= FAMILY_WIDTH_MAX, #name);
#include "metrics/eachmetric.h"

const struct family family_table[] = {
#define METRIC(kind_, tracing_, name_, labels_, unit_, bounds_, help_)      \
	[METRICS_FAMILY_##name_] = { .name = #name_,                        \
		.help = help_,                                              \
		.kind = FAMILY_##kind_,                                     \
		.scale = METRICS_SCALE_##unit_,                             \
		.same = METRICS_FAMILY_##name_,                             \
		.labels = LISTED_LABELS labels_,                            \
		.is_native = FAMILY_NATIVE(kind_, unit_),                   \
		.first_series = offsetof(struct family_series, name_),      \
		.nseries = FAMILY_PRODUCT labels_,                          \
		.first_cell = offsetof(struct family_cells, name_),         \
		.width = FAMILY_WIDTH(kind_, bounds_),                      \
		.first_native = offsetof(struct family_natives, name_),     \
		.first_exemplar = offsetof(struct family_exemplars, name_), \
		.nexemplars = FAMILY_TRACED(tracing_, bounds_),             \
		.nbounds = FAMILY_COUNT bounds_,                            \
		.bounds = limits_##name_,                                   \
		.bound_texts = limit_texts_##name_ },
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
		if (text != NULL && strcmp(value, text) == 0)
			return (i);
		if (strcmp(value, "other") == 0)
			other = i;
	}
	return (other);
}

/* Whether ${text} is ${number}: it is asked at every request. */
static bool
is_number(const char *text, unsigned number)
{
	unsigned read = 0;

	if (text == NULL || *text == '\0')
		return (false);
	for (; *text >= '0' && *text <= '9'; text++)
		read = read * 10 + (unsigned)(*text - '0');
	return (*text == '\0' && read == number);
}

size_t
metrics_find_number(enum metrics_set set, unsigned number)
{
	size_t i;

	for (i = 0; i < sets[set].nvalues; i++)
		if (is_number(family_value(set, i), number))
			return (i);
	return (metrics_find_value(set, NULL));
}
