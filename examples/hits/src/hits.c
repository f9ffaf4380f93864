/*
 * hits: the least that an application of Kore needs to count with src/metrics:
 * GET /hit/drum counts a hit, GET /metrics tells how many there were.
 */
#include <string.h>
#include <time.h>

#include <kore/kore.h>
#include <kore/http.h>
#include <kore/seccomp.h>

#include "metrics/metrics.h"

#define FOR_KORE __attribute__((visibility("default")))
#define NS_PER_S 1e9

FOR_KORE void kore_parent_configure(int, char **);
FOR_KORE void kore_worker_configure(void);
FOR_KORE void kore_seccomp_hook(void);
FOR_KORE int hit(struct http_request *);
FOR_KORE int scrape(struct http_request *);

/* What the process_* families and large scrapes ask of the system. */
KORE_SECCOMP_FILTER("hits", KORE_SYSCALL_ALLOW(getdents64),
    KORE_SYSCALL_ALLOW(mremap), KORE_SYSCALL_ALLOW(newfstatat),
    KORE_SYSCALL_ALLOW(prlimit64));

/* Before the fork: one writer a worker, and slot 0 for the parent. */
void
kore_parent_configure(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	if (metrics_open(1 + (size_t)worker_count) == -1 ||
	    metrics_process_open() == -1)
		fatal("metrics: %s", errno_s);
}

/* Kore numbers its workers from 1, also those that it starts again. */
void
kore_worker_configure(void)
{
	metrics_attach(worker->id);
	metrics_process_sample();
	metrics_hold_hits_workers(1);
}

static double
now_s(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return ((double)now.tv_sec + (double)now.tv_nsec / NS_PER_S);
}

int
hit(struct http_request *req)
{
	const char *name = req->path + strlen("/hit/");
	enum metrics_target target = metrics_find_target(name);
	struct metrics_exemplar exemplar = { .request_id = name };
	double began_s = now_s();

	metrics_inc_hits_total(target);
	metrics_observe_hit_force_grams(target, (double)strlen(name));
	http_response(req, HTTP_STATUS_OK, "hit\n", strlen("hit\n"));
	metrics_observe_hit_duration_seconds(now_s() - began_s, &exemplar);
	return (KORE_RESULT_OK);
}

int
scrape(struct http_request *req)
{
	static struct metrics_page page; /* kept from one scrape to the next */
	enum metrics_format format;
	const char *accept = NULL;

	(void)http_request_header(req, "accept", &accept);
	format = metrics_negotiate(accept);
	metrics_render(&page, format);
	http_response_header(req, "content-type", metrics_content_type(format));
	http_response_header(req, "vary", "Accept");
	http_response(req, HTTP_STATUS_OK, page.data, page.length);
	return (KORE_RESULT_OK);
}
