#include "db/experiment_store.h"

#include <stdio.h>
#include <string.h>

#include "db/statement.h"

/* -- saving ------------------------------------------------------------------------------------------------------
 */

/* 1 if the experiment is there already, with the same card and nodes. */
static enum bd_status compare_stored(struct bd_statement *stmt, const struct bd_plan *plan, const char *path,
                                     const char *card_hash, int *is_stored, struct bd_error *err)
{
    BD_TRY(bd_statement_bind_text(stmt, ":experiment", plan->experiment->id, err));
    BD_TRY(bd_statement_step(stmt, is_stored, err));
    if (!*is_stored)
        return BD_OK;
    if (strcmp(bd_statement_text(stmt, 0), card_hash) != 0)
        return bd_fail(err, BD_BAD_INPUT,
                       "%s has kernels of another card '%s' (hash %s, now %s): give the card another id, or take "
                       "another database",
                       path, plan->experiment->id, bd_statement_text(stmt, 0), card_hash);
    if (bd_statement_double(stmt, 1) != plan->nodes.ln_s_min ||
        bd_statement_double(stmt, 2) != plan->nodes.ln_s_step ||
        bd_statement_double(stmt, 3) != plan->grid.ln_reach_p_min ||
        bd_statement_double(stmt, 4) != plan->grid.ln_reach_p_step)
        return bd_fail(err, BD_BAD_INPUT, "%s has kernels of '%s' on other nodes: take another database", path,
                       plan->experiment->id);
    return BD_OK;
}

static enum bd_status insert_experiment(struct bd_statement *stmt, const struct bd_plan *plan,
                                        const char *card_hash, struct bd_error *err)
{
    const struct bd_experiment *experiment = plan->experiment;
    BD_TRY(bd_statement_bind_text(stmt, ":experiment", experiment->id, err));
    BD_TRY(bd_statement_bind_text(stmt, ":title", experiment->title, err));
    BD_TRY(bd_statement_bind_text(stmt, ":mode", experiment->mode, err));
    BD_TRY(bd_statement_bind_text(stmt, ":card_status", experiment->status, err));
    BD_TRY(bd_statement_bind_text(stmt, ":card", experiment->text != NULL ? experiment->text : "", err));
    BD_TRY(bd_statement_bind_text(stmt, ":card_hash", card_hash, err));
    BD_TRY(bd_statement_bind_double(stmt, ":pot", experiment->pot, err));
    BD_TRY(bd_statement_bind_double(stmt, ":pot_rel_unc", experiment->pot_rel_unc, err));
    BD_TRY(bd_statement_bind_double(stmt, ":pot_reference", experiment->pot_reference, err));
    BD_TRY(bd_statement_bind_double(stmt, ":production_z_m", experiment->impact_m[2], err));
    BD_TRY(bd_statement_bind_double(stmt, ":mass_resolution_rel", experiment->mass_resolution_rel, err));
    BD_TRY(bd_statement_bind_double(stmt, ":limit_cl", experiment->limit_cl, err));
    BD_TRY(bd_statement_bind_double(stmt, ":ln_s_min", plan->nodes.ln_s_min, err));
    BD_TRY(bd_statement_bind_double(stmt, ":ln_s_step", plan->nodes.ln_s_step, err));
    BD_TRY(bd_statement_bind_double(stmt, ":ln_reach_p_min", plan->grid.ln_reach_p_min, err));
    BD_TRY(bd_statement_bind_double(stmt, ":ln_reach_p_step", plan->grid.ln_reach_p_step, err));
    return bd_statement_run(stmt, err);
}

static enum bd_status insert_selection(struct bd_statement *stmt, const struct bd_experiment *experiment,
                                       int state, struct bd_error *err)
{
    const struct bd_final_state *selection = &experiment->state[state];
    const struct bd_z_range *volume =
        selection->neutral_volume ? &experiment->neutral_volume : &experiment->charged_volume;
    int combined = 0;
    for (size_t i = 0; i < experiment->n_combine; i++)
        combined |= experiment->combine[i] == state;
    BD_TRY(bd_statement_bind_text(stmt, ":experiment", experiment->id, err));
    BD_TRY(bd_statement_bind_text(stmt, ":decay", selection->name, err));
    BD_TRY(bd_statement_bind_double(stmt, ":a_trig", selection->a_trig, err));
    BD_TRY(bd_statement_bind_integer(stmt, ":projection", selection->projection != 0, err));
    BD_TRY(bd_statement_bind_integer(stmt, ":combined", combined, err));
    BD_TRY(bd_statement_bind_double(stmt, ":volume_z_min_m", volume->z_min_m, err));
    BD_TRY(bd_statement_bind_double(stmt, ":volume_z_max_m", volume->z_max_m, err));
    BD_TRY(bd_statement_bind_text(stmt, ":source", selection->source, err));
    return bd_statement_run(stmt, err);
}

static enum bd_status insert_region(struct bd_statement *stmt, const char *experiment, const char *decay,
                                    const struct bd_region *region, struct bd_error *err)
{
    BD_TRY(bd_statement_bind_text(stmt, ":experiment", experiment, err));
    BD_TRY(bd_statement_bind_text(stmt, ":decay", decay, err));
    BD_TRY(bd_statement_bind_text(stmt, ":region", region->name, err));
    BD_TRY(bd_statement_bind_double(stmt, ":weight", region->weight, err));
    return bd_statement_run(stmt, err);
}

/* A region of the card that is no region of the kernels is made by cuts at detector level: a part of a_trig. The
 * count then belongs to the first region of the kernels. */
static const char *kernel_region(const char *card_region, const struct bd_region *regions, size_t n_region)
{
    for (size_t i = 0; i < n_region; i++)
        if (strcmp(regions[i].name, card_region) == 0)
            return regions[i].name;
    return regions[0].name;
}

static enum bd_status bind_count_key(struct bd_statement *stmt, const struct bd_experiment *experiment,
                                     const struct bd_count *count, const char *region, struct bd_error *err)
{
    BD_TRY(bd_statement_bind_text(stmt, ":experiment", experiment->id, err));
    BD_TRY(bd_statement_bind_text(stmt, ":decay", experiment->state[count->state].name, err));
    return bd_statement_bind_text(stmt, ":region", region, err);
}

/* -1: not given. */
static enum bd_status bind_observed(struct bd_statement *stmt, const char *name, int n, struct bd_error *err)
{
    return n < 0 ? bd_statement_bind_null(stmt, name, err) : bd_statement_bind_integer(stmt, name, n, err);
}

static enum bd_status insert_count(struct bd_statement *stmt, const struct bd_experiment *experiment,
                                   const struct bd_count *count, const char *region, struct bd_error *err)
{
    BD_TRY(bind_count_key(stmt, experiment, count, region, err));
    BD_TRY(bd_statement_bind_text(stmt, ":card_region", count->region, err));
    BD_TRY(bind_observed(stmt, ":n_sr", count->n_sr, err));
    BD_TRY(bd_statement_bind_double(stmt, ":b_sr", count->b_sr, err));
    BD_TRY(bd_statement_bind_double(stmt, ":b_sr_err_up", count->b_sr_err_up, err));
    BD_TRY(bd_statement_bind_double(stmt, ":b_sr_err_down", count->b_sr_err_down, err));
    BD_TRY(bind_observed(stmt, ":n_cr", count->n_cr, err));
    BD_TRY(bd_statement_bind_double(stmt, ":b_cr", count->b_cr, err));
    BD_TRY(bd_statement_bind_double(stmt, ":b_cr_err_up", count->b_cr_err_up, err));
    BD_TRY(bd_statement_bind_double(stmt, ":b_cr_err_down", count->b_cr_err_down, err));
    BD_TRY(bd_statement_bind_double(stmt, ":error_cl", count->cl, err));
    BD_TRY(bd_statement_bind_double(stmt, ":window_n_sigma", count->window_n_sigma, err));
    BD_TRY(bd_statement_bind_double(stmt, ":window_m_min_gev", count->window_m_min_gev, err));
    BD_TRY(bd_statement_bind_double(stmt, ":window_m_max_gev", count->window_m_max_gev, err));
    return bd_statement_run(stmt, err);
}

/* The numbers of a list in a table of its own: upper limits, masses of candidates. */
static enum bd_status insert_items(struct bd_statement *stmt, const struct bd_experiment *experiment,
                                   const struct bd_count *count, const char *region, const double *values,
                                   size_t n, struct bd_error *err)
{
    for (size_t i = 0; i < n; i++) {
        BD_TRY(bind_count_key(stmt, experiment, count, region, err));
        BD_TRY(bd_statement_bind_integer(stmt, ":item", (long long)i, err));
        BD_TRY(bd_statement_bind_double(stmt, ":value", values[i], err));
        BD_TRY(bd_statement_run(stmt, err));
    }
    return BD_OK;
}

enum { EXISTING, EXPERIMENT, SELECTION, REGION, COUNT, UPPER_LIMIT, CANDIDATE, N_STATEMENT };
static const char *const save_sql[N_STATEMENT] = {
    [EXISTING] = "SELECT card_hash, ln_s_min, ln_s_step, ln_reach_p_min, ln_reach_p_step FROM experiment"
                 " WHERE experiment = :experiment",
    [EXPERIMENT] =
        "INSERT INTO experiment VALUES (:experiment, :title, :mode, :card_status, :card, :card_hash, :pot,"
        " :pot_rel_unc, :pot_reference, :production_z_m, :mass_resolution_rel, :limit_cl, :ln_s_min,"
        " :ln_s_step, :ln_reach_p_min, :ln_reach_p_step)",
    [SELECTION] = "INSERT INTO selection VALUES (:experiment, :decay, :a_trig, :projection, :combined,"
                  " :volume_z_min_m, :volume_z_max_m, :source)",
    [REGION] = "INSERT INTO region VALUES (:experiment, :decay, :region, :weight)",
    [COUNT] = "INSERT INTO observation VALUES (:experiment, :decay, :region, :card_region, :n_sr, :b_sr,"
              " :b_sr_err_up, :b_sr_err_down, :n_cr, :b_cr, :b_cr_err_up, :b_cr_err_down, :error_cl,"
              " :window_n_sigma, :window_m_min_gev, :window_m_max_gev)",
    [UPPER_LIMIT] = "INSERT INTO background_limit VALUES (:experiment, :decay, :region, :item, :value)",
    [CANDIDATE] = "INSERT INTO candidate VALUES (:experiment, :decay, :region, :item, :value)",
};

static enum bd_status save_rows(struct bd_statement **stmt, const struct bd_plan *plan, const char *path,
                                const struct bd_region *regions, size_t n_region, struct bd_error *err)
{
    const struct bd_experiment *experiment = plan->experiment;
    char card_hash[17];
    (void)snprintf(card_hash, sizeof card_hash, "%016llx", experiment->hash);
    int is_stored;
    BD_TRY(compare_stored(stmt[EXISTING], plan, path, card_hash, &is_stored, err));
    if (is_stored)
        return BD_OK;
    BD_TRY(insert_experiment(stmt[EXPERIMENT], plan, card_hash, err));
    for (size_t i = 0; i < experiment->n_state; i++) {
        BD_TRY(insert_selection(stmt[SELECTION], experiment, (int)i, err));
        for (size_t r = 0; r < n_region; r++)
            BD_TRY(insert_region(stmt[REGION], experiment->id, experiment->state[i].name, &regions[r], err));
    }
    for (size_t i = 0; i < experiment->n_count; i++) {
        const struct bd_count *count = &experiment->count[i];
        const char *region = kernel_region(count->region, regions, n_region);
        BD_TRY(insert_count(stmt[COUNT], experiment, count, region, err));
        BD_TRY(insert_items(stmt[UPPER_LIMIT], experiment, count, region, count->ul90, count->n_ul90, err));
        BD_TRY(insert_items(stmt[CANDIDATE], experiment, count, region, count->candidate_mass_gev,
                            count->n_candidate, err));
    }
    return BD_OK;
}

enum bd_status bd_experiment_store_save(struct bd_database *db, const struct bd_plan *plan,
                                        const struct bd_region *regions, size_t n_region, struct bd_error *err)
{
    struct bd_statement *stmt[N_STATEMENT] = {NULL};
    enum bd_status status = BD_OK;
    for (size_t i = 0; status == BD_OK && i < N_STATEMENT; i++)
        status = bd_statement_prepare(db, save_sql[i], &stmt[i], err);
    if (status == BD_OK)
        status = save_rows(stmt, plan, bd_database_path(db), regions, n_region, err);
    for (size_t i = 0; i < N_STATEMENT; i++)
        bd_statement_free(stmt[i]);
    return bd_add_context(err, status, "experiment %s", plan->experiment->id);
}
