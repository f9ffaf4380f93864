/*
 * octet: which bytes may stand where in a message, one table for all parsers.
 *
 * Context  any.
 * Source   RFC 9110, 5.6.2 (tokens) and 5.5 (field values); RFC 3986, 3.2.2
 *          (hosts).
 */
#ifndef HTTP_OCTET_H
#define HTTP_OCTET_H

#include <stdbool.h>
#include <stddef.h>

enum octet_class {
	OCTET_TOKEN = 1,  /* methods, names of fields, codings */
	OCTET_TEXT = 2,   /* values: tab, space, visible, above 0x7f */
	OCTET_TARGET = 4, /* visible ASCII but '#' */
	OCTET_HOST = 8,   /* host and port, IPv6's brackets among them */
	OCTET_DIGIT = 16
};

/* octet_is(c, classes): whether ${c} belongs to one of ${classes}. */
static inline bool octet_is(char c, unsigned classes);

/*
 * octet_span(text, from, to, classes): the first index in [from, to) whose
 * byte belongs to none of ${classes}, or ${to}.
 */
static inline size_t octet_span(
    const char *text, size_t from, size_t to, unsigned classes);

/* The table's vocabulary: each name is a set of classes. */
#define O_TX OCTET_TEXT
#define O_TK (OCTET_TOKEN | O_TX)
#define O_TG (OCTET_TARGET | O_TX)
#define O_HO (OCTET_HOST | O_TG)
#define O_KT (OCTET_TOKEN | O_TG)
#define O_AL (OCTET_TOKEN | O_HO)
#define O_DI (OCTET_DIGIT | O_AL)
#define O_8(c) c, c, c, c, c, c, c, c

static const unsigned char octet_classes[256] = {
	/* clang-format off */
	0, 0, 0, 0, 0, 0, 0, 0, 0, O_TX, 0, 0, 0, 0, 0, 0,
	O_8(0), O_8(0),
	/*          !     "     #     $     %     &     '   */
	O_TX, O_AL, O_TG, O_TK, O_AL, O_AL, O_AL, O_AL,
	/* (  )     *     +     ,     -     .     /         */
	O_HO, O_HO, O_AL, O_AL, O_HO, O_AL, O_AL, O_TG,
	/* 0-7; 8   9     :     ;     <     =     >     ?   */
	O_8(O_DI),
	O_DI, O_DI, O_HO, O_HO, O_TG, O_HO, O_TG, O_TG,
	/* @  A-G; H-W                                      */
	O_TG, O_AL, O_AL, O_AL, O_AL, O_AL, O_AL, O_AL,
	O_8(O_AL), O_8(O_AL),
	/* X  Y     Z     [     \     ]     ^     _         */
	O_AL, O_AL, O_AL, O_HO, O_TG, O_HO, O_KT, O_AL,
	/* `  a-g; h-w                                      */
	O_KT, O_AL, O_AL, O_AL, O_AL, O_AL, O_AL, O_AL,
	O_8(O_AL), O_8(O_AL),
	/* x  y     z     {     |     }     ~     DEL       */
	O_AL, O_AL, O_AL, O_TG, O_KT, O_TG, O_AL, 0,
	O_8(O_TX), O_8(O_TX), O_8(O_TX), O_8(O_TX),
	O_8(O_TX), O_8(O_TX), O_8(O_TX), O_8(O_TX),
	O_8(O_TX), O_8(O_TX), O_8(O_TX), O_8(O_TX),
	O_8(O_TX), O_8(O_TX), O_8(O_TX), O_8(O_TX)
	/* clang-format on */
};

#undef O_TX
#undef O_TK
#undef O_TG
#undef O_HO
#undef O_KT
#undef O_AL
#undef O_DI
#undef O_8

static inline bool
octet_is(char c, unsigned classes)
{
	return ((octet_classes[(unsigned char)c] & classes) != 0);
}

static inline size_t
octet_span(const char *text, size_t from, size_t to, unsigned classes)
{
	while (from < to && octet_is(text[from], classes))
		from++;
	return (from);
}

#endif
