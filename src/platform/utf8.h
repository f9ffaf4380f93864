/*
 * utf8: code points in text that may come from anybody.
 *
 * Besides UTF-8 proper, text may hold lone surrogates in three bytes, as JSON
 * escapes can spell them ("WTF-8"): whoever accepts text for storage asks
 * utf8_has_surrogate() first.
 *
 * Context  any.
 * Source   RFC 3629; The Unicode Standard, 3.9, "U+FFFD Substitution of
 *          Maximal Subparts"; PropList.txt (White_Space) and
 *          UnicodeData.txt (Nd).
 */
#ifndef PLATFORM_UTF8_H
#define PLATFORM_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/compiler.h"

struct arena;

#define UTF8_BYTES_MAX 4
#define UTF8_REPLACEMENT 0xfffdU

/*
 * utf8_next(text, length, at): the code point at ${*at} < ${length}, and move
 * ${*at} behind it. Where no well-formed sequence begins, UTF8_BAD, and ${*at}
 * moves behind the maximal subpart (at least one byte).
 */
#define UTF8_BAD 0xffffffffU
uint32_t utf8_next(const char *text, size_t length, size_t *at);

/* utf8_put(to, c): ${c} in 1..UTF8_BYTES_MAX bytes at ${to}; how many. */
size_t utf8_put(char *to, uint32_t c);

/* utf8_valid(text, length): UTF-8, lone surrogates let through. */
bool utf8_valid(const char *text, size_t length);

/* utf8_has_surrogate(text, length): of text that is utf8_valid(). */
bool utf8_has_surrogate(const char *text, size_t length);

/* utf8_count(text, length): code points of text that is utf8_valid(). */
size_t utf8_count(const char *text, size_t length);

/*
 * utf8_scrub(arena, text, length, scrubbed_length): the text with U+FFFD for
 * whatever is not UTF-8 (surrogates too), NUL-terminated, from the arena.
 */
char *utf8_scrub(struct arena *arena, const char *text, size_t length,
    size_t *scrubbed_length);

/* utf8_is_surrogate(c): U+D800..U+DFFF. */
static inline bool
utf8_is_surrogate(uint32_t c)
{
	return (c >= 0xd800 && c <= 0xdfff);
}

/* utf8_is_space(c): the property White_Space. */
bool utf8_is_space(uint32_t c);

/* utf8_digit(c): the value 0..9 of a decimal digit of any script, or -1. */
int utf8_digit(uint32_t c);

/* What Python's str.strip() drops besides White_Space. */
#define UTF8_SEPARATORS "\x1c\x1d\x1e\x1f"

/*
 * utf8_trim(text, length, also): drop White_Space from both ends of text that
 * is utf8_valid(), and the ASCII characters of ${also}; returns where the rest
 * begins and sets ${*length} to what is left of it.
 */
const char *utf8_trim(const char *text, size_t *length, const char *also);

#endif
