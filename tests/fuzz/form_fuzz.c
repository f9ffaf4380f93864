/* links: src/http/form.c src/http/query.c src/platform/arena.c src/platform/utf8.c */
/*
 * Forms: never more fields than allowed, the last of a name is found, and the
 * fields of two bodies behind each other are those of both.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "http/form.h"
#include "platform/arena.h"
#include "platform/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The last field, whose name is found by no other. */
static void
assert_last_is_found(const struct form *form)
{
	const struct form_field *field, *last = NULL;
	size_t count = 0;

	for (field = form->first; field != NULL; field = field->next) {
		assert(field->name[field->name_length] == '\0');
		assert(field->value[field->value_length] == '\0');
		assert(utf8_valid(field->value, field->value_length));
		assert(!field->is_file && field->upload == NULL);
		last = field;
		count++;
	}
	assert(count == form->count && count <= FORM_FIELDS_MAX);
	if (last != NULL && strlen(last->name) == last->name_length)
		assert(form_find(form, last->name) == last);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct form whole, first, second;
	struct arena arena;
	const char *body, *wrong, *cut;

	arena_init(&arena);
	body = arena_copy(&arena, (const char *)data, size);
	form_init(&whole);
	form_init(&first);
	form_init(&second);
	wrong = form_read(&whole, &arena, body, size);
	assert_last_is_found(&whole);
	assert(wrong == NULL || strcmp(wrong, FORM_TOO_MANY) == 0);
	assert(wrong == NULL || whole.count == FORM_FIELDS_MAX);
	cut = memchr(body, '&', size);
	if (wrong == NULL && cut != NULL) {
		size_t length = (size_t)(cut - body);

		assert(form_read(&first, &arena, body, length) == NULL);
		assert(form_read(&second, &arena, cut, size - length) == NULL);
		assert(first.count + second.count == whole.count);
	}
	arena_fini(&arena);
	return (0);
}
