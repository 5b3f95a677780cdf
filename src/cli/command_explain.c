/* beamdump explain: every factor of every channel at one point. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "db/kernel_store.h"
#include "src/cli/command.h"
#include "src/cli/contour_job.h"
#include "src/cli/experiment_option.h"
#include "src/cli/output.h"
#include "src/scan/exclusion_table.h"

static const struct bd_option options_explain[] = {
    {.name = "db",
     .kind = BD_OPTION_TEXT,
     .unit = "FILE",
     .help = "database with the kernels; needed unless the experiment has published limits"},
    {.name = "experiment",
     .kind = BD_OPTION_TEXT,
     .unit = "NAME|FILE",
     .help = "experiment in the database, needed if it has several; or one with published limits"},
    {.name = "benchmark", .kind = BD_OPTION_TEXT, .unit = "NAME", .required = 1, .help = "benchmark"},
    {.name = "mass",
     .kind = BD_OPTION_NUMBER,
     .unit = "GeV",
     .min = 1e-6,
     .max = 1e3,
     .required = 1,
     .help = "mass of X"},
    {.name = "coupling",
     .kind = BD_OPTION_NUMBER,
     .unit = "axis",
     .min = 1e-30,
     .max = 1e10,
     .required = 1,
     .help = "coupling on the axis of the benchmark, in its unit"},
    BD_OPTIONS_CONTOUR,
    BD_OPTIONS_OUTPUT,
    {.name = NULL},
};

static const char *const examples[] = {
    "beamdump explain --db na62.db --benchmark BC4 --mass 0.5 --coupling 1e-4",
    "beamdump explain --experiment na62_kpi_inv --benchmark BC2 --mass 0.2 --coupling 3e-4",
    NULL,
};

static enum bd_status print_channels(const struct bd_options *options, const struct bd_yield *yield, double pot,
                                     struct bd_error *err)
{
    static const struct bd_column columns[] = {
        {"production", BD_COLUMN_TEXT},
        {"decay", BD_COLUMN_TEXT},
        {"region", BD_COLUMN_TEXT},
        {"pot", BD_COLUMN_NUMBER},
        {"chi_per_pot", BD_COLUMN_NUMBER},
        {"strength", BD_COLUMN_NUMBER},
        {"branching_ratio", BD_COLUMN_NUMBER},
        {"reach_decay", BD_COLUMN_NUMBER},
        {"acceptance", BD_COLUMN_NUMBER},
        {"trigger", BD_COLUMN_NUMBER},
        {"n_events", BD_COLUMN_NUMBER},
        {"n_events_err", BD_COLUMN_NUMBER},
        {"status", BD_COLUMN_TEXT},
    };
    const double mass = bd_options_number(options, "mass"), axis = bd_options_number(options, "coupling");
    struct bd_output *output;
    BD_TRY(bd_output_open(options, columns, sizeof columns / sizeof columns[0], &output, err));
    enum bd_status status = BD_OK;
    for (size_t i = 0; i < yield->n_channel && status == BD_OK; i++) {
        const struct bd_kernel_series *series = yield->channel[i].series;
        const double trigger = yield->channel[i].selection->a_trig * series->region_weight;
        struct bd_yield_factors factors;
        char production[2 * BD_NAME_SIZE];
        status = bd_yield_factors_at(yield, i, mass, axis, pot, &factors, err);
        const double reached = pot * factors.value.chi_per_pot * factors.value.reach_decay * trigger *
                               factors.kappa * factors.branching_ratio;
        (void)snprintf(production, sizeof production, "%s%s%s", series->production,
                       *series->variant != '\0' ? ":" : "", series->variant);
        bd_output_text(output, production);
        bd_output_text(output, series->decay);
        bd_output_text(output, series->region);
        bd_output_number(output, pot);
        bd_output_number(output, factors.value.chi_per_pot);
        bd_output_number(output, factors.kappa);
        bd_output_number(output, factors.branching_ratio);
        bd_output_number(output, factors.value.reach_decay);
        bd_output_number(output, reached > 0.0 ? factors.n_events / reached : 0.0);
        bd_output_number(output, trigger);
        bd_output_number(output, factors.n_events);
        bd_output_number(output, factors.n_events_err);
        bd_output_text(output, bd_flag_name(factors.flag));
    }
    return bd_output_close(output, status, err);
}

/* What the channels say together, on stderr: the table stays a table. */
static enum bd_status print_verdict(const struct bd_options *options, const struct bd_exclusion *exclusion,
                                    struct bd_error *err)
{
    struct bd_exclusion_point point;
    BD_TRY(bd_exclusion_at(exclusion, bd_options_number(options, "mass"), bd_options_number(options, "coupling"),
                           &point, err));
    const double cl = bd_options_number(options, "cl");
    (void)fprintf(
        stderr, "beamdump explain: %g signal events in %zu counting channels, CLs = %.4g: %s at %g%% CL (%s)\n",
        point.signal, point.n, point.result.cls, point.result.cls < 1.0 - cl ? "excluded" : "not excluded",
        100.0 * cl, bd_exclusion_kind_name(exclusion, BD_EXCLUSION_OBSERVED));
    size_t driver = 0;
    for (size_t i = 1; i < point.n; i++)
        if (point.ln_mu_up_without[i] > point.ln_mu_up_without[driver])
            driver = i;
    if (!(point.signal > 0.0) || point.n == 0)
        return BD_OK;
    const char *decay = point.counting[driver]->selection->decay;
    const double without = point.ln_mu_up_without[driver];
    if (without < BD_COMBINE_LN_MU_MAX)
        (void)fprintf(
            stderr,
            "beamdump explain: %s drives the limit: without it the excluded strength is %.3g times larger\n",
            decay, exp(without - point.result.ln_mu_up));
    else
        (void)fprintf(stderr, "beamdump explain: %s drives the limit: without it nothing is excluded\n", decay);
    return BD_OK;
}

/* Published limits: what the model gives against what is allowed. */
static enum bd_status explain_limits(const struct bd_options *options, const struct bd_experiment *card,
                                     const struct bd_benchmark *benchmark, struct bd_error *err)
{
    static const struct bd_column columns[] = {
        {"production", BD_COLUMN_TEXT},     {"decay", BD_COLUMN_TEXT},      {"br_production", BD_COLUMN_NUMBER},
        {"br_decay", BD_COLUMN_NUMBER},     {"ctau_m", BD_COLUMN_NUMBER},   {"acceptance", BD_COLUMN_NUMBER},
        {"br_effective", BD_COLUMN_NUMBER}, {"limit_br", BD_COLUMN_NUMBER}, {"status", BD_COLUMN_TEXT},
    };
    struct bd_exclusion_table *table = NULL;
    struct bd_exclusion_table_point point;
    struct bd_output *output;
    BD_TRY(bd_exclusion_table_open(card, benchmark, &table, err));
    enum bd_status status =
        bd_options_blame("mass",
                         bd_exclusion_table_at(table, bd_options_number(options, "mass"),
                                               bd_options_number(options, "coupling"), &point, err),
                         err);
    bd_exclusion_table_free(table);
    if (status == BD_OK)
        status = bd_output_open(options, columns, sizeof columns / sizeof columns[0], &output, err);
    if (status != BD_OK)
        return status;
    bd_output_text(output, card->search.production);
    bd_output_text(output, card->search.decay);
    bd_output_number(output, point.covered ? point.br_production : (double)NAN);
    bd_output_number(output, point.covered ? point.br_decay : (double)NAN);
    bd_output_number(output, point.covered ? point.ctau_m : (double)NAN);
    bd_output_number(output, point.covered ? exp(point.ln_acceptance) : (double)NAN);
    bd_output_number(output, point.covered ? exp(point.ln_br_effective) : (double)NAN);
    bd_output_number(output, point.covered ? exp(point.ln_limit) : (double)NAN);
    bd_output_text(output, bd_flag_name(point.covered ? BD_FLAG_OK : BD_FLAG_OUTSIDE));
    if (point.covered)
        (void)fprintf(stderr, "beamdump explain: %.4g times the limit: %s at %g%% CL\n",
                      exp(point.ln_br_effective - point.ln_limit),
                      point.ln_br_effective > point.ln_limit ? "excluded" : "not excluded",
                      100.0 * card->limit_cl);
    else
        (void)fprintf(stderr, "beamdump explain: %s has no limit at this mass\n", card->id);
    return bd_output_close(output, BD_OK, err);
}

/* Counted events from kernels. */
static enum bd_status explain_counts(const struct bd_options *options, const struct bd_benchmark *benchmark,
                                     struct bd_error *err)
{
    struct bd_exclusion_options exclusion;
    struct bd_database *db = NULL;
    struct bd_kernel_set *set = NULL;
    struct bd_yield *yield = NULL;
    struct bd_exclusion *opened = NULL;
    char experiment[BD_NAME_SIZE];
    if (!bd_options_given(options, "db"))
        return bd_fail(err, BD_USAGE, "--db is missing: an experiment without published limits needs its kernels");
    bd_contour_job_options(options, &exclusion);
    const struct bd_kernel_filter filter = {.model = benchmark->model->name};
    enum bd_status status = bd_database_open(bd_options_text(options, "db"), BD_DATABASE_READ, &db, err);
    if (status == BD_OK)
        status = bd_experiment_option_read(options, db, experiment, err);
    if (status == BD_OK)
        status = bd_kernel_store_load(db, experiment, &filter, &set, err);
    if (status == BD_OK)
        status = bd_yield_open(set, benchmark, &yield, err);
    if (status == BD_OK)
        status = bd_exclusion_open(yield, &exclusion, &opened, err);
    if (status == BD_OK)
        status = bd_options_blame("mass", print_channels(options, yield, bd_exclusion_pot(opened), err), err);
    if (status == BD_OK)
        status = print_verdict(options, opened, err);
    bd_exclusion_free(opened);
    bd_yield_free(yield);
    bd_kernel_set_free(set);
    bd_database_close(db);
    return status;
}

static enum bd_status run(const struct bd_options *options, struct bd_error *err)
{
    struct bd_benchmark benchmark;
    struct bd_experiment *card = NULL;
    BD_TRY(bd_options_blame("benchmark", bd_benchmark_load(bd_options_text(options, "benchmark"), &benchmark, err),
                            err));
    BD_TRY(bd_contour_job_find_limits(bd_options_text(options, "experiment"), &card, err));
    const enum bd_status status =
        card != NULL ? explain_limits(options, card, &benchmark, err) : explain_counts(options, &benchmark, err);
    bd_experiment_free(card);
    return status;
}

const struct bd_command command_explain = {
    .name = "explain",
    .summary = "every factor of every channel at one mass and coupling, and what they exclude together",
    .description =
        "n_events = pot chi_per_pot strength branching_ratio reach_decay acceptance trigger. On stderr: CLs of\n"
        "all counting channels together and the one that drives the limit. With published limits: br_effective, "
        "the\n"
        "branching ratios of production and decay with the acceptance for this lifetime, against limit_br.",
    .options = options_explain,
    .examples = examples,
    .run = run,
};
