#include "http/refusal.h"

static const struct {
	const char *name;
	int status;
	const char *text;
} refusals[REFUSAL_MAX] = {
	[REFUSAL_none] = { "none", 0, "" },
#define REFUSAL(name, status, text) [REFUSAL_##name] = { #name, status, text },
#include "http/refusals.def"
#undef REFUSAL
};

const char *
refusal_name(enum refusal r)
{
	return (refusals[r].name);
}

int
refusal_status(enum refusal r)
{
	return (refusals[r].status);
}

const char *
refusal_text(enum refusal r)
{
	return (refusals[r].text);
}
