#include "platform/clock.h"

#include <stdio.h>
#include <time.h>

#define US_PER_S 1000000

static int64_t
read_clock(clockid_t id)
{
	struct timespec now;

	(void)clock_gettime(id, &now);
	return ((int64_t)now.tv_sec * US_PER_S + now.tv_nsec / 1000);
}

int64_t
clock_mono_us(void)
{
	return (read_clock(CLOCK_MONOTONIC));
}

int64_t
clock_real_us(void)
{
	return (read_clock(CLOCK_REALTIME));
}

const char *
clock_date_header(void)
{
	static _Thread_local char text[CLOCK_DATE_HEADER_SIZE];
	static _Thread_local time_t formatted_s = -1;
	static const char days[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu",
		"Fri", "Sat" };
	static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t now_s = (time_t)(clock_real_us() / US_PER_S);
	struct tm utc;

	if (now_s == formatted_s || gmtime_r(&now_s, &utc) == NULL)
		return (text);
	(void)snprintf(text, sizeof(text),
	    "%s, %02u %s %04u %02u:%02u:%02u GMT", days[utc.tm_wday % 7],
	    (unsigned)utc.tm_mday % 100, months[utc.tm_mon % 12],
	    (unsigned)(utc.tm_year + 1900) % 10000, (unsigned)utc.tm_hour % 100,
	    (unsigned)utc.tm_min % 100, (unsigned)utc.tm_sec % 100);
	formatted_s = now_s;
	return (text);
}
