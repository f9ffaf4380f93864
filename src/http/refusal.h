/*
 * refusal: the reasons for which the front door turns something away.
 *
 * Context  any.
 */
#ifndef HTTP_REFUSAL_H
#define HTTP_REFUSAL_H

enum refusal {
	REFUSAL_none,
#define REFUSAL(name, status, text) REFUSAL_##name,
#include "http/refusals.def"
#undef REFUSAL
	REFUSAL_MAX
};

/* refusal_name(r): its word for metrics and logs. */
const char *refusal_name(enum refusal r);

/* refusal_status(r): what the client is answered; 0 if only closed. */
int refusal_status(enum refusal r);

/* refusal_text(r): the answer's detail; needs no escaping in JSON. */
const char *refusal_text(enum refusal r);

#endif
