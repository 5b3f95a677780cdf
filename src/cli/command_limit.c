/* beamdump limit: upper limit from counted events, one channel or several together. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "src/cli/calculator.h"
#include "src/cli/command.h"
#include "src/cli/measurement.h"
#include "src/scan/feldman_cousins.h"
#include "src/scan/kaon.h"

#define FC_EVENTS_MAX 100 /* the scan for the monotone end takes long beyond */

enum method { CLS, BAYES, CLASSICAL, FC, ASYMPTOTIC }; /* the first three as in bd_limit_method */
static const char *const methods[] = {"cls", "bayes", "classical", "fc", "asymptotic", NULL};

static const struct bd_option options_limit[] = {
    {.name = "observed",
     .kind = BD_OPTION_WHOLE,
     .unit = "events",
     .min = 0.0,
     .max = 1e6,
     .help = "observed events; needed without --counts and --channel"},
    BD_OPTIONS_CALCULATOR_BACKGROUND,
    BD_OPTIONS_CALCULATOR_SIGNAL,
    {.name = "method",
     .kind = BD_OPTION_CHOICE,
     .initial = "cls",
     .choices = methods,
     .help =
         "fc: Feldman and Cousins, upper end as in the published tables, which never rises with the background; "
         "classical: not for n far below b; asymptotic: refused below 20 background events"},
    {.name = "force", .kind = BD_OPTION_FLAG, .help = "asymptotic also where it excludes too much"},
    BD_OPTION_CALCULATOR_CL,
    BD_OPTIONS_COUNTS,
    {.name = "by-channel",
     .kind = BD_OPTION_FLAG,
     .help = "of several channels: a row for each, with the limit it sets alone and the limit without it"},
    {.name = "grossman-nir",
     .kind = BD_OPTION_TEXT,
     .unit = "BR",
     .help =
         "instead: the bound on BR(KL -> pi0 nu nubar) from BR(K+ -> pi+ nu nubar), as 13.0e-11+3.3e-11-3.0e-11"},
    BD_OPTIONS_OUTPUT,
    {.name = NULL},
};

static const char *const examples[] = {
    "beamdump limit --observed 1 --background 0.016+-0.002",
    "beamdump limit --observed 0 --background 0.0094+0.049-0.009 --background-cl 0.9",
    "beamdump limit --observed 0 --ses 9.33e-10+-0.84e-10 --method classical --signal-nuisance gaussian",
    "beamdump limit --observed 1 --background 0.91 --ses 1.28e-11",
    "beamdump limit --observed 10 --background 3 --method fc",
    "beamdump limit --grossman-nir 13.0e-11+3.3e-11-3.0e-11",
    "beamdump limit --channel mumu:1,0.016,2 --channel ee:0,0.0094,1 --signal-unc 0.2 --by-channel",
    NULL,
};

/* ---- one channel ---- */

struct answer {
    double n_signal, lower; /* events; lower: fc only */
    struct bd_limit_tails tails;
    struct bd_calculator_method method;
};

static enum bd_status refuse_errors(const struct bd_calculator *calculator, const char *method,
                                    struct bd_error *err)
{
    if (calculator->background.err_up > 0.0 || calculator->signal_rel_unc > 0.0)
        return bd_fail(err, BD_USAGE, "--method: %s knows no errors; --nuisance none ignores those that are given",
                       method);
    return BD_OK;
}

static enum bd_status feldman_cousins(const struct bd_calculator *calculator, int n, struct answer *answer,
                                      struct bd_error *err)
{
    const double b = calculator->background.n_event;
    double raw;
    BD_TRY(refuse_errors(calculator, "fc", err));
    if (n > FC_EVENTS_MAX || b > FC_EVENTS_MAX)
        return bd_fail(err, BD_USAGE, "--method: fc is for at most %d observed and background events",
                       FC_EVENTS_MAX);
    BD_TRY(bd_feldman_cousins_interval(n, b, calculator->cl, &answer->lower, &raw, err));
    BD_TRY(bd_feldman_cousins_upper_monotone(n, b, calculator->cl, &answer->n_signal, err));
    answer->method.engine = "scan";
    answer->method.tolerance = BD_FELDMAN_COUSINS_TOLERANCE;
    return BD_OK;
}

static enum bd_status asymptotic(const struct bd_options *options, const struct bd_calculator *calculator, int n,
                                 struct answer *answer, struct bd_error *err)
{
    BD_TRY(refuse_errors(calculator, "asymptotic", err));
    BD_TRY(bd_options_blame("method",
                            bd_limit_asymptotic(n, calculator->background.n_event, calculator->cl,
                                                bd_options_flag(options, "force"), &answer->n_signal, err),
                            err));
    answer->method.engine = "asymptotic";
    answer->method.tolerance = BD_LIMIT_ASYMPTOTIC_TOLERANCE;
    return BD_OK;
}

static enum bd_status exact(const struct bd_calculator *calculator, enum method method, int n,
                            struct answer *answer, struct bd_error *err)
{
    const struct bd_limit_options limit = {(enum bd_limit_method)method, calculator->cl,
                                           calculator->signal_rel_unc, calculator->signal_prior};
    BD_TRY(bd_limit_upper(n, &calculator->background, &limit, &answer->n_signal, err));
    if (calculator->signal.value > 0.0)
        BD_TRY(bd_limit_tails(n, &calculator->background, &limit, calculator->signal.value, &answer->tails, err));
    answer->method.engine = bd_calculator_engine(&calculator->background, calculator->signal_rel_unc);
    answer->method.tolerance = BD_LIMIT_TOLERANCE;
    return BD_OK;
}

static enum bd_status write_one(const struct bd_options *options, const struct bd_calculator *calculator,
                                enum method method, const struct answer *answer, struct bd_error *err)
{
    const int has_signal = calculator->signal.value > 0.0, has_tails = has_signal && method == CLS;
    struct bd_calculator_columns columns = {.n = 0};
    struct bd_output *output = NULL;
    bd_calculator_add(&columns, "limit_events", BD_COLUMN_NUMBER);
    if (method == FC)
        bd_calculator_add(&columns, "lower_events", BD_COLUMN_NUMBER);
    if (has_signal)
        bd_calculator_add(&columns, "limit_strength", BD_COLUMN_NUMBER);
    for (size_t i = 0; has_tails && i < 3; i++)
        bd_calculator_add(&columns, (const char *const[]){"cls", "clsb", "clb"}[i], BD_COLUMN_NUMBER);
    if (calculator->ses.value > 0.0)
        bd_calculator_add(&columns, "limit_br", BD_COLUMN_NUMBER);
    bd_calculator_add(&columns, "observed", BD_COLUMN_INTEGER);
    bd_calculator_add_background(&columns);
    bd_calculator_add_signal(&columns, calculator);
    bd_calculator_add_method(&columns, &answer->method);
    BD_TRY(bd_output_open(options, columns.column, columns.n, &output, err));
    bd_output_number(output, answer->n_signal);
    if (method == FC)
        bd_output_number(output, answer->lower);
    if (has_signal)
        bd_output_number(output, answer->n_signal / calculator->signal.value);
    if (has_tails) {
        bd_output_number(output, answer->tails.tail);
        bd_output_number(output, answer->tails.clsb);
        bd_output_number(output, answer->tails.clb);
    }
    if (calculator->ses.value > 0.0)
        bd_output_number(output, answer->n_signal * calculator->ses.value);
    bd_output_integer(output, bd_options_whole(options, "observed"));
    bd_calculator_write_background(output, &calculator->background);
    bd_calculator_write_signal(output, calculator);
    bd_calculator_write_method(output, &answer->method);
    return bd_output_close(output, BD_OK, err);
}

static enum bd_status limit_one(const struct bd_options *options, const struct bd_calculator *calculator,
                                struct bd_error *err)
{
    const enum method method = (enum method)bd_options_choice(options, "method");
    struct answer answer = {.method = {.cl = calculator->cl,
                                       .method = methods[method],
                                       .nuisance = bd_calculator_nuisance_name(&calculator->background),
                                       .signal_nuisance = bd_calculator_signal_nuisance_name(calculator),
                                       .signal_rel_unc = calculator->signal_rel_unc}};
    if (!bd_options_given(options, "observed"))
        return bd_fail(err, BD_USAGE, "--observed is missing: observed events");
    if (bd_options_flag(options, "by-channel"))
        return bd_fail(err, BD_USAGE, "--by-channel needs --counts or --channel");
    const int n = (int)bd_options_whole(options, "observed");
    if (method == FC)
        BD_TRY(feldman_cousins(calculator, n, &answer, err));
    else if (method == ASYMPTOTIC)
        BD_TRY(asymptotic(options, calculator, n, &answer, err));
    else
        BD_TRY(exact(calculator, method, n, &answer, err));
    return write_one(options, calculator, method, &answer, err);
}

/* ---- several channels ---- */

struct together {
    struct bd_counts counts;
    struct bd_combine_channel channel[BD_COMBINE_CHANNELS_MAX];
    struct bd_combine combine;
    struct bd_combine_result result;
    struct bd_calculator_method method;
};

/* A strength that no finite number of events excludes has no value. */
static double strength(const struct bd_combine_result *result)
{
    return result->warnings & BD_COMBINE_NO_SIGNAL ? (double)NAN : exp(result->ln_mu_up);
}

static void print_warnings(const struct bd_combine_result *result)
{
    if (result->warnings & BD_COMBINE_NO_SIGNAL)
        (void)fputs("beamdump limit: note: no channel has a signal: there is no limit on its strength\n", stderr);
    if (result->warnings & BD_COMBINE_CANDIDATE_WITHOUT_BACKGROUND)
        (void)fputs("beamdump limit: note: a channel without background has an event: that is a discovery, not a "
                    "limit (see: beamdump significance)\n",
                    stderr);
}

static enum bd_status write_sum(const struct bd_options *options, const struct together *together,
                                struct bd_error *err)
{
    static const char *const names[] = {"limit_strength", "limit_events", "cls", "clsb", "clb"};
    struct bd_calculator_columns columns = {.n = 0};
    struct bd_output *output = NULL;
    long long n = 0;
    double b = 0.0, s = 0.0;
    for (size_t i = 0; i < together->counts.n; i++) {
        n += together->channel[i].n_observed;
        b += together->channel[i].n_background;
        s += together->channel[i].n_signal;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        bd_calculator_add(&columns, names[i], BD_COLUMN_NUMBER);
    bd_calculator_add(&columns, "n_channel", BD_COLUMN_INTEGER);
    bd_calculator_add(&columns, "observed", BD_COLUMN_INTEGER);
    bd_calculator_add(&columns, "background", BD_COLUMN_NUMBER);
    bd_calculator_add(&columns, "signal", BD_COLUMN_NUMBER);
    bd_calculator_add_method(&columns, &together->method);
    BD_TRY(bd_output_open(options, columns.column, columns.n, &output, err));
    bd_output_number(output, strength(&together->result));
    bd_output_number(output, strength(&together->result) * s);
    bd_output_number(output, together->result.cls);
    bd_output_number(output, together->result.clsb);
    bd_output_number(output, together->result.clb);
    bd_output_integer(output, (long long)together->counts.n);
    bd_output_integer(output, n);
    bd_output_number(output, b);
    bd_output_number(output, s);
    bd_calculator_write_method(output, &together->method);
    return bd_output_close(output, BD_OK, err);
}

static enum bd_status write_channels(const struct bd_options *options, const struct together *together,
                                     struct bd_error *err)
{
    struct bd_calculator_columns columns = {.n = 0};
    struct bd_output *output = NULL;
    double without[BD_COMBINE_CHANNELS_MAX];
    BD_TRY(bd_combine_leave_one_out(&together->combine, together->channel, together->counts.n, without, err));
    bd_calculator_add(&columns, "channel", BD_COLUMN_TEXT);
    bd_calculator_add(&columns, "limit_strength_alone", BD_COLUMN_NUMBER);
    bd_calculator_add(&columns, "limit_strength_without", BD_COLUMN_NUMBER);
    bd_calculator_add(&columns, "weight", BD_COLUMN_NUMBER);
    bd_calculator_add(&columns, "observed", BD_COLUMN_INTEGER);
    bd_calculator_add(&columns, "background", BD_COLUMN_NUMBER);
    bd_calculator_add(&columns, "background_err", BD_COLUMN_NUMBER);
    bd_calculator_add(&columns, "signal", BD_COLUMN_NUMBER);
    bd_calculator_add_method(&columns, &together->method);
    BD_TRY(bd_output_open(options, columns.column, columns.n, &output, err));
    enum bd_status status = BD_OK;
    for (size_t i = 0; status == BD_OK && i < together->counts.n; i++) {
        const struct bd_combine_channel *channel = &together->channel[i];
        struct bd_combine_result alone;
        status = bd_combine_limit(&together->combine, channel, 1, &alone, err);
        if (status != BD_OK)
            break;
        bd_output_text(output, together->counts.channel[i].name);
        bd_output_number(output, strength(&alone));
        bd_output_number(output, without[i] < BD_COMBINE_LN_MU_MAX ? exp(without[i]) : (double)NAN);
        bd_output_number(output, log1p(channel->n_signal / channel->n_background)); /* b = 0: no finite weight */
        bd_output_integer(output, channel->n_observed);
        bd_output_number(output, channel->n_background);
        bd_output_number(output, channel->n_background_err);
        bd_output_number(output, channel->n_signal);
        bd_calculator_write_method(output, &together->method);
    }
    return bd_output_close(output, status, err);
}

static enum bd_status limit_together(const struct bd_options *options, const struct bd_calculator *calculator,
                                     struct bd_error *err)
{
    struct together t = {.method = {.cl = calculator->cl, .method = "cls", .tolerance = BD_COMBINE_TOLERANCE}};
    if (bd_options_choice(options, "method") != CLS)
        return bd_fail(err, BD_USAGE, "--method: channels together know cls only");
    static const char *const alone[] = {"observed", "force", NULL};
    BD_TRY(bd_calculator_refuse(options, alone, "with several channels", err));
    BD_TRY(bd_counts_read(options, &t.counts, err));
    BD_TRY(bd_calculator_combine(options, &t.counts, t.channel, err));
    const struct bd_combine_options combine = {calculator->cl, calculator->signal_rel_unc};
    BD_TRY(bd_combine_init(&combine, &t.combine, err));
    BD_TRY(bd_combine_limit(&t.combine, t.channel, t.counts.n, &t.result, err));
    print_warnings(&t.result);
    t.method.nuisance = bd_calculator_combined_nuisance(t.channel, t.counts.n);
    t.method.signal_nuisance = bd_calculator_signal_nuisance_name(calculator);
    t.method.signal_rel_unc = calculator->signal_rel_unc;
    t.method.engine = bd_calculator_engine_name(t.result.engine);
    return (bd_options_flag(options, "by-channel") ? write_channels : write_sum)(options, &t, err);
}

/* ---- Grossman-Nir ---- */

static enum bd_status grossman_nir(const struct bd_options *options, struct bd_error *err)
{
    static const char *const others[] = {"observed", "background", "signal", "ses", "counts", "channel", NULL};
    static const struct bd_column columns[] = {
        {"limit_br", BD_COLUMN_NUMBER},
        {"limit_br_err_up", BD_COLUMN_NUMBER},
        {"limit_br_err_down", BD_COLUMN_NUMBER},
        {"br_charged", BD_COLUMN_NUMBER},
        {"factor", BD_COLUMN_NUMBER},
    };
    struct bd_measurement charged;
    struct bd_output *output = NULL;
    double limit;
    BD_TRY(bd_calculator_refuse(options, others, "with --grossman-nir", err));
    const char *text = bd_options_text(options, "grossman-nir");
    BD_TRY(bd_options_blame("grossman-nir", bd_measurement_parse(text, &charged, err), err));
    BD_TRY(bd_options_blame("grossman-nir", bd_kaon_grossman_nir(charged.value, &limit, err), err));
    BD_TRY(bd_output_open(options, columns, sizeof columns / sizeof columns[0], &output, err));
    bd_output_number(output, limit);
    bd_output_number(output, BD_KAON_GROSSMAN_NIR * charged.err_up);
    bd_output_number(output, BD_KAON_GROSSMAN_NIR * charged.err_down);
    bd_output_number(output, charged.value);
    bd_output_number(output, BD_KAON_GROSSMAN_NIR);
    return bd_output_close(output, BD_OK, err);
}

static enum bd_status run(const struct bd_options *options, struct bd_error *err)
{
    struct bd_calculator calculator;
    if (bd_options_given(options, "grossman-nir"))
        return grossman_nir(options, err);
    BD_TRY(bd_calculator_read(options, &calculator, err));
    return (bd_counts_given(options) ? limit_together : limit_one)(options, &calculator, err);
}

const struct bd_command command_limit = {
    .name = "limit",
    .summary = "upper limit from observed events and background, one channel or several together",
    .description =
        "limit_events: excluded signal; limit_br: branching ratio, with --ses; limit_strength: excluded\n"
        "multiple of --signal, below 1 if it is excluded itself. CLs = CLs+b/CLb, excluded if below 1 - cl. Both\n"
        "count the observed outcome; several channels are ordered by the likelihood ratio, without toys.",
    .options = options_limit,
    .examples = examples,
    .run = run,
};
