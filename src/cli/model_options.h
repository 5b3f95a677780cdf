/* src/cli/model_options.h - which model, at which couplings and settings: the options that several commands share.
 */
#ifndef BD_CLI_MODEL_OPTIONS_H
#define BD_CLI_MODEL_OPTIONS_H

#include "models/model.h"
#include "src/cli/options.h"

/* Lines of an option table. */
#define BD_OPTIONS_MODEL                                                                                          \
    {.name = "benchmark",                                                                                         \
     .kind = BD_OPTION_TEXT,                                                                                      \
     .unit = "NAME",                                                                                              \
     .help = "a line in the coupling space of a model (see: beamdump list benchmarks); --coupling is its axis"},  \
        {.name = "model",                                                                                         \
         .kind = BD_OPTION_TEXT,                                                                                  \
         .unit = "NAME",                                                                                          \
         .help = "a model instead of a benchmark (see: beamdump list models); --coupling names its couplings"},   \
        {.name = "coupling",                                                                                      \
         .kind = BD_OPTION_LIST,                                                                                  \
         .unit = "[NAME=]VALUE",                                                                                  \
         .help = "in the unit of the benchmark's axis or of the model; couplings that are not given are 0"},      \
        {.name = "coupling-norm",                                                                                 \
         .kind = BD_OPTION_TEXT,                                                                                  \
         .unit = "NAME",                                                                                          \
         .help = "convention in which the couplings of --model are given, such as 1/f_a for C_GG; default: the "  \
                 "model's own"},                                                                                  \
    {                                                                                                             \
        .name = "set", .kind = BD_OPTION_LIST, .unit = "KEY=VALUE",                                               \
        .help = "change a parameter of the model (see: beamdump list settings)"                                   \
    }

struct bd_model_choice {
    const struct bd_model *model;      /* borrowed */
    double coupling[BD_COUPLINGS_MAX]; /* in the order of the model */
    struct bd_setting_values settings; /* defaults < benchmark < --set */
};

/* BD_USAGE: neither or both of --benchmark and --model, an unknown name (with the nearest known ones), a coupling
 * that is missing, unknown, given twice or no number, a setting that the model refuses. */
enum bd_status bd_model_options_read(const struct bd_options *options, struct bd_model_choice *choice,
                                     struct bd_error *err) BD_MUST_CHECK;

#endif
