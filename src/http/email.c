#include "http/email.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <idn2.h>

#include "platform/arena.h"
#include "platform/buffer.h"
#include "platform/utf8.h"

#define LENGTH_MAX 2048       /* of what is looked at at all, characters */
#define ADDRESS_BYTES_MAX 254 /* RFC 3696, erratum 1690 */
#define DOMAIN_MAX 253
#define LABEL_MAX 63

/* What Python's strip() drops besides Unicode's white space. */
#define SEPARATORS "\x1c\x1d\x1e\x1f"

/* RFC 5322, 3.2.3: atext; besides it, everything above ASCII. */
#define ATEXT_MARKS "!#$%&'*+-/=?^_`{|}~"
#define REASONS_CEILING_BYTES (64 * 1024)

struct text {
	const char *data;
	size_t length;
};

/* An address on its way: parts, and the first reason against it. */
struct reading {
	struct arena *arena;
	const char *reason;
	struct text local, domain;
	bool is_quoted;        /* the local part was */
	bool has_display_name; /* which is not allowed, after all else */
};

static bool
fail(struct reading *r, const char *reason)
{
	r->reason = reason;
	return (false);
}

static struct text
sub(struct text text, size_t from, size_t to)
{
	struct text part = { text.data + from, to - from };

	return (part);
}

static struct text
trim(struct text text)
{
	text.data = utf8_trim(text.data, &text.length, SEPARATORS);
	return (text);
}

static bool
contains(struct text text, const char *what)
{
	return (memmem(text.data, text.length, what, strlen(what)) != NULL);
}

static bool
is_ascii(struct text text)
{
	size_t i;

	for (i = 0; i < text.length; i++)
		if ((unsigned char)text.data[i] >= 0x80)
			return (false);
	return (true);
}

/* `Some One ` or `"Some One" ` or nothing, before an angle bracket. */
static bool
is_display_name(struct text name)
{
	size_t at = 0;

	name = trim(name);
	if (name.length > 2 && name.data[0] == '"' &&
	    name.data[name.length - 1] == '"')
		return (true);
	while (at < name.length) {
		uint32_t c = utf8_next(name.data, name.length, &at);

		if (c < 0x80 && !isalnum((int)c) && !isspace((int)c) &&
		    (c == '\0' || strchr("." ATEXT_MARKS, (int)c) == NULL))
			return (false);
	}
	return (true);
}

/* The address of `Some One <addr>`; anything else as it is. */
static struct text
strip_display_name(struct text text)
{
	struct text whole = trim(text);
	const char *open = whole.data;

	if (whole.length < 3 || whole.data[whole.length - 1] != '>')
		return (text);
	while ((open = memchr(open, '<',
		    whole.length - 1 - (size_t)(open - whole.data))) != NULL) {
		size_t at = (size_t)(open - whole.data);

		if (at + 2 < whole.length && is_display_name(sub(whole, 0, at)))
			return (sub(whole, at + 1, whole.length - 1));
		open++;
	}
	return (text);
}

/* The first of ${specials} outside quotes, or the length. */
static size_t
find_special(struct text text, const char *specials)
{
	bool inside = false, escaped = false;
	size_t i;

	for (i = 0; i < text.length; i++) {
		char c = text.data[i];

		if (inside) {
			inside = c != '"' || escaped;
			escaped = c == '\\' && !escaped;
		} else if (c == '"') {
			inside = true;
		} else if (c != '\0' && strchr(specials, c) != NULL) {
			break;
		}
	}
	return (i);
}

static bool
refuse_without_at(struct reading *r, struct text text)
{
	if (contains(text, "\xef\xbc\xa0"))
		return (fail(r,
		    "The email address has the \"full-width\" at-sign (@) "
		    "character instead of a regular at-sign."));
	if (contains(text, "\xef\xb9\xab"))
		return (
		    fail(r, "The email address has the \"small commercial at\" "
			    "character instead of a regular at-sign."));
	return (fail(r, "An email address must have an @-sign."));
}

/* Blanks, controls and private ground beyond ASCII. */
static bool
is_safe_character(uint32_t c)
{
	return (
	    c < 0x80 ||
	    (c >= 0xa0 && c != 0xad && !utf8_is_space(c) &&
		!utf8_is_surrogate(c) && !(c >= 0x200b && c <= 0x200f) &&
		!(c >= 0x202a && c <= 0x202e) &&
		!(c >= 0x2060 && c <= 0x206f) &&
		!(c >= 0xe000 && c <= 0xf8ff) && c != 0xfeff && c < 0xe0000));
}

/* A character as the reasons show it. */
static const char *
show(struct arena *arena, uint32_t c)
{
	if (c == ' ')
		return ("SPACE");
	if (c == '\\')
		return ("\"\\\"");
	if (c == '\'')
		return ("\"'\"");
	if (c > ' ' && c != 0x7f && (c < 0x80 || is_safe_character(c))) {
		char text[UTF8_BYTES_MAX + 1] = "";

		(void)utf8_put(text, c);
		return (arena_printf(arena, "'%s'", text));
	}
	return (arena_printf(arena, c < 0xffff ? "U+%04X" : "U+%08X", c));
}

static int
compare(const void *a, const void *b)
{
	return (strcmp(*(const char *const *)a, *(const char *const *)b));
}

/* ${before} and every character that is not allowed, each once, sorted. */
static bool
refuse_characters(struct reading *r, const char *before, struct text text,
    bool (*is_allowed)(uint32_t))
{
	const char **shown =
	    arena_alloc(r->arena, (text.length + 1) * sizeof(*shown));
	size_t n = 0, at = 0, i;
	struct buffer reason;

	while (at < text.length) {
		uint32_t c = utf8_next(text.data, text.length, &at);

		if (!is_allowed(c))
			shown[n++] = show(r->arena, c);
	}
	if (n == 0)
		return (true);
	qsort(shown, n, sizeof(*shown), compare);
	buffer_init(&reason, REASONS_CEILING_BYTES);
	buffer_puts(&reason, before);
	for (i = 0; i < n; i++)
		if (i == 0 || strcmp(shown[i - 1], shown[i]) != 0)
			buffer_printf(
			    &reason, "%s%s", i == 0 ? " " : ", ", shown[i]);
	buffer_putc(&reason, '.');
	r->reason = arena_strdup(r->arena, buffer_text(&reason));
	buffer_fini(&reason);
	return (false);
}

/* Something behind the quote that ends a quoted part. */
static bool
refuse_rest(struct reading *r, struct text rest)
{
	struct buffer reason;
	size_t at = 0;

	buffer_init(&reason, REASONS_CEILING_BYTES);
	buffer_puts(&reason, "Extra character(s) found after close quote: ");
	while (at < rest.length) {
		if (at > 0)
			buffer_puts(&reason, ", ");
		buffer_puts(&reason,
		    show(r->arena, utf8_next(rest.data, rest.length, &at)));
	}
	r->reason = arena_strdup(r->arena, buffer_text(&reason));
	buffer_fini(&reason);
	return (false);
}

/* ${part} without its quotes and their escapes, if it has any. */
static bool
unquote(struct reading *r, struct text *part, bool *is_quoted)
{
	struct text quoted = *part;
	char *out = arena_alloc(r->arena, quoted.length + 1);
	size_t n = 0, i;

	*is_quoted = quoted.length > 0 && quoted.data[0] == '"';
	if (!*is_quoted)
		return (true);
	for (i = 1; i < quoted.length && quoted.data[i] != '"'; i++) {
		if (quoted.data[i] == '\\' && ++i == quoted.length)
			break;
		out[n++] = quoted.data[i];
	}
	part->data = out;
	part->length = n;
	return (i + 1 >= quoted.length ||
		refuse_rest(r, sub(quoted, i + 1, quoted.length)));
}

static bool
is_name_character(uint32_t c)
{
	return (c < 0x80 &&
		(c == ' ' || isalnum((int)c) ||
		    (c != '\0' && strchr(ATEXT_MARKS, (int)c) != NULL)));
}

static bool
check_display_name(struct reading *r, struct text name)
{
	bool is_quoted;

	name.data = utf8_trim(name.data, &name.length, SEPARATORS);
	if (!unquote(r, &name, &is_quoted))
		return (false);
	return (is_quoted ||
		refuse_characters(r,
		    "The display name contains invalid characters when not "
		    "quoted:",
		    name, is_name_character));
}

/* `name <addr` that is no `name <addr>`: why not. */
static bool
open_brackets(struct reading *r, struct text *address)
{
	struct text rest = *address;

	if (memchr(rest.data, '>', rest.length) == NULL)
		return (fail(r,
		    "An open angle bracket at the start of the email address "
		    "has to be followed by a close angle bracket at the "
		    "end."));
	while (rest.length > 0 && rest.data[rest.length - 1] == ' ')
		rest.length--;
	if (rest.data[rest.length - 1] != '>')
		return (fail(
		    r, "There can't be anything after the email address."));
	while (rest.length > 1 && rest.data[rest.length - 1] == '>')
		rest.length--;
	r->has_display_name = true;
	*address = sub(rest, 1, rest.length);
	return (true);
}

static bool
split(struct reading *r, struct text address)
{
	size_t at = find_special(address, "@<");

	if (at < address.length && address.data[at] == '<') {
		if (!check_display_name(r, sub(address, 0, at)))
			return (false);
		address = sub(address, at, address.length);
		if (!open_brackets(r, &address))
			return (false);
		at = find_special(address, "@");
	}
	if (at == address.length)
		return (refuse_without_at(r, address));
	r->local = sub(address, 0, at);
	r->domain = sub(address, at + 1, address.length);
	return (unquote(r, &r->local, &r->is_quoted));
}

static bool
is_local_character(uint32_t c)
{
	return (c >= 0x80 || isalnum((int)c) ||
		(c != '\0' && strchr("." ATEXT_MARKS, (int)c) != NULL));
}

static bool
is_quoted_character(uint32_t c)
{
	return (c >= 0x80 || (c >= ' ' && c <= '~'));
}

static bool
is_domain_character(uint32_t c)
{
	return (c >= 0x80 || isalnum((int)c) || c == '-' || c == '.');
}

#define UNSAFE "The email address contains unsafe characters:"

/* Where dots, and in domains hyphens, may not stand. */
static bool
dots_are_right(struct reading *r, struct text text, const char *at_start,
    const char *at_end)
{
	if (text.data[text.length - 1] == '.')
		return (fail(r, at_end));
	if (text.data[0] == '.')
		return (fail(r, at_start));
	if (contains(text, ".."))
		return (fail(r, "An email address cannot have two periods in "
				"a row."));
	return (true);
}

static bool
hyphens_are_right(struct reading *r, struct text text)
{
	if (text.data[text.length - 1] == '-')
		return (fail(r, "An email address cannot end with a hyphen."));
	if (text.data[0] == '-')
		return (fail(r, "An email address cannot have a hyphen "
				"immediately after the @-sign."));
	if (contains(text, ".-") || contains(text, "-."))
		return (fail(r, "An email address cannot have a period and a "
				"hyphen next to each other."));
	return (true);
}

static bool
check_local(struct reading *r)
{
	if (r->local.length == 0)
		return (fail(r, "There must be something before the @-sign."));
	if (r->is_quoted) {
		if (!refuse_characters(r,
			"The email address contains invalid characters in "
			"quotes before the @-sign:",
			r->local, is_quoted_character))
			return (false);
		return (fail(r, "Quoting the part before the @-sign is not "
				"allowed here."));
	}
	return (refuse_characters(r,
		    "The email address contains invalid characters before "
		    "the @-sign:",
		    r->local, is_local_character) &&
		dots_are_right(r, r->local,
		    "An email address cannot start with a period.",
		    "An email address cannot have a period immediately before "
		    "the @-sign.") &&
		refuse_characters(r, UNSAFE, r->local, is_safe_character));
}

/* RFC 2142: mailboxes that are the same in any letter case. */
static void
lower_role(struct reading *r)
{
	static const char *const roles[] = { "info", "marketing", "sales",
		"support", "abuse", "noc", "security", "postmaster",
		"hostmaster", "usenet", "news", "webmaster", "www", "uucp",
		"ftp" };
	size_t i;

	for (i = 0; i < COUNT_OF(roles); i++)
		if (strlen(roles[i]) == r->local.length &&
		    strncasecmp(roles[i], r->local.data, r->local.length) == 0)
			r->local.data = roles[i];
}

static const char *
too_many(struct reading *r, const char *before, size_t length, size_t most)
{
	return (arena_printf(r->arena, "%s (%zu character%s too many).", before,
	    length - most, length - most > 1 ? "s" : ""));
}

/* The labels of a domain in ASCII: neither reserved nor too long. */
static bool
labels_are_right(struct reading *r, struct text domain, bool check_length)
{
	size_t from = 0, to;

	for (; from <= domain.length; from = to + 1) {
		for (to = from; to < domain.length && domain.data[to] != '.';)
			to++;
		if (check_length && to - from > LABEL_MAX)
			return (
			    fail(r, too_many(r,
					"After the @-sign, periods cannot be "
					"separated by so many characters",
					to - from, LABEL_MAX)));
		if (!check_length && to - from >= 4 &&
		    memcmp(domain.data + from + 2, "--", 2) == 0 &&
		    strncasecmp(domain.data + from, "xn", 2) != 0)
			return (fail(r,
			    "An email address cannot have two letters "
			    "followed by two dashes immediately after the "
			    "@-sign or after a period, except Punycode."));
	}
	return (true);
}

static bool
is_reserved(struct text domain)
{
	static const char *const names[] = { "arpa", "invalid", "local",
		"localhost", "onion", "test" };
	size_t i;

	for (i = 0; i < COUNT_OF(names); i++) {
		size_t length = strlen(names[i]);

		if (domain.length >= length &&
		    memcmp(domain.data + domain.length - length, names[i],
			length) == 0 &&
		    (domain.length == length ||
			domain.data[domain.length - length - 1] == '.'))
			return (true);
	}
	return (false);
}

static bool
is_deliverable(struct reading *r, struct text ascii)
{
	if (memchr(ascii.data, '.', ascii.length) == NULL)
		return (fail(r, "The part after the @-sign is not valid. It "
				"should have a period."));
	if (!isalpha((unsigned char)ascii.data[ascii.length - 1]))
		return (fail(r, "The part after the @-sign is not valid. It "
				"is not within a valid top-level domain."));
	if (is_reserved(ascii))
		return (fail(r, "The part after the @-sign is a special-use or "
				"reserved name that cannot be used with "
				"email."));
	return (true);
}

/* A domain of other letters (UTS #46, non-transitional), or of Punycode. */
static bool
convert(struct reading *r, const char *domain, struct text *out,
    int (*to)(const char *, char **, int), int flags)
{
	char *converted = NULL;
	int result = to(domain, &converted, flags);

	if (result == IDN2_OK) {
		out->data = arena_strdup(r->arena, converted);
		out->length = strlen(out->data);
		idn2_free(converted);
		return (true);
	}
	r->reason =
	    arena_printf(r->arena, "The part after the @-sign is invalid (%s).",
		idn2_strerror(result));
	return (false);
}

static bool
to_ascii(struct reading *r, struct text *ascii)
{
	char *domain = arena_copy(r->arena, r->domain.data, r->domain.length);
	size_t i;

	if (!is_ascii(r->domain))
		return (convert(r, domain, ascii, idn2_to_ascii_8z,
		    IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT));
	for (i = 0; i < r->domain.length; i++)
		domain[i] = (char)tolower((unsigned char)domain[i]);
	*ascii = (struct text){ domain, r->domain.length };
	return (true);
}

/* Punycode must be what the letters it stands for would become. */
static bool
decode_domain(struct reading *r, struct text ascii)
{
	struct text letters, again;

	if (!convert(r, ascii.data, &letters, idn2_to_unicode_8z8z, 0) ||
	    !refuse_characters(r,
		"The part after the @-sign contains invalid characters:",
		letters, is_domain_character) ||
	    !refuse_characters(r, UNSAFE, letters, is_safe_character) ||
	    !convert(r, letters.data, &again, idn2_to_ascii_8z,
		IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT))
		return (false);
	if (strcmp(again.data, ascii.data) != 0)
		return (fail(r, "The part after the @-sign is not valid IDNA "
				"(Invalid A-label)."));
	r->domain = letters;
	return (true);
}

/* [192.0.2.1] and [IPv6:…] are addresses, but not for us. */
static bool
refuse_literal(struct reading *r)
{
	size_t i;

	for (i = 1; i + 1 < r->domain.length; i++)
		if (!isdigit((unsigned char)r->domain.data[i]) &&
		    r->domain.data[i] != '.' && !contains(r->domain, ":"))
			return (fail(r,
			    "The part after the @-sign in brackets is not an "
			    "IPv4 address and has no address literal tag."));
	return (fail(r, "A bracketed IP address after the @-sign is not "
			"allowed here."));
}

static bool
check_domain(struct reading *r)
{
	struct text ascii;

	if (r->domain.length == 0)
		return (fail(r, "There must be something after the @-sign."));
	if (r->domain.data[0] == '[' &&
	    r->domain.data[r->domain.length - 1] == ']')
		return (refuse_literal(r));
	if (utf8_count(r->domain.data, r->domain.length) > DOMAIN_MAX)
		return (fail(
		    r, too_many(r,
			   "The email address is too long after the @-sign",
			   utf8_count(r->domain.data, r->domain.length),
			   DOMAIN_MAX)));
	if (!refuse_characters(r,
		"The part after the @-sign contains invalid characters:",
		r->domain, is_domain_character) ||
	    !refuse_characters(r, UNSAFE, r->domain, is_safe_character) ||
	    !dots_are_right(r, r->domain,
		"An email address cannot have a period immediately after the "
		"@-sign.",
		"An email address cannot end with a period.") ||
	    !hyphens_are_right(r, r->domain) ||
	    !labels_are_right(r, r->domain, false) ||
	    (is_ascii(r->domain) && !labels_are_right(r, r->domain, true)) ||
	    !to_ascii(r, &ascii) || !is_deliverable(r, ascii))
		return (false);
	r->domain = ascii;
	return (!contains(ascii, "xn--") || decode_domain(r, ascii));
}

/* Too many bytes: how many characters that is depends on which go. */
static bool
refuse_length(struct reading *r, const struct text address[2], size_t bytes)
{
	size_t over = bytes - ADDRESS_BYTES_MAX, widest = 1, fewest, i;

	for (i = 0; i < 2; i++) {
		size_t at = 0;

		while (at < address[i].length) {
			size_t from = at;

			(void)utf8_next(
			    address[i].data, address[i].length, &at);
			if (at - from > widest)
				widest = at - from;
		}
	}
	fewest = over / widest > 1 ? over / widest : 1;
	r->reason =
	    fewest == over
		? too_many(r, "The email address is too long", bytes,
		      ADDRESS_BYTES_MAX)
		: arena_printf(r->arena,
		      "The email address is too long (%zu-%zu character%s too "
		      "many).",
		      fewest, over, over > 1 ? "s" : "");
	return (false);
}

static bool
check(struct reading *r, struct text text)
{
	struct text address[2];
	size_t bytes;

	if (utf8_count(text.data, text.length) > LENGTH_MAX)
		return (fail(r, "Length must not exceed 2048 characters"));
	if (memchr(text.data, '\r', text.length) != NULL ||
	    memchr(text.data, '\n', text.length) != NULL)
		return (fail(r, "Carriage return and line feed characters are "
				"not allowed"));
	if (!split(r, trim(strip_display_name(text))) || !check_local(r))
		return (false);
	address[0] = r->local;
	address[1] = r->domain;
	bytes = r->local.length + 1 + r->domain.length;
	lower_role(r);
	if (!check_domain(r))
		return (false);
	if (bytes > ADDRESS_BYTES_MAX)
		return (refuse_length(r, address, bytes));
	if (r->has_display_name)
		return (fail(r, "A display name and angle brackets around the "
				"email address are not permitted here."));
	return (true);
}

int
email_read(
    struct arena *arena, const char *text, size_t length, struct email *email)
{
	struct reading r = { .arena = arena };
	struct text whole = { text, length };

	if (!check(&r, whole)) {
		email->reason = r.reason;
		return (-1);
	}
	email->text = arena_printf(arena, "%.*s@%.*s", (int)r.local.length,
	    r.local.data, (int)r.domain.length, r.domain.data);
	return (0);
}
