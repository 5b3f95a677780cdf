/* src/cli/experiment_option.h - the experiment of a database that a command means. */
#ifndef BD_CLI_EXPERIMENT_OPTION_H
#define BD_CLI_EXPERIMENT_OPTION_H

#include "db/database.h"
#include "src/cli/options.h"
#include "src/core/experiment.h"

/* --experiment, or the only one of the file. BD_USAGE: none or several, and none was named. */
enum bd_status bd_experiment_option_read(const struct bd_options *options, struct bd_database *db,
                                         char name[static BD_NAME_SIZE], struct bd_error *err) BD_MUST_CHECK;

/* The card of --experiment. BD_USAGE: there is no built-in one of that name; a fault of a card is the card's. */
enum bd_status bd_experiment_option_load(const struct bd_options *options, struct bd_experiment **experiment,
                                         struct bd_error *err) BD_MUST_CHECK;

/* --threads, or as many as the machine has. */
int bd_experiment_option_threads(const struct bd_options *options);

#define BD_OPTION_THREADS                                                                                         \
    {                                                                                                             \
        .name = "threads", .kind = BD_OPTION_WHOLE, .unit = "1", .initial = "0", .min = 0, .max = 1024,           \
        .help = "threads to use, 0: all of the machine; the numbers do not depend on it"                          \
    }

#define BD_OPTION_SEED                                                                                            \
    {                                                                                                             \
        .name = "seed", .kind = BD_OPTION_WHOLE, .unit = "1", .initial = "1", .min = 0, .max = 1e15,              \
        .help = "random seed"                                                                                     \
    }

/* Precision of kernels. context: words before the help text, such as "without --db: ". */
#define BD_OPTIONS_PRECISION(context)                                                                             \
    {.name = "precision",                                                                                         \
     .kind = BD_OPTION_NUMBER,                                                                                    \
     .unit = "1",                                                                                                 \
     .initial = "0.01",                                                                                           \
     .min = 1e-4,                                                                                                 \
     .max = 0.5,                                                                                                  \
     .help = context "relative error of every yield from the long-lived plateau to the short-lived edge; rows "   \
                     "that miss it are marked `precision`"},                                                      \
    {                                                                                                             \
        .name = "max-points", .kind = BD_OPTION_WHOLE, .unit = "1", .initial = "32768", .min = 256,               \
        .max = 1 << 24, .help = context "most Monte Carlo points per shift (there are 8)"                         \
    }

#endif
