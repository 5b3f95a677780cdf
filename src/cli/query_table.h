/* src/cli/query_table.h - the rows of an SQL statement as a table of bd_output. */
#ifndef BD_CLI_QUERY_TABLE_H
#define BD_CLI_QUERY_TABLE_H

#include "db/query.h"
#include "src/cli/options.h"

/* Run one statement and write its rows to --output in --format (BD_OPTIONS_OUTPUT). A BLOB is written as its bytes
 * in hex, in `table` only its size. A statement without columns (an UPDATE, say) writes nothing. n_row may be
 * NULL.
 */
enum bd_status bd_query_table_write(struct bd_database *db, const char *sql, int may_write,
                                    const struct bd_query_parameter *parameters, size_t n_parameter,
                                    const struct bd_options *options, size_t *n_row,
                                    struct bd_error *err) BD_MUST_CHECK;

/* One whole number, such as a count(*); 0 if there is no row. */
enum bd_status bd_query_table_count(struct bd_database *db, const char *sql,
                                    const struct bd_query_parameter *parameters, size_t n_parameter,
                                    long long *count, struct bd_error *err) BD_MUST_CHECK;

#endif
