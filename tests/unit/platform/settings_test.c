/* links: -Itests/unit src/platform/dotenv.c src/platform/netmatch.c src/platform/integer.c src/platform/jsontext.c src/platform/utf8.c src/platform/arena.c src/platform/buffer.c src/platform/log.c src/platform/clock.c */
#include "unit.h"

#include <unistd.h>

#include "../../../src/platform/settings.c"

static char folder[] = "/tmp/settings_test.XXXXXX";

static int
enter_folder(void **state)
{
	(void)state;
	return (mkdtemp(folder) == NULL ? -1 : chdir(folder));
}

static int
leave_folder(void **state)
{
	(void)state;
	(void)unlink(".env");
	return (chdir("/") == 0 ? rmdir(folder) : -1);
}

/* Nothing of an earlier test, or of whoever runs this. */
static int
forget(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < SETTINGS_COUNT; i++)
		(void)unsetenv(table[i].name);
	(void)unlink(".env");
	return (0);
}

static void
write_file(const char *text)
{
	FILE *file = fopen(".env", "we");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void
load(struct settings *s)
{
	char error[512] = "";

	assert_case(settings_load(s, error, sizeof(error)) == 0, "%s", error);
}

/* Refused, in one line that names it and says no secret. */
static void
assert_refused(const char *name, const char *value)
{
	char error[512] = "";
	struct settings s;

	assert_int_equal(setenv(name, value, 1), 0);
	assert_case(settings_load(&s, error, sizeof(error)) == -1, "%s=%s",
	    name, value);
	assert_case(strstr(error, name) != NULL, "%s", error);
	assert_null(strchr(error, '\n'));
	assert_int_equal(unsetenv(name), 0);
}

static void
every_row_has_a_default_that_holds(void **state)
{
	struct settings s;

	(void)state;
	load(&s);
	assert_int_equal(s.port, 8888);
	assert_int_equal(s.http_port, 0);
	assert_string_equal(s.secret_key, KNOWN_SECRET_KEY);
	assert_true(s.is_known_secret_key && s.rate_limit_enabled);
	assert_int_equal(s.log_level, LOG_LEVEL_info);
	assert_int_equal(s.registration_codes.count, 3);
	assert_true(netmatch_contains(&s.metrics_allowed, "10.1.2.3"));
	assert_false(netmatch_contains(&s.metrics_allowed, "192.0.2.1"));
	assert_int_equal(s.trusted_proxies.count, 0);
	assert_false(s.cors_allows_all);
	settings_fini(&s);
}

static void
the_environment_wins_over_the_file(void **state)
{
	struct settings s;

	(void)state;
	write_file("PORT=1\nHTTP_PORT=2\nDATABASE_URL=ignored\n");
	assert_int_equal(setenv("PORT", " 3 ", 1), 0);
	load(&s);
	assert_int_equal(s.port, 3);
	assert_int_equal(s.http_port, 2);
	/* what only the process may say */
	assert_string_equal(s.database_url, "");
	assert_string_equal(s.given[SETTING_http_port], "2");
	assert_null(s.given[SETTING_database_url]);
	settings_fini(&s);
}

static void
values_of_each_type_are_read(void **state)
{
	struct settings s;

	(void)state;
	assert_int_equal(setenv("LOG_LEVEL", "Debug", 1), 0);
	assert_int_equal(setenv("TESTING", "ON", 1), 0);
	assert_int_equal(setenv("BACKEND_CORS_ORIGINS", " a ,,*", 1), 0);
	assert_int_equal(
	    setenv("REGISTRATION_CODES", " [\"a,b\", \"\\u00e9z\"] ", 1), 0);
	assert_int_equal(
	    setenv("TRUSTED_PROXIES", "10.0.0.0/8, nonsense, ::1", 1), 0);
	assert_int_equal(setenv("METRICS_ENDPOINT", "/m", 1), 0);
	load(&s);
	assert_int_equal(s.log_level, LOG_LEVEL_debug);
	assert_true(s.testing && s.cors_allows_all);
	assert_int_equal(s.cors_origins.count, 2);
	assert_string_equal(s.cors_origins.items[0], "a");
	assert_int_equal(s.registration_codes.count, 2);
	assert_string_equal(s.registration_codes.items[0], "A,B");
	assert_string_equal(s.registration_codes.items[1], "éZ");
	assert_int_equal(s.trusted_proxies.count, 2);
	assert_string_equal(s.metrics_endpoint, "/m");
	settings_fini(&s);
}

static void
bad_values_name_themselves(void **state)
{
	static const struct {
		const char *name, *value;
	} cases[] = {
		{ "PORT", "" },
		{ "PORT", "88x" },
		{ "PORT", "65536" },
		{ "PORT", "-1" },
		{ "PORT", "8\n8" },
		{ "TESTING", "maybe" },
		{ "LOG_LEVEL", "loud" },
		{ "BIND_ADDRESS", "" },
		{ "METRICS_ENDPOINT", "metrics" },
		{ "METRICS_ENDPOINT", "/a?b" },
		{ "REGISTRATION_CODES", "[\"a\"" },
		{ "REGISTRATION_CODES", "[\"a\",]" },
		{ "REGISTRATION_CODES", "[1]" },
		{ "REGISTRATION_CODES", "[\"a\"] b" },
		{ "HTTP_HEADER_COUNT", "7" },
		{ "HTTP_HELD_BYTES", "1" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++)
		assert_refused(cases[i].name, cases[i].value);
}

static void
secrets_are_not_repeated(void **state)
{
	static char value[5000];
	char error[512];
	struct settings s;

	(void)state;
	memset(value, 'Q', sizeof(value) - 1);
	assert_int_equal(setenv("SECRET_KEY", value, 1), 0);
	assert_int_equal(settings_load(&s, error, sizeof(error)), -1);
	assert_non_null(strstr(error, "SECRET_KEY"));
	assert_null(strchr(error, 'Q'));
}

static void
production_wants_secrets_of_its_own(void **state)
{
	struct settings s;

	(void)state;
	assert_int_equal(setenv("ENVIRONMENT", "production", 1), 0);
	assert_refused("SECRET_KEY", "short");
	assert_int_equal(
	    setenv("SECRET_KEY", "0123456789012345678901234567890x", 1), 0);
	assert_refused("REGISTRATION_CODES", "beta2024");
	assert_int_equal(setenv("REGISTRATION_CODES", "MINE", 1), 0);
	load(&s);
	assert_false(s.is_known_secret_key);
	settings_fini(&s);
}

static void
some_listener_must_be_left(void **state)
{
	(void)state;
	assert_refused("PORT", "0");
}

static void
a_broken_file_is_refused(void **state)
{
	char error[512];
	struct settings s;

	(void)state;
	write_file("PORT='1\n");
	assert_int_equal(settings_load(&s, error, sizeof(error)), -1);
	assert_non_null(strstr(error, ".env"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
		    every_row_has_a_default_that_holds, forget),
		cmocka_unit_test_setup(
		    the_environment_wins_over_the_file, forget),
		cmocka_unit_test_setup(values_of_each_type_are_read, forget),
		cmocka_unit_test_setup(bad_values_name_themselves, forget),
		cmocka_unit_test_setup(secrets_are_not_repeated, forget),
		cmocka_unit_test_setup(
		    production_wants_secrets_of_its_own, forget),
		cmocka_unit_test_setup(some_listener_must_be_left, forget),
		cmocka_unit_test_setup(a_broken_file_is_refused, forget),
	};

	return (cmocka_run_group_tests(tests, enter_folder, leave_folder));
}
