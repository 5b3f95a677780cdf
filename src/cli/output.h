/* src/cli/output.h - the tables of a command: to stdout or a file, for people (table) or for programs (csv, json).
 *
 * Column names are the same in all formats; json is one array of objects. Numbers: 10 digits in `table`, in csv
 * and json the shortest text that reads back as the same double. A number that is not finite has no value: "-" in
 * a table, an empty field in csv, null in json; a column of text should say why. */
#ifndef BD_CLI_OUTPUT_H
#define BD_CLI_OUTPUT_H

#include <stddef.h>

#include "src/cli/options.h"
#include "src/core/error.h"

enum bd_column_kind { BD_COLUMN_TEXT, BD_COLUMN_NUMBER, BD_COLUMN_INTEGER, BD_COLUMN_ANY };

struct bd_column {
    const char *name; /* with its unit: "mass_gev" */
    enum bd_column_kind kind;
};

enum bd_format { BD_FORMAT_TABLE, BD_FORMAT_CSV, BD_FORMAT_JSON };
extern const char *const bd_output_formats[]; /* in the order of bd_format; NULL ends the list */

/* The two lines that every command with a table has in its options. */
#define BD_OPTIONS_OUTPUT                                                                                         \
    {.name = "format",                                                                                            \
     .kind = BD_OPTION_CHOICE,                                                                                    \
     .initial = "table",                                                                                          \
     .choices = bd_output_formats,                                                                                \
     .help = "layout of the result"},                                                                             \
    {                                                                                                             \
        .name = "output", .kind = BD_OPTION_TEXT, .unit = "FILE",                                                 \
        .help = "write the result to a file, not to stdout"                                                       \
    }

struct bd_output;

/* path NULL: stdout. A file is written under a temporary name beside it and renamed by bd_output_close, so that
 * nothing half-written stays; a device or pipe is written directly. The column names are copied. */
enum bd_status bd_output_create(const char *path, enum bd_format format, const struct bd_column *columns,
                                size_t n_column, struct bd_output **output, struct bd_error *err) BD_MUST_CHECK;
/* The same with --format and --output of BD_OPTIONS_OUTPUT. */
enum bd_status bd_output_open(const struct bd_options *options, const struct bd_column *columns, size_t n_column,
                              struct bd_output **output, struct bd_error *err) BD_MUST_CHECK;

/* The next cell, row by row from the left. Errors are kept and reported by bd_output_close. */
void bd_output_text(struct bd_output *output, const char *text); /* NULL: empty */
void bd_output_number(struct bd_output *output, double value);
void bd_output_integer(struct bd_output *output, long long value);
void bd_output_empty(struct bd_output *output);

/* End a table whose rows are complete and put it in its place. With a status other than BD_OK the computation
 * failed: a file is dropped and that status returned. BD_IO: it could not be written. Frees output; accepts NULL.
 */
enum bd_status bd_output_close(struct bd_output *output, enum bd_status status,
                               struct bd_error *err) BD_MUST_CHECK;

#endif
