/*
 * lists: the preprocessor's side of the tables: do something with each item
 * of a list in parentheses, such as the labels or bounds of a row.
 *
 *	LISTS_EACH(DO, a, b, c)       becomes DO(a) DO(b) DO(c)
 *	LISTS_WITH(DO, x, a, b, c)    becomes DO(x, a) DO(x, b) DO(x, c)
 *	LISTS_ITEMS (a, b, c)         becomes a, b, c
 *
 * for up to 60 items. How: each step leaves the next one unfinished,
 * `LISTS_AGAIN LISTS_PARENS (...)`, because a macro is not expanded inside
 * itself; every further scan of the text finishes one step, and LISTS_SCAN
 * makes more than 60 of them.
 * Source: C11, 6.10.3.4, rescanning; __VA_OPT__ is C23 and in gcc since 8.
 */
#ifndef METRICS_LISTS_H
#define METRICS_LISTS_H

#define LISTS_PARENS ()
#define LISTS_ITEMS(...) __VA_ARGS__

#define LISTS_SCAN(...) LISTS_SCAN_C(LISTS_SCAN_C(LISTS_SCAN_C(__VA_ARGS__)))
#define LISTS_SCAN_C(...) LISTS_SCAN_B(LISTS_SCAN_B(LISTS_SCAN_B(__VA_ARGS__)))
#define LISTS_SCAN_B(...) LISTS_SCAN_A(LISTS_SCAN_A(LISTS_SCAN_A(__VA_ARGS__)))
#define LISTS_SCAN_A(...) LISTS_ITEMS(LISTS_ITEMS(LISTS_ITEMS(__VA_ARGS__)))

#define LISTS_WITH(DO, with, ...) \
	__VA_OPT__(LISTS_SCAN(LISTS_STEP(DO, with, __VA_ARGS__)))
#define LISTS_STEP(DO, with, item, ...) \
	DO(with, item)                  \
	__VA_OPT__(LISTS_AGAIN LISTS_PARENS(DO, with, __VA_ARGS__))
#define LISTS_AGAIN() LISTS_STEP

#define LISTS_EACH(DO, ...) LISTS_WITH(LISTS_DO, DO, __VA_ARGS__)
#define LISTS_DO(DO, item) DO(item)

#endif
