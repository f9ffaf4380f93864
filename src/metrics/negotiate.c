#include "metrics/metrics.h"

#include <string.h>
#include <strings.h>

/* What an Accept header says of one media type. */
struct liking {
	int quality;     /* thousandths; -1: not named */
	int specificity; /* 0 any, 1 any of its kind, 2 the type itself */
};

struct range {
	const char *type, *version; /* version: NULL if none is asked for */
	size_t type_length, version_length;
	int quality;
};

static const char *
skip_space(const char *text)
{
	return (text + strspn(text, " \t"));
}

/* Behind a token, or a quoted text. */
static const char *
skip_value(const char *text)
{
	if (*text != '"')
		return (text + strcspn(text, ",; \t"));
	for (text++; *text != '\0' && *text != '"'; text++)
		if (*text == '\\' && text[1] != '\0')
			text++;
	return (*text == '"' ? text + 1 : text);
}

/* RFC 9110, 12.4.2: "1", "0.75"; what is none counts as 0. */
static int
read_quality(const char *text, size_t length)
{
	int quality = 0, unit = 1000;
	size_t i;

	if (length == 0 || (text[0] != '0' && text[0] != '1') ||
	    (length > 1 && text[1] != '.') || length > 5)
		return (0);
	quality = (text[0] - '0') * unit;
	for (i = 2; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return (0);
		unit /= 10;
		quality += (text[i] - '0') * unit;
	}
	return (quality > 1000 ? 0 : quality);
}

/* It may stand in quotes. */
static void
take_version(struct range *range, const char *text, size_t length)
{
	if (length >= 2 && text[0] == '"' && text[length - 1] == '"') {
		text++;
		length -= 2;
	}
	range->version = text;
	range->version_length = length;
}

/* The range at ${text}; returns what is behind it and its comma. */
static const char *
read_range(const char *text, struct range *range)
{
	const char *name, *value;
	size_t name_length;

	memset(range, 0, sizeof(*range));
	range->quality = 1000;
	range->type = text = skip_space(text);
	text += strcspn(text, ",; \t");
	range->type_length = (size_t)(text - range->type);
	for (text = skip_space(text); *text == ';'; text = skip_space(text)) {
		name = text = skip_space(text + 1);
		text += strcspn(text, "=,; \t");
		name_length = (size_t)(text - name);
		text = skip_space(text);
		if (*text != '=')
			continue;
		value = skip_space(text + 1);
		text = skip_value(value);
		if (name_length == 1 && (*name == 'q' || *name == 'Q')) {
			range->quality =
			    read_quality(value, (size_t)(text - value));
		} else if (name_length == 7 &&
			   strncasecmp(name, "version", 7) == 0) {
			take_version(range, value, (size_t)(text - value));
		}
	}
	text += strcspn(text, ",");
	return (*text == ',' ? text + 1 : text);
}

static bool
is(const char *text, size_t length, const char *wanted)
{
	return (
	    strlen(wanted) == length && strncasecmp(text, wanted, length) == 0);
}

/* How well the range names ${type} in ${version}; -1: not at all. */
static int
specificity_of(const struct range *range, const char *type, const char *version)
{
	size_t kind = strcspn(type, "/") + 1;

	if (is(range->type, range->type_length, "*/*"))
		return (0);
	if (range->type_length == kind + 1 &&
	    strncasecmp(range->type, type, kind) == 0 &&
	    range->type[kind] == '*')
		return (1);
	if (!is(range->type, range->type_length, type))
		return (-1);
	return (range->version == NULL ||
			is(range->version, range->version_length, version)
		    ? 2
		    : -1);
}

static void
consider(struct liking *liking, const struct range *range, const char *type,
    const char *version)
{
	int specificity = specificity_of(range, type, version);

	if (specificity < liking->specificity ||
	    (specificity == liking->specificity &&
		range->quality <= liking->quality) ||
	    specificity == -1)
		return;
	liking->specificity = specificity;
	liking->quality = range->quality;
}

enum metrics_format
metrics_negotiate(const char *accept)
{
	struct liking text = { -1, -1 }, openmetrics = { -1, -1 };
	struct range range;

	while (accept != NULL && *accept != '\0') {
		accept = read_range(accept, &range);
		consider(&text, &range, "text/plain", "0.0.4");
		consider(&openmetrics, &range, "application/openmetrics-text",
		    "1.0.0");
	}
	/* Who doesn't know the newer format doesn't name it. */
	if (openmetrics.specificity == 2 && openmetrics.quality > 0 &&
	    openmetrics.quality >= text.quality)
		return (METRICS_FORMAT_OPENMETRICS);
	return (METRICS_FORMAT_TEXT);
}

bool
metrics_accepts_gzip(const char *accept_encoding)
{
	int named = -1, any = -1;
	struct range range;

	while (accept_encoding != NULL && *accept_encoding != '\0') {
		accept_encoding = read_range(accept_encoding, &range);
		if (is(range.type, range.type_length, "gzip") ||
		    is(range.type, range.type_length, "x-gzip"))
			named = range.quality > named ? range.quality : named;
		else if (is(range.type, range.type_length, "*"))
			any = range.quality > any ? range.quality : any;
	}
	return ((named != -1 ? named : any) > 0);
}
