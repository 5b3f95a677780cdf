/* beamdump contour: what is excluded, from stored kernels. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/cli/command.h"
#include "src/cli/contour_job.h"
#include "src/cli/contour_plane.h"
#include "src/cli/contour_union.h"
#include "src/cli/experiment_option.h"
#include "src/cli/output.h"

static const char *const methods[] = {"union", "likelihood", NULL}; /* in the order of bd_contour_union_method */

static const struct bd_option options_contour[] = {
    {.name = "db", .kind = BD_OPTION_TEXT, .unit = "FILE", .required = 1, .help = "database with the kernels"},
    {.name = "experiment",
     .kind = BD_OPTION_TEXT,
     .unit = "NAME|FILE",
     .help = "experiment in the database, needed if it has several; or one with published limits, which needs no "
             "kernels"},
    {.name = "benchmark",
     .kind = BD_OPTION_TEXT,
     .unit = "NAME",
     .help = "benchmark whose kernels are there (see: beamdump list benchmarks)"},
    {.name = "decay",
     .kind = BD_OPTION_TEXT,
     .unit = "NAME",
     .help = "exclusion by this counting channel alone, such as mu+mu-; it is printed, not stored (the decay of a "
             "--plane without a model is)"},
    {.name = "with",
     .kind = BD_OPTION_LIST,
     .unit = "NAME|FILE",
     .help = "together with this experiment, which has kernels in the database or published limits: one contour, "
             "stored as that of `combined:union` or `combined:likelihood` (with --pot or --decay only printed)"},
    {.name = "combine",
     .kind = BD_OPTION_CHOICE,
     .initial = "union",
     .choices = methods,
     .help = "with --with: what any of them excludes; or one CLs of all their counts (they must not share data), "
             "and the union of that with published limits"},
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
    "beamdump contour --db kaons.db --experiment na62_kpi_inv --benchmark BC2",
    "beamdump contour --db na62.db --experiment na62 --with na62_kpi_inv --with koto_kl_pi0x --benchmark BC4",
    "beamdump contour --db dumps.db --experiment na62 --with charm --combine likelihood --benchmark BC4",
    ("beamdump contour --db na62.db --plane C_GG,C_BB --model alp --mass 0.5 --x-range 1e-9:1e-3 --y-range "
     "1e-9:1e-1"),
    "beamdump contour --db na62.db --plane mass,ctau --production b_decay:K --decay mu+mu- --strength 1e-6",
    "beamdump contour --db na62.db --plane br,ctau --mass 0.5 --production b_decay:K --decay mu+mu-",
    NULL,
};

/* Without --plane nothing may be given that only a plane reads. */
static enum bd_status refuse_plane_options(const struct bd_options *options, struct bd_error *err)
{
    static const char *const names[] = {"model",    "coupling", "mass",   "production",
                                        "strength", "x-range",  "y-range"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (bd_options_given(options, names[i]))
            return bd_fail(err, BD_USAGE, "--%s goes with --plane", names[i]);
    return BD_OK;
}

static enum bd_status run_union(const struct bd_options *options, const struct bd_contour_job *job,
                                struct bd_contour **contours, size_t *n, struct bd_error *err)
{
    const size_t n_with = bd_options_count(options, "with");
    const char **names = calloc(n_with, sizeof *names);
    if (names == NULL)
        return bd_fail(err, BD_NO_MEMORY, "contour: out of memory");
    for (size_t i = 0; i < n_with; i++)
        names[i] = bd_options_item(options, "with", i);
    const enum bd_contour_union_method method =
        (enum bd_contour_union_method)bd_options_choice(options, "combine");
    const enum bd_status status = bd_contour_union_run(job, names, n_with, method, contours, err);
    *n = status == BD_OK;
    free(names);
    return status;
}

static int is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

/* Without a database every experiment must be one with published limits; otherwise none is made. */
static enum bd_status check_limits(const struct bd_options *options, struct bd_error *err)
{
    for (size_t i = 0; i < bd_options_count(options, "with"); i++) {
        struct bd_experiment *card;
        const char *name = bd_options_item(options, "with", i);
        BD_TRY(bd_contour_job_find_limits(name, &card, err));
        if (card == NULL)
            return bd_fail(err, BD_BAD_INPUT, "there is no card '%s' with published limits, and no database %s",
                           name, bd_options_text(options, "db"));
        bd_experiment_free(card);
    }
    return BD_OK;
}

/* Kernels must be there; a contour from published limits needs none, so it may begin a file. */
static enum bd_status run_job(const struct bd_options *options, const struct bd_contour_job *given,
                              struct bd_error *err)
{
    char experiment[BD_NAME_SIZE];
    struct bd_contour_job job = *given; /* its database and experiment are opened and named here */
    struct bd_contour *contours = NULL;
    size_t n = 0;
    const enum bd_database_mode mode = !job.store         ? BD_DATABASE_READ
                                       : job.card != NULL ? BD_DATABASE_CREATE
                                                          : BD_DATABASE_WRITE;
    const size_t n_with = bd_options_count(options, "with");
    enum bd_status status = BD_OK;
    if (n_with == 0 && bd_options_given(options, "combine"))
        return bd_fail(err, BD_USAGE, "--combine goes with --with");
    if (n_with > 0 && job.expected)
        return bd_fail(err, BD_USAGE, "--expected: there is no expected union of experiments");
    if (job.card != NULL && !is_there(bd_options_text(options, "db")))
        status = check_limits(options, err);
    /* Published limits alone need no file, but experiments to go with them may have kernels in it. */
    if (status == BD_OK &&
        (job.store || job.card == NULL || (n_with > 0 && is_there(bd_options_text(options, "db")))))
        status = bd_database_open(bd_options_text(options, "db"), mode, &job.db, err);
    if (status == BD_OK && job.card == NULL) {
        status = bd_experiment_option_read(options, job.db, experiment, err);
        job.experiment = experiment;
    }
    if (status == BD_OK && n_with > 0)
        status = run_union(options, &job, &contours, &n, err);
    else if (status == BD_OK)
        status = bd_contour_job_run(&job, &contours, &n, err);
    if (status == BD_OK)
        status = bd_contour_job_print(options, contours, n, err);
    bd_contour_job_free(contours, n);
    bd_database_close(job.db);
    return status;
}

/* Of a run that is stored: for published limits, and for a combination. */
static void write_command_line(const struct bd_options *options, const char *benchmark, char *line, size_t size)
{
    const char *experiment = bd_options_text(options, "experiment");
    const size_t n_with = bd_options_count(options, "with");
    (void)snprintf(line, size, "beamdump contour%s%s --benchmark %s", experiment != NULL ? " --experiment " : "",
                   experiment != NULL ? experiment : "", benchmark);
    for (size_t i = 0; i < n_with; i++) {
        const size_t used = strlen(line);
        (void)snprintf(line + used, size - used, " --with %s", bd_options_item(options, "with", i));
    }
    const size_t used = strlen(line);
    if (n_with > 0)
        (void)snprintf(line + used, size - used, " --combine %s", methods[bd_options_choice(options, "combine")]);
}

static enum bd_status run(const struct bd_options *options, struct bd_error *err)
{
    struct bd_benchmark benchmark;
    struct bd_exclusion_options exclusion;
    struct bd_experiment *card = NULL;
    char command_line[1024];
    if (bd_options_given(options, "plane"))
        return bd_contour_plane_run(options, err);
    if (!bd_options_given(options, "benchmark"))
        return bd_fail(err, BD_USAGE, "--benchmark is missing (or --plane)");
    BD_TRY(refuse_plane_options(options, err));
    bd_contour_job_options(options, &exclusion);
    exclusion.only_decay = bd_options_text(options, "decay");
    BD_TRY(bd_options_blame("benchmark", bd_benchmark_load(bd_options_text(options, "benchmark"), &benchmark, err),
                            err));
    BD_TRY(bd_contour_job_find_limits(bd_options_text(options, "experiment"), &card, err));
    write_command_line(options, benchmark.name, command_line, sizeof command_line);
    const struct bd_contour_job job = {
        .experiment = card != NULL ? card->id : NULL,
        .card = card,
        .benchmark = &benchmark,
        .exclusion = &exclusion,
        .command_line = command_line,
        .expected = bd_options_flag(options, "expected"),
        .store = !bd_options_flag(options, "no-store") && exclusion.only_decay == NULL &&
                 (bd_options_count(options, "with") == 0 || exclusion.pot <= 0.0),
        .threads = bd_experiment_option_threads(options),
    };
    const enum bd_status status = run_job(options, &job, err);
    bd_experiment_free(card);
    return status;
}

const struct bd_command command_contour = {
    .name = "contour",
    .summary = "exclusion contour of a benchmark or in another plane, from stored kernels or published limits",
    .description =
        "CLs with all counting channels of the card together; for a card of mode limit_table, the model's\n"
        "branching ratio and lifetime against its limits. At every mass the edges in the coupling are\n"
        "roots, not grid points; islands and holes are separate polylines. Columns: experiment, benchmark,\n"
        "kind, polyline, vertex, mass_gev, coupling (in the unit of the axis), closed, hole. With --plane\n"
        "the axes have their own names, such as C_GG, branching_ratio, ctau_m.",
    .options = options_contour,
    .examples = examples,
    .run = run,
};
