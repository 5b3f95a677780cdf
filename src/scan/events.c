#include "src/scan/events.h"

#include <math.h>
#include <stdlib.h>

#include "decay/kernel.h"
#include "src/core/pdg.h"
#include "src/scan/scan.h"

struct collector {
    struct bd_events *events;
    size_t room;
    double rate; /* m Gamma/hbar c [GeV/m] */
    int failed;  /* 1: out of memory */
};

static void collect(void *object, const struct bd_kernel_event *from)
{
    struct collector *collector = object;
    struct bd_events *events = collector->events;
    if (events->n == collector->room) {
        const size_t room = collector->room > 0 ? 2 * collector->room : 4096;
        struct bd_event *larger = realloc(events->event, room * sizeof *larger);
        collector->failed |= larger == NULL;
        if (larger == NULL)
            return;
        events->event = larger;
        collector->room = room;
    }
    events->event[events->n++] = (struct bd_event){.z_vtx_m = from->vertex_z_m,
                                                   .pt_gev = from->pt_gev,
                                                   .n_events = from->weight * exp(-collector->rate * from->s),
                                                   .region = from->region};
}

static enum bd_status compute(const struct bd_plan *plan, const struct bd_spectrum *spectrum,
                              struct collector *collector, struct bd_kernel *kernel, struct bd_error *err)
{
    struct bd_qmc *qmc = NULL;
    struct bd_kernel_worker *worker = NULL;
    const struct bd_decay *decay = bd_decay_find(plan->decay[0]);
    const struct bd_kernel_task task = {.experiment = plan->experiment,
                                        .state = bd_experiment_state(plan->experiment, plan->decay[0]),
                                        .decay = decay,
                                        .mass_gev = plan->mass_gev[0],
                                        .n_production = 1,
                                        .spectrum = &spectrum,
                                        .decay_of = &decay,
                                        .grid = &plan->grid,
                                        .nodes = &plan->nodes,
                                        .precision = plan->precision,
                                        .max_points = plan->max_points,
                                        .seed = plan->seed,
                                        .event = collect,
                                        .event_object = collector};
    enum bd_status status = bd_kernel_points_create(plan->max_points, &qmc, err);
    if (status == BD_OK)
        status = bd_kernel_worker_create(BD_REGIONS_MAX, &worker, err);
    if (status == BD_OK)
        status = bd_kernel_compute(&task, qmc, worker, kernel, err);
    if (status == BD_OK && collector->failed)
        status = bd_fail(err, BD_NO_MEMORY, "events: out of memory");
    bd_kernel_worker_free(worker);
    bd_qmc_free(qmc);
    return status;
}

/* From sums over the Monte Carlo to numbers of events. */
static void normalise(const struct bd_plan *plan, double width, const struct bd_kernel *kernel,
                      struct bd_events *events)
{
    const struct bd_final_state *state = bd_experiment_state(plan->experiment, plan->decay[0]);
    const double pot = plan->experiment->pot * state->a_trig;
    double n_configuration = 0.0;
    size_t n_region;
    (void)bd_experiment_signal_regions(plan->experiment, &n_region);
    for (size_t r = 0; r < n_region; r++) {
        events->n_events[r] = pot * bd_kernel_yield(&plan->nodes, kernel[r].weight, plan->mass_gev[0], width);
        events->error_rel[r] = bd_kernel_error(kernel[r].error_width_gev, kernel[r].error_rel, width);
        events->flag[r] = kernel[r].flag;
        n_configuration = fmax(n_configuration, kernel[r].n_configuration);
    }
    for (size_t i = 0; i < events->n; i++)
        events->event[i].n_events *= pot * width / BD_HBARC_GEV_M / n_configuration;
}

enum bd_status bd_events_create(const struct bd_plan *plan, double width_gev, struct bd_events **events,
                                struct bd_error *err)
{
    if (plan->n_production != 1 || plan->n_decay != 1 || plan->n_mass != 1)
        return bd_fail(err, BD_BAD_INPUT, "events: one production, one decay and one mass");
    if (plan->experiment->pi0.n_box == 0)
        return bd_fail(err, BD_BAD_INPUT, "events: %s reconstructs no pi0: its card has no pi0_reconstruction",
                       plan->experiment->id);
    struct bd_spectrum *spectrum = NULL;
    struct bd_kernel *kernel = calloc(BD_REGIONS_MAX, sizeof *kernel);
    struct bd_events *created = calloc(1, sizeof *created);
    struct collector collector = {.events = created, .rate = plan->mass_gev[0] * width_gev / BD_HBARC_GEV_M};
    enum bd_status status =
        kernel != NULL && created != NULL ? BD_OK : bd_fail(err, BD_NO_MEMORY, "events: out of memory");
    if (status == BD_OK)
        status = bd_scan_spectrum(plan, 0, plan->mass_gev[0], &spectrum, err);
    if (status == BD_OK)
        status = compute(plan, spectrum, &collector, kernel, err);
    if (status == BD_OK) {
        normalise(plan, width_gev, kernel, created);
        *events = created;
    } else {
        bd_events_free(created);
    }
    bd_spectrum_free(spectrum);
    free(kernel);
    return status;
}

void bd_events_free(struct bd_events *events)
{
    if (events != NULL)
        free(events->event);
    free(events);
}
