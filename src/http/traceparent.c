#include "http/traceparent.h"

#include <stddef.h>
#include <string.h>

#define DIGITS "0123456789abcdef"
#define DASH '-'

/* version-trace-parent-flags */
#define VERSION_LENGTH 2
#define TRACE_LENGTH (TRACEPARENT_ID_SIZE - 1)
#define PARENT_LENGTH 16
#define FLAGS_LENGTH 2

/* The length digits at ${text}, not all of them zero if they must not be;
 * returns what is behind them, or NULL. */
static const char *
skip_digits(const char *text, size_t length, bool may_be_zero)
{
	if (text == NULL || strspn(text, DIGITS) != length ||
	    (!may_be_zero && strspn(text, "0") >= length))
		return (NULL);
	return (text + length);
}

static const char *
skip_dash(const char *text)
{
	return (text != NULL && *text == DASH ? text + 1 : NULL);
}

/* Version 00 ends here; a later one may go on, behind another dash. */
static bool
may_end(const char *rest, const char *version)
{
	if (rest == NULL || strncmp(version, "ff", VERSION_LENGTH) == 0)
		return (false);
	return (*rest == '\0' ||
		(*rest == DASH && strncmp(version, "00", VERSION_LENGTH) != 0));
}

bool
traceparent_take(const char *header, char id[TRACEPARENT_ID_SIZE])
{
	const char *trace, *parent, *flags;

	id[0] = '\0';
	trace = skip_dash(skip_digits(header, VERSION_LENGTH, true));
	parent = skip_dash(skip_digits(trace, TRACE_LENGTH, false));
	flags = skip_dash(skip_digits(parent, PARENT_LENGTH, false));
	if (!may_end(skip_digits(flags, FLAGS_LENGTH, true), header))
		return (false);
	memcpy(id, trace, TRACE_LENGTH);
	id[TRACE_LENGTH] = '\0';
	return (true);
}
