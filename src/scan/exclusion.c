#include "src/scan/exclusion.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_erf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bd_exclusion {
    const struct bd_yield *yield;
    struct bd_exclusion_options options;
    struct bd_combine combine;
    double pot;
    int projection;
    size_t n; /* counting channels that take part, as indices into yield->counting */
    size_t counting[BD_STATES_MAX];
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
static enum bd_status is_relevant(const struct bd_yield *yield, size_t counting, int *relevant, struct bd_error *err)
{
    *relevant = 0;
    for (size_t i = 0; i < yield->n_channel; i++) {
        const struct bd_yield_channel *channel = &yield->channel[i];
        for (size_t m = 0; channel->counting == counting && m < channel->series->n_mass && !*relevant; m++) {
            const double mass = channel->series->mass_gev[m];
            double branching_ratio;
            if (mass < yield->benchmark.mass_min_gev || mass > yield->benchmark.mass_max_gev)
                continue;
            BD_TRY(bd_yield_branching_ratio(yield, channel->mode, mass, &branching_ratio, err));
            *relevant = branching_ratio > RELEVANT_BR;
        }
    }
    return BD_OK;
}

/* The channels a card combines, and of these the ones with a count if there is any that matters. */
static enum bd_status choose_channels(struct bd_exclusion *exclusion, struct bd_error *err)
{
    const struct bd_yield *yield = exclusion->yield;
    const char *only = exclusion->options.only_decay;
    int any_count = 0;
    for (size_t i = 0; i < yield->n_counting && !any_count; i++)
        if (yield->counting[i].count != NULL)
            BD_TRY(is_relevant(yield, i, &any_count, err));
    for (size_t i = 0; i < yield->n_counting; i++) {
        const struct bd_yield_counting *counting = &yield->counting[i];
        if (only != NULL ? strcmp(counting->selection->decay, only) == 0
                     : any_count  ? counting->count != NULL && counting->selection->combined
                                  : counting->count == NULL)
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

const char *bd_exclusion_kind_name(const struct bd_exclusion *exclusion, enum bd_exclusion_kind kind)
{
    static const char *const names[BD_EXCLUSION_KINDS] = {
        "observed", "expected-2sigma", "expected-1sigma", "expected", "expected+1sigma", "expected+2sigma"};
    return kind == BD_EXCLUSION_OBSERVED && exclusion->projection ? "projection" : names[kind];
}

/* ---- one mass ---- */

struct column {
    const struct bd_exclusion *exclusion;
    enum bd_exclusion_kind kind;
    struct bd_yield_slice *slice;
    double signal_factor[BD_STATES_MAX];               /* of the mass window */
    struct bd_combine_channel channel[BD_STATES_MAX]; /* background and counts at this mass */
};

/* Background and signal efficiency inside the mass window of k sigma, with b flat between the card's limits; returns the
 * candidates inside. */
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

static void set_channel(const struct bd_exclusion *exclusion, const struct bd_yield_counting *counting, double mass,
                        struct bd_combine_channel *channel, double *signal_factor)
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

static enum bd_status open_column(const struct bd_exclusion *exclusion, enum bd_exclusion_kind kind, double mass,
                                  struct column **column, struct bd_error *err)
{
    struct column *opened = calloc(1, sizeof *opened);
    if (opened == NULL)
        return bd_fail(err, BD_NO_MEMORY, "exclusion: out of memory");
    opened->exclusion = exclusion;
    opened->kind = kind;
    for (size_t i = 0; i < exclusion->n; i++)
        set_channel(exclusion, &exclusion->yield->counting[exclusion->counting[i]], mass, &opened->channel[i],
                    &opened->signal_factor[i]);
    const enum bd_status status = bd_yield_slice_create(exclusion->yield, mass, &opened->slice, err);
    if (status == BD_OK)
        *column = opened;
    else
        free(opened);
    return status;
}

static void close_column(void *object)
{
    struct column *column = object;
    if (column != NULL)
        bd_yield_slice_free(column->slice);
    free(column);
}

/* Channels with their signal at a coupling; returns the sum of the signal. */
static double fill_signal(struct column *column, double axis)
{
    const struct bd_exclusion *exclusion = column->exclusion;
    double events[BD_STATES_MAX], sum = 0.0;
    bd_yield_slice_events(column->slice, axis, exclusion->pot, events);
    for (size_t i = 0; i < exclusion->n; i++) {
        column->channel[i].n_signal = events[exclusion->counting[i]] * column->signal_factor[i];
        sum += column->channel[i].n_signal;
    }
    return sum;
}

static enum bd_status value_of_column(void *object, double ln_y, double *value, struct bd_error *err)
{
    struct column *column = object;
    const struct bd_exclusion *exclusion = column->exclusion;
    *value = BD_COMBINE_LN_MU_MAX;
    if (!(fill_signal(column, exp(ln_y)) > 0.0))
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

struct field_object {
    const struct bd_exclusion *exclusion;
    enum bd_exclusion_kind kind;
};

static enum bd_status open_field_column(const void *object, double x, void **column, struct bd_error *err)
{
    const struct field_object *field = object;
    struct column *opened = NULL;
    BD_TRY(open_column(field->exclusion, field->kind, x, &opened, err));
    *column = opened;
    return BD_OK;
}

static int compare_doubles(const void *a, const void *b)
{
    const double *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

/* All kernel masses inside the benchmark's range, each once. */
static enum bd_status kernel_masses(const struct bd_yield *yield, double **mass, size_t *n, struct bd_error *err)
{
    size_t total = 0, used = 0;
    for (size_t i = 0; i < yield->n_channel; i++)
        total += yield->channel[i].series->n_mass;
    double *list = malloc((total + 1) * sizeof *list);
    if (list == NULL)
        return bd_fail(err, BD_NO_MEMORY, "exclusion: out of memory");
    for (size_t i = 0; i < yield->n_channel; i++)
        for (size_t k = 0; k < yield->channel[i].series->n_mass; k++) {
            const double m = yield->channel[i].series->mass_gev[k];
            if (m >= yield->benchmark.mass_min_gev * (1.0 - 1e-9) && m <= yield->benchmark.mass_max_gev * (1.0 + 1e-9))
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

enum bd_status bd_exclusion_contour(const struct bd_exclusion *exclusion, enum bd_exclusion_kind kind, int threads,
                                    struct bd_contour *contour, struct bd_error *err)
{
    const struct bd_yield *yield = exclusion->yield;
    const struct field_object object = {exclusion, kind};
    const struct bd_contour_field field = {(void *)&object, open_field_column, value_of_column, close_column};
    double *mass = NULL;
    size_t n_mass = 0;
    *contour = (struct bd_contour){.cl = exclusion->options.cl, .pot = exclusion->pot};
    (void)snprintf(contour->experiment, sizeof contour->experiment, "%s", yield->set->experiment.id);
    (void)snprintf(contour->benchmark, sizeof contour->benchmark, "%s", yield->benchmark.name);
    (void)snprintf(contour->plane, sizeof contour->plane, "mass_gev,coupling");
    (void)snprintf(contour->x_name, sizeof contour->x_name, "mass_gev");
    (void)snprintf(contour->y_name, sizeof contour->y_name, "coupling");
    (void)snprintf(contour->kind, sizeof contour->kind, "%s", bd_exclusion_kind_name(exclusion, kind));
    (void)snprintf(contour->method, sizeof contour->method, "cls");
    enum bd_status status = kernel_masses(yield, &mass, &n_mass, err);
    const struct bd_contour_grid grid = {mass, n_mass, yield->benchmark.axis_min, yield->benchmark.axis_max, threads};
    if (status == BD_OK)
        status = bd_contour_trace(&field, &grid, contour, err);
    free(mass);
    return bd_add_context(err, status, "benchmark %s at %s", yield->benchmark.name, yield->set->experiment.id);
}

enum bd_status bd_exclusion_at(const struct bd_exclusion *exclusion, double mass_gev, double axis,
                               struct bd_exclusion_point *point, struct bd_error *err)
{
    struct column *column = NULL;
    *point = (struct bd_exclusion_point){.n = exclusion->n};
    BD_TRY(open_column(exclusion, BD_EXCLUSION_OBSERVED, mass_gev, &column, err));
    point->signal = fill_signal(column, axis);
    for (size_t i = 0; i < exclusion->n; i++) {
        point->counting[i] = &exclusion->yield->counting[exclusion->counting[i]];
        point->channel[i] = column->channel[i];
    }
    close_column(column);
    BD_TRY(bd_combine_limit(&exclusion->combine, point->channel, point->n, &point->result, err));
    return bd_combine_leave_one_out(&exclusion->combine, point->channel, point->n, point->ln_mu_up_without, err);
}
