#include "metrics/native.h"

/* 2^-20 s and 2^25 s, in nanoseconds and rounded down. */
#define LEAST_NS (NATIVE_SCALE >> -NATIVE_LEAST_EXPONENT)
#define MOST_NS ((int64_t)NATIVE_SCALE << NATIVE_MOST_EXPONENT)

/* Nanoseconds from 2^n to 2^(n+1) are an octave with eight of the bounds in it:
 * 10^9 * 2^(i/8), since they are powers in seconds. Here is where, in parts of
 * the octave's breadth and rounded down; the last stands for none. */
#define BREADTH_BITS 64
static const uint64_t bounds[NATIVE_PER_OCTAVE + 1] = {
	0x03ff4f52a9394dc6,
	0x1b87712c02c94fb2,
	0x3530ce0a9aa24722,
	0x512cbee97e0ca0e3,
	0x6fb11425a1bb3d40,
	0x90f87cfa079b7d86,
	0xb542f859a32aabb6,
	0xdcd6500000000000,
	UINT64_MAX,
};

/* The octave and the bound in it that is one second. */
#define SECOND_OCTAVE 29
#define SECOND_BOUND 7

/* If the bounds were as far from each other, the first three bits would tell how
 * many are less; as they are closer at first, it is that many or up to two more.
 * Integers only, so that it is exact. */
size_t
native_bucket(int64_t ns)
{
	int octave, eighth, below;
	uint64_t part;

	if (ns <= LEAST_NS)
		return (0);
	if (ns >= MOST_NS)
		return (NATIVE_BUCKETS - 1);
	octave = BREADTH_BITS - 1 - __builtin_clzll((uint64_t)ns);
	part = (uint64_t)ns << (BREADTH_BITS - octave);
	eighth = (int)(part >> (BREADTH_BITS - NATIVE_SCHEMA));
	below = eighth + (part > bounds[eighth]) + (part > bounds[eighth + 1]);
	return ((size_t)((octave - SECOND_OCTAVE) * NATIVE_PER_OCTAVE + below -
			 SECOND_BOUND + NATIVE_ORIGIN));
}
