#include "db/statement.h"

#include <string.h>

#include "platform/buffer.h"
#include "platform/compiler.h"
#include "platform/log.h"

/* No statement is anywhere near as long. */
#define TEXT_CEILING_BYTES (64 * 1024)

/* kodev compiles every file of assets/ in under such a name, NUL-terminated. */
#define STATEMENT(name, access, lane) extern const char asset_##name##_sql[];
#include "db/statements.def"
#undef STATEMENT
#define FRAGMENT(name) extern const char asset_fragment_##name##_sql[];
#include "db/fragments.def"
#undef FRAGMENT

static const char *const sources[] = {
#define STATEMENT(name, access, lane) asset_##name##_sql,
#include "db/statements.def"
#undef STATEMENT
};

static const struct fragment {
	const char *name;
	const char *text;
} fragments[] = {
#define FRAGMENT(name) { #name, asset_fragment_##name##_sql },
#include "db/fragments.def"
#undef FRAGMENT
};

static struct statement_info statements[] = {
#define STATEMENT(name, access, lane) \
	{ #name, NULL, ACCESS_##access, LANE_##lane, VERB_select },
#include "db/statements.def"
#undef STATEMENT
};

static const struct fragment *
fragment_find(const char *name, size_t length)
{
	size_t i;

	for (i = 0; i < COUNT_OF(fragments); i++)
		if (strlen(fragments[i].name) == length &&
		    memcmp(fragments[i].name, name, length) == 0)
			return (&fragments[i]);
	return (NULL);
}

/* Append ${source} with its fragments expanded; fragments may nest. */
static int
expand(struct buffer *out, const char *source, int depth)
{
	const struct fragment *fragment;
	const char *mark, *end;

	if (depth > 4)
		return (-1);
	while ((mark = strstr(source, "${")) != NULL) {
		buffer_append(out, source, (size_t)(mark - source));
		if ((end = strchr(mark, '}')) == NULL)
			return (-1);
		fragment = fragment_find(mark + 2, (size_t)(end - mark - 2));
		if (fragment == NULL || expand(out, fragment->text, depth + 1))
			return (-1);
		source = end + 1;
	}
	buffer_puts(out, source);
	return (0);
}

/* Where ${words} begin a line of ${text}, blanks aside; or NULL. */
static const char *
find_line(const char *text, const char *words)
{
	const char *at = text;

	for (; at != NULL; at = strchr(at, '\n')) {
		at += strspn(at, "\n ");
		if (strncmp(at, words, strlen(words)) == 0)
			return (at);
	}
	return (NULL);
}

static enum verb
find_verb(const char *text)
{
	static const char *const words[] = {
		[VERB_insert] = "INSERT INTO ",
		[VERB_update] = "UPDATE ",
		[VERB_delete] = "DELETE FROM ",
	};
	const char *first = NULL, *at;
	enum verb verb = VERB_select;
	size_t i;

	for (i = VERB_insert; i < COUNT_OF(words); i++) {
		at = find_line(text, words[i]);
		if (at == NULL || (first != NULL && at > first))
			continue;
		first = at;
		verb = (enum verb)i;
	}
	return (verb);
}

int
statements_load(void)
{
	size_t i;

	for (i = 0; i < COUNT_OF(statements); i++) {
		struct buffer text;

		buffer_init(&text, TEXT_CEILING_BYTES);
		if (expand(&text, sources[i], 0) == -1 ||
		    buffer_failed(&text)) {
			log_error("statement %s: a ${fragment} is unknown",
			    statements[i].name);
			buffer_fini(&text);
			return (-1);
		}
		statements[i].text = buffer_text(&text);
		statements[i].verb = find_verb(statements[i].text);
	}
	return (0);
}

const struct statement_info *
statement_info(enum statement s)
{
	return (&statements[s]);
}
