/*
 * requestlog: a line in the log for each answered request.
 *
 *   POST /api/v1/users/login 200 id=… client=192.0.2.7 248.113 ms 187 bytes
 *
 * Written at level info for errors of ours (5xx), at level debug for all else,
 * so that an ordinary load costs nothing.
 *
 * Context  worker.
 */
#ifndef HTTP_REQUESTLOG_H
#define HTTP_REQUESTLOG_H

struct account;

void requestlog_write(const struct account *a);

#endif
