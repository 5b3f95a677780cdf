/* db/experiment_store_load.c - the reading half of db/experiment_store.h. */
#include <stdio.h>
#include <string.h>

#include "db/experiment_store.h"
#include "db/statement.h"

/* "na62, koto_pnn" for a message. */
static enum bd_status unknown_experiment(struct bd_database *db, const char *id, struct bd_error *err)
{
    struct bd_statement *stmt;
    BD_TRY(bd_statement_prepare(db, "SELECT group_concat(experiment, ', ') FROM experiment", &stmt, err));
    int row;
    enum bd_status status = bd_statement_step(stmt, &row, err);
    if (status == BD_OK) {
        const char *known = bd_statement_text(stmt, 0);
        status = bd_fail(err, BD_BAD_INPUT, "%s has no experiment '%s'; it has: %s", bd_database_path(db), id,
                         *known != '\0' ? known : "none");
    }
    bd_statement_free(stmt);
    return status;
}

static enum bd_status read_experiment(struct bd_database *db, struct bd_statement *stmt, const char *id,
                                      struct bd_stored_experiment *experiment, struct bd_error *err)
{
    BD_TRY(bd_statement_bind_text(stmt, ":experiment", id, err));
    int row;
    BD_TRY(bd_statement_step(stmt, &row, err));
    if (!row)
        return unknown_experiment(db, id, err);
    BD_TRY(bd_statement_copy_text(stmt, 0, experiment->id, sizeof experiment->id, err));
    BD_TRY(bd_statement_copy_text(stmt, 1, experiment->title, sizeof experiment->title, err));
    BD_TRY(bd_statement_copy_text(stmt, 2, experiment->mode, sizeof experiment->mode, err));
    BD_TRY(bd_statement_copy_text(stmt, 3, experiment->status, sizeof experiment->status, err));
    BD_TRY(bd_statement_copy_text(stmt, 4, experiment->card_hash, sizeof experiment->card_hash, err));
    double *const numbers[] = {&experiment->pot,
                               &experiment->pot_rel_unc,
                               &experiment->pot_reference,
                               &experiment->production_z_m,
                               &experiment->mass_resolution_rel,
                               &experiment->limit_cl,
                               &experiment->nodes.ln_s_min,
                               &experiment->nodes.ln_s_step,
                               &experiment->ln_reach_p_min,
                               &experiment->ln_reach_p_step};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        *numbers[i] = bd_statement_double(stmt, 5 + (int)i);
    return BD_OK;
}

static enum bd_status read_selections(struct bd_statement *stmt, struct bd_stored_experiment *experiment,
                                      struct bd_error *err)
{
    BD_TRY(bd_statement_bind_text(stmt, ":experiment", experiment->id, err));
    int row;
    for (;;) {
        BD_TRY(bd_statement_step(stmt, &row, err));
        if (!row)
            return BD_OK;
        if (experiment->n_selection == BD_STATES_MAX)
            return bd_fail(err, BD_DATABASE, "more than %d selections", BD_STATES_MAX);
        struct bd_stored_selection *selection = &experiment->selection[experiment->n_selection++];
        BD_TRY(bd_statement_copy_text(stmt, 0, selection->decay, sizeof selection->decay, err));
        selection->a_trig = bd_statement_double(stmt, 1);
        selection->projection = (int)bd_statement_integer(stmt, 2, 0);
        selection->combined = (int)bd_statement_integer(stmt, 3, 0);
        selection->volume_z_min_m = bd_statement_double(stmt, 4);
        selection->volume_z_max_m = bd_statement_double(stmt, 5);
        BD_TRY(bd_statement_copy_text(stmt, 6, selection->source, sizeof selection->source, err));
    }
}

static enum bd_status read_counts(struct bd_statement *stmt, struct bd_stored_experiment *experiment,
                                  struct bd_error *err)
{
    BD_TRY(bd_statement_bind_text(stmt, ":experiment", experiment->id, err));
    int row;
    for (;;) {
        BD_TRY(bd_statement_step(stmt, &row, err));
        if (!row)
            return BD_OK;
        if (experiment->n_count == BD_STATES_MAX)
            return bd_fail(err, BD_DATABASE, "more than %d counts", BD_STATES_MAX);
        struct bd_count *count = &experiment->count[experiment->n_count++];
        const char *decay = bd_statement_text(stmt, 0);
        for (size_t i = 0; i < experiment->n_selection; i++) /* a foreign key: it is there */
            if (strcmp(experiment->selection[i].decay, decay) == 0)
                count->state = (int)i;
        BD_TRY(bd_statement_copy_text(stmt, 1, count->region, sizeof count->region, err));
        count->n_sr = (int)bd_statement_integer(stmt, 2, -1);
        count->n_cr = (int)bd_statement_integer(stmt, 3, -1);
        double *const numbers[] = {&count->b_sr,
                                   &count->b_sr_err_up,
                                   &count->b_sr_err_down,
                                   &count->b_cr,
                                   &count->b_cr_err_up,
                                   &count->b_cr_err_down,
                                   &count->cl,
                                   &count->window_n_sigma,
                                   &count->window_m_min_gev,
                                   &count->window_m_max_gev};
        for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
            *numbers[i] = bd_statement_double(stmt, 4 + (int)i);
    }
}

/* Lists of a count: values[n], at most n_max. */
static enum bd_status read_items(struct bd_statement *stmt, const struct bd_stored_experiment *experiment,
                                 const struct bd_count *count, double *values, size_t n_max, size_t *n,
                                 struct bd_error *err)
{
    bd_statement_reset(stmt);
    BD_TRY(bd_statement_bind_text(stmt, ":experiment", experiment->id, err));
    BD_TRY(bd_statement_bind_text(stmt, ":decay", experiment->selection[count->state].decay, err));
    BD_TRY(bd_statement_bind_text(stmt, ":region", count->region, err));
    int row;
    for (*n = 0;; (*n)++) {
        BD_TRY(bd_statement_step(stmt, &row, err));
        if (!row)
            return BD_OK;
        if (*n == n_max)
            return bd_fail(err, BD_DATABASE, "more than %zu numbers in a list of a count", n_max);
        values[*n] = bd_statement_double(stmt, 0);
    }
}

enum { EXPERIMENT, SELECTION, COUNT, UPPER_LIMIT, CANDIDATE, N_STATEMENT };
static const char *const load_sql[N_STATEMENT] = {
    [EXPERIMENT] = "SELECT experiment, title, mode, card_status, card_hash, pot, pot_rel_unc, pot_reference,"
                   " production_z_m, mass_resolution_rel, limit_cl, ln_s_min, ln_s_step, ln_reach_p_min,"
                   " ln_reach_p_step FROM experiment WHERE experiment = :experiment",
    [SELECTION] =
        "SELECT decay, a_trig, projection, combined, volume_z_min_m, volume_z_max_m, source FROM selection"
        " WHERE experiment = :experiment ORDER BY decay",
    [COUNT] =
        "SELECT decay, region, n_sr, n_cr, b_sr, b_sr_err_up, b_sr_err_down, b_cr, b_cr_err_up, b_cr_err_down,"
        " error_cl, window_n_sigma, window_m_min_gev, window_m_max_gev FROM observation"
        " WHERE experiment = :experiment ORDER BY decay, region",
    [UPPER_LIMIT] = "SELECT n_ul90 FROM background_limit WHERE experiment = :experiment AND decay = :decay"
                    " AND region = :region ORDER BY item",
    [CANDIDATE] = "SELECT mass_gev FROM candidate WHERE experiment = :experiment AND decay = :decay"
                  " AND region = :region ORDER BY item",
};

static enum bd_status read_all(struct bd_database *db, struct bd_statement **stmt, const char *id,
                               struct bd_stored_experiment *experiment, struct bd_error *err)
{
    BD_TRY(read_experiment(db, stmt[EXPERIMENT], id, experiment, err));
    BD_TRY(read_selections(stmt[SELECTION], experiment, err));
    BD_TRY(read_counts(stmt[COUNT], experiment, err));
    for (size_t i = 0; i < experiment->n_count; i++) {
        struct bd_count *count = &experiment->count[i];
        BD_TRY(read_items(stmt[UPPER_LIMIT], experiment, count, count->ul90,
                          sizeof count->ul90 / sizeof count->ul90[0], &count->n_ul90, err));
        BD_TRY(read_items(stmt[CANDIDATE], experiment, count, count->candidate_mass_gev,
                          sizeof count->candidate_mass_gev / sizeof count->candidate_mass_gev[0],
                          &count->n_candidate, err));
    }
    return BD_OK;
}

enum bd_status bd_experiment_store_load(struct bd_database *db, const char *id,
                                        struct bd_stored_experiment *experiment, struct bd_error *err)
{
    *experiment = (struct bd_stored_experiment){.n_selection = 0};
    struct bd_statement *stmt[N_STATEMENT] = {NULL};
    enum bd_status status = BD_OK;
    for (size_t i = 0; status == BD_OK && i < N_STATEMENT; i++)
        status = bd_statement_prepare(db, load_sql[i], &stmt[i], err);
    if (status == BD_OK)
        status = read_all(db, stmt, id, experiment, err);
    for (size_t i = 0; i < N_STATEMENT; i++)
        bd_statement_free(stmt[i]);
    return status;
}
