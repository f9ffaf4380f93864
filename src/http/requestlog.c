#include "http/requestlog.h"

#include "http/account.h"
#include "platform/log.h"

#define STATUS_OURS 500
#define US_PER_MS 1000

void
requestlog_write(const struct account *a)
{
	enum log_level level =
	    a->status >= STATUS_OURS ? LOG_LEVEL_info : LOG_LEVEL_debug;

	if (!log_enabled(level))
		return;
	log_write(level, "%s %s %d id=%s client=%s %d.%03d ms %zu bytes",
	    request_method_name(a->method), a->path, a->status, a->request_id,
	    a->client, (int)(a->duration_us / US_PER_MS),
	    (int)(a->duration_us % US_PER_MS), a->response_bytes);
}
