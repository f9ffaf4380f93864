/*
 * newpassword: what is asked of passwords that are chosen.
 *
 * Context  any.
 */
#ifndef API_NEWPASSWORD_H
#define API_NEWPASSWORD_H

#include <stddef.h>

#include "http/problem.h"

/*
 * newpassword_problem(password, length, least, too_short): what is wrong with
 * ${length} bytes of UTF-8, PROBLEM_none if nothing is; ${too_short} where they
 * are fewer than ${least} characters. See password_judge().
 */
enum problem newpassword_problem(
    const char *password, size_t length, size_t least, enum problem too_short);

#endif
