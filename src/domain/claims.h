/*
 * claims: the members of a JSON object that a token carries.
 *
 * A bounded reader of RFC 8259's grammar, for the few members that are asked
 * for by name; all others are checked and skipped. Nothing is allocated: texts
 * are decoded in place. The last of several members of one name counts.
 *
 * Context  any.
 */
#ifndef DOMAIN_CLAIMS_H
#define DOMAIN_CLAIMS_H

#include <stddef.h>
#include <stdint.h>

#include "platform/compiler.h"

/* Deeper nesting is refused. */
#define CLAIMS_DEPTH_MAX 32

enum claim_type {
	CLAIM_ABSENT,
	CLAIM_NULL,
	CLAIM_FALSE,
	CLAIM_TRUE,
	CLAIM_NUMBER, /* data is its spelling; without a NUL */
	CLAIM_TEXT,   /* data is the decoded text, UTF-8; with a NUL */
	CLAIM_NESTED  /* an array or object */
};

struct claim {
	const char *name;     /* set by the caller */
	enum claim_type type; /* the rest by claims_read() */
	const char *data;     /* inside the text that was read */
	size_t length;
};

/*
 * claims_read(json, length, claims, count): find the ${count} members named
 * in ${claims}. ${json} is overwritten and lends the claims their data.
 *
 * Returns  0, or -1 if ${json} is not exactly one object.
 */
int claims_read(
    char *json, size_t length, struct claim *claims, size_t count) MUST_CHECK;

/*
 * claims_integer(claim, value): the claim as Python's int() makes an integer
 * of it: numbers lose their fraction and must not be infinite (1e999), texts
 * must be integers, true is 1.
 * Values beyond int64 become its ends.
 *
 * Returns  0, or -1 if it isn't there or is not such a value.
 */
int claims_integer(const struct claim *claim, int64_t *value) MUST_CHECK;

#endif
