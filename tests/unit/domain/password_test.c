/* links: -Itests/unit src/platform/utf8.c src/platform/arena.c src/platform/log.c src/platform/clock.c -lcrypt -lcrypto */
#include "unit.h"

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
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
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
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_case(password_matches(&scratch, "secret-password", 15,
				cases[i].hash) == cases[i].matches,
		    "%s", cases[i].hash == NULL ? "NULL" : cases[i].hash);
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
		cmocka_unit_test(the_first_bcrypt_went_round_in_the_password),
	};

	return (RUN(tests));
}
