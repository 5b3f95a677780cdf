/* beamdump export: the results in a database as CSV or JSON. Columns are those of the views v_* (db/schema.sql).
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "db/kernel_store.h"
#include "db/result.h"
#include "src/cli/command.h"
#include "src/cli/contour_job.h"
#include "src/cli/contour_plane.h"
#include "src/cli/output.h"
#include "src/cli/query_table.h"

enum what { CONTOUR, POINTS, YIELDS, TOTALS, BEST, KERNELS, NODES, CHANNELS, RUNS, N_WHAT };
static const char *const whats[] = {"contour", "points", "yields",   "totals", "best",
                                    "kernels", "nodes",  "channels", "runs",   NULL};

/* A filter that is not given is NULL. Numbers are compared as typed by hand. */
#define WANTED(column) "(:" #column " IS NULL OR " #column " = :" #column ")"
#define NEAR(column) "(:" #column " IS NULL OR abs(" #column " / :" #column " - 1) < 1e-9)"
#define CHANNEL_WANTED WANTED(experiment) " AND " WANTED(model) " AND " WANTED(production) " AND " WANTED(decay)

static const char *const export_sql[N_WHAT] = {
    [POINTS] = "SELECT experiment, benchmark, method, pot, mass_gev, coupling, signal, cls_observed,"
               " cls_expected_minus_2sigma, cls_expected_minus_1sigma, cls_expected, cls_expected_plus_1sigma,"
               " cls_expected_plus_2sigma, status FROM point"
               " WHERE " WANTED(experiment) " AND " WANTED(benchmark) " AND " WANTED(method) " AND " NEAR(
                   pot) " ORDER BY experiment, benchmark, method, pot, mass_gev, coupling",
    [YIELDS] = "SELECT * FROM v_yield WHERE " CHANNEL_WANTED
               " AND " WANTED(benchmark) " ORDER BY experiment, benchmark, model, production, variant, settings, "
                                         "decay, region, mass_gev,"
                                         " coupling, width_gev",
    [TOTALS] = "SELECT * FROM v_total WHERE " WANTED(experiment) " AND " WANTED(
        benchmark) " ORDER BY experiment, benchmark, mass_gev, coupling, width_gev",
    [BEST] = "SELECT * FROM v_best_channel WHERE " WANTED(experiment) " AND " WANTED(
        benchmark) " ORDER BY experiment, benchmark, mass_gev, coupling",
    [KERNELS] = "SELECT * FROM v_kernel WHERE " CHANNEL_WANTED
                " ORDER BY experiment, model, production, variant, settings, decay, region, mass_gev",
    [CHANNELS] = "SELECT * FROM v_channel WHERE " CHANNEL_WANTED
                 " ORDER BY experiment, model, production, variant, settings, decay, region",
    [RUNS] = "SELECT experiment, run, program_version, source_commit, compiler, build_type, pdg_edition, seed,"
             " precision, max_points, n_task, threads, host, start_utc, end_utc, command_line FROM run"
             " WHERE " WANTED(experiment) " ORDER BY experiment, run",
};

/* Options that choose rows, with the name of the SQL parameter. */
static const char *const filters[] = {"experiment", "benchmark", "model", "production", "decay",
                                      "kind",       "method",    "cl",    "pot"};
#define N_FILTER (sizeof filters / sizeof filters[0])

static const struct bd_option options_export[] = {
    {.name = "WHAT",
     .kind = BD_OPTION_CHOICE,
     .choices = whats,
     .positional = 1,
     .required = 1,
     .help = "contour: polygons of excluded regions; points: signal and CLs in the plane; yields: events of each "
             "channel; totals: their sum; best: the channel with most of it; kernels: their quality; nodes: their "
             "numbers; channels; runs"},
    {.name = "db", .kind = BD_OPTION_TEXT, .unit = "FILE", .required = 1, .help = "the database"},
    {.name = "experiment", .kind = BD_OPTION_TEXT, .unit = "NAME", .help = "only of this experiment"},
    {.name = "benchmark", .kind = BD_OPTION_TEXT, .unit = "NAME", .help = "only of this benchmark"},
    {.name = "model", .kind = BD_OPTION_TEXT, .unit = "NAME", .help = "only channels of this model"},
    {.name = "production", .kind = BD_OPTION_TEXT, .unit = "NAME", .help = "only channels of this production"},
    {.name = "decay", .kind = BD_OPTION_TEXT, .unit = "NAME", .help = "only channels of this decay"},
    {.name = "kind",
     .kind = BD_OPTION_TEXT,
     .unit = "KIND",
     .help = "only contours of this kind: observed, expected, projection, expected+1sigma, ..."},
    {.name = "method",
     .kind = BD_OPTION_TEXT,
     .unit = "NAME",
     .help = "only this method of exclusion: cls, or with rules that are not the default cls,nuisance=none, ..."},
    {.name = "cl",
     .kind = BD_OPTION_NUMBER,
     .unit = "1",
     .min = 0.01,
     .max = 0.9999999,
     .help = "contours at this confidence level; without: that of the card, if it is there"},
    {.name = "pot",
     .kind = BD_OPTION_NUMBER,
     .unit = "protons",
     .min = 1.0,
     .max = 1e30,
     .help = "contours and points for this number of protons; contours without: that of the card, if it is there"},
    {.name = "plane",
     .kind = BD_OPTION_TEXT,
     .unit = "X,Y",
     .initial = "mass_gev,coupling",
     .help = "plane of the contours, also as typed for `contour` (br,ctau); its axes name two columns"},
    BD_OPTIONS_OUTPUT,
    {.name = NULL},
};

static const char *const examples[] = {
    "beamdump export contour --db na62.db --benchmark BC4 --experiment na62 --format csv --output bc4.csv",
    "beamdump export contour --db na62.db --benchmark BC4 --kind projection --pot 1e18 --format json",
    "beamdump export yields --db na62.db --model dark_scalar --decay mu+mu- --format csv",
    "beamdump export nodes --db na62.db --experiment na62 --production b_decay --format csv --output nodes.csv",
    NULL,
};

static enum bd_status nothing_found(const struct bd_options *options, struct bd_error *err)
{
    return bd_fail(err, BD_BAD_INPUT, "%s has no %s of this kind; it has: beamdump sql --db %s \"%s\"",
                   bd_options_text(options, "db"), bd_options_text(options, "WHAT"),
                   bd_options_text(options, "db"),
                   bd_options_choice(options, "WHAT") == CONTOUR ? "SELECT * FROM v_contour_list"
                                                                 : "SELECT * FROM v_channel");
}

static enum bd_status fail_filter(const struct bd_options *options, const char *filter, struct bd_error *err)
{
    return bd_fail(err, BD_USAGE, "--%s does not apply to %s", filter, bd_options_text(options, "WHAT"));
}

/* ---- contours ---- */

/* What the table does not say. */
static void print_note(const struct bd_contour *contour)
{
    char exposure[64] = "";
    if (contour->pot > 0.0) /* published limits count no protons */
        (void)snprintf(exposure, sizeof exposure, ", %g protons", contour->pot);
    (void)fprintf(stderr, "beamdump export: %s %s %s: %g%% CL, %s%s%s\n", contour->experiment, contour->benchmark,
                  contour->kind, 100.0 * contour->cl, contour->method, exposure,
                  contour->n_polyline == 0 ? ": nothing is excluded" : "");
}

static enum bd_status export_contour(const struct bd_options *options, struct bd_database *db,
                                     struct bd_error *err)
{
    const double cl = bd_options_number(options, "cl"), pot = bd_options_number(options, "pot");
    char plane[64];
    bd_contour_plane_name(bd_options_text(options, "plane"), plane, sizeof plane);
    const struct bd_result_filter filter = {.experiment = bd_options_text(options, "experiment"),
                                            .benchmark = bd_options_text(options, "benchmark"),
                                            .kind = bd_options_text(options, "kind"),
                                            .method = bd_options_text(options, "method"),
                                            .plane = plane,
                                            .cl = isnan(cl) ? 0.0 : cl,
                                            .pot = isnan(pot) ? 0.0 : pot};
    struct bd_contour *contours = NULL;
    size_t n = 0;
    enum bd_status status = bd_result_load_contours(db, &filter, &contours, &n, err);
    if (status == BD_OK && n == 0)
        status = nothing_found(options, err);
    if (status == BD_OK)
        status = bd_contour_job_print(options, contours, n, err);
    for (size_t i = 0; status == BD_OK && i < n; i++)
        print_note(&contours[i]);
    bd_result_free_contours(contours, n);
    return status;
}

/* ---- kernels, node by node ---- */

static void write_series(struct bd_output *output, const struct bd_kernel_set *set,
                         const struct bd_kernel_series *series)
{
    const struct bd_kernel_nodes *nodes = &set->experiment.nodes;
    for (size_t i = 0; i < series->n_mass; i++)
        for (size_t k = 0; k < BD_KERNEL_NODES; k++) {
            bd_output_text(output, set->experiment.id);
            bd_output_text(output, series->channel);
            bd_output_text(output, series->region);
            bd_output_number(output, series->mass_gev[i]);
            bd_output_integer(output, (long long)k);
            bd_output_number(output, exp(nodes->ln_s_min + ((double)k - 3.0) * nodes->ln_s_step));
            bd_output_number(output, series->kernel[i].weight[k]);
        }
}

static enum bd_status export_nodes(const struct bd_options *options, struct bd_database *db, struct bd_error *err)
{
    static const struct bd_column columns[] = {
        {"experiment", BD_COLUMN_TEXT}, {"channel", BD_COLUMN_TEXT}, {"region", BD_COLUMN_TEXT},
        {"mass_gev", BD_COLUMN_NUMBER}, {"node", BD_COLUMN_INTEGER}, {"s_m_per_gev", BD_COLUMN_NUMBER},
        {"weight_m", BD_COLUMN_NUMBER},
    };
    const char *experiment = bd_options_text(options, "experiment");
    const struct bd_kernel_filter filter = {.model = bd_options_text(options, "model"),
                                            .production = bd_options_text(options, "production"),
                                            .decay = bd_options_text(options, "decay")};
    struct bd_kernel_set *set = NULL;
    struct bd_output *output = NULL;
    if (experiment == NULL)
        return bd_fail(err, BD_USAGE, "--experiment is missing: nodes are those of one experiment");
    enum bd_status status = bd_kernel_store_load(db, experiment, &filter, &set, err);
    if (status == BD_OK && set->n_series == 0)
        status = nothing_found(options, err);
    if (status == BD_OK)
        status = bd_output_open(options, columns, sizeof columns / sizeof columns[0], &output, err);
    for (size_t i = 0; status == BD_OK && i < set->n_series; i++)
        write_series(output, set, &set->series[i]);
    status = bd_output_close(output, status, err);
    bd_kernel_set_free(set);
    return status;
}

/* ---- everything else is a view ---- */

static enum bd_status export_query(const struct bd_options *options, const char *sql, struct bd_database *db,
                                   struct bd_error *err)
{
    struct bd_query_parameter parameter[N_FILTER];
    size_t n = 0;
    for (size_t i = 0; i < N_FILTER; i++)
        if (bd_options_given(options, filters[i]))
            parameter[n++] = (struct bd_query_parameter){filters[i], bd_options_text(options, filters[i])};
    return bd_query_table_write(db, sql, 0, parameter, n, options, NULL, err);
}

/* A filter that would be ignored is wrong usage: the rows would not be those that were asked for. */
static enum bd_status check_filters(const struct bd_options *options, enum what what, struct bd_error *err)
{
    static const char contour_filters[] = ":experiment :benchmark :kind :method :cl :pot :plane";
    static const char node_filters[] = ":experiment :model :production :decay";
    const char *known = what == CONTOUR ? contour_filters : what == NODES ? node_filters : export_sql[what];
    for (size_t i = 0; i < N_FILTER; i++) {
        char parameter[32];
        (void)snprintf(parameter, sizeof parameter, ":%s", filters[i]);
        if (bd_options_given(options, filters[i]) && strstr(known, parameter) == NULL)
            return fail_filter(options, filters[i], err);
    }
    return bd_options_given(options, "plane") && what != CONTOUR ? fail_filter(options, "plane", err) : BD_OK;
}

static enum bd_status run(const struct bd_options *options, struct bd_error *err)
{
    const enum what what = (enum what)bd_options_choice(options, "WHAT");
    struct bd_database *db = NULL;
    BD_TRY(check_filters(options, what, err));
    enum bd_status status = bd_database_open(bd_options_text(options, "db"), BD_DATABASE_READ, &db, err);
    if (status == BD_OK && what == CONTOUR)
        status = export_contour(options, db, err);
    else if (status == BD_OK && what == NODES)
        status = export_nodes(options, db, err);
    else if (status == BD_OK)
        status = export_query(options, export_sql[what], db, err);
    bd_database_close(db);
    return status;
}

const struct bd_command command_export = {
    .name = "export",
    .summary = "contours, points, yields and kernels of a database as CSV or JSON",
    .description =
        "Contours: of several with the same experiment, benchmark and kind the one at the protons and the\n"
        "confidence level of the card, by CLs, is taken; --cl, --pot and --method choose another.\n"
        "Nodes: events per proton = (Gamma/hbar c) sum weight_m exp(-mass_gev s_m_per_gev Gamma/hbar c).",
    .options = options_export,
    .examples = examples,
    .run = run,
};
