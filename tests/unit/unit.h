/*
 * unit: what every unit test includes first: cmocka and the headers it wants.
 */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RUN(tests) cmocka_run_group_tests(tests, NULL, NULL)

/* A case of a table that failed says which one. */
#define assert_case(condition, format, ...)                            \
	do {                                                           \
		if (!(condition))                                      \
			fail_msg(#condition ": " format, __VA_ARGS__); \
	} while (0)

#endif
