#include "metrics/process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "metrics/shard.h"

#define NS_PER_S 1000000000
#define WATCHED_MAX 8
#define PROCESSES_MAX 1024
#define FILE_SIZE 1024

/* What all processes share besides the shards. */
struct shared {
	_Atomic int watched[WATCHED_MAX];
	_Atomic int64_t cpu_ns; /* the most that any scrape has said */
};

/* The one instance; opened in the parent, before the fork. */
static struct shared *shared;
static int proc_fd = -1;
static int64_t page_bytes, tick_ns;

/* Sums over processes. */
struct usage {
	int64_t cpu_ns;
	int64_t resident_bytes, virtual_bytes;
	int64_t open_fds, max_fds;
};

int
metrics_process_open(void)
{
	int fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	void *memory;

	if (fd == -1)
		return (-1);
	memory = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED) {
		(void)close(fd);
		return (-1);
	}
	shared = memory;
	proc_fd = fd;
	page_bytes = sysconf(_SC_PAGESIZE);
	tick_ns = NS_PER_S / sysconf(_SC_CLK_TCK);
	return (0);
}

/* The entries of a directory that are numbers. */
static int
count_entries(DIR *directory)
{
	const struct dirent *entry;
	int count = 0;

	while ((entry = readdir(directory)) != NULL)
		count += entry->d_name[0] != '.';
	return (count);
}

static int
count_open_fds(void)
{
	char path[32];
	DIR *directory;
	int fd, count;

	(void)snprintf(path, sizeof(path), "%d/fd", (int)getpid());
	fd = openat(proc_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return (0);
	if ((directory = fdopendir(fd)) == NULL) {
		(void)close(fd);
		return (0);
	}
	count = count_entries(directory) - 1; /* the one that looks */
	(void)closedir(directory);
	return (count);
}

void
metrics_process_sample(void)
{
	struct shard *s = shard_own();
	struct rlimit limit;

	if (s == NULL || shared == NULL)
		return;
	atomic_store_explicit(
	    &s->open_fds, count_open_fds(), memory_order_relaxed);
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
		atomic_store_explicit(&s->max_fds,
		    limit.rlim_cur > INT32_MAX ? INT32_MAX
					       : (int)limit.rlim_cur,
		    memory_order_relaxed);
}

void
metrics_process_watch(int pid)
{
	int i;

	if (shared == NULL || pid <= 0)
		return;
	for (i = 0; i < WATCHED_MAX; i++)
		if (atomic_load(&shared->watched[i]) == pid)
			return;
	for (i = 0; i < WATCHED_MAX; i++) {
		int seen = atomic_load(&shared->watched[i]);

		if ((seen == 0 || (kill(seen, 0) == -1 && errno == ESRCH)) &&
		    atomic_compare_exchange_strong(
			&shared->watched[i], &seen, pid))
			return;
	}
}

/* A small file of /proc/<pid>/ as text; false if the process is gone. */
static bool
read_file(int pid, const char *name, char text[FILE_SIZE])
{
	char path[64];
	ssize_t length;
	int fd;

	(void)snprintf(path, sizeof(path), "%d/%s", pid, name);
	if ((fd = openat(proc_fd, path, O_RDONLY | O_CLOEXEC)) == -1)
		return (false);
	length = read(fd, text, FILE_SIZE - 1);
	(void)close(fd);
	if (length <= 0)
		return (false);
	text[length] = '\0';
	return (true);
}

/*
 * One process; of the parent also the children that it has waited for: what
 * dead workers used is in there. Its name, in parentheses, may hold anything.
 */
static void
add_usage(struct usage *usage, int pid, bool with_children)
{
	long long user, system, dead_user, dead_system, pages;
	unsigned long long bytes;
	char text[FILE_SIZE];
	const char *rest;

	if (!read_file(pid, "stat", text) ||
	    (rest = strrchr(text, ')')) == NULL ||
	    /* NOLINTNEXTLINE(cert-err34-c): the kernel wrote it */
	    sscanf(rest + 1,
		" %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u "
		"%lld %lld %lld %lld %*d %*d %*d %*d %*u %llu %lld",
		&user, &system, &dead_user, &dead_system, &bytes, &pages) != 6)
		return;
	usage->cpu_ns += (user + system) * tick_ns;
	if (with_children)
		usage->cpu_ns += (dead_user + dead_system) * tick_ns;
	usage->virtual_bytes += (int64_t)bytes;
	usage->resident_bytes += pages * page_bytes;
}

/* A process once, however many of its threads have a shard. */
struct processes {
	int pids[PROCESSES_MAX];
	size_t count;
};

static void
add_process(struct processes *list, int pid)
{
	size_t i;

	/* From behind: the slots of one process follow each other. */
	for (i = list->count; i-- > 0;)
		if (list->pids[i] == pid)
			return;
	if (pid > 0 && list->count < PROCESSES_MAX)
		list->pids[list->count++] = pid;
}

static void
add_descriptors(struct usage *usage, const struct shard *s)
{
	if (!shard_is_alive(s))
		return;
	usage->open_fds +=
	    atomic_load_explicit(&s->open_fds, memory_order_relaxed);
	usage->max_fds +=
	    atomic_load_explicit(&s->max_fds, memory_order_relaxed);
}

static void
measure(struct usage *usage)
{
	struct processes list = { .count = 0 };
	size_t slot, i;

	memset(usage, 0, sizeof(*usage));
	add_process(&list, shard_opener());
	for (slot = 0; slot < shard_count(); slot++) {
		const struct shard *s = shard_at(slot);

		add_process(
		    &list, atomic_load_explicit(&s->pid, memory_order_relaxed));
		add_descriptors(usage, s);
	}
	for (i = 0; i < WATCHED_MAX; i++)
		add_process(&list, atomic_load(&shared->watched[i]));
	for (i = 0; i < list.count; i++)
		add_usage(usage, list.pids[i], i == 0);
}

/* A worker that dies between two looks must not take its time with it. */
static int64_t
never_less(int64_t cpu_ns)
{
	int64_t before = atomic_load(&shared->cpu_ns);

	while (before < cpu_ns &&
	       !atomic_compare_exchange_weak(&shared->cpu_ns, &before, cpu_ns))
		;
	return (before > cpu_ns ? before : cpu_ns);
}

size_t
process_measure(struct process_sample samples[PROCESS_SAMPLES])
{
	struct usage usage;

	if (shared == NULL)
		return (0);
	measure(&usage);
	samples[0] = (struct process_sample){ "process_cpu_seconds_total",
		"CPU time of all processes, dead workers included",
		FAMILY_counter, never_less(usage.cpu_ns), NS_PER_S };
	samples[1] = (struct process_sample){ "process_resident_memory_bytes",
		"Resident memory of all processes; shared pages count in each",
		FAMILY_gauge, usage.resident_bytes, 1 };
	samples[2] = (struct process_sample){ "process_virtual_memory_bytes",
		"Virtual memory of all processes", FAMILY_gauge,
		usage.virtual_bytes, 1 };
	samples[3] = (struct process_sample){ "process_open_fds",
		"Open file descriptors of all processes", FAMILY_gauge,
		usage.open_fds, 1 };
	samples[4] = (struct process_sample){ "process_max_fds",
		"Descriptors that all processes may open", FAMILY_gauge,
		usage.max_fds, 1 };
	samples[5] = (struct process_sample){ "process_start_time_seconds",
		"When the parent process started, in Unix time", FAMILY_gauge,
		shard_opened_ns(), NS_PER_S };
	return (PROCESS_SAMPLES);
}
