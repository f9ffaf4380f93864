#include "http/chunked.h"

#include <string.h>

#include "http/octet.h"
#include "platform/hex.h"

/* 60 bits: a sum of two can't overflow. */
#define DIGITS_MAX 15

/* Framing that is free, and how much more each byte of data earns. */
#define FRAMING_FREE_BYTES 16384
#define FRAMING_PER_BYTE 16

enum {
	AT_SIZE,
	AT_BLANK, /* behind the size: an extension must follow */
	AT_EXTENSION,
	AT_SIZE_LF,
	AT_DATA,
	AT_DATA_CR,
	AT_DATA_LF,
	AT_TRAILER, /* the beginning of a line of it */
	AT_TRAILER_NAME,
	AT_TRAILER_VALUE,
	AT_TRAILER_LF,
	AT_END_LF,
	AT_END
};

void
chunked_init(struct chunked *ch)
{
	memset(ch, 0, sizeof(*ch));
	ch->state = AT_SIZE;
}

static enum chunked_step
end_size(struct chunked *ch, const struct chunked_limits *limits, char c)
{
	if (ch->digits == 0)
		return (CHUNKED_BAD);
	switch (c) {
	case '\r':
		ch->state = AT_SIZE_LF;
		break;
	case ';':
		ch->state = AT_EXTENSION;
		break;
	case ' ':
	case '\t':
		ch->state = AT_BLANK;
		break;
	default:
		return (CHUNKED_BAD);
	}
	ch->total += ch->size;
	if (ch->total > limits->body_bytes)
		return (CHUNKED_TOO_LARGE);
	return (CHUNKED_MORE);
}

static enum chunked_step
read_size(struct chunked *ch, const struct chunked_limits *limits, char c)
{
	int digit = hex_value(c);

	if (digit == -1)
		return (end_size(ch, limits, c));
	if (++ch->digits > DIGITS_MAX)
		return (CHUNKED_BAD);
	ch->size = ch->size << 4 | (size_t)digit;
	return (CHUNKED_MORE);
}

static enum chunked_step
go_if(struct chunked *ch, bool right, int state)
{
	if (!right)
		return (CHUNKED_BAD);
	ch->state = state;
	return (CHUNKED_MORE);
}

static enum chunked_step
begin_data(struct chunked *ch, char c)
{
	int state = ch->size == 0 ? AT_TRAILER : AT_DATA;

	ch->left = ch->size;
	ch->size = 0;
	ch->digits = 0;
	return (go_if(ch, c == '\n', state));
}

static enum chunked_step
read_trailer(struct chunked *ch, char c)
{
	switch (ch->state) {
	case AT_TRAILER:
		if (c == '\r')
			return (go_if(ch, true, AT_END_LF));
		return (go_if(ch, octet_is(c, OCTET_TOKEN), AT_TRAILER_NAME));
	case AT_TRAILER_NAME:
		if (c == ':')
			return (go_if(ch, true, AT_TRAILER_VALUE));
		return (go_if(ch, octet_is(c, OCTET_TOKEN), AT_TRAILER_NAME));
	case AT_TRAILER_VALUE:
		if (c == '\r')
			return (go_if(ch, true, AT_TRAILER_LF));
		return (go_if(ch, octet_is(c, OCTET_TEXT), AT_TRAILER_VALUE));
	case AT_TRAILER_LF:
		return (go_if(ch, c == '\n', AT_TRAILER));
	default:
		return (go_if(ch, c == '\n', AT_END));
	}
}

/* One byte that is no data. */
static enum chunked_step
read_framing(struct chunked *ch, const struct chunked_limits *limits, char c)
{
	if (ch->state >= AT_TRAILER) {
		if (++ch->trailer_bytes > limits->trailer_bytes)
			return (CHUNKED_TRAILER_TOO_LARGE);
		return (read_trailer(ch, c));
	}
	if (++ch->framing_bytes >
	    FRAMING_FREE_BYTES + FRAMING_PER_BYTE * ch->total)
		return (CHUNKED_BAD);
	switch (ch->state) {
	case AT_SIZE:
		return (read_size(ch, limits, c));
	case AT_BLANK:
		if (c == ' ' || c == '\t')
			return (CHUNKED_MORE);
		return (go_if(ch, c == ';', AT_EXTENSION));
	case AT_EXTENSION:
		if (c == '\r')
			return (go_if(ch, true, AT_SIZE_LF));
		return (go_if(ch, octet_is(c, OCTET_TEXT), AT_EXTENSION));
	case AT_SIZE_LF:
		return (begin_data(ch, c));
	case AT_DATA_CR:
		return (go_if(ch, c == '\r', AT_DATA_LF));
	default:
		return (go_if(ch, c == '\n', AT_SIZE));
	}
}

static size_t
copy_data(struct chunked *ch, const char *in, size_t length, char *out)
{
	if (length > ch->left)
		length = ch->left;
	memmove(out, in, length);
	ch->left -= length;
	if (ch->left == 0)
		ch->state = AT_DATA_CR;
	return (length);
}

enum chunked_step
chunked_read(struct chunked *ch, const struct chunked_limits *limits,
    const char *in, size_t length, size_t *used, char *out, size_t *produced)
{
	enum chunked_step step = CHUNKED_MORE;
	size_t at = 0, written = 0;

	while (at < length && step == CHUNKED_MORE && ch->state != AT_END) {
		if (ch->state == AT_DATA) {
			size_t n =
			    copy_data(ch, in + at, length - at, out + written);

			at += n;
			written += n;
			continue;
		}
		step = read_framing(ch, limits, in[at++]);
	}
	*used = at;
	*produced = written;
	if (step == CHUNKED_MORE && ch->state == AT_END)
		return (CHUNKED_DONE);
	return (step);
}
