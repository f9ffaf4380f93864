/*
 * negotiate: which format, and whether compressed, a scraper likes best.
 * Declared in metrics/metrics.h.
 */
#include "metrics/metrics.h"

#include <string.h>
#include <strings.h>

/* What an Accept header says of one media type. */
struct liking {
	int quality;     /* thousandths; -1: not named */
	int specificity; /* 0 any, 1 any of its kind, 2 the type itself */
};

/* Parameters that tell one format from another. */
enum parameter { VERSION, PROTO, ENCODING, PARAMETER_MAX };

static const char *const parameters[PARAMETER_MAX] = {
	[VERSION] = "version",
	[PROTO] = "proto",
	[ENCODING] = "encoding",
};

struct text {
	const char *at; /* NULL: not there */
	size_t length;
};

struct range {
	struct text type, parameters[PARAMETER_MAX];
	int quality;
};

/* A range that leaves out what is needed means another format. */
static const struct format {
	const char *type;
	const char *wanted[PARAMETER_MAX]; /* NULL: whatever it is */
	bool needed;
} formats[METRICS_FORMAT_MAX] = {
	[METRICS_FORMAT_TEXT] = { "text/plain", { [VERSION] = "0.0.4" },
	    false },
	[METRICS_FORMAT_OPENMETRICS] = { "application/openmetrics-text",
	    { [VERSION] = "1.0.0" }, false },
	[METRICS_FORMAT_PROTOBUF] = { "application/vnd.google.protobuf",
	    { [PROTO] = "io.prometheus.client.MetricFamily",
		[ENCODING] = "delimited" },
	    true },
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

static bool
is(const struct text *text, const char *wanted)
{
	return (strlen(wanted) == text->length &&
		strncasecmp(text->at, wanted, text->length) == 0);
}

/* It may stand in quotes. */
static struct text
unquoted(struct text text)
{
	if (text.length >= 2 && text.at[0] == '"' &&
	    text.at[text.length - 1] == '"') {
		text.at++;
		text.length -= 2;
	}
	return (text);
}

static void
take_parameter(
    struct range *range, const struct text *name, const struct text *value)
{
	int i;

	if (is(name, "q"))
		range->quality = read_quality(value->at, value->length);
	for (i = 0; i < PARAMETER_MAX; i++)
		if (is(name, parameters[i]))
			range->parameters[i] = unquoted(*value);
}

/* The range at ${text}; returns what is behind it and its comma. */
static const char *
read_range(const char *text, struct range *range)
{
	struct text name, value;

	memset(range, 0, sizeof(*range));
	range->quality = 1000;
	range->type.at = text = skip_space(text);
	text += strcspn(text, ",; \t");
	range->type.length = (size_t)(text - range->type.at);
	for (text = skip_space(text); *text == ';'; text = skip_space(text)) {
		name.at = text = skip_space(text + 1);
		text += strcspn(text, "=,; \t");
		name.length = (size_t)(text - name.at);
		text = skip_space(text);
		if (*text != '=')
			continue;
		value.at = skip_space(text + 1);
		text = skip_value(value.at);
		value.length = (size_t)(text - value.at);
		take_parameter(range, &name, &value);
	}
	text += strcspn(text, ",");
	return (*text == ',' ? text + 1 : text);
}

static bool
has_parameters(const struct range *range, const struct format *format)
{
	int i;

	for (i = 0; i < PARAMETER_MAX; i++) {
		const struct text *given = &range->parameters[i];
		const char *wanted = format->wanted[i];

		if (wanted == NULL)
			continue;
		if (given->at == NULL ? format->needed : !is(given, wanted))
			return (false);
	}
	return (true);
}

/* How well the range names the format; -1: not at all. */
static int
specificity_of(const struct range *range, const struct format *format)
{
	size_t kind = strcspn(format->type, "/") + 1;

	if (is(&range->type, "*/*"))
		return (0);
	if (range->type.length == kind + 1 &&
	    strncasecmp(range->type.at, format->type, kind) == 0 &&
	    range->type.at[kind] == '*')
		return (1);
	if (!is(&range->type, format->type) || !has_parameters(range, format))
		return (-1);
	return (2);
}

static void
consider(struct liking *liking, const struct range *range,
    const struct format *format)
{
	int specificity = specificity_of(range, format);

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
	struct liking likings[METRICS_FORMAT_MAX];
	enum metrics_format best = METRICS_FORMAT_TEXT;
	struct range range;
	int i;

	for (i = 0; i < METRICS_FORMAT_MAX; i++)
		likings[i] = (struct liking){ -1, -1 };
	while (accept != NULL && *accept != '\0') {
		accept = read_range(accept, &range);
		for (i = 0; i < METRICS_FORMAT_MAX; i++)
			consider(&likings[i], &range, &formats[i]);
	}
	/* Who doesn't know a newer format doesn't name it. */
	for (i = METRICS_FORMAT_TEXT + 1; i < METRICS_FORMAT_MAX; i++)
		if (likings[i].specificity == 2 && likings[i].quality > 0 &&
		    likings[i].quality >= likings[best].quality)
			best = (enum metrics_format)i;
	return (best);
}

bool
metrics_accepts_gzip(const char *accept_encoding)
{
	int named = -1, any = -1;
	struct range range;

	while (accept_encoding != NULL && *accept_encoding != '\0') {
		accept_encoding = read_range(accept_encoding, &range);
		if (is(&range.type, "gzip") || is(&range.type, "x-gzip"))
			named = range.quality > named ? range.quality : named;
		else if (is(&range.type, "*"))
			any = range.quality > any ? range.quality : any;
	}
	return ((named != -1 ? named : any) > 0);
}
