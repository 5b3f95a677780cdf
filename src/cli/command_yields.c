/* beamdump yields: events at unit strength and BR = 1, from stored kernels or computed on the spot. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/kernel_store.h"
#include "db/result.h"
#include "src/cli/command.h"
#include "src/cli/experiment_option.h"
#include "src/cli/output.h"
#include "src/scan/scan.h"
#include "src/scan/yield.h"

static const struct bd_option options_yields[] = {
    {.name = "db",
     .kind = BD_OPTION_TEXT,
     .unit = "FILE",
     .help = "database with kernels; without it they are computed"},
    {.name = "experiment",
     .kind = BD_OPTION_TEXT,
     .unit = "NAME|FILE",
     .help = "without --db: the experiment to compute; with it: which one, if the database has several"},
    {.name = "model",
     .kind = BD_OPTION_TEXT,
     .unit = "NAME",
     .help = "model of the production; not needed for b_decay:K and other channels at BR = 1"},
    {.name = "production",
     .kind = BD_OPTION_LIST,
     .unit = "NAME[:X]",
     .help = "production channel, such as b_decay or b_decay:K; default with --db: all"},
    {.name = "decay",
     .kind = BD_OPTION_LIST,
     .unit = "NAME",
     .help = "decay, such as mu+mu-; default with --db: all"},
    {.name = "mass",
     .kind = BD_OPTION_GRID,
     .unit = "GeV",
     .min = 1e-6,
     .max = 1e3,
     .required = 1,
     .help = "mass of X"},
    {.name = "width",
     .kind = BD_OPTION_GRID,
     .unit = "GeV",
     .min = 1e-40,
     .max = 1e3,
     .required = 1,
     .help = "total width of X"},
    {.name = "set",
     .kind = BD_OPTION_LIST,
     .unit = "KEY=VALUE",
     .help = "without --db: change a parameter of the production"},
    BD_OPTIONS_PRECISION("without --db: "),
    {.name = "store", .kind = BD_OPTION_FLAG, .help = "with --db: keep the rows in its table `yield`"},
    BD_OPTION_THREADS,
    BD_OPTIONS_OUTPUT,
    {.name = NULL},
};

static const char *const examples[] = {
    "beamdump yields --experiment na62 --production b_decay:K --decay mu+mu- --mass 0.5 --width 1e-16",
    "beamdump yields --db na62.db --model dark_scalar --production b_decay --decay mu+mu- --mass 0.5 --width "
    "1e-16",
    "beamdump yields --db na62.db --mass 0.3:2:20 --width 1e-18:1e-14:9 --format csv --output yields.csv",
    NULL,
};

/* ---- kernels computed on the spot ---- */

static enum bd_status keep_kernels(void *object, size_t task, const struct bd_kernel *kernels,
                                   struct bd_error *err)
{
    struct {
        struct bd_kernel *kernel;
        size_t n_kernel; /* of a task */
    } *store = object;
    (void)err;
    memcpy(store->kernel + task * store->n_kernel, kernels, store->n_kernel * sizeof *kernels);
    return BD_OK;
}

static enum bd_status plan_from_options(const struct bd_options *options, const double *mass, size_t n_mass,
                                        struct bd_plan *plan, struct bd_error *err)
{
    const size_t n_set = bd_options_count(options, "set");
    const char **set = calloc(n_set + 1, sizeof *set);
    enum bd_status status = set != NULL ? BD_OK : bd_fail(err, BD_NO_MEMORY, "yields: out of memory");
    for (size_t i = 0; set != NULL && i < n_set; i++)
        set[i] = bd_options_item(options, "set", i);
    plan->precision = bd_options_number(options, "precision");
    plan->max_points = (unsigned)bd_options_whole(options, "max-points");
    plan->threads = bd_experiment_option_threads(options);
    for (size_t i = 0; status == BD_OK && i < bd_options_count(options, "production"); i++)
        status = bd_options_blame("production",
                                  bd_plan_add_production(plan, bd_options_item(options, "production", i),
                                                         bd_options_text(options, "model"), set, err),
                                  err);
    for (size_t i = 0; status == BD_OK && i < n_set; i++) {
        char key[64] = "";
        int known = 0;
        (void)sscanf(set[i], "%63[^=]=", key);
        for (size_t k = 0; k < plan->n_production; k++)
            known |= bd_setting_has(plan->production[k].channel->settings, key);
        if (!known && strcmp(key, BD_PLAN_MATRIX_ELEMENT) != 0)
            status = bd_fail(err, BD_USAGE, "--set: no production here has a setting '%s'", key);
    }
    for (size_t i = 0; status == BD_OK && i < bd_options_count(options, "decay"); i++)
        status =
            bd_options_blame("decay", bd_plan_add_decay(plan, bd_options_item(options, "decay", i), err), err);
    for (size_t i = 0; status == BD_OK && i < n_mass; i++)
        status = bd_plan_add_mass(plan, mass[i], err);
    free(set);
    return status;
}

static enum bd_status compute_set(const struct bd_options *options, const double *mass, size_t n_mass,
                                  struct bd_kernel_set **set, struct bd_error *err)
{
    struct bd_experiment *experiment = NULL;
    struct bd_plan plan = {0};
    struct {
        struct bd_kernel *kernel;
        size_t n_kernel; /* of a task */
    } store = {NULL, 0};
    if (bd_options_text(options, "experiment") == NULL)
        return bd_fail(err, BD_USAGE, "--db or --experiment is needed");
    if (bd_options_count(options, "production") == 0 || bd_options_count(options, "decay") == 0)
        return bd_fail(err, BD_USAGE, "--production and --decay are needed without --db");
    enum bd_status status = bd_experiment_option_load(options, &experiment, err);
    if (status == BD_OK)
        status = bd_plan_init(experiment, &plan, err);
    if (status == BD_OK)
        status = plan_from_options(options, mass, n_mass, &plan, err);
    if (status == BD_OK) {
        (void)bd_experiment_signal_regions(experiment, &store.n_kernel);
        store.n_kernel *= plan.n_production;
        store.kernel = calloc(plan.n_decay * plan.n_mass * store.n_kernel, sizeof *store.kernel);
        const struct bd_scan_sink sink = {keep_kernels, NULL, &store};
        status = store.kernel != NULL ? bd_scan_run(&plan, NULL, &sink, err)
                                      : bd_fail(err, BD_NO_MEMORY, "yields: out of memory");
    }
    if (status == BD_OK)
        status = bd_kernel_set_from_plan(&plan, store.kernel, set, err);
    free(store.kernel);
    bd_plan_free(&plan);
    bd_experiment_free(experiment);
    return status;
}

/* ---- rows ---- */

static int is_wanted(const struct bd_options *options, const struct bd_kernel_series *series)
{
    const size_t n_production = bd_options_count(options, "production"),
                 n_decay = bd_options_count(options, "decay");
    int production = n_production == 0, decay = n_decay == 0;
    for (size_t i = 0; i < n_production; i++) {
        const char *spec = bd_options_item(options, "production", i), *colon = strchr(spec, ':');
        const size_t length = colon != NULL ? (size_t)(colon - spec) : strlen(spec);
        production |= strlen(series->production) == length && strncmp(series->production, spec, length) == 0 &&
                      (colon != NULL ? strcmp(series->variant, colon + 1) == 0
                                     : series->model[0] != '\0' || series->variant[0] == '\0');
    }
    for (size_t i = 0; i < n_decay; i++)
        decay |= strcmp(series->decay, bd_options_item(options, "decay", i)) == 0;
    return production && decay;
}

struct rows {
    struct bd_output *output;
    size_t n;
    struct bd_result_yield *stored; /* owned, with --store */
};

static enum bd_status keep_row(struct rows *rows, const struct bd_result_yield *row, struct bd_error *err)
{
    struct bd_result_yield *larger = realloc(rows->stored, (rows->n + 1) * sizeof *larger);
    if (larger == NULL)
        return bd_fail(err, BD_NO_MEMORY, "yields: out of memory");
    rows->stored = larger;
    larger[rows->n] = *row;
    return BD_OK;
}

static enum bd_status write_row(struct rows *rows, int store, const struct bd_kernel_set *set,
                                const struct bd_kernel_series *series, double mass, double width,
                                struct bd_error *err)
{
    const struct bd_stored_selection *selection = NULL;
    struct bd_yield_value value;
    char production[2 * BD_NAME_SIZE];
    BD_TRY(bd_yield_selection(set, series->decay, &selection, err));
    BD_TRY(bd_yield_series_at(set, series, mass, width, &value, err));
    const double reached = set->experiment.pot * value.chi_per_pot * value.reach_decay * selection->a_trig;
    const double n_events = set->experiment.pot * selection->a_trig * value.n_per_pot;
    if (store && value.flag != BD_FLAG_OUTSIDE)
        BD_TRY(keep_row(rows,
                        &(struct bd_result_yield){.channel = series->channel,
                                                  .region = series->region,
                                                  .mass_gev = mass,
                                                  .width_gev = width,
                                                  .n_events = n_events,
                                                  .n_events_err = n_events * value.error_rel,
                                                  .signal = NAN,
                                                  .chi_per_pot = value.chi_per_pot,
                                                  .reach_decay = value.reach_decay,
                                                  .flag = value.flag},
                        err));
    (void)snprintf(production, sizeof production, "%s%s%s", series->production,
                   *series->variant != '\0' ? ":" : "", series->variant);
    bd_output_text(rows->output, set->experiment.id);
    bd_output_text(rows->output, production);
    bd_output_text(rows->output, series->decay);
    bd_output_text(rows->output, series->region);
    bd_output_number(rows->output, mass);
    bd_output_number(rows->output, width);
    if (value.flag == BD_FLAG_OUTSIDE) {
        for (size_t i = 0; i < 6; i++)
            bd_output_empty(rows->output);
    } else {
        bd_output_number(rows->output, n_events);
        bd_output_number(rows->output, n_events * value.error_rel);
        bd_output_number(rows->output, value.chi_per_pot);
        bd_output_number(rows->output, value.reach_decay);
        bd_output_number(rows->output, reached > 0.0 ? n_events / reached : 0.0);
        bd_output_number(rows->output, selection->a_trig);
    }
    bd_output_text(rows->output, bd_flag_name(value.flag));
    rows->n++;
    return BD_OK;
}

static enum bd_status print_set(const struct bd_options *options, struct bd_database *db,
                                const struct bd_kernel_set *set, const double *mass, size_t n_mass,
                                const double *width, size_t n_width, struct bd_error *err)
{
    static const struct bd_column columns[] = {
        {"experiment", BD_COLUMN_TEXT},    {"production", BD_COLUMN_TEXT},     {"decay", BD_COLUMN_TEXT},
        {"region", BD_COLUMN_TEXT},        {"mass_gev", BD_COLUMN_NUMBER},     {"width_gev", BD_COLUMN_NUMBER},
        {"n_events", BD_COLUMN_NUMBER},    {"n_events_err", BD_COLUMN_NUMBER}, {"chi_per_pot", BD_COLUMN_NUMBER},
        {"reach_decay", BD_COLUMN_NUMBER}, {"acceptance", BD_COLUMN_NUMBER},   {"trigger", BD_COLUMN_NUMBER},
        {"status", BD_COLUMN_TEXT},
    };
    struct rows rows = {0};
    const int store = db != NULL && bd_options_flag(options, "store");
    enum bd_status status =
        bd_output_open(options, columns, sizeof columns / sizeof columns[0], &rows.output, err);
    for (size_t i = 0; i < set->n_series && status == BD_OK; i++)
        for (size_t m = 0; m < n_mass && is_wanted(options, &set->series[i]); m++)
            for (size_t w = 0; w < n_width && status == BD_OK; w++)
                status = write_row(&rows, store, set, &set->series[i], mass[m], width[w], err);
    if (status == BD_OK && rows.n == 0)
        status = bd_fail(err, BD_BAD_INPUT,
                         "no kernels of the named production and decay at %s: `beamdump export "
                         "channels --db FILE` lists what is stored",
                         set->experiment.id);
    if (status == BD_OK && store)
        status = bd_result_save_yields(db, set->experiment.id, "", rows.stored, rows.n, err);
    free(rows.stored);
    return bd_output_close(rows.output, status, err);
}

static enum bd_status open_set(const struct bd_options *options, struct bd_database **db,
                               struct bd_kernel_set **set, struct bd_error *err)
{
    char experiment[BD_NAME_SIZE];
    const struct bd_kernel_filter filter = {.model = bd_options_text(options, "model")};
    BD_TRY(bd_database_open(bd_options_text(options, "db"),
                            bd_options_flag(options, "store") ? BD_DATABASE_WRITE : BD_DATABASE_READ, db, err));
    BD_TRY(bd_experiment_option_read(options, *db, experiment, err));
    return bd_kernel_store_load(*db, experiment, &filter, set, err);
}

static enum bd_status run(const struct bd_options *options, struct bd_error *err)
{
    double *mass = NULL, *width = NULL;
    size_t n_mass = 0, n_width = 0;
    struct bd_database *db = NULL;
    struct bd_kernel_set *set = NULL;
    enum bd_status status = bd_options_grid(options, "mass", &mass, &n_mass, err);
    if (status == BD_OK)
        status = bd_options_grid(options, "width", &width, &n_width, err);
    if (status == BD_OK)
        status = bd_options_text(options, "db") != NULL ? open_set(options, &db, &set, err)
                                                        : compute_set(options, mass, n_mass, &set, err);
    if (status == BD_OK)
        status = print_set(options, db, set, mass, n_mass, width, n_width, err);
    bd_kernel_set_free(set);
    bd_database_close(db);
    free(mass);
    free(width);
    return status;
}

const struct bd_command command_yields = {
    .name = "yields",
    .summary = "expected events per channel at unit strength and BR = 1, for any mass and width",
    .description = "n_events is for the protons of the card. chi_per_pot counts all X; reach_decay is their mean\n"
                   "probability to decay between the ends of the volume; trigger is the efficiency of the card;\n"
                   "acceptance is n_events/(N_POT chi_per_pot reach_decay trigger), so the product is exact.\n"
                   "n_events_err is the Monte Carlo error. A row `outside` has no value.",
    .options = options_yields,
    .examples = examples,
    .run = run,
};
