#include "http/punycode.h"

#include <stdbool.h>
#include <string.h>

#include "http/octet.h"
#include "platform/arena.h"

/* RFC 3492, section 5 */
enum { BASE = 36, T_MIN = 1, T_MAX = 26, SKEW = 38, DAMP = 700 };
#define INITIAL_BIAS 72
#define INITIAL_CODE 0x80
#define CODE_MAX 0x10ffff

/* Each digit divides a number by ten at least, and 2^64 has twenty. */
#define DIGITS_MAX 20

/* Section 6.1: how large the next numbers will be. */
static uint64_t
adapt(uint64_t delta, size_t count, bool is_first)
{
	uint64_t k = 0;

	delta /= is_first ? DAMP : 2;
	delta += delta / count;
	for (; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE)
		delta /= BASE - T_MIN;
	return (k + (BASE - T_MIN + 1) * delta / (delta + SKEW));
}

static uint64_t
threshold(uint64_t k, uint64_t bias)
{
	if (k <= bias + T_MIN)
		return (T_MIN);
	return (k >= bias + T_MAX ? T_MAX : k - bias);
}

static int
digit_of(char c)
{
	if (octet_is(c, OCTET_DIGIT))
		return (c - '0' + 26);
	c |= 0x20;
	return (c >= 'a' && c <= 'z' ? c - 'a' : -1);
}

/* The number at ${*at}; false if it never ends or is larger than any. */
static bool
read_number(const char *text, size_t length, size_t *at, uint64_t bias,
    uint64_t *number)
{
	uint64_t weight = 1, k, t, part;
	int digit;

	*number = 0;
	for (k = BASE; *at < length; k += BASE) {
		if ((digit = digit_of(text[(*at)++])) == -1 ||
		    __builtin_mul_overflow(weight, (uint64_t)digit, &part) ||
		    __builtin_add_overflow(*number, part, number))
			return (false);
		t = threshold(k, bias);
		if ((uint64_t)digit < t)
			return (true);
		if (__builtin_mul_overflow(weight, BASE - t, &weight))
			return (false);
	}
	return (false);
}

static void
insert(struct punycode_label *label, size_t at, uint32_t code)
{
	memmove(label->codes + at + 1, label->codes + at,
	    (label->count - at) * sizeof(*label->codes));
	label->codes[at] = code;
	label->count++;
}

int
punycode_decode(struct arena *arena, const char *text, size_t length,
    struct punycode_label *label)
{
	const char *dash = memrchr(text, '-', length);
	size_t nbasic = dash == NULL ? 0 : (size_t)(dash - text), i;
	size_t at = dash == NULL ? 0 : nbasic + 1;
	uint64_t code = INITIAL_CODE, bias = INITIAL_BIAS, where = 0, delta;

	label->codes = arena_alloc(arena, (length + 1) * sizeof(uint32_t));
	label->count = nbasic;
	for (i = 0; i < nbasic; i++)
		label->codes[i] = (unsigned char)text[i];
	while (at < length) {
		bool is_first = label->count == nbasic;
		size_t room = label->count + 1;

		if (!read_number(text, length, &at, bias, &delta) ||
		    delta / room > CODE_MAX)
			return (-1);
		bias = adapt(delta, room, is_first);
		where += delta;
		code += where / room;
		if (code > CODE_MAX)
			return (-1);
		where %= room;
		insert(label, (size_t)where++, (uint32_t)code);
	}
	return (0);
}

static char *
put_number(char *to, uint64_t number, uint64_t bias)
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	uint64_t k, t;

	for (k = BASE;; k += BASE) {
		t = threshold(k, bias);
		if (number < t)
			break;
		*to++ = digits[t + (number - t) % (BASE - t)];
		number = (number - t) / (BASE - t);
	}
	*to++ = digits[number];
	return (to);
}

/* The smallest code point of the label from ${least} on. */
static uint32_t
next_code(const struct punycode_label *label, uint64_t least)
{
	uint32_t found = CODE_MAX;
	size_t i;

	for (i = 0; i < label->count; i++)
		if (label->codes[i] >= least && label->codes[i] < found)
			found = label->codes[i];
	return (found);
}

static char *
put_basic(char *to, const struct punycode_label *label)
{
	char *start = to;
	size_t i;

	for (i = 0; i < label->count; i++)
		if (label->codes[i] < INITIAL_CODE)
			*to++ = (char)label->codes[i];
	if (to > start)
		*to++ = '-';
	return (to);
}

const char *
punycode_encode(struct arena *arena, const struct punycode_label *label)
{
	char *text = arena_alloc(arena, label->count * DIGITS_MAX + 2);
	char *to = put_basic(text, label);
	size_t nbasic = to > text ? (size_t)(to - text) - 1 : 0;
	size_t done = nbasic, i;
	uint64_t code = INITIAL_CODE, delta = 0, bias = INITIAL_BIAS;

	while (done < label->count) {
		uint32_t next = next_code(label, code);

		delta += (next - code) * (done + 1);
		code = next;
		for (i = 0; i < label->count; i++) {
			if (label->codes[i] < code)
				delta++;
			if (label->codes[i] != code)
				continue;
			to = put_number(to, delta, bias);
			bias = adapt(delta, done + 1, done == nbasic);
			delta = 0;
			done++;
		}
		delta++;
		code++;
	}
	*to = '\0';
	return (text);
}
