/* db/tables.h - private to db/: the tables of results, for the dump and the merge. */
#ifndef BD_DB_TABLES_H
#define BD_DB_TABLES_H

#include <stddef.h>

#include "db/database.h"

struct bd_table {
    const char *name;
    const char *key; /* columns of the natural key, for ORDER BY */
};

/* In an order in which no row refers to a later table; name == NULL ends the list. */
extern const struct bd_table bd_tables[];

/* "a, b, c": the columns of a table in the order of the schema, without the machine columns of run if those are
 * not wanted. */
enum bd_status bd_tables_columns(struct bd_database *db, const struct bd_table *table, int with_machine,
                                 char *columns, size_t size, struct bd_error *err) BD_MUST_CHECK;

#endif
