#include "src/scan/exclusion.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_erf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct field_object {
    const struct bd_exclusion *exclusion;
    enum bd_exclusion_kind kind;
};

struct bd_exclusion {
    const struct bd_yield *yield;
    struct bd_exclusion_options options;
    struct bd_combine combine;
    double pot;
    int projection;
    size_t n; /* counting channels that take part, as indices into yield->counting */
    size_t counting[BD_STATES_MAX];
    struct field_object field[BD_EXCLUSION_KINDS];
};

/* Smallest n with P(<= n; b) >= 1/2. */
static int median_count(double b)
{
    int n = 0;
    while (b > 0.0 && n < 1000000 && gsl_cdf_poisson_P((unsigned)n, b) < 0.5)
        n++;
    return n;
}

static int is_data(const struct bd_yield_counting *counting)
{
    return counting->count != NULL && counting->count->n_sr >= 0;
}

#define RELEVANT_BR 0.01 /* a counting channel of a benchmark: a decay that is not rare at every mass */

/* Largest branching ratio of a counting channel's decay over its kernel masses, at unit coupling on the axis. */
static enum bd_status is_relevant(const struct bd_yield *yield, size_t counting, int *relevant,
                                  struct bd_error *err)
{
    *relevant = 0;
    for (size_t i = 0; i < yield->n_channel; i++) {
        const struct bd_yield_channel *channel = &yield->channel[i];
        for (size_t m = 0; channel->counting == counting && m < channel->series->n_mass && !*relevant; m++) {
            const double mass = channel->series->mass_gev[m];
            double branching_ratio;
            if (yield->benchmark.model != NULL &&
                (mass < yield->benchmark.mass_min_gev || mass > yield->benchmark.mass_max_gev))
                continue;
            BD_TRY(bd_yield_branching_ratio(yield, channel->mode, mass, &branching_ratio, err));
            *relevant = branching_ratio > RELEVANT_BR;
        }
    }
    return BD_OK;
}

/* The channels a card combines; of data the ones with a count, if there is any that matters. */
static enum bd_status choose_channels(struct bd_exclusion *exclusion, struct bd_error *err)
{
    const struct bd_yield *yield = exclusion->yield;
    const char *only = exclusion->options.only_decay;
    const int is_projection = strcmp(yield->set->experiment.status, BD_EXPERIMENT_PROJECTION) == 0;
    int any_count = 0, all_counted = 1;
    for (size_t i = 0; i < yield->n_counting; i++)
        all_counted &= yield->counting[i].count != NULL;
    for (size_t i = 0; i < yield->n_counting && !is_projection && !any_count; i++)
        if (yield->counting[i].count != NULL)
            BD_TRY(is_relevant(yield, i, &any_count, err));
    for (size_t i = 0; i < yield->n_counting; i++) {
        const struct bd_yield_counting *counting = &yield->counting[i];
        const int has_count = counting->count != NULL;
        if (only != NULL               ? strcmp(counting->selection->decay, only) == 0
            : is_projection            ? counting->selection->combined
            : any_count || all_counted ? has_count && counting->selection->combined
                                       : !has_count)
            exclusion->counting[exclusion->n++] = i;
    }
    if (exclusion->n == 0)
        return bd_fail(err, BD_BAD_INPUT, "benchmark %s has no counting channel%s%s at %s", yield->benchmark.name,
                       only != NULL ? " " : "", only != NULL ? only : "", yield->set->experiment.id);
    return BD_OK;
}

enum bd_status bd_exclusion_open(const struct bd_yield *yield, const struct bd_exclusion_options *options,
                                 struct bd_exclusion **exclusion, struct bd_error *err)
{
    const struct bd_stored_experiment *experiment = &yield->set->experiment;
    if (options->pot < 0.0 || !isfinite(options->pot))
        return bd_fail(err, BD_BAD_INPUT, "%g protons on target: not a positive number", options->pot);
    struct bd_exclusion *opened = calloc(1, sizeof *opened);
    if (opened == NULL)
        return bd_fail(err, BD_NO_MEMORY, "exclusion: out of memory");
    opened->yield = yield;
    opened->options = *options;
    for (size_t kind = 0; kind < BD_EXCLUSION_KINDS; kind++)
        opened->field[kind] = (struct field_object){opened, (enum bd_exclusion_kind)kind};
    opened->pot = options->pot > 0.0 ? options->pot : experiment->pot;
    const struct bd_combine_options combine = {
        .cl = options->cl, .signal_rel_unc = options->pot_uncertainty ? experiment->pot_rel_unc : 0.0};
    enum bd_status status = bd_combine_init(&combine, &opened->combine, err);
    if (status == BD_OK)
        status = choose_channels(opened, err);
    opened->projection = opened->pot != experiment->pot;
    for (size_t i = 0; i < opened->n; i++)
        opened->projection |= !is_data(&yield->counting[opened->counting[i]]);
    if (status == BD_OK)
        *exclusion = opened;
    else
        free(opened);
    return status;
}

void bd_exclusion_free(struct bd_exclusion *exclusion)
{
    free(exclusion);
}

int bd_exclusion_is_projection(const struct bd_exclusion *exclusion)
{
    return exclusion->projection;
}

double bd_exclusion_pot(const struct bd_exclusion *exclusion)
{
    return exclusion->pot;
}

double bd_exclusion_cl(const struct bd_exclusion *exclusion)
{
    return exclusion->options.cl;
}

double bd_exclusion_signal_rel_unc(const struct bd_exclusion *exclusion)
{
    return exclusion->options.pot_uncertainty ? exclusion->yield->set->experiment.pot_rel_unc : 0.0;
}

size_t bd_exclusion_n_channel(const struct bd_exclusion *exclusion)
{
    return exclusion->n;
}

const char *bd_exclusion_kind_name(const struct bd_exclusion *exclusion, enum bd_exclusion_kind kind)
{
    static const char *const names[BD_EXCLUSION_KINDS] = {"observed", "expected-2sigma", "expected-1sigma",
                                                          "expected", "expected+1sigma", "expected+2sigma"};
    return kind == BD_EXCLUSION_OBSERVED && exclusion->projection ? "projection" : names[kind];
}

/* ---- one column ---- */

struct column {
    const struct bd_exclusion *exclusion;
    enum bd_exclusion_kind kind;
    struct bd_exclusion_line line;                    /* its slice is owned */
    double signal_factor[BD_STATES_MAX];              /* of the line and of the mass window */
    struct bd_combine_channel channel[BD_STATES_MAX]; /* background and counts at this mass */
};

/* Background and signal efficiency inside the mass window of k sigma, with b flat between the card's limits;
 * returns the candidates inside. */
static int apply_window(const struct bd_stored_experiment *experiment, const struct bd_count *count, double mass,
                        double *background, double *signal_factor)
{
    const double half = count->window_n_sigma * experiment->mass_resolution_rel * mass;
    const double lo = fmax(mass - half, count->window_m_min_gev), hi = fmin(mass + half, count->window_m_max_gev);
    int n = 0;
    *background *= fmin(fmax(hi - lo, 0.0) / (count->window_m_max_gev - count->window_m_min_gev), 1.0);
    *signal_factor = gsl_sf_erf(count->window_n_sigma * 0.70710678118654752440);
    for (size_t i = 0; i < count->n_candidate; i++)
        n += fabs(count->candidate_mass_gev[i] - mass) < half;
    return n;
}

static void set_channel(const struct bd_exclusion *exclusion, const struct bd_yield_counting *counting,
                        double mass, struct bd_combine_channel *channel, double *signal_factor)
{
    const struct bd_stored_experiment *experiment = &exclusion->yield->set->experiment;
    const struct bd_count *count = counting->count;
    *channel = (struct bd_combine_channel){0};
    *signal_factor = 1.0;
    if (count == NULL)
        return;
    channel->n_background = count->b_sr * exclusion->pot / experiment->pot_reference;
    channel->n_observed = count->n_sr;
    if (exclusion->options.mass_window && count->window_n_sigma > 0.0)
        channel->n_observed = apply_window(experiment, count, mass, &channel->n_background, signal_factor);
    if (exclusion->projection) /* the candidates belong to the data */
        channel->n_observed = median_count(channel->n_background);
}

enum bd_status bd_exclusion_column_open(const struct bd_exclusion *exclusion, enum bd_exclusion_kind kind,
                                        const struct bd_exclusion_line *line, void **column, struct bd_error *err)
{
    struct column *opened = calloc(1, sizeof *opened);
    if (opened == NULL) {
        bd_yield_slice_free(line->slice);
        return bd_fail(err, BD_NO_MEMORY, "exclusion: out of memory");
    }
    opened->exclusion = exclusion;
    opened->kind = kind;
    opened->line = *line;
    for (size_t i = 0; i < exclusion->n; i++) {
        set_channel(exclusion, &exclusion->yield->counting[exclusion->counting[i]], line->mass_gev,
                    &opened->channel[i], &opened->signal_factor[i]);
        opened->signal_factor[i] *= line->signal;
    }
    *column = opened;
    return BD_OK;
}

static enum bd_status open_column(const struct bd_exclusion *exclusion, enum bd_exclusion_kind kind, double mass,
                                  void **column, struct bd_error *err)
{
    struct bd_exclusion_line line = {.mass_gev = mass, .signal = 1.0, .axis_scale = 1.0, .axis_power = 1.0};
    BD_TRY(bd_yield_slice_create(exclusion->yield, mass, &line.slice, err));
    return bd_exclusion_column_open(exclusion, kind, &line, column, err);
}

void bd_exclusion_column_close(void *object)
{
    struct column *column = object;
    if (column != NULL)
        bd_yield_slice_free(column->line.slice);
    free(column);
}

/* Channels with their signal at a point of the slice's axis; returns the sum of the signal. */
static double fill_signal(struct column *column, double axis)
{
    const struct bd_exclusion *exclusion = column->exclusion;
    double events[BD_STATES_MAX], sum = 0.0;
    bd_yield_slice_events(column->line.slice, axis, exclusion->pot, events);
    for (size_t i = 0; i < exclusion->n; i++) {
        column->channel[i].n_signal = events[exclusion->counting[i]] * column->signal_factor[i];
        sum += column->channel[i].n_signal;
    }
    return sum;
}

double bd_exclusion_column_channels(void *object, double ln_y, struct bd_combine_channel *channels, size_t *n)
{
    struct column *column = object;
    const double signal = fill_signal(column, column->line.axis_scale * exp(column->line.axis_power * ln_y));
    for (size_t i = 0; i < column->exclusion->n; i++)
        channels[(*n)++] = column->channel[i];
    return signal;
}

enum bd_status bd_exclusion_column_value(void *object, double ln_y, double *value, struct bd_error *err)
{
    struct column *column = object;
    const struct bd_exclusion *exclusion = column->exclusion;
    *value = BD_COMBINE_LN_MU_MAX;
    if (!(fill_signal(column, column->line.axis_scale * exp(column->line.axis_power * ln_y)) > 0.0))
        return BD_OK;
    if (column->kind == BD_EXCLUSION_OBSERVED) {
        struct bd_combine_result result;
        BD_TRY(bd_combine_limit(&exclusion->combine, column->channel, exclusion->n, &result, err));
        *value = result.ln_mu_up;
        return BD_OK;
    }
    struct bd_bands bands;
    BD_TRY(bd_bands_expected(&exclusion->combine, column->channel, exclusion->n, exclusion->options.bands, &bands,
                             err));
    *value = bands.ln_mu_up[column->kind - BD_EXCLUSION_EXPECTED_MINUS_2];
    return BD_OK;
}

/* ---- contours ---- */

static enum bd_status open_field_column(const void *object, double x, void **column, struct bd_error *err)
{
    const struct field_object *field = object;
    return open_column(field->exclusion, field->kind, x, column, err);
}

static int compare_doubles(const void *a, const void *b)
{
    const double *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

/* The masses inside the benchmark's range, each once, ascending. */
static enum bd_status choose_columns(const struct bd_exclusion_outline *outline, double **mass, size_t *n,
                                     struct bd_error *err)
{
    const struct bd_benchmark *benchmark = outline->benchmark;
    size_t used = 0;
    double *list = malloc((outline->n_mass + 1) * sizeof *list);
    if (list == NULL)
        return bd_fail(err, BD_NO_MEMORY, "exclusion: out of memory");
    for (size_t i = 0; i < outline->n_mass; i++) {
        const double m = outline->mass_gev[i];
        if (m >= benchmark->mass_min_gev * (1.0 - 1e-9) && m <= benchmark->mass_max_gev * (1.0 + 1e-9))
            list[used++] = m;
    }
    qsort(list, used, sizeof *list, compare_doubles);
    *n = 0;
    for (size_t i = 0; i < used; i++)
        if (*n == 0 || list[i] > list[*n - 1] * (1.0 + 1e-9))
            list[(*n)++] = list[i];
    *mass = list;
    return BD_OK;
}

enum bd_status bd_exclusion_trace(const struct bd_exclusion_outline *outline, int threads,
                                  struct bd_contour *contour, struct bd_error *err)
{
    double *mass = NULL;
    size_t n_mass = 0;
    *contour = (struct bd_contour){.cl = outline->cl, .pot = outline->pot};
    (void)snprintf(contour->experiment, sizeof contour->experiment, "%s", outline->experiment);
    (void)snprintf(contour->benchmark, sizeof contour->benchmark, "%s", outline->benchmark->name);
    (void)snprintf(contour->plane, sizeof contour->plane, "mass_gev,coupling");
    (void)snprintf(contour->x_name, sizeof contour->x_name, "mass_gev");
    (void)snprintf(contour->y_name, sizeof contour->y_name, "coupling");
    (void)snprintf(contour->kind, sizeof contour->kind, "%s", outline->kind);
    (void)snprintf(contour->method, sizeof contour->method, "%s", outline->method);
    enum bd_status status = choose_columns(outline, &mass, &n_mass, err);
    const struct bd_contour_grid grid = {mass, n_mass, outline->benchmark->axis_min, outline->benchmark->axis_max,
                                         threads};
    if (status == BD_OK)
        status = bd_contour_trace(&outline->field, &grid, contour, err);
    free(mass);
    return bd_add_context(err, status, "benchmark %s at %s", outline->benchmark->name, outline->experiment);
}

void bd_exclusion_outline_free(struct bd_exclusion_outline *outline)
{
    free(outline->mass_gev);
    outline->mass_gev = NULL;
}

void bd_exclusion_name_method(const struct bd_exclusion *exclusion, enum bd_exclusion_kind kind,
                              char method[static BD_METHOD_SIZE])
{
    const struct bd_exclusion_options *options = &exclusion->options;
    (void)snprintf(method, BD_METHOD_SIZE, "cls%s%s%s", options->pot_uncertainty ? "" : ",nuisance=none",
                   options->mass_window ? "" : ",mass-window=none",
                   kind == BD_EXCLUSION_OBSERVED || options->bands == BD_BANDS_STAT_NUIS ? "" : ",bands=stat");
}

enum bd_status bd_exclusion_outline(const struct bd_exclusion *exclusion, enum bd_exclusion_kind kind,
                                    struct bd_exclusion_outline *outline, struct bd_error *err)
{
    const struct bd_yield *yield = exclusion->yield;
    size_t n = 0;
    for (size_t i = 0; i < yield->n_channel; i++)
        n += yield->channel[i].series->n_mass;
    *outline = (struct bd_exclusion_outline){
        .experiment = yield->set->experiment.id,
        .kind = bd_exclusion_kind_name(exclusion, kind),
        .benchmark = &yield->benchmark,
        .cl = exclusion->options.cl,
        .pot = exclusion->pot,
        .field = {(void *)&exclusion->field[kind], open_field_column, bd_exclusion_column_value,
                  bd_exclusion_column_close},
        .mass_gev = malloc((n + 1) * sizeof *outline->mass_gev),
    };
    bd_exclusion_name_method(exclusion, kind, outline->method);
    if (outline->mass_gev == NULL)
        return bd_fail(err, BD_NO_MEMORY, "exclusion: out of memory");
    for (size_t i = 0; i < yield->n_channel; i++)
        for (size_t k = 0; k < yield->channel[i].series->n_mass; k++)
            outline->mass_gev[outline->n_mass++] = yield->channel[i].series->mass_gev[k];
    return BD_OK;
}

enum bd_status bd_exclusion_contour(const struct bd_exclusion *exclusion, enum bd_exclusion_kind kind, int threads,
                                    struct bd_contour *contour, struct bd_error *err)
{
    struct bd_exclusion_outline outline;
    BD_TRY(bd_exclusion_outline(exclusion, kind, &outline, err));
    const enum bd_status status = bd_exclusion_trace(&outline, threads, contour, err);
    bd_exclusion_outline_free(&outline);
    return status;
}

enum bd_status bd_exclusion_at(const struct bd_exclusion *exclusion, double mass_gev, double axis,
                               struct bd_exclusion_point *point, struct bd_error *err)
{
    void *opened = NULL;
    *point = (struct bd_exclusion_point){.n = exclusion->n};
    BD_TRY(open_column(exclusion, BD_EXCLUSION_OBSERVED, mass_gev, &opened, err));
    struct column *column = opened;
    point->signal = fill_signal(column, axis);
    for (size_t i = 0; i < exclusion->n; i++) {
        point->counting[i] = &exclusion->yield->counting[exclusion->counting[i]];
        point->channel[i] = column->channel[i];
    }
    bd_exclusion_column_close(column);
    BD_TRY(bd_combine_limit(&exclusion->combine, point->channel, point->n, &point->result, err));
    return bd_combine_leave_one_out(&exclusion->combine, point->channel, point->n, point->ln_mu_up_without, err);
}

static enum bd_status all_kinds(const struct bd_exclusion *exclusion, const struct bd_combine_channel *channels,
                                size_t n, size_t n_kind, double *ln_mu_up, struct bd_error *err)
{
    struct bd_combine_result result;
    struct bd_bands bands;
    BD_TRY(bd_combine_limit(&exclusion->combine, channels, n, &result, err));
    ln_mu_up[BD_EXCLUSION_OBSERVED] = result.ln_mu_up;
    if (n_kind == 1)
        return BD_OK;
    BD_TRY(bd_bands_expected(&exclusion->combine, channels, n, exclusion->options.bands, &bands, err));
    for (size_t q = 0; q < BD_BANDS_N; q++)
        ln_mu_up[BD_EXCLUSION_EXPECTED_MINUS_2 + q] = bands.ln_mu_up[q];
    return BD_OK;
}

enum bd_status bd_exclusion_drivers_at(const struct bd_exclusion *exclusion, double mass_gev, double axis,
                                       size_t n_kind, struct bd_exclusion_drivers *drivers, struct bd_error *err)
{
    void *opened = NULL;
    struct bd_combine_channel all[BD_STATES_MAX], others[BD_STATES_MAX];
    BD_TRY(open_column(exclusion, BD_EXCLUSION_OBSERVED, mass_gev, &opened, err));
    struct column *column = opened;
    drivers->signal = fill_signal(column, axis);
    drivers->n = exclusion->n;
    memcpy(all, column->channel, sizeof all);
    bd_exclusion_column_close(column);
    BD_TRY(all_kinds(exclusion, all, exclusion->n, n_kind, drivers->ln_mu_up, err));
    for (size_t out = 0; out < exclusion->n; out++) {
        size_t n = 0;
        for (size_t i = 0; i < exclusion->n; i++)
            if (i != out)
                others[n++] = all[i];
        drivers->decay[out] = exclusion->yield->counting[exclusion->counting[out]].selection->decay;
        BD_TRY(all_kinds(exclusion, others, n, n_kind, drivers->ln_mu_up_without[out], err));
    }
    return BD_OK;
}
