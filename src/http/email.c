#include "http/email.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <uninorm.h>
#include <unictype.h>

#include "http/maildomain.h"
#include "http/mailtext.h"
#include "platform/arena.h"
#include "platform/buffer.h"
#include "platform/utf8.h"

#define LENGTH_MAX 2048       /* of what is looked at at all, characters */
#define ADDRESS_BYTES_MAX 254 /* RFC 3696, erratum 1690 */

/* RFC 5322, 3.2.3: atext; besides it, everything above ASCII. */
#define ATEXT_MARKS "!#$%&'*+-/=?^_`{|}~"

/* UAX #15: so many marks in a row belong together at most, and one more. */
#define MARKS_MAX 32

#define TOO_LONG "The email address is too long"

/* An address taken apart. */
struct address {
	struct mailtext sent_local; /* as it came, quotes and all */
	struct mailtext local, domain;
	bool is_quoted;        /* the local part was */
	bool has_display_name; /* which is not allowed, after all else */
};

/* ---- the address in `Some One <address>` ------------------------------ */

static bool
is_blank(uint32_t c)
{
	return (utf8_is_space(c) || (c >= 0x1c && c <= 0x1f));
}

/* A letter or number of any script, or a mark that addresses may have. */
static bool
is_word_character(uint32_t c)
{
	if (c < 0x80)
		return (isalnum((int)c) ||
			(c != '\0' && strchr("." ATEXT_MARKS, (int)c) != NULL));
	return (uc_is_general_category_withtable(
	    c, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N));
}

static bool
is_plain_name(struct mailtext name)
{
	size_t at = 0;

	while (at < name.length) {
		uint32_t c = utf8_next(name.data, name.length, &at);

		if (!is_word_character(c) && !is_blank(c))
			return (false);
	}
	return (true);
}

/* Where `"Some One" <` ends, behind as many quotes as there may be; 0 if
 * there is none. */
static size_t
find_quoted_name(struct mailtext text)
{
	size_t quote = text.length, at;

	while (quote-- > 2) {
		if (text.data[quote] != '"')
			continue;
		for (at = quote + 1; at < text.length;) {
			size_t from = at;
			uint32_t c = utf8_next(text.data, text.length, &at);

			if (c == '<' && at + 1 < text.length)
				return (from);
			if (!is_blank(c))
				break;
		}
	}
	return (0);
}

/* The address of `Some One <addr>`; anything else as it is. */
static struct mailtext
strip_display_name(struct mailtext text)
{
	struct mailtext whole = mailtext_trim(text);
	const char *open = memchr(whole.data, '<', whole.length);
	size_t at = open == NULL ? 0 : (size_t)(open - whole.data);

	if (open == NULL || !mailtext_ends(whole, '>'))
		return (text);
	if (!is_plain_name(mailtext_part(whole, 0, at)))
		at = mailtext_starts(whole, "\"") ? find_quoted_name(whole) : 0;
	if (whole.data[at] != '<' || at + 2 >= whole.length)
		return (text);
	return (mailtext_part(whole, at + 1, whole.length - 1));
}

/* ---- its parts -------------------------------------------------------- */

/* What follows makes another character of the one at ${at}: then it is none
 * of those that mean something. */
static bool
is_combined(struct mailtext text, size_t at)
{
	uint8_t *composed;
	size_t length = 0, end = at, n;
	bool is_same;

	if (at + 1 == text.length || (text.data[at + 1] & 0x80) == 0)
		return (false);
	for (n = 0; n < MARKS_MAX && end < text.length; n++)
		(void)utf8_next(text.data, text.length, &end);
	composed = u8_normalize(UNINORM_NFC, (const uint8_t *)text.data + at,
	    end - at, NULL, &length);
	is_same = composed == NULL || composed[0] == (uint8_t)text.data[at];
	free(composed);
	return (!is_same);
}

/* The first of ${specials} outside quotes, or the length. */
static size_t
find_special(struct mailtext text, const char *specials)
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
		} else if (c != '\0' && strchr(specials, c) != NULL &&
			   !is_combined(text, i)) {
			break;
		}
	}
	return (i);
}

static const char *
refuse_without_at(struct mailtext text)
{
	if (mailtext_contains(text, "\xef\xbc\xa0"))
		return ("The email address has the \"full-width\" at-sign (@) "
			"character instead of a regular at-sign.");
	if (mailtext_contains(text, "\xef\xb9\xab"))
		return ("The email address has the \"small commercial at\" "
			"character instead of a regular at-sign.");
	return ("An email address must have an @-sign.");
}

/* Something behind the quote that ends a quoted part. */
static const char *
refuse_rest(struct arena *arena, struct mailtext rest)
{
	struct buffer text;
	size_t at = 0;

	buffer_init(&text, MAILTEXT_REASON_BYTES_MAX);
	buffer_puts(&text, "Extra character(s) found after close quote: ");
	while (at < rest.length) {
		if (at > 0)
			buffer_puts(&text, ", ");
		buffer_puts(&text, mailtext_show(arena,
				       utf8_next(rest.data, rest.length, &at)));
	}
	return (buffer_keep(&text, arena));
}

/* ${part} without its quotes and their escapes, if it has any. */
static const char *
unquote(struct arena *arena, struct mailtext *part, bool *is_quoted)
{
	struct mailtext quoted = *part;
	char *out;
	size_t n = 0, i;

	*is_quoted = mailtext_starts(quoted, "\"");
	if (!*is_quoted)
		return (NULL);
	out = arena_alloc(arena, quoted.length);
	for (i = 1; i < quoted.length && quoted.data[i] != '"'; i++) {
		if (quoted.data[i] == '\\' && ++i == quoted.length)
			break;
		out[n++] = quoted.data[i];
	}
	part->data = out;
	part->length = n;
	if (i + 1 >= quoted.length)
		return (NULL);
	return (
	    refuse_rest(arena, mailtext_part(quoted, i + 1, quoted.length)));
}

static bool
is_name_character(uint32_t c)
{
	return (c < 0x80 &&
		(c == ' ' || isalnum((int)c) ||
		    (c != '\0' && strchr(ATEXT_MARKS, (int)c) != NULL)));
}

static const char *
check_display_name(struct arena *arena, struct mailtext name)
{
	const char *wrong;
	bool is_quoted;

	name = mailtext_trim(name);
	wrong = unquote(arena, &name, &is_quoted);
	if (wrong == NULL && !is_quoted)
		wrong = mailtext_refuse(arena,
		    "The display name contains invalid characters when not "
		    "quoted:",
		    name, is_name_character);
	if (wrong == NULL)
		wrong = mailtext_unsafe(arena, name, true);
	return (wrong);
}

/* `<addr>` behind a display name. */
static const char *
open_brackets(struct mailtext *text)
{
	if (memchr(text->data, '>', text->length) == NULL)
		return ("An open angle bracket at the start of the email "
			"address has to be followed by a close angle bracket "
			"at the end.");
	while (mailtext_ends(*text, ' '))
		text->length--;
	if (!mailtext_ends(*text, '>'))
		return ("There can't be anything after the email address.");
	*text = mailtext_part(*text, 1, text->length - 1);
	return (NULL);
}

static const char *
split(struct arena *arena, struct mailtext text, struct address *address)
{
	size_t at = find_special(text, "@<");
	const char *wrong;

	address->has_display_name = at < text.length && text.data[at] == '<';
	if (address->has_display_name) {
		wrong = check_display_name(arena, mailtext_part(text, 0, at));
		if (wrong != NULL)
			return (wrong);
		text = mailtext_part(text, at, text.length);
		if ((wrong = open_brackets(&text)) != NULL)
			return (wrong);
		at = find_special(text, "@");
	}
	if (at == text.length)
		return (refuse_without_at(text));
	address->sent_local = address->local = mailtext_part(text, 0, at);
	address->domain = mailtext_part(text, at + 1, text.length);
	return (unquote(arena, &address->local, &address->is_quoted));
}

/* ---- what stands before the @ ----------------------------------------- */

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

/* Words with dots between them need no quotes. */
static const char *
check_words(struct arena *arena, struct mailtext local)
{
	const char *wrong = mailtext_refuse(arena,
	    "The email address contains invalid characters before the @-sign:",
	    local, is_local_character);

	if (wrong == NULL)
		wrong = mailtext_dots(local,
		    "An email address cannot start with a period.",
		    "An email address cannot have a period immediately before "
		    "the @-sign.");
	return (wrong);
}

static const char *
check_local(struct arena *arena, struct mailtext local, bool is_quoted)
{
	const char *wrong;
	bool are_words;

	if (local.length == 0)
		return ("There must be something before the @-sign.");
	wrong = check_words(arena, local);
	are_words = wrong == NULL;
	if (!are_words && is_quoted)
		wrong = mailtext_refuse(arena,
		    "The email address contains invalid characters in quotes "
		    "before the @-sign:",
		    local, is_quoted_character);
	if (wrong == NULL)
		wrong = mailtext_unsafe(arena, local, !are_words);
	return (wrong);
}

/* RFC 2142: mailboxes that are the same in any letter case. */
static struct mailtext
lower_role(struct mailtext local)
{
	static const char *const roles[] = { "info", "marketing", "sales",
		"support", "abuse", "noc", "security", "postmaster",
		"hostmaster", "usenet", "news", "webmaster", "www", "uucp",
		"ftp" };
	size_t i;

	for (i = 0; i < COUNT_OF(roles); i++)
		if (strlen(roles[i]) == local.length &&
		    strncasecmp(roles[i], local.data, local.length) == 0)
			return (mailtext_of(roles[i]));
	return (local);
}

static const char *
read_local(struct arena *arena, struct address *address)
{
	struct mailtext composed;
	const char *wrong =
	    check_local(arena, address->local, address->is_quoted);

	if (wrong != NULL)
		return (wrong);
	composed = mailtext_compose(arena, address->local);
	wrong = check_local(arena, composed, address->is_quoted);
	if (wrong != NULL)
		return (arena_printf(
		    arena, "After Unicode normalization: %s", wrong));
	if (address->is_quoted)
		return ("Quoting the part before the @-sign is not allowed "
			"here.");
	address->local = lower_role(composed);
	return (NULL);
}

/* ---- the whole -------------------------------------------------------- */

static size_t
widest_character(struct mailtext text)
{
	size_t at = 0, widest = 1, from;

	while (at < text.length) {
		from = at;
		(void)utf8_next(text.data, text.length, &at);
		if (at - from > widest)
			widest = at - from;
	}
	return (widest);
}

/* Too many bytes: how many characters that is depends on which go. */
static const char *
refuse_sent(struct arena *arena, const struct address *address, size_t bytes)
{
	size_t over = bytes - ADDRESS_BYTES_MAX, fewest;
	size_t widest = widest_character(address->sent_local);

	if (widest_character(address->domain) > widest)
		widest = widest_character(address->domain);
	fewest = over / widest > 1 ? over / widest : 1;
	if (fewest == over)
		return (mailtext_too_many(
		    arena, TOO_LONG, bytes, ADDRESS_BYTES_MAX));
	return (arena_printf(
	    arena, TOO_LONG " (%zu-%zu characters too many).", fewest, over));
}

static const char *
refuse_form(struct arena *arena, const char *form, size_t bytes)
{
	size_t over = bytes - ADDRESS_BYTES_MAX;

	return (arena_printf(arena, TOO_LONG " %s (%zu byte%s too many).", form,
	    over, over > 1 ? "s" : ""));
}

/* All forms of it that anybody may use. */
static const char *
check_lengths(struct arena *arena, const struct address *address,
    const struct maildomain *domain)
{
	size_t sent = address->sent_local.length + 1 + address->domain.length;
	size_t letters = address->local.length + 1 + domain->letters.length;
	size_t ascii = address->local.length + 1 + domain->ascii.length;

	if (sent > ADDRESS_BYTES_MAX)
		return (refuse_sent(arena, address, sent));
	if (letters > ADDRESS_BYTES_MAX)
		return (refuse_form(arena, "after normalization", letters));
	if (ascii > ADDRESS_BYTES_MAX)
		return (refuse_form(arena,
		    "when the part after the @-sign is converted to IDNA ASCII",
		    ascii));
	return (NULL);
}

static const char *
check(struct arena *arena, struct mailtext text, struct address *address,
    struct maildomain *domain)
{
	const char *wrong;

	if (utf8_count(text.data, text.length) > LENGTH_MAX)
		return ("Length must not exceed 2048 characters");
	if (memchr(text.data, '\r', text.length) != NULL ||
	    memchr(text.data, '\n', text.length) != NULL)
		return ("Carriage return and line feed characters are not "
			"allowed");
	text = mailtext_trim(strip_display_name(text));
	if ((wrong = split(arena, text, address)) != NULL ||
	    (wrong = read_local(arena, address)) != NULL ||
	    (wrong = maildomain_read(arena, address->domain, domain)) != NULL ||
	    (wrong = check_lengths(arena, address, domain)) != NULL)
		return (wrong);
	if (address->has_display_name)
		return ("A display name and angle brackets around the email "
			"address are not permitted here.");
	return (NULL);
}

int
email_read(
    struct arena *arena, const char *text, size_t length, struct email *email)
{
	struct mailtext whole = { text, length };
	struct address address = { 0 };
	struct maildomain domain = { 0 };

	email->text = NULL;
	email->reason = check(arena, whole, &address, &domain);
	if (email->reason != NULL)
		return (-1);
	email->text = arena_printf(arena, "%.*s@%.*s",
	    (int)address.local.length, address.local.data,
	    (int)domain.letters.length, domain.letters.data);
	return (0);
}
