#include "metrics/page.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 65536

static void
grow(struct metrics_page *page, size_t length)
{
	size_t capacity = page->capacity;

	if (capacity == 0)
		capacity = FIRST_CAPACITY;
	while (capacity - page->length < length)
		capacity *= 2;
	if ((page->data = realloc(page->data, capacity)) == NULL)
		abort();
	page->capacity = capacity;
}

/* Where ${length} more bytes may be written. */
static inline char *
reserve(struct metrics_page *page, size_t length)
{
	if (page->capacity - page->length < length)
		grow(page, length);
	return (page->data + page->length);
}

void
page_put(struct metrics_page *page, const void *data, size_t length)
{
	memcpy(reserve(page, length), data, length);
	page->length += length;
}

void
page_puts(struct metrics_page *page, const char *text)
{
	page_put(page, text, strlen(text));
}

void
page_putc(struct metrics_page *page, char c)
{
	*reserve(page, 1) = c;
	page->length++;
}

void
page_repeat(struct metrics_page *page, size_t from, size_t length)
{
	char *to = reserve(page, length); /* which may move the page */

	memcpy(to, page->data + from, length);
	page->length += length;
}

void
page_insert(struct metrics_page *page, size_t at, size_t length)
{
	(void)reserve(page, length);
	memmove(page->data + at + length, page->data + at, page->length - at);
	page->length += length;
}

static void
put_digits(struct metrics_page *page, uint64_t number)
{
	char digits[20], *at = digits + sizeof(digits);

	do {
		*--at = (char)('0' + number % 10);
		number /= 10;
	} while (number != 0);
	page_put(page, at, (size_t)(digits + sizeof(digits) - at));
}

void
page_put_decimal(struct metrics_page *page, int64_t value, int64_t scale)
{
	uint64_t size = (uint64_t)value, rest, tenth = (uint64_t)scale;

	if (value < 0) {
		page_putc(page, '-');
		size = -size;
	}
	put_digits(page, size / tenth);
	if ((rest = size % tenth) == 0)
		return;
	page_putc(page, '.');
	while (rest != 0) {
		tenth /= 10;
		page_putc(page, (char)('0' + rest / tenth));
		rest %= tenth;
	}
}

void
page_put_escaped(struct metrics_page *page, const char *text, bool quotes)
{
	for (; *text != '\0'; text++) {
		if (*text == '\\' || *text == '\n' || (quotes && *text == '"'))
			page_putc(page, '\\');
		page_putc(page, *text == '\n' ? 'n' : *text);
	}
}

void
page_put_unescaped(struct metrics_page *page, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\\' && text[1] != '\0' && *++text == 'n')
			page_putc(page, '\n');
		else
			page_putc(page, *text);
	}
}

void
metrics_page_free(struct metrics_page *page)
{
	free(page->data);
	free(page->snapshot);
	memset(page, 0, sizeof(*page));
}
