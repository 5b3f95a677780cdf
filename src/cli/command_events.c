/* beamdump events: accepted events in the plane of the reconstructed pi0, one by one with their weights. */
#include <stdio.h>

#include "src/cli/command.h"
#include "src/cli/experiment_option.h"
#include "src/cli/output.h"
#include "src/scan/events.h"

static const struct bd_option options_events[] = {
    {.name = "experiment",
     .kind = BD_OPTION_TEXT,
     .unit = "NAME|FILE",
     .required = 1,
     .help = "built-in experiment that takes two photons for a pi0, or a card of your own"},
    {.name = "production",
     .kind = BD_OPTION_TEXT,
     .unit = "NAME[:VARIANT]",
     .required = 1,
     .help = "how X is made (see: beamdump list productions)"},
    {.name = "model",
     .kind = BD_OPTION_TEXT,
     .unit = "NAME",
     .help = "the model, where the production differs between them"},
    {.name = "decay", .kind = BD_OPTION_TEXT, .unit = "NAME", .initial = "gammagamma", .help = "how X decays"},
    {.name = "mass",
     .kind = BD_OPTION_NUMBER,
     .unit = "GeV",
     .min = 1e-6,
     .max = 1e3,
     .required = 1,
     .help = "of X"},
    {.name = "width",
     .kind = BD_OPTION_NUMBER,
     .unit = "GeV",
     .min = 1e-40,
     .max = 1e3,
     .required = 1,
     .help = "total width of X: its lifetime"},
    BD_OPTIONS_PRECISION(""),
    BD_OPTION_SEED,
    BD_OPTIONS_OUTPUT,
    {.name = NULL},
};

static const char *const examples[] = {
    "beamdump events --experiment koto_pnn --production primakoff --mass 0.1 --width 1e-16 --precision 0.1 "
    "--format csv --output events.csv",
    NULL,
};

static enum bd_status make_plan(const struct bd_options *options, const struct bd_experiment *experiment,
                                struct bd_plan *plan, struct bd_error *err)
{
    BD_TRY(bd_plan_init(experiment, plan, err));
    plan->precision = bd_options_number(options, "precision");
    plan->max_points = (unsigned)bd_options_whole(options, "max-points");
    plan->seed = (unsigned long long)bd_options_whole(options, "seed");
    BD_TRY(bd_options_blame("production",
                            bd_plan_add_production(plan, bd_options_text(options, "production"),
                                                   bd_options_text(options, "model"), NULL, err),
                            err));
    BD_TRY(bd_options_blame("decay", bd_plan_add_decay(plan, bd_options_text(options, "decay"), err), err));
    return bd_plan_add_mass(plan, bd_options_number(options, "mass"), err);
}

static enum bd_status write_events(const struct bd_options *options, const struct bd_experiment *experiment,
                                   const struct bd_events *events, struct bd_error *err)
{
    static const struct bd_column columns[] = {{"z_vtx_m", BD_COLUMN_NUMBER},
                                               {"pt_gev", BD_COLUMN_NUMBER},
                                               {"weight", BD_COLUMN_NUMBER},
                                               {"region", BD_COLUMN_TEXT}};
    struct bd_output *output;
    size_t n_region;
    const struct bd_region *region = bd_experiment_signal_regions(experiment, &n_region);
    BD_TRY(bd_output_open(options, columns, sizeof columns / sizeof columns[0], &output, err));
    for (size_t i = 0; i < events->n; i++) {
        bd_output_number(output, events->event[i].z_vtx_m);
        bd_output_number(output, events->event[i].pt_gev);
        bd_output_number(output, events->event[i].n_events);
        bd_output_text(output, region[events->event[i].region].name);
    }
    BD_TRY(bd_output_close(output, BD_OK, err));
    for (size_t r = 0; r < n_region; r++)
        (void)fprintf(stderr, "beamdump events: %s: %.4g +- %.2g events, status %s\n", region[r].name,
                      events->n_events[r], events->n_events[r] * events->error_rel[r],
                      bd_flag_name(events->flag[r]));
    return BD_OK;
}

static enum bd_status run(const struct bd_options *options, struct bd_error *err)
{
    struct bd_experiment *experiment = NULL;
    struct bd_events *events = NULL;
    struct bd_plan plan = {0};
    enum bd_status status = bd_experiment_option_load(options, &experiment, err);
    if (status == BD_OK)
        status = make_plan(options, experiment, &plan, err);
    if (status == BD_OK)
        status = bd_events_create(&plan, bd_options_number(options, "width"), &events, err);
    if (status == BD_OK)
        status = write_events(options, experiment, events, err);
    bd_events_free(events);
    bd_plan_free(&plan);
    bd_experiment_free(experiment);
    return status;
}

const struct bd_command command_events = {
    .name = "events",
    .summary = "accepted events of two photons taken for a pi0: vertex, pT, weight",
    .description =
        "The vertices of the Monte Carlo behind a yield. weight: events at the protons of the card, at unit\n"
        "strength and BR = 1; their sum in a region is the yield, which is printed with its error and status.\n"
        "z_vtx_m: from the origin of the regions of the card. `beamdump plot regions` draws them.",
    .options = options_events,
    .examples = examples,
    .run = run,
};
