#include "http/socket.h"

#include <sys/socket.h>

#include <errno.h>

#include <kore/kore.h>

static enum socket_state
state_of(ssize_t n)
{
	if (n > 0)
		return (SOCKET_DATA);
	if (n == 0)
		return (SOCKET_ENDED);
	return (
	    errno == EAGAIN || errno == EINTR ? SOCKET_EMPTY : SOCKET_BROKEN);
}

enum socket_state
socket_receive_raw(
    struct connection *c, char *place, size_t room, size_t *length)
{
	ssize_t n;

	do {
		n = recv(c->fd, place, room, 0);
	} while (n == -1 && errno == EINTR);
	*length = n > 0 ? (size_t)n : 0;
	return (state_of(n));
}

static enum socket_state
receive_tls(struct connection *c, char *place, size_t room, size_t *length)
{
	*length = 0;
	ERR_clear_error();
	if (SSL_read_ex(c->ssl, place, room, length) == 1)
		return (c->tls_reneg > 1 ? SOCKET_BROKEN : SOCKET_DATA);
	switch (SSL_get_error(c->ssl, 0)) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		return (SOCKET_EMPTY);
	case SSL_ERROR_ZERO_RETURN:
		return (SOCKET_ENDED);
	default:
		return (SOCKET_BROKEN);
	}
}

enum socket_state
socket_receive(struct connection *c, char *place, size_t room, size_t *length)
{
	if (c->ssl != NULL)
		return (receive_tls(c, place, room, length));
	return (socket_receive_raw(c, place, room, length));
}

enum socket_state
socket_peek(struct connection *c, char *first)
{
	ssize_t n;

	if (c->ssl != NULL && SSL_has_pending(c->ssl) == 1)
		return (SOCKET_DATA);
	do {
		n = recv(c->fd, first, 1, MSG_PEEK);
	} while (n == -1 && errno == EINTR);
	return (state_of(n));
}

void
socket_finish(struct connection *c)
{
	if (c->ssl != NULL && SSL_is_init_finished(c->ssl)) {
		ERR_clear_error();
		(void)SSL_shutdown(c->ssl);
	}
	(void)shutdown(c->fd, SHUT_WR);
}
