/* links: -Itests/unit src/platform/clock.c */
#include "unit.h"

#include "../../../src/platform/log.c"

#include <signal.h>
#include <sys/resource.h>

/* Files hold no more than ${room} bytes from now on. */
static void
limit_files(rlim_t room)
{
	struct rlimit limit;

	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = room;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* Run ${body} with a new file as standard error; what it holds then. */
static void
capture(void (*body)(void), char *text, size_t size)
{
	FILE *file = tmpfile();
	int usual = dup(STDERR_FILENO);
	ssize_t length;

	assert_non_null(file);
	assert_int_not_equal(dup2(fileno(file), STDERR_FILENO), -1);
	body();
	limit_files(RLIM_INFINITY);
	assert_int_not_equal(dup2(usual, STDERR_FILENO), -1);
	(void)close(usual);
	length = pread(fileno(file), text, size - 1, 0);
	assert_true(length >= 0);
	text[length] = '\0';
	(void)fclose(file);
}

static void
fill_the_disk(void)
{
	log_info("first");
	limit_files(80); /* the second line's beginning */
	log_info("cut");
	log_info("lost");
	limit_files(RLIM_INFINITY);
	log_info("last");
}

static void
what_a_full_disk_has_lost_is_told_on_a_line_of_its_own(void **state)
{
	char text[4096];

	(void)state;
	capture(fill_the_disk, text, sizeof(text));
	assert_null(strstr(text, " lost\n"));
	assert_non_null(strstr(text, " warning parent 2 lines were lost here"));
	assert_non_null(strstr(text, " last\n"));
	assert_non_null(strstr(text, "info p\n20"));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    what_a_full_disk_has_lost_is_told_on_a_line_of_its_own),
	};

	return (RUN(tests));
}
