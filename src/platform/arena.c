#include "platform/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One chunk serves an ordinary call whole; larger wishes get their own. */
#define CHUNK_BYTES 4096
#define ALIGNMENT_BYTES 16

struct arena_chunk {
	struct arena_chunk *next;
	size_t size;
	_Alignas(ALIGNMENT_BYTES) char data[];
};

void
arena_init(struct arena *a)
{
	a->chunks = NULL;
	a->used = 0;
}

void
arena_fini(struct arena *a)
{
	struct arena_chunk *chunk, *next;

	for (chunk = a->chunks; chunk != NULL; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	arena_init(a);
}

void *
arena_alloc(struct arena *a, size_t size)
{
	struct arena_chunk *chunk = a->chunks;
	size_t capacity;
	void *p;

	size = (size + ALIGNMENT_BYTES - 1) & ~(size_t)(ALIGNMENT_BYTES - 1);
	if (chunk == NULL || chunk->size - a->used < size) {
		capacity = size > CHUNK_BYTES ? size : CHUNK_BYTES;
		if ((chunk = malloc(sizeof(*chunk) + capacity)) == NULL)
			abort();
		chunk->size = capacity;
		chunk->next = a->chunks;
		a->chunks = chunk;
		a->used = 0;
	}
	p = chunk->data + a->used;
	a->used += size;
	return (p);
}

void *
arena_zalloc(struct arena *a, size_t size)
{
	return (memset(arena_alloc(a, size), 0, size));
}

char *
arena_copy(struct arena *a, const char *text, size_t length)
{
	char *copy = arena_alloc(a, length + 1);

	memcpy(copy, text, length);
	copy[length] = '\0';
	return (copy);
}

char *
arena_strdup(struct arena *a, const char *text)
{
	return (arena_copy(a, text, strlen(text)));
}

char *
arena_vprintf(struct arena *a, const char *format, va_list arguments)
{
	va_list again;
	int length;
	char *text;

	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length < 0)
		abort();
	text = arena_alloc(a, (size_t)length + 1);
	(void)vsnprintf(text, (size_t)length + 1, format, arguments);
	return (text);
}

char *
arena_printf(struct arena *a, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = arena_vprintf(a, format, arguments);
	va_end(arguments);
	return (text);
}
