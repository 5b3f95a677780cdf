#include "src/core/csv.h"

#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/core/data.h"
#include "src/core/setting.h"

/* The fields of one line, as libcsv hands them over. */
struct record {
    char *next; /* where the text of the next field goes */
    char **field;
    size_t n_field, n_wanted; /* fields behind n_wanted are counted, not stored */
    int has_nul;
};

static void take_field(void *text, size_t length, void *data)
{
    struct record *record = data;
    if (record->n_field < record->n_wanted) {
        record->has_nul |= length > 0 && memchr(text, '\0', length) != NULL;
        if (length > 0)
            memcpy(record->next, text, length);
        record->next[length] = '\0';
        record->field[record->n_field] = record->next;
        record->next += length + 1;
    }
    record->n_field++;
}

static enum bd_status fail_at(const char *path, unsigned line, struct bd_error *err, const char *message)
{
    return bd_fail(err, BD_BAD_INPUT, "%s:%u: %s", path, line, message);
}

/* "mass_gev,pole_gev2": names of columns as they stand in a file. */
static void join(const char *const *names, size_t n, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < n && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i > 0 ? "," : "", names[i]);
}

static enum bd_status check_header(const struct bd_csv *csv, const char *const *columns, size_t n_found,
                                   unsigned line, struct bd_error *err)
{
    int same = n_found == csv->n_column;
    for (size_t i = 0; same && i < n_found; i++)
        same = strcmp(csv->column[i], columns[i]) == 0;
    if (same)
        return BD_OK;
    char expected[400], found[400];
    join(columns, csv->n_column, expected, sizeof expected);
    join((const char *const *)csv->column, n_found < csv->n_column ? n_found : csv->n_column, found, sizeof found);
    return bd_fail(err, BD_BAD_INPUT, "%s:%u: expected the header '%s', found '%s' (%zu columns)", csv->path, line,
                   expected, found, n_found);
}

/* One line that is neither blank nor a comment: the header, then rows. */
static enum bd_status take_line(struct bd_csv *csv, struct csv_parser *parser, const char *start, size_t length,
                                unsigned line, const char *const *columns, int *has_header, char **next,
                                struct bd_error *err)
{
    struct record record = {.next = *next, .n_wanted = csv->n_column};
    record.field = *has_header ? &csv->field[csv->n_row * csv->n_column] : csv->column;
    if (csv_parse(parser, start, length, take_field, NULL, &record) != length ||
        csv_fini(parser, take_field, NULL, &record) != 0)
        return fail_at(csv->path, line, err, "a quote is misplaced, or not closed on its line");
    if (record.has_nul)
        return fail_at(csv->path, line, err, "a NUL byte: this is not a text file");
    *next = record.next;
    if (!*has_header) {
        *has_header = 1;
        return check_header(csv, columns, record.n_field, line, err);
    }
    if (record.n_field != csv->n_column)
        return bd_fail(err, BD_BAD_INPUT, "%s:%u: expected %zu fields, found %zu", csv->path, line, csv->n_column,
                       record.n_field);
    csv->line[csv->n_row++] = line;
    return BD_OK;
}

/* Lines are cut here, not by libcsv, because it knows neither comments nor line numbers. */
static enum bd_status take_text(struct bd_csv *csv, struct csv_parser *parser, const char *text, size_t length,
                                const char *const *columns, struct bd_error *err)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    const char *const end = text + length;
    char *next = csv->text;
    int has_header = 0;
    unsigned line = 1;
    if (strncmp(text, byte_order_mark, 3) == 0)
        text += 3;
    for (const char *start = text, *stop; start < end; start = stop + 1, line++) {
        stop = memchr(start, '\n', (size_t)(end - start));
        if (stop == NULL)
            stop = end;
        const size_t n = (size_t)(stop - start) - (stop > start && stop[-1] == '\r');
        if (n > 0 && *start == '#') {
            const size_t skip = 1 + strspn(start + 1, " \t");
            const size_t left = skip < n ? n - skip : 0;
            csv->comment[csv->n_comment++] = next;
            memcpy(next, start + n - left, left);
            next[left] = '\0';
            next += left + 1;
        } else if (strspn(start, " \t") < n) {
            BD_TRY(take_line(csv, parser, start, n, line, columns, &has_header, &next, err));
        }
    }
    if (csv->n_row == 0)
        return bd_fail(err, BD_BAD_INPUT, "%s: the table has no rows", csv->path);
    return BD_OK;
}

enum bd_status bd_csv_read(const char *path, const char *const *columns, struct bd_csv **csv, struct bd_error *err)
{
    char *text;
    size_t length, n_line = 1, n_column = 1; /* at least one of each */
    BD_TRY(bd_data_read_text(path, &text, &length, err));
    for (size_t i = 0; i < length; i++)
        n_line += text[i] == '\n';
    while (columns[n_column] != NULL)
        n_column++;

    struct csv_parser parser;
    struct bd_csv *made = calloc(1, sizeof *made);
    enum bd_status status;
    if (made == NULL || csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        free(made);
        free(text);
        return bd_fail(err, BD_NO_MEMORY, "%s: out of memory", path);
    }
    made->n_column = n_column;
    made->path = strdup(path);
    made->text = malloc(length + 2); /* a field and its end take no more than the field and its comma */
    made->column = calloc(n_column, sizeof *made->column);
    made->field = calloc(n_line * n_column, sizeof *made->field);
    made->line = calloc(n_line, sizeof *made->line);
    made->comment = calloc(n_line, sizeof *made->comment);
    if (made->path != NULL && made->text != NULL && made->column != NULL && made->field != NULL &&
        made->line != NULL && made->comment != NULL)
        status = take_text(made, &parser, text, length, columns, err);
    else
        status = bd_fail(err, BD_NO_MEMORY, "%s: out of memory", path);
    csv_free(&parser);
    free(text);
    if (status != BD_OK) {
        bd_csv_free(made);
        return status;
    }
    *csv = made;
    return BD_OK;
}

enum bd_status bd_csv_number(const struct bd_csv *csv, size_t row, size_t column, double min, double max,
                             double *value, struct bd_error *err)
{
    const char *text = bd_csv_text(csv, row, column), *name = csv->column[column];
    double number;
    if (!bd_setting_parse_number(text, &number))
        return bd_csv_fail(csv, row, err, "%s: expected a number, found '%s'", name, text);
    if (number < min || number > max)
        return bd_csv_fail(csv, row, err, "%s: %g is outside the allowed range %g to %g", name, number, min, max);
    *value = number;
    return BD_OK;
}

const char *bd_csv_text(const struct bd_csv *csv, size_t row, size_t column)
{
    return csv->field[row * csv->n_column + column];
}

enum bd_status bd_csv_fail(const struct bd_csv *csv, size_t row, struct bd_error *err, const char *format, ...)
{
    char message[800];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return fail_at(csv->path, csv->line[row], err, message);
}

void bd_csv_free(struct bd_csv *csv)
{
    if (csv == NULL)
        return;
    free(csv->path);
    free(csv->text);
    free(csv->column);
    free(csv->field);
    free(csv->line);
    free(csv->comment);
    free(csv);
}
