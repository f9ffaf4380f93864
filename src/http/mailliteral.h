/*
 * mailliteral: [192.0.2.1] and [IPv6:...] behind the @ of an email address.
 *
 * Mail knows them, we don't take them; but what isn't even one is told so.
 *
 * Context  any; all memory is the arena's.
 * Source   RFC 5321, 4.1.3.
 */
#ifndef HTTP_MAILLITERAL_H
#define HTTP_MAILLITERAL_H

#include "http/mailtext.h"

struct arena;

/* mailliteral_refuse(arena, text): the reason against ${text}, what stands
 * between the brackets. */
const char *mailliteral_refuse(struct arena *arena, struct mailtext text);

#endif
