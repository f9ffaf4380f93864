/*
 * problem: the errors that the API answers, each with its status and text.
 *
 * The texts are part of the wire contract: {"detail":"<text>"}. SQL names a
 * problem by its name in a first column `problem`.
 *
 * Context  any.
 */
#ifndef HTTP_PROBLEM_H
#define HTTP_PROBLEM_H

#include <stddef.h>

enum problem {
	PROBLEM_none,
#define PROBLEM(name, status, text) PROBLEM_##name,
#include "http/problems.def"
#undef PROBLEM
	PROBLEM_MAX
};

int problem_status(enum problem problem);

/* The text; for a few problems it is a printf format. */
const char *problem_text(enum problem problem);

/* problem_find(name): by its name, PROBLEM_internal if there is none such. */
enum problem problem_find(const char *name);

#endif
