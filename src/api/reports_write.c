/*
 * reports_write: the allowance report as JSON of both forms, and as CSV.
 */
#include <string.h>

#include "api/reports.h"
#include "domain/dates.h"
#include "http/json.h"
#include "http/numbers.h"

#define CENTS 100.0

/* An object or array being written. */
struct writer {
	struct buffer *b;
	enum report_form form;
	int depth;
	bool is_first;
};

static void
put_line(struct writer *w)
{
	int i;

	if (w->form != REPORT_FILE)
		return;
	buffer_putc(w->b, '\n');
	for (i = 0; i < w->depth; i++)
		buffer_puts(w->b, "  ");
}

/* What stands before each element. */
static void
put_next(struct writer *w)
{
	if (!w->is_first)
		buffer_putc(w->b, ',');
	w->is_first = false;
	put_line(w);
}

static void
put_key(struct writer *w, const char *key)
{
	put_next(w);
	buffer_printf(
	    w->b, w->form == REPORT_FILE ? "\"%s\": " : "\"%s\":", key);
}

static void
put_open(struct writer *w, char bracket)
{
	buffer_putc(w->b, bracket);
	w->depth++;
	w->is_first = true;
}

static void
put_close(struct writer *w, char bracket)
{
	w->depth--;
	if (!w->is_first)
		put_line(w);
	buffer_putc(w->b, bracket);
	w->is_first = false;
}

static void
put_count(struct writer *w, const char *key, int64_t count)
{
	put_key(w, key);
	buffer_put_int(w->b, count);
}

static void
put_number(struct writer *w, const char *key, double number)
{
	put_key(w, key);
	if (w->form == REPORT_FILE)
		numbers_put_float_python(w->b, number);
	else
		numbers_put_float(w->b, number);
}

static void
put_money(struct writer *w, const char *key, int64_t cents)
{
	put_number(w, key, (double)cents / CENTS);
}

static void
put_text(struct writer *w, const char *key, const char *text)
{
	put_key(w, key);
	if (w->form == REPORT_FILE)
		json_put_string_ascii(w->b, text, strlen(text));
	else
		json_put_string(w->b, text, strlen(text));
}

static void
put_moment(struct writer *w, const char *key, bool is_there, int64_t us,
    void (*answer)(struct buffer *, int64_t),
    void (*file)(struct buffer *, int64_t))
{
	put_key(w, key);
	if (!is_there) {
		buffer_puts(w->b, "null");
		return;
	}
	buffer_putc(w->b, '"');
	if (w->form == REPORT_FILE)
		file(w->b, us);
	else
		answer(w->b, us);
	buffer_putc(w->b, '"');
}

static void
put_period(struct writer *w, const char *key, bool is_there, int64_t us)
{
	put_moment(
	    w, key, is_there, us, dates_put_naive, dates_put_blank_naive);
}

static void
put_family(struct writer *w, const struct rows *rows,
    const struct report_period *period)
{
	struct report_figures sum = reports_family(rows);

	put_key(w, "family_summary");
	put_open(w, '{');
	put_count(w, "total_children", rows->count);
	put_money(w, "total_earned", sum.earned_cents);
	put_money(w, "total_adjustments", sum.adjusted_cents);
	put_money(w, "total_balance_due", reports_balance_cents(&sum));
	put_count(w, "total_completed_chores", sum.completed);
	put_period(w, "period_start", period->has_from, period->from_us);
	put_period(w, "period_end", true, period->end_us);
	put_close(w, '}');
}

static void
put_child(struct writer *w, const struct rows *rows, int row)
{
	struct report_figures child = reports_child(rows, row);

	put_next(w);
	put_open(w, '{');
	put_count(w, "id", row_int(rows, row, REPORT_id));
	put_text(w, "username", row_text(rows, row, REPORT_username, NULL));
	put_count(w, "completed_chores", child.completed);
	put_money(w, "total_earned", child.earned_cents);
	put_money(w, "total_adjustments", child.adjusted_cents);
	put_money(w, "paid_out", child.paid_out_cents);
	put_money(w, "balance_due", reports_balance_cents(&child));
	put_number(w, "pending_chores_value", child.pending);
	put_moment(w, "last_activity_date",
	    !row_is_null(rows, row, REPORT_last_activity),
	    row_time(rows, row, REPORT_last_activity), dates_put_z,
	    dates_put_blank);
	put_close(w, '}');
}

void
reports_put(struct buffer *b, enum report_form form, const struct rows *rows,
    const struct report_period *period)
{
	struct writer w = { b, form, 0, true };
	int row;

	put_open(&w, '{');
	put_family(&w, rows, period);
	put_key(&w, "child_summaries");
	put_open(&w, '[');
	for (row = 0; row < rows->count; row++)
		put_child(&w, rows, row);
	put_close(&w, ']');
	put_close(&w, '}');
}

/* A cell of text. A spreadsheet would run what begins like a formula: it gets
 * an apostrophe in front. Source: RFC 4180; OWASP, "CSV Injection". */
static void
put_cell(struct buffer *b, const char *text)
{
	bool quoted = text[strcspn(text, ",\"\r\n")] != '\0';

	if (quoted)
		buffer_putc(b, '"');
	if (*text != '\0' && strchr("=+-@\t\r", *text) != NULL)
		buffer_putc(b, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			buffer_putc(b, '"');
		buffer_putc(b, *text);
	}
	if (quoted)
		buffer_putc(b, '"');
}

/* ,completed,earned,adjusted,balance */
static void
put_figures(struct buffer *b, const struct report_figures *figures)
{
	buffer_putc(b, ',');
	buffer_put_int(b, figures->completed);
	buffer_putc(b, ',');
	numbers_put_cents(b, figures->earned_cents);
	buffer_putc(b, ',');
	numbers_put_cents(b, figures->adjusted_cents);
	buffer_putc(b, ',');
	numbers_put_cents(b, reports_balance_cents(figures));
}

void
reports_put_csv(struct buffer *b, const struct rows *rows)
{
	struct report_figures figures;
	int row;

	buffer_puts(b,
	    "Child Name,Completed Chores,Total Earned,Total Adjustments,"
	    "Balance Due,Pending Value,Last Activity\r\n");
	for (row = 0; row < rows->count; row++) {
		figures = reports_child(rows, row);
		put_cell(b, row_text(rows, row, REPORT_username, NULL));
		put_figures(b, &figures);
		buffer_printf(b, ",%.2f,", figures.pending);
		if (!row_is_null(rows, row, REPORT_last_activity))
			dates_put_offset(
			    b, row_time(rows, row, REPORT_last_activity));
		buffer_puts(b, "\r\n");
	}
	figures = reports_family(rows);
	buffer_puts(b, "\r\nFAMILY TOTALS,,,,,,\r\nAll Children");
	put_figures(b, &figures);
	buffer_puts(b, ",,\r\n");
}
