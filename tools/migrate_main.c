/* links: src/db/migrate.c src/db/conninfo.c src/platform/buffer.c src/platform/clock.c src/platform/log.c -lpq */
/*
 * migrate: a program that brings the database to the present schema.
 *
 *   DATABASE_URL=postgresql://... migrate [-w seconds] [folder]
 *
 * Run it before the service starts, as often as you like; see db/migrate.h.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "db/conninfo.h"
#include "db/migrate.h"
#include "platform/log.h"

#define FOLDER "assets/sql/migrations"
#define WAIT_S 60

static int
usage(void)
{
	(void)fprintf(stderr,
	    "usage: DATABASE_URL=postgresql://... migrate [-w seconds] "
	    "[folder]\n"
	    "  -w  how long to wait for another migrator (%d)\n",
	    WAIT_S);
	return (2);
}

static int
parse_seconds(const char *text, int64_t *ms)
{
	char *end;
	long seconds;

	errno = 0;
	seconds = strtol(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || seconds < 1 ||
	    seconds > INT_MAX / 1000)
		return (-1);
	*ms = (int64_t)seconds * 1000;
	return (0);
}

int
main(int argc, char **argv)
{
	struct migrate_options options = {
		.folder = FOLDER, .wait_ms = WAIT_S * 1000, .out = stdout
	};
	char *conninfo;
	int option, failed;

	log_set_process("migrate");
	while ((option = getopt(argc, argv, "w:")) != -1)
		if (option != 'w' ||
		    parse_seconds(optarg, &options.wait_ms) == -1)
			return (usage());
	if (argc - optind > 1)
		return (usage());
	if (optind < argc)
		options.folder = argv[optind];

	conninfo = conninfo_from_url(getenv("DATABASE_URL"), "chores-migrate");
	if (conninfo == NULL)
		return (1);
	options.conninfo = conninfo;
	failed = migrate_run(&options);
	free(conninfo);
	return (failed == 0 ? 0 : 1);
}
