/*
 * dates: points in time and days, written and read.
 *
 * A point in time is PostgreSQL's binary timestamptz: microseconds since
 * 2000-01-01T00:00:00Z (pg_us). A day is the number of days since then, a
 * month is year * 12 + month - 1; all are UTC in the Gregorian calendar.
 * No clock and no time zone of the machine is looked at.
 *
 * Context  any.
 */
#ifndef DOMAIN_DATES_H
#define DOMAIN_DATES_H

#include <stddef.h>
#include <stdint.h>

#include "platform/buffer.h"
#include "platform/compiler.h"

#define DATES_US_PER_S INT64_C(1000000)
#define DATES_US_PER_DAY (INT64_C(86400) * DATES_US_PER_S)

/* dates_from_unix_us(unix_us): the same moment counted from 2000, for what
 * clock_real_us() returns. */
int64_t dates_from_unix_us(int64_t unix_us);

/*
 * How the contract writes a moment. The fraction has six digits, or isn't
 * there when it is zero.
 *
 *   dates_put_z       2026-11-22T14:11:20.191783Z        typed answers
 *   dates_put_offset  2026-11-22T14:11:20.191783+00:00   untyped ones, CSV
 *   dates_put_naive   2026-11-22T14:11:20.191783         periods, health
 *   dates_put_blank   2026-11-22 14:11:20.191783+00:00   the export's JSON
 *   dates_put_blank_naive  2026-11-22 14:11:20.191783    its periods
 *   dates_put_stamp   20261122_141120                    file names
 */
void dates_put_z(struct buffer *out, int64_t pg_us);
void dates_put_offset(struct buffer *out, int64_t pg_us);
void dates_put_naive(struct buffer *out, int64_t pg_us);
void dates_put_blank(struct buffer *out, int64_t pg_us);
void dates_put_blank_naive(struct buffer *out, int64_t pg_us);
void dates_put_stamp(struct buffer *out, int64_t pg_us);

/*
 * dates_read(text, length, pg_us, error): a date or date and time as Python
 * 3.11's datetime.fromisoformat() reads it; ${text} is UTF-8 and has a NUL
 * behind it:
 *
 *   2026-11-22  20261122  2026-W47-1  2026W471  2026-W47
 *   2026-11-22T14  …T14:11  …T1411  …T14:11:20.191783  …T14:11:20,5+02:00
 *
 * A date alone is its midnight. A zone is converted to UTC, none is UTC.
 *
 * Returns  0 with *pg_us set, or -1 with Python's text in ${error}, such as
 *          "Invalid isoformat string: 'bad'", "month must be in 1..12", "day
 *          is out of range for month", or "date value out of range" for what
 *          is in no year from 1 to 9999 in UTC.
 */
int dates_read(const char *text, size_t length, int64_t *pg_us,
    struct buffer *error) MUST_CHECK;

/*
 * dates_read_end(text, length, pg_us, error): the query's date_to: a date
 * alone; the moment is its 23:59:59. The day ends a second later, exclusively:
 * compare with < *pg_us + DATES_US_PER_S. "T23:59:59" stands in an error's
 * text, as in the original.
 */
int dates_read_end(const char *text, size_t length, int64_t *pg_us,
    struct buffer *error) MUST_CHECK;

/* dates_day(pg_us): the day of a moment; dates_day_start(day): its midnight. */
int64_t dates_day(int64_t pg_us);
int64_t dates_day_start(int64_t day);

/* dates_week_start(day): the Monday on or before ${day}. */
int64_t dates_week_start(int64_t day);

/* dates_month(day): the month of a day. */
int64_t dates_month(int64_t day);

/* dates_month_start(month): its first day. */
int64_t dates_month_start(int64_t month);

/* dates_quarter_start(month): January, April, July or October before it. */
int64_t dates_quarter_start(int64_t month);

/* dates_month_year(month), dates_month_number(month): 2026 and 1..12. */
int64_t dates_month_year(int64_t month);
int64_t dates_month_number(int64_t month);

/* dates_month_name(month): "November". */
const char *dates_month_name(int64_t month);

/* dates_put_day(out, day): 2026-11-22. */
void dates_put_day(struct buffer *out, int64_t day);

#endif
