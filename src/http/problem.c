#include "http/problem.h"

#include <inttypes.h>
#include <string.h>

#include "platform/compiler.h"

static const struct problem_info {
	int status;
	const char *name;
	const char *text;
} problems[] = {
	[PROBLEM_none] = { 200, "none", "" },
#define PROBLEM(name, status, text) [PROBLEM_##name] = { status, #name, text },
#include "http/problems.def"
#undef PROBLEM
};

int
problem_status(enum problem problem)
{
	return (problems[problem].status);
}

const char *
problem_text(enum problem problem)
{
	return (problems[problem].text);
}

enum problem
problem_find(const char *name)
{
	size_t i;

	for (i = 1; i < COUNT_OF(problems); i++)
		if (strcmp(problems[i].name, name) == 0)
			return ((enum problem)i);
	return (PROBLEM_internal);
}
