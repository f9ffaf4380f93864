/* links: src/http/refusal.c src/http/request.c */
/*
 * Heads of requests: however the bytes are cut, what is read is the same; what
 * is read is clean, and lies within the head.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/http/head.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Low, so that they are met. */
static const struct head_limits limits = {
	.line_bytes = 256, .bytes = 1024, .nheaders = 20
};

/* As many bytes as there are, so that one beyond is seen. */
static char *
exact_copy(const void *data, size_t length)
{
	char *copy = malloc(length == 0 ? 1 : length);

	assert(copy != NULL);
	memcpy(copy, data, length);
	return (copy);
}

/* In steps of ${step} bytes, each time in other memory. */
static enum head_step
read_in_steps(
    struct head *h, const uint8_t *data, size_t size, size_t step, char **bytes)
{
	enum head_step outcome = HEAD_MORE;
	size_t length = 0;

	*bytes = exact_copy(data, 0);
	while (outcome == HEAD_MORE && length < size) {
		size_t more = size - length < step ? size - length : step;
		char *grown = exact_copy(data, length + more);

		memcpy(grown, *bytes, length);
		head_rebase(h, *bytes, grown);
		free(*bytes);
		*bytes = grown;
		length += more;
		outcome = head_read(h, &limits, *bytes, length);
	}
	return (outcome);
}

static void
assert_text(const char *text, size_t length, unsigned classes)
{
	assert(strlen(text) == length);
	assert(octet_span(text, 0, length, classes) == length);
}

static void
assert_clean(const struct head *h, size_t size)
{
	const struct request *r = &h->request;
	size_t i;

	assert(h->length > 0 && h->length <= size);
	assert(h->length <= limits.bytes + strlen("\r\n"));
	assert_text(r->method_text, strlen(r->method_text), OCTET_TOKEN);
	assert(*r->path == '/' || *r->path == '*');
	assert_text(r->query, strlen(r->query), OCTET_TARGET);
	assert(r->nheaders <= limits.nheaders);
	assert(!(h->has_length && h->is_chunked));
	assert(h->has_length || r->declared_length == 0);
	assert(!h->is_chunked || r->minor_version == 1);
	assert(r->minor_version == 0 || request_header(r, "host") != NULL);
	for (i = 0; i < r->nheaders; i++) {
		assert_text(
		    r->headers[i].name, r->headers[i].name_length, OCTET_TOKEN);
		assert_text(r->headers[i].value, r->headers[i].value_length,
		    OCTET_TEXT);
	}
}

static void
assert_same(const struct head *a, const struct head *b)
{
	size_t i;

	assert(a->length == b->length && a->is_chunked == b->is_chunked);
	assert(a->has_length == b->has_length);
	assert(a->expects_continue == b->expects_continue);
	assert(a->request.method == b->request.method);
	assert(strcmp(a->request.path, b->request.path) == 0);
	assert(strcmp(a->request.raw_path, b->request.raw_path) == 0);
	assert(strcmp(a->request.query, b->request.query) == 0);
	assert(a->request.declared_length == b->request.declared_length);
	assert(a->request.keep_alive == b->request.keep_alive);
	assert(a->request.nheaders == b->request.nheaders);
	for (i = 0; i < a->request.nheaders; i++) {
		const struct header *f = &a->request.headers[i];
		const struct header *g = &b->request.headers[i];

		assert(strcmp(f->name, g->name) == 0);
		assert(strcmp(f->value, g->value) == 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum head_step whole_step, cut_step;
	struct head whole, cut;
	char *whole_bytes, *cut_bytes;

	if (size < 2)
		return (0);
	head_init(&whole);
	head_init(&cut);
	whole_step =
	    read_in_steps(&whole, data + 1, size - 1, size, &whole_bytes);
	cut_step =
	    read_in_steps(&cut, data + 1, size - 1, 1 + data[0], &cut_bytes);
	assert(whole_step == cut_step);
	if (whole_step == HEAD_REFUSED)
		assert(whole.refusal == cut.refusal &&
		       refusal_status(whole.refusal) >= 400);
	if (whole_step == HEAD_DONE) {
		assert_clean(&whole, size - 1);
		assert_same(&whole, &cut);
	}
	head_fini(&whole);
	head_fini(&cut);
	free(whole_bytes);
	free(cut_bytes);
	return (0);
}
