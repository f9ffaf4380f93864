#include "domain/claims.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "platform/integer.h"
#include "platform/jsontext.h"

/* The first double that is too large for int64: 2^63. */
#define INT64_BEYOND 9223372036854775808.0

/* What is left of the text, and how deep we are in it. */
struct reader {
	char *at;
	const char *end;
	int depth;
};

static bool read_value(struct reader *r, struct claim *claim);

static void
skip_space(struct reader *r)
{
	r->at = jsontext_skip_space(r->at, r->end);
}

/* Whether ${c} comes next; if so it is taken. */
static bool
take(struct reader *r, char c)
{
	skip_space(r);
	if (r->at == r->end || *r->at != c)
		return (false);
	r->at++;
	return (true);
}

static bool
take_word(struct reader *r, const char *word)
{
	size_t length = strlen(word);

	if ((size_t)(r->end - r->at) < length ||
	    memcmp(r->at, word, length) != 0)
		return (false);
	r->at += length;
	return (true);
}

static size_t
take_digits(struct reader *r)
{
	const char *start = r->at;

	while (r->at < r->end && *r->at >= '0' && *r->at <= '9')
		r->at++;
	return ((size_t)(r->at - start));
}

/* RFC 8259, section 6. Not NUL-terminated: the byte behind a number may belong
 * to what comes next. */
static bool
read_number(struct reader *r, struct claim *claim)
{
	char *start = r->at;
	bool leading_zero;
	size_t ndigits;

	if (r->at < r->end && *r->at == '-')
		r->at++;
	leading_zero = r->at < r->end && *r->at == '0';
	ndigits = take_digits(r);
	if (ndigits == 0 || (leading_zero && ndigits > 1))
		return (false);
	if (r->at < r->end && *r->at == '.') {
		r->at++;
		if (take_digits(r) == 0)
			return (false);
	}
	if (r->at < r->end && (*r->at == 'e' || *r->at == 'E')) {
		r->at++;
		if (r->at < r->end && (*r->at == '+' || *r->at == '-'))
			r->at++;
		if (take_digits(r) == 0)
			return (false);
	}
	claim->type = CLAIM_NUMBER;
	claim->data = start;
	claim->length = (size_t)(r->at - start);
	return (true);
}

static bool
read_text(struct reader *r, struct claim *claim)
{
	char *text;
	size_t length;

	if (jsontext_read(&r->at, r->end, &text, &length) == -1)
		return (false);
	claim->type = CLAIM_TEXT;
	claim->data = text;
	claim->length = length;
	return (true);
}

/* The rest of an array whose bracket has been taken. */
static bool
skip_array(struct reader *r)
{
	struct claim ignored;

	if (take(r, ']'))
		return (true);
	do {
		if (!read_value(r, &ignored))
			return (false);
	} while (take(r, ','));
	return (take(r, ']'));
}

/* The rest of an object; members that are wanted are kept. */
static bool
read_members(struct reader *r, struct claim *claims, size_t count)
{
	struct claim name, value;
	size_t i;

	if (take(r, '}'))
		return (true);
	do {
		skip_space(r);
		if (r->at == r->end || *r->at != '"' || !read_text(r, &name) ||
		    !take(r, ':') || !read_value(r, &value))
			return (false);
		for (i = 0; i < count; i++) {
			if (strlen(claims[i].name) != name.length ||
			    memcmp(claims[i].name, name.data, name.length) != 0)
				continue;
			value.name = claims[i].name;
			claims[i] = value;
		}
	} while (take(r, ','));
	return (take(r, '}'));
}

static bool
read_nested(struct reader *r, struct claim *claim)
{
	bool is_array = *r->at++ == '[', read;

	if (++r->depth > CLAIMS_DEPTH_MAX)
		return (false);
	read = is_array ? skip_array(r) : read_members(r, NULL, 0);
	r->depth--;
	claim->type = CLAIM_NESTED;
	return (read);
}

static bool
read_word(struct reader *r, struct claim *claim)
{
	if (take_word(r, "null"))
		claim->type = CLAIM_NULL;
	else if (take_word(r, "true"))
		claim->type = CLAIM_TRUE;
	else if (take_word(r, "false"))
		claim->type = CLAIM_FALSE;
	else
		return (read_number(r, claim));
	return (true);
}

static bool
read_value(struct reader *r, struct claim *claim)
{
	claim->data = "";
	claim->length = 0;
	skip_space(r);
	if (r->at == r->end)
		return (false);
	if (*r->at == '"')
		return (read_text(r, claim));
	if (*r->at == '[' || *r->at == '{')
		return (read_nested(r, claim));
	return (read_word(r, claim));
}

int
claims_read(char *json, size_t length, struct claim *claims, size_t count)
{
	struct reader r = { json, json + length, 0 };
	size_t i;

	for (i = 0; i < count; i++) {
		claims[i].type = CLAIM_ABSENT;
		claims[i].data = "";
		claims[i].length = 0;
	}
	if (!take(&r, '{') || !read_members(&r, claims, count))
		return (-1);
	skip_space(&r);
	return (r.at == r.end ? 0 : -1);
}

/* A number without its fraction; -1 if its double is infinite. Whatever ends a
 * number in an object, strtod() stops at it too. */
static int
whole_of_number(const struct claim *claim, int64_t *whole)
{
	double number;

	if (integer_read(claim->data, claim->length, whole) == 0)
		return (0);
	number = strtod(claim->data, NULL);
	if (isinf(number))
		return (-1);
	if (number >= INT64_BEYOND)
		*whole = INT64_MAX;
	else if (number <= -INT64_BEYOND)
		*whole = INT64_MIN;
	else
		*whole = (int64_t)number;
	return (0);
}

int
claims_integer(const struct claim *claim, int64_t *value)
{
	switch (claim->type) {
	case CLAIM_NUMBER:
		return (whole_of_number(claim, value));
	case CLAIM_TEXT:
		return (integer_read(claim->data, claim->length, value));
	case CLAIM_TRUE:
	case CLAIM_FALSE:
		*value = claim->type == CLAIM_TRUE;
		return (0);
	case CLAIM_ABSENT:
	case CLAIM_NULL:
	case CLAIM_NESTED:
		break;
	}
	return (-1);
}
