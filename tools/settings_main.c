/* links: src/platform/settings.c src/platform/dotenv.c src/platform/integer.c src/platform/jsontext.c src/platform/netmatch.c src/platform/utf8.c src/platform/buffer.c src/platform/arena.c src/platform/clock.c src/platform/log.c */
/*
 * settings: a program that prints the table of settings, as the README has it.
 */
#include <stdio.h>

#include "platform/buffer.h"
#include "platform/settings.h"

#define CEILING_BYTES (1024 * 1024)

int
main(void)
{
	struct buffer table;
	int failed;

	buffer_init(&table, CEILING_BYTES);
	settings_document(&table);
	failed = buffer_failed(&table) ||
		 fputs(buffer_text(&table), stdout) == EOF ||
		 fflush(stdout) == EOF;
	buffer_fini(&table);
	return (failed ? 1 : 0);
}
