/* beamdump expected: what an experiment with this background is expected to exclude, or to discover. */
#include <math.h>
#include <stdio.h>

#include "src/cli/calculator.h"
#include "src/cli/command.h"
#include "src/scan/bands.h"
#include "src/scan/discovery.h"
#include "src/scan/kaon.h"

static const char *const methods[] = {"cls", "bayes", "classical", NULL}; /* as bd_limit_method */
static const char *const bands_modes[] = {"stat+nuis", "stat", NULL};     /* as bd_bands_mode */
static const char *const quantiles[] = {"-2sigma", "-1sigma", "median", "+1sigma", "+2sigma", "mean"};
enum { MEDIAN = 2, MEAN = 5 };

static const struct bd_option options_expected[] = {
    BD_OPTIONS_CALCULATOR_BACKGROUND,
    BD_OPTIONS_CALCULATOR_SIGNAL,
    {.name = "method",
     .kind = BD_OPTION_CHOICE,
     .initial = "cls",
     .choices = methods,
     .help = "rule of the limit"},
    BD_OPTION_CALCULATOR_CL,
    BD_OPTIONS_COUNTS,
    {.name = "bands",
     .kind = BD_OPTION_CHOICE,
     .initial = "stat+nuis",
     .choices = bands_modes,
     .help = "several channels: what fluctuates, counts only (stat) or also the common factor --signal-unc"},
    {.name = "discovery",
     .kind = BD_OPTION_FLAG,
     .help = "median significance of --signal and precision of its rate instead of limits"},
    BD_OPTIONS_OUTPUT,
    {.name = NULL},
};

static const char *const examples[] = {
    "beamdump expected --background 2.5 --ses 6e-11",
    "beamdump expected --background 0.016+-0.002",
    "beamdump expected --channel 0,0.016,2 --channel 0,0.0094,1 --signal-unc 0.2",
    "beamdump expected --signal 35 --background 40 --discovery",
    NULL,
};

/* ---- one channel ---- */

static enum bd_status expect_one(const struct bd_options *options, const struct bd_calculator *calculator,
                                 struct bd_error *err)
{
    const size_t method = bd_options_choice(options, "method");
    const struct bd_limit_options limit = {(enum bd_limit_method)method, calculator->cl,
                                           calculator->signal_rel_unc, calculator->signal_prior};
    const struct bd_calculator_method how = {
        .cl = calculator->cl,
        .method = methods[method],
        .nuisance = bd_calculator_nuisance_name(&calculator->background),
        .signal_nuisance = bd_calculator_signal_nuisance_name(calculator),
        .signal_rel_unc = calculator->signal_rel_unc,
        .engine = bd_calculator_engine(&calculator->background, calculator->signal_rel_unc),
        .tolerance = BD_LIMIT_TOLERANCE};
    const int has_signal = calculator->signal.value > 0.0, has_ses = calculator->ses.value > 0.0;
    struct bd_limit_expected expected;
    struct bd_calculator_columns columns = {.n = 0};
    struct bd_output *output = NULL;
    BD_TRY(bd_limit_expected(&calculator->background, &limit, &expected, err));
    bd_calculator_add(&columns, "quantile", BD_COLUMN_TEXT);
    bd_calculator_add(&columns, "observed", BD_COLUMN_INTEGER);
    bd_calculator_add(&columns, "limit_events", BD_COLUMN_NUMBER);
    if (has_signal)
        bd_calculator_add(&columns, "limit_strength", BD_COLUMN_NUMBER);
    if (has_ses)
        bd_calculator_add(&columns, "limit_br", BD_COLUMN_NUMBER);
    bd_calculator_add_background(&columns);
    bd_calculator_add_signal(&columns, calculator);
    bd_calculator_add_method(&columns, &how);
    BD_TRY(bd_output_open(options, columns.column, columns.n, &output, err));
    for (size_t i = 0; i <= MEAN; i++) {
        const double events = i == MEAN ? expected.mean_limit : expected.limit[i];
        bd_output_text(output, quantiles[i]);
        if (i == MEAN)
            bd_output_empty(output);
        else
            bd_output_integer(output, expected.n_observed[i]);
        bd_output_number(output, events);
        if (has_signal)
            bd_output_number(output, events / calculator->signal.value);
        if (has_ses)
            bd_output_number(output, events * calculator->ses.value);
        bd_calculator_write_background(output, &calculator->background);
        bd_calculator_write_signal(output, calculator);
        bd_calculator_write_method(output, &how);
    }
    return bd_output_close(output, BD_OK, err);
}

/* ---- several channels ---- */

static enum bd_status expect_together(const struct bd_options *options, const struct bd_calculator *calculator,
                                      struct bd_error *err)
{
    const size_t mode = bd_options_choice(options, "bands");
    struct bd_counts counts;
    struct bd_combine_channel channel[BD_COMBINE_CHANNELS_MAX];
    struct bd_combine combine;
    struct bd_bands bands;
    struct bd_calculator_columns columns = {.n = 0};
    struct bd_output *output = NULL;
    double b = 0.0, s = 0.0;
    if (bd_options_choice(options, "method") != BD_LIMIT_CLS)
        return bd_fail(err, BD_USAGE, "--method: channels together know cls only");
    BD_TRY(bd_counts_read(options, &counts, err));
    BD_TRY(bd_calculator_combine(options, &counts, channel, err));
    for (size_t i = 0; i < counts.n; i++) {
        b += channel[i].n_background;
        s += channel[i].n_signal;
    }
    if (!(s > 0.0))
        return bd_fail(err, BD_BAD_INPUT, "no channel has a signal: there is no limit on its strength");
    const struct bd_combine_options combine_options = {calculator->cl, calculator->signal_rel_unc};
    BD_TRY(bd_combine_init(&combine_options, &combine, err));
    BD_TRY(bd_bands_expected(&combine, channel, counts.n, (enum bd_bands_mode)mode, &bands, err));
    const struct bd_calculator_method how = {.cl = calculator->cl,
                                             .method = "cls",
                                             .nuisance = bd_calculator_combined_nuisance(channel, counts.n),
                                             .signal_nuisance = bd_calculator_signal_nuisance_name(calculator),
                                             .signal_rel_unc = calculator->signal_rel_unc,
                                             .engine = bd_calculator_engine_name(bands.engine),
                                             .tolerance = BD_COMBINE_TOLERANCE};
    bd_calculator_add(&columns, "quantile", BD_COLUMN_TEXT);
    bd_calculator_add(&columns, "limit_strength", BD_COLUMN_NUMBER);
    bd_calculator_add(&columns, "limit_events", BD_COLUMN_NUMBER);
    bd_calculator_add(&columns, "cls", BD_COLUMN_NUMBER);
    bd_calculator_add(&columns, "bands", BD_COLUMN_TEXT);
    bd_calculator_add(&columns, "n_channel", BD_COLUMN_INTEGER);
    bd_calculator_add(&columns, "background", BD_COLUMN_NUMBER);
    bd_calculator_add(&columns, "signal", BD_COLUMN_NUMBER);
    bd_calculator_add_method(&columns, &how);
    BD_TRY(bd_output_open(options, columns.column, columns.n, &output, err));
    for (size_t i = 0; i < BD_BANDS_N; i++) {
        bd_output_text(output, quantiles[i]);
        bd_output_number(output, exp(bands.ln_mu_up[i]));
        bd_output_number(output, exp(bands.ln_mu_up[i]) * s);
        bd_output_number(output, bands.cls[i]);
        bd_output_text(output, bands_modes[mode]);
        bd_output_integer(output, (long long)counts.n);
        bd_output_number(output, b);
        bd_output_number(output, s);
        bd_calculator_write_method(output, &how);
    }
    return bd_output_close(output, BD_OK, err);
}

/* ---- discovery ---- */

static enum bd_status expect_discovery(const struct bd_options *options, const struct bd_calculator *calculator,
                                       struct bd_error *err)
{
    const double s = calculator->signal.value, b = calculator->background.n_event;
    const double sigma = 0.5 * (calculator->background.err_up + calculator->background.err_down);
    const struct bd_calculator_method how = {.cl = (double)NAN,
                                             .method = "asimov",
                                             .nuisance = sigma > 0.0 ? "gaussian" : "none",
                                             .engine = "asymptotic",
                                             .tolerance = 0.0};
    struct bd_kaon_projection projection;
    struct bd_calculator_columns columns = {.n = 0};
    struct bd_output *output = NULL;
    double z;
    if (!(s > 0.0))
        return bd_fail(err, BD_USAGE, "--signal is missing: expected signal events");
    BD_TRY(bd_options_blame("background", bd_kaon_project(s, b, &projection, err), err));
    BD_TRY(bd_discovery_asimov(s, b, sigma, &z, err));
    bd_calculator_add(&columns, "z", BD_COLUMN_NUMBER);
    bd_calculator_add(&columns, "z_simple", BD_COLUMN_NUMBER);
    bd_calculator_add(&columns, "sides", BD_COLUMN_INTEGER);
    bd_calculator_add(&columns, "rate_rel_err", BD_COLUMN_NUMBER);
    bd_calculator_add(&columns, "signal", BD_COLUMN_NUMBER);
    bd_calculator_add_background(&columns);
    bd_calculator_add_method(&columns, &how);
    BD_TRY(bd_output_open(options, columns.column, columns.n, &output, err));
    bd_output_number(output, z);
    bd_output_number(output, projection.z_simple);
    bd_output_integer(output, BD_DISCOVERY_ONE_SIDED);
    bd_output_number(output, projection.br_rel_err);
    bd_output_number(output, s);
    bd_calculator_write_background(output, &calculator->background);
    bd_calculator_write_method(output, &how);
    return bd_output_close(output, BD_OK, err);
}

static enum bd_status run(const struct bd_options *options, struct bd_error *err)
{
    static const char *const with_discovery[] = {"counts", "channel", "ses",   "signal-unc", "signal-nuisance",
                                                 "method", "cl",      "bands", NULL};
    static const char *const with_one[] = {"bands", NULL};
    struct bd_calculator calculator;
    BD_TRY(bd_calculator_read(options, &calculator, err));
    if (bd_options_flag(options, "discovery")) {
        BD_TRY(bd_calculator_refuse(options, with_discovery, "with --discovery", err));
        return expect_discovery(options, &calculator, err);
    }
    if (bd_counts_given(options))
        return expect_together(options, &calculator, err);
    BD_TRY(bd_calculator_refuse(options, with_one, "with one channel", err));
    return expect_one(options, &calculator, err);
}

const struct bd_command command_expected = {
    .name = "expected",
    .summary =
        "limits that are expected if there is only background, with their bands; or the median significance",
    .description =
        "A + is the weaker limit. Counts are whole numbers, so quantiles may coincide: with 0.04 background "
        "events\n"
        "96% of the experiments see nothing. Of several channels the observed events are ignored.\n"
        "Discovery: z is the median significance of signal + background (Asimov), z_simple is s/sqrt(b),\n"
        "rate_rel_err is sqrt(s+b)/s.",
    .options = options_expected,
    .examples = examples,
    .run = run,
};
