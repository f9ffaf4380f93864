/*
 * idna: domain names of any script, checked and brought into ASCII and back.
 *
 * Names are mapped as UTS #46 says (non-transitional), then checked as IDNA
 * 2008 does, label by label. What is wrong is told in the words of the
 * original's library; they become part of a reason (http/mailtext.h).
 *
 * Context  any; all memory is the arena's.
 * Source   UTS #46, 4; RFC 5891, 4.2; RFC 5892 (which code points, appendix A
 *          where); RFC 5893, 2 (right-to-left). Unicode 14.
 */
#ifndef HTTP_IDNA_H
#define HTTP_IDNA_H

#include "http/mailtext.h"
#include "platform/compiler.h"

/*
 * idna_map(arena, domain, mapped): lower case, compatibility forms resolved,
 * every kind of dot a dot. Of text without unsafe characters; NULL, or what is
 * wrong.
 */
const char *idna_map(struct arena *arena, struct mailtext domain,
    struct mailtext *mapped) MUST_CHECK;

/* idna_to_ascii(arena, domain, ascii): of what idna_map() made. */
const char *idna_to_ascii(struct arena *arena, struct mailtext domain,
    struct mailtext *ascii) MUST_CHECK;

/*
 * idna_to_letters(arena, ascii, letters): the labels that begin with "xn--"
 * decoded, in lower case; NULL, or what is wrong with one of them.
 */
const char *idna_to_letters(struct arena *arena, struct mailtext ascii,
    struct mailtext *letters) MUST_CHECK;

/*
 * idna_check_directions(arena, letters): where any label is written from
 * right to left, all of them keep the Bidi Rule. NULL, or what is wrong.
 */
const char *idna_check_directions(
    struct arena *arena, struct mailtext letters) MUST_CHECK;

#endif
