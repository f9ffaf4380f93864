/*
 * version: the version that the API shows; that of the backend whose place it
 * takes, since clients read it.
 */
#ifndef API_VERSION_H
#define API_VERSION_H

#define API_VERSION "3.0.0"

#endif
