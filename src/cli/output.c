#define _XOPEN_SOURCE 700 /* NOLINT(cert-dcl51-cpp): how POSIX gives realpath */
#include "src/cli/output.h"

#include <assert.h>
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const bd_output_formats[] = {"table", "csv", "json", NULL};

struct bd_output {
    enum bd_format format;
    size_t n_column;
    struct bd_column *column; /* [n_column], owned; kind decides the alignment */
    size_t n_cell;            /* cells so far */
    char **text;              /* [n_cell], owned: `table` keeps them until the widths of all columns are known */
    size_t capacity;
    FILE *stream;
    char *path, *temporary; /* owned; temporary NULL: written directly; both NULL: stdout */
    struct bd_error fault;  /* the first one */
};

static void fault(struct bd_output *output, enum bd_status status, const char *words)
{
    if (output->fault.status == BD_OK)
        (void)bd_fail(&output->fault, status, "%s: %s", output->path != NULL ? output->path : "stdout", words);
}

/* Where the file goes: a symbolic link stays one, and only a plain file may be replaced by renaming. */
static enum bd_status open_stream(struct bd_output *output, const char *path, struct bd_error *err)
{
    struct stat info;
    output->path = realpath(path, NULL);
    const int replace = output->path == NULL || (stat(output->path, &info) == 0 && S_ISREG(info.st_mode));
    if (output->path == NULL)
        output->path = strdup(path);
    if (output->path == NULL)
        return bd_fail(err, BD_NO_MEMORY, "%s: out of memory", path);
    if (replace) {
        const size_t size = strlen(output->path) + 32;
        output->temporary = malloc(size);
        if (output->temporary == NULL)
            return bd_fail(err, BD_NO_MEMORY, "%s: out of memory", path);
        (void)snprintf(output->temporary, size, "%s.%ld.tmp", output->path, (long)getpid());
    }
    output->stream = fopen(replace ? output->temporary : output->path, "w");
    if (output->stream == NULL) {
        const int cause = errno;
        free(output->temporary);
        output->temporary = NULL;
        return bd_fail(err, BD_IO, "%s: %s", path, strerror(cause));
    }
    return BD_OK;
}

static enum bd_status copy_columns(struct bd_output *output, const struct bd_column *columns, size_t n_column,
                                   struct bd_error *err)
{
    output->column = calloc(n_column, sizeof *output->column);
    for (size_t i = 0; output->column != NULL && i < n_column; i++) {
        output->column[i] = (struct bd_column){strdup(columns[i].name), columns[i].kind};
        if (output->column[i].name == NULL)
            return bd_fail(err, BD_NO_MEMORY, "output: out of memory");
        output->n_column++;
    }
    return output->column != NULL ? BD_OK : bd_fail(err, BD_NO_MEMORY, "output: out of memory");
}

static void write_csv(FILE *stream, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        (void)fputs(text, stream);
        return;
    }
    (void)fputc('"', stream);
    for (; *text != '\0'; text++)
        (void)fprintf(stream, *text == '"' ? "\"\"" : "%c", *text);
    (void)fputc('"', stream);
}

static void write_json(struct bd_output *output, json_t *value, size_t digits)
{
    if (value == NULL) { /* text of a foreign database, say */
        fault(output, BD_BAD_INPUT, "text is not UTF-8, which JSON asks for");
        return;
    }
    if (json_dumpf(value, output->stream, JSON_ENCODE_ANY | JSON_REAL_PRECISION(digits)) != 0)
        fault(output, BD_IO, strerror(errno));
    json_decref(value);
}

/* Start of the file: column names of csv, bracket of json. */
static void write_head(struct bd_output *output)
{
    if (output->format == BD_FORMAT_JSON)
        (void)fputc('[', output->stream);
    for (size_t i = 0; output->format == BD_FORMAT_CSV && i < output->n_column; i++) {
        write_csv(output->stream, output->column[i].name);
        (void)fputc(i + 1 < output->n_column ? ',' : '\n', output->stream);
    }
}

enum bd_status bd_output_create(const char *path, enum bd_format format, const struct bd_column *columns,
                                size_t n_column, struct bd_output **output, struct bd_error *err)
{
    assert(n_column > 0);
    struct bd_output *created = calloc(1, sizeof *created);
    if (created == NULL)
        return bd_fail(err, BD_NO_MEMORY, "output: out of memory");
    created->format = format;
    created->stream = stdout;
    enum bd_status status = copy_columns(created, columns, n_column, err);
    if (status == BD_OK && path != NULL)
        status = open_stream(created, path, err);
    if (status != BD_OK) {
        if (created->stream == NULL)
            created->stream = stdout; /* nothing to close */
        return bd_output_close(created, status, err);
    }
    write_head(created);
    *output = created;
    return BD_OK;
}

enum bd_status bd_output_open(const struct bd_options *options, const struct bd_column *columns, size_t n_column,
                              struct bd_output **output, struct bd_error *err)
{
    return bd_output_create(bd_options_text(options, "output"),
                            (enum bd_format)bd_options_choice(options, "format"), columns, n_column, output, err);
}

/* Text for the table; csv goes to the file at once. */
static void put_text(struct bd_output *output, const char *text)
{
    if (output->format == BD_FORMAT_CSV) {
        write_csv(output->stream, text);
        (void)fputc((output->n_cell + 1) % output->n_column != 0 ? ',' : '\n', output->stream);
    } else if (output->format == BD_FORMAT_TABLE) {
        if (output->n_cell == output->capacity) {
            const size_t capacity = output->capacity == 0 ? 256 : 2 * output->capacity;
            char **larger = realloc(output->text, capacity * sizeof *larger);
            if (larger == NULL) {
                fault(output, BD_NO_MEMORY, "out of memory");
                return;
            }
            output->text = larger;
            output->capacity = capacity;
        }
        output->text[output->n_cell] = strdup(text);
        if (output->text[output->n_cell] == NULL) {
            fault(output, BD_NO_MEMORY, "out of memory");
            return;
        }
    }
    output->n_cell++;
}

/* A cell of json with the key before and what closes or continues the row behind it. */
static void put_json(struct bd_output *output, json_t *value, size_t digits)
{
    const size_t column = output->n_cell % output->n_column;
    if (column == 0)
        (void)fputs(output->n_cell == 0 ? "\n  {" : ",\n  {", output->stream);
    write_json(output, json_string(output->column[column].name), 17);
    (void)fputs(": ", output->stream);
    write_json(output, value, digits);
    (void)fputs(column + 1 == output->n_column ? "}" : ", ", output->stream);
    output->n_cell++;
}

/* A cell of another kind than its column is a mistake of the program. */
static void check_kind(const struct bd_output *output, enum bd_column_kind kind)
{
    const enum bd_column_kind wanted = output->column[output->n_cell % output->n_column].kind;
    assert(wanted == kind || wanted == BD_COLUMN_ANY);
    (void)wanted;
    (void)kind;
}

void bd_output_text(struct bd_output *output, const char *text)
{
    check_kind(output, BD_COLUMN_TEXT);
    if (output->fault.status != BD_OK)
        return;
    if (output->format == BD_FORMAT_JSON)
        put_json(output, json_string(text != NULL ? text : ""), 17);
    else
        put_text(output, text != NULL ? text : "");
}

void bd_output_number(struct bd_output *output, double value)
{
    check_kind(output, BD_COLUMN_NUMBER);
    if (output->fault.status != BD_OK)
        return;
    if (!isfinite(value)) {
        bd_output_empty(output);
        return;
    }
    char text[32];
    int digits = output->format == BD_FORMAT_TABLE ? 10 : 15;
    (void)snprintf(text, sizeof text, "%.*g", digits, value);
    while (output->format != BD_FORMAT_TABLE && digits < 17 && strtod(text, NULL) != value)
        (void)snprintf(text, sizeof text, "%.*g", ++digits, value);
    if (output->format == BD_FORMAT_JSON)
        put_json(output, json_real(value), (size_t)digits);
    else
        put_text(output, text);
}

void bd_output_integer(struct bd_output *output, long long value)
{
    check_kind(output, BD_COLUMN_INTEGER);
    if (output->fault.status != BD_OK)
        return;
    char text[32];
    (void)snprintf(text, sizeof text, "%lld", value);
    if (output->format == BD_FORMAT_JSON)
        put_json(output, json_integer(value), 17);
    else
        put_text(output, text);
}

void bd_output_empty(struct bd_output *output)
{
    if (output->fault.status != BD_OK)
        return;
    if (output->format == BD_FORMAT_JSON)
        put_json(output, json_null(), 17);
    else
        put_text(output, output->format == BD_FORMAT_TABLE ? "-" : "");
}

/* Number of characters, not bytes: the mu of a title is one. */
static int text_width(const char *text)
{
    int n = 0;
    for (; *text != '\0'; text++)
        n += ((unsigned char)*text & 0xC0U) != 0x80U;
    return n;
}

/* Text to the left, numbers to the right, two blanks between; no blanks at the end of a line. */
static void write_row(const struct bd_output *output, const int *width, char *const *row)
{
    for (size_t i = 0; i < output->n_column; i++) {
        const char *text = row != NULL ? row[i] : output->column[i].name;
        const int pad = width[i] - text_width(text);
        const int right =
            output->column[i].kind == BD_COLUMN_NUMBER || output->column[i].kind == BD_COLUMN_INTEGER;
        const int last = i + 1 == output->n_column;
        (void)fprintf(output->stream, "%*s%s%*s%s", right ? pad : 0, "", text, right || last ? 0 : pad, "",
                      last ? "\n" : "  ");
    }
}

static void write_table(struct bd_output *output)
{
    int *width = calloc(output->n_column, sizeof *width);
    if (width == NULL) {
        fault(output, BD_NO_MEMORY, "out of memory");
        return;
    }
    for (size_t i = 0; i < output->n_column; i++)
        width[i] = text_width(output->column[i].name);
    for (size_t i = 0; i < output->n_cell; i++) {
        const int w = text_width(output->text[i]);
        if (w > width[i % output->n_column])
            width[i % output->n_column] = w;
    }
    write_row(output, width, NULL);
    for (size_t i = 0; i < output->n_cell; i += output->n_column)
        write_row(output, width, output->text + i);
    free(width);
}

/* Flush, close and rename; a failure of any of them leaves no file. */
static void finish(struct bd_output *output, int keep)
{
    errno = 0;
    if (keep && (fflush(output->stream) != 0 || ferror(output->stream)))
        fault(output, BD_IO, errno != 0 ? strerror(errno) : "write error");
    if (output->stream != stdout && fclose(output->stream) != 0 && keep)
        fault(output, BD_IO, strerror(errno));
    if (output->temporary == NULL)
        return;
    if (keep && output->fault.status == BD_OK && rename(output->temporary, output->path) != 0)
        fault(output, BD_IO, strerror(errno));
    if (!keep || output->fault.status != BD_OK)
        (void)unlink(output->temporary);
}

enum bd_status bd_output_close(struct bd_output *output, enum bd_status status, struct bd_error *err)
{
    if (output == NULL)
        return status;
    if (status == BD_OK && output->fault.status == BD_OK) {
        assert(output->n_cell % output->n_column == 0);
        if (output->format == BD_FORMAT_TABLE)
            write_table(output);
        else if (output->format == BD_FORMAT_JSON)
            (void)fputs(output->n_cell > 0 ? "\n]\n" : "]\n", output->stream);
    }
    finish(output, status == BD_OK);
    if (status == BD_OK && output->fault.status != BD_OK)
        status = bd_fail(err, output->fault.status, "%s", output->fault.message);
    for (size_t i = 0; output->text != NULL && i < output->n_cell; i++)
        free(output->text[i]);
    for (size_t i = 0; i < output->n_column; i++)
        free((char *)output->column[i].name);
    free(output->column);
    free(output->text);
    free(output->path);
    free(output->temporary);
    free(output);
    return status;
}
