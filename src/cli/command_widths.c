/* beamdump widths: what a model says about the decays of X, without any experiment. */
#include <stdlib.h>

#include "src/cli/command.h"
#include "src/cli/model_options.h"
#include "src/cli/output.h"

static const struct bd_option options_widths[] = {
    BD_OPTIONS_MODEL,
    {.name = "mass",
     .kind = BD_OPTION_GRID,
     .unit = "GeV",
     .min = 1e-6,
     .max = 1e3,
     .required = 1,
     .help = "mass of X; several masses put a column mass_gev in front"},
    {.name = "ctau",
     .kind = BD_OPTION_FLAG,
     .help = "add a column ctau_m, the proper decay length [m], filled in the row `total`"},
    {.name = "status",
     .kind = BD_OPTION_FLAG,
     .help = "add a column status: ok, clipped, masked, closed (by kinematics), outside (the formula is not used "
             "here: 0)"},
    BD_OPTIONS_OUTPUT,
    {.name = NULL},
};

static const char *const examples[] = {
    "beamdump widths --benchmark BC4 --mass 0.5 --coupling 1e-4 --ctau",
    "beamdump widths --model dark_scalar --coupling theta=1e-4 --mass 0.3,1,3 --format csv",
    "beamdump widths --benchmark BC4 --coupling 1e-4 --mass 0.02:4.5:300 --ctau --format csv --output widths.csv",
    NULL,
};

struct widths_table {
    struct bd_output *output;
    int with_mass, with_ctau, with_status;
};

static enum bd_status open_table(const struct bd_options *options, struct widths_table *table,
                                 struct bd_error *err)
{
    struct bd_column column[6];
    size_t n = 0;
    if (table->with_mass)
        column[n++] = (struct bd_column){"mass_gev", BD_COLUMN_NUMBER};
    column[n++] = (struct bd_column){"decay", BD_COLUMN_TEXT};
    column[n++] = (struct bd_column){"width_gev", BD_COLUMN_NUMBER};
    column[n++] = (struct bd_column){"branching_ratio", BD_COLUMN_NUMBER};
    if (table->with_ctau)
        column[n++] = (struct bd_column){"ctau_m", BD_COLUMN_NUMBER};
    if (table->with_status)
        column[n++] = (struct bd_column){"status", BD_COLUMN_TEXT};
    return bd_output_open(options, column, n, &table->output, err);
}

static void write_row(const struct widths_table *table, double mass_gev, const char *decay,
                      const struct bd_model_value *width, double total_gev, int is_total)
{
    if (table->with_mass)
        bd_output_number(table->output, mass_gev);
    bd_output_text(table->output, decay);
    bd_output_number(table->output, width->value);
    bd_output_number(table->output, width->value / total_gev); /* 0/0 is empty: nothing is open */
    if (table->with_ctau && is_total)
        bd_output_number(table->output, bd_model_decay_length(total_gev));
    else if (table->with_ctau)
        bd_output_empty(table->output);
    if (table->with_status)
        bd_output_text(table->output, bd_flag_name(width->flag));
}

static enum bd_status write_mass(const struct widths_table *table, const struct bd_model *model,
                                 const struct bd_model_point *at, struct bd_error *err)
{
    struct bd_model_value width[BD_MODES_MAX], total;
    BD_TRY(bd_options_blame("mass", bd_model_widths(model, at, width, &total, err), err));
    for (size_t i = 0; model->modes[i].name != NULL; i++)
        write_row(table, at->mass_gev, model->modes[i].name, &width[i], total.value, 0);
    write_row(table, at->mass_gev, "total", &total, total.value, 1);
    if (total.flag != BD_FLAG_OK)
        (void)fprintf(stderr,
                      "beamdump widths: note: the total width at %g GeV is `%s` (--status shows which decay)\n",
                      at->mass_gev, bd_flag_name(total.flag));
    return BD_OK;
}

static enum bd_status run(const struct bd_options *options, struct bd_error *err)
{
    struct bd_model_choice choice;
    struct widths_table table = {NULL, 0, bd_options_flag(options, "ctau"), bd_options_flag(options, "status")};
    void *data = NULL;
    double *mass_gev = NULL;
    size_t n_mass = 0;
    BD_TRY(bd_model_options_read(options, &choice, err));
    enum bd_status status = bd_options_grid(options, "mass", &mass_gev, &n_mass, err);
    table.with_mass = n_mass > 1;
    if (status == BD_OK)
        status = bd_model_open(choice.model, &data, err);
    if (status == BD_OK)
        status = open_table(options, &table, err);
    for (size_t i = 0; status == BD_OK && i < n_mass; i++) {
        const struct bd_model_point at = {mass_gev[i], choice.coupling, choice.settings.value, data};
        status = write_mass(&table, choice.model, &at, err);
    }
    status = bd_output_close(table.output, status, err);
    bd_model_close(choice.model, data);
    free(mass_gev);
    return status;
}

const struct bd_command command_widths = {
    .name = "widths",
    .summary = "partial widths, branching ratios and decay length of X in a model",
    .description = "Columns: decay, width_gev, branching_ratio; the last row of a mass is `total`.",
    .options = options_widths,
    .examples = examples,
    .run = run,
};
