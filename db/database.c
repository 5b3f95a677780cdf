#include "db/database.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/handle.h"
#include "db/schema.sql.h" /* schema_sql, made from schema.sql when the build is configured */
#include "db/sql_function.h"
#include "src/core/data.h"

#define APPLICATION_ID 1112360016 /* of schema.sql: "BMDP", tells our files from other SQLite files */
#define TIMEOUT_MS 10000

const char *bd_database_schema(void)
{
    return schema_sql;
}

const char *bd_database_path(const struct bd_database *db)
{
    return db->path;
}

/* For the effective user, who opens the file. */
static int is_allowed(const char *path, int what)
{
    return faccessat(AT_FDCWD, path, what, AT_EACCESS) == 0;
}

static int is_folder_writable(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return is_allowed(".", W_OK);
    char folder[4096];
    const int n = snprintf(folder, sizeof folder, "%.*s/", (int)(slash - path), path);
    return n > 0 && (size_t)n < sizeof folder && is_allowed(folder, W_OK);
}

enum bd_status bd_database_fail(struct bd_database *db, const char *what, struct bd_error *err)
{
    const int code = sqlite3_extended_errcode(db->handle);
    const char *words = sqlite3_errmsg(db->handle);
    const int cause = sqlite3_system_errno(db->handle);
    switch (code & 0xff) {
    case SQLITE_NOMEM:
        return bd_fail(err, BD_NO_MEMORY, "%s: out of memory", db->path);
    case SQLITE_NOTADB:
        return bd_fail(err, BD_DATABASE, "%s is not a database (no SQLite file)", db->path);
    case SQLITE_CORRUPT:
        return bd_fail(err, BD_DATABASE, "%s is damaged or cut off (%s); `sqlite3 FILE .recover` may save a part",
                       db->path, words);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return bd_fail(err, BD_DATABASE,
                       "%s is in use by another program that writes to it (%s); try again when it "
                       "has finished",
                       db->path, words);
    case SQLITE_FULL:
        return bd_fail(err, BD_DATABASE,
                       "%s: no space left (%s); what was finished before is kept: make space and "
                       "continue with --resume",
                       db->path, words);
    case SQLITE_READONLY:
        return bd_fail(err, BD_DATABASE, "%s cannot be written (%s)", db->path, words);
    case SQLITE_CANTOPEN:
        return bd_fail(err, BD_DATABASE, "%s cannot be opened: %s%s", db->path,
                       cause != 0 ? strerror(cause) : words,
                       is_folder_writable(db->path) ? "" : "; its folder does not exist or cannot be written");
    case SQLITE_IOERR:
        return bd_fail(err, BD_DATABASE, "%s: %s%s%s", db->path, words, cause != 0 ? ": " : "",
                       cause != 0 ? strerror(cause) : "");
    default:
        return bd_fail(err, BD_DATABASE, "%s: %s in: %.300s", db->path, words, what);
    }
}

enum bd_status bd_database_execute(struct bd_database *db, const char *sql, struct bd_error *err)
{
    if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
        return bd_database_fail(db, sql, err);
    return BD_OK;
}

long long bd_database_key(const char *format, ...)
{
    char text[1024]; /* a longer key is still a key of its first part; UNIQUE would tell */
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    const long long key = (long long)(bd_data_hash(BD_HASH_START, text, strlen(text)) & ((1ULL << 53) - 1));
    return key != 0 ? key : 1;
}

/* One whole number from a query of one row. */
static enum bd_status read_integer(struct bd_database *db, const char *sql, long long *value, struct bd_error *err)
{
    sqlite3_stmt *stmt;
    if (sqlite3_prepare_v2(db->handle, sql, -1, &stmt, NULL) != SQLITE_OK)
        return bd_database_fail(db, sql, err);
    const int code = sqlite3_step(stmt);
    *value = code == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
    const enum bd_status status = code == SQLITE_ROW ? BD_OK : bd_database_fail(db, sql, err);
    (void)sqlite3_finalize(stmt);
    return status;
}

/* What is in the file? is_empty: nothing yet. A change of the schema brings its migration here. */
static enum bd_status check_schema(struct bd_database *db, int *is_empty, struct bd_error *err)
{
    long long application = 0, version = 0, n_object = 0;
    BD_TRY(read_integer(db, "PRAGMA application_id", &application, err));
    BD_TRY(read_integer(db, "PRAGMA user_version", &version, err));
    BD_TRY(read_integer(db, "SELECT count(*) FROM sqlite_schema", &n_object, err));
    *is_empty = n_object == 0 && application == 0 && version == 0;
    if (*is_empty)
        return BD_OK;
    if (application != APPLICATION_ID)
        return bd_fail(err, BD_DATABASE, "%s is a database of another program, not of beamdump", db->path);
    if (version > BD_SCHEMA_VERSION)
        return bd_fail(
            err, BD_DATABASE,
            "%s has version %lld of the tables, this program knows version %d: it needs a newer beamdump",
            db->path, version, BD_SCHEMA_VERSION);
    if (version < BD_SCHEMA_VERSION)
        return bd_fail(err, BD_DATABASE,
                       "%s has version %lld of the tables, this program version %d: it was written by an older "
                       "beamdump and cannot be brought up to date; repeat the scan with another --db",
                       db->path, version, BD_SCHEMA_VERSION);
    return BD_OK;
}

/* Two programs may find the same empty file: the second one waits, and finds the tables. */
static enum bd_status create_schema(struct bd_database *db, struct bd_error *err)
{
    BD_TRY(bd_database_begin(db, err));
    int is_empty = 0;
    enum bd_status status = check_schema(db, &is_empty, err);
    if (status == BD_OK && is_empty)
        status = bd_database_execute(db, schema_sql, err);
    return bd_database_end(db, status, err);
}

/* A file in WAL mode cannot be read in a folder where no shared memory file can be made, unless SQLite is promised
 * that nobody writes. That is so if the folder cannot be written and no log lies beside the file. */
static int is_unchangeable(const char *path)
{
    char log[4096];
    const int n = snprintf(log, sizeof log, "%s-wal", path);
    return n > 0 && (size_t)n < sizeof log && is_allowed(path, R_OK) && !is_allowed(log, F_OK) &&
           !is_folder_writable(path);
}

static int open_handle(const char *path, enum bd_database_mode mode, sqlite3 **handle)
{
    if (mode == BD_DATABASE_CREATE)
        return sqlite3_open_v2(path, handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    if (mode == BD_DATABASE_WRITE)
        return sqlite3_open_v2(path, handle, SQLITE_OPEN_READWRITE, NULL);
    if (!is_unchangeable(path))
        return sqlite3_open_v2(path, handle, SQLITE_OPEN_READONLY, NULL);
    char *uri = malloc(3 * strlen(path) + sizeof "file:?immutable=1");
    if (uri == NULL)
        return SQLITE_NOMEM;
    char *end = uri + sprintf(uri, "file:");
    for (const char *c = path; *c != '\0'; c++)
        end += strchr("%?#", *c) != NULL ? sprintf(end, "%%%02X", (unsigned)*c) : sprintf(end, "%c", *c);
    (void)sprintf(end, "?immutable=1");
    const int code = sqlite3_open_v2(uri, handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
    free(uri);
    return code;
}

static enum bd_status prepare_database(struct bd_database *db, enum bd_database_mode mode, struct bd_error *err)
{
    (void)sqlite3_extended_result_codes(db->handle, 1);
    (void)sqlite3_busy_timeout(db->handle, TIMEOUT_MS);
    BD_TRY(bd_database_execute(db, "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF", err));
    int is_empty = 0; /* first of all, so that a file of somebody else is not touched */
    BD_TRY(check_schema(db, &is_empty, err));
    if (is_empty && mode != BD_DATABASE_CREATE)
        return bd_fail(err, BD_DATABASE, "%s is empty, no database of beamdump", db->path);
    if (mode != BD_DATABASE_READ)
        /* NORMAL: a killed program loses nothing, a power cut at most the last tasks, never the file. */
        BD_TRY(bd_database_execute(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", err));
    if (is_empty)
        BD_TRY(create_schema(db, err));
    return bd_sql_function_register(db, err);
}

enum bd_status bd_database_open(const char *path, enum bd_database_mode mode, struct bd_database **db,
                                struct bd_error *err)
{
    if (path == NULL || *path == '\0') /* SQLite would open a nameless file and delete it at the end */
        return bd_fail(err, BD_BAD_INPUT, "the name of the database is empty");
    struct bd_database *created = calloc(1, sizeof *created);
    if (created != NULL)
        created->path = strdup(path);
    if (created == NULL || created->path == NULL) {
        free(created);
        return bd_fail(err, BD_NO_MEMORY, "%s: out of memory", path);
    }
    enum bd_status status;
    if (open_handle(path, mode, &created->handle) != SQLITE_OK)
        status = created->handle == NULL ? bd_fail(err, BD_NO_MEMORY, "%s: out of memory", path)
                                         : bd_database_fail(created, "open", err);
    else
        status = prepare_database(created, mode, err);
    if (status != BD_OK) {
        bd_database_close(created);
        return status;
    }
    *db = created;
    return BD_OK;
}

void bd_database_close(struct bd_database *db)
{
    if (db == NULL)
        return;
    (void)sqlite3_finalize(db->kernel_lookup);
    (void)sqlite3_close(db->handle); /* checkpoints the log; what was committed is in the file or in the log */
    free(db->path);
    free(db);
}

void bd_database_set_timeout(struct bd_database *db, int milliseconds)
{
    (void)sqlite3_busy_timeout(db->handle, milliseconds);
}

/* IMMEDIATE: wait for other writers here, not in the middle of the work. */
enum bd_status bd_database_begin(struct bd_database *db, struct bd_error *err)
{
    return bd_database_execute(db, "BEGIN IMMEDIATE", err);
}

enum bd_status bd_database_end(struct bd_database *db, enum bd_status status, struct bd_error *err)
{
    if (status == BD_OK)
        status = bd_database_execute(db, "COMMIT", err);
    if (!sqlite3_get_autocommit(db->handle)) /* SQLite undoes some failures itself, a full disk for one */
        (void)sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

/* One kind of fault a row: pages, indices and CHECKs, then references. */
#define FAULTS_MAX "100000"
static const char *const fault_sql[] = {
    "SELECT integrity_check || iif(count(*) > 1, ', ' || count(*) || ' times', '')"
    " FROM pragma_integrity_check(" FAULTS_MAX ") WHERE integrity_check <> 'ok' GROUP BY integrity_check",
    "SELECT iif(count(*) = 1, 'a row of ' || \"table\" || ' refers', count(*) || ' rows of ' || \"table\" || ' "
    "refer')"
    " || ' to a missing row of ' || parent FROM pragma_foreign_key_check GROUP BY \"table\", parent",
};

static enum bd_status report_faults(struct bd_database *db, const char *sql,
                                    void (*report)(void *context, const char *fault), void *context, char *first,
                                    size_t size, size_t *n, struct bd_error *err)
{
    sqlite3_stmt *stmt;
    if (sqlite3_prepare_v2(db->handle, sql, -1, &stmt, NULL) != SQLITE_OK)
        return bd_database_fail(db, "check", err);
    int code;
    for (; (code = sqlite3_step(stmt)) == SQLITE_ROW; ++*n) {
        const char *fault = (const char *)sqlite3_column_text(stmt, 0);
        if (fault == NULL)
            break;
        if (*n == 0)
            (void)snprintf(first, size, "%s", fault);
        if (report != NULL)
            report(context, fault);
    }
    const enum bd_status status = code == SQLITE_DONE ? BD_OK : bd_database_fail(db, "check", err);
    (void)sqlite3_finalize(stmt);
    return status;
}

/* SQLite does not look at CHECKs where it may not write, and a check must not write: it is done on a copy. */
static enum bd_status copy_to_memory(struct bd_database *db, struct bd_database *copy, struct bd_error *err)
{
    if (sqlite3_open(":memory:", &copy->handle) != SQLITE_OK)
        return bd_fail(err, BD_NO_MEMORY, "%s: out of memory", db->path);
    sqlite3_backup *backup = sqlite3_backup_init(copy->handle, "main", db->handle, "main");
    if (backup != NULL)
        (void)sqlite3_backup_step(backup, -1);
    return backup != NULL && sqlite3_backup_finish(backup) == SQLITE_OK ? BD_OK
                                                                        : bd_database_fail(copy, "copy", err);
}

enum bd_status bd_database_check(struct bd_database *db, void (*report)(void *context, const char *fault),
                                 void *context, struct bd_error *err)
{
    struct bd_database copy = {.path = db->path};
    char first[512] = "";
    size_t n = 0;
    enum bd_status status = copy_to_memory(db, &copy, err);
    for (size_t i = 0; i < sizeof fault_sql / sizeof fault_sql[0] && status == BD_OK; i++)
        status = report_faults(&copy, fault_sql[i], report, context, first, sizeof first, &n, err);
    (void)sqlite3_close(copy.handle);
    BD_TRY(status);
    if (n > 1)
        return bd_fail(err, BD_DATABASE, "%s is damaged: %zu faults, the first: %s", db->path, n, first);
    return n == 0 ? BD_OK : bd_fail(err, BD_DATABASE, "%s is damaged: %s", db->path, first);
}
