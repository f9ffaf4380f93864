#include "http/idna.h"

#include <stdio.h>
#include <string.h>

#include <unictype.h>

#include "http/bidirule.h"
#include "http/idnacode.h"
#include "http/punycode.h"
#include "platform/arena.h"
#include "platform/buffer.h"
#include "platform/utf8.h"

#define PREFIX "xn--"
#define LABEL_BYTES_MAX 63
#define LABEL_CODES_MAX 254 /* of what is looked at at all */
#define MAPPED_CEILING_BYTES 65536

static bool
is_between(uint32_t c, uint32_t first, uint32_t last)
{
	return (c >= first && c <= last);
}

/* ---- labels ----------------------------------------------------------- */

static struct punycode_label
codes_of(struct arena *arena, struct mailtext text)
{
	struct punycode_label label;
	size_t at = 0;

	label.codes = arena_alloc(arena, (text.length + 1) * sizeof(uint32_t));
	label.count = 0;
	while (at < text.length)
		label.codes[label.count++] =
		    utf8_next(text.data, text.length, &at);
	return (label);
}

static struct mailtext
text_of(struct arena *arena, const struct punycode_label *label)
{
	char *data = arena_alloc(arena, label->count * UTF8_BYTES_MAX + 1);
	struct mailtext text = { data, 0 };
	size_t i;

	for (i = 0; i < label->count; i++)
		text.length += utf8_put(data + text.length, label->codes[i]);
	return (text);
}

static size_t
put_escape(char *to, uint32_t c)
{
	char text[11];
	size_t length = (size_t)snprintf(text, sizeof(text),
	    c < 0x100     ? "\\x%02x"
	    : c < 0x10000 ? "\\u%04x"
			  : "\\U%08x",
	    c);

	memcpy(to, text, length);
	return (length);
}

/* As Python's repr() writes it: what nobody can see by its number. */
static const char *
quote(struct arena *arena, const struct punycode_label *label)
{
	/* "\Uxxxxxxxx" is the longest. */
	char *quoted = arena_alloc(arena, label->count * 10 + 3), *to = quoted;
	size_t i;

	*to++ = '\'';
	for (i = 0; i < label->count; i++) {
		uint32_t c = label->codes[i];

		if (uc_is_general_category_withtable(
			c, UC_CATEGORY_MASK_C | UC_CATEGORY_MASK_Z))
			to += put_escape(to, c);
		else
			to += utf8_put(to, c);
	}
	*to++ = '\'';
	*to = '\0';
	return (quoted);
}

/* The label that begins at ${from}; its end is a dot or the text's. */
static struct mailtext
label_at(struct mailtext domain, size_t from)
{
	const char *dot = memchr(domain.data + from, '.', domain.length - from);

	return (mailtext_part(domain, from,
	    dot == NULL ? domain.length : (size_t)(dot - domain.data)));
}

/* ---- mapping (UTS #46) ------------------------------------------------ */

/* Assigned, visible, and yet of no use in any name. */
static bool
is_unmappable(uint32_t c)
{
	return (is_between(c, 0x2ff0, 0x2ffb) || c == 0xfe12 || c == 0xfe19 ||
		c == 0xfe30 || is_between(c, 0xfffc, 0xfffd));
}

static bool
is_other_dot(uint32_t c)
{
	return (c == 0x3002 || c == 0xff61);
}

/* What Unicode folds and IDNA 2008 keeps. */
static bool
is_kept(uint32_t c)
{
	return (c == 0xdf || c == 0x3c2);
}

static void
put_mapped(struct buffer *b, uint32_t c)
{
	char character[UTF8_BYTES_MAX];

	if (is_other_dot(c))
		buffer_putc(b, '.');
	else if (c == 0x1e9e) /* a large sharp s */
		buffer_puts(b, "\xc3\x9f");
	else if (is_kept(c))
		buffer_append(b, character, utf8_put(character, c));
	else if (!uc_is_property_default_ignorable_code_point(c))
		idnacode_fold(b, c);
}

/* "Codepoint U+2603 not allowed at position 1 in '…'" */
static const char *
refuse_code(struct arena *arena, const char *what,
    const struct punycode_label *label, size_t at)
{
	return (
	    arena_printf(arena, "%s U+%04X not allowed at position %zu in %s",
		what, label->codes[at], at + 1, quote(arena, label)));
}

const char *
idna_map(struct arena *arena, struct mailtext domain, struct mailtext *mapped)
{
	struct punycode_label codes = codes_of(arena, domain);
	struct mailtext folded;
	struct buffer b;
	size_t i;

	for (i = 0; i < codes.count; i++)
		if (is_unmappable(codes.codes[i]))
			return (refuse_code(arena, "Codepoint", &codes, i));
	buffer_init(&b, MAPPED_CEILING_BYTES);
	for (i = 0; i < codes.count; i++)
		put_mapped(&b, codes.codes[i]);
	folded.length = b.length;
	folded.data = arena_copy(arena, buffer_text(&b), b.length);
	buffer_fini(&b);
	*mapped = mailtext_compose(arena, folded);
	return (NULL);
}

/* ---- labels by the rules of IDNA 2008 --------------------------------- */

static const char *
check_code(struct arena *arena, const struct punycode_label *label, size_t at)
{
	switch (idnacode_class(label->codes[at])) {
	case IDNACODE_VALID:
		break;
	case IDNACODE_JOINER:
		if (!idnacode_fits(label, at))
			return (refuse_code(arena, "Joiner", label, at));
		break;
	case IDNACODE_CONTEXT:
		if (!idnacode_fits(label, at))
			return (refuse_code(arena, "Codepoint", label, at));
		break;
	case IDNACODE_DISALLOWED:
		return (arena_printf(arena,
		    "Codepoint U+%04X at position %zu of %s not allowed",
		    label->codes[at], at + 1, quote(arena, label)));
	}
	return (NULL);
}

static bool
is_composed(struct arena *arena, struct mailtext text)
{
	struct mailtext composed = mailtext_compose(arena, text);

	return (composed.length == text.length &&
		memcmp(composed.data, text.data, text.length) == 0);
}

/* Where hyphens, marks and other things may stand in a label. */
static const char *
check_shape(struct arena *arena, struct mailtext text,
    const struct punycode_label *label)
{
	if (label->count == 0)
		return ("Empty Label");
	if (label->count > LABEL_CODES_MAX)
		return ("Label too long");
	if (!is_composed(arena, text))
		return ("Label must be in Normalization Form C");
	if (label->count >= 4 && label->codes[2] == '-' &&
	    label->codes[3] == '-')
		return ("Label has disallowed hyphens in 3rd and 4th position");
	if (label->codes[0] == '-' || label->codes[label->count - 1] == '-')
		return ("Label must not start or end with a hyphen");
	if (uc_is_general_category_withtable(
		label->codes[0], UC_CATEGORY_MASK_M))
		return ("Label begins with an illegal combining character");
	return (NULL);
}

static const char *
check_label(struct arena *arena, const struct punycode_label *label)
{
	const char *wrong = check_shape(arena, text_of(arena, label), label);
	size_t i;

	for (i = 0; wrong == NULL && i < label->count; i++)
		wrong = check_code(arena, label, i);
	if (wrong == NULL && bidirule_applies(label))
		wrong = bidirule_check(arena, label, quote(arena, label));
	return (wrong);
}

/* What a label of ASCII stands for. */
static const char *
decode_label(
    struct arena *arena, struct mailtext ascii, struct punycode_label *label)
{
	struct mailtext coded;

	if (!mailtext_starts(ascii, PREFIX)) {
		*label = codes_of(arena, ascii);
		return (check_label(arena, label));
	}
	coded = mailtext_part(ascii, sizeof(PREFIX) - 1, ascii.length);
	if (coded.length == 0)
		return (
		    "Malformed A-label, no Punycode eligible content found");
	if (mailtext_ends(coded, '-'))
		return ("A-label must not end with a hyphen");
	if (punycode_decode(arena, coded.data, coded.length, label) == -1)
		return ("Invalid A-label");
	if (!mailtext_is(coded, punycode_encode(arena, label)))
		return ("A-label is not the canonical Punycode encoding of its "
			"U-label");
	return (check_label(arena, label));
}

/* The same the other way; of ASCII it is what it is, if it is right. */
static const char *
encode_label(struct arena *arena, struct mailtext text, struct buffer *b)
{
	struct punycode_label label;
	size_t start = b->length;
	const char *wrong;

	if (mailtext_is_ascii(text)) {
		wrong = decode_label(arena, text, &label);
		buffer_append(b, text.data, text.length);
	} else {
		label = codes_of(arena, text);
		wrong = check_label(arena, &label);
		if (wrong != NULL)
			return (wrong);
		buffer_puts(b, PREFIX);
		buffer_puts(b, punycode_encode(arena, &label));
	}
	if (wrong == NULL && b->length - start > LABEL_BYTES_MAX)
		return ("Label too long");
	return (wrong);
}

static const char *
put_letters(struct arena *arena, struct mailtext ascii, struct buffer *b)
{
	struct punycode_label label;
	const char *wrong = decode_label(arena, ascii, &label);
	struct mailtext text;

	if (wrong != NULL)
		return (wrong);
	text = text_of(arena, &label);
	buffer_append(b, text.data, text.length);
	return (NULL);
}

/* ---- domains ---------------------------------------------------------- */

/* Label by label, up to the first that is wrong. */
static const char *
convert(struct arena *arena, struct mailtext domain, struct mailtext *converted,
    const char *(*put)(struct arena *, struct mailtext, struct buffer *))
{
	const char *wrong = NULL;
	struct buffer b;
	size_t from;

	buffer_init(&b, MAPPED_CEILING_BYTES);
	for (from = 0; wrong == NULL && from <= domain.length;) {
		struct mailtext label = label_at(domain, from);

		if (from > 0)
			buffer_putc(&b, '.');
		wrong = put(arena, label, &b);
		from += label.length + 1;
	}
	converted->length = b.length;
	converted->data = arena_copy(arena, buffer_text(&b), b.length);
	buffer_fini(&b);
	/* cppcheck-suppress returnDanglingLifetime ; it is not in the buffer */
	return (wrong);
}

const char *
idna_to_ascii(
    struct arena *arena, struct mailtext domain, struct mailtext *ascii)
{
	return (convert(arena, domain, ascii, encode_label));
}

const char *
idna_to_letters(
    struct arena *arena, struct mailtext ascii, struct mailtext *letters)
{
	return (convert(arena, ascii, letters, put_letters));
}

const char *
idna_check_directions(struct arena *arena, struct mailtext letters)
{
	struct punycode_label all = codes_of(arena, letters), label;
	const char *wrong = NULL;
	size_t from;

	if (!bidirule_applies(&all))
		return (NULL);
	for (from = 0; wrong == NULL && from <= letters.length;) {
		struct mailtext text = label_at(letters, from);

		label = codes_of(arena, text);
		wrong = bidirule_check(arena, &label, quote(arena, &label));
		from += text.length + 1;
	}
	return (wrong);
}
