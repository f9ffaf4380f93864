#include "app/reload.h"

#include <kore/kore.h>

#include "app/messages.h"
#include "app/wiring.h"
#include "platform/log.h"
#include "platform/settings.h"

/* Every worker asks, and each is answered: the files may have changed between
 * two signals, however soon one follows the other. */
static void
read_again(struct kore_msg *msg, const void *data)
{
	(void)msg;
	(void)data;
	if (wiring_read_certificate(settings_get()) == 1)
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
