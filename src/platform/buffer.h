/*
 * buffer: bytes that grow up to a ceiling.
 *
 * A buffer that would pass its ceiling keeps what it has, drops what comes
 * and remembers it: append freely, then ask buffer_failed() once. Memory that
 * the system refuses ends the process, as in Kore.
 *
 * Context  any; a buffer belongs to one thread at a time.
 */
#ifndef PLATFORM_BUFFER_H
#define PLATFORM_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "platform/arena.h"
#include "platform/compiler.h"

struct buffer {
	char *data; /* length bytes, no NUL; NULL while empty */
	size_t length;
	size_t capacity;
	size_t ceiling_bytes;
	bool failed;
};

/* buffer_init(b, ceiling_bytes): empty; allocates nothing yet. */
void buffer_init(struct buffer *b, size_t ceiling_bytes);

/* buffer_fini(b): free the bytes; the buffer is as after buffer_init(). */
void buffer_fini(struct buffer *b);

/* buffer_reset(b): empty and unfailed again, memory kept for reuse. */
void buffer_reset(struct buffer *b);

void buffer_append(struct buffer *b, const void *data, size_t length);
void buffer_puts(struct buffer *b, const char *text);
void buffer_putc(struct buffer *b, char c);
void buffer_printf(struct buffer *b, const char *format, ...) PRINTF_LIKE(2, 3);

/* buffer_put_int(b, value): the decimal digits of ${value}. */
void buffer_put_int(struct buffer *b, long long value);

/*
 * buffer_reserve(b, length): room for ${length} more bytes, to be written at
 * the returned place and claimed by adding to b->length. NULL past the
 * ceiling.
 */
char *buffer_reserve(struct buffer *b, size_t length) MUST_CHECK;

/*
 * buffer_text(b): the bytes as a NUL-terminated string ("" when empty),
 * valid until the next change.
 */
const char *buffer_text(struct buffer *b);

/* buffer_keep(b, arena): the same from ${arena}, up to a NUL among the bytes;
 * the buffer is finished. */
static inline const char *
buffer_keep(struct buffer *b, struct arena *arena)
{
	const char *text = arena_strdup(arena, buffer_text(b));

	buffer_fini(b);
	return (text);
}

/* buffer_failed(b): something did not fit under the ceiling. */
static inline bool
buffer_failed(const struct buffer *b)
{
	return (b->failed);
}

#endif
