/* src/core/card.h - reading YAML files strictly, by tables. The only user of libyaml.
 *
 * A table of fields says of every key that a block may have: its type, where the value goes in a C struct, the
 * range or the words allowed, and the value if the key is left out. Blocks inside blocks and lists are tables
 * again. Nothing is guessed: text after a number, nan, a value out of range, an unknown key, a key given twice, a
 * second document are faults. All faults of a file are reported together, one per line of the message:
 * "na62.yaml:19:25: planes[1].z_m: expected a number, found '194.066m'". */
#ifndef BD_CORE_CARD_H
#define BD_CORE_CARD_H

#include <stddef.h>

#include "src/core/error.h"

enum bd_card_type {
    BD_CARD_NUMBER, /* double: finite, in [min, max] */
    BD_CARD_WHOLE,  /* int in [min, max] */
    BD_CARD_BOOL,   /* int: 1 for true, 0 for false */
    BD_CARD_TEXT,   /* char[size], not empty; with words: one of them */
    BD_CARD_NOTE,   /* as a text, for people: checked but not kept */
    BD_CARD_CHOICE, /* int: index of one of the words */
    BD_CARD_BLOCK,  /* struct, read by fields */
    BD_CARD_ONE_OF, /* struct: a block with exactly one of the keys in fields, each a BLOCK of that struct; which
                       one, counted from 1, goes to the int at kind_offset of the struct (0: key left out) */
    BD_CARD_LINE,   /* unsigned: line of the block in the file; not a key */
};

struct bd_card_field {
    const char *name; /* key; "*": a list of all keys not named here, each read as a block of two fields (key,
                         value); NULL ends the table */
    enum bd_card_type type;
    int required;  /* 1: leaving the key out is a fault */
    size_t offset; /* of the value in the struct of the block */
    double min, max;
    double initial; /* number, bool or index of the word if the key is left out; texts and lists are empty then */
    const char *const *words;           /* NULL-terminated */
    const struct bd_card_field *fields; /* of a block or of the alternatives */
    size_t size;                        /* of a text with its NUL, of a block in a list */
    size_t kind_offset;
    int list;            /* 1: n_min to n_max values in [ ], one after the other at offset */
    size_t n_min, n_max; /* the length goes to the size_t at n_offset, unless it is fixed */
    size_t n_offset;
};

/* Faults of one file. err may be NULL. */
struct bd_card_faults {
    const char *path;
    struct bd_error *err;
    size_t n, n_hidden; /* n_hidden: did not fit into the message */
};

/* Read text (length bytes, the content of the file path) into out, which the caller has set to zero.
 * BD_BAD_INPUT: the message lists the faults. */
enum bd_status bd_card_read(const char *path, const char *text, size_t length, const struct bd_card_field *fields,
                            void *out, struct bd_error *err) BD_MUST_CHECK;

/* The text of one value of a block at the top, for a card whose other keys depend on it: "" if it is not there or
 * the text is no YAML, which bd_card_read reports. */
void bd_card_peek(const char *text, size_t length, const char *block, const char *key, char *value, size_t size);

/* Add "path:line:column: ..." to the faults; column 0: unknown. For checks after reading. */
void bd_card_fault(struct bd_card_faults *faults, unsigned line, unsigned column, const char *format, ...)
    BD_PRINTF(4, 5);

/* BD_OK if there are no faults, else BD_BAD_INPUT. */
enum bd_status bd_card_finish(struct bd_card_faults *faults) BD_MUST_CHECK;

#endif
