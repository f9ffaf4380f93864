#include "db/resolve.h"

#include <sys/socket.h>

#include <libpq-fe.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/option.h"
#include "platform/buffer.h"
#include "platform/clock.h"

#define LOOK_EVERY_US 1000000

/* Of the time in which connections want to be served, looks take a tenth. */
#define LOOK_SHARE 10

#define LIST_CEILING_BYTES (16 * 1024)

static const char *
option_text(const PQconninfoOption *options, const char *keyword)
{
	const char *value = option_value(options, keyword);

	return (value == NULL ? "" : value);
}

static char *
copy(const char *text, size_t length)
{
	char *made = strndup(text, length);

	if (made == NULL)
		abort();
	return (made);
}

/* The ${i}th of a comma list; its only one, if it has but one. */
static char *
item(const char *list, size_t i)
{
	const char *at = list, *comma = strchr(list, ',');

	if (comma == NULL)
		return (copy(list, strlen(list)));
	for (; i > 0 && comma != NULL; i--) {
		at = comma + 1;
		comma = strchr(at, ',');
	}
	return (i > 0 ? copy("", 0) : copy(at, strcspn(at, ",")));
}

/* Names that are ours to look up: of all hosts, or else of none. */
static bool
are_names(const struct resolve *r)
{
	size_t i;

	for (i = 0; i < r->nhosts; i++)
		if (strchr("/@", r->hosts[i].name[0]) != NULL) /* or empty */
			return (false);
	return (true);
}

static void
forget_hosts(struct resolve *r)
{
	for (; r->nhosts > 0; r->nhosts--) {
		free(r->hosts[r->nhosts - 1].name);
		free(r->hosts[r->nhosts - 1].port);
	}
}

static void
read_hosts(struct resolve *r, const PQconninfoOption *options)
{
	const char *names = option_text(options, "host");
	const char *ports = option_text(options, "port");
	size_t count = 1;
	const char *at;

	for (at = names; *at != '\0'; at++)
		count += *at == ',';
	if (count > RESOLVE_PLACES_MAX || getenv("PGHOSTADDR") != NULL ||
	    *option_text(options, "hostaddr") != '\0')
		return;
	for (r->nhosts = 0; r->nhosts < count; r->nhosts++) {
		r->hosts[r->nhosts].name = item(names, r->nhosts);
		r->hosts[r->nhosts].port = item(ports, r->nhosts);
	}
	if (!are_names(r))
		forget_hosts(r);
}

void
resolve_init(struct resolve *r, const char *conninfo)
{
	PQconninfoOption *options = PQconninfoParse(conninfo, NULL);

	memset(r, 0, sizeof(*r));
	r->conninfo = copy(conninfo, strlen(conninfo));
	if (options != NULL)
		read_hosts(r, options);
	PQconninfoFree(options);
}

void
resolve_fini(struct resolve *r)
{
	forget_hosts(r);
	free(r->conninfo);
}

static void
add_places(struct resolve_place *places, size_t *count,
    const struct resolve_host *host, const struct addrinfo *found)
{
	for (; found != NULL && *count < RESOLVE_PLACES_MAX;
	     found = found->ai_next) {
		places[*count].host = host;
		if (getnameinfo(found->ai_addr, found->ai_addrlen,
			places[*count].address, RESOLVE_ADDRESS_SIZE, NULL, 0,
			NI_NUMERICHOST) == 0)
			(*count)++;
	}
}

/* What isn't found any more stays as it was: better old than nowhere. */
static void
look(struct resolve *r)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found;
	struct resolve_place places[RESOLVE_PLACES_MAX];
	size_t count = 0, i;
	int status;

	for (i = 0; i < r->nhosts; i++) {
		status = getaddrinfo(r->hosts[i].name, NULL, &hints, &found);
		if (status != 0) {
			(void)snprintf(r->why, sizeof(r->why), "%s: %s",
			    r->hosts[i].name, gai_strerror(status));
			continue;
		}
		add_places(places, &count, &r->hosts[i], found);
		freeaddrinfo(found);
	}
	if (count == 0)
		return;
	memcpy(r->places, places, count * sizeof(places[0]));
	r->nplaces = count;
}

static void
look_if_due(struct resolve *r)
{
	int64_t began = clock_mono_us(), pause = LOOK_EVERY_US, took;

	if (began < r->next_look_mono_us)
		return;
	look(r);
	took = clock_mono_us() - began;
	if (r->is_in_use && took * LOOK_SHARE > pause)
		pause = took * LOOK_SHARE;
	r->next_look_mono_us = began + took + pause;
}

/* Lists of all places, in a circle from ${first} on. */
static void
put_places(const struct resolve *r, size_t first, struct buffer *names,
    struct buffer *addresses, struct buffer *ports)
{
	const struct resolve_place *place;
	size_t i;

	for (i = 0; i < r->nplaces; i++) {
		place = &r->places[(first + i) % r->nplaces];
		buffer_printf(
		    names, "%s%s", i == 0 ? "" : ",", place->host->name);
		buffer_printf(
		    addresses, "%s%s", i == 0 ? "" : ",", place->address);
		buffer_printf(
		    ports, "%s%s", i == 0 ? "" : ",", place->host->port);
	}
}

/* Of two values of one keyword libpq takes the later. */
static PGconn *
connect_to_places(const struct resolve *r, size_t first)
{
	const char *keywords[] = { "dbname", "host", "hostaddr", "port", NULL };
	const char *values[] = { r->conninfo, NULL, NULL, NULL, NULL };
	struct buffer names, addresses, ports;
	PGconn *pg;

	buffer_init(&names, LIST_CEILING_BYTES);
	buffer_init(&addresses, LIST_CEILING_BYTES);
	buffer_init(&ports, LIST_CEILING_BYTES);
	put_places(r, first, &names, &addresses, &ports);
	values[1] = buffer_text(&names);
	values[2] = buffer_text(&addresses);
	values[3] = buffer_text(&ports);
	pg = PQconnectStartParams(keywords, values, 1);
	buffer_fini(&names);
	buffer_fini(&addresses);
	buffer_fini(&ports);
	return (pg);
}

struct pg_conn *
resolve_connect(struct resolve *r, unsigned begin_at, const char **why)
{
	*why = "out of memory";
	if (r->nhosts == 0)
		return (PQconnectStart(r->conninfo));
	look_if_due(r);
	if (r->nplaces > 0)
		return (connect_to_places(r, begin_at % r->nplaces));
	*why = r->why;
	return (NULL);
}
