/*
 * compiler: the few annotations that every room uses.
 */
#ifndef PLATFORM_COMPILER_H
#define PLATFORM_COMPILER_H

/* The result says whether it worked: the compiler insists that it is read. */
#define MUST_CHECK __attribute__((warn_unused_result))

/* Kore finds this symbol by its name; everything else is hidden from it. */
#define FOR_KORE __attribute__((visibility("default")))

#define PRINTF_LIKE(text, first) \
	__attribute__((__format__(__printf__, text, first)))

#define UNUSED __attribute__((unused))

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
