#include "db/dump.h"

#include "db/query.h"
#include "db/tables.h"

/* Quoted, one line whatever is in it. */
static void write_text(FILE *out, const char *text, size_t size)
{
    (void)fputc('"', out);
    for (size_t i = 0; i < size; i++) {
        const unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\')
            (void)fprintf(out, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            (void)fprintf(out, "\\x%02x", c);
        else
            (void)fputc(c, out);
    }
    (void)fputc('"', out);
}

static enum bd_status write_row(void *context, size_t n, const struct bd_value *values, struct bd_error *err)
{
    FILE *out = context;
    (void)err;
    for (size_t i = 0; i < n; i++) {
        const struct bd_value *value = &values[i];
        if (i > 0)
            (void)fputc('|', out);
        switch (value->type) {
        case BD_VALUE_NULL:
            (void)fputs("NULL", out);
            break;
        case BD_VALUE_INTEGER:
            (void)fprintf(out, "%lld", value->integer);
            break;
        case BD_VALUE_REAL:
            (void)fprintf(out, "%a", value->real);
            break;
        case BD_VALUE_TEXT:
            write_text(out, value->text, value->size);
            break;
        case BD_VALUE_BLOB:
            for (size_t k = 0; k < value->size; k++)
                (void)fprintf(out, "%02x", value->blob[k]);
            break;
        }
    }
    (void)fputc('\n', out);
    return BD_OK;
}

static enum bd_status write_table(struct bd_database *db, const struct bd_table *table, FILE *out,
                                  struct bd_error *err)
{
    char columns[1024], sql[2048];
    BD_TRY(bd_tables_columns(db, table, 0, columns, sizeof columns, err));
    (void)fprintf(out, "# %s: %s\n", table->name, columns);
    (void)snprintf(sql, sizeof sql, "SELECT %s FROM %s ORDER BY %s", columns, table->name, table->key);
    const struct bd_query_sink sink = {.row = write_row, .context = out};
    return bd_query_run(db, sql, 0, NULL, 0, &sink, err);
}

enum bd_status bd_dump_write(struct bd_database *db, FILE *out, struct bd_error *err)
{
    (void)fprintf(out, "# user_version %d\n", BD_SCHEMA_VERSION); /* bd_database_open accepts no other */
    for (const struct bd_table *table = bd_tables; table->name != NULL; table++)
        BD_TRY(write_table(db, table, out, err));
    if (fflush(out) != 0 || ferror(out))
        return bd_fail(err, BD_IO, "the dump of %s cannot be written", bd_database_path(db));
    return BD_OK;
}
