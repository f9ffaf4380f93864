#include "http/mailliteral.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "platform/arena.h"

#define TAG "IPv6:"
#define TAG_LENGTH (sizeof(TAG) - 1)

#define OCTETS 4
#define OCTET_MAX 255

#define NOT_ALLOWED \
	"A bracketed IP address after the @-sign is not allowed here."

/* ${wrong} of one octet of an address, or NULL. */
static const char *
check_octet(struct arena *arena, const char *octet)
{
	if (octet[0] == '\0')
		return ("Empty octet not permitted");
	if (strlen(octet) > 3)
		return (arena_printf(
		    arena, "At most 3 characters permitted in '%s'", octet));
	if (octet[0] == '0' && octet[1] != '\0')
		return (arena_printf(
		    arena, "Leading zeros are not permitted in '%s'", octet));
	if (strtol(octet, NULL, 10) > OCTET_MAX)
		return (arena_printf(
		    arena, "Octet %s (> 255) not permitted", octet));
	return (NULL);
}

/* Digits and dots, as the original's address parser judges them. */
static const char *
check_ipv4(struct arena *arena, const char *text)
{
	const char *wrong = NULL, *end, *at;
	size_t ndots = 0;

	for (at = text; *at != '\0'; at++)
		ndots += *at == '.';
	if (ndots != OCTETS - 1)
		return (arena_printf(arena, "Expected 4 octets in '%s'", text));
	for (at = text; wrong == NULL; at = end + 1) {
		end = at + strcspn(at, ".");
		wrong = check_octet(
		    arena, arena_copy(arena, at, (size_t)(end - at)));
		if (*end == '\0')
			break;
	}
	if (wrong != NULL)
		return (arena_printf(arena, "%s in '%s'", wrong, text));
	return (NULL);
}

static const char *
refuse_ipv4(struct arena *arena, const char *text)
{
	const char *wrong = check_ipv4(arena, text);

	if (wrong == NULL)
		return (NOT_ALLOWED);
	return (arena_printf(arena,
	    "The address in brackets after the @-sign is not valid: It is not "
	    "an IPv4 address (%s) or is missing an address literal tag.",
	    wrong));
}

/* What the original says first; its other words come down to the last. */
static const char *
explain_ipv6(struct arena *arena, const char *text)
{
	const char *colon = strchr(text, ':');

	if (text[0] == '\0')
		return ("Address cannot be empty");
	if (colon == NULL || strchr(colon + 1, ':') == NULL)
		return (arena_printf(
		    arena, "At least 3 parts expected in '%s'", text));
	return (arena_printf(arena, "Invalid IPv6 address: \"'%s'\"", text));
}

static const char *
refuse_ipv6(struct arena *arena, const char *text)
{
	struct in6_addr address;
	size_t length = strcspn(text, "%");
	bool is_right =
	    inet_pton(AF_INET6, arena_copy(arena, text, length), &address) == 1;

	if (is_right && text[length] == '\0')
		return (NOT_ALLOWED);
	if (is_right)
		return ("The IPv6 address in brackets after the @-sign is not "
			"valid (It has a zone index).");
	return (arena_printf(arena,
	    "The IPv6 address in brackets after the @-sign is not valid (%s).",
	    explain_ipv6(arena, text)));
}

static bool
is_literal_character(uint32_t c)
{
	return (c >= 0x21 && c <= 0xfa);
}

const char *
mailliteral_refuse(struct arena *arena, struct mailtext text)
{
	const char *copy = arena_copy(arena, text.data, text.length), *wrong;

	if (text.length > 0 && strspn(copy, "0123456789.") == text.length)
		return (refuse_ipv4(arena, copy));
	if (text.length >= TAG_LENGTH &&
	    strncasecmp(copy, TAG, TAG_LENGTH) == 0)
		return (refuse_ipv6(arena, copy + TAG_LENGTH));
	if (!mailtext_contains(text, ":"))
		return ("The part after the @-sign in brackets is not an IPv4 "
			"address and has no address literal tag.");
	wrong = mailtext_refuse(arena,
	    "The part after the @-sign contains invalid characters in "
	    "brackets:",
	    text, is_literal_character);
	if (wrong != NULL)
		return (wrong);
	return ("The part after the @-sign contains an invalid address literal "
		"tag in brackets.");
}
