/*
 * socket: reading from one of Kore's connections, TLS or plain, and ending
 * it gently.
 *
 * Context  worker; never blocks.
 */
#ifndef HTTP_SOCKET_H
#define HTTP_SOCKET_H

#include <stddef.h>

#include "platform/compiler.h"

struct connection;

enum socket_state {
	SOCKET_DATA,
	SOCKET_EMPTY, /* nothing now */
	SOCKET_ENDED, /* the client sends no more; it may still be reading */
	SOCKET_BROKEN
};

/*
 * socket_receive(c, place, room, length): read up to ${room} bytes; their
 * number is in *length with SOCKET_DATA.
 */
enum socket_state socket_receive(
    struct connection *c, char *place, size_t room, size_t *length) MUST_CHECK;

/* socket_receive_raw(c, place, room, length): the same with what the network
 * brings, undeciphered: to throw it away. */
enum socket_state socket_receive_raw(
    struct connection *c, char *place, size_t room, size_t *length) MUST_CHECK;

/* socket_peek(c, first): whether something waits, and on a plain socket the
 * ${first} byte of it. */
enum socket_state socket_peek(struct connection *c, char *first) MUST_CHECK;

/* socket_finish(c): tell the client that nothing more will come. */
void socket_finish(struct connection *c);

#endif
