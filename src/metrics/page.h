/*
 * page: writing a scrape. Memory that the system refuses ends the
 * process.
 *
 * Context  any; a page belongs to one thread at a time.
 */
#ifndef METRICS_PAGE_H
#define METRICS_PAGE_H

#include <stddef.h>
#include <stdint.h>

#include "metrics/metrics.h"

void page_put(struct metrics_page *page, const void *data, size_t length);
void page_puts(struct metrics_page *page, const char *text);
void page_putc(struct metrics_page *page, char c);

/* page_repeat(page, from, length): once more what stands at ${from}. */
void page_repeat(struct metrics_page *page, size_t from, size_t length);

/* page_insert(page, at, length): make room for ${length} bytes at ${at}. */
void page_insert(struct metrics_page *page, size_t at, size_t length);

/* page_put_decimal(page, value, scale): ${value} / ${scale}, exactly and
 * without trailing zeros; ${scale} is a power of ten. */
void page_put_decimal(struct metrics_page *page, int64_t value, int64_t scale);

/* page_put_escaped(page, text, quotes): a HELP text, on one line; with
 * ${quotes}, as OpenMetrics has it, `"` is escaped too. */
void page_put_escaped(struct metrics_page *page, const char *text, bool quotes);

/* page_put_unescaped(page, text): what stands between quotes as ${text}. */
void page_put_unescaped(struct metrics_page *page, const char *text);

#endif
