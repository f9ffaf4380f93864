/*
 * settings: what differs from one installation to the next, from environment
 * variables and a file .env in the working directory.
 *
 * settings.def has a row for each, from which the fields below, the checks,
 * the log of the start and the documentation come. The environment wins over
 * .env; names in neither have their default, variables of other names are
 * nobody's business.
 *
 * .env has lines NAME=value, also with "export " before and '…' or "…" around
 * the value; "#" begins a comment. Nothing in it is expanded.
 */
#ifndef PLATFORM_SETTINGS_H
#define PLATFORM_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/arena.h"
#include "platform/compiler.h"
#include "platform/log.h"
#include "platform/netmatch.h"

struct buffer;

struct settings_list {
	const char **items;
	size_t count;
};

/* The C type of each type of row. */
#define SETTINGS_text const char *
#define SETTINGS_secret const char *
#define SETTINGS_path const char *
#define SETTINGS_contact const char *
#define SETTINGS_integer int64_t
#define SETTINGS_boolean bool
#define SETTINGS_level enum log_level
#define SETTINGS_list struct settings_list
#define SETTINGS_networks struct netmatch_list

/* SETTING_port and so on, one a row. */
enum setting_id {
#define SETTING(type, field, name, from, preset, least, most, meaning) \
	SETTING_##field,
#include "platform/settings.def"
#undef SETTING
	SETTINGS_COUNT
};

struct settings {
#define SETTING(type, field, name, from, preset, least, most, meaning) \
	SETTINGS_##type field;
#include "platform/settings.def"
#undef SETTING

	const char *given[SETTINGS_COUNT]; /* as texts; NULL: its default */
	bool cors_allows_all;     /* "*" is among the origins: no credentials */
	bool is_known_secret_key; /* the public default, or a short one */
	struct arena memory;      /* of all texts and lists */
};

/*
 * settings_load(settings, error, room): read and check all of them.
 *
 * Codes are upper-cased (ASCII letters). Without SECRET_KEY, and with
 * ENVIRONMENT=development, the key is the original's known default.
 *
 * Context  parent.
 * Returns  0, or -1 with one line in ${error} that names the setting; then
 *          there is nothing to settings_fini().
 */
int settings_load(
    struct settings *settings, char *error, size_t room) MUST_CHECK;

void settings_fini(struct settings *settings);

/*
 * settings_set(settings): what settings_get() returns from now on, in this
 * process and those it forks; borrowed for good. Context parent, once.
 */
void settings_set(const struct settings *settings);

/* settings_get(): never NULL after settings_set(). Context any. */
const struct settings *settings_get(void);

/*
 * settings_log(settings): a line for each that isn't at its default, secrets
 * as ***; a warning for each weakness that is allowed.
 */
void settings_log(const struct settings *settings);

/*
 * settings_document(out): the table of the README, in Markdown: name, default,
 * meaning; a line each.
 */
void settings_document(struct buffer *out);

#endif
