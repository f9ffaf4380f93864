/*
 * datesread: dates and times as Python's datetime.fromisoformat() reads them,
 * oddities included: clients' dates mean what they always meant.
 *
 * A date stands before a separator, which may be any character, and whose
 * place follows from the form of the date; then comes the time.
 * Source: Python 3.11's reference of datetime.fromisoformat(), and its
 * answers.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "domain/dates.h"
#include "domain/repr.h"
#include "platform/utf8.h"

#define SHORTEST_DATE 7 /* 2026W47 */
#define US_DIGITS 6

struct parts {
	int year, month, day;
	int hour, minute, second, us;
	int64_t zone_us;
};

static const int64_t day_us = DATES_US_PER_DAY;

static bool
is_digit(char c)
{
	return (c >= '0' && c <= '9');
}

static bool
starts_zone(char c)
{
	return (c == '+' || c == '-' || c == 'Z');
}

/* ${count} digits at ${at}, which is NUL-terminated; NULL if they aren't. */
static const char *
read_digits(const char *at, int count, int *value)
{
	*value = 0;
	for (; count > 0; count--) {
		if (!is_digit(*at))
			return (NULL);
		*value = *value * 10 + (*at++ - '0');
	}
	return (at);
}

static bool
is_leap(int year)
{
	return (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
}

static int
days_of_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };

	return (days[month - 1] + (month == 2 && is_leap(year)));
}

/* The first day of a year, counted as dates.h does. */
static int64_t
year_start(int year)
{
	return (dates_month_start((int64_t)year * 12));
}

/* The Monday of the week with the year's first Thursday: ISO 8601. */
static int64_t
first_week_start(int year)
{
	return (dates_week_start(year_start(year) + 3));
}

static bool
set_week(struct parts *p, int week, int weekday)
{
	int64_t day = first_week_start(p->year), month;

	if (week < 1 || weekday < 1 || weekday > 7 ||
	    day + 7 * (int64_t)week > first_week_start(p->year + 1))
		return (false);
	if (p->year < 1) { /* Python loses the month then, not the year */
		p->year = 1;
		return (true);
	}
	day += 7 * ((int64_t)week - 1) + weekday - 1;
	month = dates_month(day);
	p->year = (int)dates_month_year(month);
	p->month = (int)dates_month_number(month);
	p->day = (int)(day - dates_month_start(month)) + 1;
	return (true);
}

/* 2026-11-22, 20261122, 2026-W47-1, 2026W471, 2026-W47, 2026W47: the first
 * ${length} characters. */
static bool
read_day(const char *text, size_t length, struct parts *p)
{
	const char *at = read_digits(text, 4, &p->year);
	bool dashes;
	int week, weekday = 1;

	if (at == NULL)
		return (false);
	dashes = *at == '-';
	at += dashes;
	if (*at == 'W') {
		if ((at = read_digits(at + 1, 2, &week)) == NULL)
			return (false);
		if ((size_t)(at - text) < length &&
		    ((dashes && *at++ != '-') ||
			read_digits(at, 1, &weekday) == NULL))
			return (false);
		return (set_week(p, week, weekday));
	}
	if ((at = read_digits(at, 2, &p->month)) == NULL ||
	    (dashes && *at++ != '-'))
		return (false);
	return (read_digits(at, 2, &p->day) != NULL);
}

/* How long the date is; a date of weeks needs a look behind it. */
static size_t
day_length(const char *text, size_t length)
{
	size_t i = 7;

	if (length == SHORTEST_DATE)
		return (7);
	if (text[4] == '-') {
		if (text[5] != 'W')
			return (10);
		if (length > 8 && text[8] == '-')
			return (length > 10 && is_digit(text[10]) ? 8 : 10);
		return (8);
	}
	if (text[4] != 'W')
		return (8);
	while (i < length && is_digit(text[i]))
		i++;
	if (i < 9)
		return (i);
	return (i % 2 == 0 ? 7 : 8);
}

/* The digits behind a second: six count, all must be digits. */
static bool
read_fraction(const char *at, const char *end, int *us, bool *rest)
{
	size_t count = (size_t)(end - at), i;

	if (count > US_DIGITS)
		count = US_DIGITS;
	if ((at = read_digits(at, (int)count, us)) == NULL)
		return (false);
	for (i = count; i < US_DIGITS; i++)
		*us *= 10;
	while (is_digit(*at))
		at++;
	*rest = *at != '\0';
	return (true);
}

/* HH[:MM[:SS[.ffffff]]] up to ${end}, colons all or none; *rest tells whether
 * the text goes on where it stopped. */
static bool
read_clock(const char *at, const char *end, int values[4], bool *rest)
{
	bool colons = true;
	int i;

	memset(values, 0, 4 * sizeof(*values));
	for (i = 0; i < 3; i++) {
		char c;

		if ((at = read_digits(at, 2, &values[i])) == NULL)
			return (false);
		c = *at++;
		if (i == 0)
			colons = c == ':';
		if (at >= end) {
			*rest = c != '\0';
			return (true);
		}
		if (colons && c == ':')
			continue;
		if (c == '.' || c == ',')
			break;
		if (colons)
			return (false);
		at--;
	}
	return (read_fraction(at, end, &values[3], rest));
}

static bool
read_zone(const char *at, const char *end, struct parts *p)
{
	int64_t sign = *at == '-' ? -1 : 1, seconds;
	int values[4];
	bool rest;

	if (*at == 'Z')
		return (at[1] == '\0');
	if (!read_clock(at + 1, end, values, &rest) || rest)
		return (false);
	seconds = (int64_t)values[0] * 3600 + values[1] * 60 + values[2];
	if (seconds != 0) /* else UTC, whatever the fraction says */
		p->zone_us = sign * (seconds * DATES_US_PER_S + values[3]);
	return (true);
}

static bool
read_time(const char *text, const char *end, struct parts *p)
{
	const char *zone = text + 1;
	int values[4];
	bool rest;

	if (starts_zone(*text))
		return (false);
	while (zone < end && !starts_zone(*zone))
		zone++;
	if (!read_clock(text, zone, values, &rest) || (zone == end && rest))
		return (false);
	p->hour = values[0];
	p->minute = values[1];
	p->second = values[2];
	p->us = values[3];
	return (zone == end || read_zone(zone, end, p));
}

static bool
read_parts(const char *text, size_t length, struct parts *p)
{
	const char *end = text + length, *at;
	size_t ndate, after;

	memset(p, 0, sizeof(*p));
	if (length < SHORTEST_DATE)
		return (false);
	ndate = day_length(text, length);
	if (ndate > length || !read_day(text, ndate, p))
		return (false);
	if (length == ndate)
		return (true);
	after = ndate;
	(void)utf8_next(text, length, &after); /* the separator */
	at = text + after;
	return (at < end && read_time(at, end, p));
}

static const char *
find_impossible(const struct parts *p)
{
	if (p->year < 1)
		return ("year 0 is out of range");
	if (p->year > 9999) /* the last week of 9999 ends in it */
		return ("year 10000 is out of range");
	if (p->month < 1 || p->month > 12)
		return ("month must be in 1..12");
	if (p->day < 1 || p->day > days_of_month(p->year, p->month))
		return ("day is out of range for month");
	if (p->hour > 23)
		return ("hour must be in 0..23");
	if (p->minute > 59)
		return ("minute must be in 0..59");
	return (p->second > 59 ? "second must be in 0..59" : NULL);
}

/* A timedelta as Python's repr() shows it: days may be negative, what follows
 * them never is. */
static void
put_timedelta(struct buffer *out, int64_t us)
{
	int64_t day = dates_day(us), s;

	us -= dates_day_start(day);
	s = us / DATES_US_PER_S;
	us %= DATES_US_PER_S;
	buffer_printf(out, "datetime.timedelta(days=%" PRId64, day);
	if (s != 0)
		buffer_printf(out, ", seconds=%" PRId64, s);
	if (us != 0)
		buffer_printf(out, ", microseconds=%" PRId64, us);
	buffer_putc(out, ')');
}

/* Whether the parts name a moment; Python makes the zone first. */
static bool
judge(const struct parts *p, struct buffer *error)
{
	const char *impossible;

	if (p->zone_us <= -day_us || p->zone_us >= day_us) {
		buffer_puts(error,
		    "offset must be a timedelta strictly between "
		    "-timedelta(hours=24) and timedelta(hours=24), not ");
		put_timedelta(error, p->zone_us);
		buffer_putc(error, '.');
		return (false);
	}
	if ((impossible = find_impossible(p)) == NULL)
		return (true);
	buffer_puts(error, impossible);
	return (false);
}

/* A zone may carry a moment out of the years that have four digits. */
static bool
has_year(int64_t pg_us)
{
	return (pg_us >= dates_day_start(year_start(1)) &&
		pg_us < dates_day_start(year_start(10000)));
}

int
dates_read(
    const char *text, size_t length, int64_t *pg_us, struct buffer *error)
{
	struct parts p;

	if (!read_parts(text, length, &p)) {
		buffer_puts(error, "Invalid isoformat string: ");
		repr_put(error, text, length);
		return (-1);
	}
	if (!judge(&p, error))
		return (-1);
	*pg_us = dates_day_start(
		     dates_month_start((int64_t)p.year * 12 + p.month - 1)) +
		 (p.day - 1) * day_us +
		 ((int64_t)p.hour * 3600 + p.minute * 60 + p.second) *
		     DATES_US_PER_S +
		 p.us - p.zone_us;
	if (has_year(*pg_us))
		return (0);
	buffer_puts(error, "date value out of range");
	return (-1);
}

int
dates_read_end(
    const char *text, size_t length, int64_t *pg_us, struct buffer *error)
{
	static const char last[] = "T23:59:59";
	struct buffer whole;
	int result;

	buffer_init(&whole, length + sizeof(last) + 1);
	buffer_append(&whole, text, length);
	buffer_puts(&whole, last);
	result = dates_read(
	    buffer_text(&whole), length + sizeof(last) - 1, pg_us, error);
	buffer_fini(&whole);
	return (result);
}
