#include "app/reload.h"

#include <kore/kore.h>

#include "app/wiring.h"
#include "metrics/metrics.h"
#include "platform/clock.h"
#include "platform/log.h"
#include "platform/settings.h"

#define MSG_READ_AGAIN (KORE_MSG_APP_BASE + 1)

#define US_PER_S 1e6

/* Every worker asks, and each is answered: the files may have changed between
 * two signals, however soon one follows the other. */
static void
read_again(struct kore_msg *msg, const void *data)
{
	int status = wiring_read_certificate(settings_get());

	(void)msg;
	(void)data;
	metrics_set_chores_config_last_reload_successful(status == -1 ? 0 : 1);
	if (status == -1)
		return;
	metrics_set_chores_config_last_reload_success_timestamp_seconds(
	    (double)clock_real_us() / US_PER_S);
	if (status == 1)
		log_info("TLS: certificate renewed");
}

void
reload_listen(void)
{
	(void)kore_msg_register(MSG_READ_AGAIN, read_again);
}

void
reload_ask(void)
{
	kore_msg_send(KORE_MSG_PARENT, MSG_READ_AGAIN, NULL, 0);
}
