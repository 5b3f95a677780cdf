/* src/core/card_table.h - shorthand for the tables of keys of a card (src/core/card.h). For the .c files that hold
 * such tables only: the names are short. */
#ifndef BD_CORE_CARD_TABLE_H
#define BD_CORE_CARD_TABLE_H

#include "src/core/card.h"

/* Ranges are wide enough for any experiment, and narrow enough to catch mm written for m or MeV for GeV. */
#define SIZE_MIN_M 1e-4 /* of a detector */
#define SIZE_MAX_M 1e4
#define FAR_M 1e7 /* along the beam */
#define ENERGY_MAX_GEV 1e5
#define POT_MAX 1e25
#define EVENTS_MAX 1e9

/* Shorthand for the tables: members of the struct HERE, which is defined before each table. */
#define NUMBER(member, low, high)                                                                                 \
    .type = BD_CARD_NUMBER, .offset = offsetof(HERE, member), .min = (low), .max = (high)
#define NUMBERS(member, length, low, high)                                                                        \
    NUMBER(member, low, high), .list = 1, .n_min = (length), .n_max = (length)
#define WHOLE(member, low, high)                                                                                  \
    .type = BD_CARD_WHOLE, .offset = offsetof(HERE, member), .min = (low), .max = (high)
#define BOOL(member) .type = BD_CARD_BOOL, .offset = offsetof(HERE, member)
#define TEXT(member) .type = BD_CARD_TEXT, .offset = offsetof(HERE, member), .size = sizeof(((HERE *)0)->member)
#define WORD(member, table) TEXT(member), .words = (table)
#define NOTE .type = BD_CARD_NOTE
#define CHOICE(member, table) .type = BD_CARD_CHOICE, .offset = offsetof(HERE, member), .words = (table)
#define BLOCK(member, table) .type = BD_CARD_BLOCK, .offset = offsetof(HERE, member), .fields = (table)
#define PART(table) .type = BD_CARD_BLOCK, .fields = (table) /* of the same struct as the block around it */
#define ONE_OF(member, table, entry)                                                                              \
    .type = BD_CARD_ONE_OF, .offset = offsetof(HERE, member), .fields = (table),                                  \
    .kind_offset = offsetof(entry, kind)
#define ONE_OFS(member, count, most, table, entry)                                                                \
    .type = BD_CARD_ONE_OF, .fields = (table), .kind_offset = offsetof(entry, kind), LIST(member, count, 0, most)
#define LINE(member) .type = BD_CARD_LINE, .offset = offsetof(HERE, member)
#define LIST(member, count, least, most)                                                                          \
    .offset = offsetof(HERE, member), .size = sizeof(((HERE *)0)->member[0]), .list = 1, .n_min = (least),        \
    .n_max = (most), .n_offset = offsetof(HERE, count)
#define TEXTS(member, count, least, most) .type = BD_CARD_TEXT, LIST(member, count, least, most)
#define BLOCKS(member, count, least, most, table)                                                                 \
    .type = BD_CARD_BLOCK, .fields = (table), LIST(member, count, least, most)
#define REQUIRED .required = 1
#define DEFAULT(value) .initial = (value)
#define END                                                                                                       \
    {                                                                                                             \
        .name = NULL                                                                                              \
    }

#endif
