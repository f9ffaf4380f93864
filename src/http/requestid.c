#include "http/requestid.h"

#include <inttypes.h>
#include <openssl/rand.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define GIVEN_ALPHABET \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

static bool
is_acceptable(const char *given)
{
	size_t length = strspn(given, GIVEN_ALPHABET);

	return (length > 0 && length < REQUESTID_SIZE && given[length] == '\0');
}

/* Ids need to be unique, not secret: a random start that a counter follows. */
static void
make(char id[REQUESTID_SIZE])
{
	static uint64_t origin, count;

	while (origin == 0)
		if (RAND_bytes((unsigned char *)&origin, sizeof(origin)) != 1)
			origin = (uint64_t)(uintptr_t)&origin;
	(void)snprintf(
	    id, REQUESTID_SIZE, "%016" PRIx64 "%016" PRIx64, origin, ++count);
}

void
requestid_take(const char *given, char id[REQUESTID_SIZE])
{
	if (given != NULL && is_acceptable(given))
		(void)snprintf(id, REQUESTID_SIZE, "%s", given);
	else
		make(id);
}
