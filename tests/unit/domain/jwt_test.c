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
	    "eyJleHAiOjE3OTYwNDcxOTMsInN1YiI6IjEifQ.";
	char token[JWT_SIZE];

	(void)state;
	assert_int_not_equal(jwt_sign(&key, 1, 1796047193, token), 0);
	assert_memory_equal(token, expected, sizeof(expected) - 1);
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
		{ HS256, "[1]", -1 },
		{ HS256, "", -1 },
		{ "{\"alg\":\"none\"}", "{\"exp\":1000000,\"sub\":\"1\"}", -1 },
		{ "{\"alg\":\"HS512\"}", "{\"exp\":1000000,\"sub\":\"1\"}",
		    -1 },
		{ "{\"alg\":\"HS256\",\"crit\":[]}",
		    "{\"exp\":1000000,\"sub\":\"1\"}", -1 },
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
		cmocka_unit_test(every_changed_byte_is_noticed),
		cmocka_unit_test(claims_are_judged),
		cmocka_unit_test(an_empty_key_is_a_key),
	};
	int failed;

	if (jwt_key_init(&key, "secret", 6) == -1)
		return (1);
	failed = RUN(tests);
	jwt_key_fini(&key);
	return (failed);
}
