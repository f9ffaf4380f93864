/* links: -Itests/unit */
#include "unit.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

#include "../../../src/app/seccomp.c"

int
kore_seccomp_filter(const char *name, void *program, size_t length)
{
	return (name != NULL && program != NULL && length > 0);
}

/* From here on only what the module allows besides Kore, which is less. */
static void
enter_sandbox(void)
{
	static struct sock_filter all[KORE_FILTER_LEN(_scfilt) + 2] = {
		KORE_BPF_LOAD(nr, 0),
	};
	struct sock_fprog program = { KORE_FILTER_LEN(all), all };

	memcpy(all + 1, _scfilt, sizeof(_scfilt));
	all[KORE_FILTER_LEN(all) - 1] =
	    (struct sock_filter)KORE_BPF_RET(SECCOMP_RET_KILL);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == -1)
		_exit(1);
}

/* Whether a process comes back from such a call; it ends with its next. */
static bool
is_let_through(long call)
{
	int *came_back = mmap(NULL, sizeof(int), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child = fork();
	int status;
	bool came;

	assert_true(came_back != MAP_FAILED && child != -1);
	if (child == 0) {
		enter_sandbox();
		(void)syscall(call, -1, 0, 0, 0, 0, 0);
		*(volatile int *)came_back = 1;
		_exit(1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
	came = *came_back == 1;
	(void)munmap(came_back, sizeof(int));
	return (came);
}

/* What hardly ever happens, and ended a thread when it did. */
static void
rare_calls_are_let_through(void **state)
{
	static const struct {
		long call;
		const char *from;
	} calls[] = {
		{ SYS_restart_syscall, "poll() after SIGSTOP and SIGCONT" },
		{ SYS_bind, "getaddrinfo() of a name of several addresses" },
		{ SYS_sendmmsg, "getaddrinfo() that asks a name server" },
		{ SYS_mremap, "realloc() of much" },
		{ SYS_tgkill, "abort()" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		assert_case(is_let_through(calls[i].call), "%s", calls[i].from);
}

static void
others_are_not(void **state)
{
	(void)state;
	assert_false(is_let_through(SYS_execve));
	assert_false(is_let_through(SYS_ptrace));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rare_calls_are_let_through),
		cmocka_unit_test(others_are_not),
	};

	return (RUN(tests));
}
