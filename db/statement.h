/* db/statement.h - prepared statements: constant SQL, parameters bound by name, NaN refused.
 *
 * BLOBs of numbers are little-endian doubles, so every bit is kept and files move between machines. */
#ifndef BD_DB_STATEMENT_H
#define BD_DB_STATEMENT_H

#include <stddef.h>

#include "db/database.h"

struct bd_statement;

enum bd_status bd_statement_prepare(struct bd_database *db, const char *sql, struct bd_statement **stmt,
                                    struct bd_error *err) BD_MUST_CHECK;
void bd_statement_free(struct bd_statement *stmt); /* accepts NULL */

/* name: ":mass_gev". BD_NUMERIC: NaN or infinite; BD_DATABASE: no such parameter. */
enum bd_status bd_statement_bind_double(struct bd_statement *stmt, const char *name, double value,
                                        struct bd_error *err) BD_MUST_CHECK;
/* NaN is stored as NULL: for columns where NULL has a meaning. */
enum bd_status bd_statement_bind_optional(struct bd_statement *stmt, const char *name, double value,
                                          struct bd_error *err) BD_MUST_CHECK;
enum bd_status bd_statement_bind_integer(struct bd_statement *stmt, const char *name, long long value,
                                         struct bd_error *err) BD_MUST_CHECK;
enum bd_status bd_statement_bind_null(struct bd_statement *stmt, const char *name,
                                      struct bd_error *err) BD_MUST_CHECK;
enum bd_status bd_statement_bind_text(struct bd_statement *stmt, const char *name, const char *text,
                                      struct bd_error *err) BD_MUST_CHECK; /* text is copied */
enum bd_status bd_statement_bind_doubles(struct bd_statement *stmt, const char *name, const double *values,
                                         size_t n, struct bd_error *err) BD_MUST_CHECK;

/* row: 1 if there is a row to read, 0 at the end. */
enum bd_status bd_statement_step(struct bd_statement *stmt, int *row, struct bd_error *err) BD_MUST_CHECK;
/* Run a statement without results; it can be bound and run again. */
enum bd_status bd_statement_run(struct bd_statement *stmt, struct bd_error *err) BD_MUST_CHECK;
/* Rows changed by the last run. */
int bd_statement_changes(const struct bd_statement *stmt);
/* Back to the start; parameters keep their values. */
void bd_statement_reset(struct bd_statement *stmt);

/* Columns of the current row, from 0. Text is borrowed until the next step. */
double bd_statement_double(struct bd_statement *stmt, int column); /* NaN for NULL */
long long bd_statement_integer(struct bd_statement *stmt, int column, long long if_null);
const char *bd_statement_text(struct bd_statement *stmt, int column); /* "" for NULL */
/* Copy of a text into a field of a struct. BD_DATABASE: too long. */
enum bd_status bd_statement_copy_text(struct bd_statement *stmt, int column, char *text, size_t size,
                                      struct bd_error *err) BD_MUST_CHECK;
/* BD_DATABASE: the BLOB has not n doubles. */
enum bd_status bd_statement_doubles(struct bd_statement *stmt, int column, double *values /* [n] */, size_t n,
                                    struct bd_error *err) BD_MUST_CHECK;

#endif
