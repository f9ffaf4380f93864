/*
 * faults: everything that is wrong with a request's fields, and how it is
 * told: {"detail":[{"type","loc","msg","input"[,"ctx"]},…]}.
 *
 * Context  any; the memory is the arena's.
 * Source   contract, conventions, section 6.
 */
#ifndef HTTP_FAULTS_H
#define HTTP_FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/compiler.h"

struct arena;
struct buffer;
struct json;

/* More are counted but not told: an answer must not outgrow its request. */
#define FAULTS_MAX 1000

enum fault_place { FAULT_path, FAULT_query, FAULT_body };

/* Where a value stood and what it was. */
struct fault_at {
	enum fault_place place;
	const char *name;         /* of the field; NULL: the whole body */
	int64_t index;            /* of a list's element, or -1 */
	const struct json *input; /* NULL: null */
	bool secret;              /* the input is told as "***" */
};

struct faults {
	struct arena *arena;
	struct fault *first;
	struct fault **last;
	size_t count;
};

/* faults_init(faults, arena): none yet. */
void faults_init(struct faults *faults, struct arena *arena);

static inline bool
faults_any(const struct faults *faults)
{
	return (faults->count > 0);
}

/*
 * faults_add(faults, at, type, context, format, ...): one more. ${type} lives
 * for ever, ${context} (JSON text, or NULL) and at->input as long as the
 * arena; the message is formatted into it.
 */
void faults_add(struct faults *faults, const struct fault_at *at,
    const char *type, const char *context, const char *format, ...)
    PRINTF_LIKE(5, 6);

/* faults_add_rule(faults, at, text): value_error, "Value error, <text>". */
void faults_add_rule(
    struct faults *faults, const struct fault_at *at, const char *text);

/* faults_put(b, faults): the answer's body. */
void faults_put(struct buffer *b, const struct faults *faults);

#endif
