/*
 * email: addresses as people type them, checked and brought into one form.
 *
 * The rules and their texts are the original's: RFC 5321 and 6531 without
 * quoted local parts and address literals, for addresses that mail can reach.
 * The domain comes out in lower case (Punycode decoded), the local part as it
 * is, except for the few that RFC 2142 makes everybody's.
 *
 * Context  any; all memory is the arena's.
 * Source   contract, conventions, section 6, "Email addresses".
 */
#ifndef HTTP_EMAIL_H
#define HTTP_EMAIL_H

#include <stddef.h>

#include "platform/compiler.h"

struct arena;

struct email {
	const char *text;   /* normalised, NUL-terminated */
	const char *reason; /* why it is none */
};

/*
 * email_read(arena, text, length, email): of `addr` or `Some One <addr>`, in
 * text that is utf8_valid(). Returns 0, or -1 with email->reason.
 */
int email_read(struct arena *arena, const char *text, size_t length,
    struct email *email) MUST_CHECK;

#endif
