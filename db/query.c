#include "db/query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/handle.h"
#include "src/core/setting.h"

/* The statement, and nothing but blanks and comments behind it. */
static enum bd_status prepare_one(struct bd_database *db, const char *sql, sqlite3_stmt **stmt,
                                  struct bd_error *err)
{
    const char *rest;
    if (sqlite3_prepare_v2(db->handle, sql, -1, stmt, &rest) != SQLITE_OK)
        return bd_fail(err, BD_BAD_INPUT, "SQL: %s", sqlite3_errmsg(db->handle));
    if (*stmt == NULL)
        return bd_fail(err, BD_BAD_INPUT, "SQL: there is no statement in '%.80s'", sql);
    sqlite3_stmt *second = NULL;
    const int code = sqlite3_prepare_v2(db->handle, rest, -1, &second, NULL);
    const int is_alone = code == SQLITE_OK && second == NULL;
    (void)sqlite3_finalize(second);
    if (!is_alone)
        return bd_fail(err, BD_BAD_INPUT, "SQL: one statement at a time; behind the first: '%.80s'", rest);
    return BD_OK;
}

static int find_parameter(sqlite3_stmt *stmt, const char *name)
{
    static const char prefixes[] = ":@$";
    char full[128];
    int index = sqlite3_bind_parameter_index(stmt, name);
    for (const char *prefix = prefixes; index == 0 && *prefix != '\0'; prefix++) {
        const int n = snprintf(full, sizeof full, "%c%s", *prefix, name);
        if (n > 0 && (size_t)n < sizeof full)
            index = sqlite3_bind_parameter_index(stmt, full);
    }
    return index;
}

static enum bd_status bind_parameter(struct bd_database *db, sqlite3_stmt *stmt,
                                     const struct bd_query_parameter *parameter, struct bd_error *err)
{
    const int index = find_parameter(stmt, parameter->name);
    if (index == 0) {
        char known[256] = "";
        size_t used = 0;
        for (int i = 1; i <= sqlite3_bind_parameter_count(stmt) && used < sizeof known; i++) {
            const char *name = sqlite3_bind_parameter_name(stmt, i);
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", used > 0 ? ", " : "",
                                     name != NULL ? name : "?");
        }
        return bd_fail(err, BD_BAD_INPUT, "SQL: the statement has no parameter '%s'; it has: %s", parameter->name,
                       used > 0 ? known : "none");
    }
    double number;
    const int code = bd_setting_parse_number(parameter->text, &number)
                         ? sqlite3_bind_double(stmt, index, number)
                         : sqlite3_bind_text(stmt, index, parameter->text, -1, SQLITE_TRANSIENT);
    return code == SQLITE_OK ? BD_OK : bd_database_fail(db, parameter->name, err);
}

static struct bd_value read_value(sqlite3_stmt *stmt, int column)
{
    struct bd_value value = {.type = BD_VALUE_NULL};
    switch (sqlite3_column_type(stmt, column)) {
    case SQLITE_INTEGER:
        value.type = BD_VALUE_INTEGER;
        value.integer = sqlite3_column_int64(stmt, column);
        value.real = (double)value.integer;
        break;
    case SQLITE_FLOAT:
        value.type = BD_VALUE_REAL;
        value.real = sqlite3_column_double(stmt, column);
        break;
    case SQLITE_TEXT:
        value.type = BD_VALUE_TEXT;
        value.text = (const char *)sqlite3_column_text(stmt, column);
        value.size = (size_t)sqlite3_column_bytes(stmt, column);
        break;
    case SQLITE_BLOB:
        value.type = BD_VALUE_BLOB;
        value.blob = sqlite3_column_blob(stmt, column);
        value.size = (size_t)sqlite3_column_bytes(stmt, column);
        break;
    default:
        break;
    }
    return value;
}

static enum bd_status deliver_columns(sqlite3_stmt *stmt, size_t n, const struct bd_query_sink *sink,
                                      struct bd_error *err)
{
    if (sink->columns == NULL || n == 0)
        return BD_OK;
    const char **names = malloc(n * sizeof *names);
    if (names == NULL)
        return bd_fail(err, BD_NO_MEMORY, "SQL: out of memory");
    for (size_t i = 0; i < n; i++)
        names[i] = sqlite3_column_name(stmt, (int)i);
    const enum bd_status status = sink->columns(sink->context, n, names, err);
    free(names);
    return status;
}

static enum bd_status deliver_rows(struct bd_database *db, sqlite3_stmt *stmt, const struct bd_query_sink *sink,
                                   struct bd_error *err)
{
    const size_t n = (size_t)sqlite3_column_count(stmt);
    BD_TRY(deliver_columns(stmt, n, sink, err));
    struct bd_value *values = calloc(n + 1, sizeof *values);
    if (values == NULL)
        return bd_fail(err, BD_NO_MEMORY, "SQL: out of memory");
    enum bd_status status = BD_OK;
    int code = SQLITE_ROW;
    while (status == BD_OK && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
        for (size_t i = 0; i < n; i++)
            values[i] = read_value(stmt, (int)i);
        if (sink->row != NULL)
            status = sink->row(sink->context, n, values, err);
    }
    free(values);
    if (status == BD_OK && code != SQLITE_DONE)
        status = bd_database_fail(db, sqlite3_sql(stmt), err);
    return status;
}

enum bd_status bd_query_run(struct bd_database *db, const char *sql, int may_write,
                            const struct bd_query_parameter *parameters, size_t n_parameter,
                            const struct bd_query_sink *sink, struct bd_error *err)
{
    sqlite3_stmt *stmt = NULL;
    enum bd_status status = prepare_one(db, sql, &stmt, err);
    if (status == BD_OK && !may_write && !sqlite3_stmt_readonly(stmt))
        status = bd_fail(err, BD_BAD_INPUT, "SQL: the statement would change %s", db->path);
    for (size_t i = 0; status == BD_OK && i < n_parameter; i++)
        status = bind_parameter(db, stmt, &parameters[i], err);
    if (status == BD_OK)
        status = deliver_rows(db, stmt, sink, err);
    (void)sqlite3_finalize(stmt);
    return status;
}
