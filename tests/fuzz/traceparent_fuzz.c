/* links: src/http/traceparent.c */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/traceparent.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char id[TRACEPARENT_ID_SIZE], *text;
	bool taken;

	if (memchr(data, '\0', size) != NULL)
		return (0);
	text = malloc(size + 1);
	assert(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	taken = traceparent_take(text, id);
	if (taken) {
		assert(size >= 55);
		assert(memcmp(id, text + 3, 32) == 0);
		assert(strspn(id, "0123456789abcdef") == 32);
		assert(strspn(id, "0") < 32);
	} else
		assert(id[0] == '\0');
	free(text);
	return (0);
}
