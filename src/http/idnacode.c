#include "http/idnacode.h"

#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <uninorm.h>
#include <unictype.h>

#include "http/punycode.h"
#include "platform/buffer.h"
#include "platform/utf8.h"

#define VIRAMA 9 /* a combining class */

static bool
is_between(uint32_t c, uint32_t first, uint32_t last)
{
	return (c >= first && c <= last);
}

void
idnacode_fold(struct buffer *b, uint32_t c)
{
	char character[UTF8_BYTES_MAX];
	size_t length = utf8_put(character, c), nfolded = 0;
	uint8_t *folded = u8_casefold((const uint8_t *)character, length, NULL,
	    UNINORM_NFKC, NULL, &nfolded);

	if (folded != NULL)
		buffer_append(b, folded, nfolded);
	free(folded);
}

/* Section 2.6, code points that the rules alone would put elsewhere. */
static bool
is_exception(uint32_t c, enum idnacode_class *found)
{
	static const struct {
		uint32_t first, last;
		enum idnacode_class code_class;
	} exceptions[] = {
		{ 0xb7, 0xb7, IDNACODE_CONTEXT },
		{ 0xdf, 0xdf, IDNACODE_VALID },
		{ 0x375, 0x375, IDNACODE_CONTEXT },
		{ 0x3c2, 0x3c2, IDNACODE_VALID },
		{ 0x5f3, 0x5f4, IDNACODE_CONTEXT },
		{ 0x640, 0x640, IDNACODE_DISALLOWED },
		{ 0x660, 0x669, IDNACODE_CONTEXT },
		{ 0x6f0, 0x6f9, IDNACODE_CONTEXT },
		{ 0x6fd, 0x6fe, IDNACODE_VALID },
		{ 0x7fa, 0x7fa, IDNACODE_DISALLOWED },
		{ 0xf0b, 0xf0b, IDNACODE_VALID },
		{ 0x200c, 0x200d, IDNACODE_JOINER },
		{ 0x3007, 0x3007, IDNACODE_VALID },
		{ 0x302e, 0x302f, IDNACODE_DISALLOWED },
		{ 0x3031, 0x3035, IDNACODE_DISALLOWED },
		{ 0x303b, 0x303b, IDNACODE_DISALLOWED },
		{ 0x30fb, 0x30fb, IDNACODE_CONTEXT },
		/* 2.9, parts of old Hangul syllables */
		{ 0x1100, 0x11ff, IDNACODE_DISALLOWED },
		{ 0xa960, 0xa97c, IDNACODE_DISALLOWED },
		{ 0xd7b0, 0xd7fb, IDNACODE_DISALLOWED },
		/* 2.4, blocks of marks for symbols and music */
		{ 0x20d0, 0x20ff, IDNACODE_DISALLOWED },
		{ 0x1d100, 0x1d24f, IDNACODE_DISALLOWED },
	};
	size_t i;

	for (i = 0; i < COUNT_OF(exceptions); i++)
		if (is_between(c, exceptions[i].first, exceptions[i].last)) {
			*found = exceptions[i].code_class;
			return (true);
		}
	return (false);
}

/* Section 2.2: folding or normalizing would change it. */
static bool
is_unstable(uint32_t c)
{
	char character[UTF8_BYTES_MAX];
	size_t length = utf8_put(character, c);
	struct buffer folded;
	bool is_same;

	buffer_init(&folded, 256);
	idnacode_fold(&folded, c);
	is_same = folded.length == length &&
		  memcmp(folded.data, character, length) == 0;
	buffer_fini(&folded);
	return (!is_same);
}

enum idnacode_class
idnacode_class(uint32_t c)
{
	enum idnacode_class found;

	if (c < 0x80)
		return (IDNACODE_VALID); /* a-z, 0-9 and hyphens are left */
	if (is_exception(c, &found))
		return (found);
	if (!uc_is_general_category_withtable(
		c, UC_CATEGORY_MASK_Ll | UC_CATEGORY_MASK_Lu |
		       UC_CATEGORY_MASK_Lo | UC_CATEGORY_MASK_Nd |
		       UC_CATEGORY_MASK_Lm | UC_CATEGORY_MASK_Mn |
		       UC_CATEGORY_MASK_Mc) ||
	    uc_is_property_default_ignorable_code_point(c) || is_unstable(c))
		return (IDNACODE_DISALLOWED);
	return (IDNACODE_VALID);
}

static bool
is_of_script(uint32_t c, const char *name)
{
	const uc_script_t *script = uc_script(c);

	return (script != NULL && strcmp(script->name, name) == 0);
}

static bool
any_between(const struct punycode_label *label, uint32_t first, uint32_t last)
{
	size_t i;

	for (i = 0; i < label->count; i++)
		if (is_between(label->codes[i], first, last))
			return (true);
	return (false);
}

static bool
any_japanese(const struct punycode_label *label)
{
	size_t i;

	for (i = 0; i < label->count; i++)
		if (label->codes[i] != 0x30fb &&
		    (is_of_script(label->codes[i], "Hiragana") ||
			is_of_script(label->codes[i], "Katakana") ||
			is_of_script(label->codes[i], "Han")))
			return (true);
	return (false);
}

/* Appendix A; nothing before or behind is U+0000, which is nothing's fellow.
 * A.1's other case (Arabic letters around U+200C) is not asked for: an address
 * may not have that character anyway. */
bool
idnacode_fits(const struct punycode_label *label, size_t at)
{
	uint32_t c = label->codes[at];
	uint32_t before = at > 0 ? label->codes[at - 1] : 0;
	uint32_t behind = at + 1 < label->count ? label->codes[at + 1] : 0;

	switch (c) {
	case 0x200c:
	case 0x200d: /* joiners */
		return (uc_combining_class(before) == VIRAMA);
	case 0xb7: /* a middle dot, between two l */
		return (before == 'l' && behind == 'l');
	case 0x375: /* a Greek numeral sign */
		return (is_of_script(behind, "Greek"));
	case 0x5f3:
	case 0x5f4: /* Hebrew punctuation */
		return (is_of_script(before, "Hebrew"));
	case 0x30fb: /* a Katakana middle dot */
		return (any_japanese(label));
	default: /* Arabic digits, of one kind only */
		return (c < 0x6f0 ? !any_between(label, 0x6f0, 0x6f9)
				  : !any_between(label, 0x660, 0x669));
	}
}
