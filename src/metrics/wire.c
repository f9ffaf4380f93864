#include "metrics/wire.h"

#include <string.h>

#define VARINT_MAX 10
#define VARINT_BITS 7
#define VARINT_MORE 0x80

/* What a field's key says of its value. */
enum kind { KIND_VARINT = 0, KIND_FIXED64 = 1, KIND_LENGTH = 2 };

/* Seven bits a byte, the lowest first. Returns how many bytes. */
static size_t
make_varint(unsigned char bytes[VARINT_MAX], uint64_t value)
{
	size_t n = 0;

	while (value >= VARINT_MORE) {
		bytes[n++] = (unsigned char)(value | VARINT_MORE);
		value >>= VARINT_BITS;
	}
	bytes[n++] = (unsigned char)value;
	return (n);
}

static void
put_varint(struct metrics_page *page, uint64_t value)
{
	unsigned char bytes[VARINT_MAX];

	page_put(page, bytes, make_varint(bytes, value));
}

static void
put_key(struct metrics_page *page, unsigned field, enum kind kind)
{
	put_varint(page, (uint64_t)field << 3 | kind);
}

size_t
wire_open(struct metrics_page *page)
{
	page_putc(page, 0);
	return (page->length);
}

size_t
wire_begin(struct metrics_page *page, unsigned field)
{
	put_key(page, field, KIND_LENGTH);
	return (wire_open(page));
}

void
wire_end(struct metrics_page *page, size_t opened)
{
	unsigned char bytes[VARINT_MAX];
	size_t n = make_varint(bytes, page->length - opened);

	page_insert(page, opened, n - 1);
	memcpy(page->data + opened - 1, bytes, n);
}

void
wire_uint(struct metrics_page *page, unsigned field, uint64_t value)
{
	put_key(page, field, KIND_VARINT);
	put_varint(page, value);
}

void
wire_sint(struct metrics_page *page, unsigned field, int64_t value)
{
	put_key(page, field, KIND_VARINT);
	wire_put_sint(page, value);
}

/* The sign goes last, so that small ones are short: 0, -1, 1, -2. */
void
wire_put_sint(struct metrics_page *page, int64_t value)
{
	put_varint(page, (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0));
}

/* The lowest byte first. */
void
wire_double(struct metrics_page *page, unsigned field, double value)
{
	unsigned char bytes[sizeof(value)];
	uint64_t bits;
	size_t i;

	memcpy(&bits, &value, sizeof(bits));
	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(bits >> 8 * i);
	put_key(page, field, KIND_FIXED64);
	page_put(page, bytes, sizeof(bytes));
}

void
wire_text(struct metrics_page *page, unsigned field, const char *text)
{
	put_key(page, field, KIND_LENGTH);
	put_varint(page, strlen(text));
	page_puts(page, text);
}
