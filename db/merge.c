#include "db/merge.h"

#include <stdio.h>

#include "db/handle.h"
#include "db/query.h"
#include "db/statement.h"
#include "db/tables.h"

struct conflict { /* what the message needs */
    const char *path, *other_path;
    const struct bd_table *table;
};

static enum bd_status report_conflict(void *context, size_t n, const struct bd_value *key, struct bd_error *err)
{
    const struct conflict *conflict = context;
    char text[512] = "";
    size_t used = 0;
    for (size_t i = 0; i < n && used < sizeof text; i++) {
        const char *comma = i > 0 ? ", " : "";
        used += (size_t)(key[i].type == BD_VALUE_TEXT
                             ? snprintf(text + used, sizeof text - used, "%s%s", comma, key[i].text)
                             : snprintf(text + used, sizeof text - used, "%s%.10g", comma, key[i].real));
    }
    return bd_fail(err, BD_DATABASE, "%s and %s differ in table %s, (%s) = (%s): nothing was merged",
                   conflict->path, conflict->other_path, conflict->table->name, conflict->table->key, text);
}

/* The words of the SQL come from the table list and the schema, never from a user. */
static enum bd_status check_conflicts(struct bd_database *db, const struct bd_table *table, const char *other_path,
                                      struct bd_error *err)
{
    char columns[1024], sql[4096];
    BD_TRY(bd_tables_columns(db, table, 0, columns, sizeof columns, err));
    (void)snprintf(sql, sizeof sql,
                   "SELECT %s FROM (SELECT %s FROM other.%s WHERE (%s) IN (SELECT %s FROM main.%s)"
                   " EXCEPT SELECT %s FROM main.%s) LIMIT 1",
                   table->key, columns, table->name, table->key, table->key, table->name, columns, table->name);
    struct conflict conflict = {db->path, other_path, table};
    const struct bd_query_sink sink = {.row = report_conflict, .context = &conflict};
    return bd_query_run(db, sql, 0, NULL, 0, &sink, err);
}

static enum bd_status copy_missing(struct bd_database *db, const struct bd_table *table, struct bd_error *err)
{
    char columns[1024], sql[4096];
    BD_TRY(bd_tables_columns(db, table, 1, columns, sizeof columns, err));
    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO main.%s (%s) SELECT %s FROM other.%s WHERE (%s) NOT IN (SELECT %s FROM main.%s)",
                   table->name, columns, columns, table->name, table->key, table->key, table->name);
    return bd_database_execute(db, sql, err);
}

/* A run is finished if it was in the other file, or if all of its tasks are here now. */
static const char finish_runs_sql[] =
    "UPDATE main.run SET end_utc = coalesce("
    "    (SELECT o.end_utc FROM other.run AS o WHERE o.run = main.run.run),"
    "    CASE WHEN n_task <= (SELECT count(*) FROM (SELECT DISTINCT decay, mass_gev FROM main.kernel AS k"
    "                         JOIN main.channel USING (channel) WHERE k.run = main.run.run))"
    "         THEN strftime('%Y-%m-%dT%H:%M:%SZ', 'now') END)"
    " WHERE end_utc IS NULL";

static enum bd_status merge_attached(struct bd_database *db, const char *other_path, struct bd_error *err)
{
    for (const struct bd_table *table = bd_tables; table->name != NULL; table++)
        BD_TRY(check_conflicts(db, table, other_path, err));
    for (const struct bd_table *table = bd_tables; table->name != NULL; table++)
        BD_TRY(copy_missing(db, table, err));
    return bd_database_execute(db, finish_runs_sql, err);
}

static enum bd_status attach(struct bd_database *db, const char *path, struct bd_error *err)
{
    struct bd_statement *stmt;
    BD_TRY(bd_statement_prepare(db, "ATTACH :path AS other", &stmt, err));
    enum bd_status status = bd_statement_bind_text(stmt, ":path", path, err);
    if (status == BD_OK)
        status = bd_statement_run(stmt, err);
    bd_statement_free(stmt);
    return status;
}

enum bd_status bd_merge_database(struct bd_database *db, const char *other_path, struct bd_error *err)
{
    /* Opened by itself first: that checks that it is there, whole, and of our version. */
    struct bd_database *other;
    BD_TRY(bd_database_open(other_path, BD_DATABASE_READ, &other, err));
    bd_database_close(other);
    BD_TRY(attach(db, other_path, err));
    enum bd_status status = bd_database_begin(db, err);
    if (status == BD_OK)
        status = bd_database_end(db, merge_attached(db, other_path, err), err);
    if (sqlite3_exec(db->handle, "DETACH other", NULL, NULL, NULL) != SQLITE_OK && status == BD_OK)
        status = bd_database_fail(db, "DETACH", err);
    return status;
}
