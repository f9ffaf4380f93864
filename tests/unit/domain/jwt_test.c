/* links: -Itests/unit src/domain/claims.c src/platform/integer.c src/platform/jsontext.c src/platform/utf8.c src/platform/arena.c src/platform/log.c src/platform/clock.c -lcrypto */
#include "unit.h"

#include "../../../src/domain/jwt.c"

#define NOW 1000000

static struct jwt_key key;

/* A token of ${header} and ${payload}, rightly signed. */
static size_t
make(char *token, const char *header, const char *payload)
{
	unsigned char mac[MAC_LENGTH];
	size_t n = encode((const unsigned char *)header, strlen(header), token);

	token[n++] = '.';
	n += encode((const unsigned char *)payload, strlen(payload), token + n);
	assert_int_equal(sign(&key, token, n, mac), 0);
	token[n++] = '.';
	n += encode(mac, MAC_LENGTH, token + n);
	token[n] = '\0';
	return (n);
}

static int
verify(const char *header, const char *payload, int64_t *user_id)
{
	char token[4096];
	size_t length = make(token, header, payload);

	return (jwt_verify(&key, token, length, NOW, user_id));
}

static void
a_token_of_ours_is_verified(void **state)
{
	char token[JWT_SIZE];
	int64_t user_id;
	size_t length;

	(void)state;
	length = jwt_sign(&key, INT64_C(2147483647), NOW, token);
	assert_int_equal(length, strlen(token));
	assert_int_equal(jwt_verify(&key, token, length, NOW, &user_id), 0);
	assert_int_equal(user_id, 2147483647);
	assert_int_equal(
	    jwt_verify(&key, token, length, NOW + 1, &user_id), -1);
}

static void
the_original_would_have_made_the_same(void **state)
{
	/* jwt.encode({"exp": 1796047193, "sub": "1"}, "secret", "HS256") */
	static const char expected[] =
	    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
	    "eyJleHAiOjE3OTYwNDcxOTMsInN1YiI6IjEifQ."
	    "olZFdv4GmT0FrGW8oxAHgcZkwJ-b4Fx67Z7cpicWt00";
	char token[JWT_SIZE];

	(void)state;
	assert_int_not_equal(jwt_sign(&key, 1, 1796047193, token), 0);
	assert_string_equal(token, expected);
}

static void
the_longest_token_of_ours_fits(void **state)
{
	char token[JWT_SIZE];
	size_t length = jwt_sign(&key, INT64_MIN, INT64_MIN, token);

	(void)state;
	assert_in_range(length, 1, JWT_SIZE - 1);
	assert_int_equal(length, strlen(token));
}

static void
every_changed_byte_is_noticed(void **state)
{
	char token[JWT_SIZE], changed[JWT_SIZE];
	int64_t user_id;
	size_t length, i;

	(void)state;
	length = jwt_sign(&key, 7, NOW + 9, token);
	for (i = 0; i < length; i++) {
		memcpy(changed, token, length + 1);
		changed[i] = changed[i] == 'A' ? 'B' : 'A';
		assert_case(
		    jwt_verify(&key, changed, length, NOW, &user_id) == -1,
		    "byte %zu", i);
		assert_case(jwt_verify(&key, token, i, NOW, &user_id) == -1,
		    "length %zu", i);
	}
}

#define HS256 "{\"alg\":\"HS256\"}"

static void
claims_are_judged(void **state)
{
	static const struct {
		const char *header, *payload;
		int result;
	} cases[] = {
		{ HS256, "{\"exp\":1000000,\"sub\":\"1\"}", 0 },
		{ HS256, "{\"exp\":999999,\"sub\":\"1\"}", -1 },
		{ HS256, "{\"exp\":\"1000001\",\"sub\":\"1\"}", 0 },
		{ HS256, "{\"exp\":1000000.9,\"sub\":\"1\"}", 0 },
		{ HS256, "{\"exp\":1e300,\"sub\":\"1\"}", 0 },
		{ HS256, "{\"exp\":1e400,\"sub\":\"1\"}", -1 },
		{ HS256, "{\"exp\":null,\"sub\":\"1\"}", -1 },
		{ HS256, "{\"exp\":[],\"sub\":\"1\"}", -1 },
		{ HS256, "{\"sub\":\"1\"}", -1 },
		{ HS256, "{\"exp\":1000000,\"sub\":\" +01 \"}", 0 },
		{ HS256, "{\"exp\":1000000,\"sub\":1}", -1 },
		{ HS256, "{\"exp\":1000000,\"sub\":\"\"}", -1 },
		{ HS256, "{\"exp\":1000000,\"sub\":\"2147483648\"}", -1 },
		{ HS256, "{\"exp\":1000000,\"sub\":\"1\",\"nbf\":1000000}", 0 },
		{ HS256, "{\"exp\":1000000,\"sub\":\"1\",\"nbf\":1000001}",
		    -1 },
		{ HS256, "{\"exp\":1000000,\"sub\":\"1\",\"iat\":9999999}", 0 },
		{ HS256, "{\"exp\":1000000,\"sub\":\"1\",\"iat\":\"x\"}", -1 },
		{ HS256, "{\"exp\":1000000,\"sub\":\"1\",\"aud\":\"x\"}", -1 },
		{ HS256, "{\"exp\":1,\"exp\":1000000,\"sub\":\"1\"}", 0 },
		{ HS256, "{\"exp\":1000000,\"sub\":\"1\"} x", -1 },
		{ HS256, "{\"exp\":true,\"sub\":\"1\"}", -1 },
		{ HS256, "{\"exp\":\"1e7\",\"sub\":\"1\"}", -1 },
		{ HS256, "{\"exp\":1e7,\"sub\":\"1\"}", 0 },
		{ HS256, "{\"exp\":1000000,\"sub\":null}", -1 },
		{ HS256, "{\"exp\":1000000,\"sub\":\"1.0\"}", -1 },
		{ HS256, "{\"exp\":1000000,\"sub\":\"-2147483648\"}", 0 },
		{ HS256, "{\"exp\":1000000,\"sub\":\"-2147483649\"}", -1 },
		{ HS256, "{\"exp\":1000000,\"sub\":\"1\",\"nbf\":null}", -1 },
		{ HS256, "{\"exp\":1000000,\"sub\":\"1\",\"iat\":null}", -1 },
		{ HS256, "{\"exp\":1000000,\"sub\":\"1\",\"aud\":null}", -1 },
		{ HS256, "{\"exp\":1000000,\"sub\":\"1\",\"iss\":\"x\"}", 0 },
		{ HS256, "{\"exp\":1000000,\"sub\":\"1\",\"jti\":\"x\"}", 0 },
		{ HS256, "{\"exp\":1000000,\"sub\":\"1\",\"jti\":null}", -1 },
		{ HS256, "{\"exp\":1000000,\"sub\":\"1\",\"jti\":7}", -1 },
		{ HS256, "{\"exp\":1000000,\"sub\":\"1\",\"at_hash\":\"x\"}",
		    -1 },
		{ HS256, "[1]", -1 },
		{ HS256, "", -1 },
		{ "{\"alg\":\"none\"}", "{\"exp\":1000000,\"sub\":\"1\"}", -1 },
		{ "{\"alg\":\"HS512\"}", "{\"exp\":1000000,\"sub\":\"1\"}",
		    -1 },
		{ "{\"alg\":\"HS256\",\"crit\":[\"exp\"]}",
		    "{\"exp\":1000000,\"sub\":\"1\"}", -1 },
		{ "{\"alg\":\"HS256\",\"crit\":null}",
		    "{\"exp\":1000000,\"sub\":\"1\"}", -1 },
		{ "{\"alg\":\"hs256\"}", "{\"exp\":1000000,\"sub\":\"1\"}",
		    -1 },
		{ "{\"alg\":[\"HS256\"]}", "{\"exp\":1000000,\"sub\":\"1\"}",
		    -1 },
		{ "{\"alg\":\"HS256\",\"alg\":\"none\"}",
		    "{\"exp\":1000000,\"sub\":\"1\"}", -1 },
		{ "{\"alg\":\"HS256\",\"typ\":\"x\",\"kid\":\"1\"}",
		    "{\"exp\":1000000,\"sub\":\"1\"}", 0 },
		{ "", "{\"exp\":1000000,\"sub\":\"1\"}", -1 },
		{ "{\"typ\":\"JWT\"}", "{\"exp\":1000000,\"sub\":\"1\"}", -1 },
	};
	int64_t user_id;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++)
		assert_case(verify(cases[i].header, cases[i].payload,
				&user_id) == cases[i].result,
		    "%s %s", cases[i].header, cases[i].payload);
}

/* Texts that are no token: none is read beyond its end. */
static void
other_texts_are_refused(void **state)
{
	static const char *const texts[] = { "", ".", "..", "...", "a.b.c",
		"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
		"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.",
		"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9..",
		".eyJleHAiOjE3OTYwNDcxOTMsInN1YiI6IjEifQ." };
	int64_t user_id;
	size_t i, length;

	(void)state;
	for (i = 0; i < COUNT_OF(texts); i++) {
		char *copy;

		/* Exactly as long as it is, for the sanitizer to see. */
		length = strlen(texts[i]);
		copy = malloc(length + (length == 0));
		memcpy(copy, texts[i], length);
		assert_case(jwt_verify(&key, copy, length, NOW, &user_id) == -1,
		    "%s", texts[i]);
		free(copy);
	}
}

/* Each right token has one spelling: none with padding, another alphabet,
 * loose bits at the end, or a fourth part. */
static void
a_signature_is_spelt_one_way(void **state)
{
	char token[JWT_SIZE], other[JWT_SIZE + 8];
	int64_t user_id;
	size_t length;

	(void)state;
	length = jwt_sign(&key, 1, NOW, token);
	(void)snprintf(other, sizeof(other), "%s=", token);
	assert_int_equal(
	    jwt_verify(&key, other, length + 1, NOW, &user_id), -1);
	(void)snprintf(other, sizeof(other), "%s.x", token);
	assert_int_equal(
	    jwt_verify(&key, other, length + 2, NOW, &user_id), -1);
	(void)snprintf(other, sizeof(other), "%s ", token);
	assert_int_equal(
	    jwt_verify(&key, other, length + 1, NOW, &user_id), -1);
	(void)snprintf(other, sizeof(other), "%s", token);
	other[length - 1]++; /* its low two bits decode to nothing */
	assert_int_equal(jwt_verify(&key, other, length, NOW, &user_id), -1);
}

static void
tokens_may_be_long_but_not_endless(void **state)
{
	static char payload[8192], token[12000];
	int64_t user_id;
	size_t length, blanks;

	(void)state;
	for (blanks = 5900; blanks < 6200; blanks++) {
		(void)snprintf(payload, sizeof(payload),
		    "{\"exp\":%d,%*s\"sub\":\"1\"}", NOW, (int)blanks, "");
		length = make(token, HS256, payload);
		assert_case(jwt_verify(&key, token, length, NOW, &user_id) ==
				(length <= JWT_LENGTH_MAX ? 0 : -1),
		    "%zu bytes", length);
	}
}

static void
another_secret_makes_other_tokens(void **state)
{
	struct jwt_key other;
	char token[JWT_SIZE];
	int64_t user_id;
	size_t length;

	(void)state;
	/* HMAC fills a key up with NULs: only these two are the same. */
	assert_int_equal(jwt_key_init(&other, "secret\0", 7), 0);
	length = jwt_sign(&other, 1, NOW, token);
	assert_int_equal(jwt_verify(&key, token, length, NOW, &user_id), 0);
	jwt_key_fini(&other);
	assert_int_equal(jwt_key_init(&other, "Secret", 6), 0);
	length = jwt_sign(&other, 1, NOW, token);
	assert_int_equal(jwt_verify(&key, token, length, NOW, &user_id), -1);
	assert_int_equal(jwt_verify(&other, token, length, NOW, &user_id), 0);
	jwt_key_fini(&other);
	jwt_key_fini(&other);
}

static void
an_empty_key_is_a_key(void **state)
{
	struct jwt_key empty;
	char token[JWT_SIZE];
	int64_t user_id;
	size_t length;

	(void)state;
	assert_int_equal(jwt_key_init(&empty, "", 0), 0);
	length = jwt_sign(&empty, 1, NOW, token);
	assert_int_equal(jwt_verify(&empty, token, length, NOW, &user_id), 0);
	assert_int_equal(jwt_verify(&key, token, length, NOW, &user_id), -1);
	jwt_key_fini(&empty);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_of_ours_is_verified),
		cmocka_unit_test(the_original_would_have_made_the_same),
		cmocka_unit_test(the_longest_token_of_ours_fits),
		cmocka_unit_test(every_changed_byte_is_noticed),
		cmocka_unit_test(claims_are_judged),
		cmocka_unit_test(other_texts_are_refused),
		cmocka_unit_test(a_signature_is_spelt_one_way),
		cmocka_unit_test(tokens_may_be_long_but_not_endless),
		cmocka_unit_test(another_secret_makes_other_tokens),
		cmocka_unit_test(an_empty_key_is_a_key),
	};
	int failed;

	if (jwt_key_init(&key, "secret", 6) == -1)
		return (1);
	failed = RUN(tests);
	jwt_key_fini(&key);
	return (failed);
}
