#include "src/scan/exclusion_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/scan/limit_table.h"
#include "src/scan/rates.h"

#define METHOD "table"
#define NOTHING                                                                                                   \
    BD_COMBINE_LN_MU_MAX /* of the field where nothing is expected: finite, so that contours have no hole */

struct bd_exclusion_table {
    const struct bd_experiment *experiment; /* borrowed */
    struct bd_benchmark benchmark;
    void *model_data; /* owned */
    struct bd_limit_table *limits;
    const struct bd_strength *strength;
    int mode; /* decay of X; -1: the model has none of this name */
};

int bd_exclusion_table_applies(const struct bd_experiment *experiment, const struct bd_model *model)
{
    return strcmp(experiment->mode, BD_EXPERIMENT_LIMIT_TABLE) == 0 &&
           bd_model_strength(model, experiment->search.production) != NULL &&
           (experiment->search.sight == BD_LIMIT_UNSEEN ||
            bd_model_mode_index(model, experiment->search.decay) >= 0);
}

enum bd_status bd_exclusion_table_open(const struct bd_experiment *experiment,
                                       const struct bd_benchmark *benchmark, struct bd_exclusion_table **table,
                                       struct bd_error *err)
{
    const struct bd_limit_search *search = &experiment->search;
    struct bd_exclusion_table *opened = calloc(1, sizeof *opened);
    if (opened == NULL)
        return bd_fail(err, BD_NO_MEMORY, "exclusion: out of memory");
    opened->experiment = experiment;
    opened->benchmark = *benchmark;
    opened->mode = bd_model_mode_index(benchmark->model, search->decay);
    opened->strength = bd_model_strength(benchmark->model, search->production);
    enum bd_status status = BD_OK;
    if (opened->strength == NULL || (opened->mode < 0 && search->sight == BD_LIMIT_SEEN))
        status = bd_fail(err, BD_BAD_INPUT, "benchmark %s at %s: model %s has no %s '%s', which the limits are on",
                         benchmark->name, experiment->id, benchmark->model->name,
                         opened->strength == NULL ? "branching ratio" : "decay",
                         opened->strength == NULL ? search->production : search->decay);
    if (status == BD_OK)
        status = bd_limit_table_open(experiment, &opened->limits, err);
    if (status == BD_OK)
        status = bd_model_open(benchmark->model, &opened->model_data, err);
    if (status == BD_OK)
        *table = opened;
    else
        bd_exclusion_table_free(opened);
    return status;
}

void bd_exclusion_table_free(struct bd_exclusion_table *table)
{
    if (table == NULL)
        return;
    bd_limit_table_free(table->limits);
    bd_model_close(table->benchmark.model, table->model_data);
    free(table);
}

/* ---- one mass ---- */

struct column {
    const struct bd_exclusion_table *table;
    double mass_gev;
    int covered;
    double br[3], partial[3], total[3]; /* polynomials in the axis */
};

static enum bd_status fill_column(const struct bd_exclusion_table *table, double mass_gev, struct column *column,
                                  struct bd_error *err)
{
    double width[BD_MODES_MAX][3];
    *column = (struct column){
        .table = table, .mass_gev = mass_gev, .covered = bd_limit_table_covers(table->limits, mass_gev)};
    if (!column->covered)
        return BD_OK;
    BD_TRY(bd_rates_expand(&table->benchmark, table->model_data, mass_gev, &table->strength, 1, width,
                           column->total, &column->br, err));
    if (table->mode >= 0)
        memcpy(column->partial, width[table->mode], sizeof column->partial);
    return BD_OK;
}

static enum bd_status point_of_column(const struct column *column, double axis,
                                      struct bd_exclusion_table_point *point, struct bd_error *err)
{
    const struct bd_limit_table *limits = column->table->limits;
    *point = (struct bd_exclusion_table_point){.covered = column->covered};
    if (!column->covered)
        return BD_OK;
    const double total = bd_rates_at(column->total, axis), partial = bd_rates_at(column->partial, axis);
    point->br_production = bd_rates_at(column->br, axis);
    point->ctau_m = bd_model_decay_length(total);
    point->br_decay = total > 0.0 ? partial / total : 0.0;
    point->ln_limit = bd_limit_table_ln_reference(limits, column->mass_gev);
    BD_TRY(bd_limit_table_ln_acceptance(limits, column->mass_gev, point->ctau_m, &point->ln_acceptance, err));
    const double br = fmax(point->br_production, 0.0), f = fmin(fmax(point->br_decay, 0.0), 1.0);
    if (column->table->experiment->search.sight == BD_LIMIT_SEEN)
        point->ln_br_effective = log(br * f) + point->ln_acceptance;
    else if (f > 0.0)
        point->ln_br_effective = log(br * (f + (1.0 - f) * exp(point->ln_acceptance)));
    else /* the logarithm stays right where the acceptance underflows */
        point->ln_br_effective = log(br) + point->ln_acceptance;
    return BD_OK;
}

enum bd_status bd_exclusion_table_at(const struct bd_exclusion_table *table, double mass_gev, double axis,
                                     struct bd_exclusion_table_point *point, struct bd_error *err)
{
    struct column column;
    BD_TRY(fill_column(table, mass_gev, &column, err));
    return point_of_column(&column, axis, point, err);
}

/* ---- contour ---- */

static enum bd_status open_column(const void *object, double x, void **column, struct bd_error *err)
{
    struct column *opened = malloc(sizeof *opened);
    if (opened == NULL)
        return bd_fail(err, BD_NO_MEMORY, "exclusion: out of memory");
    const enum bd_status status = fill_column(object, x, opened, err);
    if (status == BD_OK)
        *column = opened;
    else
        free(opened);
    return status;
}

static enum bd_status value_of_column(void *object, double ln_y, double *value, struct bd_error *err)
{
    struct bd_exclusion_table_point point;
    BD_TRY(point_of_column(object, exp(ln_y), &point, err));
    *value = point.covered ? fmin(point.ln_limit - point.ln_br_effective, NOTHING) : NOTHING;
    return BD_OK;
}

/* Begins with the rows of the table, the grid of the benchmark, and both sides of each threshold of the model. */
enum bd_status bd_exclusion_table_outline(const struct bd_exclusion_table *table,
                                          struct bd_exclusion_outline *outline, struct bd_error *err)
{
    const struct bd_benchmark *benchmark = &table->benchmark;
    const size_t n_row = bd_limit_table_n_mass(table->limits), n_grid = (size_t)benchmark->n_mass;
    double *mass = malloc((n_row + n_grid + 2 * BD_MODES_MAX) * sizeof *mass);
    size_t n = 0;
    if (mass == NULL)
        return bd_fail(err, BD_NO_MEMORY, "exclusion: out of memory");
    for (size_t i = 0; i < n_row; i++)
        mass[n++] = bd_limit_table_mass(table->limits, i);
    for (size_t i = 0; i < n_grid; i++)
        mass[n++] = benchmark->mass_min_gev *
                    pow(benchmark->mass_max_gev / benchmark->mass_min_gev, (double)i / (double)(n_grid - 1));
    for (size_t i = 0; i < bd_model_n_mode(benchmark->model); i++)
        for (int side = -1; side <= 1; side += 2)
            mass[n++] = benchmark->model->modes[i].threshold_gev * (1.0 + side * 1e-4);
    *outline = (struct bd_exclusion_outline){
        .experiment = table->experiment->id,
        .kind = strcmp(table->experiment->status, BD_EXPERIMENT_PROJECTION) == 0 ? "projection" : "observed",
        .method = METHOD,
        .benchmark = benchmark,
        .cl = table->experiment->limit_cl,
        .field = {(void *)table, open_column, value_of_column, free},
        .mass_gev = mass,
        .n_mass = n,
    };
    return BD_OK;
}

enum bd_status bd_exclusion_table_contour(const struct bd_exclusion_table *table, int threads,
                                          struct bd_contour *contour, struct bd_error *err)
{
    struct bd_exclusion_outline outline;
    BD_TRY(bd_exclusion_table_outline(table, &outline, err));
    const enum bd_status status = bd_exclusion_trace(&outline, threads, contour, err);
    bd_exclusion_outline_free(&outline);
    return status;
}
