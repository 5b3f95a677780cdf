#include "src/scan/plane.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/core/pdg.h"

/* ---- two couplings ---- */

static int is_summed(const struct bd_benchmark *benchmark, const char *production)
{
    for (size_t i = 0; i < benchmark->n_production; i++)
        if (strcmp(benchmark->production[i], production) == 0)
            return 1;
    return 0;
}

/* Productions of every built-in benchmark without a variant in its name, each once. */
static enum bd_status add_productions(struct bd_benchmark *benchmark, struct bd_error *err)
{
    struct bd_benchmark *all = NULL;
    size_t n = 0;
    BD_TRY(bd_benchmark_load_all(&all, &n, err));
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < all[i].n_production; k++)
            if (all[i].model == benchmark->model && strchr(all[i].name, ':') == NULL &&
                !is_summed(benchmark, all[i].production[k]) &&
                benchmark->n_production < sizeof benchmark->production / sizeof benchmark->production[0])
                memcpy(benchmark->production[benchmark->n_production++], all[i].production[k],
                       sizeof benchmark->production[0]);
    free(all);
    if (benchmark->n_production == 0)
        return bd_fail(err, BD_BAD_INPUT, "model %s has no benchmark whose productions are summed",
                       benchmark->model->name);
    return BD_OK;
}

static enum bd_status find_coupling(const struct bd_model *model, const char *name, int *index,
                                    struct bd_error *err)
{
    char known[160] = "";
    *index = bd_model_coupling_index(model, name);
    for (size_t i = 0, used = 0; i < bd_model_n_coupling(model); i++, used = strlen(known))
        (void)snprintf(known + used, sizeof known - used, "%s%s", i > 0 ? ", " : "", model->coupling_names[i]);
    if (*index < 0)
        return bd_fail(err, BD_BAD_INPUT, "'%s' is not a coupling of %s: %s", name, model->name, known);
    return BD_OK;
}

enum bd_status bd_plane_benchmark(const struct bd_model *model, const char *x_coupling, const char *y_coupling,
                                  const double *fixed, struct bd_benchmark *benchmark, struct bd_error *err)
{
    int x, y;
    *benchmark = (struct bd_benchmark){
        .model = model, .mass_min_gev = model->mass_min_gev, .mass_max_gev = model->mass_max_gev};
    BD_TRY(find_coupling(model, x_coupling, &x, err));
    BD_TRY(find_coupling(model, y_coupling, &y, err));
    if (x == y)
        return bd_fail(err, BD_BAD_INPUT, "%s on both axes", x_coupling);
    (void)snprintf(benchmark->name, sizeof benchmark->name, "%s", model->name);
    bd_setting_init(model->settings, &benchmark->settings);
    memcpy(benchmark->fixed, fixed, bd_model_n_coupling(model) * sizeof *fixed);
    benchmark->fixed[x] = benchmark->fixed[y] = 0.0;
    benchmark->direction[x] = benchmark->direction[y] = 1.0;
    return add_productions(benchmark, err);
}

/* The slice along y at x. Its axis is in units of the largest other coupling: all terms of the polynomials are
 * then of one size, and small couplings do not drown in the rounding of others. */
static enum bd_status make_coupling_slice(const struct bd_plane_view *plane, double x,
                                          struct bd_exclusion_line *line, struct bd_error *err)
{
    struct bd_yield yield = *plane->yield; /* the same channels with another benchmark */
    struct bd_benchmark *benchmark = &yield.benchmark;
    double unit = 0.0;
    benchmark->fixed[plane->x_coupling] = x;
    for (size_t i = 0; i < BD_COUPLINGS_MAX; i++) {
        unit = fmax(unit, fabs(benchmark->fixed[i]));
        benchmark->direction[i] = 0.0;
    }
    benchmark->direction[plane->y_coupling] = unit;
    line->axis_scale = 1.0 / unit;
    return bd_yield_slice_create(&yield, line->mass_gev, &line->slice, err);
}

/* ---- the field ---- */

static enum bd_status open_column(const void *object, double x, void **column, struct bd_error *err)
{
    const struct bd_plane_view *plane = object;
    struct bd_exclusion_line line = {
        .mass_gev = plane->mass_gev, .signal = 1.0, .axis_scale = 1.0, .axis_power = 1.0};
    switch (plane->axes) {
    case BD_PLANE_COUPLINGS:
        BD_TRY(make_coupling_slice(plane, x, &line, err));
        return bd_exclusion_column_open(plane->exclusion, plane->kind, &line, column, err);
    case BD_PLANE_MASS_COUPLING:
        line.mass_gev = x;
        break;
    case BD_PLANE_MASS_CTAU:
        line.mass_gev = x;
        line.signal = plane->strength;
        break;
    case BD_PLANE_BR_CTAU:
        line.signal = x;
        break;
    }
    if (plane->axes != BD_PLANE_MASS_COUPLING) {
        line.axis_scale = BD_HBARC_GEV_M;
        line.axis_power = -1.0;
    }
    BD_TRY(bd_yield_slice_create(plane->yield, line.mass_gev, &line.slice, err));
    return bd_exclusion_column_open(plane->exclusion, plane->kind, &line, column, err);
}

struct bd_contour_field bd_plane_field(const struct bd_plane_view *plane)
{
    return (struct bd_contour_field){(void *)plane, open_column, bd_exclusion_column_value,
                                     bd_exclusion_column_close};
}

void bd_plane_names(const struct bd_plane_view *plane, const char **x_name, const char **y_name)
{
    const struct bd_model *model = plane->yield->benchmark.model;
    const int is_rate = plane->yield->n_channel > 0 && plane->yield->channel[0].series->model[0] == '\0';
    switch (plane->axes) {
    case BD_PLANE_MASS_COUPLING:
        *x_name = "mass_gev";
        *y_name = "coupling";
        return;
    case BD_PLANE_COUPLINGS:
        *x_name = model->coupling_names[plane->x_coupling];
        *y_name = model->coupling_names[plane->y_coupling];
        return;
    case BD_PLANE_MASS_CTAU:
        *x_name = "mass_gev";
        break;
    case BD_PLANE_BR_CTAU:
        *x_name = is_rate ? "branching_ratio" : "strength";
        break;
    }
    *y_name = "ctau_m";
}

/* ---- contours ---- */

#define STEPS_PER_DECADE 20 /* columns to begin with; others are added where the outline changes */

static int has_mass_axis(const struct bd_plane_view *plane)
{
    return plane->axes == BD_PLANE_MASS_COUPLING || plane->axes == BD_PLANE_MASS_CTAU;
}

static int compare_doubles(const void *a, const void *b)
{
    const double *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

/* First and last mass with kernels. */
static void find_masses(const struct bd_yield *yield, double *lowest, double *highest)
{
    *lowest = INFINITY;
    *highest = 0.0;
    for (size_t i = 0; i < yield->n_channel; i++) {
        const struct bd_kernel_series *series = yield->channel[i].series;
        *lowest = fmin(*lowest, series->n_mass > 0 ? series->mass_gev[0] : INFINITY);
        *highest = fmax(*highest, series->n_mass > 0 ? series->mass_gev[series->n_mass - 1] : 0.0);
    }
}

/* Equal steps in ln x, and the kernel masses where x is the mass. The caller frees. */
static enum bd_status make_columns(const struct bd_plane_view *plane, double x_min, double x_max, double **x,
                                   size_t *n, struct bd_error *err)
{
    const struct bd_yield *yield = plane->yield;
    const size_t n_step = (size_t)fmax(ceil(STEPS_PER_DECADE * log10(x_max / x_min)), 2.0);
    size_t total = n_step + 1, used = 0;
    for (size_t i = 0; i < yield->n_channel; i++)
        total += yield->channel[i].series->n_mass;
    double *list = malloc(total * sizeof *list);
    if (list == NULL)
        return bd_fail(err, BD_NO_MEMORY, "plane: out of memory");
    for (size_t i = 0; i <= n_step; i++)
        list[used++] = i < n_step ? x_min * pow(x_max / x_min, (double)i / (double)n_step) : x_max;
    for (size_t i = 0; i < yield->n_channel && has_mass_axis(plane); i++)
        for (size_t k = 0; k < yield->channel[i].series->n_mass; k++) {
            const double mass = yield->channel[i].series->mass_gev[k];
            if (mass > x_min && mass < x_max)
                list[used++] = mass;
        }
    qsort(list, used, sizeof *list, compare_doubles);
    *n = 0;
    for (size_t i = 0; i < used; i++)
        if (*n == 0 || list[i] > list[*n - 1] * (1.0 + 1e-9))
            list[(*n)++] = list[i];
    *x = list;
    return BD_OK;
}

/* Without kernels nothing would be excluded, silently. */
static enum bd_status check_masses(const struct bd_plane_view *plane, const struct bd_plane_range *range,
                                   struct bd_error *err)
{
    const double first = has_mass_axis(plane) ? range->x_min : plane->mass_gev;
    const double last = has_mass_axis(plane) ? range->x_max : plane->mass_gev;
    double lowest, highest;
    find_masses(plane->yield, &lowest, &highest);
    if (!(first >= lowest * (1.0 - 1e-9) && last <= highest * (1.0 + 1e-9)))
        return bd_fail(err, BD_BAD_INPUT, "mass %g GeV is outside the stored kernels, %g to %g GeV",
                       first >= lowest ? last : first, lowest, highest);
    return BD_OK;
}

static enum bd_status check_range(const char *name, double min, double max, struct bd_error *err)
{
    if (!(min > 0.0 && max > min) || !isfinite(max))
        return bd_fail(err, BD_BAD_INPUT, "%s from %g to %g: not a range of positive numbers", name, min, max);
    return BD_OK;
}

enum bd_status bd_plane_contour(const struct bd_plane_view *plane, const struct bd_plane_range *asked,
                                const char *benchmark, int threads, struct bd_contour *contour,
                                struct bd_error *err)
{
    struct bd_plane_range all = *asked, *range = &all;
    const struct bd_contour_field field = bd_plane_field(plane);
    const char *x_name, *y_name;
    double *x = NULL;
    size_t n = 0;
    bd_plane_names(plane, &x_name, &y_name);
    *contour =
        (struct bd_contour){.pot = bd_exclusion_pot(plane->exclusion), .cl = bd_exclusion_cl(plane->exclusion)};
    (void)snprintf(contour->experiment, sizeof contour->experiment, "%s", plane->yield->set->experiment.id);
    (void)snprintf(contour->benchmark, sizeof contour->benchmark, "%s", benchmark);
    (void)snprintf(contour->plane, sizeof contour->plane, "%s,%s", x_name, y_name);
    (void)snprintf(contour->x_name, sizeof contour->x_name, "%s", x_name);
    (void)snprintf(contour->y_name, sizeof contour->y_name, "%s", y_name);
    (void)snprintf(contour->kind, sizeof contour->kind, "%s",
                   bd_exclusion_kind_name(plane->exclusion, plane->kind));
    bd_exclusion_name_method(plane->exclusion, plane->kind, contour->method);
    if (has_mass_axis(plane) && range->x_max <= 0.0)
        find_masses(plane->yield, &range->x_min, &range->x_max);
    BD_TRY(check_range(x_name, range->x_min, range->x_max, err));
    BD_TRY(check_range(y_name, range->y_min, range->y_max, err));
    BD_TRY(check_masses(plane, range, err));
    enum bd_status status = make_columns(plane, range->x_min, range->x_max, &x, &n, err);
    const struct bd_contour_grid grid = {x, n, range->y_min, range->y_max, threads};
    if (status == BD_OK)
        status = bd_contour_trace(&field, &grid, contour, err);
    free(x);
    return bd_add_context(err, status, "%s at %s", benchmark, contour->experiment);
}
