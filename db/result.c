#include "db/result.h"

#include <stdlib.h>
#include <string.h>

#include "db/handle.h"
#include "db/statement.h"

/* -- yields ------------------------------------------------------------------------------------------------------
 */

static enum bd_status save_yield(struct bd_statement *stmt, const struct bd_result_yield *yield, const char *path,
                                 struct bd_error *err)
{
    BD_TRY(bd_statement_bind_text(stmt, ":channel", yield->channel, err));
    BD_TRY(bd_statement_bind_text(stmt, ":region", yield->region, err));
    BD_TRY(bd_statement_bind_double(stmt, ":mass_gev", yield->mass_gev, err));
    BD_TRY(bd_statement_bind_double(stmt, ":width_gev", yield->width_gev, err));
    BD_TRY(bd_statement_bind_double(stmt, ":coupling", yield->coupling, err));
    BD_TRY(bd_statement_bind_double(stmt, ":n_events", yield->n_events, err));
    BD_TRY(bd_statement_bind_double(stmt, ":n_events_err", yield->n_events_err, err));
    BD_TRY(bd_statement_bind_optional(stmt, ":signal", yield->signal, err));
    BD_TRY(bd_statement_bind_double(stmt, ":chi_per_pot", yield->chi_per_pot, err));
    BD_TRY(bd_statement_bind_double(stmt, ":reach_decay", yield->reach_decay, err));
    BD_TRY(bd_statement_bind_text(stmt, ":status", bd_flag_name(yield->flag), err));
    BD_TRY(bd_statement_run(stmt, err));
    if (bd_statement_changes(stmt) != 1)
        return bd_fail(err, BD_BAD_INPUT, "%s has no channel %s with region '%s'", path, yield->channel,
                       yield->region);
    return BD_OK;
}

static enum bd_status save_yields(struct bd_database *db, const char *experiment, const char *benchmark,
                                  const struct bd_result_yield *yields, size_t n, struct bd_error *err)
{
    struct bd_statement *stmt;
    /* The join refuses what the views could not show: a channel without kernels, an unknown region. */
    BD_TRY(
        bd_statement_prepare(db,
                             "INSERT OR REPLACE INTO yield SELECT :experiment, :channel, :region, :benchmark,"
                             " :mass_gev, :width_gev, :coupling, :n_events, :n_events_err, :signal, :chi_per_pot,"
                             " :reach_decay, :status FROM channel JOIN region USING (decay)"
                             " WHERE channel = :channel AND experiment = :experiment AND region = :region",
                             &stmt, err));
    enum bd_status status = bd_statement_bind_text(stmt, ":experiment", experiment, err);
    if (status == BD_OK)
        status = bd_statement_bind_text(stmt, ":benchmark", benchmark, err);
    for (size_t i = 0; status == BD_OK && i < n; i++) {
        status = save_yield(stmt, &yields[i], db->path, err);
        status = bd_add_context(err, status, "yield of %s at %g GeV, %g", yields[i].channel, yields[i].mass_gev,
                                yields[i].coupling);
    }
    bd_statement_free(stmt);
    return status;
}

enum bd_status bd_result_save_yields(struct bd_database *db, const char *experiment, const char *benchmark,
                                     const struct bd_result_yield *yields, size_t n, struct bd_error *err)
{
    BD_TRY(bd_database_begin(db, err));
    return bd_database_end(db, save_yields(db, experiment, benchmark, yields, n, err), err);
}

/* -- points ------------------------------------------------------------------------------------------------------
 */

static enum bd_status bind_plane(struct bd_statement *stmt, const struct bd_result_plane *plane,
                                 struct bd_error *err)
{
    BD_TRY(bd_statement_bind_text(stmt, ":experiment", plane->experiment, err));
    BD_TRY(bd_statement_bind_text(stmt, ":benchmark", plane->benchmark, err));
    BD_TRY(bd_statement_bind_text(stmt, ":method", plane->method, err));
    return bd_statement_bind_double(stmt, ":pot", plane->pot, err);
}

static enum bd_status save_point(struct bd_statement *stmt, const struct bd_result_point *point,
                                 struct bd_error *err)
{
    static const char *const expected[] = {":minus2", ":minus1", ":median", ":plus1", ":plus2"};
    BD_TRY(bd_statement_bind_double(stmt, ":mass_gev", point->mass_gev, err));
    BD_TRY(bd_statement_bind_double(stmt, ":coupling", point->coupling, err));
    BD_TRY(bd_statement_bind_double(stmt, ":signal", point->signal, err));
    BD_TRY(bd_statement_bind_optional(stmt, ":observed", point->cls_observed, err));
    for (size_t i = 0; i < 5; i++)
        BD_TRY(bd_statement_bind_optional(stmt, expected[i], point->cls_expected[i], err));
    BD_TRY(bd_statement_bind_text(stmt, ":status", bd_flag_name(point->flag), err));
    return bd_statement_run(stmt, err);
}

static enum bd_status save_points(struct bd_database *db, const struct bd_result_plane *plane,
                                  const struct bd_result_point *points, size_t n, struct bd_error *err)
{
    struct bd_statement *delete = NULL, *insert = NULL;
    enum bd_status status =
        bd_statement_prepare(db,
                             "DELETE FROM point WHERE experiment = :experiment AND benchmark = :benchmark"
                             " AND method = :method AND pot = :pot",
                             &delete, err);
    if (status == BD_OK)
        status =
            bd_statement_prepare(db,
                                 "INSERT INTO point VALUES (:run, :experiment, :benchmark, :method, :pot,"
                                 " :mass_gev, :coupling, :signal, :observed, :minus2, :minus1, :median, :plus1,"
                                 " :plus2, :status)",
                                 &insert, err);
    if (status == BD_OK)
        status = bind_plane(delete, plane, err);
    if (status == BD_OK)
        status = bd_statement_run(delete, err);
    if (status == BD_OK)
        status = bind_plane(insert, plane, err);
    if (status == BD_OK)
        status = bd_statement_bind_text(insert, ":run", plane->run, err);
    for (size_t i = 0; status == BD_OK && i < n; i++) {
        status = save_point(insert, &points[i], err);
        status = bd_add_context(err, status, "point at %g GeV, %g", points[i].mass_gev, points[i].coupling);
    }
    bd_statement_free(insert);
    bd_statement_free(delete);
    return status;
}

enum bd_status bd_result_save_points(struct bd_database *db, const struct bd_result_plane *plane,
                                     const struct bd_result_point *points, size_t n, struct bd_error *err)
{
    BD_TRY(bd_database_begin(db, err));
    return bd_database_end(db, save_points(db, plane, points, n, err), err);
}

/* -- contours ----------------------------------------------------------------------------------------------------
 */

static long long contour_key(const struct bd_contour *contour)
{
    return bd_database_key("%s|%s|%s|%s|%a|%s|%a", contour->experiment, contour->benchmark, contour->plane,
                           contour->kind, contour->cl, contour->method, contour->pot);
}

static enum bd_status insert_contour(struct bd_statement *stmt, const char *run, const struct bd_contour *contour,
                                     struct bd_error *err)
{
    BD_TRY(bd_statement_bind_integer(stmt, ":contour", contour_key(contour), err));
    BD_TRY(bd_statement_bind_text(stmt, ":run", run, err));
    BD_TRY(bd_statement_bind_text(stmt, ":experiment", contour->experiment, err));
    BD_TRY(bd_statement_bind_text(stmt, ":benchmark", contour->benchmark, err));
    BD_TRY(bd_statement_bind_text(stmt, ":plane", contour->plane, err));
    BD_TRY(bd_statement_bind_text(stmt, ":x_name", contour->x_name, err));
    BD_TRY(bd_statement_bind_text(stmt, ":y_name", contour->y_name, err));
    BD_TRY(bd_statement_bind_text(stmt, ":kind", contour->kind, err));
    BD_TRY(bd_statement_bind_double(stmt, ":cl", contour->cl, err));
    BD_TRY(bd_statement_bind_text(stmt, ":method", contour->method, err));
    BD_TRY(bd_statement_bind_double(stmt, ":pot", contour->pot, err));
    BD_TRY(bd_statement_bind_double(stmt, ":x_min", contour->x_min, err));
    BD_TRY(bd_statement_bind_double(stmt, ":x_max", contour->x_max, err));
    BD_TRY(bd_statement_bind_double(stmt, ":y_min", contour->y_min, err));
    BD_TRY(bd_statement_bind_double(stmt, ":y_max", contour->y_max, err));
    BD_TRY(bd_statement_bind_integer(stmt, ":n_polyline", (long long)contour->n_polyline, err));
    return bd_statement_run(stmt, err);
}

static enum bd_status insert_polyline(struct bd_statement *polyline_stmt, struct bd_statement *vertex_stmt,
                                      long long key, size_t i, const struct bd_polyline *polyline,
                                      struct bd_error *err)
{
    BD_TRY(bd_statement_bind_integer(polyline_stmt, ":contour", key, err));
    BD_TRY(bd_statement_bind_integer(polyline_stmt, ":polyline", (long long)i, err));
    BD_TRY(bd_statement_bind_integer(polyline_stmt, ":closed", polyline->closed, err));
    BD_TRY(bd_statement_bind_integer(polyline_stmt, ":hole", polyline->hole, err));
    BD_TRY(bd_statement_bind_integer(polyline_stmt, ":n_vertex", (long long)polyline->n_vertex, err));
    BD_TRY(bd_statement_run(polyline_stmt, err));
    for (size_t k = 0; k < polyline->n_vertex; k++) {
        BD_TRY(bd_statement_bind_integer(vertex_stmt, ":contour", key, err));
        BD_TRY(bd_statement_bind_integer(vertex_stmt, ":polyline", (long long)i, err));
        BD_TRY(bd_statement_bind_integer(vertex_stmt, ":vertex", (long long)k, err));
        BD_TRY(bd_statement_bind_double(vertex_stmt, ":x", polyline->x[k], err));
        BD_TRY(bd_statement_bind_double(vertex_stmt, ":y", polyline->y[k], err));
        BD_TRY(bd_statement_run(vertex_stmt, err));
    }
    return BD_OK;
}

enum { DELETE, CONTOUR, POLYLINE, VERTEX, N_STATEMENT };
static const char *const save_sql[N_STATEMENT] = {
    [DELETE] = "DELETE FROM contour WHERE contour = :contour", /* polylines and vertices go with it */
    [CONTOUR] =
        ("INSERT INTO contour VALUES (:contour, :run, :experiment, :benchmark, :plane, :x_name, :y_name, :kind,"
         " :cl, :method, :pot, :x_min, :x_max, :y_min, :y_max, :n_polyline)"),
    [POLYLINE] = "INSERT INTO polyline VALUES (:contour, :polyline, :closed, :hole, :n_vertex)",
    [VERTEX] = "INSERT INTO vertex VALUES (:contour, :polyline, :vertex, :x, :y)",
};

static enum bd_status save_contour(struct bd_statement **stmt, const char *run, const struct bd_contour *contour,
                                   struct bd_error *err)
{
    const long long key = contour_key(contour);
    BD_TRY(bd_statement_bind_integer(stmt[DELETE], ":contour", key, err));
    BD_TRY(bd_statement_run(stmt[DELETE], err));
    BD_TRY(insert_contour(stmt[CONTOUR], run, contour, err));
    for (size_t i = 0; i < contour->n_polyline; i++)
        BD_TRY(insert_polyline(stmt[POLYLINE], stmt[VERTEX], key, i, &contour->polyline[i], err));
    return BD_OK;
}

enum bd_status bd_result_save_contour(struct bd_database *db, const char *run, const struct bd_contour *contour,
                                      struct bd_error *err)
{
    BD_TRY(bd_database_begin(db, err));
    struct bd_statement *stmt[N_STATEMENT] = {NULL};
    enum bd_status status = BD_OK;
    for (size_t i = 0; status == BD_OK && i < N_STATEMENT; i++)
        status = bd_statement_prepare(db, save_sql[i], &stmt[i], err);
    if (status == BD_OK)
        status = save_contour(stmt, run, contour, err);
    for (size_t i = 0; i < N_STATEMENT; i++)
        bd_statement_free(stmt[i]);
    status =
        bd_add_context(err, status, "contour %s %s %s", contour->experiment, contour->benchmark, contour->kind);
    return bd_database_end(db, status, err);
}

/* -- drivers -----------------------------------------------------------------------------------------------------
 */

static enum bd_status save_drivers(struct bd_statement *delete, struct bd_statement *insert, long long key,
                                   const struct bd_result_driver *drivers, size_t n, struct bd_error *err)
{
    BD_TRY(bd_statement_bind_integer(delete, ":contour", key, err));
    BD_TRY(bd_statement_run(delete, err));
    BD_TRY(bd_statement_bind_integer(insert, ":contour", key, err));
    for (size_t i = 0; i < n; i++) {
        BD_TRY(bd_statement_bind_double(insert, ":mass_gev", drivers[i].mass_gev, err));
        BD_TRY(bd_statement_bind_text(insert, ":decay", drivers[i].decay, err));
        BD_TRY(bd_statement_bind_double(insert, ":coupling", drivers[i].coupling, err));
        BD_TRY(bd_statement_bind_double(insert, ":strength_up", drivers[i].strength_up, err));
        BD_TRY(bd_statement_bind_double(insert, ":without", drivers[i].strength_up_without, err));
        const enum bd_status status = bd_statement_run(insert, err);
        BD_TRY(bd_add_context(err, status, "%s at %g GeV", drivers[i].decay, drivers[i].mass_gev));
    }
    return BD_OK;
}

enum bd_status bd_result_save_drivers(struct bd_database *db, const struct bd_contour *contour,
                                      const struct bd_result_driver *drivers, size_t n, struct bd_error *err)
{
    struct bd_statement *delete = NULL, *insert = NULL;
    BD_TRY(bd_database_begin(db, err));
    enum bd_status status = bd_statement_prepare(db, "DELETE FROM driver WHERE contour = :contour", &delete, err);
    if (status == BD_OK)
        status = bd_statement_prepare(
            db, "INSERT INTO driver VALUES (:contour, :mass_gev, :decay, :coupling, :strength_up, :without)",
            &insert, err);
    if (status == BD_OK)
        status = save_drivers(delete, insert, contour_key(contour), drivers, n, err);
    bd_statement_free(insert);
    bd_statement_free(delete);
    status = bd_add_context(err, status, "drivers of contour %s %s %s", contour->experiment, contour->benchmark,
                            contour->kind);
    return bd_database_end(db, status, err);
}
