#include "app/signals.h"

#include <sys/time.h>

#include <signal.h>
#include <stdbool.h>
#include <unistd.h>

#include <kore/kore.h>

#include "platform/compiler.h"
#include "platform/log.h"

/* Kore, in its wait, may have missed one by a hair: it is woken again. */
#define AGAIN_US 20000

/* Most urgent first. */
static const int kept[] = { SIGTERM, SIGINT, SIGQUIT, SIGCHLD, SIGHUP,
	SIGUSR1 };

static volatile sig_atomic_t waits[COUNT_OF(kept)];
static pid_t keeper;

static void
wake_again(void)
{
	const struct itimerval soon = { .it_value.tv_usec = AGAIN_US };

	(void)setitimer(ITIMER_REAL, &soon, NULL);
}

static void
hand_on(void)
{
	size_t i;

	for (i = 0; i < COUNT_OF(kept) && sig_recv == 0; i++)
		if (waits[i]) {
			waits[i] = 0;
			sig_recv = kept[i];
		}
	if (sig_recv != 0)
		wake_again();
}

/* Kore's parent, when its key manager is gone, sends itself a SIGTERM. */
static bool
is_over_keymgr(int sig, const siginfo_t *info)
{
	return (sig == SIGTERM && info->si_code == SI_TKILL &&
		info->si_pid == keeper);
}

static void
on_signal(int sig, siginfo_t *info, void *unused UNUSED)
{
	size_t i;

	if (is_over_keymgr(sig, info)) {
		log_warning("not stopping: workers have certificate and key "
			    "without a key manager");
		return;
	}
	for (i = 0; i < COUNT_OF(kept); i++)
		if (kept[i] == sig)
			waits[i] = 1;
	if (getpid() == keeper)
		hand_on();
}

/* abort() is all that is left without memory, and nobody else would tell. */
static void
on_abort(int sig UNUSED)
{
	log_last_words("chores: a process aborts, most likely out of memory\n");
}

void
signals_keep(void)
{
	const struct sigaction last = { .sa_handler = on_abort };
	struct sigaction action = { .sa_sigaction = on_signal,
		.sa_flags = SA_RESTART | SA_SIGINFO };
	size_t i;

	keeper = getpid();
	(void)sigfillset(&action.sa_mask);
	(void)sigaction(SIGABRT, &last, NULL);
	(void)sigaction(SIGALRM, &action, NULL);
	for (i = 0; i < COUNT_OF(kept); i++)
		(void)sigaction(kept[i], &action, NULL);
}

void
signals_resume(void)
{
	size_t i;

	for (i = 0; i < COUNT_OF(kept); i++)
		if (waits[i]) {
			waits[i] = 0;
			(void)raise(kept[i]);
		}
}
