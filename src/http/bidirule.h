/*
 * bidirule: labels that mix directions in a way that could be misread.
 *
 * Context  any; all memory is the arena's.
 * Source   RFC 5893, 2, "The Bidi Rule"; Unicode Standard Annex #9 (classes).
 */
#ifndef HTTP_BIDIRULE_H
#define HTTP_BIDIRULE_H

#include <stdbool.h>

#include "platform/compiler.h"

struct arena;
struct punycode_label;

/* bidirule_applies(label): something in it is written from right to left. */
bool bidirule_applies(const struct punycode_label *label);

/*
 * bidirule_check(arena, label, quoted): the first condition that the label,
 * which is not empty, breaks, in words; ${quoted} is how it is shown. Or NULL.
 */
const char *bidirule_check(struct arena *arena,
    const struct punycode_label *label, const char *quoted) MUST_CHECK;

#endif
