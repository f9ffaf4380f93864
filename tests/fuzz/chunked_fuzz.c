/* links: src/http/chunked.c */
/*
 * Chunked bodies: however the bytes are cut, the outcome and the data are the
 * same, joined in place or elsewhere, and never more than allowed.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/chunked.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Low, so that they are met. */
static const struct chunked_limits limits = { .body_bytes = 512,
	.trailer_bytes = 128 };

struct outcome {
	enum chunked_step step;
	size_t used, produced;
	char *data;
};

/* In steps of ${step} bytes, joined in place. */
static struct outcome
read_in_steps(const uint8_t *bytes, size_t size, size_t step)
{
	struct outcome o = { .step = CHUNKED_MORE, .data = malloc(size + 1) };
	struct chunked ch;

	assert(o.data != NULL);
	memcpy(o.data, bytes, size);
	chunked_init(&ch);
	while (o.step == CHUNKED_MORE && o.used < size) {
		size_t more = size - o.used < step ? size - o.used : step;
		size_t used, produced;

		o.step = chunked_read(&ch, &limits, o.data + o.used, more,
		    &used, o.data + o.produced, &produced);
		assert(used <= more && produced <= used);
		assert(used == more || o.step != CHUNKED_MORE);
		o.used += used;
		o.produced += produced;
		assert(o.produced <= ch.total || o.step != CHUNKED_DONE);
	}
	assert(o.produced <= limits.body_bytes);
	if (o.step == CHUNKED_DONE)
		assert(o.produced == ch.total);
	if (o.step == CHUNKED_TOO_LARGE)
		assert(ch.total > limits.body_bytes);
	return (o);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct outcome whole, cut;

	if (size < 2)
		return (0);
	whole = read_in_steps(data + 1, size - 1, size);
	cut = read_in_steps(data + 1, size - 1, 1 + data[0]);
	assert(whole.step == cut.step && whole.used == cut.used);
	assert(whole.produced == cut.produced);
	assert(memcmp(whole.data, cut.data, whole.produced) == 0);
	free(whole.data);
	free(cut.data);
	return (0);
}
