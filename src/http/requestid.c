#include "http/requestid.h"

#include <inttypes.h>
#include <openssl/rand.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define GIVEN_MAX 64
#define GIVEN_ALPHABET \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

static bool
is_acceptable(const char *given)
{
	size_t length = strspn(given, GIVEN_ALPHABET);

	return (length > 0 && length <= GIVEN_MAX && given[length] == '\0');
}

/* Ids need to be unique, not secret: a random start that a counter follows. */
static void
make(char *out, size_t room)
{
	static uint64_t origin, count;

	while (origin == 0)
		if (RAND_bytes((unsigned char *)&origin, sizeof(origin)) != 1)
			origin = (uint64_t)(uintptr_t)&origin;
	(void)snprintf(out, room, "%016" PRIx64 "%016" PRIx64, origin, ++count);
}

void
requestid_take(const char *given, char *out, size_t room)
{
	if (given != NULL && is_acceptable(given))
		(void)snprintf(out, room, "%s", given);
	else
		make(out, room);
}
