/* beamdump contour: what is excluded, from stored kernels. */
#include <stdlib.h>

#include "src/cli/command.h"
#include "src/cli/contour_job.h"
#include "src/cli/contour_plane.h"
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
     .help = "benchmark whose kernels are there (see: beamdump list benchmarks)"},
    {.name = "decay",
     .kind = BD_OPTION_TEXT,
     .unit = "NAME",
     .help = "exclusion by this counting channel alone, such as mu+mu-; it is printed, not stored (the decay of a "
             "--plane without a model is)"},
    BD_OPTIONS_PLANE,
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
    "beamdump contour --db na62.db --plane C_GG,C_BB --model alp --mass 0.5 --x-range 1e-9:1e-3 --y-range 1e-9:1e-1",
    "beamdump contour --db na62.db --plane mass,ctau --production b_decay:K --decay mu+mu- --strength 1e-6",
    "beamdump contour --db na62.db --plane br,ctau --mass 0.5 --production b_decay:K --decay mu+mu-",
    NULL,
};

/* Without --plane nothing may be given that only a plane reads. */
static enum bd_status refuse_plane_options(const struct bd_options *options, struct bd_error *err)
{
    static const char *const names[] = {"model", "coupling", "mass", "production", "strength", "x-range", "y-range"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (bd_options_given(options, names[i]))
            return bd_fail(err, BD_USAGE, "--%s goes with --plane", names[i]);
    return BD_OK;
}

static enum bd_status run(const struct bd_options *options, struct bd_error *err)
{
    struct bd_benchmark benchmark;
    struct bd_exclusion_options exclusion;
    struct bd_database *db = NULL;
    struct bd_contour *contours = NULL;
    size_t n = 0;
    char experiment[BD_NAME_SIZE];
    if (bd_options_given(options, "plane"))
        return bd_contour_plane_run(options, err);
    if (!bd_options_given(options, "benchmark"))
        return bd_fail(err, BD_USAGE, "--benchmark is missing (or --plane)");
    BD_TRY(refuse_plane_options(options, err));
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
    .summary = "exclusion contour of a benchmark or in another plane, from stored kernels",
    .description = "CLs with all counting channels of the card together. At every mass the edges in the coupling are\n"
                   "roots, not grid points; islands and holes are separate polylines. Columns: experiment, benchmark,\n"
                   "kind, polyline, vertex, mass_gev, coupling (in the unit of the axis), closed, hole. With --plane\n"
                   "the axes have their own names, such as C_GG, branching_ratio, ctau_m.",
    .options = options_contour,
    .examples = examples,
    .run = run,
};
