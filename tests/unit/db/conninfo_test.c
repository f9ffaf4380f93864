/* links: -Itests/unit src/platform/buffer.c src/platform/log.c src/platform/clock.c -lpq */
#include "unit.h"

#include "../../../src/db/conninfo.c"

/* Whether libpq reads ${value} (NULL: nothing) for ${keyword}. */
static void
assert_says(const char *url, const char *keyword, const char *value)
{
	char *text = conninfo_from_url(url, "chores"), *message = NULL;
	PQconninfoOption *options;
	const char *said;

	assert_case(text != NULL, "%s", url);
	options = PQconninfoParse(text, &message);
	assert_case(options != NULL, "%s: %s", url, message);
	said = option_value(options, keyword);
	assert_case((said == NULL) == (value == NULL) &&
			(said == NULL || strcmp(said, value) == 0),
	    "%s: %s=%s", url, keyword, said == NULL ? "" : said);
	PQconninfoFree(options);
	free(text);
}

static void
urls_say_what_libpq_hears(void **state)
{
	static const struct {
		const char *url, *keyword, *value;
	} cases[] = {
		{ "postgresql://u:p@h:5433/d", "user", "u" },
		{ "postgresql://u:p@h:5433/d", "password", "p" },
		{ "postgresql://u:p@h:5433/d", "host", "h" },
		{ "postgresql://u:p@h:5433/d", "port", "5433" },
		{ "postgresql://u:p@h:5433/d", "dbname", "d" },
		{ "postgres://h/d", "user", NULL },
		{ "postgresql+asyncpg://u@h/d", "user", "u" },
		{ "postgresql+psycopg://u@h/d", "dbname", "d" },
		{ "postgresql+psycopg2://u@/d?host=/run/pg", "host",
		    "/run/pg" },
		{ "postgresql://a:1,b:2/d?target_session_attrs=read-write",
		    "host", "a,b" },
		{ "postgresql://a:1,b:2/d?target_session_attrs=read-write",
		    "port", "1,2" },
		{ "postgresql://[::1]:5/d", "host", "::1" },
		/* passwords of all kinds */
		{ "postgresql://u:p%40%2Fx@h/d", "password", "p@/x" },
		{ "postgresql://u:100%@h/d", "password", "100%" },
		{ "postgresql://u:a%zz@h/d", "password", "a%zz" },
		{ "postgresql://u:a@b@h/d", "password", "a@b" },
		{ "postgresql://u:a/b@h/d", "password", "a/b" },
		{ "postgresql://u:a/b@h/d", "host", "h" },
		{ "postgresql://u:a:b@h/d", "password", "a:b" },
		{ "postgresql://u:'\\ @h/d", "password", "'\\ " },
		{ "postgresql://u:@h/d", "user", "u" },
		/* what other drivers say */
		{ "postgresql://h/d?ssl=true", "sslmode", "require" },
		{ "postgresql://h/d?ssl=0", "sslmode", "disable" },
		{ "postgresql://h/d?ssl=verify-full", "sslmode",
		    "verify-full" },
		{ "postgresql://h/d?timeout=9", "connect_timeout", "9" },
		{ "postgresql://h/d?pool_size=5&sslmode=prefer", "sslmode",
		    "prefer" },
		{ "postgresql://h/d?statement_cache_size=0", "dbname", "d" },
		/* ours, unless theirs */
		{ "postgresql://h/d", "application_name", "chores" },
		{ "postgresql://h/d?application_name=x", "application_name",
		    "x" },
		{ "postgresql://h/d", "connect_timeout", "5" },
		{ "postgresql://h/d", "gssencmode", "disable" },
		{ "postgresql://h/d?gssencmode=prefer", "gssencmode",
		    "prefer" },
		{ "postgresql://h/d", "tcp_user_timeout", "5000" },
		{ "postgresql://h/d", "keepalives_idle", "10" },
		{ "postgresql://h/d?tcp_user_timeout=0", "tcp_user_timeout",
		    "0" },
		{ "postgresql://h/d?client_encoding=LATIN1", "client_encoding",
		    "UTF8" },
		/* a pool may refuse it: ours is not sent this way */
		{ "postgresql://h/d", "options", NULL },
		{ "postgresql://h/d?options=-c%20a%3Db", "options", "-c a=b" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++)
		assert_says(cases[i].url, cases[i].keyword, cases[i].value);
}

static void
what_is_none_is_refused(void **state)
{
	static const char *const urls[] = { NULL, "", "mysql://h/d",
		"postgresql:/h/d", "sqlite:///x", "postgresql://h:0/d",
		"postgresql://h:65536/d", "postgresql://h:a,b/d",
		"postgresql://h/d?nonsense=1", "postgresql://h/%zz" };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(urls); i++)
		assert_case(conninfo_from_url(urls[i], "chores") == NULL, "%s",
		    urls[i] == NULL ? "" : urls[i]);
}

static void
a_url_has_its_ceiling(void **state)
{
	static char url[CONNINFO_CEILING_BYTES + 64] = "postgresql://u:";

	(void)state;
	memset(url + strlen(url), 'p', CONNINFO_CEILING_BYTES);
	(void)memcpy(url + sizeof(url) - 8, "@h/d", 5);
	assert_null(conninfo_from_url(url, "chores"));
}

static void
logs_hold_no_password(void **state)
{
	static const struct {
		const char *url, *redacted;
	} cases[] = {
		{ "postgresql://u:secret@h/d", "postgresql://u:***@h/d" },
		{ "postgresql://u@h/d", "postgresql://u@h/d" },
		{ "postgresql://u:se/c@ret@h/d", "postgresql://u:***@h/d" },
		{ "postgresql://h/d?password=secret&a=b",
		    "postgresql://h/d?password=***&a=b" },
		{ "postgresql://h/d?a=b&sslpassword=secret",
		    "postgresql://h/d?a=b&sslpassword=***" },
		{ "mysql://u:secret@h/d", "***" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		char *redacted = conninfo_redact(cases[i].url);

		assert_string_equal(redacted, cases[i].redacted);
		free(redacted);
	}
}

static void
reports_may_have_a_database_of_their_own(void **state)
{
	struct settings s = { .database_url = "postgresql://main/d",
		.database_reports_url = "" };
	char *text;

	(void)state;
	text = conninfo_make(&s, true);
	assert_non_null(strstr(text, "host='main'"));
	free(text);
	s.database_reports_url = "postgresql://replica/d";
	text = conninfo_make(&s, true);
	assert_non_null(strstr(text, "host='replica'"));
	assert_non_null(strstr(text, "application_name='chores reports'"));
	free(text);
	text = conninfo_make(&s, false);
	assert_non_null(strstr(text, "host='main'"));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(urls_say_what_libpq_hears),
		cmocka_unit_test(what_is_none_is_refused),
		cmocka_unit_test(a_url_has_its_ceiling),
		cmocka_unit_test(logs_hold_no_password),
		cmocka_unit_test(reports_may_have_a_database_of_their_own),
	};

	return (RUN(tests));
}
