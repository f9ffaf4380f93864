#include "http/form.h"

#include <string.h>

#include "http/query.h"
#include "platform/arena.h"

void
form_init(struct form *form)
{
	form->first = NULL;
	form->last = &form->first;
	form->count = 0;
}

int
form_add(struct form *form, struct arena *arena, const struct form_field *field)
{
	struct form_field *copy;

	if (!field->is_file && form->count == FORM_FIELDS_MAX)
		return (-1);
	if (!field->is_file)
		form->count++;
	copy = arena_alloc(arena, sizeof(*copy));
	*copy = *field;
	copy->name = arena_copy(arena, field->name, field->name_length);
	copy->value = arena_copy(arena, field->value, field->value_length);
	copy->next = NULL;
	*form->last = copy;
	form->last = &copy->next;
	return (0);
}

const struct form_field *
form_find(const struct form *form, const char *name)
{
	const struct form_field *field, *found = NULL;
	size_t length = strlen(name);

	for (field = form->first; field != NULL; field = field->next)
		if (field->name_length == length &&
		    memcmp(field->name, name, length) == 0)
			found = field;
	return (found);
}

const char *
form_read(
    struct form *form, struct arena *arena, const char *body, size_t length)
{
	struct query_pair pair;
	size_t at = 0;

	while (query_next(arena, body, length, &at, &pair)) {
		struct form_field field = {
			.name = pair.name,
			.name_length = pair.name_length,
			.value = pair.value,
			.value_length = pair.value_length,
		};

		if (form_add(form, arena, &field) == -1)
			return (FORM_TOO_MANY);
	}
	return (NULL);
}
