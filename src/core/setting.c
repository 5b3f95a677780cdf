#include "src/core/setting.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int bd_setting_parse_number(const char *text, double *value)
{
    if (text == NULL || *text == '\0' || strpbrk(text, "xX \t") != NULL)
        return 0;
    char *end;
    errno = 0;
    *value = strtod(text, &end);
    return *end == '\0' && errno != ERANGE && isfinite(*value);
}

void bd_setting_init(const struct bd_setting *table, struct bd_setting_values *values)
{
    *values = (struct bd_setting_values){{0}};
    for (size_t i = 0; table != NULL && table[i].name != NULL; i++)
        values->value[i] = table[i].initial;
}

static const struct bd_setting *find(const struct bd_setting *table, const char *key)
{
    for (; table != NULL && table->name != NULL; table++)
        if (strcmp(table->name, key) == 0)
            return table;
    return NULL;
}

int bd_setting_has(const struct bd_setting *table, const char *key)
{
    return find(table, key) != NULL;
}

static void join_choices(const char *const *choices, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (; *choices != NULL && used < size; choices++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", used > 0 ? ", " : "", *choices);
}

enum bd_status bd_setting_set(const struct bd_setting *table, struct bd_setting_values *values, const char *key,
                              const char *text, struct bd_error *err)
{
    const struct bd_setting *setting = find(table, key);
    if (setting == NULL)
        return bd_fail(err, BD_BAD_INPUT, "there is no setting '%s' here", key);
    double *value = &values->value[setting - table];
    if (setting->choices != NULL) {
        for (size_t i = 0; setting->choices[i] != NULL; i++)
            if (strcmp(setting->choices[i], text) == 0) {
                *value = (double)i;
                return BD_OK;
            }
        char words[256];
        join_choices(setting->choices, words, sizeof words);
        return bd_fail(err, BD_BAD_INPUT, "%s: '%s' is not one of: %s", key, text, words);
    }
    double number;
    if (!bd_setting_parse_number(text, &number))
        return bd_fail(err, BD_BAD_INPUT, "%s: expected a number [%s], found '%s'", key, setting->unit, text);
    if (number < setting->min || number > setting->max)
        return bd_fail(err, BD_BAD_INPUT, "%s: %g is outside the allowed range %g to %g [%s]", key, number,
                       setting->min, setting->max, setting->unit);
    *value = number;
    return BD_OK;
}

enum bd_status bd_setting_text(const struct bd_setting *table, const struct bd_setting_values *values, char *text,
                               size_t size, struct bd_error *err)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; table != NULL && table[i].name != NULL; i++) {
        if (values->value[i] == table[i].initial)
            continue;
        const char *comma = used > 0 ? "," : "";
        char number[32]; /* the shorter form if it reads back as the same number */
        (void)snprintf(number, sizeof number, "%.15g", values->value[i]);
        if (strtod(number, NULL) != values->value[i])
            (void)snprintf(number, sizeof number, "%.17g", values->value[i]);
        const int n = snprintf(text + used, size - used, "%s%s=%s", comma, table[i].name,
                               table[i].choices != NULL ? table[i].choices[(size_t)values->value[i]] : number);
        if (n < 0 || (size_t)n >= size - used)
            return bd_fail(err, BD_BAD_INPUT, "settings do not fit into %zu characters", size);
        used += (size_t)n;
    }
    return BD_OK;
}
