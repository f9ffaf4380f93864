/* links: src/http/email.c src/http/maildomain.c src/http/mailliteral.c src/http/mailtext.c src/http/idna.c src/http/idnacode.c src/http/bidirule.c src/http/punycode.c src/platform/arena.c src/platform/buffer.c src/platform/utf8.c -lunistring */
/*
 * Addresses: what is taken fits into mail and is taken again as it is; blanks
 * around it change nothing; what isn't taken has a reason.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "http/email.h"
#include "platform/arena.h"
#include "platform/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LONGEST_BYTES 254
#define CHARACTERS_MAX 2048

static const char *
outcome(const struct email *email)
{
	return (email->text != NULL ? email->text : email->reason);
}

static void
assert_is_final(struct arena *arena, const char *text)
{
	size_t length = strlen(text);
	struct email again;

	assert(length <= LONGEST_BYTES && strchr(text, '@') != NULL);
	assert(utf8_valid(text, length) && !utf8_has_surrogate(text, length));
	assert(email_read(arena, text, length, &again) == 0);
	assert(strcmp(again.text, text) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct email email, padded;
	struct arena arena;
	int result;

	if (!utf8_valid(text, size))
		return (0);
	arena_init(&arena);
	result = email_read(&arena, text, size, &email);
	assert((result == 0) == (email.text != NULL));
	assert((result == -1) == (email.reason != NULL));
	if (result == 0)
		assert_is_final(&arena, email.text);
	else
		assert(email.reason[0] != '\0' &&
		       utf8_valid(email.reason, strlen(email.reason)));
	if (utf8_count(text, size) + 2 <= CHARACTERS_MAX) {
		char *blanks = arena_alloc(&arena, size + 2);

		blanks[0] = ' ';
		memcpy(blanks + 1, text, size);
		blanks[size + 1] = '\t';
		assert(email_read(&arena, blanks, size + 2, &padded) == result);
		assert(strcmp(outcome(&padded), outcome(&email)) == 0);
	}
	arena_fini(&arena);
	return (0);
}
