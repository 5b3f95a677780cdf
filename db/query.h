/* db/query.h - a statement of the user: its rows go to callbacks. */
#ifndef BD_DB_QUERY_H
#define BD_DB_QUERY_H

#include <stddef.h>

#include "db/database.h"

enum bd_value_type { BD_VALUE_NULL, BD_VALUE_INTEGER, BD_VALUE_REAL, BD_VALUE_TEXT, BD_VALUE_BLOB };

struct bd_value { /* borrowed from the query: valid in the callback */
    enum bd_value_type type;
    long long integer;
    double real;
    const char *text; /* BD_VALUE_TEXT */
    const unsigned char *blob;
    size_t size; /* of text or blob */
};

struct bd_query_parameter {
    const char *name; /* "width_gev" or ":width_gev" */
    const char *text; /* bound as a number if it is one */
};

struct bd_query_sink {
    /* Called once before the rows, also when there are none. NULL: not wanted. */
    enum bd_status (*columns)(void *context, size_t n, const char *const *names, struct bd_error *err);
    enum bd_status (*row)(void *context, size_t n, const struct bd_value *values, struct bd_error *err);
    void *context;
};

/* One statement. Parameters that are not given are NULL, as in the sqlite3 shell; one that the statement has not
 * is BD_BAD_INPUT, as is a wrong statement, a second one, or one that changes the database unless may_write. A
 * callback that fails ends the query with its status. */
enum bd_status bd_query_run(struct bd_database *db, const char *sql, int may_write,
                            const struct bd_query_parameter *parameters, size_t n_parameter,
                            const struct bd_query_sink *sink, struct bd_error *err) BD_MUST_CHECK;

#endif
