/*
 * restart: Kore starts a worker again as soon as one has died. One that dies
 * as it starts (no memory, no threads) would be started a thousand times a
 * second, with a few lines in the log each.
 */
#ifndef APP_RESTART_H
#define APP_RESTART_H

struct settings;

/*
 * restart_calmly(settings): let a few processes start at once, as many as
 * there are workers, and any more a second apart. Context parent, before the
 * workers are forked.
 */
void restart_calmly(const struct settings *settings);

#endif
