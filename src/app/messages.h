/* messages: what workers tell Kore's parent; one number each. */
#ifndef APP_MESSAGES_H
#define APP_MESSAGES_H

#include <kore/kore.h>

enum {
	MSG_READ_AGAIN = KORE_MSG_APP_BASE, /* reload.c: certificates */
	MSG_SAMPLE                          /* pulse.c */
};

#endif
