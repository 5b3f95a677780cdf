/* src/cli/contour_job.h - contours from the kernels of a database or from published limits, stored in it and
 * printed: what scan and contour share. */
#ifndef BD_CLI_CONTOUR_JOB_H
#define BD_CLI_CONTOUR_JOB_H

#include "db/run.h"
#include "src/cli/options.h"
#include "src/scan/exclusion.h"

/* Lines of an option table. */
#define BD_OPTIONS_CONTOUR                                                                                        \
    {.name = "cl",                                                                                                \
     .kind = BD_OPTION_NUMBER,                                                                                    \
     .unit = "1",                                                                                                 \
     .initial = "0.9",                                                                                            \
     .min = 0.01,                                                                                                 \
     .max = 0.9999,                                                                                               \
     .help = "confidence level of the exclusion"},                                                                \
        {.name = "pot",                                                                                           \
         .kind = BD_OPTION_NUMBER,                                                                                \
         .unit = "protons",                                                                                       \
         .min = 1.0,                                                                                              \
         .max = 1e30,                                                                                             \
         .help = "protons on target instead of the card's: backgrounds scale, the contour is a projection"},      \
        {.name = "nuisance",                                                                                      \
         .kind = BD_OPTION_CHOICE,                                                                                \
         .initial = "pot",                                                                                        \
         .choices = bd_contour_job_nuisances,                                                                     \
         .help = "pot: the error of the protons on target is a common log-normal factor on the signal"},          \
        {.name = "mass-window",                                                                                   \
         .kind = BD_OPTION_CHOICE,                                                                                \
         .initial = "card",                                                                                       \
         .choices = bd_contour_job_windows,                                                                       \
         .help = "card: channels with a mass window count only candidates of about the tested mass"},             \
        {.name = "expected",                                                                                      \
         .kind = BD_OPTION_FLAG,                                                                                  \
         .help = "add the contours expected without a signal: median, bands of 1 and 2 sigma"},                   \
    {                                                                                                             \
        .name = "bands", .kind = BD_OPTION_CHOICE, .initial = "stat+nuis", .choices = bd_contour_job_bands,       \
        .help =                                                                                                   \
            "what fluctuates in the bands: counts (stat), or also the number of protons; with 0.04 background "   \
            "events 96% of the experiments see nothing, so the statistical bands coincide"                        \
    }

extern const char *const bd_contour_job_nuisances[], *const bd_contour_job_windows[],
                                                         *const bd_contour_job_bands[];

/* --cl, --pot, --nuisance, --mass-window, --bands. only_decay is NULL. */
void bd_contour_job_options(const struct bd_options *options, struct bd_exclusion_options *exclusion);

struct bd_contour_job {
    struct bd_database *db;
    const char *experiment;           /* id in the database */
    const struct bd_experiment *card; /* of mode limit_table: its limits; NULL: the kernels in db */
    const struct bd_benchmark *benchmark;
    const struct bd_exclusion_options *exclusion;
    const char *command_line; /* of a run that is stored for a card */
    int expected, store, threads;
};

/* The card that a name or path stands for, if it holds published limits; NULL if it does not, or if it is no card
 * but maybe an experiment of a database. The caller frees. Errors: a path to a card with faults. */
enum bd_status bd_contour_job_find_limits(const char *name, struct bd_experiment **card,
                                          struct bd_error *err) BD_MUST_CHECK;

/* Store experiment and run of a card with published limits, with the hashes of its tables. */
enum bd_status bd_contour_job_store_run(struct bd_database *db, const struct bd_experiment *card,
                                        const char *command_line, struct bd_run *run,
                                        struct bd_error *err) BD_MUST_CHECK;

/* Trace the observed contour (or the projection), with `expected` the five expected ones too, of a benchmark from
 * the kernels in db or from published limits. Store them if `store` is set, and with kernels the yields of all
 * channels and what drives the limit, at the coupling of the largest signal. The caller frees contours[n] (each
 * with bd_contour_free) and the array. */
enum bd_status bd_contour_job_run(const struct bd_contour_job *job, struct bd_contour **contours, size_t *n,
                                  struct bd_error *err) BD_MUST_CHECK;
void bd_contour_job_free(struct bd_contour *contours, size_t n);

/* Table experiment, benchmark, kind, polyline, vertex, mass_gev, coupling, closed, hole; in another plane than
 * (mass, coupling), which is that of all contours, with the names of its axes. */
enum bd_status bd_contour_job_print(const struct bd_options *options, const struct bd_contour *contours, size_t n,
                                    struct bd_error *err) BD_MUST_CHECK;

#endif
