/* db/result_load.c - the reading half of db/result.h. */
#include <stdlib.h>

#include "db/result.h"
#include "db/statement.h"

static enum bd_status no_contour(struct bd_database *db, const struct bd_contour *contour, struct bd_error *err)
{
    struct bd_statement *stmt;
    BD_TRY(bd_statement_prepare(db,
                                "SELECT group_concat(printf('%s %s %s %s cl=%g %s pot=%g', experiment, benchmark,"
                                " plane, kind, cl, method, pot), '; ') FROM contour",
                                &stmt, err));
    int row;
    enum bd_status status = bd_statement_step(stmt, &row, err);
    if (status == BD_OK) {
        const char *known = bd_statement_text(stmt, 0);
        status =
            bd_fail(err, BD_BAD_INPUT, "%s has no contour %s %s %s %s cl=%g %s pot=%g; it has: %.600s",
                    bd_database_path(db), contour->experiment, contour->benchmark, contour->plane, contour->kind,
                    contour->cl, contour->method, contour->pot, *known != '\0' ? known : "none");
    }
    bd_statement_free(stmt);
    return status;
}

static enum bd_status find_contour(struct bd_database *db, struct bd_statement *stmt, struct bd_contour *contour,
                                   long long *key, struct bd_error *err)
{
    BD_TRY(bd_statement_bind_text(stmt, ":experiment", contour->experiment, err));
    BD_TRY(bd_statement_bind_text(stmt, ":benchmark", contour->benchmark, err));
    BD_TRY(bd_statement_bind_text(stmt, ":plane", contour->plane, err));
    BD_TRY(bd_statement_bind_text(stmt, ":kind", contour->kind, err));
    BD_TRY(bd_statement_bind_double(stmt, ":cl", contour->cl, err));
    BD_TRY(bd_statement_bind_text(stmt, ":method", contour->method, err));
    BD_TRY(bd_statement_bind_double(stmt, ":pot", contour->pot, err));
    int row;
    BD_TRY(bd_statement_step(stmt, &row, err));
    if (!row)
        return no_contour(db, contour, err);
    *key = bd_statement_integer(stmt, 0, 0);
    contour->n_polyline = (size_t)bd_statement_integer(stmt, 1, 0);
    BD_TRY(bd_statement_copy_text(stmt, 2, contour->x_name, sizeof contour->x_name, err));
    contour->x_min = bd_statement_double(stmt, 4);
    contour->x_max = bd_statement_double(stmt, 5);
    contour->y_min = bd_statement_double(stmt, 6);
    contour->y_max = bd_statement_double(stmt, 7);
    return bd_statement_copy_text(stmt, 3, contour->y_name, sizeof contour->y_name, err);
}

static enum bd_status read_vertices(struct bd_statement *stmt, long long key, size_t i,
                                    struct bd_polyline *polyline, struct bd_error *err)
{
    polyline->x = calloc(polyline->n_vertex, sizeof *polyline->x);
    polyline->y = calloc(polyline->n_vertex, sizeof *polyline->y);
    if (polyline->x == NULL || polyline->y == NULL)
        return bd_fail(err, BD_NO_MEMORY, "contour: out of memory");
    bd_statement_reset(stmt);
    BD_TRY(bd_statement_bind_integer(stmt, ":contour", key, err));
    BD_TRY(bd_statement_bind_integer(stmt, ":polyline", (long long)i, err));
    for (size_t k = 0; k < polyline->n_vertex; k++) {
        int row;
        BD_TRY(bd_statement_step(stmt, &row, err));
        if (!row)
            return bd_fail(err, BD_DATABASE, "contour: polyline %zu has %zu vertices instead of %zu", i, k,
                           polyline->n_vertex);
        polyline->x[k] = bd_statement_double(stmt, 0);
        polyline->y[k] = bd_statement_double(stmt, 1);
    }
    return BD_OK;
}

static enum bd_status read_polylines(struct bd_statement *polyline_stmt, struct bd_statement *vertex_stmt,
                                     long long key, struct bd_contour *contour, struct bd_error *err)
{
    BD_TRY(bd_statement_bind_integer(polyline_stmt, ":contour", key, err));
    for (size_t i = 0; i < contour->n_polyline; i++) {
        int row;
        BD_TRY(bd_statement_step(polyline_stmt, &row, err));
        if (!row)
            return bd_fail(err, BD_DATABASE, "contour: %zu polylines instead of %zu", i, contour->n_polyline);
        struct bd_polyline *polyline = &contour->polyline[i];
        polyline->closed = (int)bd_statement_integer(polyline_stmt, 0, 0);
        polyline->hole = (int)bd_statement_integer(polyline_stmt, 1, 0);
        polyline->n_vertex = (size_t)bd_statement_integer(polyline_stmt, 2, 0);
        BD_TRY(read_vertices(vertex_stmt, key, i, polyline, err));
    }
    return BD_OK;
}

enum { CONTOUR, POLYLINE, VERTEX, N_STATEMENT };
static const char *const load_sql[N_STATEMENT] = {
    [CONTOUR] = "SELECT contour, n_polyline, x_name, y_name, x_min, x_max, y_min, y_max FROM contour"
                " WHERE experiment = :experiment"
                " AND benchmark = :benchmark AND plane = :plane AND kind = :kind AND cl = :cl AND method = :method"
                " AND pot = :pot",
    [POLYLINE] = "SELECT closed, hole, n_vertex FROM polyline WHERE contour = :contour ORDER BY polyline",
    [VERTEX] = "SELECT x, y FROM vertex WHERE contour = :contour AND polyline = :polyline ORDER BY vertex",
};

static void free_polylines(struct bd_contour *contour)
{
    for (size_t i = 0; contour->polyline != NULL && i < contour->n_polyline; i++) {
        free(contour->polyline[i].x);
        free(contour->polyline[i].y);
    }
    free(contour->polyline);
    contour->polyline = NULL;
    contour->n_polyline = 0;
}

static enum bd_status load_contour(struct bd_database *db, struct bd_statement **stmt, struct bd_contour *contour,
                                   struct bd_error *err)
{
    long long key = 0;
    BD_TRY(find_contour(db, stmt[CONTOUR], contour, &key, err));
    contour->polyline = calloc(contour->n_polyline + 1, sizeof *contour->polyline); /* + 1: none is no failure */
    if (contour->polyline == NULL)
        return bd_fail(err, BD_NO_MEMORY, "contour: out of memory");
    return read_polylines(stmt[POLYLINE], stmt[VERTEX], key, contour, err);
}

enum bd_status bd_result_load_contour(struct bd_database *db, struct bd_contour *contour, struct bd_error *err)
{
    contour->n_polyline = 0;
    contour->polyline = NULL;
    struct bd_statement *stmt[N_STATEMENT] = {NULL};
    enum bd_status status = BD_OK;
    for (size_t i = 0; status == BD_OK && i < N_STATEMENT; i++)
        status = bd_statement_prepare(db, load_sql[i], &stmt[i], err);
    if (status == BD_OK)
        status = load_contour(db, stmt, contour, err);
    if (status != BD_OK)
        free_polylines(contour);
    for (size_t i = 0; i < N_STATEMENT; i++)
        bd_statement_free(stmt[i]);
    return status;
}

/* Numbers are compared as typed by hand. The order is that of v_contour_list. */
static const char find_sql[] =
    "SELECT experiment, benchmark, plane, kind, cl, method, pot FROM ("
    "SELECT c.*, row_number() OVER (PARTITION BY experiment, benchmark, plane, kind"
    " ORDER BY c.pot <> e.pot, cl <> limit_cl, method <> 'cls', c.pot, cl, method) AS place"
    " FROM contour AS c JOIN experiment AS e USING (experiment)"
    " WHERE plane = :plane AND (:experiment = '' OR experiment = :experiment)"
    " AND (:benchmark = '' OR benchmark = :benchmark) AND (:kind = '' OR kind = :kind)"
    " AND (:method = '' OR method = :method) AND (:cl = 0 OR abs(cl / :cl - 1) < 1e-9)"
    " AND (:pot = 0 OR abs(c.pot / :pot - 1) < 1e-9))"
    " WHERE place = 1 ORDER BY experiment, benchmark, kind";

static enum bd_status bind_filter(struct bd_statement *stmt, const struct bd_result_filter *filter,
                                  struct bd_error *err)
{
    const struct {
        const char *name, *text;
    } texts[] = {{":experiment", filter->experiment},
                 {":benchmark", filter->benchmark},
                 {":kind", filter->kind},
                 {":method", filter->method},
                 {":plane", filter->plane != NULL ? filter->plane : "mass_gev,coupling"}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        BD_TRY(bd_statement_bind_text(stmt, texts[i].name, texts[i].text != NULL ? texts[i].text : "", err));
    BD_TRY(bd_statement_bind_double(stmt, ":cl", filter->cl, err));
    return bd_statement_bind_double(stmt, ":pot", filter->pot, err);
}

/* The next contour of the list, without polylines. */
static enum bd_status read_found(struct bd_statement *stmt, struct bd_contour *contour, struct bd_error *err)
{
    *contour = (struct bd_contour){.cl = bd_statement_double(stmt, 4), .pot = bd_statement_double(stmt, 6)};
    BD_TRY(bd_statement_copy_text(stmt, 0, contour->experiment, sizeof contour->experiment, err));
    BD_TRY(bd_statement_copy_text(stmt, 1, contour->benchmark, sizeof contour->benchmark, err));
    BD_TRY(bd_statement_copy_text(stmt, 2, contour->plane, sizeof contour->plane, err));
    BD_TRY(bd_statement_copy_text(stmt, 3, contour->kind, sizeof contour->kind, err));
    return bd_statement_copy_text(stmt, 5, contour->method, sizeof contour->method, err);
}

static enum bd_status find_contours(struct bd_statement *stmt, struct bd_contour **contours, size_t *n,
                                    struct bd_error *err)
{
    for (;;) {
        int row;
        BD_TRY(bd_statement_step(stmt, &row, err));
        if (!row)
            return BD_OK;
        struct bd_contour *larger = realloc(*contours, (*n + 1) * sizeof *larger);
        if (larger == NULL)
            return bd_fail(err, BD_NO_MEMORY, "contours: out of memory");
        *contours = larger;
        BD_TRY(read_found(stmt, &larger[*n], err));
        ++*n;
    }
}

enum bd_status bd_result_load_contours(struct bd_database *db, const struct bd_result_filter *filter,
                                       struct bd_contour **contours, size_t *n, struct bd_error *err)
{
    struct bd_statement *stmt = NULL;
    *contours = NULL;
    *n = 0;
    enum bd_status status = bd_statement_prepare(db, find_sql, &stmt, err);
    if (status == BD_OK)
        status = bind_filter(stmt, filter, err);
    if (status == BD_OK)
        status = find_contours(stmt, contours, n, err);
    bd_statement_free(stmt);
    for (size_t i = 0; status == BD_OK && i < *n; i++)
        status = bd_result_load_contour(db, &(*contours)[i], err);
    if (status != BD_OK) {
        bd_result_free_contours(*contours, *n);
        *contours = NULL;
        *n = 0;
    }
    return status;
}

void bd_result_free_contours(struct bd_contour *contours, size_t n)
{
    for (size_t i = 0; contours != NULL && i < n; i++)
        bd_contour_free(&contours[i]);
    free(contours);
}
