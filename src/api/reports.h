/*
 * reports: what both forms of the allowance report share: the period that a
 * request names, and the figures of its children.
 *
 * Context  worker.
 */
#ifndef API_REPORTS_H
#define API_REPORTS_H

#include <stdbool.h>
#include <stdint.h>

#include "db/rows.h"
#include "http/call.h"
#include "http/fields.h"
#include "platform/buffer.h"

/* From ?date_from= and ?date_to=; moments as in domain/dates.h. */
struct report_period {
	bool has_from, has_until;
	int64_t from_us;
	int64_t until_us;  /* exclusive */
	int64_t end_us;    /* as shown: date_to's last second, or now */
	const char *error; /* why a date is none, or NULL */
};

/*
 * reports_read_period(call, from, to, period): both may be absent or empty.
 * The first date that is none leaves its reason in period->error, and the
 * period open: such a period may still be asked for, which says who may.
 */
void reports_read_period(struct call *call, const struct value *from,
    const struct value *to, struct report_period *period);

/* The next two parameters of a step: from and until, or NULL. */
void reports_step_period(struct step *step, const struct report_period *period);

/* Money of one child, or of all; in cents but for what is pending. */
struct report_figures {
	int64_t completed;
	int64_t earned_cents, adjusted_cents, paid_out_cents;
	double pending;
};

/* Columns of assets/sql/report_allowance.sql */
enum {
	REPORT_id,
	REPORT_username,
	REPORT_completed,
	REPORT_earned,
	REPORT_adjusted,
	REPORT_paid_out,
	REPORT_pending,
	REPORT_last_activity
};

struct report_figures reports_child(const struct rows *rows, int row);
struct report_figures reports_family(const struct rows *rows);

int64_t reports_balance_cents(const struct report_figures *figures);

/* The two ways to write a report as JSON. */
enum report_form {
	REPORT_ANSWER, /* compact, as all answers are */
	REPORT_FILE    /* as Python's json.dumps() with an indent of 2 */
};

/* reports_put(b, form, rows, period): the whole report. */
void reports_put(struct buffer *b, enum report_form form,
    const struct rows *rows, const struct report_period *period);

/* reports_put_csv(b, rows): the same as a table. */
void reports_put_csv(struct buffer *b, const struct rows *rows);

#endif
