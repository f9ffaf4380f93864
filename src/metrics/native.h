/*
 * native: the buckets of native histograms of seconds.
 * Source: Prometheus documentation, "Native histograms": the standard schema
 * 3, whose bounds are the powers of 2^(1/8).
 *
 * Bucket 0 is the zero bucket: up to 2^-20 s, about a microsecond. Bucket b
 * ends at 2^(b/8 - 20) s, which belongs to it; the last one, at 2^25 s, about a
 * year, also takes what is longer.
 *
 * Context  any.
 */
#ifndef METRICS_NATIVE_H
#define METRICS_NATIVE_H

#include <stddef.h>
#include <stdint.h>

#define NATIVE_SCALE 1000000000 /* of cells: metrics/units.def */
#define NATIVE_SCHEMA 3
#define NATIVE_PER_OCTAVE (1 << NATIVE_SCHEMA)
#define NATIVE_LEAST_EXPONENT (-20)
#define NATIVE_MOST_EXPONENT 25
#define NATIVE_LEAST_S 0x1p-20
#define NATIVE_BUCKETS \
	((NATIVE_MOST_EXPONENT - NATIVE_LEAST_EXPONENT) * NATIVE_PER_OCTAVE + 1)

/* The bucket that ends at one second: the schema counts from there. */
#define NATIVE_ORIGIN (-NATIVE_LEAST_EXPONENT * NATIVE_PER_OCTAVE)

/* native_bucket(ns): where an observation of ${ns} nanoseconds belongs. */
size_t native_bucket(int64_t ns);

#endif
