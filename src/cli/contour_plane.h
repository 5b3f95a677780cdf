/* src/cli/contour_plane.h - `beamdump contour --plane`: excluded regions in other planes than (mass, coupling). */
#ifndef BD_CLI_CONTOUR_PLANE_H
#define BD_CLI_CONTOUR_PLANE_H

#include <stddef.h>

#include "src/cli/options.h"

/* Lines of an option table. */
#define BD_OPTIONS_PLANE                                                                                          \
    {.name = "plane",                                                                                             \
     .kind = BD_OPTION_TEXT,                                                                                      \
     .unit = "X,Y",                                                                                               \
     .help = "instead of a benchmark: two couplings of --model at --mass, such as C_GG,C_BB; or mass,ctau or "    \
             "br,ctau of one --production and --decay without a model (strength,ctau if it is of a --model)"},    \
        {.name = "model", .kind = BD_OPTION_TEXT, .unit = "NAME", .help = "with --plane: whose couplings"},       \
        {.name = "coupling",                                                                                      \
         .kind = BD_OPTION_LIST,                                                                                  \
         .unit = "NAME=VALUE",                                                                                    \
         .help = "with --plane: a coupling that is on no axis, in the unit of the model; default: 0"},            \
        {.name = "mass",                                                                                          \
         .kind = BD_OPTION_NUMBER,                                                                                \
         .unit = "GeV",                                                                                           \
         .min = 1e-6,                                                                                             \
         .max = 1e3,                                                                                              \
         .help = "with --plane: the mass where it is on no axis"},                                                \
        {.name = "production",                                                                                    \
         .kind = BD_OPTION_LIST,                                                                                  \
         .unit = "NAME[:X]",                                                                                      \
         .help = "with --plane: production channel; default for couplings: all that the benchmarks of the model " \
                 "sum"},                                                                                          \
        {.name = "strength",                                                                                      \
         .kind = BD_OPTION_NUMBER,                                                                                \
         .unit = "1",                                                                                             \
         .min = 1e-40,                                                                                            \
         .max = 1e40,                                                                                             \
         .help = "with --plane mass,ctau: branching ratio into X, or strength, of the production; the branching " \
                 "ratio of --decay is 1"},                                                                        \
        {.name = "x-range",                                                                                       \
         .kind = BD_OPTION_TEXT,                                                                                  \
         .unit = "FROM:TO",                                                                                       \
         .help = "with --plane: default 1e-12:1, of a mass all that have kernels"},                               \
    {                                                                                                             \
        .name = "y-range", .kind = BD_OPTION_TEXT, .unit = "FROM:TO",                                             \
        .help = "with --plane: default 1e-12:1, of ctau 1e-4:1e12 m"                                              \
    }

/* The plane of --plane with all other options of `contour`, stored and printed. */
enum bd_status bd_contour_plane_run(const struct bd_options *options, struct bd_error *err) BD_MUST_CHECK;

/* "mass,ctau" as typed to "mass_gev,ctau_m" as stored. */
void bd_contour_plane_name(const char *typed, char *name, size_t size);

#endif
