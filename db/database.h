/* db/database.h - a database file: open, check, transactions.
 *
 * One file holds every number the program produced (db/schema.sql). Only db/ sees SQLite. All messages name the
 * file. */
#ifndef BD_DB_DATABASE_H
#define BD_DB_DATABASE_H

#include "src/core/error.h"

#define BD_SCHEMA_VERSION 2 /* PRAGMA user_version of schema.sql */

struct bd_database;

enum bd_database_mode {
    BD_DATABASE_READ,   /* must exist; nothing can be changed */
    BD_DATABASE_WRITE,  /* must exist */
    BD_DATABASE_CREATE, /* made if it does not exist */
};

/* A file with version 1 of the tables is read as it is and brought up to date when it is opened for writing.
 * BD_DATABASE: not there, no SQLite file, not ours, another version of the schema, damaged, locked. */
enum bd_status bd_database_open(const char *path, enum bd_database_mode mode, struct bd_database **db,
                                struct bd_error *err) BD_MUST_CHECK;
void bd_database_close(struct bd_database *db); /* accepts NULL */

const char *bd_database_path(const struct bd_database *db);
/* The text of schema.sql. */
const char *bd_database_schema(void);

/* How long to wait for another writer; 10 s unless set. */
void bd_database_set_timeout(struct bd_database *db, int milliseconds);

/* Everything between begin and end is stored, or nothing is: end commits if status is BD_OK, undoes it otherwise,
 * and returns status or its own failure. */
enum bd_status bd_database_begin(struct bd_database *db, struct bd_error *err) BD_MUST_CHECK;
enum bd_status bd_database_end(struct bd_database *db, enum bd_status status, struct bd_error *err) BD_MUST_CHECK;

/* Read all of it: pages, indices, CHECKs, foreign keys. Every fault goes to report, if that is not NULL.
 * BD_DATABASE says how many there are and names the first. */
enum bd_status bd_database_check(struct bd_database *db, void (*report)(void *context, const char *fault),
                                 void *context, struct bd_error *err) BD_MUST_CHECK;

#endif
