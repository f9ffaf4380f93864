/*
 * requestid: a name for every request, in the answer and in the log.
 *
 * Context  worker.
 */
#ifndef HTTP_REQUESTID_H
#define HTTP_REQUESTID_H

#define REQUESTID_SIZE 65

/*
 * requestid_take(given, id): the client's own X-Request-ID if it is at most 64
 * characters of A-Za-z0-9._-, else a new one of 32 hexadecimal digits.
 * ${given} may be NULL.
 */
void requestid_take(const char *given, char id[REQUESTID_SIZE]);

#endif
