#include "platform/dotenv.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "platform/arena.h"

#define FILE_BYTES_MAX 65536
#define BLANK " \t\r\f\v"

struct dotenv_entry {
	const char *name, *value;
	struct dotenv_entry *next;
};

static void
trim_end(char *text)
{
	size_t length = strlen(text);

	while (length > 0 && strchr(BLANK, text[length - 1]) != NULL)
		text[--length] = '\0';
}

/* To the end of the line, or to a comment, which follows a blank. */
static char *
read_bare(char *text, char **value)
{
	char *end = text + strcspn(text, "\n"), *at;
	char *next = *end == '\0' ? end : end + 1;

	*end = '\0';
	for (at = text; *at != '\0'; at++)
		if (*at == '#' && (at == text || strchr(BLANK, at[-1]) != NULL))
			break;
	*at = '\0';
	*value = text;
	trim_end(text);
	return (next);
}

/* The character behind a backslash; NUL if the two stand for themselves. */
static char
escaped(char c, char quote)
{
	static const char letters[] = "abfnrtv\\\"'";
	static const char meant[] = "\a\b\f\n\r\t\v\\\"'";
	const char *letter;

	if (c == '\0')
		return ('\0');
	if (quote == '\'')
		return (c == '\\' || c == '\'' ? c : '\0');
	letter = strchr(letters, c);
	return (letter == NULL ? '\0' : meant[letter - letters]);
}

/* Up to the other quote, then the rest of that line is passed over. */
static char *
read_quoted(char *text, char **value)
{
	char quote = *text, *to = text, *at = text + 1, c;

	*value = to;
	while (*at != quote) {
		if (*at == '\0')
			return (NULL);
		if (*at == '\\' && (c = escaped(at[1], quote)) != '\0') {
			*to++ = c;
			at += 2;
		} else
			*to++ = *at++;
	}
	at += 1 + strcspn(at + 1, "\n");
	*to = '\0';
	return (*at == '\0' ? at : at + 1);
}

static char *
skip_export(char *name)
{
	static const char word[] = "export";
	size_t length = sizeof(word) - 1, blanks;

	if (strncmp(name, word, length) != 0)
		return (name);
	blanks = strspn(name + length, BLANK);
	return (blanks == 0 ? name : name + length + blanks);
}

static void
add(struct dotenv *file, struct arena *arena, char *name, const char *value)
{
	struct dotenv_entry *entry;

	trim_end(name);
	entry = arena_alloc(arena, sizeof(*entry));
	entry->name = skip_export(name);
	entry->value = value;
	entry->next = file->entries;
	file->entries = entry;
}

int
dotenv_parse(struct dotenv *file, struct arena *arena, char *text)
{
	char *name, *value, *equals;

	file->entries = NULL;
	while (*text != '\0') {
		name = text + strspn(text, BLANK);
		equals = name + strcspn(name, "=#\n");
		if (*equals != '=') {
			text = equals + strcspn(equals, "\n");
			text += *text == '\n';
			continue;
		}
		*equals = '\0';
		text = equals + 1 + strspn(equals + 1, BLANK);
		text = *text == '\'' || *text == '"' ? read_quoted(text, &value)
						     : read_bare(text, &value);
		if (text == NULL)
			return (-1);
		add(file, arena, name, value);
	}
	return (0);
}

int
dotenv_load(struct dotenv *file, struct arena *arena, const char *path)
{
	FILE *in;
	char *text;
	size_t length;
	int failed;

	file->entries = NULL;
	if ((in = fopen(path, "re")) == NULL)
		return (errno == ENOENT ? 0 : -1);
	text = arena_alloc(arena, FILE_BYTES_MAX + 1);
	length = fread(text, 1, FILE_BYTES_MAX, in);
	failed = ferror(in) || !feof(in);
	(void)fclose(in);
	text[length] = '\0';
	return (failed ? -1 : dotenv_parse(file, arena, text));
}

const char *
dotenv_get(const struct dotenv *file, const char *name)
{
	const struct dotenv_entry *entry;

	for (entry = file->entries; entry != NULL; entry = entry->next)
		if (strcmp(entry->name, name) == 0)
			return (entry->value);
	return (NULL);
}
