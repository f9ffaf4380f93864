/*
 * idnacode: which code points the labels of domain names may have, and where.
 *
 * The classes of IDNA 2008 follow from Unicode's properties by rules, so they
 * are derived here, not tabulated.
 *
 * Context  any.
 * Source   RFC 5892, 2 and 3 (classes), appendix A (where). Unicode 14.
 */
#ifndef HTTP_IDNACODE_H
#define HTTP_IDNACODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;
struct punycode_label;

enum idnacode_class {
	IDNACODE_VALID,
	IDNACODE_JOINER,  /* where idnacode_fits() */
	IDNACODE_CONTEXT, /* likewise */
	IDNACODE_DISALLOWED
};

enum idnacode_class idnacode_class(uint32_t c);

/* idnacode_fits(label, at): whether its neighbours let a joiner or context
 * code point stand at ${at}. */
bool idnacode_fits(const struct punycode_label *label, size_t at);

/* idnacode_fold(b, c): what NFKC and case folding make of ${c}. */
void idnacode_fold(struct buffer *b, uint32_t c);

#endif
