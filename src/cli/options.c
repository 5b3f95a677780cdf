#include "src/cli/options.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/cli/suggest.h"
#include "src/core/setting.h"

#define OPTIONS_MAX 64
#define GRID_MAX 100000

struct bd_options {
    const struct bd_option *table;
    size_t n_typed;
    struct typed {
        const struct bd_option *option;
        const char *text; /* NULL for a flag */
    } typed[];
};

/* Messages call an option as it is typed: --mass, but FILE. */
static const char *dashes(const struct bd_option *option)
{
    return option->positional ? "" : "--";
}

static enum bd_status check_number(const struct bd_option *option, const char *text, double *number,
                                   struct bd_error *err)
{
    const char *const kind = option->kind == BD_OPTION_WHOLE ? "whole number" : "number";
    if (!bd_setting_parse_number(text, number) || (option->kind == BD_OPTION_WHOLE && *number != floor(*number)))
        return bd_fail(err, BD_USAGE, "%s%s: expected a %s [%s] from %g to %g, found '%s'", dashes(option),
                       option->name, kind, option->unit, option->min, option->max, text);
    if (*number < option->min || *number > option->max)
        return bd_fail(err, BD_USAGE, "%s%s: %s is outside the allowed range %g to %g [%s]", dashes(option),
                       option->name, text, option->min, option->max, option->unit);
    return BD_OK;
}

/* Number i of "from:to:count" in equal steps of the logarithm; the ends are exactly what was typed. */
static double grid_node(double from, double to, size_t count, size_t i)
{
    if (i == 0 || i + 1 == count)
        return i == 0 ? from : to;
    return from * pow(to / from, (double)i / (double)(count - 1));
}

/* Read a grid into values, or only check and count it if values is NULL. */
static enum bd_status read_grid(const struct bd_option *option, const char *text, double *values, size_t *n,
                                struct bd_error *err)
{
    const char *const colon = strchr(text, ':'), *const separators = colon != NULL ? ":" : ",";
    double number[3] = {0.0, 0.0, 0.0};
    *n = 0;
    for (const char *part = text; part != NULL;) {
        char word[64];
        const size_t length = strcspn(part, separators);
        (void)snprintf(word, sizeof word, "%.*s", (int)(length < sizeof word ? length : sizeof word - 1), part);
        if (colon != NULL && *n >= 2) { /* the count has another range than the ends */
            if (*n > 2 || !bd_setting_parse_number(word, &number[2]))
                number[2] = 0.0;
        } else {
            BD_TRY(check_number(option, word, &number[colon != NULL ? *n : 0], err));
        }
        if (colon == NULL && values != NULL)
            values[*n] = number[0];
        ++*n;
        part = part[length] == '\0' ? NULL : part + length + 1;
    }
    if (colon == NULL)
        return BD_OK;
    if (*n != 3 || !(number[0] > 0.0 && number[1] > number[0]) || !(number[2] >= 2.0 && number[2] <= GRID_MAX) ||
        number[2] != floor(number[2]))
        return bd_fail(err, BD_USAGE,
                       "%s%s: expected from:to:count with 0 < from < to [%s] and 2 to %d values, found '%s'",
                       dashes(option), option->name, option->unit, GRID_MAX, text);
    *n = (size_t)number[2];
    for (size_t i = 0; values != NULL && i < *n; i++)
        values[i] = grid_node(number[0], number[1], *n, i);
    return BD_OK;
}

static size_t count_words(const char *const *words)
{
    size_t n = 0;
    while (words[n] != NULL)
        n++;
    return n;
}

static enum bd_status check_choice(const struct bd_option *option, const char *text, size_t *index,
                                   struct bd_error *err)
{
    char words[512] = "", hint[160];
    for (*index = 0; option->choices[*index] != NULL; ++*index) {
        if (strcmp(option->choices[*index], text) == 0)
            return BD_OK;
        const size_t used = strlen(words);
        (void)snprintf(words + used, sizeof words - used, "%s%s", used > 0 ? ", " : "", option->choices[*index]);
    }
    return bd_fail(err, BD_USAGE, "%s%s: '%s' is not one of: %s.%s", dashes(option), option->name, text, words,
                   bd_suggest(text, option->choices, count_words(option->choices), hint, sizeof hint));
}

static enum bd_status check_value(const struct bd_option *option, const char *text, struct bd_error *err)
{
    double number;
    size_t n;
    switch (option->kind) {
    case BD_OPTION_NUMBER:
    case BD_OPTION_WHOLE:
        return check_number(option, text, &number, err);
    case BD_OPTION_GRID:
        return read_grid(option, text, NULL, &n, err);
    case BD_OPTION_CHOICE:
        return check_choice(option, text, &n, err);
    case BD_OPTION_TEXT:
    case BD_OPTION_LIST:
        if (*text == '\0')
            return bd_fail(err, BD_USAGE, "%s%s: the value is empty, expected %s", dashes(option), option->name,
                           option->unit);
        return BD_OK;
    case BD_OPTION_FLAG:
        break;
    }
    return BD_OK;
}

static const struct bd_option *find_option(const struct bd_option *table, const char *name, size_t length)
{
    for (; table->name != NULL; table++)
        if (!table->positional && strlen(table->name) == length && strncmp(table->name, name, length) == 0)
            return table;
    return NULL;
}

static enum bd_status fail_unknown(const struct bd_option *table, const char *word, struct bd_error *err)
{
    const char *known[OPTIONS_MAX];
    char name[64], hint[200];
    size_t n = 0;
    for (; table->name != NULL; table++)
        if (!table->positional && n < OPTIONS_MAX)
            known[n++] = table->name;
    word += strspn(word, "-");
    (void)snprintf(name, sizeof name, "%.*s", (int)strcspn(word, "="), word);
    return bd_fail(err, BD_USAGE, "there is no option --%s here.%s", name,
                   bd_suggest(name, known, n, hint, sizeof hint));
}

static int is_typed(const struct bd_options *options, const struct bd_option *option)
{
    for (size_t i = 0; i < options->n_typed; i++)
        if (options->typed[i].option == option)
            return 1;
    return 0;
}

static enum bd_status add(struct bd_options *options, const struct bd_option *option, const char *text,
                          struct bd_error *err)
{
    if (option->kind != BD_OPTION_LIST && is_typed(options, option))
        return bd_fail(err, BD_USAGE, "%s%s is given twice", dashes(option), option->name);
    BD_TRY(check_value(option, text, err));
    options->typed[options->n_typed++] = (struct typed){option, text};
    return BD_OK;
}

/* The option at argv[*i]; its value may be the next argument, and *i moves on to it. */
static enum bd_status add_named(struct bd_options *options, int argc, char *const *argv, int *i,
                                struct bd_error *err)
{
    const char *const name = argv[*i] + 2;
    const size_t length = strcspn(name, "=");
    const char *text = name[length] == '=' ? name + length + 1 : NULL;
    const struct bd_option *option = find_option(options->table, name, length);
    if (option == NULL)
        return fail_unknown(options->table, argv[*i], err);
    if (option->kind == BD_OPTION_FLAG)
        return text == NULL ? add(options, option, NULL, err)
                            : bd_fail(err, BD_USAGE, "--%s takes no value, found '%s'", option->name, text);
    if (text == NULL) {
        if (*i + 1 >= argc || strncmp(argv[*i + 1], "--", 2) == 0)
            return bd_fail(err, BD_USAGE, "--%s needs a value [%s]: %s", option->name,
                           option->unit != NULL ? option->unit : "one word", option->help);
        text = argv[++*i];
    }
    return add(options, option, text, err);
}

static enum bd_status add_positional(struct bd_options *options, const char *text, struct bd_error *err)
{
    for (const struct bd_option *option = options->table; option->name != NULL; option++)
        if (option->positional && (option->kind == BD_OPTION_LIST || !is_typed(options, option)))
            return add(options, option, text, err);
    return bd_fail(err, BD_USAGE, "unexpected argument '%s'", text);
}

static enum bd_status parse_all(struct bd_options *options, int argc, char *const *argv, struct bd_error *err)
{
    int only_positional = 0; /* after a lone "--" */
    for (int i = 0; i < argc; i++) {
        if (only_positional || argv[i][0] != '-' || argv[i][1] == '\0') {
            BD_TRY(add_positional(options, argv[i], err));
        } else if (strcmp(argv[i], "--") == 0) {
            only_positional = 1;
        } else if (argv[i][1] == '-') {
            BD_TRY(add_named(options, argc, argv, &i, err));
        } else {
            return fail_unknown(options->table, argv[i], err);
        }
    }
    for (const struct bd_option *option = options->table; option->name != NULL; option++)
        if (option->required && !is_typed(options, option))
            return bd_fail(err, BD_USAGE, "%s%s is missing: %s", dashes(option), option->name, option->help);
    return BD_OK;
}

enum bd_status bd_options_parse(const struct bd_option *table, int argc, char *const *argv,
                                struct bd_options **options, struct bd_error *err)
{
    struct bd_options *parsed = calloc(1, sizeof *parsed + (size_t)argc * sizeof parsed->typed[0]);
    if (parsed == NULL)
        return bd_fail(err, BD_NO_MEMORY, "options: out of memory");
    parsed->table = table;
    const enum bd_status status = parse_all(parsed, argc, argv, err);
    if (status == BD_OK)
        *options = parsed;
    else
        bd_options_free(parsed);
    return status;
}

void bd_options_free(struct bd_options *options)
{
    free(options);
}

static const struct bd_option *option_of(const struct bd_options *options, const char *name)
{
    const struct bd_option *option = options->table;
    while (option->name != NULL && strcmp(option->name, name) != 0)
        option++;
    assert(option->name != NULL);
    return option;
}

int bd_options_given(const struct bd_options *options, const char *name)
{
    return is_typed(options, option_of(options, name));
}

int bd_options_flag(const struct bd_options *options, const char *name)
{
    assert(option_of(options, name)->kind == BD_OPTION_FLAG);
    return bd_options_given(options, name);
}

const char *bd_options_text(const struct bd_options *options, const char *name)
{
    const struct bd_option *option = option_of(options, name);
    for (size_t i = 0; i < options->n_typed; i++)
        if (options->typed[i].option == option)
            return options->typed[i].text;
    return option->initial;
}

size_t bd_options_choice(const struct bd_options *options, const char *name)
{
    const char *text = bd_options_text(options, name);
    size_t index = 0;
    const enum bd_status status = check_choice(option_of(options, name), text, &index, NULL);
    assert(status == BD_OK);
    (void)status;
    return index;
}

double bd_options_number(const struct bd_options *options, const char *name)
{
    assert(option_of(options, name)->kind == BD_OPTION_NUMBER ||
           option_of(options, name)->kind == BD_OPTION_WHOLE);
    double number;
    return bd_setting_parse_number(bd_options_text(options, name), &number) ? number : (double)NAN;
}

long long bd_options_whole(const struct bd_options *options, const char *name)
{
    const double number = bd_options_number(options, name);
    assert(number == floor(number));
    return (long long)number;
}

const char *bd_options_item(const struct bd_options *options, const char *name, size_t i)
{
    const struct bd_option *option = option_of(options, name);
    for (size_t k = 0; k < options->n_typed; k++)
        if (options->typed[k].option == option && i-- == 0)
            return options->typed[k].text;
    return NULL;
}

size_t bd_options_count(const struct bd_options *options, const char *name)
{
    size_t n = 0;
    while (bd_options_item(options, name, n) != NULL)
        n++;
    return n;
}

enum bd_status bd_options_grid(const struct bd_options *options, const char *name, double **values, size_t *n,
                               struct bd_error *err)
{
    const struct bd_option *option = option_of(options, name);
    const char *text = bd_options_text(options, name);
    *values = NULL;
    *n = 0;
    if (text == NULL)
        return BD_OK;
    BD_TRY(read_grid(option, text, NULL, n, err));
    *values = malloc(*n * sizeof **values);
    if (*values == NULL)
        return bd_fail(err, BD_NO_MEMORY, "--%s: out of memory", name);
    return read_grid(option, text, *values, n, err);
}

enum bd_status bd_options_pair(const struct bd_options *options, const char *name, size_t i, char *key,
                               size_t size, const char **text, struct bd_error *err)
{
    const struct bd_option *option = option_of(options, name);
    const char *item = bd_options_item(options, name, i);
    const size_t length = strcspn(item, "=");
    if (length == 0 || item[length] != '=' || length >= size)
        return bd_fail(err, BD_USAGE, "%s%s: expected %s, found '%s'", dashes(option), name, option->unit, item);
    (void)snprintf(key, size, "%.*s", (int)length, item);
    *text = item + length + 1;
    return BD_OK;
}

enum bd_status bd_options_blame(const char *option, enum bd_status status, struct bd_error *err)
{
    if (status != BD_BAD_INPUT)
        return status;
    return bd_add_context(err, BD_USAGE, "--%s", option);
}
