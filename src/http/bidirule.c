#include "http/bidirule.h"

#include <stdint.h>

#include <unictype.h>

#include "http/punycode.h"
#include "platform/arena.h"

/* Sets of classes, a bit each. */
#define BIT(class) (UINT32_C(1) << (class))

#define LEFT BIT(UC_BIDI_L)
#define RIGHT (BIT(UC_BIDI_R) | BIT(UC_BIDI_AL))
#define NUMBERS (BIT(UC_BIDI_EN) | BIT(UC_BIDI_AN))
#define MARKS BIT(UC_BIDI_NSM)
#define NEUTRAL                                                \
	(BIT(UC_BIDI_ES) | BIT(UC_BIDI_CS) | BIT(UC_BIDI_ET) | \
	    BIT(UC_BIDI_ON) | BIT(UC_BIDI_BN) | MARKS)

static uint32_t
class_of(uint32_t c)
{
	int class = uc_bidi_class(c);

	return (class < 0 ? 0 : BIT(class));
}

bool
bidirule_applies(const struct punycode_label *label)
{
	size_t i;

	for (i = 0; i < label->count; i++)
		if ((class_of(label->codes[i]) & (RIGHT | BIT(UC_BIDI_AN))) !=
		    0)
			return (true);
	return (false);
}

/* Conditions 2 and 5: what goes with the direction of the first. */
static const char *
check_company(
    struct arena *arena, const struct punycode_label *label, bool is_right)
{
	uint32_t allowed = is_right ? RIGHT | NUMBERS | NEUTRAL
				    : LEFT | BIT(UC_BIDI_EN) | NEUTRAL;
	uint32_t numbers = 0, class;
	size_t i;

	for (i = 0; i < label->count; i++) {
		class = class_of(label->codes[i]);
		if ((class & allowed) == 0)
			return (arena_printf(arena,
			    "Invalid direction for codepoint at position %zu "
			    "in a %s label",
			    i + 1,
			    is_right ? "right-to-left" : "left-to-right"));
		numbers |= class & NUMBERS;
		if (is_right && numbers == NUMBERS) /* condition 4 */
			return ("Can not mix numeral types in a right-to-left "
				"label");
	}
	return (NULL);
}

const char *
bidirule_check(
    struct arena *arena, const struct punycode_label *label, const char *quoted)
{
	uint32_t first = class_of(label->codes[0]), ending;
	bool is_right = (first & RIGHT) != 0;
	size_t last = label->count - 1;
	const char *wrong;

	if (!is_right && first != LEFT)
		return (arena_printf(arena,
		    "First codepoint in label %s must be directionality L, R "
		    "or AL",
		    quoted));
	if ((wrong = check_company(arena, label, is_right)) != NULL)
		return (wrong);
	/* Conditions 3 and 6: the last that is no mark. */
	while (last > 0 && class_of(label->codes[last]) == MARKS)
		last--;
	ending = is_right ? RIGHT | NUMBERS : LEFT | BIT(UC_BIDI_EN);
	if ((class_of(label->codes[last]) & ending) == 0)
		return ("Label ends with illegal codepoint directionality");
	return (NULL);
}
