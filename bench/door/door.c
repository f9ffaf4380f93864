/* links: -shared -fPIC src/http/door.c src/http/exchange.c src/http/lobby.c src/http/crowd.c src/http/patience.c src/http/turn.c src/http/stub.c src/http/socket.c src/http/intake.c src/http/head.c src/http/chunked.c src/http/refusal.c src/http/reply.c src/http/request.c src/platform/soon.c src/platform/arena.c src/platform/buffer.c src/platform/clock.c src/platform/log.c src/platform/tlsmend.c src/metrics/metrics.c src/metrics/shard.c src/metrics/exemplar.c src/metrics/family.c src/metrics/native.c src/metrics/snapshot.c src/metrics/exposition.c src/metrics/page.c src/metrics/negotiate.c src/metrics/textformat.c src/metrics/protobuf.c src/metrics/wire.c src/metrics/process.c src/metrics/distinct.c -lssl -lcrypto -lz -lm */
/*
 * door: the same page behind the front door and behind Kore's own parser, one
 * listener each, to measure what the door costs.
 */
#include <string.h>

#include <kore/kore.h>
#include <kore/http.h>

#include "http/door.h"
#include "metrics/metrics.h"
#include "platform/compiler.h"
#include "platform/soon.h"
#include "platform/tlsmend.h"

#define CERTIFICATE "cert/server.pem"
#define KEY "cert/key.pem"
#define WRITERS 8

FOR_KORE void kore_parent_configure(int, char **);
FOR_KORE void kore_worker_configure(void);
FOR_KORE int page_door(struct http_request *);
FOR_KORE int page_kore(struct http_request *);

static const char body[] = "{\"status\":\"healthy\",\"database\":\"connected\"}";

void
kore_parent_configure(int argc UNUSED, char **argv UNUSED)
{
	if (metrics_open(WRITERS) == -1 ||
	    tlsmend_read(CERTIFICATE, KEY) == -1)
		fatal("metrics or certificate");
}

void
kore_worker_configure(void)
{
	metrics_attach(worker->id);
	tlsmend_install();
	soon_start();
	door_start();
}

void
door_on_refusal(enum refusal reason UNUSED, int status UNUSED,
    enum method method UNUSED)
{
}

int
page_door(struct http_request *req)
{
	static const char headers[] = "content-type: application/json\r\n"
				      "server: chores\r\n";
	const struct response r = {
		.status = 200,
		.headers = headers,
		.headers_length = strlen(headers),
		.body = body,
		.body_length = strlen(body),
	};

	door_respond(req, &r);
	return (KORE_RESULT_OK);
}

int
page_kore(struct http_request *req)
{
	http_response_header(req, "content-type", "application/json");
	http_response(req, 200, body, strlen(body));
	return (KORE_RESULT_OK);
}
