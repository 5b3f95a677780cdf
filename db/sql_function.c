#include "db/sql_function.h"

#include <math.h>
#include <string.h>

#include "db/blob.h"
#include "db/handle.h"
#include "decay/kernel.h"
#include "src/core/flag.h"

static const char lookup_sql[] =
    "SELECT mass_gev, weight, error_width, error_rel, ln_s_min, ln_s_step, pot * a_trig, status"
    " FROM kernel JOIN channel USING (channel) JOIN experiment USING (experiment)"
    " JOIN selection USING (experiment, decay) WHERE kernel = ?1";

static int read_doubles(sqlite3_stmt *stmt, int column, double *values, size_t n)
{
    const void *bytes = sqlite3_column_blob(stmt, column);
    if (bytes == NULL || (size_t)sqlite3_column_bytes(stmt, column) != 8 * n)
        return 0;
    bd_blob_get(bytes, n, values);
    return 1;
}

/* events and error of the row the lookup stands on. */
static int evaluate(sqlite3_stmt *row, double width_gev, double *n_events, double *n_events_err)
{
    double weight[BD_KERNEL_NODES], error_width_gev[BD_KERNEL_ERRORS], error_rel[BD_KERNEL_ERRORS];
    if (!read_doubles(row, 1, weight, BD_KERNEL_NODES) ||
        !read_doubles(row, 2, error_width_gev, BD_KERNEL_ERRORS) ||
        !read_doubles(row, 3, error_rel, BD_KERNEL_ERRORS))
        return 0;
    const struct bd_kernel_nodes nodes = {sqlite3_column_double(row, 4), sqlite3_column_double(row, 5)};
    *n_events =
        sqlite3_column_double(row, 6) * bd_kernel_yield(&nodes, weight, sqlite3_column_double(row, 0), width_gev);
    *n_events_err = *n_events * bd_kernel_error(error_width_gev, error_rel, width_gev);
    return 1;
}

static void answer(sqlite3_context *context, sqlite3_value **argument, int want_error)
{
    struct bd_database *db = sqlite3_user_data(context);
    if (sqlite3_value_type(argument[0]) == SQLITE_NULL || sqlite3_value_type(argument[1]) == SQLITE_NULL)
        return; /* NULL */
    const double width_gev = sqlite3_value_double(argument[1]);
    if (sqlite3_value_type(argument[0]) != SQLITE_INTEGER ||
        sqlite3_value_numeric_type(argument[1]) == SQLITE_TEXT || !isfinite(width_gev) || width_gev < 0.0) {
        sqlite3_result_error(context,
                             "n_events(kernel, width_gev): kernel must be an id of table kernel, width_gev a "
                             "number >= 0",
                             -1);
        return;
    }
    if (db->kernel_lookup == NULL && sqlite3_prepare_v3(db->handle, lookup_sql, -1, SQLITE_PREPARE_PERSISTENT,
                                                        &db->kernel_lookup, NULL) != SQLITE_OK) {
        sqlite3_result_error(context, sqlite3_errmsg(db->handle), -1);
        return;
    }
    sqlite3_stmt *row = db->kernel_lookup;
    (void)sqlite3_bind_int64(row, 1, sqlite3_value_int64(argument[0]));
    double n_events, n_events_err;
    if (sqlite3_step(row) != SQLITE_ROW)
        sqlite3_result_error(context, "n_events(kernel, width_gev): there is no such kernel", -1);
    else if (strcmp((const char *)sqlite3_column_text(row, 7), bd_flag_name(BD_FLAG_OUTSIDE)) == 0)
        sqlite3_result_null(context);
    else if (!evaluate(row, width_gev, &n_events, &n_events_err))
        sqlite3_result_error(context, "n_events(kernel, width_gev): the kernel is damaged", -1);
    else
        sqlite3_result_double(context, want_error ? n_events_err : n_events);
    (void)sqlite3_reset(row);
}

static void n_events(sqlite3_context *context, int n, sqlite3_value **argument)
{
    (void)n;
    answer(context, argument, 0);
}

static void n_events_err(sqlite3_context *context, int n, sqlite3_value **argument)
{
    (void)n;
    answer(context, argument, 1);
}

enum bd_status bd_sql_function_register(struct bd_database *db, struct bd_error *err)
{
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    if (sqlite3_create_function_v2(db->handle, "n_events", 2, flags, db, n_events, NULL, NULL, NULL) !=
            SQLITE_OK ||
        sqlite3_create_function_v2(db->handle, "n_events_err", 2, flags, db, n_events_err, NULL, NULL, NULL) !=
            SQLITE_OK)
        return bd_database_fail(db, "n_events", err);
    return BD_OK;
}
