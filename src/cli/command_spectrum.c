/* beamdump spectrum: X that leave the target, before any decay, at unit strength. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/cli/command.h"
#include "src/cli/experiment_option.h"
#include "src/cli/output.h"
#include "src/cli/suggest.h"
#include "src/scan/plan.h"
#include "src/scan/scan.h"

#define SETS_MAX 32

static const struct bd_option options_spectrum[] = {
    {.name = "experiment",
     .kind = BD_OPTION_TEXT,
     .unit = "NAME",
     .required = 1,
     .help = "beam, target and angles: a built-in card (see: beamdump list experiments) or a file"},
    {.name = "production",
     .kind = BD_OPTION_TEXT,
     .unit = "NAME[:VARIANT]",
     .required = 1,
     .help = "how X is made (see: beamdump list productions)"},
    {.name = "model",
     .kind = BD_OPTION_TEXT,
     .unit = "NAME",
     .help = "the model, where the production differs between them; a state such as b_decay:K needs none"},
    {.name = "mass",
     .kind = BD_OPTION_GRID,
     .unit = "GeV",
     .min = 1e-6,
     .max = 1e3,
     .required = 1,
     .help = "mass of X; several masses put a column mass_gev in front of the grid"},
    {.name = "set",
     .kind = BD_OPTION_LIST,
     .unit = "KEY=VALUE",
     .help = "change a parameter of the production (see: beamdump list settings)"},
    {.name = "summary", .kind = BD_OPTION_FLAG, .help = "one row for each mass instead of the grid"},
    BD_OPTIONS_OUTPUT,
    {.name = NULL},
};

static const char *const examples[] = {
    "beamdump spectrum --experiment na62 --production b_decay --model dark_scalar --mass 1 --summary",
    "beamdump spectrum --experiment na62 --production b_decay:K --mass 0.5,1,2 --format csv --output spectrum.csv",
    "beamdump spectrum --experiment na62 --production b_decay --model dark_scalar --mass 1 --set "
    "sigma_bb_nb=1.866 "
    "--summary",
    NULL,
};

/* A key that the production does not have would be ignored by the plan. */
static enum bd_status check_keys(const struct bd_options *options, const struct bd_production *production,
                                 struct bd_error *err)
{
    const char *known[BD_SETTINGS_MAX];
    char list[512] = "", hint[160];
    size_t n = 0;
    for (; production->settings != NULL && production->settings[n].name != NULL && n < BD_SETTINGS_MAX; n++) {
        const size_t used = strlen(list);
        known[n] = production->settings[n].name;
        (void)snprintf(list + used, sizeof list - used, "%s%s", n > 0 ? ", " : "", known[n]);
    }
    for (size_t i = 0; i < bd_options_count(options, "set"); i++) {
        char key[64];
        const char *text;
        BD_TRY(bd_options_pair(options, "set", i, key, sizeof key, &text, err));
        if (!bd_setting_has(production->settings, key))
            return bd_fail(err, BD_USAGE, "--set: '%s' is no parameter of %s, which has: %s.%s", key,
                           production->name, n > 0 ? list : "none", bd_suggest(key, known, n, hint, sizeof hint));
    }
    return BD_OK;
}

static enum bd_status make_plan(const struct bd_options *options, const struct bd_experiment *experiment,
                                struct bd_plan *plan, struct bd_error *err)
{
    const char *set[SETS_MAX + 1] = {NULL};
    const size_t n = bd_options_count(options, "set");
    if (n > SETS_MAX)
        return bd_fail(err, BD_USAGE, "--set: at most %d of them", SETS_MAX);
    for (size_t i = 0; i < n; i++)
        set[i] = bd_options_item(options, "set", i);
    const char *model = bd_options_text(options, "model");
    if (model != NULL && bd_model_find(model) == NULL)
        return bd_fail(err, BD_USAGE, "--model: there is no model '%.60s' (see: beamdump list models)", model);
    BD_TRY(bd_plan_init(experiment, plan, err));
    BD_TRY(bd_options_blame(
        "production", bd_plan_add_production(plan, bd_options_text(options, "production"), model, set, err), err));
    return check_keys(options, plan->production[0].channel, err);
}

struct spectrum_table {
    struct bd_output *output;
    int with_mass, is_summary;
};

static enum bd_status open_table(const struct bd_options *options, struct spectrum_table *table,
                                 struct bd_error *err)
{
    static const struct bd_column summary[] = {
        {"experiment", BD_COLUMN_TEXT},    {"production", BD_COLUMN_TEXT},  {"mass_gev", BD_COLUMN_NUMBER},
        {"chi_per_pot", BD_COLUMN_NUMBER}, {"in_window", BD_COLUMN_NUMBER}, {"mean_p_gev", BD_COLUMN_NUMBER},
        {"status", BD_COLUMN_TEXT},
    };
    static const struct bd_column grid[] = {
        {"mass_gev", BD_COLUMN_NUMBER},
        {"p_gev", BD_COLUMN_NUMBER},
        {"theta_rad", BD_COLUMN_NUMBER},
        {"density_per_gev_sr", BD_COLUMN_NUMBER},
    };
    if (table->is_summary)
        return bd_output_open(options, summary, sizeof summary / sizeof summary[0], &table->output, err);
    const size_t first = table->with_mass ? 0 : 1;
    return bd_output_open(options, grid + first, sizeof grid / sizeof grid[0] - first, &table->output, err);
}

static void write_summary(const struct spectrum_table *table, const struct bd_plan *plan, double mass_gev,
                          const struct bd_spectrum *spectrum)
{
    const struct bd_plan_production *production = &plan->production[0];
    char name[512];
    assert(production != NULL); /* make_plan saw to it */
    (void)snprintf(name, sizeof name, "%s%s%s%s%s%s", production->channel->name,
                   *production->variant != '\0' ? ":" : "", production->variant,
                   *production->settings_text != '\0' ? "(" : "", production->settings_text,
                   *production->settings_text != '\0' ? ")" : "");
    /* Nothing is made: no share and no mean; outside the range of the formula: no number at all. */
    const double chi = spectrum->flag == BD_FLAG_OUTSIDE ? (double)NAN : spectrum->chi_per_pot;
    bd_output_text(table->output, plan->experiment->id);
    bd_output_text(table->output, name);
    bd_output_number(table->output, mass_gev);
    bd_output_number(table->output, chi);
    bd_output_number(table->output, chi > 0.0 ? bd_spectrum_in_grid(&plan->grid, spectrum) / chi : (double)NAN);
    bd_output_number(table->output, chi > 0.0 ? bd_spectrum_mean_p(&plan->grid, spectrum) : (double)NAN);
    bd_output_text(table->output, bd_flag_name(spectrum->flag));
}

static void write_grid(const struct spectrum_table *table, const struct bd_plan *plan, double mass_gev,
                       const struct bd_spectrum *spectrum)
{
    const struct bd_spectrum_grid *grid = &plan->grid;
    for (size_t i = 0; i < grid->n_p; i++)
        for (size_t j = 0; j < grid->n_theta; j++) {
            if (table->with_mass)
                bd_output_number(table->output, mass_gev);
            bd_output_number(table->output, exp(grid->ln_p_min + (double)i * grid->ln_p_step));
            bd_output_number(table->output, grid->theta_min_rad + (double)j * grid->theta_step_rad);
            bd_output_number(table->output, spectrum->flag == BD_FLAG_OUTSIDE
                                                ? (double)NAN
                                                : spectrum->density[i * grid->n_theta + j]);
        }
    if (spectrum->flag != BD_FLAG_OK)
        (void)fprintf(stderr, "beamdump spectrum: note: %s at %g GeV is `%s`\n", plan->production[0].channel->name,
                      mass_gev, bd_flag_name(spectrum->flag));
}

static enum bd_status write_mass(const struct spectrum_table *table, const struct bd_plan *plan, double mass_gev,
                                 struct bd_error *err)
{
    struct bd_spectrum *spectrum = NULL;
    BD_TRY(bd_scan_spectrum(plan, 0, mass_gev, &spectrum, err));
    (table->is_summary ? write_summary : write_grid)(table, plan, mass_gev, spectrum);
    bd_spectrum_free(spectrum);
    return BD_OK;
}

static enum bd_status run(const struct bd_options *options, struct bd_error *err)
{
    struct spectrum_table table = {.is_summary = bd_options_flag(options, "summary")};
    struct bd_experiment *experiment = NULL;
    struct bd_plan plan = {0};
    double *mass_gev = NULL;
    size_t n_mass = 0;
    enum bd_status status = bd_experiment_option_load(options, &experiment, err);
    if (status == BD_OK)
        status = make_plan(options, experiment, &plan, err);
    if (status == BD_OK)
        status = bd_options_grid(options, "mass", &mass_gev, &n_mass, err);
    table.with_mass = n_mass > 1;
    if (status == BD_OK)
        status = open_table(options, &table, err);
    for (size_t i = 0; status == BD_OK && i < n_mass; i++)
        status = write_mass(&table, &plan, mass_gev[i], err);
    status = bd_output_close(table.output, status, err);
    free(mass_gev);
    bd_plan_free(&plan);
    bd_experiment_free(experiment);
    return status;
}

const struct bd_command command_spectrum = {
    .name = "spectrum",
    .summary = "momenta and angles of the X that are produced, and how many there are",
    .description =
        "density_per_gev_sr: dN/(dp dOmega) per proton on target at unit strength (see: beamdump list\n"
        "productions), about the proton beam. Summary: chi_per_pot is the number of X per proton at any angle,\n"
        "in_window the fraction of them inside the grid, mean_p_gev their mean momentum at any angle.",
    .options = options_spectrum,
    .examples = examples,
    .run = run,
};
