/* beamdump contour: what is excluded, from stored kernels. */
#include <stdlib.h>

#include "src/cli/command.h"
#include "src/cli/contour_job.h"
#include "src/cli/experiment_option.h"
#include "src/cli/output.h"

static const struct bd_option options_contour[] = {
    {.name = "db", .kind = BD_OPTION_TEXT, .unit = "FILE", .required = 1, .help = "database with the kernels"},
    {.name = "experiment",
     .kind = BD_OPTION_TEXT,
     .unit = "NAME",
     .help = "experiment in the database; needed if it has several"},
    {.name = "benchmark",
     .kind = BD_OPTION_TEXT,
     .unit = "NAME",
     .required = 1,
     .help = "benchmark whose kernels are there (see: beamdump list benchmarks)"},
    {.name = "decay",
     .kind = BD_OPTION_TEXT,
     .unit = "NAME",
     .help = "exclusion by this counting channel alone, such as mu+mu-; it is printed, not stored"},
    BD_OPTIONS_CONTOUR,
    {.name = "no-store", .kind = BD_OPTION_FLAG, .help = "only print: the database is not changed"},
    BD_OPTION_THREADS,
    BD_OPTIONS_OUTPUT,
    {.name = NULL},
};

static const char *const examples[] = {
    "beamdump contour --db na62.db --benchmark BC4 --format csv --output bc4.csv",
    "beamdump contour --db na62.db --benchmark BC4 --pot 1e18 --no-store",
    "beamdump contour --db na62.db --benchmark BC4 --decay mu+mu- --expected",
    NULL,
};

static enum bd_status run(const struct bd_options *options, struct bd_error *err)
{
    struct bd_benchmark benchmark;
    struct bd_exclusion_options exclusion;
    struct bd_database *db = NULL;
    struct bd_contour *contours = NULL;
    size_t n = 0;
    char experiment[BD_NAME_SIZE];
    bd_contour_job_options(options, &exclusion);
    exclusion.only_decay = bd_options_text(options, "decay");
    const int store = !bd_options_flag(options, "no-store") && exclusion.only_decay == NULL;
    BD_TRY(bd_options_blame("benchmark", bd_benchmark_load(bd_options_text(options, "benchmark"), &benchmark, err),
                            err));
    enum bd_status status =
        bd_database_open(bd_options_text(options, "db"), store ? BD_DATABASE_WRITE : BD_DATABASE_READ, &db, err);
    if (status == BD_OK)
        status = bd_experiment_option_read(options, db, experiment, err);
    if (status == BD_OK)
        status = bd_contour_job_run(db, experiment, &benchmark, &exclusion, bd_options_flag(options, "expected"), store,
                                    bd_experiment_option_threads(options), &contours, &n, err);
    if (status == BD_OK)
        status = bd_contour_job_print(options, contours, n, err);
    bd_contour_job_free(contours, n);
    bd_database_close(db);
    return status;
}

const struct bd_command command_contour = {
    .name = "contour",
    .summary = "exclusion contour of a benchmark, from stored kernels",
    .description = "CLs with all counting channels of the card together. At every mass the edges in the coupling are\n"
                   "roots, not grid points; islands and holes are separate polylines. Columns: experiment, benchmark,\n"
                   "kind, polyline, vertex, mass_gev, coupling (in the unit of the axis), closed, hole.",
    .options = options_contour,
    .examples = examples,
    .run = run,
};
