/*
 * option: one keyword of a parsed connection string.
 *
 * Context  any.
 */
#ifndef DB_OPTION_H
#define DB_OPTION_H

#include <libpq-fe.h>
#include <string.h>

/* option_value(options, keyword): as PQconninfoParse() read it, or NULL if the
 * string doesn't say; lives as long as ${options}. */
static inline const char *
option_value(const PQconninfoOption *options, const char *keyword)
{
	for (; options->keyword != NULL; options++)
		if (strcmp(options->keyword, keyword) == 0)
			return (options->val);
	return (NULL);
}

#endif
