#include "domain/invite.h"

#include <stdbool.h>
#include <string.h>

#include "platform/log.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

#define NLETTERS 26
#define NCHARACTERS (sizeof(alphabet) - 1)

/* The largest multiple of NCHARACTERS that a byte can count to: bytes from
 * there on would make the first letters likelier. */
#define FAIR_BELOW (256 / NCHARACTERS * NCHARACTERS)

/* More at once than a code needs, so that one call does nearly always. */
#define NBYTES 16

/* A letter among the first ${length} characters. */
static bool
has_letter(const char *code, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		if (memchr(alphabet, code[i], NLETTERS) != NULL)
			return (true);
	return (false);
}

int
invite_make(char code[INVITE_CODE_SIZE],
    int (*random_bytes)(unsigned char *bytes, int length))
{
	unsigned char bytes[NBYTES];
	size_t length = 0, i;

	do {
		if (length == INVITE_CODE_LENGTH) /* digits only: again */
			length = 0;
		if (random_bytes(bytes, NBYTES) != 1) {
			log_error("invite code: no random bytes");
			return (-1);
		}
		for (i = 0; i < NBYTES && length < INVITE_CODE_LENGTH; i++)
			if (bytes[i] < FAIR_BELOW)
				code[length++] =
				    alphabet[bytes[i] % NCHARACTERS];
	} while (length < INVITE_CODE_LENGTH || !has_letter(code, length));
	code[length] = '\0';
	return (0);
}
