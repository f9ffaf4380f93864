#include "http/mailtext.h"

#include <stdlib.h>
#include <string.h>

#include <uniname.h>
#include <uninorm.h>
#include <unictype.h>

#include "platform/arena.h"
#include "platform/buffer.h"
#include "platform/utf8.h"

/* Letters, numbers, punctuation and symbols show themselves. */
#define VISIBLE                                                         \
	(UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N | UC_CATEGORY_MASK_P | \
	    UC_CATEGORY_MASK_S)

struct mailtext
mailtext_of(const char *text)
{
	struct mailtext whole = { text, strlen(text) };

	return (whole);
}

struct mailtext
mailtext_part(struct mailtext text, size_t from, size_t to)
{
	struct mailtext part = { text.data + from, to - from };

	return (part);
}

struct mailtext
mailtext_trim(struct mailtext text)
{
	text.data = utf8_trim(text.data, &text.length, UTF8_SEPARATORS);
	return (text);
}

bool
mailtext_contains(struct mailtext text, const char *what)
{
	return (memmem(text.data, text.length, what, strlen(what)) != NULL);
}

bool
mailtext_starts(struct mailtext text, const char *what)
{
	size_t length = strlen(what);

	return (text.length >= length && memcmp(text.data, what, length) == 0);
}

bool
mailtext_ends(struct mailtext text, char c)
{
	return (text.length > 0 && text.data[text.length - 1] == c);
}

bool
mailtext_is(struct mailtext text, const char *what)
{
	return (text.length == strlen(what) && mailtext_starts(text, what));
}

bool
mailtext_is_ascii(struct mailtext text)
{
	size_t i;

	for (i = 0; i < text.length; i++)
		if ((unsigned char)text.data[i] >= 0x80)
			return (false);
	return (true);
}

struct mailtext
mailtext_compose(struct arena *arena, struct mailtext text)
{
	uint8_t *composed;
	size_t length = 0;

	if (mailtext_is_ascii(text))
		return (text);
	composed = u8_normalize(UNINORM_NFC, (const uint8_t *)text.data,
	    text.length, NULL, &length);
	if (composed == NULL) /* a lone surrogate has no form */
		return (text);
	text.data = arena_copy(arena, (const char *)composed, length);
	text.length = length;
	free(composed);
	return (text);
}

const char *
mailtext_show(struct arena *arena, uint32_t c)
{
	char name[UNINAME_MAX];

	if (c == '\\')
		return ("\"\\\"");
	if (c == '\'')
		return ("\"'\"");
	if (uc_is_general_category_withtable(c, VISIBLE)) {
		char text[UTF8_BYTES_MAX + 1] = "";

		(void)utf8_put(text, c);
		return (arena_printf(arena, "'%s'", text));
	}
	if (unicode_character_name(c, name) != NULL)
		return (arena_strdup(arena, name));
	return (arena_printf(arena, c < 0xffff ? "U+%04X" : "U+%08X", c));
}

static const char *
join(struct arena *arena, const char *before, const char *const *shown,
    size_t count)
{
	struct buffer text;
	size_t i;

	buffer_init(&text, MAILTEXT_REASON_BYTES_MAX);
	buffer_puts(&text, before);
	for (i = 0; i < count; i++)
		buffer_printf(&text, "%s%s", i == 0 ? " " : ", ", shown[i]);
	buffer_putc(&text, '.');
	return (buffer_keep(&text, arena));
}

static int
compare_shown(const void *a, const void *b)
{
	return (strcmp(*(const char *const *)a, *(const char *const *)b));
}

const char *
mailtext_refuse(struct arena *arena, const char *before, struct mailtext text,
    bool (*is_allowed)(uint32_t))
{
	const char **shown = NULL;
	size_t n = 0, kept = 0, at = 0, i;

	while (at < text.length) {
		uint32_t c = utf8_next(text.data, text.length, &at);

		if (is_allowed(c))
			continue;
		if (shown == NULL)
			shown =
			    arena_alloc(arena, text.length * sizeof(*shown));
		shown[n++] = mailtext_show(arena, c);
	}
	if (n == 0)
		return (NULL);
	qsort(shown, n, sizeof(*shown), compare_shown);
	for (i = 0; i < n; i++)
		if (kept == 0 || strcmp(shown[kept - 1], shown[i]) != 0)
			shown[kept++] = shown[i];
	return (join(arena, before, shown, kept));
}

static bool
is_safe(uint32_t c, bool is_first, bool may_be_space)
{
	return (uc_is_general_category_withtable(c, VISIBLE) ||
		(!is_first &&
		    uc_is_general_category_withtable(c, UC_CATEGORY_MASK_M)) ||
		(may_be_space &&
		    uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Zs)));
}

static int
compare_codes(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x < y ? -1 : x > y);
}

const char *
mailtext_unsafe(struct arena *arena, struct mailtext text, bool may_have_spaces)
{
	uint32_t *codes = NULL;
	const char **shown;
	size_t n = 0, kept = 0, at = 0, i;

	while (at < text.length) {
		bool is_first = at == 0;
		uint32_t c = utf8_next(text.data, text.length, &at);

		if (is_safe(c, is_first, may_have_spaces))
			continue;
		if (codes == NULL)
			codes =
			    arena_alloc(arena, text.length * sizeof(*codes));
		codes[n++] = c;
	}
	if (n == 0)
		return (NULL);
	qsort(codes, n, sizeof(*codes), compare_codes);
	shown = arena_alloc(arena, n * sizeof(*shown));
	for (i = 0; i < n; i++)
		if (i == 0 || codes[i - 1] != codes[i])
			shown[kept++] = mailtext_show(arena, codes[i]);
	return (join(arena,
	    "The email address contains unsafe characters:", shown, kept));
}

const char *
mailtext_dots(struct mailtext text, const char *at_start, const char *at_end)
{
	if (mailtext_ends(text, '.'))
		return (at_end);
	if (mailtext_starts(text, "."))
		return (at_start);
	if (mailtext_contains(text, ".."))
		return ("An email address cannot have two periods in a row.");
	return (NULL);
}

const char *
mailtext_too_many(
    struct arena *arena, const char *before, size_t length, size_t most)
{
	return (arena_printf(arena, "%s (%zu character%s too many).", before,
	    length - most, length - most > 1 ? "s" : ""));
}
