#include "src/scan/kernel_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare_selections(const void *a, const void *b)
{
    const struct bd_stored_selection *left = a, *right = b;
    return strcmp(left->decay, right->decay);
}

static int selection_index(const struct bd_stored_experiment *stored, const char *decay)
{
    for (size_t i = 0; i < stored->n_selection; i++)
        if (strcmp(stored->selection[i].decay, decay) == 0)
            return (int)i;
    return -1;
}

/* What a database would keep of the card. */
static void store_experiment(const struct bd_plan *plan, struct bd_stored_experiment *stored)
{
    const struct bd_experiment *experiment = plan->experiment;
    *stored = (struct bd_stored_experiment){.pot = experiment->pot,
                                            .pot_rel_unc = experiment->pot_rel_unc,
                                            .pot_reference = experiment->pot_reference,
                                            .production_z_m = experiment->impact_m[2],
                                            .mass_resolution_rel = experiment->mass_resolution_rel,
                                            .limit_cl = experiment->limit_cl,
                                            .nodes = plan->nodes,
                                            .ln_reach_p_min = plan->grid.ln_reach_p_min,
                                            .ln_reach_p_step = plan->grid.ln_reach_p_step,
                                            .n_selection = experiment->n_state,
                                            .n_count = experiment->n_count};
    (void)snprintf(stored->id, sizeof stored->id, "%s", experiment->id);
    (void)snprintf(stored->title, sizeof stored->title, "%s", experiment->title);
    (void)snprintf(stored->mode, sizeof stored->mode, "%s", experiment->mode);
    (void)snprintf(stored->status, sizeof stored->status, "%s", experiment->status);
    (void)snprintf(stored->card_hash, sizeof stored->card_hash, "%016llx", experiment->hash);
    for (size_t i = 0; i < experiment->n_state; i++) {
        const struct bd_final_state *state = &experiment->state[i];
        const struct bd_z_range *volume =
            state->neutral_volume ? &experiment->neutral_volume : &experiment->charged_volume;
        struct bd_stored_selection *selection = &stored->selection[i];
        *selection = (struct bd_stored_selection){.a_trig = state->a_trig,
                                                  .projection = state->projection,
                                                  .volume_z_min_m = volume->z_min_m,
                                                  .volume_z_max_m = volume->z_max_m};
        (void)snprintf(selection->decay, sizeof selection->decay, "%s", state->name);
        (void)snprintf(selection->source, sizeof selection->source, "%s", state->source);
        for (size_t k = 0; k < experiment->n_combine; k++)
            selection->combined |= experiment->combine[k] == (int)i;
    }
    qsort(stored->selection, stored->n_selection, sizeof stored->selection[0], compare_selections);
    for (size_t i = 0; i < experiment->n_count; i++) {
        stored->count[i] = experiment->count[i];
        stored->count[i].state = selection_index(stored, experiment->state[experiment->count[i].state].name);
        stored->count[i].line = 0;
    }
}

static enum bd_status fill_series(const struct bd_plan *plan, size_t production, size_t decay, size_t region,
                                  const struct bd_kernel *kernels, struct bd_kernel_series *series,
                                  struct bd_error *err)
{
    const struct bd_plan_production *from = &plan->production[production];
    size_t n_region;
    const struct bd_region *regions = bd_experiment_signal_regions(plan->experiment, &n_region);
    *series = (struct bd_kernel_series){.region_weight = regions[region].weight, .n_mass = plan->n_mass};
    bd_plan_channel_name(from, plan->decay[decay], series->channel);
    (void)snprintf(series->model, sizeof series->model, "%s", from->model);
    (void)snprintf(series->production, sizeof series->production, "%s", from->channel->name);
    (void)snprintf(series->variant, sizeof series->variant, "%s", from->variant);
    (void)snprintf(series->settings, sizeof series->settings, "%s", from->settings_text);
    (void)snprintf(series->decay, sizeof series->decay, "%s", plan->decay[decay]);
    (void)snprintf(series->region, sizeof series->region, "%s", regions[region].name);
    series->mass_gev = malloc(plan->n_mass * sizeof *series->mass_gev);
    series->kernel = malloc(plan->n_mass * sizeof *series->kernel);
    if (series->mass_gev == NULL || series->kernel == NULL)
        return bd_fail(err, BD_NO_MEMORY, "kernels: out of memory");
    memcpy(series->mass_gev, plan->mass_gev, plan->n_mass * sizeof *series->mass_gev);
    for (size_t m = 0; m < plan->n_mass; m++)
        series->kernel[m] =
            kernels[((decay * plan->n_mass + m) * n_region + region) * plan->n_production + production];
    return BD_OK;
}

enum bd_status bd_kernel_set_from_plan(const struct bd_plan *plan, const struct bd_kernel *kernels,
                                       struct bd_kernel_set **set, struct bd_error *err)
{
    size_t n_region;
    (void)bd_experiment_signal_regions(plan->experiment, &n_region);
    struct bd_kernel_set *created = calloc(1, sizeof *created);
    if (created != NULL)
        created->series = calloc(plan->n_production * plan->n_decay * n_region, sizeof *created->series);
    if (created == NULL || created->series == NULL) {
        free(created);
        return bd_fail(err, BD_NO_MEMORY, "kernels: out of memory");
    }
    store_experiment(plan, &created->experiment);
    enum bd_status status = BD_OK;
    for (size_t p = 0; p < plan->n_production && status == BD_OK; p++)
        for (size_t d = 0; d < plan->n_decay && status == BD_OK; d++)
            for (size_t r = 0; r < n_region && status == BD_OK; r++)
                status = fill_series(plan, p, d, r, kernels, &created->series[created->n_series++], err);
    if (status == BD_OK)
        *set = created;
    else
        bd_kernel_set_free(created);
    return status;
}

void bd_kernel_set_free(struct bd_kernel_set *set)
{
    if (set == NULL)
        return;
    for (size_t i = 0; i < set->n_series; i++) {
        free(set->series[i].mass_gev);
        free(set->series[i].kernel);
    }
    free(set->series);
    free(set);
}
