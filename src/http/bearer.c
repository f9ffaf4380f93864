#include "http/bearer.h"

#include <string.h>
#include <strings.h>

#include "domain/jwt.h"
#include "http/request.h"
#include "platform/clock.h"
#include "platform/settings.h"

#define US_PER_S 1000000
#define S_PER_MINUTE 60
#define SCHEME "Bearer"
#define SCHEME_LENGTH (sizeof(SCHEME) - 1)

/* This process's; inherited by the workers, each its own after the fork. */
static struct jwt_key key;

int
bearer_prepare(const struct settings *settings)
{
	return (jwt_key_init(
	    &key, settings->secret_key, strlen(settings->secret_key)));
}

static int64_t
now_s(void)
{
	return (clock_real_us() / US_PER_S);
}

/* The token behind the scheme, blanks around it dropped; NULL if there is no
 * Bearer. Only a space separates, and the letters' case is free. */
static const char *
find_token(const char *header, size_t *length)
{
	const char *token;

	if (strncasecmp(header, SCHEME, SCHEME_LENGTH) != 0 ||
	    (header[SCHEME_LENGTH] != ' ' && header[SCHEME_LENGTH] != '\0'))
		return (NULL);
	token = header + SCHEME_LENGTH;
	token += strspn(token, " ");
	*length = strlen(token);
	while (*length > 0 && token[*length - 1] == ' ')
		(*length)--;
	return (token);
}

enum problem
bearer_check(const struct request *request, int64_t *user_id)
{
	const char *header = request_header(request, "authorization");
	const char *token;
	size_t length;

	if (header == NULL || (token = find_token(header, &length)) == NULL)
		return (PROBLEM_not_authenticated);
	if (jwt_verify(&key, token, length, now_s(), user_id) == -1)
		return (PROBLEM_invalid_credentials);
	return (PROBLEM_none);
}

int64_t
bearer_check_exact(const struct request *request)
{
	const char *header = request_header(request, "authorization");
	int64_t user_id;

	if (header == NULL ||
	    strncmp(header, SCHEME " ", SCHEME_LENGTH + 1) != 0 ||
	    jwt_verify(&key, header + SCHEME_LENGTH + 1,
		strlen(header + SCHEME_LENGTH + 1), now_s(), &user_id) == -1)
		return (0);
	return (user_id);
}

size_t
bearer_issue(int64_t user_id, char *text)
{
	int64_t expires_s =
	    now_s() +
	    settings_get()->access_token_expire_minutes * S_PER_MINUTE;

	return (jwt_sign(&key, user_id, expires_s, text));
}
