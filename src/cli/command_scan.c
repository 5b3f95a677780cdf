/* beamdump scan: the kernels that are missing, then the contour. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/kernel_store.h"
#include "src/cli/command.h"
#include "src/cli/contour_job.h"
#include "src/cli/experiment_option.h"
#include "src/cli/interrupt.h"
#include "src/cli/output.h"
#include "src/cli/progress.h"
#include "src/core/data.h"
#include "src/scan/exclusion_table.h"
#include "src/scan/scan.h"

static const struct bd_option options_scan[] = {
    {.name = "experiment",
     .kind = BD_OPTION_TEXT,
     .unit = "NAME|FILE",
     .required = 1,
     .help = "built-in experiment (see: beamdump list experiments) or a card of your own"},
    {.name = "benchmark",
     .kind = BD_OPTION_LIST,
     .unit = "NAME",
     .required = 1,
     .help = "benchmark (see: beamdump list benchmarks), or `all`; several share their Monte Carlo, and "
             "those that are not possible at the experiment are left out"},
    {.name = "db",
     .kind = BD_OPTION_TEXT,
     .unit = "FILE",
     .initial = "beamdump.db",
     .help =
         "database that keeps every number; made if it is not there, kernels that are there are not made again"},
    {.name = "production",
     .kind = BD_OPTION_LIST,
     .unit = "NAME[:X]",
     .help = "also kernels of this channel, such as b_decay:K at a branching ratio of 1, for `contour --plane`"},
    {.name = "decay",
     .kind = BD_OPTION_LIST,
     .unit = "NAME",
     .help = "only these decays; default: all of the model that the card selects"},
    {.name = "mass",
     .kind = BD_OPTION_GRID,
     .unit = "GeV",
     .min = 1e-6,
     .max = 1e3,
     .help = "only these masses; default: the grid of the benchmark and both sides of each threshold"},
    BD_OPTIONS_PRECISION(""),
    BD_OPTION_SEED,
    {.name = "set",
     .kind = BD_OPTION_LIST,
     .unit = "KEY=VALUE",
     .help = "change a parameter of the production channels; it is stored with the channel"},
    {.name = "resume", .kind = BD_OPTION_FLAG, .help = "continue a scan that was interrupted"},
    {.name = "no-contour", .kind = BD_OPTION_FLAG, .help = "only the kernels"},
    BD_OPTIONS_CONTOUR,
    BD_OPTION_THREADS,
    {.name = NULL},
};

static const char *const examples[] = {
    "beamdump scan --experiment na62 --benchmark BC4 --db na62.db",
    "beamdump scan --experiment na62_kpi_inv --benchmark all --db kaons.db",
    "beamdump scan --experiment na62 --benchmark BC4 --production b_decay:K --db na62.db",
    "beamdump scan --experiment na62 --benchmark BC4 --decay mu+mu- --mass 0.3:1:5 --db quick.db --no-contour",
    NULL,
};

/* ---- one plan ---- */

/* Every --set must belong to a production of the plan. */
static enum bd_status check_settings(const struct bd_plan *plan, const char *const *set, struct bd_error *err)
{
    for (; set != NULL && *set != NULL; set++) {
        char key[64] = "";
        int known = 0;
        if (sscanf(*set, "%63[^=]=", key) != 1 || strchr(*set, '=') == NULL)
            return bd_fail(err, BD_USAGE, "--set: expected KEY=VALUE, found '%s'", *set);
        for (size_t i = 0; i < plan->n_production; i++)
            known |= bd_setting_has(plan->production[i].channel->settings, key);
        if (!known && strcmp(key, BD_PLAN_MATRIX_ELEMENT) != 0)
            return bd_fail(err, BD_USAGE, "--set: no production of this scan has a setting '%s'", key);
    }
    return BD_OK;
}

/* Every decay must have a production whose X decays so. */
static enum bd_status check_decay(const struct bd_plan *plan, size_t decay, struct bd_error *err)
{
    for (size_t p = 0; p < plan->n_production; p++)
        if (bd_plan_has_pair(plan, p, decay))
            return BD_OK;
    return bd_fail(err, BD_USAGE, "--decay: no model of this scan decays to '%s'", plan->decay[decay]);
}

/* What one plan serves: a benchmark, or several with one Monte Carlo. */
struct targets {
    const struct bd_benchmark *benchmark; /* [n] */
    size_t n;
    double mass_min_gev, mass_max_gev; /* of all */
    const struct bd_model *model[16];  /* [n_model], each once */
    size_t n_model;
};

static void find_targets(const struct bd_benchmark *benchmark, size_t n, struct targets *targets)
{
    *targets = (struct targets){.benchmark = benchmark, .n = n, .mass_min_gev = benchmark[0].mass_min_gev};
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;
        targets->mass_min_gev = fmin(targets->mass_min_gev, benchmark[i].mass_min_gev);
        targets->mass_max_gev = fmax(targets->mass_max_gev, benchmark[i].mass_max_gev);
        while (k < targets->n_model && targets->model[k] != benchmark[i].model)
            k++;
        if (k == targets->n_model && k < sizeof targets->model / sizeof targets->model[0])
            targets->model[targets->n_model++] = benchmark[i].model;
    }
}

static enum bd_status add_given_masses(const double *mass, size_t n, const struct targets *targets,
                                       struct bd_plan *plan, struct bd_error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (mass[i] < targets->mass_min_gev || mass[i] > targets->mass_max_gev)
            return bd_fail(err, BD_USAGE, "--mass: %g GeV is outside the range of %s, %g to %g GeV", mass[i],
                           targets->n == 1 ? targets->benchmark->name : "the benchmarks", targets->mass_min_gev,
                           targets->mass_max_gev);
        BD_TRY(bd_plan_add_mass(plan, mass[i], err));
    }
    return BD_OK;
}

/* The grid of the benchmark; of several: their finest step over their whole range, and the ends of each. */
static enum bd_status add_default_masses(const struct targets *targets, struct bd_plan *plan, struct bd_error *err)
{
    double step = INFINITY;
    for (size_t i = 0; i < targets->n; i++) {
        const struct bd_benchmark *benchmark = &targets->benchmark[i];
        step = fmin(step, log(benchmark->mass_max_gev / benchmark->mass_min_gev) / (benchmark->n_mass - 1));
    }
    const double range = log(targets->mass_max_gev / targets->mass_min_gev);
    for (size_t k = 0; k < targets->n_model; k++)
        BD_TRY(bd_plan_add_mass_range(plan, targets->mass_min_gev, targets->mass_max_gev,
                                      (int)ceil(range / step - 1e-9) + 1, targets->model[k], err));
    for (size_t i = 0; i < targets->n; i++) {
        BD_TRY(bd_plan_add_mass(plan, targets->benchmark[i].mass_min_gev, err));
        BD_TRY(bd_plan_add_mass(plan, targets->benchmark[i].mass_max_gev, err));
    }
    return BD_OK;
}

static enum bd_status fill_plan(const struct bd_options *options, const struct targets *targets,
                                const char *const *set, struct bd_plan *plan, struct bd_error *err)
{
    double *mass = NULL;
    size_t n_mass = 0;
    plan->precision = bd_options_number(options, "precision");
    plan->max_points = (unsigned)bd_options_whole(options, "max-points");
    plan->seed = (unsigned long long)bd_options_whole(options, "seed");
    plan->threads = bd_experiment_option_threads(options);
    plan->modes_only = 1;
    for (size_t b = 0; b < targets->n; b++)
        for (size_t i = 0; i < targets->benchmark[b].n_production; i++)
            BD_TRY(bd_plan_add_production(plan, targets->benchmark[b].production[i],
                                          targets->benchmark[b].model->name, set, err));
    for (size_t i = 0; i < bd_options_count(options, "production"); i++)
        BD_TRY(bd_options_blame("production",
                                bd_plan_add_production(plan, bd_options_item(options, "production", i),
                                                       targets->benchmark[0].model->name, set, err),
                                err));
    BD_TRY(check_settings(plan, set, err));
    for (size_t i = 0; i < bd_options_count(options, "decay"); i++)
        BD_TRY(bd_options_blame("decay", bd_plan_add_decay(plan, bd_options_item(options, "decay", i), err), err));
    for (size_t k = 0; k < targets->n_model && !bd_options_given(options, "decay"); k++)
        BD_TRY(bd_plan_add_decays_of_model(plan, targets->model[k], err));
    for (size_t d = 0; d < plan->n_decay; d++)
        BD_TRY(check_decay(plan, d, err));
    BD_TRY(bd_options_grid(options, "mass", &mass, &n_mass, err));
    const enum bd_status status =
        n_mass > 0 ? add_given_masses(mass, n_mass, targets, plan, err) : add_default_masses(targets, plan, err);
    free(mass);
    return status;
}

/* ---- provenance ---- */

struct inputs {
    size_t n;
    struct bd_run_input input[16];
    char name[16][128];
};

/* The data files the productions of the plan read, with their hashes. */
static enum bd_status find_inputs(const struct bd_plan *plan, struct inputs *inputs, struct bd_error *err)
{
    inputs->n = 0;
    for (size_t i = 0; i < plan->n_production && inputs->n < 16; i++) {
        const char *pattern = plan->production[i].channel->spectrum_file;
        char *name = inputs->name[inputs->n], path[512], *text;
        size_t length;
        int known = 0;
        if (pattern == NULL)
            continue;
        (void)snprintf(name, sizeof inputs->name[0], pattern, plan->experiment->beam_p_gev);
        for (size_t k = 0; k < inputs->n; k++)
            known |= strcmp(inputs->name[k], name) == 0;
        if (known || bd_data_path(name, path, sizeof path, NULL) != BD_OK)
            continue; /* a missing file is the production's to report, or not needed with these settings */
        BD_TRY(bd_data_read_text(path, &text, &length, err));
        inputs->input[inputs->n] = (struct bd_run_input){name, bd_data_hash(BD_HASH_START, text, length)};
        inputs->n++;
        free(text);
    }
    return BD_OK;
}

static void join_arguments(const struct bd_options *options, char *line, size_t size)
{
    static const char *const lists[] = {"benchmark", "production", "decay", "mass", "set"};
    (void)snprintf(line, size, "beamdump scan --experiment %s --precision %g --max-points %lld --seed %lld",
                   bd_options_text(options, "experiment"), bd_options_number(options, "precision"),
                   bd_options_whole(options, "max-points"), bd_options_whole(options, "seed"));
    for (size_t k = 0; k < sizeof lists / sizeof lists[0]; k++)
        for (size_t i = 0; i < bd_options_count(options, lists[k]); i++) {
            const size_t used = strlen(line);
            (void)snprintf(line + used, size - used, " --%s %s", lists[k], bd_options_item(options, lists[k], i));
        }
}

/* ---- running ---- */

struct job {
    struct bd_database *db;
    const struct bd_run *run;
    struct bd_progress progress;
    size_t done, total;
};

static enum bd_status save_task(void *object, size_t task, const struct bd_kernel *kernels, struct bd_error *err)
{
    struct job *job = object;
    BD_TRY(bd_kernel_store_save_task(job->db, job->run, task, kernels, err));
    bd_progress_update(&job->progress, ++job->done, job->total);
    return BD_OK;
}

static int stop_requested(void *object)
{
    (void)object;
    return bd_interrupt_requested();
}

static enum bd_status run_plan(struct bd_database *db, const struct bd_plan *plan, const struct bd_run_info *info,
                               int resume, struct bd_error *err)
{
    struct bd_run run;
    struct job job = {.db = db, .run = &run, .total = plan->n_decay * plan->n_mass};
    unsigned char *done = calloc(job.total, 1);
    enum bd_status status = done != NULL ? BD_OK : bd_fail(err, BD_NO_MEMORY, "scan: out of memory");
    if (status == BD_OK)
        status = bd_run_begin(db, plan, info, resume, &run, err);
    if (status == BD_OK)
        status = bd_kernel_store_find_done(db, &run, done, &job.done, err);
    if (status == BD_OK && job.done < job.total) {
        const struct bd_scan_sink sink = {save_task, stop_requested, &job};
        bd_progress_init(&job.progress, "kernels", job.done);
        status = bd_scan_run(plan, done, &sink, err);
        bd_progress_end(&job.progress);
    }
    if (status == BD_INTERRUPTED)
        status = bd_interrupt_report("kernels", job.done, job.total, bd_database_path(db), err);
    if (status == BD_OK)
        status = bd_run_finish(db, &run, NULL, err);
    free(done);
    return status;
}

static enum bd_status make_kernels(const struct bd_options *options, struct bd_database *db,
                                   const struct targets *targets, const struct bd_plan *plan, struct bd_error *err)
{
    struct bd_run_info info;
    struct inputs inputs;
    char command_line[1024];
    BD_TRY(find_inputs(plan, &inputs, err));
    bd_run_info_init(&info);
    join_arguments(options, command_line, sizeof command_line);
    info.command_line = command_line;
    info.input = inputs.input;
    info.n_input = inputs.n;
    info.model = targets->model;
    info.n_model = targets->n_model;
    return run_plan(db, plan, &info, bd_options_flag(options, "resume"), err);
}

static int has_limits(const struct bd_experiment *experiment)
{
    return strcmp(experiment->mode, BD_EXPERIMENT_LIMIT_TABLE) == 0;
}

static enum bd_status contour_benchmark(const struct bd_options *options, struct bd_database *db,
                                        const struct bd_experiment *experiment,
                                        const struct bd_benchmark *benchmark, struct bd_error *err)
{
    struct bd_exclusion_options exclusion;
    struct bd_contour *contours = NULL;
    size_t n = 0;
    char command_line[1024];
    join_arguments(options, command_line, sizeof command_line);
    bd_contour_job_options(options, &exclusion);
    const struct bd_contour_job job = {
        .db = db,
        .experiment = experiment->id,
        .card = has_limits(experiment) ? experiment : NULL,
        .benchmark = benchmark,
        .exclusion = &exclusion,
        .command_line = command_line,
        .expected = bd_options_flag(options, "expected"),
        .store = 1,
        .threads = bd_experiment_option_threads(options),
    };
    BD_TRY(bd_contour_job_run(&job, &contours, &n, err));
    for (size_t i = 0; i < n; i++) {
        char exposure[64] = "";
        if (contours[i].pot > 0.0)
            (void)snprintf(exposure, sizeof exposure, " with %g protons", contours[i].pot);
        (void)fprintf(stderr, "beamdump scan: %s at %s, %s: %zu polyline%s at %g%% CL%s, in %s\n", benchmark->name,
                      experiment->id, contours[i].kind, contours[i].n_polyline,
                      contours[i].n_polyline == 1 ? "" : "s", 100.0 * contours[i].cl, exposure,
                      bd_database_path(db));
    }
    bd_contour_job_free(contours, n);
    return BD_OK;
}

/* The database is made only when the plan stands: wrong usage and missing tables leave no file, and no run. */
static enum bd_status scan_targets(const struct bd_options *options, const struct targets *targets,
                                   const struct bd_plan *plan, struct bd_error *err)
{
    struct bd_database *db = NULL;
    const int contours = !bd_options_flag(options, "no-contour") && !bd_options_given(options, "mass");
    enum bd_status status = bd_database_open(bd_options_text(options, "db"), BD_DATABASE_CREATE, &db, err);
    if (status == BD_OK)
        status = make_kernels(options, db, targets, plan, err);
    for (size_t i = 0; i < targets->n && status == BD_OK && contours; i++)
        status = contour_benchmark(options, db, plan->experiment, &targets->benchmark[i], err);
    bd_database_close(db);
    return status;
}

/* Published limits need no kernels. */
static enum bd_status scan_limits(const struct bd_options *options, const struct bd_experiment *experiment,
                                  const struct bd_benchmark *benchmarks, size_t n, struct bd_error *err)
{
    static const char *const names[] = {"production", "decay", "mass", "set", "no-contour"};
    struct bd_database *db = NULL;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (bd_options_given(options, names[i]))
            return bd_fail(err, BD_USAGE, "--%s: %s has published limits, no kernels", names[i], experiment->id);
    enum bd_status status = bd_database_open(bd_options_text(options, "db"), BD_DATABASE_CREATE, &db, err);
    for (size_t i = 0; i < n && status == BD_OK; i++)
        status = contour_benchmark(options, db, experiment, &benchmarks[i], err);
    bd_database_close(db);
    return status;
}

/* --set, NULL-terminated; the caller frees the array. */
static enum bd_status read_set(const struct bd_options *options, const char ***set, struct bd_error *err)
{
    const size_t n = bd_options_count(options, "set");
    *set = calloc(n + 1, sizeof **set);
    if (*set == NULL)
        return bd_fail(err, BD_NO_MEMORY, "scan: out of memory");
    for (size_t i = 0; i < n; i++)
        (*set)[i] = bd_options_item(options, "set", i);
    return BD_OK;
}

static enum bd_status scan_experiment(const struct bd_options *options, const struct bd_experiment *experiment,
                                      const struct bd_benchmark *benchmarks, size_t n, struct bd_error *err)
{
    struct targets targets;
    struct bd_plan plan;
    const char **set;
    BD_TRY(read_set(options, &set, err));
    find_targets(benchmarks, n, &targets);
    enum bd_status status = bd_plan_init(experiment, &plan, err);
    if (status == BD_OK)
        status = fill_plan(options, &targets, set, &plan, err);
    if (status == BD_OK)
        status = bd_scan_check(&plan, err);
    if (status == BD_OK)
        status = scan_targets(options, &targets, &plan, err);
    bd_plan_free(&plan);
    free(set);
    return status;
}

/* Can the experiment say something about the benchmark? It makes X in all of its ways and sees one of its decays,
 * or limits one. */
static enum bd_status check_possible(const struct bd_experiment *experiment, const struct bd_benchmark *benchmark,
                                     const char *const *set, struct bd_error *err)
{
    struct bd_plan plan;
    if (has_limits(experiment))
        return bd_exclusion_table_applies(experiment, benchmark->model)
                   ? BD_OK
                   : bd_fail(err, BD_BAD_INPUT, "%s limits no decay into X of this model", experiment->id);
    enum bd_status status = bd_plan_init(experiment, &plan, err);
    for (size_t i = 0; i < benchmark->n_production && status == BD_OK; i++)
        status = bd_plan_add_production(&plan, benchmark->production[i], benchmark->model->name, set, err);
    if (status == BD_OK)
        status = bd_plan_add_decays_of_model(&plan, benchmark->model, err);
    if (status == BD_OK)
        status = bd_scan_check(&plan, err);
    bd_plan_free(&plan);
    return status;
}

/* The benchmarks that the options name, in their order, each once. */
static enum bd_status load_benchmarks(const struct bd_options *options, struct bd_benchmark **benchmarks,
                                      size_t *n, struct bd_error *err)
{
    const size_t n_name = bd_options_count(options, "benchmark");
    int all = 0;
    for (size_t i = 0; i < n_name; i++)
        all |= strcmp(bd_options_item(options, "benchmark", i), "all") == 0;
    if (all)
        return bd_benchmark_load_all(benchmarks, n, err);
    *benchmarks = calloc(n_name, sizeof **benchmarks);
    if (*benchmarks == NULL)
        return bd_fail(err, BD_NO_MEMORY, "scan: out of memory");
    *n = 0;
    for (size_t i = 0; i < n_name; i++) {
        const char *name = bd_options_item(options, "benchmark", i);
        int known = 0;
        for (size_t k = 0; k < i; k++)
            known |= strcmp(name, bd_options_item(options, "benchmark", k)) == 0;
        if (!known)
            BD_TRY(bd_options_blame("benchmark", bd_benchmark_load(name, &(*benchmarks)[(*n)++], err), err));
    }
    return BD_OK;
}

/* Of all benchmarks the possible ones, in their order. */
static enum bd_status keep_possible(const struct bd_options *options, const struct bd_experiment *experiment,
                                    struct bd_benchmark *benchmarks, size_t *n, struct bd_error *err)
{
    const char **set;
    size_t kept = 0;
    BD_TRY(read_set(options, &set, err));
    for (size_t i = 0; i < *n; i++) {
        struct bd_error why;
        if (check_possible(experiment, &benchmarks[i], set, &why) == BD_OK)
            benchmarks[kept++] = benchmarks[i];
        else
            (void)fprintf(stderr, "beamdump scan: note: %s is left out: %.*s\n", benchmarks[i].name,
                          (int)strcspn(why.message, ";"), why.message);
    }
    free(set);
    *n = kept;
    return kept > 0 ? BD_OK : bd_fail(err, BD_BAD_INPUT, "no benchmark is possible at %s", experiment->id);
}

static enum bd_status run(const struct bd_options *options, struct bd_error *err)
{
    struct bd_benchmark *benchmarks = NULL;
    struct bd_experiment *experiment = NULL;
    size_t n = 0;
    enum bd_status status = load_benchmarks(options, &benchmarks, &n, err);
    if (status == BD_OK)
        status = bd_experiment_option_load(options, &experiment, err);
    if (status == BD_OK && n > 1)
        status = keep_possible(options, experiment, benchmarks, &n, err);
    if (status == BD_OK)
        status = bd_interrupt_install(err);
    if (status == BD_OK)
        status = (has_limits(experiment) ? scan_limits : scan_experiment)(options, experiment, benchmarks, n, err);
    bd_experiment_free(experiment);
    free(benchmarks);
    return status;
}

const struct bd_command command_scan = {
    .name = "scan",
    .summary = "compute the kernels of a benchmark at an experiment, then its contour",
    .description =
        "The main job. Kernels hold geometry and kinematics and no coupling: one Monte Carlo per decay and\n"
        "mass serves all production channels, lifetimes and couplings. Each finished one is stored at once;\n"
        "an interrupted scan goes on with --resume and gives the same numbers. An experiment of mode\n"
        "limit_table has no kernels: its contour follows from published limits at once.",
    .options = options_scan,
    .examples = examples,
    .run = run,
};
