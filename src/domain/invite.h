/*
 * invite: the codes that let a parent join a family.
 *
 * Context  any.
 */
#ifndef DOMAIN_INVITE_H
#define DOMAIN_INVITE_H

#include "platform/compiler.h"

#define INVITE_CODE_LENGTH 8
#define INVITE_CODE_SIZE (INVITE_CODE_LENGTH + 1)

/*
 * invite_make(code, random_bytes): a code of A-Z and 0-9 with at least one
 * letter (clients take all digits for lower case and refuse them), each such
 * code equally likely. ${random_bytes} is OpenSSL's RAND_bytes but in tests:
 * it fills the buffer and returns 1.
 *
 * Returns  0, or -1 if there are no random bytes (logged).
 */
int invite_make(char code[INVITE_CODE_SIZE],
    int (*random_bytes)(unsigned char *bytes, int length)) MUST_CHECK;

#endif
