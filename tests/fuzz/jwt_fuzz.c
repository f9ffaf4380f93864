/* links: src/domain/claims.c src/platform/integer.c src/platform/jsontext.c src/platform/utf8.c src/platform/arena.c src/platform/log.c src/platform/clock.c -lcrypto */
/*
 * Tokens: nothing passes without the right signature; with it (as if the key
 * had leaked), header and payload are any bytes, divided by the first newline.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/domain/jwt.c"

#define NOW 1000000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct jwt_key key;

/* Rightly signed; the length of the token. */
static size_t
make(char *token, const uint8_t *header, size_t header_length,
    const uint8_t *payload, size_t payload_length)
{
	unsigned char mac[MAC_LENGTH];
	size_t n = encode(header, header_length, token);

	token[n++] = '.';
	n += encode(payload, payload_length, token + n);
	assert(sign(&key, token, n, mac) == 0);
	token[n++] = '.';
	return (n + encode(mac, MAC_LENGTH, token + n));
}

static int
verify(const char *token, size_t length, int64_t now_s, int64_t *user_id)
{
	/* As long as it is, so that a byte beyond is seen. */
	char *exact = malloc(length == 0 ? 1 : length);
	int status;

	assert(exact != NULL);
	memcpy(exact, token, length);
	status = jwt_verify(&key, exact, length, now_s, user_id);
	free(exact);
	return (status);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, '\n', size);
	int64_t user_id = 0;
	char *token;
	size_t length;

	if (key.mac == NULL)
		assert(jwt_key_init(&key, "secret", 6) == 0);
	assert(verify((const char *)data, size, NOW, &user_id) == -1);
	if (end == NULL)
		return (0);
	token = malloc(2 * size + 128);
	assert(token != NULL);
	length = make(token, data, (size_t)(end - data), end + 1,
	    size - (size_t)(end + 1 - data));
	if (verify(token, length, NOW, &user_id) == 0) {
		assert(user_id >= INT32_MIN && user_id <= INT32_MAX);
		assert(length <= JWT_LENGTH_MAX);
		assert(verify(token, length - 1, NOW, &user_id) == -1);
		token[length - 1] ^= 1;
		assert(verify(token, length, NOW, &user_id) == -1);
	}
	free(token);
	return (0);
}
