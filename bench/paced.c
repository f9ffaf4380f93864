/* links: -lm */
/*
 * paced: asks a server at a given rate, whatever it answers, and says how long
 * answers took.
 *
 *	paced PORT CONNECTIONS RATE SECONDS REQUESTS
 *
 * Requests become due at random times, as those of many people do (a Poisson
 * process). One that finds no connection free waits for one, and its time runs
 * from when it was due: a server that stalls is charged for all who would have
 * come meanwhile. A RATE of 0 is a closed loop: whoever is answered asks again.
 * REQUESTS is the file that wrk/replay.lua reads. The first second is not
 * counted.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <math.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S 1000000000LL
#define WARM_UP_NS NS_PER_S
#define DRAIN_NS (5 * NS_PER_S)
#define EVENTS 64
#define RATE_MOST 200000 /* of a closed loop */
#define ANSWER_BYTES 262144

struct connection {
	int fd;
	int64_t due_ns;
	size_t length; /* of the answer so far */
	char answer[ANSWER_BYTES];
};

static struct {
	char **texts;
	size_t count, next;
} requests;

/* Idle connections, as a stack; due times of requests that wait, as a ring. */
static struct connection **idle;
static size_t nidle;
static int64_t *waiting;
static size_t waiting_first, waiting_end, waiting_size;

static double *latencies_ms;
static size_t nlatencies, refused, broken;
static int64_t began_ns;

static int64_t
now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec * NS_PER_S + now.tv_nsec);
}

static void *
need(void *memory)
{
	if (memory == NULL)
		err(1, "memory");
	return (memory);
}

/* METHOD, path, token and body of a line, with tabs between, as a request. */
static char *
request_of(char *line)
{
	char *text, *method, *path, *token, *body;

	line[strcspn(line, "\n")] = '\0';
	method = strsep(&line, "\t");
	path = strsep(&line, "\t");
	token = strsep(&line, "\t");
	body = line == NULL ? NULL : strsep(&line, "\t");
	if (body == NULL)
		errx(1, "not a line of requests");
	if (asprintf(&text,
		"%s %s HTTP/1.1\r\nHost: localhost\r\n%s%s%s%s"
		"Content-Length: %zu\r\n\r\n%s",
		method, path, *token == '\0' ? "" : "Authorization: Bearer ",
		token, *token == '\0' ? "" : "\r\n",
		*body == '\0' ? "" : "Content-Type: application/json\r\n",
		strlen(body), body) == -1)
		err(1, "memory");
	return (text);
}

static void
read_requests(const char *path)
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;

	if (file == NULL)
		err(1, "%s", path);
	while (getline(&line, &size, file) != -1) {
		requests.texts = need(reallocarray(requests.texts,
		    requests.count + 1, sizeof(*requests.texts)));
		requests.texts[requests.count++] = request_of(line);
	}
	if (requests.count == 0)
		errx(1, "%s is empty", path);
	free(line);
	(void)fclose(file);
}

static void
connect_all(int epoll, in_port_t port, size_t count)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct epoll_event event = { .events = EPOLLIN };
	const int yes = 1;
	size_t i;

	idle = need(calloc(count, sizeof(struct connection *)));
	for (i = 0; i < count; i++) {
		struct connection *c = need(calloc(1, sizeof(*c)));

		c->fd = socket(AF_INET, SOCK_STREAM, 0);
		if (c->fd == -1 ||
		    connect(c->fd, (void *)&address, sizeof(address)) == -1)
			err(1, "connect");
		(void)setsockopt(
		    c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
		event.data.ptr = c;
		if (epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &event) == -1)
			err(1, "epoll_ctl");
		idle[nidle++] = c;
	}
}

static void
ask(struct connection *c, int64_t due_ns)
{
	const char *text = requests.texts[requests.next++ % requests.count];
	size_t length = strlen(text);

	c->due_ns = due_ns;
	c->length = 0;
	if (write(c->fd, text, length) != (ssize_t)length)
		err(1, "write");
}

/* A request is due: send it, or let it wait. */
static void
come(int64_t due_ns)
{
	if (nidle > 0)
		ask(idle[--nidle], due_ns);
	else
		waiting[waiting_end++ % waiting_size] = due_ns;
	if (waiting_end - waiting_first > waiting_size)
		errx(1, "the server can't keep up with this rate");
}

/* Whether the answer is whole. */
static bool
is_answered(struct connection *c)
{
	char *end, *field;

	c->answer[c->length] = '\0';
	end = strstr(c->answer, "\r\n\r\n");
	if (end == NULL)
		return (false);
	field = strcasestr(c->answer, "\r\ncontent-length:");
	if (field == NULL || field > end)
		errx(1, "an answer without a length");
	return (c->length >=
		(size_t)(end + 4 - c->answer) + strtoul(field + 17, NULL, 10));
}

static void
hear(struct connection *c)
{
	int64_t now;
	ssize_t got = read(
	    c->fd, c->answer + c->length, sizeof(c->answer) - 1 - c->length);

	if (got <= 0)
		errx(1, "the server has closed a connection");
	c->length += (size_t)got;
	if (!is_answered(c))
		return;
	now = now_ns();
	if (strncmp(c->answer, "HTTP/1.1 2", 10) != 0)
		refused++;
	if (c->due_ns - began_ns >= WARM_UP_NS)
		latencies_ms[nlatencies++] = (double)(now - c->due_ns) / 1e6;
	if (waiting_first < waiting_end)
		ask(c, waiting[waiting_first++ % waiting_size]);
	else
		idle[nidle++] = c;
}

static void
hear_until(int epoll, int64_t until_ns)
{
	struct epoll_event events[EVENTS];
	int64_t left_ns = until_ns - now_ns();
	struct timespec wait = { 0 };
	int i, n;

	if (left_ns > 0) {
		wait.tv_sec = left_ns / NS_PER_S;
		wait.tv_nsec = left_ns % NS_PER_S;
	}
	n = epoll_pwait2(epoll, events, EVENTS, &wait, NULL);
	if (n == -1 && errno != EINTR)
		err(1, "epoll_pwait2");
	for (i = 0; i < n; i++)
		hear(events[i].data.ptr);
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return ((x > y) - (x < y));
}

static double
percentile(double percent)
{
	return (
	    latencies_ms[(size_t)((double)(nlatencies - 1) * percent / 100)]);
}

/* Requests become due at random until the end. */
static void
run_open(int epoll, double rate, int64_t end_ns)
{
	int64_t next_ns = began_ns;

	while (next_ns < end_ns) {
		hear_until(epoll, next_ns);
		while (next_ns < end_ns && next_ns <= now_ns()) {
			come(next_ns);
			next_ns += (int64_t)(-log(1 - drand48()) / rate *
					     (double)NS_PER_S);
		}
	}
}

static void
run_closed(int epoll, int64_t end_ns)
{
	while (now_ns() < end_ns) {
		while (nidle > 0)
			ask(idle[--nidle], now_ns());
		hear_until(epoll, end_ns);
	}
}

static void
report(double rate)
{
	if (nlatencies == 0)
		errx(1, "no answer in time");
	qsort(latencies_ms, nlatencies, sizeof(*latencies_ms), compare);
	(void)printf("{\"requests\": %zu, \"rate\": %.1f, \"p50\": %.3f, "
		     "\"p90\": %.3f, \"p99\": %.3f, \"p999\": %.3f, "
		     "\"max\": %.3f, \"refused\": %zu, \"broken\": %zu}\n",
	    nlatencies, rate, percentile(50), percentile(90), percentile(99),
	    percentile(99.9), percentile(100), refused, broken);
}

int
main(int argc, char **argv)
{
	size_t connections;
	double rate, seconds;
	int64_t end_ns;
	int epoll = epoll_create1(0);

	if (argc != 6)
		errx(2, "usage: paced PORT CONNECTIONS RATE SECONDS REQUESTS");
	connections = strtoul(argv[2], NULL, 10);
	rate = strtod(argv[3], NULL);
	seconds = strtod(argv[4], NULL);
	if (connections == 0 || !(rate >= 0) || !(seconds > 1))
		errx(2, "connections above 0, a rate, more than a second");
	read_requests(argv[5]);
	waiting_size =
	    (size_t)((rate > 0 ? rate : RATE_MOST) * seconds * 2) + 1000;
	waiting = need(calloc(waiting_size, sizeof(*waiting)));
	latencies_ms = need(calloc(waiting_size, sizeof(*latencies_ms)));
	connect_all(epoll, (in_port_t)strtoul(argv[1], NULL, 10), connections);

	/* Timers to the point, not rounded up to save power. */
	(void)prctl(PR_SET_TIMERSLACK, 1);
	srand48(1);
	began_ns = now_ns();
	end_ns = began_ns + (int64_t)(seconds * (double)NS_PER_S);
	if (rate > 0)
		run_open(epoll, rate, end_ns);
	else
		run_closed(epoll, end_ns);
	while (nidle < connections && now_ns() < end_ns + DRAIN_NS)
		hear_until(epoll, end_ns + DRAIN_NS);
	broken = connections - nidle + (waiting_end - waiting_first);
	report((double)nlatencies / (seconds - 1));
	return (0);
}
