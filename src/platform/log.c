#include "platform/log.h"

#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "platform/clock.h"

#define LINE_MAX_BYTES 2048

static enum log_level level_written = LOG_LEVEL_info;
static char process_name[32] = "parent";
static atomic_uint lost_lines; /* of this process, not told of yet */
static atomic_bool cut_short;  /* the log may end within a line */

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

/* Whether the reader of a pipe is so far behind that a line would wait. */
static bool
is_choked(int fd)
{
	struct pollfd out = { .fd = fd, .events = POLLOUT };

	return (poll(&out, 1, 0) == 0);
}

/* Whether there was room for all of it: a disk may be full. */
static bool
put(int fd, const char *text, size_t length)
{
	return (write(fd, text, length) == (ssize_t)length);
}

static bool
put_line(enum log_level level, const char *message)
{
	static const char *const names[] = { "error", "warning", "info",
		"debug" };
	char line[LINE_MAX_BYTES];
	int64_t now_us = clock_real_us();
	time_t now_s = (time_t)(now_us / 1000000);
	struct tm utc;
	size_t length = 0;
	int head;

	if (gmtime_r(&now_s, &utc) == NULL)
		return (false);
	if (atomic_exchange(&cut_short, false))
		line[length++] = '\n';
	head = snprintf(line + length, sizeof(line) - length,
	    "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ %s %s ", utc.tm_year + 1900,
	    utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
	    (int)(now_us % 1000000), names[level], process_name);
	if (head < 0)
		return (false);
	length += (size_t)head;
	length += escape(line + length, sizeof(line) - length - 1, message);
	line[length++] = '\n';
	if (put(STDERR_FILENO, line, length))
		return (true);
	atomic_store(&cut_short, true);
	return (false);
}

static void
tell_of_lost_lines(void)
{
	unsigned n = atomic_exchange(&lost_lines, 0);
	char message[96];

	if (n == 0)
		return;
	(void)snprintf(message, sizeof(message),
	    "%u lines were lost here: nobody read the log, or its disk was "
	    "full",
	    n);
	if (!put_line(LOG_LEVEL_warning, message))
		atomic_fetch_add(&lost_lines, n);
}

void
log_write(enum log_level level, const char *format, ...)
{
	char message[LINE_MAX_BYTES];
	va_list arguments;

	if (!log_enabled(level))
		return;
	if (is_choked(STDERR_FILENO)) {
		atomic_fetch_add(&lost_lines, 1);
		return;
	}
	va_start(arguments, format);
	(void)vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	tell_of_lost_lines();
	if (!put_line(level, message))
		atomic_fetch_add(&lost_lines, 1);
}

void
log_last_words(const char *text)
{
	if (!is_choked(STDERR_FILENO))
		(void)put(STDERR_FILENO, text, strlen(text));
}

/* What is lost was written, as far as stdio is concerned. */
static ssize_t
put_stdout(void *unused UNUSED, const char *text, size_t length)
{
	if (!is_choked(STDOUT_FILENO))
		(void)put(STDOUT_FILENO, text, length);
	return ((ssize_t)length);
}

/* One of the standard descriptors that was closed would be the next socket's,
 * and lines would go there. */
static void
fill_standard_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd != -1 && fd <= STDERR_FILENO);
	if (fd != -1)
		(void)close(fd);
}

void
log_guard_stdout(void)
{
	const cookie_io_functions_t functions = { .write = put_stdout };
	FILE *guarded = fopencookie(NULL, "w", functions);

	fill_standard_descriptors();
	if (guarded == NULL)
		return;
	(void)setvbuf(guarded, NULL, _IOLBF, 0);
	(void)fflush(stdout);
	stdout = guarded;
}
