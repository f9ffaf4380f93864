#include "http/upload.h"

#include <limits.h>
#include <string.h>

#include "http/json.h"
#include "http/jsonread.h"
#include "platform/arena.h"
#include "platform/buffer.h"

#define TEXT_CEILING_BYTES 1048576

/* An object that has been written to, and how it was opened. */
#define WRITTEN_FILE                                                 \
	"{\"_file\":{},\"_max_size\":1048576,\"_rolled\":false,"     \
	"\"_TemporaryFileArgs\":{\"mode\":\"w+b\",\"buffering\":-1," \
	"\"suffix\":null,\"prefix\":null,\"encoding\":null,"         \
	"\"newline\":null,\"dir\":null,\"errors\":null}}"

/* Of fields of one name, the first is told. */
static bool
came_before(const struct upload_header *headers, size_t at)
{
	size_t i;

	for (i = 0; i < at; i++)
		if (strcmp(headers[i].name, headers[at].name) == 0)
			return (true);
	return (false);
}

static void
put_headers(struct buffer *b, const struct upload_header *headers, size_t count)
{
	const char *comma = "";
	size_t i;

	buffer_putc(b, '{');
	for (i = 0; i < count; i++) {
		if (came_before(headers, i))
			continue;
		buffer_puts(b, comma);
		comma = ",";
		json_put_string(b, headers[i].name, strlen(headers[i].name));
		buffer_putc(b, ':');
		json_put_string(b, headers[i].value, headers[i].value_length);
	}
	buffer_putc(b, '}');
}

/* Whether each line, its end included, has two bytes. */
static bool
has_pairs_only(const char *data, size_t size)
{
	size_t i;

	for (i = 0; i < size; i += 2)
		if (data[i] == '\n' || i + 1 == size ||
		    (data[i + 1] != '\n' && i + 2 != size))
			return (false);
	return (true);
}

/* The original tries to make a dictionary of a file, by its lines: it can if
 * all are pairs, so that "hi" is {"104":105} and nothing is {}. */
static void
put_file(struct buffer *b, const char *data, size_t size)
{
	int seconds[UCHAR_MAX + 1];
	const char *comma = "";
	size_t i;

	if (!has_pairs_only(data, size)) {
		buffer_puts(b, WRITTEN_FILE);
		return;
	}
	for (i = 0; i < size; i += 2) /* of one key, the last value counts */
		seconds[(unsigned char)data[i]] = (unsigned char)data[i + 1];
	buffer_putc(b, '{');
	for (i = 0; i < size; i += 2) {
		unsigned char first = (unsigned char)data[i];

		if (seconds[first] == -1)
			continue;
		buffer_printf(b, "%s\"%d\":%d", comma, first, seconds[first]);
		comma = ",";
		seconds[first] = -1;
	}
	buffer_putc(b, '}');
}

const struct json *
upload_describe(struct arena *arena, const char *name, size_t length,
    const char *data, size_t size, const struct upload_header *headers,
    size_t count)
{
	struct jsonread_error error;
	const struct json *described;
	struct buffer text;

	buffer_init(&text, TEXT_CEILING_BYTES);
	buffer_puts(&text, "{\"filename\":");
	json_put_string(&text, name, length);
	buffer_puts(&text, ",\"file\":");
	put_file(&text, data, size);
	buffer_printf(&text, ",\"size\":%zu,\"headers\":", size);
	put_headers(&text, headers, count);
	buffer_puts(&text, ",\"_max_mem_size\":1048576}");
	described = jsonread(arena, text.data, text.length, &error);
	buffer_fini(&text);
	return (described);
}
