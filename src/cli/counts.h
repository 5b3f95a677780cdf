/* src/cli/counts.h - counting channels as a user types them: --counts FILE or --channel N,B,S. */
#ifndef BD_CLI_COUNTS_H
#define BD_CLI_COUNTS_H

#include "src/cli/measurement.h"
#include "src/cli/options.h"
#include "src/scan/combine.h"

/* Lines of an option table. */
#define BD_OPTIONS_COUNTS                                                                                         \
    {.name = "counts",                                                                                            \
     .kind = BD_OPTION_TEXT,                                                                                      \
     .unit = "FILE",                                                                                              \
     .help = "several channels together: CSV with the columns channel,n,b,b_err_up,b_err_down,s"},                \
    {                                                                                                             \
        .name = "channel", .kind = BD_OPTION_LIST, .unit = "[NAME:]N,B,S",                                        \
        .help = "a channel of several: observed events, background and signal, the last two with or without "     \
                "errors, such as 20,7.03+1.05-0.82,10.01+-0.42"                                                   \
    }

struct bd_counts {
    size_t n;
    struct bd_counts_channel {
        char name[32];
        int n_observed;
        struct bd_measurement background, signal; /* events */
    } channel[BD_COMBINE_CHANNELS_MAX];
};

/* 1: one of the two options is there. */
int bd_counts_given(const struct bd_options *options);

/* BD_USAGE or BD_BAD_INPUT (of a file, with its line): both options, too many channels, one named twice, a count
 * that is no whole number, a negative number, a lower error above the background. */
enum bd_status bd_counts_read(const struct bd_options *options, struct bd_counts *counts,
                              struct bd_error *err) BD_MUST_CHECK;

#endif
