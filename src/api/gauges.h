/*
 * gauges: the metrics that only the database knows, refreshed in the
 * background, so that a scrape reads memory alone.
 *
 * Context  worker.
 */
#ifndef API_GAUGES_H
#define API_GAUGES_H

#include <stdbool.h>

/*
 * gauges_start(periodic): ${periodic} for one worker, which refreshes them
 * every GAUGE_REFRESH_S seconds.
 */
void gauges_start(bool periodic);

/*
 * gauges_changed(): something that they count has changed. Changes within a
 * short while cost one query together.
 */
void gauges_changed(void);

#endif
