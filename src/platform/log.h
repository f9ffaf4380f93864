/*
 * log: one line an event, on standard error.
 *
 *   2026-11-22T14:11:20.191783Z warning worker=1 connect: connection refused
 *
 * A line is one write(2), so lines of threads and processes never mix. Where
 * whoever reads the log has stopped to, or its disk is full, lines are lost
 * rather than waited for; the next one that passes says how many.
 * Control characters in arguments are written as \xNN: nobody outside can
 * forge a line. Never log bodies, tokens, passwords or hashes.
 *
 * Context  any.
 */
#ifndef PLATFORM_LOG_H
#define PLATFORM_LOG_H

#include "platform/compiler.h"

enum log_level {
	LOG_LEVEL_error,
	LOG_LEVEL_warning,
	LOG_LEVEL_info,
	LOG_LEVEL_debug
};

/* log_set_level(level): drop what is less urgent. Context parent. */
void log_set_level(enum log_level level);

/*
 * log_set_process(name): the word that names this process in its lines, such
 * as "parent" or "worker=1"; copied, at most 31 characters.
 */
void log_set_process(const char *name);

/* log_enabled(level): whether such a line would be written. */
int log_enabled(enum log_level level);

void log_write(enum log_level level, const char *format, ...) PRINTF_LIKE(2, 3);

/* log_last_words(text): a bare line, by a process that must not do more. Context
 * any, a signal's handler too. */
void log_last_words(const char *text);

/*
 * log_guard_stdout(): what others print (Kore does) leaves line by line, and is
 * lost rather than waited for, as lines of the log are. Closed standard
 * descriptors lead to /dev/null. Context parent, before anything is opened.
 */
void log_guard_stdout(void);

#define log_error(...) log_write(LOG_LEVEL_error, __VA_ARGS__)
#define log_warning(...) log_write(LOG_LEVEL_warning, __VA_ARGS__)
#define log_info(...) log_write(LOG_LEVEL_info, __VA_ARGS__)
#define log_debug(...) log_write(LOG_LEVEL_debug, __VA_ARGS__)

#endif
