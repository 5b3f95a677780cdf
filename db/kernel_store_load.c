/* db/kernel_store_load.c - the reading half of db/kernel_store.h. */
#include <stdlib.h>
#include <string.h>

#include "db/kernel_store.h"
#include "db/statement.h"

static const char select_sql[] =
    "SELECT channel, region, mass_gev, status, chi_per_pot, acceptance, error, n_configuration, weight, reach,"
    " error_width, error_rel, model, production, variant, settings, decay, run,"
    " (SELECT weight FROM region AS r WHERE r.experiment = k.experiment AND r.decay = c.decay"
    "  AND r.region = k.region)"
    " FROM kernel AS k JOIN channel AS c USING (channel)"
    " WHERE experiment = :experiment AND (:model IS NULL OR model IN (:model, ''))"
    " AND (:production IS NULL OR production = :production) AND (:variant IS NULL OR variant = :variant)"
    " AND (:settings IS NULL OR settings = :settings) AND (:decay IS NULL OR decay = :decay)"
    " AND (:region IS NULL OR region = :region)"
    " ORDER BY channel, region, mass_gev";

static enum bd_status bind_filter(struct bd_statement *stmt, const char *name, const char *text,
                                  struct bd_error *err)
{
    return text != NULL ? bd_statement_bind_text(stmt, name, text, err) : bd_statement_bind_null(stmt, name, err);
}

static enum bd_status read_kernel(struct bd_statement *stmt, struct bd_kernel *kernel, struct bd_error *err)
{
    if (!bd_flag_find(bd_statement_text(stmt, 3), &kernel->flag))
        return bd_fail(err, BD_DATABASE, "unknown status '%s'", bd_statement_text(stmt, 3));
    kernel->chi_per_pot = bd_statement_double(stmt, 4);
    kernel->acceptance = bd_statement_double(stmt, 5);
    kernel->error = bd_statement_double(stmt, 6);
    kernel->n_configuration = bd_statement_double(stmt, 7);
    BD_TRY(bd_statement_doubles(stmt, 8, kernel->weight, BD_KERNEL_NODES, err));
    BD_TRY(bd_statement_doubles(stmt, 9, kernel->reach, BD_REACH_NODES, err));
    BD_TRY(bd_statement_doubles(stmt, 10, kernel->error_width_gev, BD_KERNEL_ERRORS, err));
    return bd_statement_doubles(stmt, 11, kernel->error_rel, BD_KERNEL_ERRORS, err);
}

/* Room for one more: a capacity that is the next power of two needs no counter of its own. */
static void *grow(void *array, size_t n, size_t size)
{
    if ((n & (n - 1)) != 0)
        return array;
    return realloc(array, (n == 0 ? 1 : 2 * n) * size);
}

static enum bd_status start_series(struct bd_statement *stmt, struct bd_kernel_set *set, struct bd_error *err)
{
    struct bd_kernel_series *grown = grow(set->series, set->n_series, sizeof *grown);
    if (grown == NULL)
        return bd_fail(err, BD_NO_MEMORY, "kernels: out of memory");
    set->series = grown;
    struct bd_kernel_series *series = &grown[set->n_series++];
    *series = (struct bd_kernel_series){.region_weight = bd_statement_double(stmt, 18)};
    BD_TRY(bd_statement_copy_text(stmt, 0, series->channel, sizeof series->channel, err));
    BD_TRY(bd_statement_copy_text(stmt, 1, series->region, sizeof series->region, err));
    BD_TRY(bd_statement_copy_text(stmt, 12, series->model, sizeof series->model, err));
    BD_TRY(bd_statement_copy_text(stmt, 13, series->production, sizeof series->production, err));
    BD_TRY(bd_statement_copy_text(stmt, 14, series->variant, sizeof series->variant, err));
    BD_TRY(bd_statement_copy_text(stmt, 15, series->settings, sizeof series->settings, err));
    return bd_statement_copy_text(stmt, 16, series->decay, sizeof series->decay, err);
}

static int is_of_series(struct bd_statement *stmt, const struct bd_kernel_series *series)
{
    return strcmp(series->channel, bd_statement_text(stmt, 0)) == 0 &&
           strcmp(series->region, bd_statement_text(stmt, 1)) == 0;
}

/* The rows are sorted: one that is not of the last series begins a new one. */
static enum bd_status add_kernel(struct bd_statement *stmt, struct bd_kernel_set *set, struct bd_error *err)
{
    if (set->n_series == 0 || !is_of_series(stmt, &set->series[set->n_series - 1]))
        BD_TRY(start_series(stmt, set, err));
    struct bd_kernel_series *series = &set->series[set->n_series - 1];
    double *mass_gev = grow(series->mass_gev, series->n_mass, sizeof *mass_gev);
    if (mass_gev != NULL)
        series->mass_gev = mass_gev;
    struct bd_kernel *kernel = grow(series->kernel, series->n_mass, sizeof *kernel);
    if (kernel != NULL)
        series->kernel = kernel;
    if (mass_gev == NULL || kernel == NULL)
        return bd_fail(err, BD_NO_MEMORY, "kernels: out of memory");
    mass_gev[series->n_mass] = bd_statement_double(stmt, 2);
    BD_TRY(read_kernel(stmt, &kernel[series->n_mass], err));
    series->n_mass++;
    return bd_statement_copy_text(stmt, 17, series->run, sizeof series->run, err);
}

static enum bd_status read_kernels(struct bd_statement *stmt, const struct bd_kernel_filter *filter,
                                   struct bd_kernel_set *set, struct bd_error *err)
{
    BD_TRY(bd_statement_bind_text(stmt, ":experiment", set->experiment.id, err));
    BD_TRY(bind_filter(stmt, ":model", filter->model, err));
    BD_TRY(bind_filter(stmt, ":production", filter->production, err));
    BD_TRY(bind_filter(stmt, ":variant", filter->variant, err));
    BD_TRY(bind_filter(stmt, ":settings", filter->settings, err));
    BD_TRY(bind_filter(stmt, ":decay", filter->decay, err));
    BD_TRY(bind_filter(stmt, ":region", filter->region, err));
    int row;
    for (;;) {
        BD_TRY(bd_statement_step(stmt, &row, err));
        if (!row)
            return BD_OK;
        BD_TRY(add_kernel(stmt, set, err));
    }
}

enum bd_status bd_kernel_store_load(struct bd_database *db, const char *experiment,
                                    const struct bd_kernel_filter *filter, struct bd_kernel_set **set,
                                    struct bd_error *err)
{
    static const struct bd_kernel_filter everything = {NULL, NULL, NULL, NULL, NULL, NULL};
    struct bd_kernel_set *loaded = calloc(1, sizeof *loaded);
    if (loaded == NULL)
        return bd_fail(err, BD_NO_MEMORY, "kernels: out of memory");
    struct bd_statement *stmt = NULL;
    enum bd_status status = bd_experiment_store_load(db, experiment, &loaded->experiment, err);
    if (status == BD_OK)
        status = bd_statement_prepare(db, select_sql, &stmt, err);
    if (status == BD_OK)
        status = read_kernels(stmt, filter != NULL ? filter : &everything, loaded, err);
    bd_statement_free(stmt);
    if (status == BD_OK)
        *set = loaded;
    else
        bd_kernel_set_free(loaded);
    return status;
}
