/*
 * pulse: what workers measure of themselves every two seconds, and have the
 * parent measure less often.
 */
#ifndef APP_PULSE_H
#define APP_PULSE_H

/* pulse_listen(): do what the workers ask. Context parent, before the workers
 * are forked. */
void pulse_listen(void);

/* pulse_start(): from now on; counts a worker that took a dead one's place.
 * Context worker. */
void pulse_start(void);

#endif
