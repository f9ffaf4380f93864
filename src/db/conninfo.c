#include "db/conninfo.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "db/option.h"
#include "platform/buffer.h"
#include "platform/hex.h"
#include "platform/log.h"
#include "platform/settings.h"

#define CONNINFO_CEILING_BYTES (16 * 1024)
#define CONNECT_TIMEOUT_S "5"

/* A stretch of somebody else's text. */
struct span {
	const char *text;
	size_t length;
};

struct url {
	struct span scheme; /* with its "://" */
	struct span user;
	struct span password;
	struct span location; /* hosts and database */
	struct span query;
	bool has_userinfo;
	bool has_password;
};

static struct span
span_of(const char *from, const char *to)
{
	return ((struct span){ from, (size_t)(to - from) });
}

static const char *
span_end(struct span s)
{
	return (s.text + s.length);
}

static bool
span_is(struct span s, const char *text)
{
	return (
	    s.length == strlen(text) && memcmp(s.text, text, s.length) == 0);
}

static bool
span_is_one_of(struct span s, const char *const *texts, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (span_is(s, texts[i]))
			return (true);
	return (false);
}

static int
find_scheme(struct url *u, const char *text)
{
	static const char *const schemes[] = { "postgres://", "postgresql://",
		"postgresql+psycopg2://", "postgresql+psycopg://",
		"postgresql+asyncpg://" };
	size_t i, length;

	for (i = 0; i < COUNT_OF(schemes); i++) {
		length = strlen(schemes[i]);
		if (strncmp(text, schemes[i], length) != 0)
			continue;
		u->scheme = (struct span){ text, length };
		return (0);
	}
	return (-1);
}

/* The last ${c} of [from, to), or NULL. */
static const char *
find_last(const char *from, const char *to, char c)
{
	while (to > from)
		if (*--to == c)
			return (to);
	return (NULL);
}

/*
 * Where user and password end. A host never holds a "@", so the last one
 * before the first "/" it is. If there is none, and what seems to be a port
 * isn't one, then the "/" belongs to an unescaped password.
 */
static const char *
find_at(struct span rest)
{
	const char *slash = memchr(rest.text, '/', rest.length);
	const char *colon = memchr(rest.text, ':', rest.length);
	const char *authority = slash == NULL ? span_end(rest) : slash;
	const char *at;

	at = find_last(rest.text, authority, '@');
	if (at == NULL && slash != NULL && colon != NULL && colon < slash &&
	    strspn(colon + 1, "0123456789,") < (size_t)(slash - colon - 1))
		at = find_last(slash, span_end(rest), '@');
	return (at);
}

static int
url_split(struct url *u, const char *text)
{
	const char *start, *query, *at, *colon;
	struct span rest;

	memset(u, 0, sizeof(*u));
	if (text == NULL || find_scheme(u, text) == -1)
		return (-1);
	start = span_end(u->scheme);
	query = strchr(start, '?');
	rest = span_of(start, query == NULL ? strchr(start, '\0') : query);
	if (query != NULL)
		u->query = span_of(query + 1, strchr(query, '\0'));

	u->location = rest;
	if ((at = find_at(rest)) == NULL)
		return (0);
	u->has_userinfo = true;
	u->location = span_of(at + 1, span_end(rest));
	colon = memchr(start, ':', (size_t)(at - start));
	u->user = span_of(start, colon == NULL ? at : colon);
	if (colon != NULL) {
		u->has_password = true;
		u->password = span_of(colon + 1, at);
	}
	return (0);
}

/* The next parameter of a query; false after the last. */
static bool
next_parameter(struct span *query, struct span *name, struct span *value)
{
	const char *end, *equals;

	if (query->length == 0)
		return (false);
	end = memchr(query->text, '&', query->length);
	if (end == NULL)
		end = span_end(*query);
	equals = memchr(query->text, '=', (size_t)(end - query->text));
	*name = span_of(query->text, equals == NULL ? end : equals);
	*value = span_of(equals == NULL ? end : equals + 1, end);
	*query =
	    span_of(end < span_end(*query) ? end + 1 : end, span_end(*query));
	return (true);
}

static void
append_span(struct buffer *out, struct span s)
{
	buffer_append(out, s.text, s.length);
}

/* Escape whatever libpq's URLs give a meaning to; "%" included. */
static void
append_escaped(struct buffer *out, const char *text, size_t length)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t i;

	for (i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		    (c >= 'a' && c <= 'z') || c == '-' || c == '_') {
			buffer_putc(out, text[i]);
			continue;
		}
		buffer_putc(out, '%');
		buffer_putc(out, hex[c >> 4]);
		buffer_putc(out, hex[c & 15]);
	}
}

/* Decode "%41", leave a "%" that starts no escape, escape again for libpq. */
static void
append_userinfo(struct buffer *out, struct span s)
{
	size_t i;
	int byte;
	char c;

	for (i = 0; i < s.length; i++) {
		c = s.text[i];
		if (c == '%' && i + 2 < s.length &&
		    (byte = hex_byte(s.text + i + 1)) != -1) {
			c = (char)byte;
			i += 2;
		}
		append_escaped(out, &c, 1);
	}
}

/* "ssl" is the other drivers' name: a mode, or a truth. */
static void
append_ssl(struct buffer *out, struct span value)
{
	static const char *const yes[] = { "true", "True", "1", "on", "yes" };
	static const char *const no[] = { "false", "False", "0", "off", "no" };

	buffer_puts(out, "sslmode=");
	if (span_is_one_of(value, yes, COUNT_OF(yes)))
		buffer_puts(out, "require");
	else if (span_is_one_of(value, no, COUNT_OF(no)))
		buffer_puts(out, "disable");
	else
		append_span(out, value);
}

static void
append_parameter(struct buffer *out, struct span name, struct span value)
{
	/* What only other drivers know, and what a pool of ours decides. */
	static const char *const foreign[] = { "async_fallback",
		"command_timeout", "max_cacheable_statement_size",
		"max_cached_statement_lifetime", "max_overflow",
		"pool_pre_ping", "pool_recycle", "pool_size", "pool_timeout",
		"prepare_threshold", "prepared_statement_cache_size",
		"prepared_statement_name_func", "statement_cache_size" };

	if (name.length == 0 ||
	    span_is_one_of(name, foreign, COUNT_OF(foreign)))
		return;
	buffer_putc(
	    out, memchr(out->data, '?', out->length) == NULL ? '?' : '&');
	if (span_is(name, "ssl")) {
		append_ssl(out, value);
		return;
	}
	if (span_is(name, "timeout"))
		buffer_puts(out, "connect_timeout");
	else
		append_span(out, name);
	buffer_putc(out, '=');
	append_span(out, value);
}

/* The URL in the only form that libpq knows. */
static void
append_plain_url(struct buffer *out, const struct url *u)
{
	struct span query = u->query, name, value;

	buffer_puts(out, "postgresql://");
	if (u->has_userinfo) {
		append_userinfo(out, u->user);
		if (u->has_password) {
			buffer_putc(out, ':');
			append_userinfo(out, u->password);
		}
		buffer_putc(out, '@');
	}
	append_span(out, u->location);
	while (next_parameter(&query, &name, &value))
		append_parameter(out, name, value);
}

static void
append_setting(struct buffer *out, const char *name, const char *value)
{
	buffer_puts(out, name);
	buffer_puts(out, "='");
	for (; *value != '\0'; value++) {
		if (*value == '\'' || *value == '\\')
			buffer_putc(out, '\\');
		buffer_putc(out, *value);
	}
	buffer_puts(out, "' ");
}

/* Unless the URL says otherwise. */
static const struct {
	const char *keyword, *value;
} usual[] = {
	{ "connect_timeout", CONNECT_TIMEOUT_S },
	/* libpq would look for a Kerberos ticket at each connect, in ways that
	 * the sandbox may not allow. */
	{ "gssencmode", "disable" },
	/* A peer that is gone without a word: noticed while it should answer,
	 * and before it is asked the next time. */
	{ "tcp_user_timeout", "5000" }, /* ms */
	{ "keepalives_idle", "10" },
	{ "keepalives_interval", "5" },
	{ "keepalives_count", "3" },
};

static void
append_ours(struct buffer *out, const PQconninfoOption *options,
    const char *application_name)
{
	size_t i;

	if (option_value(options, "application_name") == NULL)
		append_setting(out, "application_name", application_name);
	for (i = 0; i < COUNT_OF(usual); i++)
		if (option_value(options, usual[i].keyword) == NULL)
			append_setting(out, usual[i].keyword, usual[i].value);
	append_setting(out, "client_encoding", "UTF8");
}

static void
append_settings(struct buffer *out, const PQconninfoOption *options,
    const char *application_name)
{
	const PQconninfoOption *o;

	for (o = options; o->keyword != NULL; o++)
		if (o->val != NULL &&
		    strcmp(o->keyword, "client_encoding") != 0)
			append_setting(out, o->keyword, o->val);
	append_ours(out, options, application_name);
}

static char *
take_text(struct buffer *b)
{
	char *text = NULL;

	if (!buffer_failed(b) && (text = strdup(buffer_text(b))) == NULL)
		abort();
	buffer_fini(b);
	return (text);
}

/* libpq reads ports when it connects; an empty one is the usual one. */
static bool
has_bad_port(const PQconninfoOption *options)
{
	const char *at = option_value(options, "port");
	size_t length;
	long port;
	char *end;

	while (at != NULL && *at != '\0') {
		length = strcspn(at, ",");
		port = strtol(at, &end, 10);
		if (length > 0 &&
		    (end != at + length || port < 1 || port > 65535))
			return (true);
		at += length + (at[length] == ',');
	}
	return (false);
}

/* libpq ends its complaint with a newline, or quotes the URL in it. */
static void
complain(const char *setting, const char *url, const char *message)
{
	char *redacted = conninfo_redact(url);
	size_t length;

	if (message == NULL)
		message = "too long";
	length = strcspn(message, strstr(message, "://") == NULL ? "\n" : "\"");
	log_error("%s %s: %.*s", setting, redacted, (int)length, message);
	free(redacted);
}

/* The options of the plain URL ${plain}; NULL if it has been complained of. */
static PQconninfoOption *
parse_plain_url(const char *setting, const char *url, struct buffer *plain)
{
	PQconninfoOption *options = NULL;
	char *message = NULL;

	if (!buffer_failed(plain))
		options = PQconninfoParse(buffer_text(plain), &message);
	if (options == NULL) {
		complain(setting, url, message);
	} else if (has_bad_port(options)) {
		complain(setting, url, "a port must be from 1 to 65535");
		PQconninfoFree(options);
		options = NULL;
	}
	PQfreemem(message);
	return (options);
}

static char *
make(const char *setting, const char *url, const char *application_name)
{
	PQconninfoOption *options;
	struct buffer plain, out;
	struct url u;
	char *text;

	if (url_split(&u, url) == -1) {
		log_error("%s %s begin with postgres://, postgresql://, "
			  "postgresql+psycopg2://, postgresql+psycopg:// or "
			  "postgresql+asyncpg://",
		    setting,
		    url == NULL || *url == '\0' ? "is not set: it must"
						: "*** must");
		return (NULL);
	}
	buffer_init(&plain, CONNINFO_CEILING_BYTES);
	append_plain_url(&plain, &u);
	options = parse_plain_url(setting, url, &plain);
	buffer_fini(&plain);
	if (options == NULL)
		return (NULL);
	buffer_init(&out, CONNINFO_CEILING_BYTES);
	append_settings(&out, options, application_name);
	PQconninfoFree(options);
	if ((text = take_text(&out)) == NULL)
		complain(setting, url, "too long");
	return (text);
}

char *
conninfo_from_url(const char *url, const char *application_name)
{
	return (make("DATABASE_URL", url, application_name));
}

char *
conninfo_redact(const char *url)
{
	static const char *const secret[] = { "password", "sslpassword" };
	struct span query, name, value;
	struct buffer out;
	struct url u;
	char *text;

	buffer_init(&out, CONNINFO_CEILING_BYTES);
	if (url_split(&u, url) == -1) {
		buffer_puts(&out, "***");
		return (take_text(&out));
	}
	append_span(&out, u.scheme);
	append_span(&out, u.user);
	if (u.has_password)
		buffer_puts(&out, ":***");
	if (u.has_userinfo)
		buffer_putc(&out, '@');
	append_span(&out, u.location);
	query = u.query;
	while (next_parameter(&query, &name, &value)) {
		buffer_putc(&out, name.text == u.query.text ? '?' : '&');
		append_span(&out, name);
		buffer_putc(&out, '=');
		if (span_is_one_of(name, secret, COUNT_OF(secret)))
			buffer_puts(&out, "***");
		else
			append_span(&out, value);
	}
	if ((text = take_text(&out)) == NULL && (text = strdup("***")) == NULL)
		abort();
	return (text);
}

char *
conninfo_make(const struct settings *settings, bool reports)
{
	bool replica = reports && *settings->database_reports_url != '\0';

	return (make(replica ? "DATABASE_REPORTS_URL" : "DATABASE_URL",
	    replica ? settings->database_reports_url : settings->database_url,
	    reports ? "chores reports" : "chores"));
}
