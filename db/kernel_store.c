#include "db/kernel_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/handle.h"
#include "db/statement.h"

static const char delete_sql[] = "DELETE FROM kernel WHERE kernel = :kernel";
static const char insert_sql[] =
    "INSERT INTO kernel VALUES (:kernel, :run, :experiment, :channel, :region, :mass_gev, :status, :chi_per_pot,"
    " :acceptance, :error, :n_configuration, :weight, :reach, :error_width, :error_rel)";

struct place { /* of a kernel in its experiment */
    const char *channel, *region;
    double mass_gev;
};

static enum bd_status insert_kernel(struct bd_statement *stmt, const struct bd_run *run, long long key,
                                    const struct place *place, const struct bd_kernel *kernel,
                                    struct bd_error *err)
{
    BD_TRY(bd_statement_bind_integer(stmt, ":kernel", key, err));
    BD_TRY(bd_statement_bind_text(stmt, ":run", run->id, err));
    BD_TRY(bd_statement_bind_text(stmt, ":experiment", run->plan->experiment->id, err));
    BD_TRY(bd_statement_bind_text(stmt, ":channel", place->channel, err));
    BD_TRY(bd_statement_bind_text(stmt, ":region", place->region, err));
    BD_TRY(bd_statement_bind_double(stmt, ":mass_gev", place->mass_gev, err));
    BD_TRY(bd_statement_bind_text(stmt, ":status", bd_flag_name(kernel->flag), err));
    BD_TRY(bd_statement_bind_double(stmt, ":chi_per_pot", kernel->chi_per_pot, err));
    BD_TRY(bd_statement_bind_double(stmt, ":acceptance", kernel->acceptance, err));
    BD_TRY(bd_statement_bind_double(stmt, ":error", kernel->error, err));
    BD_TRY(bd_statement_bind_double(stmt, ":n_configuration", kernel->n_configuration, err));
    BD_TRY(bd_statement_bind_doubles(stmt, ":weight", kernel->weight, BD_KERNEL_NODES, err));
    BD_TRY(bd_statement_bind_doubles(stmt, ":reach", kernel->reach, BD_REACH_NODES, err));
    BD_TRY(bd_statement_bind_doubles(stmt, ":error_width", kernel->error_width_gev, BD_KERNEL_ERRORS, err));
    BD_TRY(bd_statement_bind_doubles(stmt, ":error_rel", kernel->error_rel, BD_KERNEL_ERRORS, err));
    return bd_statement_run(stmt, err);
}

static enum bd_status save_kernel(struct bd_statement *delete, struct bd_statement *insert,
                                  const struct bd_run *run, const struct place *place,
                                  const struct bd_kernel *kernel, struct bd_error *err)
{
    /* From the natural key, so that it does not depend on who stores first. */
    const long long key =
        bd_database_key("%s|%s|%s|%a", run->plan->experiment->id, place->channel, place->region, place->mass_gev);
    BD_TRY(bd_statement_bind_integer(delete, ":kernel", key, err));
    BD_TRY(bd_statement_run(delete, err));
    return insert_kernel(insert, run, key, place, kernel, err);
}

static enum bd_status save_kernels(struct bd_database *db, const struct bd_run *run, size_t task,
                                   const struct bd_kernel *kernels, struct bd_error *err)
{
    const struct bd_plan *plan = run->plan;
    const char *decay = plan->decay[task / plan->n_mass];
    struct bd_statement *delete = NULL, *insert = NULL;
    enum bd_status status = bd_statement_prepare(db, delete_sql, &delete, err);
    if (status == BD_OK)
        status = bd_statement_prepare(db, insert_sql, &insert, err);
    for (size_t i = 0; status == BD_OK && i < run->n_region * plan->n_production; i++) {
        char channel[BD_CHANNEL_SIZE];
        if (!bd_plan_has_pair(plan, i % plan->n_production, task / plan->n_mass))
            continue;
        bd_plan_channel_name(&plan->production[i % plan->n_production], decay, channel);
        const struct place place = {channel, run->region[i / plan->n_production].name,
                                    plan->mass_gev[task % plan->n_mass]};
        status = save_kernel(delete, insert, run, &place, &kernels[i], err);
        status = bd_add_context(err, status, "kernel %s at %g GeV", channel, place.mass_gev);
    }
    bd_statement_free(insert);
    bd_statement_free(delete);
    return status;
}

enum bd_status bd_kernel_store_save_task(struct bd_database *db, const struct bd_run *run, size_t task,
                                         const struct bd_kernel *kernels, struct bd_error *err)
{
    BD_TRY(bd_database_begin(db, err));
    return bd_database_end(db, save_kernels(db, run, task, kernels, err), err);
}

/* -- what is there -----------------------------------------------------------------------------------------------
 */

static int compare_masses(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* count[n_mass]: kernels of one channel that are good enough. */
static enum bd_status count_good(struct bd_statement *stmt, const struct bd_plan *plan, const char *channel,
                                 unsigned *count, struct bd_error *err)
{
    bd_statement_reset(stmt);
    BD_TRY(bd_statement_bind_text(stmt, ":experiment", plan->experiment->id, err));
    BD_TRY(bd_statement_bind_text(stmt, ":channel", channel, err));
    BD_TRY(bd_statement_bind_integer(stmt, ":seed", (long long)plan->seed, err));
    BD_TRY(bd_statement_bind_double(stmt, ":precision", plan->precision, err));
    BD_TRY(bd_statement_bind_integer(stmt, ":max_points", plan->max_points, err));
    int row;
    for (;;) {
        BD_TRY(bd_statement_step(stmt, &row, err));
        if (!row)
            return BD_OK;
        const double mass_gev = bd_statement_double(stmt, 0);
        const double *found = bsearch(&mass_gev, plan->mass_gev, plan->n_mass, sizeof mass_gev, compare_masses);
        if (found != NULL)
            count[found - plan->mass_gev]++;
    }
}

static enum bd_status find_done_of_decay(struct bd_statement *stmt, const struct bd_run *run, size_t decay,
                                         unsigned *count, unsigned char *done, struct bd_error *err)
{
    const struct bd_plan *plan = run->plan;
    size_t n_pair = 0;
    memset(count, 0, plan->n_mass * sizeof *count);
    for (size_t p = 0; p < plan->n_production; p++) {
        char channel[BD_CHANNEL_SIZE];
        if (!bd_plan_has_pair(plan, p, decay))
            continue;
        n_pair++;
        bd_plan_channel_name(&plan->production[p], plan->decay[decay], channel);
        BD_TRY(count_good(stmt, plan, channel, count, err));
    }
    for (size_t i = 0; i < plan->n_mass; i++)
        done[i] = count[i] == n_pair * run->n_region;
    return BD_OK;
}

enum bd_status bd_kernel_store_find_done(struct bd_database *db, const struct bd_run *run, unsigned char *done,
                                         size_t *n_done, struct bd_error *err)
{
    const struct bd_plan *plan = run->plan;
    struct bd_statement *stmt;
    BD_TRY(bd_statement_prepare(db,
                                "SELECT mass_gev FROM kernel JOIN run USING (run)"
                                " WHERE kernel.experiment = :experiment AND channel = :channel AND seed = :seed"
                                " AND ((status IN ('ok', 'precision') AND error <= :precision)"
                                "      OR (precision <= :precision AND max_points >= :max_points))",
                                &stmt, err));
    unsigned *count = malloc((plan->n_mass + 1) * sizeof *count);
    enum bd_status status = count != NULL ? BD_OK : bd_fail(err, BD_NO_MEMORY, "%s: out of memory", db->path);
    for (size_t d = 0; count != NULL && status == BD_OK && d < plan->n_decay; d++)
        status = find_done_of_decay(stmt, run, d, count, &done[d * plan->n_mass], err);
    *n_done = 0;
    for (size_t i = 0; status == BD_OK && i < plan->n_decay * plan->n_mass; i++)
        *n_done += done[i];
    free(count);
    bd_statement_free(stmt);
    return status;
}
