#include "metrics/process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "metrics/shard.h"
#include "metrics/snapshot.h"

#define NS_PER_S 1000000000
#define WATCHED_MAX 8
#define PROCESSES_MAX (SNAPSHOT_WRITERS_MAX + WATCHED_MAX + 1)
#define FILE_SIZE 1024

/* What all processes share besides the shards. */
struct shared {
	_Atomic int watched[WATCHED_MAX];
	_Atomic int64_t cpu_ns; /* the most that any scrape has said */
};

/* The one instance; opened in the parent, before the fork. */
static struct shared *shared;
static int proc_fd = -1;

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

static int64_t
ticks_to_ns(unsigned long long ticks)
{
	static long per_second;

	if (per_second == 0)
		per_second = sysconf(_SC_CLK_TCK);
	return ((int64_t)(ticks * NS_PER_S / (unsigned long long)per_second));
}

/*
 * The times of a process; of the parent also those of the children that it
 * has waited for: what dead workers used is in there.
 */
static void
add_cpu(struct usage *usage, int pid, bool with_children)
{
	unsigned long long user, system, dead_user, dead_system;
	char text[FILE_SIZE];
	const char *rest;

	/* The name, in parentheses, may hold anything. */
	if (!read_file(pid, "stat", text) ||
	    (rest = strrchr(text, ')')) == NULL ||
	    sscanf(rest + 1,
		" %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu %llu "
		"%llu",
		&user, &system, &dead_user, &dead_system) != 4)
		return;
	usage->cpu_ns += ticks_to_ns(user + system);
	if (with_children)
		usage->cpu_ns += ticks_to_ns(dead_user + dead_system);
}

static void
add_memory(struct usage *usage, int pid)
{
	char text[FILE_SIZE];
	long total, resident;
	static long page;

	if (page == 0)
		page = sysconf(_SC_PAGESIZE);
	if (!read_file(pid, "statm", text) ||
	    sscanf(text, "%ld %ld", &total, &resident) != 2)
		return;
	usage->virtual_bytes += (int64_t)total * page;
	usage->resident_bytes += (int64_t)resident * page;
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

	for (i = 0; i < list->count; i++)
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
	for (i = 0; i < list.count; i++) {
		add_cpu(usage, list.pids[i], i == 0);
		add_memory(usage, list.pids[i]);
	}
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

void
process_expose(const struct exposition *e)
{
	struct usage usage;

	if (shared == NULL)
		return;
	measure(&usage);
	exposition_simple(e, "process_cpu_seconds_total", "counter",
	    "CPU time of all processes, dead workers included",
	    never_less(usage.cpu_ns), NS_PER_S);
	exposition_simple(e, "process_resident_memory_bytes", "gauge",
	    "Resident memory of all processes; shared pages count in each",
	    usage.resident_bytes, 1);
	exposition_simple(e, "process_virtual_memory_bytes", "gauge",
	    "Virtual memory of all processes", usage.virtual_bytes, 1);
	exposition_simple(e, "process_open_fds", "gauge",
	    "Open file descriptors of all processes", usage.open_fds, 1);
	exposition_simple(e, "process_max_fds", "gauge",
	    "Descriptors that all processes may open", usage.max_fds, 1);
	exposition_simple(e, "process_start_time_seconds", "gauge",
	    "When the parent process started, in Unix time", shard_opened_ns(),
	    NS_PER_S);
}
