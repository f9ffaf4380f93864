/*
 * wiring: how the settings become workers, slots and limits.
 *
 * Context  parent, but for wiring_slot().
 */
#ifndef APP_WIRING_H
#define APP_WIRING_H

#include <stddef.h>
#include <stdint.h>

#include "platform/compiler.h"

struct settings;

/*
 * wiring_fit_files(settings): as many connections as a worker may have files
 * open, where that is less than the configuration asks for.
 *
 * Returns  0, or -1 (logged) if it is too few to work at all.
 */
int wiring_fit_files(const struct settings *settings) MUST_CHECK;

/* wiring_complete(settings): fill in what depends on the machine: workers, as
 * many as CPUs, and their connections for writes. */
void wiring_complete(struct settings *settings);

/*
 * wiring_slot(settings, worker): the metrics' slot of the ${worker}th worker,
 * counting from 1; its executors have the slots behind it. Slot 0 is the
 * parent's. Context any.
 */
size_t wiring_slot(const struct settings *settings, uint16_t worker);

/* wiring_open_metrics(settings): 0, or -1 (logged). */
int wiring_open_metrics(const struct settings *settings) MUST_CHECK;

/* wiring_read_certificate(settings): what tlsmend_read() says; 0 without TLS.
 * Context parent. */
int wiring_read_certificate(const struct settings *settings) MUST_CHECK;

void wiring_configure_door(const struct settings *settings);

#endif
