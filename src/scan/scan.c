#include "src/scan/scan.h"

#include <omp.h>
#include <stdlib.h>

/* Productions opened for a plan and their spectra at the masses that are needed. */
struct sources {
    const struct bd_plan *plan;
    void **state;                  /* [n_production] */
    struct bd_spectrum **spectrum; /* [n_mass][n_production]; NULL where no task needs it */
};

static void close_sources(struct sources *sources)
{
    const struct bd_plan *plan = sources->plan;
    for (size_t k = 0; sources->state != NULL && k < plan->n_production; k++)
        if (sources->state[k] != NULL)
            plan->production[k].channel->close(sources->state[k]);
    for (size_t i = 0; sources->spectrum != NULL && i < plan->n_mass * plan->n_production; i++)
        bd_spectrum_free(sources->spectrum[i]);
    free(sources->state);
    free(sources->spectrum);
}

static enum bd_status open_production(const struct bd_plan *plan, size_t k, void **state, struct bd_error *err)
{
    const struct bd_plan_production *production = &plan->production[k];
    const struct bd_production_request request = {plan->experiment, &plan->grid, production->variant,
                                                  production->settings.value};
    return bd_add_context(err, production->channel->open(&request, state, err), "production %s%s%s",
                          production->channel->name, *production->variant != '\0' ? ":" : "", production->variant);
}

enum bd_status bd_scan_check(const struct bd_plan *plan, struct bd_error *err)
{
    for (size_t k = 0; k < plan->n_production; k++) {
        void *state;
        BD_TRY(open_production(plan, k, &state, err));
        plan->production[k].channel->close(state);
    }
    return BD_OK;
}

static enum bd_status make_spectrum(const struct bd_plan *plan, size_t k, const void *state, double mass,
                                    struct bd_spectrum **spectrum, struct bd_error *err)
{
    const struct bd_production *channel = plan->production[k].channel;
    BD_TRY(bd_spectrum_create(&plan->grid, spectrum, err));
    if (mass > channel->mass_max_gev || mass < channel->mass_min_gev) {
        (*spectrum)->flag = mass > channel->mass_max_gev ? BD_FLAG_CLOSED : BD_FLAG_OUTSIDE;
        return BD_OK;
    }
    return bd_add_context(err, channel->spectrum(state, mass, *spectrum, err), "production %s at %g GeV",
                          channel->name, mass);
}

static int spectrum_is_needed(const struct bd_plan *plan, const unsigned char *done, size_t production,
                              size_t mass)
{
    for (size_t d = 0; d < plan->n_decay; d++)
        if (bd_plan_has_pair(plan, production, d) && (done == NULL || !done[d * plan->n_mass + mass]))
            return 1;
    return 0;
}

static enum bd_status open_sources(const struct bd_plan *plan, const unsigned char *done, struct sources *sources,
                                   struct bd_error *err)
{
    *sources = (struct sources){.plan = plan};
    sources->state = calloc(plan->n_production, sizeof *sources->state);
    sources->spectrum = calloc(plan->n_mass * plan->n_production, sizeof(struct bd_spectrum *));
    if (sources->state == NULL || sources->spectrum == NULL)
        return bd_fail(err, BD_NO_MEMORY, "spectra: out of memory");
    for (size_t k = 0; k < plan->n_production; k++)
        BD_TRY(open_production(plan, k, &sources->state[k], err));
    enum bd_status status = BD_OK;
#pragma omp parallel for num_threads(plan->threads) schedule(dynamic, 1)
    for (size_t i = 0; i < plan->n_mass; i++) {
        struct bd_error own;
        enum bd_status here = BD_OK;
        for (size_t k = 0; k < plan->n_production && here == BD_OK; k++)
            if (spectrum_is_needed(plan, done, k, i))
                here = make_spectrum(plan, k, sources->state[k], plan->mass_gev[i],
                                     &sources->spectrum[i * plan->n_production + k], &own);
        if (here != BD_OK)
#pragma omp critical(bd_scan_sources)
        {
            status = here;
            if (err != NULL)
                *err = own;
        }
    }
    return status;
}

enum bd_status bd_scan_spectrum(const struct bd_plan *plan, size_t production, double mass_gev,
                                struct bd_spectrum **spectrum, struct bd_error *err)
{
    void *state = NULL;
    *spectrum = NULL;
    enum bd_status status = open_production(plan, production, &state, err);
    if (status == BD_OK)
        status = make_spectrum(plan, production, state, mass_gev, spectrum, err);
    if (state != NULL)
        plan->production[production].channel->close(state);
    if (status != BD_OK) {
        bd_spectrum_free(*spectrum);
        *spectrum = NULL;
    }
    return status;
}

/* ---- tasks ---- */

struct crew { /* workers are made before the parallel region */
    int n;
    struct bd_kernel_worker **worker;
    size_t n_kernel;                     /* of a task: n_region * n_production */
    struct bd_kernel *kernel;            /* [n][n_kernel] */
    const struct bd_decay **decay_of;    /* [n][n_production] */
    const struct bd_spectrum **spectrum; /* [n][n_production] */
    struct bd_qmc *qmc;
};

static void free_crew(struct crew *crew)
{
    for (int i = 0; crew->worker != NULL && i < crew->n; i++)
        bd_kernel_worker_free(crew->worker[i]);
    free(crew->worker);
    free(crew->kernel);
    free(crew->decay_of);
    free(crew->spectrum);
    bd_qmc_free(crew->qmc);
}

static enum bd_status make_crew(const struct bd_plan *plan, struct crew *crew, struct bd_error *err)
{
    size_t n_region;
    (void)bd_experiment_signal_regions(plan->experiment, &n_region);
    *crew = (struct crew){.n = plan->threads, .n_kernel = n_region * plan->n_production};
    crew->worker = calloc((size_t)crew->n, sizeof(struct bd_kernel_worker *));
    crew->kernel = calloc((size_t)crew->n * crew->n_kernel, sizeof *crew->kernel);
    crew->decay_of = calloc((size_t)crew->n * plan->n_production, sizeof(const struct bd_decay *));
    crew->spectrum = calloc((size_t)crew->n * plan->n_production, sizeof(const struct bd_spectrum *));
    if (crew->worker == NULL || crew->kernel == NULL || crew->decay_of == NULL || crew->spectrum == NULL)
        return bd_fail(err, BD_NO_MEMORY, "scan: out of memory");
    for (int i = 0; i < crew->n; i++)
        BD_TRY(bd_kernel_worker_create(crew->n_kernel, &crew->worker[i], err));
    return bd_kernel_points_create(plan->max_points, &crew->qmc, err);
}

static enum bd_status run_task(const struct bd_plan *plan, size_t i, const struct sources *sources,
                               const struct crew *crew, int worker, struct bd_error *err)
{
    const char *decay = plan->decay[i / plan->n_mass];
    const double mass = plan->mass_gev[i % plan->n_mass];
    const struct bd_decay **decay_of = crew->decay_of + (size_t)worker * plan->n_production;
    const struct bd_spectrum **spectrum = crew->spectrum + (size_t)worker * plan->n_production;
    for (size_t k = 0; k < plan->n_production; k++) {
        decay_of[k] = bd_decay_of_model(decay, plan->production[k].flat ? NULL : plan->production[k].model);
        spectrum[k] = bd_plan_has_pair(plan, k, i / plan->n_mass)
                          ? sources->spectrum[i % plan->n_mass * plan->n_production + k]
                          : NULL;
    }
    const struct bd_kernel_task task = {
        .experiment = plan->experiment,
        .state = bd_experiment_state(plan->experiment, decay),
        .decay = bd_decay_find(decay),
        .mass_gev = mass,
        .n_production = plan->n_production,
        .spectrum = spectrum,
        .decay_of = decay_of,
        .grid = &plan->grid,
        .nodes = &plan->nodes,
        .precision = plan->precision,
        .max_points = plan->max_points,
        .seed = plan->seed,
    };
    return bd_add_context(err,
                          bd_kernel_compute(&task, crew->qmc, crew->worker[worker],
                                            crew->kernel + (size_t)worker * crew->n_kernel, err),
                          "decay %s at %g GeV", decay, mass);
}

static enum bd_status run_tasks(const struct bd_plan *plan, const unsigned char *done,
                                const struct sources *sources, const struct crew *crew,
                                const struct bd_scan_sink *sink, struct bd_error *err)
{
    size_t failed_task = plan->n_decay * plan->n_mass;
    enum bd_status failure = BD_OK;
    int stop = 0; /* written and read only in the critical section */
#pragma omp parallel for num_threads(plan->threads) schedule(dynamic, 1)
    for (size_t i = 0; i < plan->n_decay * plan->n_mass; i++) {
        struct bd_error own;
        enum bd_status status = BD_OK;
        int skip;
#pragma omp critical(bd_scan_sink)
        {
            stop |= failure != BD_OK || (sink->stop != NULL && sink->stop(sink->object));
            skip = stop || (done != NULL && done[i]);
        }
        if (skip)
            continue;
        const int worker = omp_get_thread_num();
        status = run_task(plan, i, sources, crew, worker, &own);
#pragma omp critical(bd_scan_sink)
        {
            if (status == BD_OK)
                status = sink->save(sink->object, i, crew->kernel + (size_t)worker * crew->n_kernel, &own);
            if (status != BD_OK && i < failed_task) {
                failed_task = i;
                failure = status;
                if (err != NULL)
                    *err = own;
            }
        }
    }
    if (failure == BD_OK && stop)
        return bd_fail(err, BD_INTERRUPTED, "interrupted: finished tasks are stored");
    return failure;
}

enum bd_status bd_scan_run(const struct bd_plan *plan, const unsigned char *done, const struct bd_scan_sink *sink,
                           struct bd_error *err)
{
    struct sources sources;
    struct crew crew = {0};
    enum bd_status status = open_sources(plan, done, &sources, err);
    if (status == BD_OK)
        status = make_crew(plan, &crew, err);
    if (status == BD_OK)
        status = run_tasks(plan, done, &sources, &crew, sink, err);
    free_crew(&crew);
    close_sources(&sources);
    return status;
}
