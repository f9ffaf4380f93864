/*
 * hooks: where Kore calls the application: configuration in the parent,
 * start of a worker, reload.
 */
#include <dlfcn.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <kore/kore.h>
#include <kore/http.h>
#include <kore/hooks.h>

#include "api/gauges.h"
#include "api/pages.h"
#include "app/pulse.h"
#include "app/reload.h"
#include "app/restart.h"
#include "app/signals.h"
#include "app/wiring.h"
#include "db/executor.h"
#include "db/statement.h"
#include "http/account.h"
#include "http/bearer.h"
#include "http/door.h"
#include "http/limit.h"
#include "http/operation.h"
#include "metrics/metrics.h"
#include "platform/compiler.h"
#include "platform/log.h"
#include "platform/settings.h"
#include "platform/soon.h"
#include "platform/tlsmend.h"

FOR_KORE void kore_parent_configure(int, char **);
FOR_KORE void kore_worker_configure(void);
FOR_KORE void kore_worker_teardown(void);
FOR_KORE int app_onload(int);

/* Kore has no way to refuse a configuration from here. */
static _Noreturn void
give_up(void)
{
	exit(1);
}

static void
load_settings(void)
{
	static struct settings settings;
	char error[512];

	if (settings_load(&settings, error, sizeof(error)) == -1) {
		(void)fprintf(stderr, "chores: %s\n", error);
		give_up();
	}
	wiring_complete(&settings);
	settings_set(&settings);
	log_set_level((enum log_level)settings.log_level);
	settings_log(&settings);
}

/*
 * A reload closes and opens the module. Threads run its code and memory of
 * the parent's is found through its statics, so it must never be unmapped.
 */
static void
pin_module(void)
{
	static const char within;
	Dl_info here;

	if (dladdr(&within, &here) == 0 ||
	    dlopen(here.dli_fname, RTLD_NOW | RTLD_NODELETE) == NULL) {
		log_error("cannot pin the module: %s", dlerror());
		give_up();
	}
}

static void
listen_on(const char *server, const char *address, int64_t port)
{
	char text[8];

	(void)snprintf(text, sizeof(text), "%d", (int)port);
	if (kore_server_bind(kore_server_lookup(server), address, text,
		"door_connect") == KORE_RESULT_OK)
		return;
	log_error("cannot listen on %s port %s: another program may have it; "
		  "set %s to a free port",
	    address, text, server[0] == 't' ? "PORT" : "HTTP_PORT");
	give_up();
}

/*
 * Workers would pass on the right to accept, by way of the parent: as long as
 * whose turn it is doesn't run, or the parent, nobody would accept. So Kore is
 * told that there is nothing to pass on, and each takes what comes when it can.
 */
static void
accept_together(void)
{
	nlisteners = 0;
}

static void
open_listeners(const struct settings *settings)
{
	if (settings->port != 0)
		listen_on("tls", settings->bind_address, settings->port);
	if (settings->http_port != 0)
		listen_on("plain", settings->bind_address, settings->http_port);
}

/*
 * A starting worker makes memory for all connections and requests that Kore
 * may ever have, which few families do. It makes more when there is need, so
 * that it may start with a few: the ceilings are lowered until it has started.
 */
#define AT_START_MAX 256

static struct {
	u_int32_t connections;
	u_int32_t requests;
} ceilings;

static void
lower_ceilings(void)
{
	ceilings.connections = worker_max_connections;
	ceilings.requests = http_request_limit;
	if (worker_max_connections > AT_START_MAX)
		worker_max_connections = AT_START_MAX;
	if (http_request_limit > AT_START_MAX)
		http_request_limit = AT_START_MAX;
}

static void
raise_ceilings(void)
{
	worker_max_connections = ceilings.connections;
	http_request_limit = ceilings.requests;
}

/*
 * A thread that is woken waits until the one that runs has done its turn,
 * instead of interrupting it: under load each turn finds more to do, and a
 * request costs fewer changes of thread. What starts the server may choose
 * another policy. sched(7), "SCHED_BATCH".
 */
static void
take_turns(void)
{
	const struct sched_param param = { .sched_priority = 0 };

	if (sched_getscheduler(0) == SCHED_OTHER)
		(void)sched_setscheduler(0, SCHED_BATCH, &param);
}

static pid_t parent;

void
kore_parent_configure(int argc, char **argv)
{
	const struct settings *settings;

	(void)argc;
	(void)argv;
	/* Kore prints to stdout; what waits there would be printed again by
	 * every process that is forked. */
	log_guard_stdout();
	parent = getpid();
	load_settings();
	settings = settings_get();
	pin_module();
	worker_count = (uint8_t)settings->workers;
	operations_load();
	if (wiring_fit_files(settings) == -1 ||
	    executor_check(settings) == -1 || bearer_prepare(settings) == -1 ||
	    wiring_open_metrics(settings) == -1 || limit_open() == -1 ||
	    statements_load() == -1 || wiring_read_certificate(settings) == -1)
		give_up();
	account_name_values();
	pages_open();
	wiring_configure_door(settings);
	reload_listen();
	pulse_listen();
	open_listeners(settings);
	accept_together();
	restart_calmly(settings);
	lower_ceilings();
	take_turns();
	signals_keep();
}

/* A worker whose parent was killed would go on with nobody to start another
 * one, on a port that the next server wants. */
static void
follow_parent(void)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent) /* too late for the signal */
		(void)kill(getpid(), SIGTERM);
}

/* Kore's key manager doesn't notice by itself that its parent is gone. */
static void
take_keymgr_along(void)
{
	pid_t keymgr = kore_worker_data(KORE_WORKER_KEYMGR_IDX)->pid;

	/* Other than above 0 is nobody: kill() would take it for many. */
	if (getppid() != parent && keymgr > 0)
		(void)kill(keymgr, SIGTERM);
}

void
kore_worker_configure(void)
{
	const struct settings *settings = settings_get();
	size_t slot = wiring_slot(settings, worker->id);
	char name[32];

	follow_parent();
	signals_resume();
	raise_ceilings();
	(void)snprintf(name, sizeof(name), "worker=%d", worker->id);
	log_set_process(name);
	metrics_attach(slot);
	tlsmend_install();
	soon_start();
	door_start();
	if (executor_start(settings, slot + 1) == -1)
		give_up();
	gauges_start(worker->id == 1);
	pulse_start();
}

/* SIGHUP: certificates are read again; code stays, since threads run it. */
int
app_onload(int action)
{
	if (action != KORE_MODULE_UNLOAD)
		return (KORE_RESULT_OK);
	reload_ask();
	return (KORE_RESULT_ERROR);
}

/*
 * The lanes' threads run until the process ends. exit() would have OpenSSL
 * clean up under the feet of one that is connecting, so this leaves at once.
 * Kore would tell the parent to stop the server, too. But who stops it tells
 * the parent; a worker that alone was told to leave is to be replaced, which
 * its status asks for.
 */
void
kore_worker_teardown(void)
{
	take_keymgr_along();
	(void)fflush(NULL);
	_exit(EXIT_FAILURE);
}
