#include "src/cli/query_table.h"

#include <stdio.h>
#include <stdlib.h>

#include "src/cli/output.h"

struct table {
    const struct bd_options *options;
    enum bd_format format;
    struct bd_output *output; /* from the first column on */
    size_t n_row;
};

static enum bd_status open_table(void *context, size_t n, const char *const *names, struct bd_error *err)
{
    struct table *table = context;
    struct bd_column *column = calloc(n, sizeof *column);
    if (column == NULL)
        return bd_fail(err, BD_NO_MEMORY, "SQL: out of memory");
    for (size_t i = 0; i < n; i++)
        column[i] = (struct bd_column){names[i], BD_COLUMN_ANY}; /* SQLite knows the type of a value only */
    const enum bd_status status = bd_output_open(table->options, column, n, &table->output, err);
    free(column);
    return status;
}

static enum bd_status write_blob(const struct table *table, const struct bd_value *value, struct bd_error *err)
{
    if (table->format == BD_FORMAT_TABLE) {
        char text[48];
        (void)snprintf(text, sizeof text, "<%zu bytes>", value->size);
        bd_output_text(table->output, text);
        return BD_OK;
    }
    char *hex = malloc(2 * value->size + 1);
    if (hex == NULL)
        return bd_fail(err, BD_NO_MEMORY, "SQL: out of memory");
    hex[0] = '\0';
    for (size_t i = 0; i < value->size; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", value->blob[i]);
    bd_output_text(table->output, hex);
    free(hex);
    return BD_OK;
}

static enum bd_status write_row(void *context, size_t n, const struct bd_value *values, struct bd_error *err)
{
    struct table *table = context;
    for (size_t i = 0; i < n; i++) {
        switch (values[i].type) {
        case BD_VALUE_NULL:
            bd_output_empty(table->output);
            break;
        case BD_VALUE_INTEGER:
            bd_output_integer(table->output, values[i].integer);
            break;
        case BD_VALUE_REAL:
            bd_output_number(table->output, values[i].real);
            break;
        case BD_VALUE_TEXT:
            bd_output_text(table->output, values[i].text);
            break;
        case BD_VALUE_BLOB:
            BD_TRY(write_blob(table, &values[i], err));
            break;
        }
    }
    table->n_row++;
    return BD_OK;
}

enum bd_status bd_query_table_write(struct bd_database *db, const char *sql, int may_write,
                                    const struct bd_query_parameter *parameters, size_t n_parameter,
                                    const struct bd_options *options, size_t *n_row, struct bd_error *err)
{
    struct table table = {options, (enum bd_format)bd_options_choice(options, "format"), NULL, 0};
    const struct bd_query_sink sink = {open_table, write_row, &table};
    enum bd_status status = bd_query_run(db, sql, may_write, parameters, n_parameter, &sink, err);
    status = bd_output_close(table.output, status, err);
    if (n_row != NULL)
        *n_row = table.n_row;
    return status;
}

static enum bd_status read_count(void *context, size_t n, const struct bd_value *values, struct bd_error *err)
{
    (void)err;
    if (n > 0)
        *(long long *)context = values[0].integer;
    return BD_OK;
}

enum bd_status bd_query_table_count(struct bd_database *db, const char *sql,
                                    const struct bd_query_parameter *parameters, size_t n_parameter,
                                    long long *count, struct bd_error *err)
{
    *count = 0;
    const struct bd_query_sink sink = {.row = read_count, .context = count};
    return bd_query_run(db, sql, 0, parameters, n_parameter, &sink, err);
}
