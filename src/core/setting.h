/* src/core/setting.h - named parameters with a default and a range.
 *
 * Models and production channels list what a user may change (`--set KEY=VALUE`) in a constant table; the values
 * live in an array of doubles beside it, in the order of the table. A setting with `choices` takes one of these
 * words and holds its index. */
#ifndef BD_CORE_SETTING_H
#define BD_CORE_SETTING_H

#include <stddef.h>

#include "src/core/error.h"

#define BD_SETTINGS_MAX 16 /* per table */

struct bd_setting {
    const char *name;           /* key on the command line; NULL ends a table */
    const char *unit;           /* "1", "GeV", "nb", ...; "choice" for words */
    double initial;             /* default: value, or index into choices */
    double min, max;            /* allowed range, in unit; ignored with choices */
    const char *const *choices; /* NULL-terminated words, or NULL for a number */
    const char *help;           /* what it does and its source */
};

struct bd_setting_values {
    double value[BD_SETTINGS_MAX]; /* in the order of the table */
};

/* Defaults of a table (NULL: the empty table). */
void bd_setting_init(const struct bd_setting *table, struct bd_setting_values *values);

/* 1 if the table has the key. */
int bd_setting_has(const struct bd_setting *table, const char *key);

/* Set one value from text. BD_BAD_INPUT names key, value, unit and what is allowed. */
enum bd_status bd_setting_set(const struct bd_setting *table, struct bd_setting_values *values, const char *key,
                              const char *text, struct bd_error *err) BD_MUST_CHECK;

/* "form_factors=A,perturbative=ALP": the values that differ from the defaults, in the order of the table; "" if
 * none does. Truncation cannot happen unnoticed: BD_BAD_INPUT if size is too small. */
enum bd_status bd_setting_text(const struct bd_setting *table, const struct bd_setting_values *values, char *text,
                               size_t size, struct bd_error *err) BD_MUST_CHECK;

/* A finite number and nothing else: no trailing text, no hexadecimal, no nan or inf. 1 if it is one. */
int bd_setting_parse_number(const char *text, double *value);

#endif
