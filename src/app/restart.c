#include "app/restart.h"

#include <pthread.h>
#include <stdint.h>
#include <unistd.h>

#include "platform/clock.h"
#include "platform/settings.h"

#define APART_US INT64_C(1000000)

/* Each start is paid for with a second, some of them later. */
static int64_t paid_until_us, credit_us, wait_us;

static void
before_fork(void)
{
	int64_t now_us = clock_mono_us();

	wait_us = paid_until_us - now_us;
	if (wait_us > APART_US)
		wait_us = APART_US;
	if (paid_until_us < now_us - credit_us)
		paid_until_us = now_us - credit_us;
	paid_until_us += APART_US;
}

/* Kore has not begun here yet; the parent goes on. */
static void
in_child(void)
{
	if (wait_us > 0)
		(void)usleep((useconds_t)wait_us);
}

void
restart_calmly(const struct settings *settings)
{
	credit_us = settings->workers * APART_US;
	/* The first ones, and the key manager, are free. */
	paid_until_us = clock_mono_us() - 2 * credit_us - APART_US;
	(void)pthread_atfork(before_fork, NULL, in_child);
}
