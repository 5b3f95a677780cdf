/* src/cli/calculator.h - what the counting calculators (limit, expected, significance) share: the experiment as
 * the user types it, and the columns that say how an answer was found. */
#ifndef BD_CLI_CALCULATOR_H
#define BD_CLI_CALCULATOR_H

#include "src/cli/counts.h"
#include "src/cli/options.h"
#include "src/cli/output.h"
#include "src/scan/limit.h"

extern const char *const bd_calculator_nuisances[], *const bd_calculator_signal_nuisances[];

/* Lines of an option table. */
#define BD_OPTIONS_CALCULATOR_BACKGROUND                                                                          \
    {.name = "background",                                                                                        \
     .kind = BD_OPTION_TEXT,                                                                                      \
     .unit = "VALUE[ERROR]",                                                                                      \
     .initial = "0",                                                                                              \
     .help = "expected background events: 0.91, 0.016+-0.002, 0.0094+0.049-0.009"},                               \
        {.name = "background-cl",                                                                                 \
         .kind = BD_OPTION_NUMBER,                                                                                \
         .unit = "1",                                                                                             \
         .initial = "0.68",                                                                                       \
         .min = 0.5,                                                                                              \
         .max = 0.999,                                                                                            \
         .help = "confidence level of the errors of the background; 0.68: one standard deviation"},               \
    {                                                                                                             \
        .name = "nuisance", .kind = BD_OPTION_CHOICE, .initial = "auto", .choices = bd_calculator_nuisances,      \
        .help = "what the errors of the background mean; auto: gamma, or split-lognormal if they differ by "      \
                "more than 15%; none: all errors are ignored, also those of signal and SES"                       \
    }
#define BD_OPTIONS_CALCULATOR_SIGNAL                                                                              \
    {.name = "signal",                                                                                            \
     .kind = BD_OPTION_TEXT,                                                                                      \
     .unit = "VALUE[+-ERROR]",                                                                                    \
     .help = "events that some signal would give; the limit is then also its strength"},                          \
        {.name = "ses",                                                                                           \
         .kind = BD_OPTION_TEXT,                                                                                  \
         .unit = "VALUE[+-ERROR]",                                                                                \
         .help = "single-event sensitivity, the branching ratio of one expected event: limit on it, too"},        \
        {.name = "signal-unc",                                                                                    \
         .kind = BD_OPTION_NUMBER,                                                                                \
         .unit = "1",                                                                                             \
         .min = 0.0,                                                                                              \
         .max = 1.0,                                                                                              \
         .help = "relative error of the signal, common to all channels (protons on target)"},                     \
    {                                                                                                             \
        .name = "signal-nuisance", .kind = BD_OPTION_CHOICE, .initial = "lognormal",                              \
        .choices = bd_calculator_signal_nuisances,                                                                \
        .help = "what the error of signal or SES means; channels together: lognormal"                             \
    }
#define BD_OPTION_CALCULATOR_CL                                                                                   \
    {                                                                                                             \
        .name = "cl", .kind = BD_OPTION_NUMBER, .unit = "1", .initial = "0.9", .min = 0.0, .max = 1.0,            \
        .help = "confidence level, between 0 and 1"                                                               \
    }

struct bd_calculator {
    double cl;
    struct bd_background background;
    struct bd_measurement signal, ses; /* value 0: not given */
    double signal_rel_unc;
    enum bd_limit_signal_prior signal_prior;
};

/* --background, --background-cl and --nuisance. BD_USAGE as all of these. */
enum bd_status bd_calculator_read_background(const struct bd_options *options, struct bd_background *background,
                                             struct bd_error *err) BD_MUST_CHECK;
/* All of the above options; the background only if there are no several channels. */
enum bd_status bd_calculator_read(const struct bd_options *options, struct bd_calculator *calculator,
                                  struct bd_error *err) BD_MUST_CHECK;

/* Channels for the combination: errors of the backgrounds as gamma priors (the mean of asymmetric ones, with a
 * note on stderr), or none. BD_USAGE: another --nuisance, an option for one channel, errors of a signal. */
enum bd_status bd_calculator_combine(const struct bd_options *options, const struct bd_counts *counts,
                                     struct bd_combine_channel *channel /* [counts->n] */,
                                     struct bd_error *err) BD_MUST_CHECK;
/* "gamma" if a channel has an error, else "none". */
const char *bd_calculator_combined_nuisance(const struct bd_combine_channel *channel, size_t n);
const char *bd_calculator_engine_name(enum bd_combine_engine engine);

/* BD_USAGE if one of names[] (NULL-terminated) is given: it would be ignored here ("with --table"). */
enum bd_status bd_calculator_refuse(const struct bd_options *options, const char *const *names, const char *here,
                                    struct bd_error *err) BD_MUST_CHECK;

/* Columns in two steps: names, then cells. */
struct bd_calculator_columns {
    size_t n;
    struct bd_column column[40];
};
void bd_calculator_add(struct bd_calculator_columns *columns, const char *name, enum bd_column_kind kind);
/* background, background_err_up, background_err_down */
void bd_calculator_add_background(struct bd_calculator_columns *columns);
void bd_calculator_write_background(struct bd_output *output, const struct bd_background *background);
/* signal, signal_err, ses, ses_err, as far as given */
void bd_calculator_add_signal(struct bd_calculator_columns *columns, const struct bd_calculator *calculator);
void bd_calculator_write_signal(struct bd_output *output, const struct bd_calculator *calculator);
/* cl, method, nuisance, signal_nuisance, signal_rel_unc, engine, tolerance; cl NaN and signal_nuisance NULL: left
 * out. */
struct bd_calculator_method {
    double cl;
    const char *method, *nuisance, *signal_nuisance;
    double signal_rel_unc;
    const char *engine;
    double tolerance;
};
void bd_calculator_add_method(struct bd_calculator_columns *columns, const struct bd_calculator_method *method);
void bd_calculator_write_method(struct bd_output *output, const struct bd_calculator_method *method);

/* Name of the prior that is used, as --nuisance has it. */
const char *bd_calculator_nuisance_name(const struct bd_background *background);
/* "none" without an error. */
const char *bd_calculator_signal_nuisance_name(const struct bd_calculator *calculator);
/* "poisson", "negative_binomial", "quadrature": how P(<= n) of one channel is found. */
const char *bd_calculator_engine(const struct bd_background *background, double signal_rel_unc);

#endif
