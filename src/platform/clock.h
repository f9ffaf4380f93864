/*
 * clock: the two clocks, in microseconds.
 *
 * Context  any.
 */
#ifndef PLATFORM_CLOCK_H
#define PLATFORM_CLOCK_H

#include <stdint.h>

/* Monotonic time since an arbitrary start: for durations and deadlines. */
int64_t clock_mono_us(void);

/* Wall-clock time since 1970-01-01T00:00:00Z. */
int64_t clock_real_us(void);

/*
 * clock_date_header(text): the present second as HTTP's Date wants it
 * ("Sun, 06 Nov 1994 08:49:37 GMT", RFC 9110, 5.6.7): 29 characters and a NUL.
 * Formatted once a second and kept for the thread.
 */
#define CLOCK_DATE_HEADER_SIZE 30
const char *clock_date_header(void);

#endif
