/* src/cli/options.h - the options of a command: one constant table, which both parses them and prints --help.
 *
 * Typed as --name value or --name=value; there are no abbreviations and no short names, so that a script means the
 * same in the next version. Everything is checked while parsing: afterwards a command only asks for its values. */
#ifndef BD_CLI_OPTIONS_H
#define BD_CLI_OPTIONS_H

#include <stddef.h>
#include <stdio.h>

#include "src/core/error.h"

enum bd_option_kind {
    BD_OPTION_TEXT,
    BD_OPTION_NUMBER, /* finite, in [min, max] */
    BD_OPTION_WHOLE,  /* a whole number in [min, max]; 1e4 is one */
    BD_OPTION_GRID, /* one or more numbers: 0.3 or 0.1,0.2 or 0.01:3:100 (from:to:count, equal steps in the log) */
    BD_OPTION_CHOICE, /* one of choices */
    BD_OPTION_FLAG,   /* takes no value */
    BD_OPTION_LIST,   /* text, may be given several times */
};

struct bd_option {
    const char *name; /* "mass" is typed --mass, a positional "FILE" is not typed; NULL ends the table */
    enum bd_option_kind kind;
    const char *unit;    /* of numbers: "GeV", "1"; of text what the help shows for it: "FILE", "NAME=VALUE" */
    const char *initial; /* default, as it would be typed; NULL: none */
    double min, max;     /* allowed range of numbers, in unit */
    const char *const *choices; /* NULL-terminated words */
    int positional; /* 1: the value stands alone, as in `check FILE`; filled in the order of the table */
    int required;
    const char *help;
};

struct bd_options; /* what was typed; borrows argv and the table */

/* BD_USAGE: unknown option (with the nearest known ones), missing, wrong or repeated value; names option, value,
 * unit and allowed range. argv[0] is the first word after the command. The caller frees. */
enum bd_status bd_options_parse(const struct bd_option *table, int argc, char *const *argv,
                                struct bd_options **options, struct bd_error *err) BD_MUST_CHECK;
void bd_options_free(struct bd_options *options); /* accepts NULL */

/* Asking for a name or a kind that the table does not have is a mistake of the program (assert). */
int bd_options_given(const struct bd_options *options, const char *name); /* 1: typed, not the default */
int bd_options_flag(const struct bd_options *options, const char *name);
/* Text, choice or the first of a list; NULL if there is neither a value nor a default. */
const char *bd_options_text(const struct bd_options *options, const char *name);
size_t bd_options_choice(const struct bd_options *options,
                         const char *name); /* index into choices; has a default */
/* NaN if there is neither a value nor a default. */
double bd_options_number(const struct bd_options *options, const char *name);
/* A whole number, which has a default or is required. */
long long bd_options_whole(const struct bd_options *options, const char *name);
size_t bd_options_count(const struct bd_options *options, const char *name); /* how often a list was given */
const char *bd_options_item(const struct bd_options *options, const char *name, size_t i);

/* Values of a grid; n = 0 if there is neither a value nor a default. The caller frees values with free(). */
enum bd_status bd_options_grid(const struct bd_options *options, const char *name, double **values, size_t *n,
                               struct bd_error *err) BD_MUST_CHECK;

/* Split "NAME=TEXT" of a list; the name is copied, the text borrowed. BD_USAGE without '=' or with an empty name.
 */
enum bd_status bd_options_pair(const struct bd_options *options, const char *name, size_t i, char *key,
                               size_t size, const char **text, struct bd_error *err) BD_MUST_CHECK;

/* A value from the command line that the library refused (BD_BAD_INPUT) is wrong usage: put "--option: " before
 * the message and return BD_USAGE. Any other status is returned as it is. */
enum bd_status bd_options_blame(const char *option, enum bd_status status, struct bd_error *err);

/* The part of --help about the options: help text, unit, range, default. */
void bd_options_print(const struct bd_option *table, FILE *stream);
/* "[OPTION...] FILE", as it stands behind the name of the command. */
void bd_options_print_usage(const struct bd_option *table, FILE *stream);

#endif
