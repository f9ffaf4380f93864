/* links: -Itests/unit src/platform/utf8.c src/platform/arena.c src/platform/log.c src/platform/clock.c -lcrypt -lcrypto */
#include "unit.h"

#include "platform/clock.h"

#include "../../../src/domain/password.c"

static struct password_scratch scratch;

static void
new_passwords_are_judged(void **state)
{
	static const struct {
		const char *password;
		size_t length, least;
		enum password_fault fault;
	} cases[] = {
		{ "1234567", 7, 8, PASSWORD_FAULT_too_short },
		{ "12345678", 8, 8, PASSWORD_FAULT_none },
		{ "\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc", 8, 4,
		    PASSWORD_FAULT_none },
		{ "\xc3\xbc\xc3\xbc\xc3\xbc", 6, 4, PASSWORD_FAULT_too_short },
		{ "abc\0defgh", 9, 8, PASSWORD_FAULT_has_nul },
	};
	char long_one[100];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++)
		assert_case(password_judge(cases[i].password, cases[i].length,
				cases[i].least) == cases[i].fault,
		    "case %zu", i);
	memset(long_one, 'p', sizeof(long_one));
	assert_int_equal(password_judge(long_one, 72, 8), PASSWORD_FAULT_none);
	assert_int_equal(
	    password_judge(long_one, 73, 8), PASSWORD_FAULT_too_long);
}

static void
a_hash_opens_to_its_password_only(void **state)
{
	char hash[PASSWORD_HASH_SIZE], again[PASSWORD_HASH_SIZE];

	(void)state;
	assert_int_equal(password_hash(&scratch, "password", 8, hash), 0);
	assert_int_equal(password_hash(&scratch, "password", 8, again), 0);
	assert_memory_equal(hash, "$2b$12$", 7);
	assert_int_equal(strlen(hash), 60);
	assert_string_not_equal(hash, again);
	assert_true(password_matches(&scratch, "password", 8, hash));
	assert_false(password_matches(&scratch, "passwore", 8, hash));
	assert_false(password_matches(&scratch, "password\0", 9, hash));
}

/* bcrypt of "secret-password" at cost 4, salt .ViUUdZNBAvWbSwCvGiUdO */
#define REST "04$.ViUUdZNBAvWbSwCvGiUdOqbkURH/FwpvJZGAOTiZ6GtGvn7DN0Ku"

static void
stored_hashes_of_every_kind_are_checked(void **state)
{
	static const struct {
		const char *hash;
		bool matches;
	} cases[] = {
		{ "$2a$" REST, true },
		{ "$2b$" REST, true },
		{ "$2y$" REST, true },
		{ "$2x$" REST, false },
		{ "$2$" REST, false }, /* that one repeated the password */
		{ "$2b$" REST "x", false },
		{ "$2b$99$.ViUUdZNBAvWbSwCvGiUdOqbkURH/"
		  "FwpvJZGAOTiZ6GtGvn7DN0Ku",
		    false },
		{ "!", false },
		{ "", false },
		{ NULL, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++)
		assert_case(password_matches(&scratch, "secret-password", 15,
				cases[i].hash) == cases[i].matches,
		    "%s", cases[i].hash == NULL ? "NULL" : cases[i].hash);
}

/* What Python's bcrypt makes of them, with one salt at cost 4. */
static void
hashes_are_those_of_the_original(void **state)
{
	static const struct {
		const char *password;
		const char *hash;
	} cases[] = {
		{ "", "byCG3zY1GIXMyxfivm.ClDiInHzxjiq" },
		{ "abc", "Ci15uRb1eH7NAlJ/TgeJertyknQpYn2" },
		{ "\u00fc\u00fc\u00fc", "oT/TdrzDV2psLP7KSgTRZydCrV8Rn3S" },
		{ "abababababababababababababababababababab"
		  "abababababababababababababababababababab",
		    "M7VGf5m9F/mCbwd9338qP/WEb3LjMbu" },
	};
	static const char *const prefixes[] = { "$2a$", "$2b$", "$2y$" };
	char hash[PASSWORD_HASH_SIZE];
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++)
		for (j = 0; j < COUNT_OF(prefixes); j++) {
			(void)snprintf(hash, sizeof(hash),
			    "%s04$abcdefghijklmnopqrstuu%s", prefixes[j],
			    cases[i].hash);
			assert_case(
			    password_matches(&scratch, cases[i].password,
				strlen(cases[i].password), hash),
			    "%s", hash);
		}
}

static void
only_the_first_72_bytes_count(void **state)
{
	char hash[PASSWORD_HASH_SIZE], p[100];

	(void)state;
	memset(p, 'p', sizeof(p));
	assert_int_equal(password_hash(&scratch, p, 72, hash), 0);
	assert_true(password_matches(&scratch, p, 72, hash));
	assert_true(password_matches(&scratch, p, 100, hash));
	assert_false(password_matches(&scratch, p, 71, hash));
}

/* Every cost bcrypt has, in two digits, and no other. The dear ones are only
 * judged by their form. */
static void
costs_have_two_digits(void **state)
{
	static const char *const refused[] = { "$2b$4$", "$2b$003$", "$2b$4x$",
		"$2b$40$", "$2b$-4$", "$2b$ 4$", "$2b$99$" };
	char hash[PASSWORD_HASH_SIZE + 8];
	int cost;
	size_t i;

	(void)state;
	for (cost = 4; cost <= 31; cost++) {
		(void)snprintf(
		    hash, sizeof(hash), "$2b$%02d$%.53s", cost, &(REST)[3]);
		assert_case(is_bcrypt(hash), "%s", hash);
	}
	for (i = 0; i < COUNT_OF(refused); i++) {
		(void)snprintf(
		    hash, sizeof(hash), "%s%.53s", refused[i], &(REST)[3]);
		assert_case(!is_bcrypt(hash), "%s", hash);
	}
}

static int64_t
time_of_match_us(const char *hash)
{
	int64_t start = clock_mono_us();

	assert_false(password_matches(&scratch, "wrong", 5, hash));
	return (clock_mono_us() - start);
}

/* Whoever has no account, or one that can't be opened, waits as long. Only
 * gross differences show here: a hash takes many milliseconds, a refusal
 * without one takes none. */
static void
a_missing_account_takes_as_long_as_a_wrong_password(void **state)
{
	static const char *const hashes[] = { NULL, "", "!", "$2x$" REST,
		"$2b$00$.ViUUdZNBAvWbSwCvGiUdOqbkURH/"
		"FwpvJZGAOTiZ6GtGvn7DN0Ku" };
	char hash[PASSWORD_HASH_SIZE];
	int64_t wrong_us;
	size_t i;

	(void)state;
	assert_int_equal(password_hash(&scratch, "right", 5, hash), 0);
	wrong_us = time_of_match_us(hash);
	for (i = 0; i < COUNT_OF(hashes); i++)
		assert_case(
		    time_of_match_us(hashes[i]) > wrong_us / 5, "case %zu", i);
	assert_non_null(hash_with(&scratch, "x", nobodys_hash));
}

static void
nothing_of_a_password_stays_behind(void **state)
{
	static const struct password_scratch zeroed;
	char hash[PASSWORD_HASH_SIZE];

	(void)state;
	assert_int_equal(password_hash(&scratch, "password", 8, hash), 0);
	assert_memory_equal(&scratch, &zeroed, sizeof(zeroed));
	assert_true(password_matches(&scratch, "password", 8, hash));
	assert_memory_equal(&scratch, &zeroed, sizeof(zeroed));
	assert_false(password_matches(&scratch, "password", 8, NULL));
	assert_memory_equal(&scratch, &zeroed, sizeof(zeroed));
}

static void
the_first_bcrypt_went_round_in_the_password(void **state)
{
	char text[PASSWORD_BYTES_MAX + 1], hash[PASSWORD_HASH_SIZE];

	(void)state;
	take_bytes(text, "abc", 3);
	repeat_bytes(text);
	assert_int_equal(strlen(text), PASSWORD_BYTES_MAX);
	assert_memory_equal(text, "abcabcab", 8);
	memcpy(hash, hash_with(&scratch, text, "$2a$04$abcdefghijklmnopqrstuu"),
	    PASSWORD_HASH_SIZE);
	memmove(hash + 2, hash + 3, PASSWORD_HASH_SIZE - 3); /* $2$ */
	assert_true(password_matches(&scratch, "abc", 3, hash));
	assert_false(password_matches(&scratch, "abd", 3, hash));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_passwords_are_judged),
		cmocka_unit_test(a_hash_opens_to_its_password_only),
		cmocka_unit_test(stored_hashes_of_every_kind_are_checked),
		cmocka_unit_test(hashes_are_those_of_the_original),
		cmocka_unit_test(only_the_first_72_bytes_count),
		cmocka_unit_test(costs_have_two_digits),
		cmocka_unit_test(
		    a_missing_account_takes_as_long_as_a_wrong_password),
		cmocka_unit_test(nothing_of_a_password_stays_behind),
		cmocka_unit_test(the_first_bcrypt_went_round_in_the_password),
	};

	return (RUN(tests));
}
