#include "db/statement.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "db/blob.h"
#include "db/handle.h"

struct bd_statement {
    struct bd_database *db; /* borrowed */
    sqlite3_stmt *handle;   /* owned */
};

enum bd_status bd_statement_prepare(struct bd_database *db, const char *sql, struct bd_statement **stmt,
                                    struct bd_error *err)
{
    struct bd_statement *created = malloc(sizeof *created);
    if (created == NULL)
        return bd_fail(err, BD_NO_MEMORY, "%s: out of memory", db->path);
    *created = (struct bd_statement){.db = db};
    if (sqlite3_prepare_v2(db->handle, sql, -1, &created->handle, NULL) != SQLITE_OK) {
        free(created);
        return bd_database_fail(db, "prepare", err);
    }
    *stmt = created;
    return BD_OK;
}

void bd_statement_free(struct bd_statement *stmt)
{
    if (stmt == NULL)
        return;
    (void)sqlite3_finalize(stmt->handle); /* repeats the error of the last step */
    free(stmt);
}

/* Parameters are bound by name, so a new column cannot shift the others. */
static int parameter(struct bd_statement *stmt, const char *name)
{
    return sqlite3_bind_parameter_index(stmt->handle, name); /* 0 if unknown: the bind reports it */
}

static enum bd_status bound(struct bd_statement *stmt, const char *name, int code, struct bd_error *err)
{
    if (code == SQLITE_OK)
        return BD_OK;
    return bd_fail(err, code == SQLITE_NOMEM ? BD_NO_MEMORY : BD_DATABASE, "%s: bind %s: %s in: %s",
                   stmt->db->path, name, sqlite3_errstr(code), sqlite3_sql(stmt->handle));
}

enum bd_status bd_statement_bind_double(struct bd_statement *stmt, const char *name, double value,
                                        struct bd_error *err)
{
    if (!isfinite(value)) /* SQLite would store NaN as NULL and hide the mistake */
        return bd_fail(err, BD_NUMERIC, "%s: %s is %g in: %.200s", stmt->db->path, name, value,
                       sqlite3_sql(stmt->handle));
    return bound(stmt, name, sqlite3_bind_double(stmt->handle, parameter(stmt, name), value), err);
}

enum bd_status bd_statement_bind_optional(struct bd_statement *stmt, const char *name, double value,
                                          struct bd_error *err)
{
    return isnan(value) ? bd_statement_bind_null(stmt, name, err)
                        : bd_statement_bind_double(stmt, name, value, err);
}

enum bd_status bd_statement_bind_integer(struct bd_statement *stmt, const char *name, long long value,
                                         struct bd_error *err)
{
    return bound(stmt, name, sqlite3_bind_int64(stmt->handle, parameter(stmt, name), value), err);
}

enum bd_status bd_statement_bind_null(struct bd_statement *stmt, const char *name, struct bd_error *err)
{
    return bound(stmt, name, sqlite3_bind_null(stmt->handle, parameter(stmt, name)), err);
}

enum bd_status bd_statement_bind_text(struct bd_statement *stmt, const char *name, const char *text,
                                      struct bd_error *err)
{
    return bound(stmt, name, sqlite3_bind_text(stmt->handle, parameter(stmt, name), text, -1, SQLITE_TRANSIENT),
                 err);
}

enum bd_status bd_statement_bind_doubles(struct bd_statement *stmt, const char *name, const double *values,
                                         size_t n, struct bd_error *err)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(values[i]))
            return bd_fail(err, BD_NUMERIC, "%s: %s[%zu] is %g", stmt->db->path, name, i, values[i]);
    unsigned char *bytes = malloc(8 * n + 1); /* + 1: an empty array is no failure */
    if (bytes == NULL)
        return bd_fail(err, BD_NO_MEMORY, "%s: out of memory", stmt->db->path);
    bd_blob_put(values, n, bytes);
    /* SQLite frees bytes, also when the bind fails. */
    return bound(stmt, name, sqlite3_bind_blob64(stmt->handle, parameter(stmt, name), bytes, 8 * n, free), err);
}

enum bd_status bd_statement_step(struct bd_statement *stmt, int *row, struct bd_error *err)
{
    const int code = sqlite3_step(stmt->handle);
    *row = code == SQLITE_ROW;
    if (code == SQLITE_ROW || code == SQLITE_DONE)
        return BD_OK;
    const enum bd_status status = bd_database_fail(stmt->db, sqlite3_sql(stmt->handle), err);
    (void)sqlite3_reset(stmt->handle); /* a failed statement would hold its locks */
    return status;
}

enum bd_status bd_statement_run(struct bd_statement *stmt, struct bd_error *err)
{
    int row;
    BD_TRY(bd_statement_step(stmt, &row, err));
    bd_statement_reset(stmt);
    return BD_OK;
}

int bd_statement_changes(const struct bd_statement *stmt)
{
    return sqlite3_changes(stmt->db->handle);
}

void bd_statement_reset(struct bd_statement *stmt)
{
    (void)sqlite3_reset(stmt->handle); /* repeats the error of the last step, which was reported */
}

double bd_statement_double(struct bd_statement *stmt, int column)
{
    if (sqlite3_column_type(stmt->handle, column) == SQLITE_NULL)
        return NAN;
    return sqlite3_column_double(stmt->handle, column);
}

long long bd_statement_integer(struct bd_statement *stmt, int column, long long if_null)
{
    if (sqlite3_column_type(stmt->handle, column) == SQLITE_NULL)
        return if_null;
    return sqlite3_column_int64(stmt->handle, column);
}

const char *bd_statement_text(struct bd_statement *stmt, int column)
{
    const unsigned char *text = sqlite3_column_text(stmt->handle, column);
    return text == NULL ? "" : (const char *)text;
}

enum bd_status bd_statement_copy_text(struct bd_statement *stmt, int column, char *text, size_t size,
                                      struct bd_error *err)
{
    const char *stored = bd_statement_text(stmt, column);
    const size_t length = strlen(stored);
    if (length >= size)
        return bd_fail(err, BD_DATABASE, "%s: %s '%.80s' is longer than %zu characters", stmt->db->path,
                       sqlite3_column_name(stmt->handle, column), stored, size - 1);
    memcpy(text, stored, length + 1);
    return BD_OK;
}

enum bd_status bd_statement_doubles(struct bd_statement *stmt, int column, double *values, size_t n,
                                    struct bd_error *err)
{
    const void *bytes = sqlite3_column_blob(stmt->handle, column); /* before the size: it may convert */
    const size_t size = (size_t)sqlite3_column_bytes(stmt->handle, column);
    if (size != 8 * n || bytes == NULL)
        return bd_fail(err, BD_DATABASE, "%s: %s has %zu bytes instead of %zu", stmt->db->path,
                       sqlite3_column_name(stmt->handle, column), size, 8 * n);
    bd_blob_get(bytes, n, values);
    return BD_OK;
}
