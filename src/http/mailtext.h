/*
 * mailtext: pieces of an email address, and what is said of their characters.
 *
 * A reason is a sentence for the client, or NULL where nothing is wrong.
 *
 * Context  any; all memory is the arena's.
 * Source   contract, conventions, section 6, "Email addresses"; The Unicode
 *          Standard, general categories and names.
 */
#ifndef HTTP_MAILTEXT_H
#define HTTP_MAILTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* A reason may name each of 2048 characters, in up to 88 of its own. */
#define MAILTEXT_REASON_BYTES_MAX 262144

/* UTF-8, lone surrogates possible; not NUL-terminated. */
struct mailtext {
	const char *data;
	size_t length;
};

struct mailtext mailtext_of(const char *text); /* a string's */

/* mailtext_part(text, from, to): bytes [from, to). */
struct mailtext mailtext_part(struct mailtext text, size_t from, size_t to);

/* mailtext_trim(text): as Python's strip() does. */
struct mailtext mailtext_trim(struct mailtext text);

bool mailtext_contains(struct mailtext text, const char *what);
bool mailtext_starts(struct mailtext text, const char *what);
bool mailtext_ends(struct mailtext text, char c);
bool mailtext_is(struct mailtext text, const char *what);
bool mailtext_is_ascii(struct mailtext text);

/* mailtext_compose(arena, text): in normalization form C. */
struct mailtext mailtext_compose(struct arena *arena, struct mailtext text);

/* mailtext_show(arena, c): a character as reasons show it: 'x' or its name. */
const char *mailtext_show(struct arena *arena, uint32_t c);

/*
 * mailtext_refuse(arena, before, text, is_allowed): "${before} 'x', 'y'.",
 * each once, sorted as they are shown, or NULL if all are allowed.
 */
const char *mailtext_refuse(struct arena *arena, const char *before,
    struct mailtext text, bool (*is_allowed)(uint32_t));

/*
 * mailtext_unsafe(arena, text, may_have_spaces): the same for what would
 * change how the text around it looks: controls, separators, a mark that
 * comes first.
 */
const char *mailtext_unsafe(
    struct arena *arena, struct mailtext text, bool may_have_spaces);

/* mailtext_dots(text, at_start, at_end): dots where none may be. */
const char *mailtext_dots(
    struct mailtext text, const char *at_start, const char *at_end);

/* mailtext_too_many(arena, before, length, most): "(2 characters too many)"
 * behind ${before}; ${length} > ${most}. */
const char *mailtext_too_many(
    struct arena *arena, const char *before, size_t length, size_t most);

#endif
