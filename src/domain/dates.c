#include "domain/dates.h"

#include <stdbool.h>
#include <string.h>

#define UNIX_TO_PG_DAYS 10957 /* 1970-01-01 to 2000-01-01 */
#define US_PER_MINUTE (60 * DATES_US_PER_S)
#define US_PER_HOUR (60 * US_PER_MINUTE)

#define DAYS_PER_ERA 146097 /* 400 years, after which the calendar repeats */
#define YEARS_PER_ERA 400
#define EPOCH_FROM_MARCH_0 730425 /* 0000-03-01 to 2000-01-01 */
#define MONTHS_PER_YEAR 12

/* The longest that is written: 294276-12-31T23:59:59.999999+00:00 */
#define TEXT_SIZE 40
#define FRACTION_DIGITS 6

struct civil {
	int64_t year;
	unsigned month, day; /* from 1 */
};

struct moment {
	struct civil date;
	unsigned hour, minute, second, us;
};

/* Division that rounds down, and what it leaves: never negative. */
static int64_t
floor_divide(int64_t value, int64_t divisor, int64_t *rest)
{
	int64_t quotient = value / divisor;

	*rest = value % divisor;
	if (*rest < 0) {
		*rest += divisor;
		quotient--;
	}
	return (quotient);
}

/*
 * Years that begin in March have their leap day at the end, which makes the
 * months' lengths one linear function: 306 days in 10 months, then the rest.
 */
static struct civil
civil_of_day(int64_t day)
{
	int64_t of_era, of_year, year, month;
	int64_t era =
	    floor_divide(day + EPOCH_FROM_MARCH_0, DAYS_PER_ERA, &of_era);

	year =
	    (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	of_year = of_era - (365 * year + year / 4 - year / 100);
	month = (5 * of_year + 2) / 153; /* 0 is March */
	return (
	    (struct civil){ .year = era * YEARS_PER_ERA + year + (month >= 10),
		.month = (unsigned)(month < 10 ? month + 3 : month - 9),
		.day = (unsigned)(of_year - (153 * month + 2) / 5 + 1) });
}

static int64_t
day_of_civil(struct civil date)
{
	int64_t month = date.month > 2 ? date.month - 3 : date.month + 9;
	int64_t of_era_years;
	int64_t era = floor_divide(
	    date.year - (date.month <= 2), YEARS_PER_ERA, &of_era_years);

	return (era * DAYS_PER_ERA + of_era_years * 365 + of_era_years / 4 -
		of_era_years / 100 + (153 * month + 2) / 5 + date.day - 1 -
		EPOCH_FROM_MARCH_0);
}

static struct moment
moment_of(int64_t pg_us)
{
	int64_t us;
	int64_t day = floor_divide(pg_us, DATES_US_PER_DAY, &us);

	return ((struct moment){ .date = civil_of_day(day),
	    .hour = (unsigned)(us / US_PER_HOUR),
	    .minute = (unsigned)(us / US_PER_MINUTE % 60),
	    .second = (unsigned)(us / DATES_US_PER_S % 60),
	    .us = (unsigned)(us % DATES_US_PER_S) });
}

int64_t
dates_from_unix_us(int64_t unix_us)
{
	return (unix_us - UNIX_TO_PG_DAYS * DATES_US_PER_DAY);
}

/* ${width} digits, leading zeros: snprintf is too slow for each row. */
static char *
put_digits(char *to, uint64_t value, int width)
{
	int i;

	for (i = width - 1; i >= 0; i--) {
		to[i] = (char)('0' + value % 10);
		value /= 10;
	}
	return (to + width);
}

/* PostgreSQL knows years before 1 and after 9999, the contract doesn't. */
static char *
put_date(char *to, struct civil date, const char *separator)
{
	size_t length = strlen(separator);
	uint64_t year = date.year < 0 ? 0 : (uint64_t)date.year;

	to = put_digits(to, year, year > 9999 ? 6 : 4);
	memcpy(to, separator, length);
	to = put_digits(to + length, date.month, 2);
	memcpy(to, separator, length);
	return (put_digits(to + length, date.day, 2));
}

static char *
put_time(char *to, const struct moment *m)
{
	to = put_digits(to, m->hour, 2);
	*to++ = ':';
	to = put_digits(to, m->minute, 2);
	*to++ = ':';
	to = put_digits(to, m->second, 2);
	if (m->us == 0)
		return (to);
	*to++ = '.';
	return (put_digits(to, m->us, FRACTION_DIGITS));
}

static void
put_moment(struct buffer *out, int64_t pg_us, char separator, const char *zone)
{
	struct moment m = moment_of(pg_us);
	size_t length = strlen(zone);
	char text[TEXT_SIZE], *to;

	to = put_date(text, m.date, "-");
	*to++ = separator;
	to = put_time(to, &m);
	memcpy(to, zone, length);
	buffer_append(out, text, (size_t)(to - text) + length);
}

void
dates_put_z(struct buffer *out, int64_t pg_us)
{
	put_moment(out, pg_us, 'T', "Z");
}

void
dates_put_offset(struct buffer *out, int64_t pg_us)
{
	put_moment(out, pg_us, 'T', "+00:00");
}

void
dates_put_naive(struct buffer *out, int64_t pg_us)
{
	put_moment(out, pg_us, 'T', "");
}

void
dates_put_blank(struct buffer *out, int64_t pg_us)
{
	put_moment(out, pg_us, ' ', "+00:00");
}

void
dates_put_blank_naive(struct buffer *out, int64_t pg_us)
{
	put_moment(out, pg_us, ' ', "");
}

void
dates_put_stamp(struct buffer *out, int64_t pg_us)
{
	struct moment m = moment_of(pg_us);
	char text[TEXT_SIZE], *to;

	to = put_date(text, m.date, "");
	*to++ = '_';
	to = put_digits(to, m.hour, 2);
	to = put_digits(to, m.minute, 2);
	to = put_digits(to, m.second, 2);
	buffer_append(out, text, (size_t)(to - text));
}

void
dates_put_day(struct buffer *out, int64_t day)
{
	char text[TEXT_SIZE];

	buffer_append(
	    out, text, (size_t)(put_date(text, civil_of_day(day), "-") - text));
}

int64_t
dates_day(int64_t pg_us)
{
	int64_t us;

	return (floor_divide(pg_us, DATES_US_PER_DAY, &us));
}

int64_t
dates_day_start(int64_t day)
{
	return (day * DATES_US_PER_DAY);
}

int64_t
dates_week_start(int64_t day)
{
	int64_t since_monday;

	/* Day 0 is a Saturday. */
	(void)floor_divide(day + 5, 7, &since_monday);
	return (day - since_monday);
}

int64_t
dates_month(int64_t day)
{
	struct civil date = civil_of_day(day);

	return (date.year * MONTHS_PER_YEAR + date.month - 1);
}

int64_t
dates_month_year(int64_t month)
{
	int64_t of_year;

	return (floor_divide(month, MONTHS_PER_YEAR, &of_year));
}

int64_t
dates_month_number(int64_t month)
{
	int64_t of_year;

	(void)floor_divide(month, MONTHS_PER_YEAR, &of_year);
	return (of_year + 1);
}

int64_t
dates_month_start(int64_t month)
{
	return (day_of_civil((struct civil){ .year = dates_month_year(month),
	    .month = (unsigned)dates_month_number(month),
	    .day = 1 }));
}

int64_t
dates_quarter_start(int64_t month)
{
	int64_t of_quarter;

	(void)floor_divide(month, 3, &of_quarter);
	return (month - of_quarter);
}

const char *
dates_month_name(int64_t month)
{
	static const char *const names[MONTHS_PER_YEAR] = { "January",
		"February", "March", "April", "May", "June", "July", "August",
		"September", "October", "November", "December" };

	return (names[dates_month_number(month) - 1]);
}
