/*
 * pulse: what a worker measures of itself, once a second.
 *
 * Context  worker.
 */
#ifndef APP_PULSE_H
#define APP_PULSE_H

/* pulse_start(): from now on; counts a worker that took a dead one's place. */
void pulse_start(void);

#endif
