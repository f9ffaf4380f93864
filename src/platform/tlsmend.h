/*
 * tlsmend: TLS for Debian's Kore 4.1.0, whose key manager's methods never
 * take effect on the keys of OpenSSL 3, so that every handshake fails.
 *
 * The parent reads certificate and key before privileges are dropped; the
 * workers inherit both and put the key into their own TLS context when the
 * key manager announces the certificate. The key then lives in the workers,
 * as in nginx. Kore 4.2 and later need no mending: there, what is left of this
 * is the profile below, the tickets and the renewal.
 *
 * Profile: Mozilla, "Server Side TLS", intermediate: TLS 1.2 with ECDHE and
 * AEAD, and TLS 1.3. Sessions are resumed by tickets alone, whose keys all
 * workers share and the parent renews.
 */
#ifndef PLATFORM_TLSMEND_H
#define PLATFORM_TLSMEND_H

#include <stdint.h>

#include "platform/compiler.h"

/*
 * tlsmend_read(cert_file, key_file): read and check the pair (PEM), and keep
 * it where every worker finds it.
 *
 * Context  parent.
 * Returns  1 if it is another than before, 0 if it is the same, or -1 (logged)
 *          with what was there before kept.
 */
int tlsmend_read(const char *cert_file, const char *key_file) MUST_CHECK;

/* tlsmend_install(): take the pair into use, at once and whenever the key
 * manager sends the certificate again. Context worker, from
 * kore_worker_configure. */
void tlsmend_install(void);

/* tlsmend_follow(): take the pair into use if the parent has read another
 * since. Connections go on with what they began with. Costs a load if nothing
 * has changed. Context worker. */
void tlsmend_follow(void);

/* tlsmend_rotate(): new keys for tickets, if the present ones are twelve hours
 * old; tickets under those are then worth nothing. Context parent. */
void tlsmend_rotate(void);

/* tlsmend_not_after(): when the certificate in use expires, in Unix seconds;
 * 0 if there is none. Context any. */
int64_t tlsmend_not_after(void);

#endif
