/* db/handle.h - private to db/: what is inside a database, and the words for its failures. */
#ifndef BD_DB_HANDLE_H
#define BD_DB_HANDLE_H

#include <sqlite3.h>

#include "db/database.h"

struct bd_database {
    char *path;                  /* owned, as the user wrote it */
    sqlite3 *handle;             /* owned */
    sqlite3_stmt *kernel_lookup; /* owned by the SQL functions (db/sql_function.c); NULL until the first use */
};

/* The last failure of SQLite, with the file and what to do about it. */
enum bd_status bd_database_fail(struct bd_database *db, const char *what, struct bd_error *err);

/* Run constant SQL without parameters and results. */
enum bd_status bd_database_execute(struct bd_database *db, const char *sql, struct bd_error *err) BD_MUST_CHECK;

/* Key of a row from its natural key: a hash of the text, 53 bits, never 0. */
long long bd_database_key(const char *format, ...) BD_PRINTF(1, 2);

#endif
