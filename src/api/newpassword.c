#include "api/newpassword.h"

#include "domain/password.h"

enum problem
newpassword_problem(
    const char *password, size_t length, size_t least, enum problem too_short)
{
	switch (password_judge(password, length, least)) {
	case PASSWORD_FAULT_too_short:
		return (too_short);
	case PASSWORD_FAULT_has_nul:
		return (PROBLEM_password_has_nul);
	case PASSWORD_FAULT_too_long:
		return (PROBLEM_password_too_long);
	case PASSWORD_FAULT_none:
		break;
	}
	return (PROBLEM_none);
}
