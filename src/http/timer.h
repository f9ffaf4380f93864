/*
 * timer: something to be done later, on the worker's event loop.
 *
 * Context  worker.
 */
#ifndef HTTP_TIMER_H
#define HTTP_TIMER_H

#include <stdint.h>

/* timer_once(run, in_ms): call ${run} once, in ${in_ms} milliseconds. */
void timer_once(void (*run)(void), uint64_t in_ms);

/* timer_every(run, ms): call ${run} every ${ms} milliseconds. */
void timer_every(void (*run)(void), uint64_t ms);

#endif
