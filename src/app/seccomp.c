/*
 * seccomp: the system calls of libpq, OpenSSL, libc's threads and our own
 * code that Kore's sandbox does not know.
 */
#include <kore/kore.h>
#include <kore/seccomp.h>

#include "platform/compiler.h"

FOR_KORE void kore_seccomp_hook(void);

/* Of our architectures only x86 has this call besides clock_gettime(). */
#if defined(SYS_time)
#define ALLOW_TIME , KORE_SYSCALL_ALLOW(time)
#else
#define ALLOW_TIME
#endif

KORE_SECCOMP_FILTER("chores",
    /* poll() and the like, when a stopped or frozen process goes on */
    KORE_SYSCALL_ALLOW(restart_syscall),
    /* threads */
    KORE_SYSCALL_ALLOW(clone3), KORE_SYSCALL_ALLOW(rseq),
    KORE_SYSCALL_ALLOW(set_robust_list), KORE_SYSCALL_ALLOW(gettid),
    KORE_SYSCALL_ALLOW(sched_getaffinity), KORE_SYSCALL_ALLOW(prctl),
    KORE_SYSCALL_ALLOW(sched_yield), KORE_SYSCALL_ALLOW(eventfd2),
    KORE_SYSCALL_ALLOW(getpriority), KORE_SYSCALL_ALLOW(setpriority),
    /* libpq's connections */
    KORE_SYSCALL_ALLOW(socket), KORE_SYSCALL_ALLOW(connect),
    KORE_SYSCALL_ALLOW(getsockopt), KORE_SYSCALL_ALLOW(getsockname),
    KORE_SYSCALL_ALLOW(getpeername), KORE_SYSCALL_ALLOW(shutdown),
    KORE_SYSCALL_ALLOW(recvmsg), KORE_SYSCALL_ALLOW(sendmsg),
    KORE_SYSCALL_ALLOW(sendmmsg), KORE_SYSCALL_ALLOW(getegid),
    KORE_SYSCALL_ALLOW(getgid), KORE_SYSCALL_ALLOW(getppid),
    KORE_SYSCALL_ALLOW(uname), KORE_SYSCALL_ALLOW(newfstatat),
    KORE_SYSCALL_ALLOW(faccessat), KORE_SYSCALL_ALLOW(faccessat2),
    /* getaddrinfo() sorts several addresses of a name by what netlink says */
    KORE_SYSCALL_ALLOW(bind),
    /* memory and process metrics */
    KORE_SYSCALL_ALLOW(mremap), KORE_SYSCALL_ALLOW(getrusage),
    KORE_SYSCALL_ALLOW(pread64), KORE_SYSCALL_ALLOW(getdents64),
    KORE_SYSCALL_ALLOW(prlimit64), KORE_SYSCALL_ALLOW(sysinfo),
    KORE_SYSCALL_ALLOW(clock_getres), KORE_SYSCALL_ALLOW(tgkill),
    KORE_SYSCALL_ALLOW(gettimeofday) ALLOW_TIME);
