/* The --help side of an option table. */
#include <string.h>

#include "src/cli/options.h"

#define HELP_COLUMN 28
#define LINE_END 100

/* What stands for the value: --mass GRID, --db FILE. */
static const char *value_word(const struct bd_option *option)
{
    switch (option->kind) {
    case BD_OPTION_NUMBER:
        return "NUMBER";
    case BD_OPTION_WHOLE:
        return "N";
    case BD_OPTION_GRID:
        return "NUMBER[,...]";
    case BD_OPTION_CHOICE:
        return "WORD";
    case BD_OPTION_TEXT:
    case BD_OPTION_LIST:
        return option->unit;
    case BD_OPTION_FLAG:
        break;
    }
    return "";
}

/* "GeV; 0.001 to 10; default 0.3": what the value may be. */
static void describe(const struct bd_option *option, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    if (option->kind == BD_OPTION_NUMBER || option->kind == BD_OPTION_WHOLE || option->kind == BD_OPTION_GRID)
        used += (size_t)snprintf(text, size, "; %s, %g to %g", option->unit, option->min, option->max);
    if (option->kind == BD_OPTION_GRID && used < size)
        used += (size_t)snprintf(text + used, size - used, "; or from:to:count in equal steps of the logarithm");
    for (const char *const *word = option->choices; word != NULL && *word != NULL && used < size; word++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", word == option->choices ? "; " : ", ", *word);
    if (option->kind == BD_OPTION_LIST && used < size)
        used += (size_t)snprintf(text + used, size - used, "; may be repeated");
    if (option->initial != NULL && used < size)
        used += (size_t)snprintf(text + used, size - used, "; default %s", option->initial);
    if (option->required && used < size)
        (void)snprintf(text + used, size - used, "; required");
}

/* Words of text from HELP_COLUMN on; column is where the line stands now. */
static void print_wrapped(const char *text, int column, FILE *stream)
{
    if (column + 1 > HELP_COLUMN) {
        (void)fputc('\n', stream);
        column = 0;
    }
    (void)fprintf(stream, "%*s", HELP_COLUMN - column, "");
    column = HELP_COLUMN;
    while (*text != '\0') {
        const int length = (int)strcspn(text, " ");
        if (column > HELP_COLUMN && column + 1 + length > LINE_END) {
            (void)fprintf(stream, "\n%*s", HELP_COLUMN, "");
            column = HELP_COLUMN;
        }
        column += fprintf(stream, "%s%.*s", column > HELP_COLUMN ? " " : "", length, text);
        text += length + (text[length] == ' ');
    }
    (void)fputc('\n', stream);
}

void bd_options_print(const struct bd_option *table, FILE *stream)
{
    for (; table->name != NULL; table++) {
        char details[512], text[1024];
        describe(table, details, sizeof details);
        (void)snprintf(text, sizeof text, details[0] != '\0' ? "%s [%s]" : "%s", table->help,
                       details[0] != '\0' ? details + 2 : "");
        const int column = table->positional ? fprintf(stream, "  %s", table->name)
                                             : fprintf(stream, "  --%s %s", table->name, value_word(table));
        print_wrapped(text, column, stream);
    }
}

void bd_options_print_usage(const struct bd_option *table, FILE *stream)
{
    int named = 0;
    for (const struct bd_option *option = table; option->name != NULL; option++)
        named = named || !option->positional;
    if (named)
        (void)fputs(" [OPTION...]", stream);
    for (; table->name != NULL; table++)
        if (table->positional)
            (void)fprintf(stream, table->required ? " %s%s" : " [%s%s]", table->name,
                          table->kind == BD_OPTION_LIST ? "..." : "");
}
