#include "src/scan/plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_PRECISION 0.01
#define DEFAULT_MAX_POINTS 32768
#define DEFAULT_SEED 1
#define P_MIN_FRACTION 0.3    /* of the least energetic selection: heavy X may be slower than their daughters */
#define SAME_MASS 1e-9        /* relative */
#define THRESHOLD_OFFSET 1e-4 /* relative: a mass node on both sides of each threshold */

static enum bd_status no_memory(struct bd_error *err)
{
    return bd_fail(err, BD_NO_MEMORY, "plan of a scan: out of memory");
}

enum bd_status bd_plan_init(const struct bd_experiment *experiment, struct bd_plan *plan, struct bd_error *err)
{
    double theta_min = INFINITY, theta_max = 0.0, energy_min = INFINITY;
    *plan = (struct bd_plan){.experiment = experiment,
                             .precision = DEFAULT_PRECISION,
                             .max_points = DEFAULT_MAX_POINTS,
                             .seed = DEFAULT_SEED,
                             .threads = 1};
    for (size_t i = 0; i < experiment->n_state; i++) {
        const struct bd_decay *decay = bd_decay_find(experiment->state[i].name);
        struct bd_detector detector;
        for (size_t part = 0; decay != NULL && part < (experiment->n_part > 0 ? experiment->n_part : 1); part++) {
            const struct bd_final_state state = bd_experiment_part_state(experiment, &experiment->state[i], part);
            BD_TRY(bd_detector_init(experiment, &state, decay, &detector, err));
            theta_min = fmin(theta_min, detector.window.theta_min_rad);
            theta_max = fmax(theta_max, detector.window.theta_max_rad);
            energy_min = fmin(energy_min, detector.energy_min_gev);
        }
    }
    if (theta_max <= 0.0)
        return bd_fail(err, BD_BAD_INPUT, "%s: no final state that this program can decay", experiment->id);
    const double p_min =
        fmin(fmax(P_MIN_FRACTION * energy_min, 1e-3 * experiment->beam_p_gev), 0.1 * experiment->beam_p_gev);
    bd_spectrum_grid_init(&plan->grid, p_min, experiment->beam_p_gev, theta_min, theta_max);
    bd_kernel_nodes_init(experiment, &plan->grid, &plan->nodes);
    return BD_OK;
}

void bd_plan_free(struct bd_plan *plan)
{
    free(plan->production);
    free(plan->decay);
    free(plan->mass_gev);
    *plan = (struct bd_plan){0};
}

/* ---- productions ---- */

static enum bd_status set_from_text(struct bd_plan_production *production, const char *text, struct bd_error *err)
{
    char key[64];
    const char *equal = strchr(text, '=');
    if (equal == NULL || equal == text || (size_t)(equal - text) >= sizeof key)
        return bd_fail(err, BD_BAD_INPUT, "expected KEY=VALUE, found '%s'", text);
    memcpy(key, text, (size_t)(equal - text));
    key[equal - text] = '\0';
    if (strcmp(key, BD_PLAN_MATRIX_ELEMENT) == 0) {
        production->flat = strcmp(equal + 1, "flat") == 0;
        return production->flat || strcmp(equal + 1, "model") == 0
                   ? BD_OK
                   : bd_fail(err, BD_BAD_INPUT, "%s: '%s' is not one of: model, flat", key, equal + 1);
    }
    return bd_setting_set(production->channel->settings, &production->settings, key, equal + 1, err);
}

static int has_key(const struct bd_setting *settings, const char *text)
{
    char key[64] = "";
    (void)sscanf(text, "%63[^=]", key);
    return bd_setting_has(settings, key) || strcmp(key, BD_PLAN_MATRIX_ELEMENT) == 0;
}

enum bd_status bd_plan_read_production(const struct bd_experiment *experiment, const char *spec, const char *model,
                                       const char *const *set, struct bd_plan_production *production,
                                       struct bd_error *err)
{
    char words[256], *rest = NULL;
    const char *variant;
    if (snprintf(words, sizeof words, "%s", spec) >= (int)sizeof words)
        return bd_fail(err, BD_BAD_INPUT, "production '%.40s...' is too long", spec);
    const char *name = strtok_r(words, " ", &rest);
    *production = (struct bd_plan_production){0};
    BD_TRY(bd_production_find(name != NULL ? name : "", model, &production->channel, &variant, err));
    const struct bd_production *channel = production->channel;
    if (*variant == '\0' && channel->variants != NULL)
        variant = channel->variants[0];
    (void)snprintf(production->variant, sizeof production->variant, "%s", variant);
    (void)snprintf(production->model, sizeof production->model, "%s",
                   channel->model != NULL ? channel->model : "");
    bd_setting_init(channel->settings, &production->settings);
    for (size_t i = 0; i < experiment->n_override; i++)
        if (bd_setting_has(channel->settings, experiment->override[i].key))
            BD_TRY(bd_add_context(err,
                                  bd_setting_set(channel->settings, &production->settings,
                                                 experiment->override[i].key, experiment->override[i].value, err),
                                  "%s:%u: production", experiment->path, experiment->override[i].line));
    for (const char *word = strtok_r(NULL, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
        BD_TRY(bd_add_context(err, set_from_text(production, word, err), "production '%s'", spec));
    for (; set != NULL && *set != NULL; set++)
        if (has_key(channel->settings, *set))
            BD_TRY(bd_add_context(err, set_from_text(production, *set, err), "production '%s'", spec));
    BD_TRY(bd_setting_text(channel->settings, &production->settings, production->settings_text,
                           sizeof production->settings_text - sizeof "," BD_PLAN_MATRIX_ELEMENT "=flat", err));
    if (production->flat) {
        const size_t used = strlen(production->settings_text);
        (void)snprintf(production->settings_text + used, sizeof production->settings_text - used, "%s%s=flat",
                       used > 0 ? "," : "", BD_PLAN_MATRIX_ELEMENT);
    }
    return BD_OK;
}

enum bd_status bd_plan_add_production(struct bd_plan *plan, const char *spec, const char *model,
                                      const char *const *set, struct bd_error *err)
{
    struct bd_plan_production production;
    BD_TRY(bd_plan_read_production(plan->experiment, spec, model, set, &production, err));
    for (size_t i = 0; i < plan->n_production; i++)
        if (plan->production[i].channel == production.channel &&
            strcmp(plan->production[i].variant, production.variant) == 0 &&
            strcmp(plan->production[i].settings_text, production.settings_text) == 0)
            return BD_OK;
    struct bd_plan_production *larger =
        realloc(plan->production, (plan->n_production + 1) * sizeof *plan->production);
    if (larger == NULL)
        return no_memory(err);
    plan->production = larger;
    plan->production[plan->n_production++] = production;
    return BD_OK;
}

/* ---- decays ---- */

static enum bd_status append_decay(struct bd_plan *plan, const char *decay, struct bd_error *err)
{
    for (size_t i = 0; i < plan->n_decay; i++)
        if (strcmp(plan->decay[i], decay) == 0)
            return BD_OK;
    char(*larger)[BD_NAME_SIZE] = realloc(plan->decay, (plan->n_decay + 1) * sizeof *plan->decay);
    if (larger == NULL)
        return no_memory(err);
    plan->decay = larger;
    (void)snprintf(plan->decay[plan->n_decay++], BD_NAME_SIZE, "%s", decay);
    return BD_OK;
}

enum bd_status bd_plan_add_decay(struct bd_plan *plan, const char *decay, struct bd_error *err)
{
    if (bd_decay_find(decay) != NULL && bd_experiment_state(plan->experiment, decay) != NULL)
        return append_decay(plan, decay, err);
    char list[512] = "";
    for (size_t i = 0, used = 0; i < plan->experiment->n_state && used < sizeof list; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "",
                                 plan->experiment->state[i].name);
    return bd_fail(err, BD_BAD_INPUT, "experiment %s has no selection for decay '%s'; it has: %s",
                   plan->experiment->id, decay, list);
}

enum bd_status bd_plan_add_decays_of_model(struct bd_plan *plan, const struct bd_model *model,
                                           struct bd_error *err)
{
    for (size_t i = 0; i < plan->experiment->n_state; i++) {
        const char *name = plan->experiment->state[i].name;
        if (bd_decay_find(name) != NULL && (model == NULL || bd_model_mode_index(model, name) >= 0))
            BD_TRY(append_decay(plan, name, err));
    }
    if (plan->n_decay == 0)
        return bd_fail(err, BD_BAD_INPUT, "experiment %s selects no decay of %s", plan->experiment->id,
                       model != NULL ? model->name : "any model");
    return BD_OK;
}

/* ---- masses ---- */

enum bd_status bd_plan_add_mass(struct bd_plan *plan, double mass_gev, struct bd_error *err)
{
    if (!(mass_gev > 0.0) || !isfinite(mass_gev))
        return bd_fail(err, BD_BAD_INPUT, "mass %g GeV is not positive", mass_gev);
    size_t place = 0;
    while (place < plan->n_mass && plan->mass_gev[place] < mass_gev * (1.0 - SAME_MASS))
        place++;
    if (place < plan->n_mass && plan->mass_gev[place] <= mass_gev * (1.0 + SAME_MASS))
        return BD_OK;
    double *larger = realloc(plan->mass_gev, (plan->n_mass + 1) * sizeof *plan->mass_gev);
    if (larger == NULL)
        return no_memory(err);
    plan->mass_gev = larger;
    memmove(larger + place + 1, larger + place, (plan->n_mass - place) * sizeof *larger);
    larger[place] = mass_gev;
    plan->n_mass++;
    return BD_OK;
}

static enum bd_status add_threshold(struct bd_plan *plan, double threshold, double min, double max,
                                    struct bd_error *err)
{
    for (int side = -1; side <= 1; side += 2) {
        const double mass = threshold * (1.0 + side * THRESHOLD_OFFSET);
        if (mass > min && mass < max)
            BD_TRY(bd_plan_add_mass(plan, mass, err));
    }
    return BD_OK;
}

/* Steps of an eighth of the width within one width of a pole and of a quarter within three: ln N is then within 2%
 * of linear between nodes (at the top of a Breit-Wigner curve the difference is (step/width)^2). Where the steps
 * in ln m are finer anyway nothing is added. */
static enum bd_status add_poles(struct bd_plan *plan, const struct bd_resonance *poles, double min, double max,
                                double ln_step, struct bd_error *err)
{
    for (; poles != NULL && poles->width_gev > 0.0; poles++)
        for (int i = -24; i <= 24; i += i < -8 || i >= 8 ? 2 : 1) {
            const double mass = poles->mass_gev + i * poles->width_gev / 8.0;
            if (poles->width_gev / 8.0 < ln_step * poles->mass_gev && mass > min && mass < max)
                BD_TRY(bd_plan_add_mass(plan, mass, err));
        }
    return BD_OK;
}

enum bd_status bd_plan_add_mass_range(struct bd_plan *plan, double min_gev, double max_gev, int n,
                                      const struct bd_model *model, struct bd_error *err)
{
    if (!(min_gev > 0.0 && max_gev > min_gev && n >= 2))
        return bd_fail(err, BD_BAD_INPUT, "masses from %g to %g GeV in %d steps: not a range", min_gev, max_gev,
                       n);
    const double ln_step = log(max_gev / min_gev) / (n - 1);
    for (int i = 0; i < n; i++) {
        const double mass = i + 1 < n ? min_gev * pow(max_gev / min_gev, (double)i / (n - 1)) : max_gev;
        BD_TRY(bd_plan_add_mass(plan, mass, err));
    }
    for (size_t i = 0; i < plan->n_production; i++)
        BD_TRY(add_poles(plan, plan->production[i].channel->poles, min_gev, max_gev, ln_step, err));
    for (size_t i = 0; i < plan->n_decay; i++)
        BD_TRY(add_threshold(plan, bd_decay_threshold(bd_decay_find(plan->decay[i])), min_gev, max_gev, err));
    for (size_t i = 0; model != NULL && i < bd_model_n_mode(model); i++) {
        BD_TRY(add_threshold(plan, model->modes[i].threshold_gev, min_gev, max_gev, err));
        BD_TRY(add_threshold(plan, model->modes[i].start_gev, min_gev, max_gev, err));
        BD_TRY(add_threshold(plan, model->modes[i].end_gev, min_gev, max_gev, err));
    }
    return add_poles(plan, model != NULL ? model->resonances : NULL, min_gev, max_gev, ln_step, err);
}

enum bd_status bd_plan_add_benchmark(struct bd_plan *plan, const struct bd_benchmark *benchmark,
                                     const char *const *set, struct bd_error *err)
{
    for (size_t i = 0; i < benchmark->n_production; i++)
        BD_TRY(bd_add_context(
            err, bd_plan_add_production(plan, benchmark->production[i], benchmark->model->name, set, err),
            "benchmark %s", benchmark->name));
    BD_TRY(bd_plan_add_decays_of_model(plan, benchmark->model, err));
    return bd_plan_add_mass_range(plan, benchmark->mass_min_gev, benchmark->mass_max_gev, benchmark->n_mass,
                                  benchmark->model, err);
}

int bd_plan_has_pair(const struct bd_plan *plan, size_t production, size_t decay)
{
    const struct bd_model *model = bd_model_find(plan->production[production].model);
    return !plan->modes_only || model == NULL || bd_model_mode_index(model, plan->decay[decay]) >= 0;
}

void bd_plan_channel_name(const struct bd_plan_production *production, const char *decay,
                          char name[static BD_CHANNEL_SIZE])
{
    const char *variant = production->variant, *settings = production->settings_text;
    (void)snprintf(name, BD_CHANNEL_SIZE, "%s%s%s%s%s%s%s%s/%s", production->model,
                   production->model[0] != '\0' ? "/" : "", production->channel->name,
                   variant[0] != '\0' ? ":" : "", variant, settings[0] != '\0' ? "(" : "", settings,
                   settings[0] != '\0' ? ")" : "", decay);
}
