#include "app/reload.h"

#include <stdint.h>

#include <kore/kore.h>

#include "app/wiring.h"
#include "metrics/metrics.h"
#include "platform/clock.h"
#include "platform/log.h"
#include "platform/settings.h"
#include "platform/tlsmend.h"

#define MSG_READ_AGAIN (KORE_MSG_APP_BASE + 1)

/* How often, and how many times, a worker looks for the renewed pair. */
#define LOOK_EVERY_MS 100
#define LOOKS 50

#define US_PER_S 1000000

/* Every worker asks; one reading a second answers them all. */
static void
read_again(struct kore_msg *msg, const void *data)
{
	static int64_t last_s = -1;
	int64_t now_s = clock_mono_us() / US_PER_S;
	bool read;

	(void)msg;
	(void)data;
	if (now_s == last_s)
		return;
	last_s = now_s;
	read = wiring_read_certificate(settings_get()) == 0;
	metrics_set_chores_config_last_reload_successful(read ? 1 : 0);
	if (!read)
		return;
	metrics_set_chores_config_last_reload_success_timestamp_seconds(
	    (double)(clock_real_us() / US_PER_S));
	log_info("TLS: certificate read again");
}

void
reload_listen(void)
{
	(void)kore_msg_register(MSG_READ_AGAIN, read_again);
}

static void
look(void *seen, u_int64_t now)
{
	static int looks;
	unsigned generation = tlsmend_generation();

	(void)now;
	if (generation != (unsigned)(uintptr_t)seen && generation % 2 == 0) {
		tlsmend_install();
		looks = 0;
		return;
	}
	if (++looks < LOOKS)
		(void)kore_timer_add(
		    look, LOOK_EVERY_MS, seen, KORE_TIMER_ONESHOT);
	else
		looks = 0;
}

void
reload_ask(void)
{
	uintptr_t seen = tlsmend_generation();

	kore_msg_send(KORE_MSG_PARENT, MSG_READ_AGAIN, NULL, 0);
	(void)kore_timer_add(
	    look, LOOK_EVERY_MS, (void *)seen, KORE_TIMER_ONESHOT);
}
