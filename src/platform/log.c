#include "platform/log.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "platform/clock.h"

#define LINE_MAX_BYTES 2048

static enum log_level level_written = LOG_LEVEL_info;
static char process_name[32] = "parent";

void
log_set_level(enum log_level level)
{
	level_written = level;
}

void
log_set_process(const char *name)
{
	(void)snprintf(process_name, sizeof(process_name), "%s", name);
}

int
log_enabled(enum log_level level)
{
	return (level <= level_written);
}

/* The bytes of the control character that begins there, 0 if it is none: of
 * ASCII, or U+0080 to U+009F, which terminals obey as well. */
static size_t
control_length(const char *text)
{
	unsigned char c = (unsigned char)text[0];
	unsigned char next = (unsigned char)text[1];

	if (c == 0xc2 && next >= 0x80 && next <= 0x9f)
		return (2);
	return (c < 0x20 || c == 0x7f ? 1 : 0);
}

/* "\x1b" */
static size_t
put_escaped(char *out, char byte)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char c = (unsigned char)byte;

	out[0] = '\\';
	out[1] = 'x';
	out[2] = hex[c >> 4];
	out[3] = hex[c & 15];
	return (4);
}

/* Copy ${text} with control characters made visible; the bytes written. */
static size_t
escape(char *out, size_t room, const char *text)
{
	size_t n = 0, control;

	while (*text != '\0' && n + 8 < room) {
		control = control_length(text);
		if (control == 0)
			out[n++] = *text++;
		for (; control > 0; control--)
			n += put_escaped(out + n, *text++);
	}
	return (n);
}

void
log_write(enum log_level level, const char *format, ...)
{
	static const char *const names[] = { "error", "warning", "info",
		"debug" };
	char message[LINE_MAX_BYTES], line[LINE_MAX_BYTES];
	int64_t now_us = clock_real_us();
	time_t now_s = (time_t)(now_us / 1000000);
	struct tm utc;
	va_list arguments;
	size_t length;
	int head;

	if (!log_enabled(level) || gmtime_r(&now_s, &utc) == NULL)
		return;
	va_start(arguments, format);
	(void)vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);

	head = snprintf(line, sizeof(line),
	    "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ %s %s ", utc.tm_year + 1900,
	    utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
	    (int)(now_us % 1000000), names[level], process_name);
	if (head < 0)
		return;
	length = (size_t)head;
	length += escape(line + length, sizeof(line) - length - 1, message);
	line[length++] = '\n';
	/* Nobody is left to tell when even this fails. */
	if (write(STDERR_FILENO, line, length) == -1)
		return;
}
