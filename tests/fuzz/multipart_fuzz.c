/* links: src/http/multipart.c src/http/form.c src/http/query.c src/http/parameters.c src/http/upload.c src/http/json.c src/http/jsonread.c src/http/numbers.c src/platform/arena.c src/platform/buffer.c src/platform/utf8.c */
/*
 * Multipart bodies: the first line is the content type, the rest the body. As
 * much of it as has come says what the whole will say: its fields come first,
 * and what is wrong stays wrong.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/multipart.h"
#include "platform/arena.h"
#include "platform/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct outcome {
	struct form form;
	const char *wrong;
};

/* From a copy of just that length: whoever reads on is seen. */
static struct outcome
read_copy(
    struct arena *arena, const char *type, const char *body, size_t length)
{
	char *copy = malloc(length > 0 ? length : 1);
	struct outcome outcome;

	memcpy(copy, body, length);
	form_init(&outcome.form);
	outcome.wrong =
	    multipart_read(&outcome.form, arena, type, copy, length);
	free(copy);
	return (outcome);
}

static void
assert_right(const struct form *form)
{
	const struct form_field *field;
	size_t count = 0;

	for (field = form->first; field != NULL; field = field->next) {
		assert(field->name[field->name_length] == '\0');
		assert(utf8_valid(field->name, field->name_length));
		assert(utf8_valid(field->value, field->value_length));
		assert(field->is_file || field->upload == NULL);
		assert(!field->is_file || field->value_length == 0 ||
		       field->upload != NULL);
		count += !field->is_file;
	}
	assert(count == form->count && count <= FORM_FIELDS_MAX);
}

static void
assert_begins_with(const struct form *whole, const struct form *part)
{
	const struct form_field *a = whole->first, *b = part->first;

	for (; b != NULL; a = a->next, b = b->next) {
		assert(a != NULL && a->is_file == b->is_file);
		assert(a->name_length == b->name_length);
		assert(memcmp(a->name, b->name, a->name_length) == 0);
		assert(a->value_length == b->value_length);
		assert(memcmp(a->value, b->value, a->value_length) == 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data, *body, *type;
	struct outcome whole, part;
	struct arena arena;
	size_t length, cut;

	body = memchr(text, '\n', size);
	if (body == NULL || size < 2)
		return (0);
	arena_init(&arena);
	type = arena_copy(&arena, text, (size_t)(body - text));
	body++;
	length = size - (size_t)(body - text);
	cut = length * data[size - 1] / 256;
	whole = read_copy(&arena, type, body, length);
	part = read_copy(&arena, type, body, cut);
	assert_right(&whole.form);
	assert_right(&part.form);
	assert_begins_with(&whole.form, &part.form);
	if (part.wrong != NULL)
		assert(whole.wrong != NULL &&
		       strcmp(whole.wrong, part.wrong) == 0);
	arena_fini(&arena);
	return (0);
}
