#include "src/cli/contour_job.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "db/kernel_store.h"
#include "db/result.h"
#include "db/run.h"
#include "src/cli/output.h"
#include "src/core/data.h"
#include "src/scan/exclusion_table.h"

const char *const bd_contour_job_nuisances[] = {"none", "pot", NULL};
const char *const bd_contour_job_windows[] = {"none", "card", NULL};
const char *const bd_contour_job_bands[] = {"stat+nuis", "stat", NULL}; /* in the order of bd_bands_mode */

void bd_contour_job_options(const struct bd_options *options, struct bd_exclusion_options *exclusion)
{
    *exclusion = (struct bd_exclusion_options){
        .cl = bd_options_number(options, "cl"),
        .pot = bd_options_given(options, "pot") ? bd_options_number(options, "pot") : 0.0,
        .pot_uncertainty = (int)bd_options_choice(options, "nuisance"),
        .mass_window = (int)bd_options_choice(options, "mass-window"),
        .bands = (enum bd_bands_mode)bd_options_choice(options, "bands"),
    };
}

void bd_contour_job_free(struct bd_contour *contours, size_t n)
{
    for (size_t i = 0; contours != NULL && i < n; i++)
        bd_contour_free(&contours[i]);
    free(contours);
}

static enum bd_status trace_all(const struct bd_exclusion *exclusion, size_t n, int threads,
                                struct bd_contour *contours, struct bd_error *err)
{
    for (size_t kind = 0; kind < n; kind++)
        BD_TRY(bd_exclusion_contour(exclusion, (enum bd_exclusion_kind)kind, threads, &contours[kind], err));
    return BD_OK;
}

#define AXIS_STEPS 240 /* couplings tried for the largest signal */

/* Coupling with the largest total signal at a mass. */
static enum bd_status best_coupling(const struct bd_yield *yield, double mass, double pot, double *best,
                                    struct bd_error *err)
{
    struct bd_yield_slice *slice = NULL;
    double largest = -1.0;
    BD_TRY(bd_yield_slice_create(yield, mass, &slice, err));
    for (int i = 0; i <= AXIS_STEPS; i++) {
        const struct bd_benchmark *benchmark = &yield->benchmark;
        const double axis =
            benchmark->axis_min * pow(benchmark->axis_max / benchmark->axis_min, (double)i / AXIS_STEPS);
        double events[BD_STATES_MAX], total = 0.0;
        bd_yield_slice_events(slice, axis, pot, events);
        for (size_t k = 0; k < yield->n_counting; k++)
            total += events[k];
        if (total > largest) {
            largest = total;
            *best = axis;
        }
    }
    bd_yield_slice_free(slice);
    return BD_OK;
}

static enum bd_status fill_yield(const struct bd_yield *yield, size_t channel, double mass, double axis,
                                 struct bd_result_yield *row, struct bd_error *err)
{
    const struct bd_yield_channel *from = &yield->channel[channel];
    const double pot = yield->set->experiment.pot;
    struct bd_yield_factors factors;
    BD_TRY(bd_yield_factors_at(yield, channel, mass, axis, pot, &factors, err));
    const double n_events = pot * from->selection->a_trig * factors.value.n_per_pot;
    *row = (struct bd_result_yield){.channel = from->series->channel,
                                    .region = from->series->region,
                                    .mass_gev = mass,
                                    .width_gev = factors.width_gev,
                                    .coupling = axis,
                                    .n_events = n_events,
                                    .n_events_err = n_events * factors.value.error_rel,
                                    .signal = factors.n_events,
                                    .chi_per_pot = factors.value.chi_per_pot,
                                    .reach_decay = factors.value.reach_decay,
                                    .flag = factors.flag};
    return BD_OK;
}

/* The kernel masses of a benchmark, each once, with the coupling of the largest signal. */
struct best {
    size_t n;
    struct best_point {
        double mass_gev, coupling;
    } * point; /* ascending, owned */
};

static int by_mass(const void *left, const void *right)
{
    const struct best_point *a = left, *b = right;
    return (a->mass_gev > b->mass_gev) - (a->mass_gev < b->mass_gev);
}

static enum bd_status find_best(const struct bd_yield *yield, struct best *best, struct bd_error *err)
{
    size_t total = 0, used = 0;
    for (size_t i = 0; i < yield->n_channel; i++)
        total += yield->channel[i].series->n_mass;
    best->n = 0;
    best->point = malloc((total + 1) * sizeof *best->point);
    if (best->point == NULL)
        return bd_fail(err, BD_NO_MEMORY, "yields: out of memory");
    for (size_t i = 0; i < yield->n_channel; i++)
        for (size_t m = 0; m < yield->channel[i].series->n_mass; m++) {
            const double mass = yield->channel[i].series->mass_gev[m];
            if (mass >= yield->benchmark.mass_min_gev && mass <= yield->benchmark.mass_max_gev)
                best->point[used++].mass_gev = mass;
        }
    qsort(best->point, used, sizeof *best->point, by_mass);
    for (size_t i = 0; i < used; i++) {
        if (best->n > 0 && best->point[best->n - 1].mass_gev >= best->point[i].mass_gev)
            continue;
        struct best_point point = {best->point[i].mass_gev, yield->benchmark.axis_min};
        BD_TRY(best_coupling(yield, point.mass_gev, yield->set->experiment.pot, &point.coupling, err));
        best->point[best->n++] = point;
    }
    return BD_OK;
}

/* Table `yield`: every channel at every kernel mass of the benchmark, at the coupling with the largest signal, for
 * questions in SQL. */
static enum bd_status store_best_yields(struct bd_database *db, const struct bd_yield *yield,
                                        const struct best *best, struct bd_error *err)
{
    size_t n = 0;
    struct bd_result_yield *rows = malloc((yield->n_channel * best->n + 1) * sizeof *rows);
    enum bd_status status = rows != NULL ? BD_OK : bd_fail(err, BD_NO_MEMORY, "yields: out of memory");
    for (size_t i = 0; i < yield->n_channel && status == BD_OK; i++)
        for (size_t m = 0; m < yield->channel[i].series->n_mass && status == BD_OK; m++) {
            const struct best_point key = {.mass_gev = yield->channel[i].series->mass_gev[m]};
            const struct best_point *point = bsearch(&key, best->point, best->n, sizeof key, by_mass);
            if (point == NULL)
                continue; /* outside the benchmark */
            status = fill_yield(yield, i, point->mass_gev, point->coupling, &rows[n], err);
            n += status == BD_OK && rows[n].flag != BD_FLAG_OUTSIDE && rows[n].width_gev > 0.0;
        }
    if (status == BD_OK)
        status = bd_result_save_yields(db, yield->set->experiment.id, yield->benchmark.name, rows, n, err);
    free(rows);
    return status;
}

/* Table `driver`, at the same couplings: rows[n_kind][best->n * BD_STATES_MAX]. */
static enum bd_status fill_drivers(const struct bd_exclusion *exclusion, const struct best *best, size_t n_kind,
                                   struct bd_result_driver *rows, size_t *n, struct bd_error *err)
{
    for (size_t m = 0; m < best->n; m++) {
        const struct best_point *point = &best->point[m];
        struct bd_exclusion_drivers drivers;
        BD_TRY(bd_exclusion_drivers_at(exclusion, point->mass_gev, point->coupling, n_kind, &drivers, err));
        for (size_t i = 0; i < drivers.n && drivers.signal > 0.0; i++, (*n)++)
            for (size_t kind = 0; kind < n_kind; kind++)
                rows[kind * best->n * BD_STATES_MAX + *n] =
                    (struct bd_result_driver){.decay = drivers.decay[i],
                                              .mass_gev = point->mass_gev,
                                              .coupling = point->coupling,
                                              .strength_up = exp(drivers.ln_mu_up[kind]),
                                              .strength_up_without = exp(drivers.ln_mu_up_without[i][kind])};
    }
    return BD_OK;
}

static enum bd_status store_drivers(struct bd_database *db, const struct bd_exclusion *exclusion,
                                    const struct best *best, const struct bd_contour *contours, size_t n_kind,
                                    struct bd_error *err)
{
    const size_t stride = best->n * BD_STATES_MAX;
    size_t n = 0;
    struct bd_result_driver *rows = malloc((n_kind * stride + 1) * sizeof *rows);
    enum bd_status status = rows != NULL ? fill_drivers(exclusion, best, n_kind, rows, &n, err)
                                         : bd_fail(err, BD_NO_MEMORY, "drivers: out of memory");
    for (size_t kind = 0; kind < n_kind && status == BD_OK; kind++)
        status = bd_result_save_drivers(db, &contours[kind], &rows[kind * stride], n, err);
    free(rows);
    return status;
}

static enum bd_status run_kernels(const struct bd_contour_job *job, struct bd_contour *contours, size_t n,
                                  struct bd_error *err)
{
    const struct bd_kernel_filter filter = {.model = job->benchmark->model->name};
    struct bd_kernel_set *set = NULL;
    struct bd_yield *yield = NULL;
    struct bd_exclusion *opened = NULL;
    struct best best = {0, NULL};
    enum bd_status status = bd_kernel_store_load(job->db, job->experiment, &filter, &set, err);
    if (status == BD_OK)
        status = bd_yield_open(set, job->benchmark, &yield, err);
    if (status == BD_OK)
        status = bd_exclusion_open(yield, job->exclusion, &opened, err);
    if (status == BD_OK)
        status = trace_all(opened, n, job->threads, contours, err);
    for (size_t i = 0; status == BD_OK && job->store && i < n; i++)
        status = bd_result_save_contour(job->db, set->series[0].run, &contours[i], err);
    if (status == BD_OK && job->store)
        status = find_best(yield, &best, err);
    if (status == BD_OK && job->store)
        status = store_best_yields(job->db, yield, &best, err);
    if (status == BD_OK && job->store)
        status = store_drivers(job->db, opened, &best, contours, n, err);
    free(best.point);
    bd_exclusion_free(opened);
    bd_yield_free(yield);
    bd_kernel_set_free(set);
    return status;
}

/* ---- published limits ---- */

/* What changes counts changes nothing here. */
static enum bd_status refuse_options(const struct bd_contour_job *job, struct bd_error *err)
{
    const struct bd_exclusion_options *exclusion = job->exclusion;
    const char *option = exclusion->pot > 0.0            ? "pot"
                         : job->expected                 ? "expected"
                         : exclusion->only_decay != NULL ? "decay"
                                                         : NULL;
    if (option != NULL)
        return bd_fail(err, BD_USAGE, "--%s: %s has published limits, no counts", option, job->experiment);
    if (fabs(exclusion->cl - job->card->limit_cl) > 1e-9)
        return bd_fail(err, BD_USAGE, "--cl: the limits of %s are published at %g, not at %g", job->experiment,
                       job->card->limit_cl, exclusion->cl);
    return BD_OK;
}

enum bd_status bd_contour_job_store_run(struct bd_database *db, const struct bd_experiment *card,
                                        const char *command_line, struct bd_run *run, struct bd_error *err)
{
    const char *const path[] = {card->search.limits_path, card->search.acceptance_path};
    const struct bd_plan plan = {.experiment = card};
    struct bd_run_input input[2];
    struct bd_run_info info;
    bd_run_info_init(&info);
    info.command_line = command_line;
    info.input = input;
    for (size_t i = 0; i < 2 && path[i][0] != '\0'; i++) {
        char *text;
        size_t length;
        const char *slash = strrchr(path[i], '/');
        BD_TRY(bd_data_read_text(path[i], &text, &length, err));
        input[info.n_input++] =
            (struct bd_run_input){slash != NULL ? slash + 1 : path[i], bd_data_hash(BD_HASH_START, text, length)};
        free(text);
    }
    BD_TRY(bd_run_begin(db, &plan, &info, 1, run, err));
    return bd_run_finish(db, run, NULL, err);
}

static enum bd_status run_limits(const struct bd_contour_job *job, struct bd_contour *contours, size_t n,
                                 struct bd_error *err)
{
    struct bd_exclusion_table *table = NULL;
    struct bd_run run;
    (void)n; /* 1: no expected ones */
    BD_TRY(refuse_options(job, err));
    enum bd_status status = bd_exclusion_table_open(job->card, job->benchmark, &table, err);
    if (status == BD_OK)
        status = bd_exclusion_table_contour(table, job->threads, &contours[0], err);
    if (status == BD_OK && job->store)
        status = bd_contour_job_store_run(job->db, job->card, job->command_line, &run, err);
    if (status == BD_OK && job->store)
        status = bd_result_save_contour(job->db, run.id, &contours[0], err);
    bd_exclusion_table_free(table);
    return status;
}

enum bd_status bd_contour_job_find_limits(const char *name, struct bd_experiment **card, struct bd_error *err)
{
    *card = NULL;
    if (name == NULL)
        return BD_OK;
    struct bd_experiment *loaded = NULL;
    struct bd_error why = {.status = BD_OK};
    const enum bd_status status = bd_experiment_load(name, &loaded, &why);
    if (status != BD_OK) {
        if (strchr(name, '/') == NULL)
            return BD_OK;
        if (err != NULL)
            *err = why;
        return status;
    }
    if (strcmp(loaded->mode, BD_EXPERIMENT_LIMIT_TABLE) == 0)
        *card = loaded;
    else
        bd_experiment_free(loaded);
    return BD_OK;
}

/* How an experiment excludes. */
static enum bd_status (*const ways[])(const struct bd_contour_job *job, struct bd_contour *contours, size_t n,
                                      struct bd_error *err) = {run_kernels, run_limits};

enum bd_status bd_contour_job_run(const struct bd_contour_job *job, struct bd_contour **contours, size_t *n,
                                  struct bd_error *err)
{
    const size_t n_kind = job->expected ? BD_EXCLUSION_KINDS : 1;
    struct bd_contour *traced = calloc(n_kind, sizeof *traced);
    if (traced == NULL)
        return bd_fail(err, BD_NO_MEMORY, "contour: out of memory");
    const enum bd_status status = ways[job->card != NULL](job, traced, n_kind, err);
    if (status == BD_OK) {
        *contours = traced;
        *n = n_kind;
    } else {
        bd_contour_job_free(traced, n_kind);
    }
    return status;
}

enum bd_status bd_contour_job_print(const struct bd_options *options, const struct bd_contour *contours, size_t n,
                                    struct bd_error *err)
{
    const int named = n > 0 && contours[0].x_name[0] != '\0'; /* the axes of another plane */
    const struct bd_column columns[] = {
        {"experiment", BD_COLUMN_TEXT},
        {"benchmark", BD_COLUMN_TEXT},
        {"kind", BD_COLUMN_TEXT},
        {"polyline", BD_COLUMN_INTEGER},
        {"vertex", BD_COLUMN_INTEGER},
        {named ? contours[0].x_name : "mass_gev", BD_COLUMN_NUMBER},
        {named ? contours[0].y_name : "coupling", BD_COLUMN_NUMBER},
        {"closed", BD_COLUMN_INTEGER},
        {"hole", BD_COLUMN_INTEGER},
    };
    struct bd_output *output;
    BD_TRY(bd_output_open(options, columns, sizeof columns / sizeof columns[0], &output, err));
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < contours[i].n_polyline; k++)
            for (size_t v = 0; v < contours[i].polyline[k].n_vertex; v++) {
                const struct bd_polyline *line = &contours[i].polyline[k];
                bd_output_text(output, contours[i].experiment);
                bd_output_text(output, contours[i].benchmark);
                bd_output_text(output, contours[i].kind);
                bd_output_integer(output, (long long)k);
                bd_output_integer(output, (long long)v);
                bd_output_number(output, line->x[v]);
                bd_output_number(output, line->y[v]);
                bd_output_integer(output, line->closed);
                bd_output_integer(output, line->hole);
            }
    return bd_output_close(output, BD_OK, err);
}
