/* beamdump significance: p-values, standard deviations, events needed for a discovery, and the fitted rate of a
 * signal that is there. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "src/cli/calculator.h"
#include "src/cli/command.h"
#include "src/cli/experiment_option.h"
#include "src/core/experiment.h"
#include "src/scan/discovery.h"
#include "src/scan/kaon.h"

static const char *const sides_names[] = {"two", "one", NULL};
static const char *const modes[] = {"central", "onoff", "windows", "scan", NULL}; /* as bd_discovery_mode */

static const struct bd_option options_significance[] = {
    {.name = "observed",
     .kind = BD_OPTION_WHOLE,
     .unit = "events",
     .min = 0.0,
     .max = 1e6,
     .help = "observed events: how probable are they, or more, without a signal?"},
    BD_OPTIONS_CALCULATOR_BACKGROUND,
    {.name = "off",
     .kind = BD_OPTION_WHOLE,
     .unit = "events",
     .min = 0.0,
     .max = 1e6,
     .help = "with --tau: the background is known from this number of events beside the signal"},
    {.name = "tau",
     .kind = BD_OPTION_NUMBER,
     .unit = "1",
     .min = 1e-6,
     .max = 1e6,
     .help = "exposure of --off divided by that of --observed"},
    {.name = "sides",
     .kind = BD_OPTION_CHOICE,
     .initial = "two",
     .choices = sides_names,
     .help = "standard deviations of a two-sided p-value, as beam-dump papers quote them, or one-sided, as kaon "
             "papers do"},
    {.name = "needed",
     .kind = BD_OPTION_FLAG,
     .help = "events needed for --z standard deviations above --background"},
    {.name = "table",
     .kind = BD_OPTION_FLAG,
     .help =
         "events needed in the channels of --experiment, in the signal region (sr) and with the control region "
         "(sr_cr), whose errors are added linearly"},
    {.name = "experiment",
     .kind = BD_OPTION_TEXT,
     .unit = "NAME",
     .help = "for the table: a built-in card or a file, with counts"},
    {.name = "decay",
     .kind = BD_OPTION_LIST,
     .unit = "NAME",
     .help = "for the table: this decay; without: all with hadron tracks"},
    {.name = "mode",
     .kind = BD_OPTION_CHOICE,
     .initial = "central",
     .choices = modes,
     .help =
         "for events needed: no errors (central); errors as an auxiliary count where they are symmetric (onoff); "
         "a mass window opened at each event (windows); all in a window anywhere (scan, with --window)"},
    {.name = "window",
     .kind = BD_OPTION_NUMBER,
     .unit = "1",
     .min = 1e-6,
     .max = 1.0,
     .help = "for scan: width of the mass window as a fraction of the range"},
    {.name = "z",
     .kind = BD_OPTION_NUMBER,
     .unit = "standard deviations",
     .initial = "5",
     .min = 0.1,
     .max = 37.0,
     .help = "what is called a discovery"},
    BD_OPTIONS_COUNTS,
    {.name = "reference",
     .kind = BD_OPTION_NUMBER,
     .unit = "1",
     .initial = "1",
     .min = 1e-30,
     .max = 1e30,
     .help = "with channels: the branching ratio that their signal is for; the fit is in its units"},
    BD_OPTIONS_OUTPUT,
    {.name = NULL},
};

static const char *const examples[] = {
    "beamdump significance --observed 1 --background 0.016",
    "beamdump significance --observed 4 --off 5 --tau 5",
    "beamdump significance --needed --background 0.038+-0.020 --mode onoff",
    "beamdump significance --experiment na62 --table --mode onoff",
    ("beamdump significance --reference 8.4e-11 --channel 20,7.03+1.05-0.82,10.01+-0.42 --channel "
     "31,11.0+2.1-1.9,9.91+-0.34"),
    NULL,
};

static enum bd_discovery_sides sides_of(const struct bd_options *options)
{
    return bd_options_choice(options, "sides") == 0 ? BD_DISCOVERY_TWO_SIDED : BD_DISCOVERY_ONE_SIDED;
}

/* ---- a p-value ---- */

static enum bd_status write_count(const struct bd_options *options, struct bd_error *err)
{
    struct bd_background background;
    struct bd_discovery discovery;
    struct bd_calculator_columns columns = {.n = 0};
    struct bd_output *output = NULL;
    const int n = (int)bd_options_whole(options, "observed");
    BD_TRY(bd_calculator_read_background(options, &background, err));
    BD_TRY(bd_discovery_count(n, &background, sides_of(options), &discovery, err));
    const struct bd_calculator_method how = {.cl = (double)NAN,
                                             .method = "count",
                                             .nuisance = bd_calculator_nuisance_name(&background),
                                             .engine = bd_calculator_engine(&background, 0.0),
                                             .tolerance = BD_DISCOVERY_TOLERANCE};
    bd_calculator_add(&columns, "p", BD_COLUMN_NUMBER);
    bd_calculator_add(&columns, "ln_p", BD_COLUMN_NUMBER);
    bd_calculator_add(&columns, "z", BD_COLUMN_NUMBER);
    bd_calculator_add(&columns, "sides", BD_COLUMN_INTEGER);
    bd_calculator_add(&columns, "observed", BD_COLUMN_INTEGER);
    bd_calculator_add_background(&columns);
    bd_calculator_add_method(&columns, &how);
    BD_TRY(bd_output_open(options, columns.column, columns.n, &output, err));
    bd_output_number(output, discovery.p);
    bd_output_number(output, discovery.ln_p);
    bd_output_number(output, discovery.z);
    bd_output_integer(output, (long long)sides_of(options));
    bd_output_integer(output, n);
    bd_calculator_write_background(output, &background);
    bd_calculator_write_method(output, &how);
    return bd_output_close(output, BD_OK, err);
}

static enum bd_status write_onoff(const struct bd_options *options, struct bd_error *err)
{
    if (!bd_options_given(options, "off") || !bd_options_given(options, "tau"))
        return bd_fail(err, BD_USAGE, "--off and --tau belong together");
    if (bd_options_given(options, "background"))
        return bd_fail(err, BD_USAGE, "either --background or --off and --tau");
    const int on = (int)bd_options_whole(options, "observed"), off = (int)bd_options_whole(options, "off");
    const double tau = bd_options_number(options, "tau");
    const struct bd_calculator_method how = {.cl = (double)NAN,
                                             .method = "onoff",
                                             .nuisance = "onoff",
                                             .engine = "negative_binomial",
                                             .tolerance = BD_DISCOVERY_TOLERANCE};
    struct bd_calculator_columns columns = {.n = 0};
    struct bd_output *output = NULL;
    double z_bi, z_pl;
    BD_TRY(bd_discovery_onoff(on, off, tau, &z_bi, &z_pl, err));
    bd_calculator_add(&columns, "z_bi", BD_COLUMN_NUMBER);
    bd_calculator_add(&columns, "z_pl", BD_COLUMN_NUMBER);
    bd_calculator_add(&columns, "sides", BD_COLUMN_INTEGER);
    bd_calculator_add(&columns, "observed", BD_COLUMN_INTEGER);
    bd_calculator_add(&columns, "off", BD_COLUMN_INTEGER);
    bd_calculator_add(&columns, "tau", BD_COLUMN_NUMBER);
    bd_calculator_add_method(&columns, &how);
    BD_TRY(bd_output_open(options, columns.column, columns.n, &output, err));
    bd_output_number(output, z_bi);
    bd_output_number(output, z_pl);
    bd_output_integer(output, BD_DISCOVERY_ONE_SIDED); /* both are defined so */
    bd_output_integer(output, on);
    bd_output_integer(output, off);
    bd_output_number(output, tau);
    bd_calculator_write_method(output, &how);
    return bd_output_close(output, BD_OK, err);
}

/* ---- events needed ---- */

struct demand {
    enum bd_discovery_mode mode;
    double window, z;
    enum bd_discovery_sides sides;
    struct bd_calculator_method how;
};

static enum bd_status read_demand(const struct bd_options *options, struct demand *demand, struct bd_error *err)
{
    const size_t mode = bd_options_choice(options, "mode");
    *demand = (struct demand){.mode = (enum bd_discovery_mode)mode,
                              .window = bd_options_number(options, "window"),
                              .z = bd_options_number(options, "z"),
                              .sides = sides_of(options)};
    if ((demand->mode == BD_DISCOVERY_SCAN) != bd_options_given(options, "window"))
        return bd_fail(err, BD_USAGE, "--window belongs to --mode scan, which needs it");
    if (demand->mode != BD_DISCOVERY_SCAN)
        demand->window = 0.0;
    /* whole numbers: nothing is rounded */
    demand->how = (struct bd_calculator_method){.cl = (double)NAN, .method = modes[mode], .tolerance = 0.0};
    return BD_OK;
}

/* What a mode makes of the errors, as in bd_discovery_mode_ln_p. */
static void describe(struct demand *demand, const struct bd_background *background)
{
    struct bd_background used = *background;
    used.prior = BD_BACKGROUND_EXACT;
    if (demand->mode == BD_DISCOVERY_WINDOWS)
        used.prior = BD_BACKGROUND_GAMMA;
    else if (demand->mode == BD_DISCOVERY_ONOFF && bd_discovery_onoff_applies(background))
        used.prior = BD_BACKGROUND_ONOFF;
    demand->how.nuisance = bd_calculator_nuisance_name(&used);
    demand->how.engine = bd_calculator_engine(&used, 0.0);
}

static enum bd_status events_needed(const struct demand *demand, const struct bd_background *background, int *n,
                                    struct bd_error *err)
{
    return bd_discovery_events_needed(background, demand->mode, demand->window, demand->z, demand->sides, n, err);
}

static enum bd_status write_needed(const struct bd_options *options, struct bd_error *err)
{
    struct bd_background background;
    struct bd_calculator_columns columns = {.n = 0};
    struct bd_output *output = NULL;
    struct demand demand;
    int n;
    double ln_p;
    BD_TRY(read_demand(options, &demand, err));
    BD_TRY(bd_calculator_read_background(options, &background, err));
    BD_TRY(events_needed(&demand, &background, &n, err));
    BD_TRY(bd_discovery_mode_ln_p(n, &background, demand.mode, demand.window, &ln_p, err));
    describe(&demand, &background);
    bd_calculator_add(&columns, "n_obs", BD_COLUMN_INTEGER);
    bd_calculator_add(&columns, "p", BD_COLUMN_NUMBER);
    bd_calculator_add(&columns, "z", BD_COLUMN_NUMBER);
    bd_calculator_add(&columns, "sides", BD_COLUMN_INTEGER);
    bd_calculator_add_background(&columns);
    bd_calculator_add_method(&columns, &demand.how);
    BD_TRY(bd_output_open(options, columns.column, columns.n, &output, err));
    bd_output_integer(output, n);
    bd_output_number(output, exp(ln_p));
    bd_output_number(output, demand.z);
    bd_output_integer(output, (long long)demand.sides);
    bd_calculator_write_background(output, &background);
    bd_calculator_write_method(output, &demand.how);
    return bd_output_close(output, BD_OK, err);
}

static int is_wanted(const struct bd_options *options, const struct bd_final_state *state)
{
    const size_t n = bd_options_count(options, "decay");
    for (size_t i = 0; i < n; i++)
        if (strcmp(bd_options_item(options, "decay", i), state->name) == 0)
            return 1;
    return n == 0 && (strcmp(state->track, "pi") == 0 || strcmp(state->track, "k") == 0);
}

/* The errors of the two regions have the same source: they are added linearly. */
static enum bd_status write_row(struct bd_output *output, struct demand *demand, const char *decay,
                                const struct bd_count *count, struct bd_error *err)
{
    const struct bd_background sr = {count->b_sr, count->b_sr_err_up, count->b_sr_err_down, count->cl,
                                     BD_BACKGROUND_AUTO};
    const struct bd_background both = {count->b_sr + count->b_cr, count->b_sr_err_up + count->b_cr_err_up,
                                       count->b_sr_err_down + count->b_cr_err_down, count->cl, BD_BACKGROUND_AUTO};
    int n_sr, n_both;
    BD_TRY(bd_add_context(err, events_needed(demand, &sr, &n_sr, err), "%s", decay));
    BD_TRY(bd_add_context(err, events_needed(demand, &both, &n_both, err), "%s", decay));
    describe(demand, &sr);
    bd_output_text(output, decay);
    bd_output_integer(output, n_sr);
    if (count->b_cr > 0.0)
        bd_output_integer(output, n_both);
    else
        bd_output_empty(output); /* the card has no control region */
    bd_output_number(output, demand->z);
    bd_output_integer(output, (long long)demand->sides);
    bd_calculator_write_background(output, &sr);
    bd_calculator_write_background(output, &both);
    bd_calculator_write_method(output, &demand->how);
    return BD_OK;
}

static enum bd_status write_table(const struct bd_options *options, const struct bd_experiment *experiment,
                                  struct demand *demand, struct bd_error *err)
{
    static const char *const both[] = {"background_sr_cr", "background_sr_cr_err_up", "background_sr_cr_err_down"};
    struct bd_calculator_columns columns = {.n = 0};
    struct bd_output *output = NULL;
    size_t n = 0;
    bd_calculator_add(&columns, "decay", BD_COLUMN_TEXT);
    bd_calculator_add(&columns, "n_obs_sr", BD_COLUMN_INTEGER);
    bd_calculator_add(&columns, "n_obs_sr_cr", BD_COLUMN_INTEGER);
    bd_calculator_add(&columns, "z", BD_COLUMN_NUMBER);
    bd_calculator_add(&columns, "sides", BD_COLUMN_INTEGER);
    bd_calculator_add_background(&columns);
    for (size_t i = 0; i < sizeof both / sizeof both[0]; i++)
        bd_calculator_add(&columns, both[i], BD_COLUMN_NUMBER);
    bd_calculator_add_method(&columns, &demand->how);
    BD_TRY(bd_output_open(options, columns.column, columns.n, &output, err));
    enum bd_status status = BD_OK;
    for (size_t i = 0; status == BD_OK && i < experiment->n_count; i++) {
        const struct bd_final_state *state = &experiment->state[experiment->count[i].state];
        if (!is_wanted(options, state))
            continue;
        n++;
        status = write_row(output, demand, state->name, &experiment->count[i], err);
    }
    if (status == BD_OK && n == 0)
        status = bd_fail(err, BD_BAD_INPUT, "%s has no counts of %s", experiment->id,
                         bd_options_given(options, "decay") ? bd_options_text(options, "decay")
                                                            : "decays with hadron tracks");
    return bd_output_close(output, status, err);
}

static enum bd_status run_table(const struct bd_options *options, struct bd_error *err)
{
    struct bd_experiment *experiment = NULL;
    struct demand demand;
    if (!bd_options_given(options, "experiment"))
        return bd_fail(err, BD_USAGE, "--experiment is missing: whose counts");
    BD_TRY(read_demand(options, &demand, err));
    enum bd_status status = bd_experiment_option_load(options, &experiment, err);
    if (status == BD_OK)
        status = write_table(options, experiment, &demand, err);
    bd_experiment_free(experiment);
    return status;
}

/* ---- the rate of a signal ---- */

static enum bd_status write_fit(const struct bd_options *options, struct bd_error *err)
{
    struct bd_counts counts;
    struct bd_kaon_sample sample[BD_COMBINE_CHANNELS_MAX];
    struct bd_kaon_fit fit;
    struct bd_calculator_columns columns = {.n = 0};
    struct bd_output *output = NULL;
    const int no_errors = bd_options_choice(options, "nuisance") == BD_BACKGROUND_EXACT;
    const double reference = bd_options_number(options, "reference");
    if (!no_errors && bd_options_given(options, "nuisance"))
        return bd_fail(err, BD_USAGE, "--nuisance: the fit knows auto and none only");
    BD_TRY(bd_counts_read(options, &counts, err));
    for (size_t i = 0; i < counts.n; i++) {
        const struct bd_counts_channel *c = &counts.channel[i];
        sample[i] = (struct bd_kaon_sample){c->n_observed,        c->background.value,
                                            c->background.err_up, c->background.err_down,
                                            c->signal.value,      0.5 * (c->signal.err_up + c->signal.err_down)};
        if (no_errors)
            sample[i].background_err_up = sample[i].background_err_down = sample[i].signal_err = 0.0;
    }
    BD_TRY(bd_kaon_fit_branching_ratio(sample, counts.n, reference, &fit, err));
    const struct bd_calculator_method how = {.cl = 0.6827,
                                             .method = "profile_likelihood",
                                             .nuisance = no_errors ? "none" : "split-gaussian",
                                             .engine = "profile",
                                             .tolerance = BD_KAON_TOLERANCE};
    static const char *const names[] = {"best_fit", "err_up", "err_down", "z"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        bd_calculator_add(&columns, names[i], BD_COLUMN_NUMBER);
    bd_calculator_add(&columns, "sides", BD_COLUMN_INTEGER);
    bd_calculator_add(&columns, "n_channel", BD_COLUMN_INTEGER);
    bd_calculator_add(&columns, "reference", BD_COLUMN_NUMBER);
    bd_calculator_add_method(&columns, &how);
    BD_TRY(bd_output_open(options, columns.column, columns.n, &output, err));
    bd_output_number(output, fit.br);
    bd_output_number(output, fit.err_up);
    bd_output_number(output, fit.err_down);
    bd_output_number(output, fit.z);
    bd_output_integer(output, BD_DISCOVERY_ONE_SIDED);
    bd_output_integer(output, (long long)counts.n);
    bd_output_number(output, reference);
    bd_calculator_write_method(output, &how);
    return bd_output_close(output, BD_OK, err);
}

static enum bd_status run(const struct bd_options *options, struct bd_error *err)
{
    static const char *const with_count[] = {"mode", "window", "z", "experiment", "decay", "reference", NULL};
    static const char *const with_needed[] = {"off", "tau", "experiment", "decay", "reference", NULL};
    static const char *const with_table[] = {"background", "background-cl", "nuisance", "off",
                                             "tau",        "reference",     NULL};
    static const char *const with_fit[] = {
        "background", "background-cl", "off", "tau", "sides", "mode", "window", "z", "experiment", "decay", NULL};
    const int n_task = bd_options_given(options, "observed") + bd_options_flag(options, "needed") +
                       bd_options_flag(options, "table") + bd_counts_given(options);
    if (n_task != 1)
        return bd_fail(
            err, BD_USAGE,
            "exactly one of --observed, --needed, --table and channels (--counts, --channel) is needed");
    if (bd_counts_given(options)) {
        BD_TRY(bd_calculator_refuse(options, with_fit, "with channels", err));
        return write_fit(options, err);
    }
    if (bd_options_flag(options, "table")) {
        BD_TRY(bd_calculator_refuse(options, with_table, "with --table: the card says it", err));
        return run_table(options, err);
    }
    if (bd_options_flag(options, "needed")) {
        BD_TRY(bd_calculator_refuse(options, with_needed, "with --needed", err));
        return write_needed(options, err);
    }
    BD_TRY(bd_calculator_refuse(options, with_count, "with --observed", err));
    if (bd_options_given(options, "off") || bd_options_given(options, "tau"))
        return write_onoff(options, err);
    return write_count(options, err);
}

const struct bd_command command_significance = {
    .name = "significance",
    .summary = "p-values, events needed for a discovery, fitted rate of a signal",
    .description =
        "p is the probability of at least the observed events without a signal. Every z comes with its\n"
        "convention: sides 2, or 1. n_obs: events needed for a discovery. With channels: the signal strength that "
        "fits all of them by profile\n"
        "likelihood, times --reference, where -2 ln L rises by 1, and the one-sided z of no signal.",
    .options = options_significance,
    .examples = examples,
    .run = run,
};
