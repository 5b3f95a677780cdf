/* src/core/csv.h - reading comma-separated tables, strictly. The only user of libcsv.
 *
 * A table is: lines starting with '#' (source, units; anywhere), one header line that must name exactly the
 * expected columns in order, then rows with exactly that many fields. A fault names file, line, column and value.
 */
#ifndef BD_CORE_CSV_H
#define BD_CORE_CSV_H

#include <stddef.h>

#include "src/core/error.h"

struct bd_csv {
    char *path;
    char *text; /* owns what column, field and comment point into */
    size_t n_column, n_row, n_comment;
    char **column;  /* [n_column] names of the header line */
    char **field;   /* [n_row * n_column] text of every field; never NULL, may be "" */
    unsigned *line; /* [n_row] line number in the file, from 1 */
    char **comment; /* [n_comment] text of the '#' lines, without '#' and leading blanks */
};

/* Read a file. columns: NULL-terminated expected header. BD_IO: cannot be read; BD_BAD_INPUT: wrong header, a row
 * with another number of fields, or no rows. The caller frees with bd_csv_free. */
enum bd_status bd_csv_read(const char *path, const char *const *columns, struct bd_csv **csv,
                           struct bd_error *err) BD_MUST_CHECK;

/* A finite number in [min, max] from one field; the message names file, line, column, value and range. */
enum bd_status bd_csv_number(const struct bd_csv *csv, size_t row, size_t column, double min, double max,
                             double *value, struct bd_error *err) BD_MUST_CHECK;

/* Text of one field (borrowed). */
const char *bd_csv_text(const struct bd_csv *csv, size_t row, size_t column);

/* BD_BAD_INPUT with "file:line: " before the message. */
enum bd_status bd_csv_fail(const struct bd_csv *csv, size_t row, struct bd_error *err, const char *format, ...)
    BD_PRINTF(4, 5);

void bd_csv_free(struct bd_csv *csv); /* accepts NULL */

#endif
