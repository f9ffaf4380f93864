/*
 * maildomain: what stands behind the @ of an email address.
 *
 * A domain that mail can reach: dots in it, letters at its end, no special
 * name. Comes out in lower case, its letters as people write them.
 *
 * Context  any; all memory is the arena's.
 * Source   contract, conventions, section 6, "Email addresses"; RFC 1035,
 *          2.3; RFC 5321, 4.1.3 (literals); RFC 6761, RFC 6762, RFC 7686.
 */
#ifndef HTTP_MAILDOMAIN_H
#define HTTP_MAILDOMAIN_H

#include "http/mailtext.h"
#include "platform/compiler.h"

struct arena;

struct maildomain {
	struct mailtext letters; /* as it is shown and stored */
	struct mailtext ascii;   /* as it is sent to those that know no other */
};

/* maildomain_read(arena, text, domain): NULL, or the reason why ${text} is
 * none. */
const char *maildomain_read(struct arena *arena, struct mailtext text,
    struct maildomain *domain) MUST_CHECK;

#endif
