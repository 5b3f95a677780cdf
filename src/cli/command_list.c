/* beamdump list: what the program knows, one row each. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/model.h"
#include "src/cli/command.h"
#include "src/cli/output.h"
#include "src/core/experiment.h"

enum what { MODELS, BENCHMARKS, CHANNELS, EXPERIMENTS, SETTINGS };
static const char *const whats[] = {"models", "benchmarks", "channels", "experiments", "settings", NULL};

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
     .help = "for channels and settings: only of this model"},
    BD_OPTIONS_OUTPUT,
    {.name = NULL},
};

static const char *const examples[] = {
    "beamdump list models",
    "beamdump list benchmarks --format csv",
    "beamdump list channels --experiment na62 --model dark_scalar",
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

/* Pairs of production and decay of a model. A decay without a selection in the card is in the total width only. */
static void write_channels(struct bd_output *output, const struct bd_model *model,
                           const struct bd_experiment *experiment)
{
    for (const struct bd_strength *strength = model->strengths; strength->production != NULL; strength++)
        for (const struct bd_decay_mode *mode = model->modes; mode->name != NULL; mode++) {
            const struct bd_final_state *state = bd_experiment_state(experiment, mode->name);
            const double end_gev = mode->end_gev > 0.0 ? mode->end_gev : model->mass_max_gev;
            bd_output_text(output, model->name);
            bd_output_text(output, strength->production);
            bd_output_text(output, mode->name);
            bd_output_number(output, fmax(model->mass_min_gev, fmax(mode->threshold_gev, mode->start_gev)));
            bd_output_number(output, fmin(model->mass_max_gev, end_gev));
            bd_output_text(output, strength->unit);
            bd_output_text(output, state != NULL ? "counted" : "widths only");
            bd_output_text(output, strength->source);
            bd_output_text(output, mode->source);
            bd_output_text(output, state != NULL ? state->source : "");
        }
}

static enum bd_status list_channels(const struct bd_options *options, struct bd_error *err)
{
    static const struct bd_column columns[] = {
        {"model", BD_COLUMN_TEXT},
        {"production", BD_COLUMN_TEXT},
        {"decay", BD_COLUMN_TEXT},
        {"mass_min_gev", BD_COLUMN_NUMBER},
        {"mass_max_gev", BD_COLUMN_NUMBER},
        {"unit_strength", BD_COLUMN_TEXT},
        {"use", BD_COLUMN_TEXT},
        {"production_source", BD_COLUMN_TEXT},
        {"decay_source", BD_COLUMN_TEXT},
        {"selection_source", BD_COLUMN_TEXT},
    };
    struct bd_experiment *experiment = NULL;
    struct bd_output *output = NULL;
    const struct bd_model *model;
    enum bd_status status = bd_experiment_load(bd_options_text(options, "experiment"), &experiment, err);
    if (status == BD_OK)
        status = bd_output_open(options, columns, sizeof columns / sizeof columns[0], &output, err);
    for (size_t i = 0; status == BD_OK && (model = bd_model_at(i)) != NULL; i++)
        if (is_wanted(options, model->name))
            write_channels(output, model, experiment);
    status = bd_output_close(output, status, err);
    bd_experiment_free(experiment);
    return status;
}

static enum bd_status write_experiment(struct bd_output *output, const char *name, struct bd_error *err)
{
    struct bd_experiment *experiment = NULL;
    BD_TRY(bd_experiment_load(name, &experiment, err));
    char target[32], decays[512];
    const char *state[BD_STATES_MAX];
    for (size_t i = 0; i < experiment->n_state; i++)
        state[i] = experiment->state[i].name;
    join(state, experiment->n_state, decays, sizeof decays);
    (void)snprintf(target, sizeof target, "%s", experiment->target_material);
    bd_output_text(output, name);
    bd_output_text(output, experiment->status);
    bd_output_text(output, experiment->beam_particle);
    bd_output_number(output, experiment->beam_p_gev);
    bd_output_text(output, target);
    bd_output_number(output, experiment->pot);
    bd_output_text(output, decays);
    bd_output_text(output, experiment->title);
    bd_output_text(output, experiment->source);
    bd_experiment_free(experiment);
    return BD_OK;
}

static enum bd_status list_experiments(const struct bd_options *options, struct bd_error *err)
{
    static const struct bd_column columns[] = {
        {"experiment", BD_COLUMN_TEXT},   {"status", BD_COLUMN_TEXT}, {"beam", BD_COLUMN_TEXT},
        {"beam_p_gev", BD_COLUMN_NUMBER}, {"target", BD_COLUMN_TEXT}, {"pot", BD_COLUMN_NUMBER},
        {"decays", BD_COLUMN_TEXT},       {"title", BD_COLUMN_TEXT},  {"source", BD_COLUMN_TEXT},
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

static void write_setting(struct bd_output *output, const char *owner, const struct bd_setting *setting)
{
    char allowed[256];
    bd_output_text(output, owner);
    bd_output_text(output, setting->name);
    bd_output_text(output, setting->unit);
    if (setting->choices != NULL) {
        size_t n = 0;
        while (setting->choices[n] != NULL)
            n++;
        join(setting->choices, n, allowed, sizeof allowed);
        bd_output_text(output, setting->choices[(size_t)setting->initial]);
    } else {
        char initial[32];
        (void)snprintf(allowed, sizeof allowed, "%g to %g", setting->min, setting->max);
        (void)snprintf(initial, sizeof initial, "%g", setting->initial);
        bd_output_text(output, initial);
    }
    bd_output_text(output, allowed);
    bd_output_text(output, setting->help);
}

static enum bd_status list_settings(const struct bd_options *options, struct bd_error *err)
{
    static const struct bd_column columns[] = {
        {"model", BD_COLUMN_TEXT},   {"setting", BD_COLUMN_TEXT}, {"unit", BD_COLUMN_TEXT},
        {"default", BD_COLUMN_TEXT}, {"allowed", BD_COLUMN_TEXT}, {"meaning", BD_COLUMN_TEXT},
    };
    struct bd_output *output = NULL;
    const struct bd_model *model;
    BD_TRY(bd_output_open(options, columns, sizeof columns / sizeof columns[0], &output, err));
    for (size_t i = 0; (model = bd_model_at(i)) != NULL; i++)
        for (const struct bd_setting *setting = model->settings; setting != NULL && setting->name != NULL;
             setting++)
            if (is_wanted(options, model->name))
                write_setting(output, model->name, setting);
    return bd_output_close(output, BD_OK, err);
}

static enum bd_status run(const struct bd_options *options, struct bd_error *err)
{
    static enum bd_status (*const list[])(const struct bd_options *, struct bd_error *) = {
        [MODELS] = list_models,           [BENCHMARKS] = list_benchmarks, [CHANNELS] = list_channels,
        [EXPERIMENTS] = list_experiments, [SETTINGS] = list_settings,
    };
    BD_TRY(check_model(options, err));
    return list[bd_options_choice(options, "WHAT")](options, err);
}

const struct bd_command command_list = {
    .name = "list",
    .summary = "models, benchmarks, channels, experiments and settings, with units, ranges and sources",
    .description =
        "In `channels`, a decay for which the card has no selection is marked `widths only`: it enters\n"
        "the total width of X, but is not counted.",
    .options = options_list,
    .examples = examples,
    .run = run,
};
