#include "api/pages.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "api/endpoints.h"
#include "api/openapi.h"
#include "domain/dates.h"
#include "http/call.h"
#include "platform/clock.h"
#include "platform/settings.h"

#define TYPE_HTML "text/html; charset=utf-8"
#define TYPE_TEXT "text/plain; charset=utf-8"

/* RFC 9116, 2.5.5: less than a year. */
#define SECURITY_DAYS 364

/* Made by kodev from assets/web/. */
extern const uint8_t asset_docs_html[];
extern const uint32_t asset_len_docs_html;
extern const uint8_t asset_oauth2_html[];
extern const uint32_t asset_len_oauth2_html;

#define SCRIPT_HASH_SIZE 64

/* Written in the parent, before the fork: all workers say the same. */
static int64_t security_expires_us;

void
pages_open(void)
{
	int64_t today = dates_day(dates_from_unix_us(clock_real_us()));

	security_expires_us = dates_day_start(today + SECURITY_DAYS);
}

/*
 * The page's one script, named by its hash, may run; nothing else may, and
 * nothing is loaded from elsewhere. Source: CSP Level 3, "script-src".
 */
static void
script_hash(const char *page, char out[SCRIPT_HASH_SIZE])
{
	const char *start = strstr(page, "<script>");
	const char *end = strstr(page, "</script>");
	unsigned char digest[SHA256_DIGEST_LENGTH];

	out[0] = '\0';
	if (start == NULL || end == NULL)
		return;
	start += strlen("<script>");
	(void)SHA256(
	    (const unsigned char *)start, (size_t)(end - start), digest);
	(void)EVP_EncodeBlock((unsigned char *)out, digest, sizeof(digest));
}

static int
answer_page(struct call *call, const uint8_t *page, uint32_t length)
{
	char hash[SCRIPT_HASH_SIZE], policy[256];

	script_hash((const char *)page, hash);
	(void)snprintf(policy, sizeof(policy),
	    "default-src 'none'; connect-src 'self'; style-src "
	    "'unsafe-inline'; form-action 'none'; base-uri 'none'; "
	    "frame-ancestors 'none'%s%s%s",
	    hash[0] == '\0' ? "" : "; script-src 'sha256-", hash,
	    hash[0] == '\0' ? "" : "'");
	call_header(call, "content-security-policy", policy);
	buffer_append(call_body(call), page, length);
	return (call_answer_as(call, 200, TYPE_HTML));
}

int
pages_docs(struct call *call)
{
	return (answer_page(call, asset_docs_html, asset_len_docs_html));
}

int
pages_redoc(struct call *call)
{
	return (answer_page(call, asset_docs_html, asset_len_docs_html));
}

int
pages_oauth2(struct call *call)
{
	return (answer_page(call, asset_oauth2_html, asset_len_oauth2_html));
}

int
pages_docs_redirect(struct call *call)
{
	call_header(call, "location", "/docs");
	return (call_answer_as(call, 307, NULL));
}

int
pages_redoc_redirect(struct call *call)
{
	call_header(call, "location", "/redoc");
	return (call_answer_as(call, 307, NULL));
}

int
pages_openapi(struct call *call)
{
	openapi_put(call_body(call));
	return (call_answer(call, 200));
}

/* Source: RFC 9116. Where nobody is named there is no such page. */
int
pages_security(struct call *call)
{
	const char *contact = settings_get()->security_contact;
	struct buffer *body = call_body(call);

	if (*contact == '\0')
		return (call_refuse(call, PROBLEM_not_found));
	buffer_printf(body, "Contact: %s\nExpires: ", contact);
	dates_put_z(body, security_expires_us);
	buffer_putc(body, '\n');
	return (call_answer_as(call, 200, TYPE_TEXT));
}
