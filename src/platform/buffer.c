#include "platform/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY_BYTES 256

void
buffer_init(struct buffer *b, size_t ceiling_bytes)
{
	memset(b, 0, sizeof(*b));
	b->ceiling_bytes = ceiling_bytes;
}

void
buffer_fini(struct buffer *b)
{
	free(b->data);
	buffer_init(b, b->ceiling_bytes);
}

void
buffer_reset(struct buffer *b)
{
	b->length = 0;
	b->failed = false;
}

char *
buffer_reserve(struct buffer *b, size_t length)
{
	size_t capacity;
	char *data;

	if (b->failed || length > b->ceiling_bytes - b->length) {
		b->failed = true;
		return (NULL);
	}
	if (length <= b->capacity - b->length)
		return (b->data + b->length);

	capacity = b->capacity == 0 ? FIRST_CAPACITY_BYTES : b->capacity;
	while (capacity - b->length < length)
		capacity *= 2;
	if (capacity > b->ceiling_bytes)
		capacity = b->ceiling_bytes;
	if ((data = realloc(b->data, capacity)) == NULL)
		abort();
	b->data = data;
	b->capacity = capacity;
	return (b->data + b->length);
}

void
buffer_append(struct buffer *b, const void *data, size_t length)
{
	char *place;

	if (length == 0 || (place = buffer_reserve(b, length)) == NULL)
		return;
	memcpy(place, data, length);
	b->length += length;
}

void
buffer_puts(struct buffer *b, const char *text)
{
	buffer_append(b, text, strlen(text));
}

void
buffer_putc(struct buffer *b, char c)
{
	buffer_append(b, &c, 1);
}

void
buffer_printf(struct buffer *b, const char *format, ...)
{
	va_list arguments;
	char *place;
	int length;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0 ||
	    (place = buffer_reserve(b, (size_t)length + 1)) == NULL)
		return;
	va_start(arguments, format);
	(void)vsnprintf(place, (size_t)length + 1, format, arguments);
	va_end(arguments);
	b->length += (size_t)length;
}

void
buffer_put_int(struct buffer *b, long long value)
{
	char digits[24];
	char *p = digits + sizeof(digits);
	unsigned long long rest = value < 0 ? 0ULL - (unsigned long long)value
					    : (unsigned long long)value;

	do {
		*--p = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest != 0);
	if (value < 0)
		*--p = '-';
	buffer_append(b, p, (size_t)(digits + sizeof(digits) - p));
}

const char *
buffer_text(struct buffer *b)
{
	char *place;

	if ((place = buffer_reserve(b, 1)) == NULL)
		return ("");
	*place = '\0';
	return (b->data);
}
