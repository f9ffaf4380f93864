/*
 * dotenv: settings in a file ".env".
 *
 *   # comment
 *   PORT=8888              # comment
 *   export NAME = some text
 *   CODE='as "it" is'
 *   TEXT="two\nlines"
 *
 * Quoted values may go over several lines; in '…' a backslash escapes itself
 * and ', in "…" it is C's. Nothing is expanded. A line without "=" says
 * nothing; of several values of one name the last counts.
 *
 * Context  any.
 */
#ifndef PLATFORM_DOTENV_H
#define PLATFORM_DOTENV_H

#include <stddef.h>

#include "platform/compiler.h"

struct arena;
struct dotenv_entry;

struct dotenv {
	struct dotenv_entry *entries; /* last first; from the arena */
};

/* dotenv_parse(file, arena, text): ${text} is NUL-terminated; overwritten,
 * and it lends names and values. Returns 0, or -1 if a quote isn't closed. */
int dotenv_parse(
    struct dotenv *file, struct arena *arena, char *text) MUST_CHECK;

/*
 * dotenv_load(file, arena, path): the same of a file, at most 64 KiB of it. No
 * such file: nothing in it. Returns 0, or -1 if it can't be read or parsed.
 */
int dotenv_load(
    struct dotenv *file, struct arena *arena, const char *path) MUST_CHECK;

/* dotenv_get(file, name): the value, or NULL; lives as long as the arena. */
const char *dotenv_get(const struct dotenv *file, const char *name);

#endif
