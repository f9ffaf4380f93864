/*
 * punycode: letters of any script spelled in ASCII, as labels of domain names.
 *
 * Source: RFC 3492, with the parameters of its section 5. The prefix "xn--"
 * is not part of it.
 *
 * Context  any; memory is the arena's.
 */
#ifndef HTTP_PUNYCODE_H
#define HTTP_PUNYCODE_H

#include <stddef.h>
#include <stdint.h>

#include "platform/compiler.h"

struct arena;

/* Code points; one label. */
struct punycode_label {
	uint32_t *codes;
	size_t count;
};

/*
 * punycode_decode(arena, text, length, label): 0, or -1 if ${text} is not
 * what any label becomes: other characters, an end in the middle of a number,
 * code points beyond Unicode.
 */
int punycode_decode(struct arena *arena, const char *text, size_t length,
    struct punycode_label *label) MUST_CHECK;

/* punycode_encode(arena, label): NUL-terminated; of at most 1024 code points,
 * all of Unicode. */
const char *punycode_encode(
    struct arena *arena, const struct punycode_label *label);

#endif
