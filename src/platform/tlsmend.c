#include "platform/tlsmend.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include <kore/kore.h>

#include <openssl/asn1.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include "platform/clock.h"
#include "platform/log.h"

#define PEM_MAX_BYTES 65536
#define SECONDS_A_DAY 86400

/* OpenSSL's: a name, and a key each for its MAC and its cipher. */
#define TICKET_KEYS_BYTES 80

/* Whoever steals a key can read what was said under it: not for longer. */
#define TICKET_KEYS_LIFE_US (INT64_C(12) * 3600 * 1000000)

/* Mozilla's intermediate list for TLS 1.2, without its DHE suites. */
#define CIPHERS_TLS12                                                \
	"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:" \
	"ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:" \
	"ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"

/* In memory that the parent shares: a worker that is born later finds it. */
struct pair {
	_Atomic unsigned generation; /* odd while the parent writes */
	size_t cert_length, key_length;
	int64_t not_after;
	int64_t tickets_since_mono_us;
	unsigned char tickets[TICKET_KEYS_BYTES];
	char cert[PEM_MAX_BYTES], key[PEM_MAX_BYTES];
};

static struct pair *pair;

static int
read_file(const char *path, char *out, size_t *length)
{
	FILE *file = fopen(path, "re");
	int status = -1;

	if (file == NULL) {
		log_error("TLS: %s: %s", path, strerror(errno));
		return (-1);
	}
	*length = fread(out, 1, PEM_MAX_BYTES, file);
	if (ferror(file) || *length == PEM_MAX_BYTES)
		log_error(
		    "TLS: %s: cannot be read, or has 64 KiB or more", path);
	else
		status = 0;
	(void)fclose(file);
	return (status);
}

static X509 *
parse_certificate(const struct pair *p)
{
	BIO *bio = BIO_new_mem_buf(p->cert, (int)p->cert_length);
	X509 *x509 = PEM_read_bio_X509(bio, NULL, NULL, NULL);

	BIO_free(bio);
	return (x509);
}

/* OpenSSL would ask whoever sits at the terminal, and wait. */
static int
no_passphrase(
    char *text UNUSED, int room UNUSED, int writes UNUSED, void *unused UNUSED)
{
	return (-1);
}

static EVP_PKEY *
parse_key(const struct pair *p)
{
	BIO *bio = BIO_new_mem_buf(p->key, (int)p->key_length);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);

	BIO_free(bio);
	return (key);
}

static int64_t
expiry(const X509 *x509)
{
	ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
	int days = 0, seconds = 0;

	(void)ASN1_TIME_diff(&days, &seconds, epoch, X509_get0_notAfter(x509));
	ASN1_TIME_free(epoch);
	return ((int64_t)days * SECONDS_A_DAY + seconds);
}

static int
use_key(SSL_CTX *ctx, const struct pair *p)
{
	EVP_PKEY *key = parse_key(p);
	int status = 0;

	if (key == NULL || SSL_CTX_use_PrivateKey(ctx, key) != 1) {
		log_error(
		    "TLS: the private key cannot be used: %s", ssl_errno_s);
		status = -1;
	}
	EVP_PKEY_free(key);
	return (status);
}

/*
 * As the workers will take it into use. Kore ends all of the server over a
 * kind of key that it doesn't know, and goes on without TLS over a key that is
 * too short, or a broken certificate further down the chain.
 */
static int
try_out(const struct pair *p, const X509 *x509)
{
	static char name[] = "a certificate on trial";
	struct kore_domain trial = { .domain = name };
	int kind = EVP_PKEY_get_id(X509_get0_pubkey(x509)), status = -1;

	if (kind != EVP_PKEY_RSA && kind != EVP_PKEY_EC)
		return (-1);
	kore_domain_tlsinit(
	    &trial, KORE_PEM_CERT_CHAIN, p->cert, p->cert_length);
	if (trial.ssl_ctx != NULL)
		status = use_key(trial.ssl_ctx, p);
	SSL_CTX_free(trial.ssl_ctx);
	return (status);
}

/* The key opens what the certificate promises. */
static int
check(struct pair *p, const char *cert_file, const char *key_file)
{
	X509 *x509 = parse_certificate(p);
	EVP_PKEY *key = parse_key(p);
	int status = -1;

	if (x509 == NULL)
		log_error("TLS: %s: no certificate in PEM form", cert_file);
	else if (key == NULL)
		log_error("TLS: %s: no private key in PEM form without a "
			  "passphrase",
		    key_file);
	else if (X509_check_private_key(x509, key) != 1)
		log_error("TLS: %s does not belong to %s", key_file, cert_file);
	else if (try_out(p, x509) == -1)
		log_error("TLS: %s cannot be used: its key must be RSA or "
			  "ECDSA and long enough, and the chain whole",
		    cert_file);
	else {
		p->not_after = expiry(x509);
		status = 0;
	}
	ERR_clear_error();
	X509_free(x509);
	EVP_PKEY_free(key);
	return (status);
}

static struct pair *
shared_pair(void)
{
	void *memory;

	memory = mmap(NULL, sizeof(struct pair), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED) {
		log_error("TLS: mmap: %s", strerror(errno));
		return (NULL);
	}
	return (memory);
}

static bool
is_known(const struct pair *fresh)
{
	return (pair->generation > 0 &&
		pair->cert_length == fresh->cert_length &&
		pair->key_length == fresh->key_length &&
		memcmp(pair->cert, fresh->cert, fresh->cert_length) == 0 &&
		CRYPTO_memcmp(pair->key, fresh->key, fresh->key_length) == 0);
}

static void
make_tickets(void)
{
	if (RAND_bytes(pair->tickets, TICKET_KEYS_BYTES) != 1)
		log_error("TLS: OpenSSL has no random bytes");
	pair->tickets_since_mono_us = clock_mono_us();
}

void
tlsmend_rotate(void)
{
	if (pair == NULL || pair->generation == 0 ||
	    clock_mono_us() - pair->tickets_since_mono_us < TICKET_KEYS_LIFE_US)
		return;
	pair->generation++;
	make_tickets();
	pair->generation++;
}

/* Workers read while this writes: they look at the generation. */
static void
publish(const struct pair *fresh)
{
	pair->generation++;
	if (pair->tickets_since_mono_us == 0)
		make_tickets();
	pair->cert_length = fresh->cert_length;
	pair->key_length = fresh->key_length;
	pair->not_after = fresh->not_after;
	memcpy(pair->cert, fresh->cert, fresh->cert_length);
	memcpy(pair->key, fresh->key, fresh->key_length);
	pair->generation++;
}

int
tlsmend_read(const char *cert_file, const char *key_file)
{
	static struct pair fresh;
	int status = -1;

	if (pair == NULL && (pair = shared_pair()) == NULL)
		return (-1);
	if (read_file(cert_file, fresh.cert, &fresh.cert_length) == 0 &&
	    read_file(key_file, fresh.key, &fresh.key_length) == 0 &&
	    check(&fresh, cert_file, key_file) == 0) {
		status = is_known(&fresh) ? 0 : 1;
		if (status == 1)
			publish(&fresh);
	}
	OPENSSL_cleanse(&fresh, sizeof(fresh));
	return (status);
}

int64_t
tlsmend_not_after(void)
{
	return (pair == NULL ? 0 : pair->not_after);
}

static void
apply_profile(SSL_CTX *ctx)
{
	(void)SSL_CTX_set_cipher_list(ctx, CIPHERS_TLS12);
	(void)SSL_CTX_set_options(
	    ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_PRIORITIZE_CHACHA);
	/* 34 KB less for each idle connection. */
	(void)SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	/* A record in one system call, not its length first. */
	SSL_CTX_set_read_ahead(ctx, 1);
}

/*
 * A client comes back to any worker, so what it resumes is in its ticket,
 * which all workers can read; none keeps sessions of its own.
 */
static void
share_sessions(SSL_CTX *ctx)
{
	(void)SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	if (SSL_CTX_set_tlsext_ticket_keys(
		ctx, pair->tickets, TICKET_KEYS_BYTES) != 1)
		log_error(
		    "TLS: the ticket keys cannot be used: %s", ssl_errno_s);
}

/* Kore builds the context around the certificate; the key is ours to add. */
static void
renew(struct kore_domain *dom)
{
	kore_domain_tlsinit(
	    dom, KORE_PEM_CERT_CHAIN, pair->cert, pair->cert_length);
	if (dom->ssl_ctx == NULL)
		return;
	(void)use_key(dom->ssl_ctx, pair); /* the parent has tried it */
	apply_profile(dom->ssl_ctx);
	share_sessions(dom->ssl_ctx);
}

static bool
is_being_written(void)
{
	return (pair->generation % 2 != 0);
}

static void
certificate_announced(struct kore_msg *msg, const void *data)
{
	struct kore_domain *dom;

	if (kore_worker_keymgr_response_verify(msg, data, &dom) ==
		KORE_RESULT_OK &&
	    pair != NULL && !is_being_written())
		renew(dom);
}

static void
renew_if_tls(struct kore_domain *dom)
{
	if (dom->server != NULL && dom->server->tls)
		renew(dom);
}

void
tlsmend_follow(void)
{
	static unsigned in_use;
	unsigned generation = pair == NULL ? 0 : pair->generation;

	if (generation == in_use || is_being_written())
		return;
	in_use = generation;
	kore_domain_callback(renew_if_tls);
}

void
tlsmend_install(void)
{
	kore_msg_unregister(KORE_MSG_CERTIFICATE);
	(void)kore_msg_register(KORE_MSG_CERTIFICATE, certificate_announced);
	tlsmend_follow();
}
