/*
 * chunked: takes a chunked body apart as it arrives.
 *
 * Extensions are skipped, trailer fields are checked and dropped. As strict
 * as head.h about line ends, and about sizes: hexadecimal digits alone. What
 * surrounds the data is bounded too, or one byte a chunk with a kilobyte of
 * extension each would be a cheap way to keep us busy.
 *
 * Context  any.
 * Source   RFC 9112, 7.1.
 */
#ifndef HTTP_CHUNKED_H
#define HTTP_CHUNKED_H

#include <stddef.h>
#include <stdint.h>

#include "platform/compiler.h"

struct chunked_limits {
	size_t body_bytes;
	size_t trailer_bytes;
};

enum chunked_step {
	CHUNKED_MORE, /* all bytes are used, more are needed */
	CHUNKED_DONE,
	CHUNKED_TOO_LARGE, /* chunked->total says how large at least */
	CHUNKED_BAD,
	CHUNKED_TRAILER_TOO_LARGE
};

struct chunked {
	size_t total; /* of the chunks so far, the present one included */

	/* chunked.c's own */
	int state;
	unsigned digits;
	size_t size;          /* of the present chunk */
	size_t left;          /* of its data */
	size_t framing_bytes; /* sizes, extensions, line ends */
	size_t trailer_bytes;
};

void chunked_init(struct chunked *ch);

/*
 * chunked_read(ch, limits, in, length, used, out, produced): read ${length}
 * bytes at ${in}; *used says how many were, *produced how many bytes of data
 * were written at ${out}, which may be ${in} or before it. Bytes behind the
 * body's end are not used.
 */
enum chunked_step chunked_read(struct chunked *ch,
    const struct chunked_limits *limits, const char *in, size_t length,
    size_t *used, char *out, size_t *produced) MUST_CHECK;

#endif
