/*
 * arena: memory that is freed all at once.
 *
 * What belongs to one call or one job comes from its arena and is never freed
 * alone. Memory that the system refuses ends the process, as in Kore; sizes
 * that outside bytes decide are bounded before they get here.
 *
 * Context  any; an arena belongs to one thread at a time.
 */
#ifndef PLATFORM_ARENA_H
#define PLATFORM_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "platform/compiler.h"

struct arena_chunk;

struct arena {
	struct arena_chunk *chunks; /* newest first */
	size_t used;                /* of the newest chunk */
};

/* arena_init(a): empty; allocates nothing yet. */
void arena_init(struct arena *a);

/* arena_fini(a): free everything that came from the arena. */
void arena_fini(struct arena *a);

/* arena_alloc(a, size): ${size} bytes, aligned for any type, not zeroed. */
void *arena_alloc(struct arena *a, size_t size);

/* arena_zalloc(a, size): the same, zeroed. */
void *arena_zalloc(struct arena *a, size_t size);

/* arena_copy(a, text, length): a NUL-terminated copy of ${length} bytes. */
char *arena_copy(struct arena *a, const char *text, size_t length);

char *arena_strdup(struct arena *a, const char *text);
char *arena_printf(struct arena *a, const char *format, ...) PRINTF_LIKE(2, 3);
char *arena_vprintf(struct arena *a, const char *format, va_list arguments)
    PRINTF_LIKE(2, 0);

#endif
