/* beamdump list: what the program knows, one row each. */
#include <stdlib.h>
#include <string.h>

#include "models/model.h"
#include "production/production.h"
#include "src/cli/command.h"
#include "src/cli/list_channels.h"
#include "src/cli/output.h"
#include "src/core/experiment.h"

enum what { MODELS, BENCHMARKS, PRODUCTIONS, CHANNELS, EXPERIMENTS, SETTINGS };
static const char *const whats[] = {"models",      "benchmarks", "productions", "channels",
                                    "experiments", "settings",   NULL};

static const struct bd_option options_list[] = {
    {.name = "WHAT",
     .kind = BD_OPTION_CHOICE,
     .choices = whats,
     .positional = 1,
     .required = 1,
     .help = "what to list; settings are the parameters that --set changes"},
    {.name = "experiment",
     .kind = BD_OPTION_TEXT,
     .unit = "NAME",
     .initial = "na62",
     .help = "for channels: the card whose selections decide which decays are counted"},
    {.name = "model",
     .kind = BD_OPTION_TEXT,
     .unit = "NAME",
     .help = "for productions, channels and settings: only of this model"},
    {.name = "analysis",
     .kind = BD_OPTION_TEXT,
     .unit = "NAME",
     .help = "for channels: only the pairs that a published analysis counts, such as na62-hadronic"},
    BD_OPTIONS_OUTPUT,
    {.name = NULL},
};

static const char *const examples[] = {
    "beamdump list models",
    "beamdump list benchmarks --format csv",
    "beamdump list channels --experiment na62 --model dark_scalar",
    "beamdump list channels --analysis na62-hadronic --model dark_scalar",
    "beamdump list productions",
    NULL,
};

/* "a, b, c" */
static void join(const char *const *words, size_t n, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < n && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i > 0 ? ", " : "", words[i]);
}

static int is_wanted(const struct bd_options *options, const char *model)
{
    const char *wanted = bd_options_text(options, "model");
    return wanted == NULL || strcmp(wanted, model) == 0;
}

static enum bd_status check_model(const struct bd_options *options, struct bd_error *err)
{
    const char *wanted = bd_options_text(options, "model");
    if (wanted == NULL || bd_model_find(wanted) != NULL)
        return BD_OK;
    return bd_fail(err, BD_USAGE, "--model: there is no model '%s' (see: beamdump list models)", wanted);
}

static enum bd_status list_models(const struct bd_options *options, struct bd_error *err)
{
    static const struct bd_column columns[] = {
        {"model", BD_COLUMN_TEXT},          {"couplings", BD_COLUMN_TEXT},      {"coupling_unit", BD_COLUMN_TEXT},
        {"mass_min_gev", BD_COLUMN_NUMBER}, {"mass_max_gev", BD_COLUMN_NUMBER}, {"title", BD_COLUMN_TEXT},
        {"source", BD_COLUMN_TEXT},
    };
    struct bd_output *output = NULL;
    BD_TRY(bd_output_open(options, columns, sizeof columns / sizeof columns[0], &output, err));
    const struct bd_model *model;
    for (size_t i = 0; (model = bd_model_at(i)) != NULL; i++) {
        char couplings[256];
        join(model->coupling_names, bd_model_n_coupling(model), couplings, sizeof couplings);
        bd_output_text(output, model->name);
        bd_output_text(output, couplings);
        bd_output_text(output, model->coupling_unit);
        bd_output_number(output, model->mass_min_gev);
        bd_output_number(output, model->mass_max_gev);
        bd_output_text(output, model->title);
        bd_output_text(output, model->source);
    }
    return bd_output_close(output, BD_OK, err);
}

static void write_benchmark(struct bd_output *output, const struct bd_benchmark *benchmark)
{
    const char *production[sizeof benchmark->production / sizeof benchmark->production[0]];
    char text[1024];
    for (size_t k = 0; k < benchmark->n_production; k++)
        production[k] = benchmark->production[k];
    join(production, benchmark->n_production, text, sizeof text);
    bd_output_text(output, benchmark->name);
    bd_output_text(output, benchmark->model->name);
    bd_output_text(output, benchmark->axis_name);
    bd_output_text(output, benchmark->axis_unit);
    bd_output_number(output, benchmark->axis_min);
    bd_output_number(output, benchmark->axis_max);
    bd_output_number(output, benchmark->mass_min_gev);
    bd_output_number(output, benchmark->mass_max_gev);
    bd_output_integer(output, benchmark->n_mass);
    bd_output_text(output, text);
    bd_output_text(output, benchmark->title);
    bd_output_text(output, benchmark->source);
}

static enum bd_status list_benchmarks(const struct bd_options *options, struct bd_error *err)
{
    static const struct bd_column columns[] = {
        {"benchmark", BD_COLUMN_TEXT},      {"model", BD_COLUMN_TEXT},          {"axis", BD_COLUMN_TEXT},
        {"axis_unit", BD_COLUMN_TEXT},      {"axis_min", BD_COLUMN_NUMBER},     {"axis_max", BD_COLUMN_NUMBER},
        {"mass_min_gev", BD_COLUMN_NUMBER}, {"mass_max_gev", BD_COLUMN_NUMBER}, {"n_mass", BD_COLUMN_INTEGER},
        {"production", BD_COLUMN_TEXT},     {"title", BD_COLUMN_TEXT},          {"source", BD_COLUMN_TEXT},
    };
    struct bd_benchmark *benchmarks = NULL;
    struct bd_output *output = NULL;
    size_t n = 0;
    enum bd_status status = bd_benchmark_load_all(&benchmarks, &n, err);
    if (status == BD_OK)
        status = bd_output_open(options, columns, sizeof columns / sizeof columns[0], &output, err);
    for (size_t i = 0; status == BD_OK && i < n; i++)
        write_benchmark(output, &benchmarks[i]);
    status = bd_output_close(output, status, err);
    free(benchmarks);
    return status;
}

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static enum bd_status list_productions(const struct bd_options *options, struct bd_error *err)
{
    static const struct bd_column columns[] = {
        {"production", BD_COLUMN_TEXT},    {"model", BD_COLUMN_TEXT},          {"variants", BD_COLUMN_TEXT},
        {"unit_strength", BD_COLUMN_TEXT}, {"mass_min_gev", BD_COLUMN_NUMBER}, {"mass_max_gev", BD_COLUMN_NUMBER},
        {"title", BD_COLUMN_TEXT},         {"source", BD_COLUMN_TEXT},
    };
    struct bd_output *output = NULL;
    const struct bd_production *production;
    BD_TRY(bd_output_open(options, columns, sizeof columns / sizeof columns[0], &output, err));
    for (size_t i = 0; (production = bd_production_at(i)) != NULL; i++) {
        char variants[512] = "";
        size_t n = 0;
        while (production->variants != NULL && production->variants[n] != NULL)
            n++;
        join(production->variants, n, variants, sizeof variants);
        if (production->model != NULL && !is_wanted(options, production->model))
            continue;
        bd_output_text(output, production->name);
        bd_output_text(output, or_empty(production->model));
        bd_output_text(output, variants);
        bd_output_text(output, production->unit);
        bd_output_number(output, production->mass_min_gev);
        bd_output_number(output, production->mass_max_gev);
        bd_output_text(output, production->title);
        bd_output_text(output, production->source);
    }
    return bd_output_close(output, BD_OK, err);
}

static enum bd_status write_experiment(struct bd_output *output, const char *name, struct bd_error *err)
{
    struct bd_experiment *experiment = NULL;
    BD_TRY(bd_experiment_load(name, &experiment, err));
    char decays[512];
    const char *state[BD_STATES_MAX];
    for (size_t i = 0; i < experiment->n_state; i++)
        state[i] = experiment->state[i].name;
    const int has_limits = strcmp(experiment->mode, BD_EXPERIMENT_LIMIT_TABLE) == 0;
    if (has_limits)
        state[0] = experiment->search.decay;
    join(state, has_limits ? 1 : experiment->n_state, decays, sizeof decays);
    bd_output_text(output, name);
    bd_output_text(output, experiment->status);
    bd_output_text(output, experiment->mode);
    bd_output_text(output, experiment->beam_particle);
    bd_output_number(output, experiment->beam_p_gev);
    bd_output_text(output, experiment->target_material);
    bd_output_number(output, experiment->pot);
    bd_output_number(output, experiment->pot_rel_unc);
    bd_output_number(output, experiment->impact_m[2]);
    const struct bd_z_range *charged = &experiment->charged_volume, *neutral = &experiment->neutral_volume;
    const struct bd_z_range *volume = charged->z_max_m > charged->z_min_m ? charged : neutral;
    bd_output_number(output, volume->z_min_m);
    bd_output_number(output, volume->z_max_m);
    bd_output_text(output, decays);
    bd_output_text(output, experiment->title);
    bd_output_text(output, experiment->source);
    bd_experiment_free(experiment);
    return BD_OK;
}

static enum bd_status list_experiments(const struct bd_options *options, struct bd_error *err)
{
    static const struct bd_column columns[] = {
        {"experiment", BD_COLUMN_TEXT},
        {"status", BD_COLUMN_TEXT},
        {"mode", BD_COLUMN_TEXT},
        {"beam", BD_COLUMN_TEXT},
        {"beam_p_gev", BD_COLUMN_NUMBER},
        {"target", BD_COLUMN_TEXT},
        {"pot", BD_COLUMN_NUMBER},
        {"pot_rel_unc", BD_COLUMN_NUMBER},
        {"target_z_m", BD_COLUMN_NUMBER},
        {"volume_z_min_m", BD_COLUMN_NUMBER},
        {"volume_z_max_m", BD_COLUMN_NUMBER},
        {"decays", BD_COLUMN_TEXT},
        {"title", BD_COLUMN_TEXT},
        {"source", BD_COLUMN_TEXT},
    };
    char **names = NULL;
    size_t n = 0;
    struct bd_output *output = NULL;
    enum bd_status status = bd_experiment_names(&names, &n, err);
    if (status == BD_OK)
        status = bd_output_open(options, columns, sizeof columns / sizeof columns[0], &output, err);
    for (size_t i = 0; status == BD_OK && i < n; i++)
        status = write_experiment(output, names[i], err);
    status = bd_output_close(output, status, err);
    bd_experiment_names_free(names, n);
    return status;
}

/* All settings of a table; production is "" for those of a model. */
static void write_settings(struct bd_output *output, const char *model, const char *production,
                           const struct bd_setting *setting)
{
    for (; setting != NULL && setting->name != NULL; setting++) {
        char allowed[256], initial[32];
        (void)snprintf(allowed, sizeof allowed, "%g to %g", setting->min, setting->max);
        (void)snprintf(initial, sizeof initial, "%g", setting->initial);
        size_t n = 0;
        while (setting->choices != NULL && setting->choices[n] != NULL)
            n++;
        if (n > 0)
            join(setting->choices, n, allowed, sizeof allowed);
        bd_output_text(output, model);
        bd_output_text(output, production);
        bd_output_text(output, setting->name);
        bd_output_text(output, setting->unit);
        bd_output_text(output, n > 0 ? setting->choices[(size_t)setting->initial] : initial);
        bd_output_text(output, allowed);
        bd_output_text(output, setting->help);
    }
}

static enum bd_status list_settings(const struct bd_options *options, struct bd_error *err)
{
    static const struct bd_column columns[] = {
        {"model", BD_COLUMN_TEXT},   {"production", BD_COLUMN_TEXT}, {"setting", BD_COLUMN_TEXT},
        {"unit", BD_COLUMN_TEXT},    {"default", BD_COLUMN_TEXT},    {"allowed", BD_COLUMN_TEXT},
        {"meaning", BD_COLUMN_TEXT},
    };
    struct bd_output *output = NULL;
    const struct bd_model *model;
    const struct bd_production *production;
    BD_TRY(bd_output_open(options, columns, sizeof columns / sizeof columns[0], &output, err));
    for (size_t i = 0; (model = bd_model_at(i)) != NULL; i++)
        if (is_wanted(options, model->name))
            write_settings(output, model->name, "", model->settings);
    for (size_t i = 0; (production = bd_production_at(i)) != NULL; i++)
        if (production->model == NULL || is_wanted(options, production->model))
            write_settings(output, or_empty(production->model), production->name, production->settings);
    return bd_output_close(output, BD_OK, err);
}

static enum bd_status run(const struct bd_options *options, struct bd_error *err)
{
    static enum bd_status (*const list[])(const struct bd_options *, struct bd_error *) = {
        [MODELS] = list_models,           [BENCHMARKS] = list_benchmarks, [CHANNELS] = bd_list_channels,
        [EXPERIMENTS] = list_experiments, [SETTINGS] = list_settings,     [PRODUCTIONS] = list_productions,
    };
    BD_TRY(check_model(options, err));
    return list[bd_options_choice(options, "WHAT")](options, err);
}

const struct bd_command command_list = {
    .name = "list",
    .summary = "models, benchmarks, productions, channels, experiments and settings, with units and sources",
    .description =
        "Channels: `counted`; `projection` without a published count; `widths only`, as the card has no "
        "selection\n"
        "for the decay: it enters the total width of X, but no sum of events; `no spectrum`: the model knows the\n"
        "rate, but this program does not make X that way, as in kaon beams.",
    .options = options_list,
    .examples = examples,
    .run = run,
};
