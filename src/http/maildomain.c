#include "http/maildomain.h"

#include <ctype.h>
#include <string.h>

#include <uninorm.h>

#include "http/idna.h"
#include "http/mailliteral.h"
#include "platform/arena.h"
#include "platform/utf8.h"

#define DOMAIN_MAX 253 /* characters; in ASCII: bytes */
#define LABEL_MAX 63

#define TOO_LONG "The email address is too long after the @-sign"
#define NOT_IDNA "The part after the @-sign is not valid IDNA (%s)."
#define INVALID "The part after the @-sign contains invalid characters:"

static bool
is_domain_character(uint32_t c)
{
	return (c >= 0x80 || isalnum((int)c) || c == '-' || c == '.');
}

/* A dot within a sign, as of a numbered list, would become one of ours. */
static bool
is_no_dotted_sign(uint32_t c)
{
	ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];
	int tag, n, i;

	if (c < 0x80 || c == 0xff0e)
		return (true);
	n = uc_decomposition(c, &tag, parts);
	for (i = 0; i < n; i++)
		if (parts[i] == '.')
			return (false);
	return (true);
}

static const char *
check_characters(struct arena *arena, struct mailtext text)
{
	const char *wrong =
	    mailtext_refuse(arena, INVALID, text, is_domain_character);

	if (wrong == NULL)
		wrong = mailtext_unsafe(arena, text, false);
	if (wrong == NULL)
		wrong =
		    mailtext_refuse(arena, INVALID, text, is_no_dotted_sign);
	return (wrong);
}

static const char *
map(struct arena *arena, struct mailtext text, struct mailtext *mapped)
{
	const char *wrong = idna_map(arena, text, mapped);

	if (wrong != NULL)
		return (arena_printf(arena,
		    "The part after the @-sign contains invalid characters "
		    "(%s).",
		    wrong));
	return (mailtext_refuse(arena,
	    "The part after the @-sign contains invalid characters after "
	    "Unicode normalization:",
	    *mapped, is_domain_character));
}

/* Two letters and two hyphens announce a code; ours is Punycode alone. */
static bool
is_reserved_label(struct mailtext label)
{
	size_t at = 0, n;

	if (mailtext_starts(label, "xn"))
		return (false);
	for (n = 0; n < 2; n++) {
		if (at == label.length)
			return (false);
		(void)utf8_next(label.data, label.length, &at);
	}
	return (mailtext_starts(mailtext_part(label, at, label.length), "--"));
}

static bool
is_long_label(struct mailtext label)
{
	return (label.length > LABEL_MAX);
}

/* The first label that is so; false if none is. */
static bool
find_label(struct mailtext domain, bool (*is_so)(struct mailtext),
    struct mailtext *found)
{
	size_t from, to;

	for (from = 0; from <= domain.length; from = to + 1) {
		for (to = from; to < domain.length; to++)
			if (domain.data[to] == '.')
				break;
		*found = mailtext_part(domain, from, to);
		if (is_so(*found))
			return (true);
	}
	return (false);
}

/* Where dots and hyphens may not stand. */
static const char *
check_shape(struct mailtext domain)
{
	struct mailtext label;
	const char *wrong = mailtext_dots(domain,
	    "An email address cannot have a period immediately after the "
	    "@-sign.",
	    "An email address cannot end with a period.");

	if (wrong != NULL)
		return (wrong);
	if (mailtext_ends(domain, '-'))
		return ("An email address cannot end with a hyphen.");
	if (mailtext_starts(domain, "-"))
		return ("An email address cannot have a hyphen immediately "
			"after the @-sign.");
	if (mailtext_contains(domain, ".-") || mailtext_contains(domain, "-."))
		return ("An email address cannot have a period and a hyphen "
			"next to each other.");
	if (find_label(domain, is_reserved_label, &label))
		return ("An email address cannot have two letters followed by "
			"two dashes immediately after the @-sign or after a "
			"period, except Punycode.");
	return (NULL);
}

static const char *
convert(struct arena *arena, struct mailtext mapped, struct mailtext *ascii)
{
	const char *wrong = NULL;

	if (mailtext_is_ascii(mapped) && mapped.length > 0)
		*ascii = mapped;
	else
		wrong = idna_to_ascii(arena, mapped, ascii);
	if (wrong != NULL)
		return (arena_printf(arena,
		    "The part after the @-sign is invalid (%s).", wrong));
	return (NULL);
}

static const char *
check_lengths(struct arena *arena, struct mailtext ascii)
{
	struct mailtext label;

	if (ascii.length > DOMAIN_MAX)
		return (arena_printf(arena,
		    TOO_LONG " (%zu byte%s too many after IDNA encoding).",
		    ascii.length - DOMAIN_MAX,
		    ascii.length - DOMAIN_MAX == 1 ? "" : "s"));
	if (find_label(ascii, is_long_label, &label))
		return (mailtext_too_many(arena,
		    "After the @-sign, periods cannot be separated by so many "
		    "characters",
		    label.length, LABEL_MAX));
	return (NULL);
}

static bool
is_special(struct mailtext domain)
{
	static const char *const names[] = { ".arpa", ".invalid", ".local",
		".localhost", ".onion", ".test" };
	size_t i;

	for (i = 0; i < COUNT_OF(names); i++) {
		size_t length = strlen(names[i]);

		if (domain.length >= length &&
		    memcmp(domain.data + domain.length - length, names[i],
			length) == 0)
			return (true);
	}
	return (false);
}

static const char *
check_reach(struct mailtext ascii)
{
	if (!mailtext_contains(ascii, "."))
		return ("The part after the @-sign is not valid. It should "
			"have a period.");
	if (!isalpha((unsigned char)ascii.data[ascii.length - 1]))
		return ("The part after the @-sign is not valid. It is not "
			"within a valid top-level domain.");
	if (is_special(ascii))
		return ("The part after the @-sign is a special-use or "
			"reserved name that cannot be used with email.");
	return (NULL);
}

/* What the labels of Punycode among others stand for. */
static const char *
find_letters(
    struct arena *arena, struct mailtext ascii, struct mailtext *letters)
{
	const char *wrong = idna_to_letters(arena, ascii, letters);

	if (wrong != NULL)
		return (arena_printf(arena, NOT_IDNA, wrong));
	wrong = mailtext_refuse(arena, INVALID, *letters, is_domain_character);
	if (wrong == NULL)
		wrong = mailtext_unsafe(arena, *letters, false);
	if (wrong != NULL)
		return (wrong);
	wrong = idna_check_directions(arena, *letters);
	if (wrong != NULL)
		return (arena_printf(arena, NOT_IDNA, wrong));
	return (NULL);
}

static const char *
read_name(struct arena *arena, struct mailtext text, struct maildomain *domain)
{
	size_t length = utf8_count(text.data, text.length);
	struct mailtext mapped, ascii;
	const char *wrong;

	if (length > DOMAIN_MAX)
		return (mailtext_too_many(arena, TOO_LONG, length, DOMAIN_MAX));
	if ((wrong = check_characters(arena, text)) != NULL ||
	    (wrong = map(arena, text, &mapped)) != NULL ||
	    (wrong = check_shape(mapped)) != NULL ||
	    (wrong = convert(arena, mapped, &ascii)) != NULL ||
	    (wrong = check_lengths(arena, ascii)) != NULL ||
	    (wrong = check_reach(ascii)) != NULL)
		return (wrong);
	domain->ascii = domain->letters = ascii;
	if (!mailtext_contains(ascii, "xn--"))
		return (NULL);
	return (find_letters(arena, ascii, &domain->letters));
}

const char *
maildomain_read(
    struct arena *arena, struct mailtext text, struct maildomain *domain)
{
	if (text.length == 0)
		return ("There must be something after the @-sign.");
	if (mailtext_starts(text, "[") && mailtext_ends(text, ']'))
		return (mailliteral_refuse(
		    arena, mailtext_part(text, 1, text.length - 1)));
	return (read_name(arena, text, domain));
}
