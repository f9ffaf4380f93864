#include "app/wiring.h"

#include <sys/resource.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <kore/kore.h>

#include "api/version.h"
#include "db/executor.h"
#include "http/door.h"
#include "metrics/distinct.h"
#include "metrics/metrics.h"
#include "platform/clock.h"
#include "platform/log.h"
#include "platform/settings.h"
#include "platform/tlsmend.h"

#define MS_PER_S 1000
#define US_PER_S 1e6

#define WORKERS_MOST 128
#define WRITERS_IN_ALL 32
#define WRITERS_LEAST 2

#define FILES_AT_START 24
#define FILES_SPARE 24
#define CONNECTIONS_LEAST 16

/* The build may say which commit it is of. */
#ifndef BUILD_REVISION
#define BUILD_REVISION "unknown"
#endif

static int64_t
usual_workers(void)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	if (cpus < 1)
		return (1);
	return (cpus > WORKERS_MOST ? WORKERS_MOST : cpus);
}

/* PostgreSQL commits the writes of many connections with one wait for the
 * disk: so many of them, however many workers share them. */
static int64_t
usual_write_executors(int64_t workers)
{
	int64_t share = WRITERS_IN_ALL / workers;

	return (share < WRITERS_LEAST ? WRITERS_LEAST : share);
}

void
wiring_complete(struct settings *settings)
{
	if (settings->workers == 0)
		settings->workers = usual_workers();
	if (settings->db_write_executors == 0)
		settings->db_write_executors =
		    usual_write_executors(settings->workers);
}

/* Files that are open when a worker begins; a pair of sockets a worker too. */
static rlim_t
files_inherited(const struct settings *settings)
{
	return (FILES_AT_START + 2 * (rlim_t)settings->workers);
}

/* Those, and what a worker opens besides connections of clients: a pair of
 * sockets a thread, sessions, and what libraries open for a while. */
static rlim_t
files_besides(const struct settings *settings)
{
	return (files_inherited(settings) + FILES_SPARE +
		2 * (rlim_t)executor_count(settings) +
		(rlim_t)(settings->db_executors + settings->db_write_executors +
			 settings->db_report_executors));
}

/* Kore would accept more than it has files for, and try again for ever. */
int
wiring_fit_files(const struct settings *settings)
{
	rlim_t besides = files_besides(settings);
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == -1 ||
	    files.rlim_max == RLIM_INFINITY ||
	    files.rlim_max >= worker_rlimit_nofiles + besides)
		return (0);
	if (files.rlim_max < besides + CONNECTIONS_LEAST) {
		log_error("%d files may be open, %d are needed at least: "
			  "ulimit -n",
		    (int)files.rlim_max, (int)(besides + CONNECTIONS_LEAST));
		return (-1);
	}
	worker_rlimit_nofiles =
	    (u_int32_t)(files.rlim_max - files_inherited(settings));
	if (files.rlim_max - besides < worker_max_connections) {
		worker_max_connections = (u_int32_t)(files.rlim_max - besides);
		log_warning("%u connections a worker at most: %d files may be "
			    "open (ulimit -n)",
		    worker_max_connections, (int)files.rlim_max);
	}
	return (0);
}

/* A worker's own slot and one for each of its executors. */
static int
slots_a_worker(const struct settings *settings)
{
	return (1 + executor_count(settings));
}

size_t
wiring_slot(const struct settings *settings, uint16_t worker)
{
	return (1 + (size_t)(worker - 1) * (size_t)slots_a_worker(settings));
}

int
wiring_open_metrics(const struct settings *settings)
{
	int nslots = 1 + (int)settings->workers * slots_a_worker(settings);

	metrics_enable(settings->enable_metrics);
	if (!settings->enable_metrics)
		return (0);
	metrics_expose_created(settings->metrics_created);
	if (metrics_open((size_t)nslots) == -1 ||
	    distinct_open((unsigned)settings->active_users_window_s) == -1) {
		log_error("metrics: no memory: %s", strerror(errno));
		return (-1);
	}
	/* Without /proc only the process_* families are missing. */
	if (metrics_process_open() == -1)
		log_warning("metrics: /proc: %s", strerror(errno));
	metrics_process_sample();
	metrics_set_chores_db_up(0); /* until somebody is connected */
	metrics_describe_chores_build_info(
	    kore_version, BUILD_REVISION, API_VERSION);
	return (0);
}

int
wiring_read_certificate(const struct settings *settings)
{
	int status = 0;

	if (settings->port != 0) /* there is a TLS listener */
		status = tlsmend_read(
		    settings->tls_cert_file, settings->tls_key_file);
	if (status == 1)
		metrics_set_chores_tls_certificate_expiry_timestamp_seconds(
		    (double)tlsmend_not_after());
	metrics_set_chores_config_last_reload_successful(status == -1 ? 0 : 1);
	if (status != -1)
		metrics_set_chores_config_last_reload_success_timestamp_seconds(
		    (double)clock_real_us() / US_PER_S);
	return (status);
}

void
wiring_configure_door(const struct settings *settings)
{
	struct door_limits limits = DOOR_LIMITS_DEFAULT;

	limits.line_bytes = (size_t)settings->http_line_bytes;
	limits.header_bytes = (size_t)settings->http_header_bytes;
	limits.nheaders = (size_t)settings->http_header_count;
	limits.body_bytes = (size_t)settings->http_body_bytes;
	limits.header_timeout_ms = settings->http_header_timeout_s * MS_PER_S;
	limits.body_timeout_ms = settings->http_body_timeout_s * MS_PER_S;
	limits.idle_timeout_ms = settings->http_idle_timeout_s * MS_PER_S;
	limits.request_timeout_ms = settings->http_request_timeout_s * MS_PER_S;
	limits.connections = (size_t)settings->http_connections;
	limits.connections_per_address =
	    (size_t)settings->http_connections_per_address;
	limits.held_bytes = (size_t)settings->http_held_bytes;
	door_configure(&limits);
}
