#include "src/cli/contour_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/core/csv.h"

enum { EXPERIMENT, BENCHMARK, KIND, POLYLINE, VERTEX, X, Y, CLOSED, HOLE };

void bd_contour_file_free(struct bd_contour *contours, size_t n)
{
    for (size_t i = 0; contours != NULL && i < n; i++)
        bd_contour_free(&contours[i]);
    free(contours);
}

static int same(const struct bd_csv *csv, size_t row, size_t column)
{
    return strcmp(bd_csv_text(csv, row, column), bd_csv_text(csv, row - 1, column)) == 0;
}

static int starts_contour(const struct bd_csv *csv, size_t row)
{
    return row == 0 || !same(csv, row, EXPERIMENT) || !same(csv, row, BENCHMARK) || !same(csv, row, KIND);
}

static int starts_polyline(const struct bd_csv *csv, size_t row)
{
    return starts_contour(csv, row) || !same(csv, row, POLYLINE);
}

static enum bd_status copy_name(const struct bd_csv *csv, size_t row, size_t column, char *name, size_t size,
                                struct bd_error *err)
{
    const char *text = bd_csv_text(csv, row, column);
    if (text[0] == '\0' || strlen(text) >= size)
        return bd_csv_fail(csv, row, err, "%s: expected 1 to %zu characters, found '%s'", csv->column[column],
                           size - 1, text);
    (void)snprintf(name, size, "%s", text);
    return BD_OK;
}

/* Room for a contour and for a polyline is made at their first row: rows ahead of it are counted. */
static enum bd_status start_contour(const struct bd_csv *csv, size_t row, struct bd_contour *contour,
                                    struct bd_error *err)
{
    BD_TRY(copy_name(csv, row, EXPERIMENT, contour->experiment, sizeof contour->experiment, err));
    BD_TRY(copy_name(csv, row, BENCHMARK, contour->benchmark, sizeof contour->benchmark, err));
    BD_TRY(copy_name(csv, row, KIND, contour->kind, sizeof contour->kind, err));
    (void)snprintf(contour->plane, sizeof contour->plane, "%s,%s", csv->column[X], csv->column[Y]);
    (void)snprintf(contour->x_name, sizeof contour->x_name, "%s", csv->column[X]);
    (void)snprintf(contour->y_name, sizeof contour->y_name, "%s", csv->column[Y]);
    size_t n = 1;
    for (size_t i = row + 1; i < csv->n_row && !starts_contour(csv, i); i++)
        n += starts_polyline(csv, i) ? 1 : 0;
    contour->polyline = calloc(n, sizeof *contour->polyline);
    return contour->polyline != NULL ? BD_OK : bd_fail(err, BD_NO_MEMORY, "%s: out of memory", csv->path);
}

static enum bd_status start_polyline(const struct bd_csv *csv, size_t row, struct bd_contour *contour,
                                     struct bd_error *err)
{
    double closed, hole;
    BD_TRY(bd_csv_number(csv, row, CLOSED, 0.0, 1.0, &closed, err));
    BD_TRY(bd_csv_number(csv, row, HOLE, 0.0, 1.0, &hole, err));
    size_t n = 1;
    while (row + n < csv->n_row && !starts_polyline(csv, row + n))
        n++;
    struct bd_polyline *line = &contour->polyline[contour->n_polyline++];
    *line = (struct bd_polyline){.closed = closed > 0.0, .hole = hole > 0.0};
    line->x = malloc(n * sizeof *line->x);
    line->y = malloc(n * sizeof *line->y);
    return line->x != NULL && line->y != NULL ? BD_OK : bd_fail(err, BD_NO_MEMORY, "%s: out of memory", csv->path);
}

static enum bd_status read_vertex(const struct bd_csv *csv, size_t row, struct bd_contour *contour,
                                  struct bd_error *err)
{
    struct bd_polyline *line = &contour->polyline[contour->n_polyline - 1];
    double vertex, before;
    BD_TRY(bd_csv_number(csv, row, VERTEX, 0.0, 1e9, &vertex, err));
    const int is_mass = strcmp(csv->column[X], "mass_gev") == 0;
    BD_TRY(
        bd_csv_number(csv, row, X, is_mass ? 1e-9 : 1e-30, is_mass ? 1e6 : 1e30, &line->x[line->n_vertex], err));
    BD_TRY(bd_csv_number(csv, row, Y, 1e-30, 1e30, &line->y[line->n_vertex], err));
    if (line->n_vertex++ > 0) {
        BD_TRY(bd_csv_number(csv, row - 1, VERTEX, 0.0, 1e9, &before, err));
        if (vertex <= before)
            return bd_csv_fail(csv, row, err, "vertex: %g does not follow %g", vertex, before);
        if (!same(csv, row, CLOSED) || !same(csv, row, HOLE))
            return bd_csv_fail(csv, row, err, "closed, hole: not the same for all vertices of polyline %s",
                               bd_csv_text(csv, row, POLYLINE));
    }
    return BD_OK;
}

enum bd_status bd_contour_file_read(const char *path, const char *plane, struct bd_contour **contours, size_t *n,
                                    struct bd_error *err)
{
    struct bd_csv *csv = NULL;
    char x_name[32], y_name[32];
    const size_t length = strcspn(plane, ","); /* a name that is too long is none of the file's */
    (void)snprintf(x_name, sizeof x_name, "%s", plane);
    x_name[length < sizeof x_name ? length : sizeof x_name - 1] = '\0';
    (void)snprintf(y_name, sizeof y_name, "%s", plane[length] == ',' ? plane + length + 1 : "");
    const char *const columns[] = {"experiment", "benchmark", "kind",   "polyline", "vertex",
                                   x_name,       y_name,      "closed", "hole",     NULL};
    BD_TRY(bd_csv_read(path, columns, &csv, err));
    size_t count = 1;
    for (size_t row = 1; row < csv->n_row; row++)
        count += starts_contour(csv, row) ? 1 : 0;
    struct bd_contour *list = calloc(count, sizeof *list), *contour = list;
    if (list == NULL) {
        bd_csv_free(csv);
        return bd_fail(err, BD_NO_MEMORY, "%s: out of memory", path);
    }
    enum bd_status status = BD_OK;
    for (size_t row = 0; status == BD_OK && row < csv->n_row; row++) {
        if (starts_contour(csv, row)) {
            contour += row > 0 ? 1 : 0;
            status = start_contour(csv, row, contour, err);
        }
        if (status == BD_OK && starts_polyline(csv, row))
            status = start_polyline(csv, row, contour, err);
        if (status == BD_OK)
            status = read_vertex(csv, row, contour, err);
    }
    bd_csv_free(csv);
    if (status != BD_OK) {
        bd_contour_file_free(list, count);
        return status;
    }
    *contours = list;
    *n = count;
    return BD_OK;
}
