#include "http/faults.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "http/json.h"
#include "platform/arena.h"
#include "platform/buffer.h"

struct fault {
	struct fault *next;
	struct fault_at at;
	const char *type, *message;
	const char *context; /* JSON, or NULL */
};

static const char *const places[] = {
	[FAULT_path] = "path",
	[FAULT_query] = "query",
	[FAULT_body] = "body",
};

/* Members whose values an answer never repeats. */
static const char *const secrets[] = { "password", "new_password", NULL };

void
faults_init(struct faults *faults, struct arena *arena)
{
	faults->arena = arena;
	faults->first = NULL;
	faults->last = &faults->first;
	faults->count = 0;
}

void
faults_add(struct faults *faults, const struct fault_at *at, const char *type,
    const char *context, const char *format, ...)
{
	struct fault *fault;
	va_list arguments;

	if (faults->count++ >= FAULTS_MAX)
		return;
	fault = arena_alloc(faults->arena, sizeof(*fault));
	fault->next = NULL;
	fault->at = *at;
	fault->type = type;
	va_start(arguments, format);
	fault->message = arena_vprintf(faults->arena, format, arguments);
	va_end(arguments);
	fault->context = context;
	*faults->last = fault;
	faults->last = &fault->next;
}

/* The exception itself, which the original puts there, is an empty object. */
void
faults_add_rule(
    struct faults *faults, const struct fault_at *at, const char *text)
{
	faults_add(faults, at, "value_error", "{\"error\":{}}",
	    "Value error, %s", text);
}

static void
put_text(struct buffer *b, const char *text)
{
	json_put_string(b, text, strlen(text));
}

static void
put_location(struct buffer *b, const struct fault_at *at)
{
	buffer_putc(b, '[');
	put_text(b, places[at->place]);
	if (at->name != NULL) {
		buffer_putc(b, ',');
		put_text(b, at->name);
	}
	if (at->index >= 0) {
		buffer_putc(b, ',');
		buffer_put_int(b, at->index);
	}
	buffer_putc(b, ']');
}

static void
put_input(struct buffer *b, const struct fault_at *at)
{
	if (at->input == NULL)
		buffer_puts(b, "null");
	else if (at->secret)
		buffer_puts(b, "\"***\"");
	else
		json_put_value(b, at->input, secrets);
}

static void
put_fault(struct buffer *b, const struct fault *fault)
{
	buffer_puts(b, "{\"type\":");
	put_text(b, fault->type);
	buffer_puts(b, ",\"loc\":");
	put_location(b, &fault->at);
	buffer_puts(b, ",\"msg\":");
	put_text(b, fault->message);
	buffer_puts(b, ",\"input\":");
	put_input(b, &fault->at);
	if (fault->context != NULL) {
		buffer_puts(b, ",\"ctx\":");
		buffer_puts(b, fault->context);
	}
	buffer_putc(b, '}');
}

void
faults_put(struct buffer *b, const struct faults *faults)
{
	const struct fault *fault;

	buffer_puts(b, "{\"detail\":[");
	for (fault = faults->first; fault != NULL; fault = fault->next) {
		if (fault != faults->first)
			buffer_putc(b, ',');
		put_fault(b, fault);
	}
	buffer_puts(b, "]}");
}
