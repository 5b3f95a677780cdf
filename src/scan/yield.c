#include "src/scan/yield.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/core/pdg.h"
#include "src/scan/plan.h"
#include "src/scan/rates.h"

#define SAME_MASS 1e-9 /* relative: a mass is a node */

/* Kernels on both sides of a mass; u is the weight of the upper one in ln m. A closed one is replaced by the
 * other: nothing is interpolated across a threshold. */
struct bracket {
    const struct bd_kernel *lo, *hi;
    double m_lo, m_hi, u;
    enum bd_flag flag;
};

static int is_open(const struct bd_kernel *kernel)
{
    return kernel->flag < BD_FLAG_CLOSED;
}

static struct bracket find_bracket(const struct bd_kernel_series *series, double mass)
{
    const double *m = series->mass_gev;
    struct bracket bracket = {.flag = BD_FLAG_OUTSIDE};
    size_t n = series->n_mass, i = 0;
    if (n == 0 || mass < m[0] * (1.0 - SAME_MASS) || mass > m[n - 1] * (1.0 + SAME_MASS))
        return bracket;
    while (i + 1 < n && m[i + 1] <= mass * (1.0 + SAME_MASS))
        i++;
    const size_t j = mass <= m[i] * (1.0 + SAME_MASS) || i + 1 == n ? i : i + 1;
    bracket = (struct bracket){
        &series->kernel[i], &series->kernel[j], m[i], m[j], j > i ? log(mass / m[i]) / log(m[j] / m[i]) : 0.0,
        BD_FLAG_OK};
    if (!is_open(bracket.lo) && !is_open(bracket.hi)) {
        bracket.flag = bracket.lo->flag;
    } else if (!is_open(bracket.lo)) { /* opens in between: right above the node below the threshold */
        const struct bd_decay *decay = bd_decay_find(series->decay);
        bracket.flag = decay != NULL && mass <= bd_decay_threshold(decay) ? bracket.lo->flag : bracket.hi->flag;
        bracket.lo = bracket.hi;
        bracket.m_lo = bracket.m_hi;
        bracket.u = 0.0;
    } else if (!is_open(bracket.hi)) { /* production closes in between */
        bracket.flag = bracket.lo->flag;
        bracket.hi = bracket.lo;
        bracket.m_hi = bracket.m_lo;
        bracket.u = 0.0;
    } else {
        bracket.flag =
            bracket.lo->flag > bracket.hi->flag && bracket.u < 1.0 ? bracket.lo->flag : bracket.hi->flag;
    }
    return bracket;
}

/* Geometric mean with weight u of the upper one; arithmetic where one has underflown to 0. */
static double between(double lo, double hi, double u)
{
    if (u <= 0.0)
        return lo;
    return lo > 0.0 && hi > 0.0 ? lo * pow(hi / lo, u) : lo + u * (hi - lo);
}

enum bd_status bd_yield_selection(const struct bd_kernel_set *set, const char *decay,
                                  const struct bd_stored_selection **selection, struct bd_error *err)
{
    for (size_t i = 0; i < set->experiment.n_selection; i++)
        if (strcmp(set->experiment.selection[i].decay, decay) == 0) {
            *selection = &set->experiment.selection[i];
            return BD_OK;
        }
    return bd_fail(err, BD_BAD_INPUT, "experiment %s has no selection for decay '%s'", set->experiment.id, decay);
}

enum bd_status bd_yield_series_at(const struct bd_kernel_set *set, const struct bd_kernel_series *series,
                                  double mass_gev, double width_gev, struct bd_yield_value *value,
                                  struct bd_error *err)
{
    const struct bd_stored_experiment *experiment = &set->experiment;
    const struct bd_stored_selection *selection = NULL;
    *value = (struct bd_yield_value){.flag = BD_FLAG_OUTSIDE};
    if (!(mass_gev > 0.0) || !isfinite(mass_gev))
        return bd_fail(err, BD_BAD_INPUT, "mass %g GeV is not positive", mass_gev);
    if (!(width_gev > 0.0) || !isfinite(width_gev))
        return bd_fail(err, BD_BAD_INPUT, "width %g GeV is not positive", width_gev);
    BD_TRY(bd_yield_selection(set, series->decay, &selection, err));
    const struct bracket bracket = find_bracket(series, mass_gev);
    value->flag = bracket.flag;
    if (bracket.flag == BD_FLAG_OUTSIDE && bracket.lo == NULL)
        return BD_OK;
    const double width_lo = width_gev * mass_gev / bracket.m_lo, width_hi = width_gev * mass_gev / bracket.m_hi;
    const double d1 = selection->volume_z_min_m - experiment->production_z_m;
    const double d2 = selection->volume_z_max_m - experiment->production_z_m;
    const struct bd_spectrum_grid grid = {.ln_reach_p_min = experiment->ln_reach_p_min,
                                          .ln_reach_p_step = experiment->ln_reach_p_step};
    value->chi_per_pot = between(bracket.lo->chi_per_pot, bracket.hi->chi_per_pot, bracket.u);
    value->reach_decay = between(
        bd_spectrum_reach_decay(&grid, bracket.lo->reach, bracket.lo->chi_per_pot, bracket.m_lo, width_lo, d1, d2),
        bd_spectrum_reach_decay(&grid, bracket.hi->reach, bracket.hi->chi_per_pot, bracket.m_hi, width_hi, d1, d2),
        bracket.u);
    if (bracket.flag >= BD_FLAG_CLOSED)
        return BD_OK;
    value->n_per_pot =
        between(bd_kernel_yield(&experiment->nodes, bracket.lo->weight, bracket.m_lo, width_lo),
                bd_kernel_yield(&experiment->nodes, bracket.hi->weight, bracket.m_hi, width_hi), bracket.u);
    const double e_lo =
        (1.0 - bracket.u) * bd_kernel_error(bracket.lo->error_width_gev, bracket.lo->error_rel, width_lo);
    const double e_hi = bracket.u * bd_kernel_error(bracket.hi->error_width_gev, bracket.hi->error_rel, width_hi);
    value->error_rel = hypot(e_lo, e_hi);
    return BD_OK;
}

/* ---- benchmarks ---- */

/* Set every "key=value" of a list; 0 if one is not of the table. */
static int apply_settings(const struct bd_setting *table, const char *list, const char *separator,
                          struct bd_setting_values *values)
{
    char words[256], key[64], *rest = NULL;
    (void)snprintf(words, sizeof words, "%s", list);
    for (const char *word = strtok_r(words, separator, &rest); word != NULL;
         word = strtok_r(NULL, separator, &rest)) {
        (void)snprintf(key, sizeof key, "%.*s", (int)strcspn(word, "="), word);
        if (strchr(word, '=') != NULL && strcmp(key, BD_PLAN_MATRIX_ELEMENT) != 0 &&
            bd_setting_set(table, values, key, strchr(word, '=') + 1, NULL) != BD_OK)
            return 0;
    }
    return 1;
}

/* 1 if the settings of stored kernels are what the words behind a production ask for. What is not asked for may be
 * anything (a card may change it). */
static int has_settings(const char *settings, const struct bd_setting *table, const char *spec)
{
    struct bd_setting_values stored, wanted;
    bd_setting_init(table, &stored);
    if (!apply_settings(table, settings, ",", &stored))
        return 0;
    wanted = stored;
    return apply_settings(table, spec, " ", &wanted) && memcmp(&wanted, &stored, sizeof stored) == 0;
}

static size_t n_settings(const char *settings)
{
    size_t n = *settings != '\0';
    for (; *settings != '\0'; settings++)
        n += *settings == ',';
    return n;
}

/* The wanted production in the names of the store: settings as their canonical text without those at default. */
static enum bd_status read_wanted(const char *spec, const char *model, struct bd_plan_production *wanted,
                                  struct bd_error *err)
{
    const struct bd_experiment no_card = {.n_override = 0};
    return bd_plan_read_production(&no_card, spec, model, NULL, wanted, err);
}

static int series_matches(const struct bd_kernel_series *series, const char *spec,
                          const struct bd_plan_production *wanted)
{
    return strcmp(series->production, wanted->channel->name) == 0 &&
           strcmp(series->variant, wanted->variant) == 0 && strcmp(series->model, wanted->model) == 0 &&
           has_settings(series->settings, wanted->channel->settings, spec);
}

static enum bd_status add_counting(struct bd_yield *yield, const struct bd_stored_selection *selection,
                                   size_t *index)
{
    const struct bd_stored_experiment *experiment = &yield->set->experiment;
    for (*index = 0; *index < yield->n_counting; (*index)++)
        if (yield->counting[*index].selection == selection)
            return BD_OK;
    struct bd_yield_counting *counting = &yield->counting[yield->n_counting++];
    *counting = (struct bd_yield_counting){.selection = selection};
    for (size_t i = 0; i < experiment->n_count; i++)
        if (&experiment->selection[experiment->count[i].state] == selection)
            counting->count = &experiment->count[i];
    return BD_OK;
}

static enum bd_status add_series(struct bd_yield *yield, const struct bd_kernel_series *series,
                                 const struct bd_strength *strength, struct bd_error *err)
{
    const struct bd_model *model = yield->benchmark.model;
    const int mode = model != NULL ? bd_model_mode_index(model, series->decay) : 0;
    struct bd_yield_channel channel = {.series = series, .strength = strength, .mode = (size_t)mode};
    if (mode < 0)
        return BD_OK; /* kernels of another model's decay */
    BD_TRY(bd_yield_selection(yield->set, series->decay, &channel.selection, err));
    BD_TRY(add_counting(yield, channel.selection, &channel.counting));
    struct bd_yield_channel *larger = realloc(yield->channel, (yield->n_channel + 1) * sizeof *larger);
    if (larger == NULL)
        return bd_fail(err, BD_NO_MEMORY, "yields: out of memory");
    yield->channel = larger;
    yield->channel[yield->n_channel++] = channel;
    return BD_OK;
}

/* A state at BR = 1 has a strength of its own, "meson_decay:eta": that of the channel would be wrong. */
static const struct bd_strength *find_strength(const struct bd_model *model,
                                               const struct bd_plan_production *wanted)
{
    char name[2 * BD_NAME_SIZE];
    if (wanted->channel->model != NULL || *wanted->variant == '\0')
        return bd_model_strength(model, wanted->channel->name);
    (void)snprintf(name, sizeof name, "%s:%s", wanted->channel->name, wanted->variant);
    return bd_model_strength(model, name);
}

/* model_name: whose kernels. Only one decay if it is named. */
static enum bd_status add_production(struct bd_yield *yield, const char *spec, const char *model_name,
                                     const char *decay, struct bd_error *err)
{
    const struct bd_kernel_set *set = yield->set;
    const struct bd_model *model = yield->benchmark.model;
    struct bd_plan_production wanted;
    struct bd_benchmark known;
    const char *settings = NULL;
    BD_TRY(read_wanted(spec, model_name, &wanted, err));
    const struct bd_strength *strength = model != NULL ? find_strength(model, &wanted) : NULL;
    if (model != NULL && strength == NULL)
        return bd_fail(err, BD_BAD_INPUT, "model %s has no strength for production '%s'", model->name, spec);
    /* Several may fit: the benchmark means the one with the fewest further settings, those of the card. */
    for (size_t i = 0; i < set->n_series; i++) {
        if (!series_matches(&set->series[i], spec, &wanted))
            continue;
        if (settings == NULL || n_settings(set->series[i].settings) < n_settings(settings))
            settings = set->series[i].settings;
    }
    for (size_t i = 0; i < set->n_series; i++) {
        const char *here = set->series[i].settings;
        if (settings == NULL || !series_matches(&set->series[i], spec, &wanted) ||
            n_settings(here) > n_settings(settings) || (decay != NULL && strcmp(set->series[i].decay, decay) != 0))
            continue;
        if (strcmp(settings, here) != 0)
            return bd_fail(
                err, BD_BAD_INPUT,
                "kernels of production '%s' with different settings, '%s' and '%s': keep them in two files", spec,
                settings, here);
        BD_TRY(add_series(yield, &set->series[i], strength, err));
    }
    if (settings == NULL && strcmp(set->experiment.mode, BD_EXPERIMENT_COMBINATION) == 0)
        return bd_fail(err, BD_BAD_INPUT, "%s is a combination of experiments: it has no kernels",
                       set->experiment.id);
    if (settings == NULL)
        return bd_fail(
            err, BD_BAD_INPUT,
            "no kernels of production '%s' at %s; make them: beamdump scan --experiment %s --benchmark %s", spec,
            set->experiment.id, set->experiment.id,
            bd_benchmark_load(yield->benchmark.name, &known, NULL) == BD_OK ? known.name : "NAME");
    return BD_OK;
}

enum bd_status bd_yield_open(const struct bd_kernel_set *set, const struct bd_benchmark *benchmark,
                             struct bd_yield **yield, struct bd_error *err)
{
    struct bd_yield *opened = calloc(1, sizeof *opened);
    if (opened == NULL)
        return bd_fail(err, BD_NO_MEMORY, "yields: out of memory");
    opened->set = set;
    opened->benchmark = *benchmark;
    enum bd_status status = bd_model_open(benchmark->model, &opened->model_data, err);
    for (size_t i = 0; status == BD_OK && i < benchmark->n_production; i++)
        status = bd_add_context(
            err, add_production(opened, benchmark->production[i], benchmark->model->name, NULL, err),
            "benchmark %s", benchmark->name);
    if (status == BD_OK)
        *yield = opened;
    else
        bd_yield_free(opened);
    return status;
}

enum bd_status bd_yield_open_channel(const struct bd_kernel_set *set, const char *production, const char *model,
                                     const char *decay, struct bd_yield **yield, struct bd_error *err)
{
    struct bd_yield *opened = calloc(1, sizeof *opened);
    if (opened == NULL)
        return bd_fail(err, BD_NO_MEMORY, "yields: out of memory");
    opened->set = set;
    (void)snprintf(opened->benchmark.name, sizeof opened->benchmark.name, "%s", production);
    enum bd_status status = add_production(opened, production, model, decay, err);
    if (status == BD_OK && opened->n_channel == 0)
        status = bd_fail(err, BD_BAD_INPUT, "no kernels of production '%s' and decay '%s' at %s", production,
                         decay, set->experiment.id);
    if (status == BD_OK)
        *yield = opened;
    else
        bd_yield_free(opened);
    return status;
}

void bd_yield_free(struct bd_yield *yield)
{
    if (yield == NULL)
        return;
    if (yield->benchmark.model != NULL)
        bd_model_close(yield->benchmark.model, yield->model_data);
    free(yield->channel);
    free(yield);
}

/* ---- one mass ---- */

struct slice_channel {
    struct bracket bracket;
    double kappa[3], partial_width[3]; /* coefficients of 1, g, g^2 */
    double a_trig;                     /* times the weight of the region */
    size_t counting;
    int open;
};

struct bd_yield_slice {
    double mass;
    const struct bd_kernel_nodes *nodes;
    double total_width[3];
    size_t n_channel, n_counting;
    struct slice_channel channel[];
};

/* Strengths of all channels, in their order; the caller frees. */
static enum bd_status list_strengths(const struct bd_yield *yield, const struct bd_strength ***list,
                                     struct bd_error *err)
{
    *list = malloc((yield->n_channel + 1) * sizeof **list);
    if (*list == NULL)
        return bd_fail(err, BD_NO_MEMORY, "yields: out of memory");
    for (size_t i = 0; i < yield->n_channel; i++)
        (*list)[i] = yield->channel[i].strength;
    return BD_OK;
}

static enum bd_status fill_model(const struct bd_yield *yield, struct bd_yield_slice *slice, struct bd_error *err)
{
    const size_t n = yield->n_channel;
    const struct bd_strength **strength = NULL;
    double width[BD_MODES_MAX][3], (*kappa)[3] = malloc((n + 1) * sizeof *kappa);
    enum bd_status status = kappa != NULL ? BD_OK : bd_fail(err, BD_NO_MEMORY, "yields: out of memory");
    if (status == BD_OK)
        status = list_strengths(yield, &strength, err);
    if (status == BD_OK)
        status = bd_rates_expand(&yield->benchmark, yield->model_data, slice->mass, strength, n, width,
                                 slice->total_width, kappa, err);
    for (size_t i = 0; i < n && status == BD_OK; i++) {
        memcpy(slice->channel[i].kappa, kappa[i], sizeof kappa[i]);
        memcpy(slice->channel[i].partial_width, width[yield->channel[i].mode], sizeof width[0]);
    }
    free(strength);
    free(kappa);
    return status;
}

/* Without a model: unit strength, BR = 1, and the axis is the width. */
static void fill_unit(struct bd_yield_slice *slice)
{
    slice->total_width[1] = 1.0;
    for (size_t i = 0; i < slice->n_channel; i++)
        slice->channel[i].partial_width[1] = slice->channel[i].kappa[0] = 1.0;
}

enum bd_status bd_yield_slice_create(const struct bd_yield *yield, double mass_gev, struct bd_yield_slice **slice,
                                     struct bd_error *err)
{
    struct bd_yield_slice *created = calloc(1, sizeof *created + yield->n_channel * sizeof created->channel[0]);
    if (created == NULL)
        return bd_fail(err, BD_NO_MEMORY, "yields: out of memory");
    created->mass = mass_gev;
    created->nodes = &yield->set->experiment.nodes;
    created->n_channel = yield->n_channel;
    created->n_counting = yield->n_counting;
    for (size_t i = 0; i < yield->n_channel; i++) {
        struct slice_channel *channel = &created->channel[i];
        channel->bracket = find_bracket(yield->channel[i].series, mass_gev);
        channel->open = channel->bracket.flag < BD_FLAG_CLOSED;
        channel->counting = yield->channel[i].counting;
        channel->a_trig = yield->channel[i].selection->a_trig * yield->channel[i].series->region_weight;
    }
    enum bd_status status = BD_OK;
    if (yield->benchmark.model != NULL)
        status = fill_model(yield, created, err);
    else
        fill_unit(created);
    if (status == BD_OK)
        *slice = created;
    else
        free(created);
    return status;
}

void bd_yield_slice_free(struct bd_yield_slice *slice)
{
    free(slice);
}

static double weigh(const double *weight, const double *factor)
{
    double sum[4] = {0.0, 0.0, 0.0, 0.0}; /* four chains of additions, always the same order */
    size_t k = 0;
    for (; k + 4 <= BD_KERNEL_NODES; k += 4)
        for (size_t j = 0; j < 4; j++)
            sum[j] += weight[k + j] * factor[k + j];
    for (; k < BD_KERNEL_NODES; k++)
        sum[0] += weight[k] * factor[k];
    return fmax((sum[0] + sum[1]) + (sum[2] + sum[3]), 0.0);
}

void bd_yield_slice_events(const struct bd_yield_slice *slice, double axis, double pot, double *events)
{
    const double total = bd_rates_at(slice->total_width, axis);
    for (size_t i = 0; i < slice->n_counting; i++)
        events[i] = 0.0;
    if (!(total > 0.0))
        return;
    /* m Gamma is common to all kernels, and so are the exponentials. */
    const double rate = slice->mass * total / BD_HBARC_GEV_M, ratio = exp(slice->nodes->ln_s_step);
    double factor[BD_KERNEL_NODES], exponent = rate * exp(slice->nodes->ln_s_min - 3.0 * slice->nodes->ln_s_step);
    for (size_t k = 0; k < BD_KERNEL_NODES; k++, exponent *= ratio)
        factor[k] = exp(-exponent);
    for (size_t i = 0; i < slice->n_channel; i++) {
        const struct slice_channel *channel = &slice->channel[i];
        const double partial = bd_rates_at(channel->partial_width, axis);
        if (!channel->open || partial <= 0.0)
            continue;
        const double n_lo = rate / channel->bracket.m_lo * weigh(channel->bracket.lo->weight, factor);
        const double n_hi = channel->bracket.u > 0.0
                                ? rate / channel->bracket.m_hi * weigh(channel->bracket.hi->weight, factor)
                                : 0.0;
        events[channel->counting] += pot * channel->a_trig * bd_rates_at(channel->kappa, axis) *
                                     (partial / total) * between(n_lo, n_hi, channel->bracket.u);
    }
}

enum bd_status bd_yield_branching_ratio(const struct bd_yield *yield, size_t mode, double mass_gev,
                                        double *branching_ratio, struct bd_error *err)
{
    const struct bd_benchmark *benchmark = &yield->benchmark;
    double coupling[BD_COUPLINGS_MAX];
    struct bd_model_value width[BD_MODES_MAX], total;
    *branching_ratio = 1.0;
    if (benchmark->model == NULL)
        return BD_OK;
    bd_rates_couplings(benchmark, 1.0, coupling);
    const struct bd_model_point at = {.mass_gev = mass_gev,
                                      .coupling = coupling,
                                      .setting = benchmark->settings.value,
                                      .data = yield->model_data};
    BD_TRY(bd_model_widths(benchmark->model, &at, width, &total, err));
    *branching_ratio = total.value > 0.0 ? width[mode].value / total.value : 0.0;
    return BD_OK;
}

enum bd_status bd_yield_factors_at(const struct bd_yield *yield, size_t channel, double mass_gev, double axis,
                                   double pot, struct bd_yield_factors *factors, struct bd_error *err)
{
    const struct bd_yield_channel *at_channel = &yield->channel[channel];
    struct bd_model_value width[BD_MODES_MAX], total, kappa;
    *factors = (struct bd_yield_factors){0};
    enum bd_status status = bd_rates_evaluate(&yield->benchmark, yield->model_data, mass_gev, axis,
                                              &at_channel->strength, 1, width, &total, &kappa, err);
    if (status != BD_OK)
        return status;
    factors->width_gev = total.value;
    if (total.value > 0.0)
        status = bd_yield_series_at(yield->set, at_channel->series, mass_gev, total.value, &factors->value, err);
    if (status == BD_OK && total.value > 0.0) {
        factors->kappa = kappa.value;
        factors->branching_ratio = width[at_channel->mode].value / total.value;
        factors->n_events = pot * at_channel->selection->a_trig * at_channel->series->region_weight *
                            factors->kappa * factors->branching_ratio * factors->value.n_per_pot;
        factors->n_events_err = factors->n_events * factors->value.error_rel;
    }
    factors->flag = factors->value.flag;
    if (status == BD_OK && width[at_channel->mode].flag > factors->flag)
        factors->flag = width[at_channel->mode].flag;
    if (status == BD_OK && kappa.flag > factors->flag)
        factors->flag = kappa.flag;
    return status;
}
