/*
 * families: the family object, which both files of the resource answer.
 *
 * Context  any.
 */
#ifndef API_FAMILIES_H
#define API_FAMILIES_H

#include <stdbool.h>

#include "db/rows.h"
#include "platform/buffer.h"

/*
 * families_put(body, is_parent, rows, column): the family whose ${family}
 * columns begin at ${column} of the first row, as its parents or its children
 * see it.
 */
void families_put(
    struct buffer *body, bool is_parent, const struct rows *rows, int column);

/* families_put_code(...): its invite code, which children don't get to see:
 * for them it is "". */
void families_put_code(
    struct buffer *body, bool is_parent, const struct rows *rows, int column);

#endif
