#include "platform/settings.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "platform/buffer.h"
#include "platform/dotenv.h"
#include "platform/integer.h"
#include "platform/jsontext.h"
#include "platform/utf8.h"

#define SECRET_KEY_BYTES 32
#define KNOWN_SECRET_KEY "development_secret_key"

enum setting_type {
	TYPE_text,
	TYPE_secret,
	TYPE_path,
	TYPE_contact,
	TYPE_integer,
	TYPE_boolean,
	TYPE_level,
	TYPE_list,
	TYPE_networks
};

enum setting_from { FROM_process, FROM_dotenv };

struct setting {
	enum setting_type type;
	enum setting_from from;
	const char *name, *preset, *meaning;
	int64_t least, most;
	size_t offset; /* in struct settings */
};

static const struct setting table[SETTINGS_COUNT] = {
#define SETTING(type, field, name, from, preset, least, most, meaning)  \
	{ TYPE_##type, FROM_##from, name, preset, meaning, least, most, \
		offsetof(struct settings, field) },
#include "platform/settings.def"
#undef SETTING
};

/* What is being read, and where to say what is wrong with it. */
struct reader {
	struct arena *memory;
	const struct setting *setting;
	const char *text;
	char *error;
	size_t room;
};

static const struct settings *in_force;

/* "PORT: must be …, is '88x'"; of a secret, no more than its name. */
static int PRINTF_LIKE(2, 3)
    refuse(const struct reader *r, const char *format, ...)
{
	char must[256], *at;
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(must, sizeof(must), format, arguments);
	va_end(arguments);
	if (r->setting->type == TYPE_secret)
		(void)snprintf(
		    r->error, r->room, "%s: %s", r->setting->name, must);
	else
		(void)snprintf(r->error, r->room, "%s: %s, is '%.80s'",
		    r->setting->name, must, r->text);
	for (at = r->error; *at != '\0'; at++)
		if ((unsigned char)*at < ' ')
			*at = '?'; /* it shall be one line */
	return (-1);
}

static int
read_text(const struct reader *r, const char **field)
{
	int64_t length = (int64_t)strlen(r->text);

	if (length < r->setting->least || length > r->setting->most)
		return (refuse(r, "must have %" PRId64 " to %" PRId64 " bytes",
		    r->setting->least, r->setting->most));
	*field = r->text;
	return (0);
}

static int
read_path(const struct reader *r, const char **field)
{
	if (*r->text != '/' || strpbrk(r->text, "?#% \t") != NULL)
		return (refuse(r, "must be a path that begins with '/'"));
	return (read_text(r, field));
}

static bool
is_contact(const char *text)
{
	static const char *const schemes[] = { "mailto:", "tel:", "https://" };
	size_t i;

	for (i = 0; i < COUNT_OF(schemes); i++)
		if (strncasecmp(text, schemes[i], strlen(schemes[i])) == 0 &&
		    text[strlen(schemes[i])] != '\0')
			break;
	if (i == COUNT_OF(schemes))
		return (false);
	for (; *text > ' ' && *text <= '~'; text++)
		;
	return (*text == '\0');
}

static int
read_contact(const struct reader *r, const char **field)
{
	if (*r->text != '\0' && !is_contact(r->text))
		return (refuse(r, "must be a mailto:, tel: or https:// URI"));
	return (read_text(r, field));
}

static int
read_integer(const struct reader *r, int64_t *field)
{
	if (integer_read(r->text, strlen(r->text), field) == -1 ||
	    *field < r->setting->least || *field > r->setting->most)
		return (
		    refuse(r, "must be an integer from %" PRId64 " to %" PRId64,
			r->setting->least, r->setting->most));
	return (0);
}

static int
read_boolean(const struct reader *r, bool *field)
{
	static const char *const words[] = { "0", "f", "false", "n", "no",
		"off", "1", "t", "true", "y", "yes", "on" };
	size_t i;

	for (i = 0; i < COUNT_OF(words); i++)
		if (strcasecmp(r->text, words[i]) == 0) {
			*field = i >= COUNT_OF(words) / 2;
			return (0);
		}
	return (refuse(r, "must be true or false"));
}

static int
read_level(const struct reader *r, enum log_level *field)
{
	static const char *const words[] = { "error", "warning", "info",
		"debug" };
	size_t i;

	for (i = 0; i < COUNT_OF(words); i++)
		if (strcasecmp(r->text, words[i]) == 0) {
			*field = (enum log_level)i;
			return (0);
		}
	return (refuse(r, "must be error, warning, info or debug"));
}

/* A list never has more items than its text has bytes. */
static struct settings_list
list_new(const struct reader *r)
{
	size_t most = strlen(r->text) + 1;

	return ((struct settings_list){
	    arena_alloc(r->memory, most * sizeof(const char *)), 0 });
}

static void
list_add(const struct reader *r, struct settings_list *list, const char *item,
    size_t length)
{
	item = utf8_trim(item, &length, "");
	if (length > 0)
		list->items[list->count++] =
		    arena_copy(r->memory, item, length);
}

static void
split_commas(const struct reader *r, struct settings_list *list)
{
	const char *at = r->text;
	size_t length;

	for (;;) {
		length = strcspn(at, ",");
		list_add(r, list, at, length);
		if (at[length] == '\0')
			return;
		at += length + 1;
	}
}

/* What stands behind "[": strings and commas, and nothing behind its "]". */
static int
read_array(const struct reader *r, struct settings_list *list, char *at,
    const char *end)
{
	char *text;
	size_t length;

	at = jsontext_skip_space(at, end);
	if (at < end && *at == ']')
		return (jsontext_skip_space(at + 1, end) == end ? 0 : -1);
	for (;;) {
		if (at == end || *at != '"' ||
		    jsontext_read(&at, end, &text, &length) == -1)
			return (-1);
		list_add(r, list, text, length);
		at = jsontext_skip_space(at, end);
		if (at < end && *at == ']')
			return (
			    jsontext_skip_space(at + 1, end) == end ? 0 : -1);
		if (at == end || *at != ',')
			return (-1);
		at = jsontext_skip_space(at + 1, end);
	}
}

static int
read_list(const struct reader *r, struct settings_list *field)
{
	char *copy = arena_strdup(r->memory, r->text);
	char *end = copy + strlen(copy);
	char *at = jsontext_skip_space(copy, end);

	*field = list_new(r);
	if (*at != '[')
		split_commas(r, field);
	else if (read_array(r, field, at + 1, end) == -1)
		return (refuse(
		    r, "must be a comma list or a JSON array of strings"));
	if ((int64_t)field->count > r->setting->most)
		return (refuse(r, "must have at most %" PRId64 " items",
		    r->setting->most));
	return (0);
}

/* What is no address is passed over, as the original did, but not silently. */
static int
read_networks(const struct reader *r, struct netmatch_list *field)
{
	struct settings_list items;
	size_t i;

	if (read_list(r, &items) == -1)
		return (-1);
	field->count = 0;
	field->ranges =
	    arena_alloc(r->memory, (items.count + 1) * sizeof(*field->ranges));
	for (i = 0; i < items.count; i++)
		if (netmatch_parse(
			items.items[i], &field->ranges[field->count]) == 0)
			field->count++;
		else
			log_warning("%s: '%.80s' is no address and no range; "
				    "ignored",
			    r->setting->name, items.items[i]);
	return (0);
}

static int
read_setting(const struct reader *r, void *field)
{
	switch (r->setting->type) {
	case TYPE_text:
	case TYPE_secret:
		return (read_text(r, field));
	case TYPE_path:
		return (read_path(r, field));
	case TYPE_contact:
		return (read_contact(r, field));
	case TYPE_integer:
		return (read_integer(r, field));
	case TYPE_boolean:
		return (read_boolean(r, field));
	case TYPE_level:
		return (read_level(r, field));
	case TYPE_list:
		return (read_list(r, field));
	case TYPE_networks:
		return (read_networks(r, field));
	}
	return (-1);
}

static const char *
find_given(const struct setting *setting, const struct dotenv *file)
{
	const char *text = getenv(setting->name);

	if (text == NULL && setting->from == FROM_dotenv)
		text = dotenv_get(file, setting->name);
	return (text);
}

/* Each row of the table, in its order. */
static int
read_all(
    struct settings *s, const struct dotenv *file, char *error, size_t room)
{
	struct reader r = { &s->memory, NULL, NULL, error, room };
	const char *given;
	size_t i;

	for (i = 0; i < SETTINGS_COUNT; i++) {
		r.setting = &table[i];
		given = find_given(r.setting, file);
		if (given != NULL)
			s->given[i] = given = arena_strdup(&s->memory, given);
		r.text = given == NULL ? r.setting->preset : given;
		if (read_setting(&r, (char *)s + r.setting->offset) == -1)
			return (-1);
	}
	return (0);
}

static void
upper_case(struct settings_list *codes, struct arena *memory)
{
	char *code;
	size_t i;

	for (i = 0; i < codes->count; i++) {
		code = arena_strdup(memory, codes->items[i]);
		codes->items[i] = code;
		for (; *code != '\0'; code++)
			if (*code >= 'a' && *code <= 'z')
				*code = (char)(*code - 'a' + 'A');
	}
}

static bool
list_has(const struct settings_list *list, const char *item)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (strcmp(list->items[i], item) == 0)
			return (true);
	return (false);
}

/* One of the codes that everybody can read in our table. */
static bool
has_known_code(struct settings *s, char *error, size_t room)
{
	const struct setting *setting = &table[SETTING_registration_codes];
	const struct reader r = { &s->memory, setting, setting->preset, error,
		room };
	struct settings_list known;
	size_t i;

	if (read_list(&r, &known) == -1)
		return (true);
	for (i = 0; i < known.count; i++)
		if (list_has(&s->registration_codes, known.items[i]))
			return (true);
	return (false);
}

/* What no single row can say. */
static int
check_whole(struct settings *s, char *error, size_t room)
{
	bool is_development = strcmp(s->environment, "development") == 0;

	if (*s->secret_key == '\0' && is_development)
		s->secret_key = KNOWN_SECRET_KEY;
	s->is_known_secret_key = strlen(s->secret_key) < SECRET_KEY_BYTES;
	if (s->is_known_secret_key && !is_development) {
		(void)snprintf(error, room,
		    "SECRET_KEY: must have %d bytes or more, unless "
		    "ENVIRONMENT is development",
		    SECRET_KEY_BYTES);
		return (-1);
	}
	if (strcasecmp(s->environment, "production") == 0 &&
	    has_known_code(s, error, room)) {
		(void)snprintf(error, room,
		    "REGISTRATION_CODES: must not hold the known default "
		    "codes where ENVIRONMENT is production");
		return (-1);
	}
	if (s->port == 0 && s->http_port == 0) {
		(void)snprintf(error, room,
		    "PORT: must not be 0 where HTTP_PORT is 0 too");
		return (-1);
	}
	return (0);
}

int
settings_load(struct settings *settings, char *error, size_t room)
{
	struct dotenv file;

	memset(settings, 0, sizeof(*settings));
	arena_init(&settings->memory);
	if (dotenv_load(&file, &settings->memory, ".env") == -1) {
		(void)snprintf(error, room,
		    ".env: cannot be read, or a quote is not closed");
		goto fini_settings;
	}
	if (read_all(settings, &file, error, room) == -1)
		goto fini_settings;
	upper_case(&settings->registration_codes, &settings->memory);
	settings->cors_allows_all = list_has(&settings->cors_origins, "*");
	if (check_whole(settings, error, room) == -1)
		goto fini_settings;
	return (0);

fini_settings:
	settings_fini(settings);
	return (-1);
}

void
settings_fini(struct settings *settings)
{
	arena_fini(&settings->memory);
	memset(settings, 0, sizeof(*settings));
}

void
settings_set(const struct settings *settings)
{
	in_force = settings;
}

const struct settings *
settings_get(void)
{
	assert(in_force != NULL);
	return (in_force);
}

void
settings_log(const struct settings *settings)
{
	const char *given;
	size_t i;

	for (i = 0; i < SETTINGS_COUNT; i++) {
		given = settings->given[i];
		if (given != NULL && strcmp(given, table[i].preset) != 0)
			log_info("setting %s=%s", table[i].name,
			    table[i].type == TYPE_secret ? "***" : given);
	}
	if (settings->is_known_secret_key)
		log_warning("SECRET_KEY is known or short: others can make "
			    "tokens; for development only");
	if (settings->cors_allows_all)
		log_warning("BACKEND_CORS_ORIGINS has *: any site may call, "
			    "without credentials");
}

void
settings_document(struct buffer *out)
{
	size_t i;

	buffer_puts(out, "| variable | default | meaning |\n|---|---|---|\n");
	for (i = 0; i < SETTINGS_COUNT; i++)
		buffer_printf(out,
		    *table[i].preset == '\0' ? "| `%s` | %s| %s |\n"
					     : "| `%s` | `%s` | %s |\n",
		    table[i].name, table[i].preset, table[i].meaning);
}
