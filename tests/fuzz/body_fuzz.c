/* links: src/http/body.c src/http/form.c src/http/multipart.c src/http/parameters.c src/http/upload.c src/http/query.c src/http/request.c src/http/json.c src/http/jsonread.c src/http/numbers.c src/platform/arena.c src/platform/buffer.c src/platform/utf8.c */
/*
 * Bodies: two bytes say method and kind, a line the content type, the rest is
 * the body. An answer is JSON; without one there is what the kind promises.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "http/body.h"
#include "http/json.h"
#include "http/request.h"
#include "platform/arena.h"
#include "platform/buffer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
assert_answer(struct arena *arena, int status, const struct buffer *out)
{
	struct jsonread_error error;
	const struct json *answer;

	assert(
	    status == 400 || status == 413 || status == 415 || status == 422);
	assert(!buffer_failed(out));
	answer = jsonread(arena, out->data, out->length, &error);
	assert(answer != NULL && answer->type == JSON_OBJECT);
	assert(json_member(answer, "error") != NULL ||
	       json_member(answer, "detail") != NULL);
}

static void
assert_kept(
    enum body_kind kind, const struct request *request, const struct body *body)
{
	bool is_form = body->type == BODY_TYPE_URLENCODED ||
		       body->type == BODY_TYPE_MULTIPART;

	if (kind == BODY_JSON || kind == BODY_JSON_OPTIONAL ||
	    kind == BODY_JSON_TEXT) {
		assert((body->json != NULL) == (request->body_length > 0));
		assert(body->form.first == NULL);
	}
	if (kind == BODY_FORM || kind == BODY_CUSTOM)
		assert(is_form || body->form.first == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct header header = { "content-type", NULL, 12, 0 };
	struct request request = { .path = "/api/x", .query = "" };
	struct body body = { 0 };
	struct arena arena;
	struct buffer out;
	const char *text = (const char *)data + 2, *end;
	enum body_kind kind;
	int status;

	if (size < 3 || (end = memchr(text, '\n', size - 2)) == NULL)
		return (0);
	arena_init(&arena);
	buffer_init(&out, 8 * 1024 * 1024);
	request.method = data[0] % (METHOD_OTHER + 1);
	kind = data[1] % (BODY_CUSTOM + 1);
	header.value = arena_copy(&arena, text, (size_t)(end - text));
	header.value_length = strlen(header.value);
	request.headers = &header;
	request.nheaders = (data[1] & 0x80) == 0;
	request.body = end + 1;
	request.body_length = size - (size_t)(end + 1 - (const char *)data);
	request.declared_length = request.body_length;
	status = body_check(&request, &arena, &body, &out);
	if (status == 0)
		status = body_read(kind, &request, &arena, &body, &out);
	if (status != 0) {
		assert_answer(&arena, status, &out);
	} else {
		assert(out.length == 0);
		assert_kept(kind, &request, &body);
	}
	buffer_fini(&out);
	arena_fini(&arena);
	return (0);
}
