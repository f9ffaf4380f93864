/* links: src/metrics/negotiate.c */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "metrics/metrics.h"

#define LENGTH_MAX 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *
joined(const char *first, const char *second)
{
	size_t size = strlen(first) + strlen(second) + 1;
	char *text = malloc(size);

	assert(text != NULL);
	(void)snprintf(text, size, "%s%s", first, second);
	return (text);
}

#define OPENMETRICS "application/openmetrics-text"
#define PROTOBUF "application/vnd.google.protobuf"
#define MESSAGE "io.prometheus.client.MetricFamily"

/* A newer format is for those who have named it, and for nobody who has since
 * refused it in the same breath. */
static void
check_format(const char *accept)
{
	enum metrics_format format = metrics_negotiate(accept);
	char *more;

	assert(format >= METRICS_FORMAT_TEXT && format < METRICS_FORMAT_MAX);
	if (format == METRICS_FORMAT_OPENMETRICS)
		assert(strcasestr(accept, OPENMETRICS));
	if (format == METRICS_FORMAT_PROTOBUF)
		assert(strcasestr(accept, PROTOBUF) &&
		       strcasestr(accept, MESSAGE) &&
		       strcasestr(accept, "delimited"));
	/* Another type does not matter. */
	more = joined("image/png;q=0.9,", accept);
	assert(metrics_negotiate(more) == format);
	free(more);
	/* Whoever likes a newer format most of all gets it. */
	more = joined(OPENMETRICS ",", accept);
	assert(metrics_negotiate(more) >= METRICS_FORMAT_OPENMETRICS);
	free(more);
	more =
	    joined(PROTOBUF ";encoding=delimited;proto=" MESSAGE ",", accept);
	assert(metrics_negotiate(more) == METRICS_FORMAT_PROTOBUF);
	free(more);
}

static void
check_encoding(const char *encodings)
{
	bool accepts = metrics_accepts_gzip(encodings);
	char *more;

	if (accepts)
		assert(strcasestr(encodings, "gzip") || strchr(encodings, '*'));
	more = joined("br;q=0.5, ", encodings);
	assert(metrics_accepts_gzip(more) == accepts);
	free(more);
	more = joined("gzip,", encodings);
	assert(metrics_accepts_gzip(more));
	free(more);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;

	if (size > LENGTH_MAX || memchr(data, '\0', size) != NULL)
		return (0);
	/* As long as it is, so that a byte beyond is seen. */
	text = malloc(size + 1);
	assert(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	check_format(text);
	check_encoding(text);
	free(text);
	return (0);
}
