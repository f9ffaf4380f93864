/*
 * pages: what a browser is shown, and what whoever finds a weakness looks for.
 */
#ifndef API_PAGES_H
#define API_PAGES_H

/* pages_open(): security.txt expires so long after this. Context parent. */
void pages_open(void);

#endif
