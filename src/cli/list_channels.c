#include "src/cli/list_channels.h"

#include "src/cli/experiment_option.h"

#include <math.h>
#include <string.h>

#include "models/model.h"
#include "production/production.h"
#include "src/cli/output.h"
#include "src/cli/suggest.h"
#include "src/core/csv.h"
#include "src/core/data.h"
#include "src/core/experiment.h"

#define PRODUCTIONS_MAX 8 /* in one row */
#define TEXT_SIZE 512

/* A row: one or more productions that are counted together, and a decay. */
struct pair {
    const struct bd_model *model;
    const struct bd_decay_mode *mode;
    const struct bd_experiment *experiment;
    size_t n_strength;
    const struct bd_strength *strength[PRODUCTIONS_MAX];
};

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

/* The channel behind a strength, or NULL: this program makes no spectrum of it. */
static const struct bd_production *find_production(const struct pair *pair, size_t i)
{
    const struct bd_production *production;
    const char *variant;
    struct bd_error ignored;
    return bd_production_find(pair->strength[i]->production, pair->model->name, &production, &variant, &ignored) ==
                   BD_OK
               ? production
               : NULL;
}

/* What becomes of a pair in a scan. */
static const char *use_of(const struct pair *pair, const struct bd_final_state *state)
{
    for (size_t i = 0; i < pair->n_strength; i++)
        if (find_production(pair, i) == NULL)
            return "no spectrum";
    return state == NULL ? "widths only" : state->projection ? "projection" : "counted";
}

/* Masses where the formulas of model, decay and one of the productions hold. */
static void mass_range(const struct pair *pair, double *min_gev, double *max_gev)
{
    double production_min = INFINITY, production_max = 0.0;
    for (size_t i = 0; i < pair->n_strength; i++) {
        const struct bd_production *production = find_production(pair, i);
        production_min = fmin(production_min, production != NULL ? production->mass_min_gev : 0.0);
        production_max = fmax(production_max, production != NULL ? production->mass_max_gev : INFINITY);
    }
    *min_gev = fmax(pair->model->mass_min_gev, fmax(pair->mode->threshold_gev, pair->mode->start_gev));
    *max_gev = pair->mode->end_gev > 0.0 ? fmin(pair->mode->end_gev, pair->model->mass_max_gev)
                                         : pair->model->mass_max_gev;
    *min_gev = fmax(*min_gev, production_min);
    *max_gev = fmin(*max_gev, production_max);
}

/* Add a word behind a separator, unless the text ends with it already. */
static void add_word(char *text, const char *separator, const char *word)
{
    const size_t used = strlen(text), length = strlen(word);
    if (used >= length && strcmp(text + used - length, word) == 0)
        return;
    (void)snprintf(text + used, TEXT_SIZE - used, "%s%s", used > 0 ? separator : "", word);
}

static void write_pair(struct bd_output *output, const struct pair *pair)
{
    const struct bd_final_state *state = bd_experiment_state(pair->experiment, pair->mode->name);
    char production[TEXT_SIZE] = "", unit[TEXT_SIZE] = "", source[TEXT_SIZE] = "";
    double min_gev, max_gev;
    for (size_t i = 0; i < pair->n_strength; i++) {
        add_word(production, "+", pair->strength[i]->production);
        add_word(unit, "; ", pair->strength[i]->unit);
        add_word(source, "; ", pair->strength[i]->source);
    }
    mass_range(pair, &min_gev, &max_gev);
    bd_output_text(output, pair->model->name);
    bd_output_text(output, production);
    bd_output_text(output, pair->mode->name);
    bd_output_number(output, min_gev);
    bd_output_number(output, max_gev);
    bd_output_text(output, unit);
    bd_output_text(output, use_of(pair, state));
    bd_output_text(output, source);
    bd_output_text(output, pair->mode->source);
    bd_output_text(output, state != NULL ? state->source : "");
}

static int is_wanted(const struct bd_options *options, const char *model)
{
    const char *wanted = bd_options_text(options, "model");
    return wanted == NULL || strcmp(wanted, model) == 0;
}

static enum bd_status write_all(const struct bd_options *options, struct bd_output *output, struct bd_error *err)
{
    struct bd_experiment *experiment = NULL;
    const struct bd_model *model;
    BD_TRY(bd_experiment_option_load(options, &experiment, err));
    for (size_t i = 0; (model = bd_model_at(i)) != NULL; i++)
        for (const struct bd_strength *strength = model->strengths;
             is_wanted(options, model->name) && strength->production != NULL; strength++)
            for (const struct bd_decay_mode *mode = model->modes; mode->name != NULL; mode++)
                write_pair(output, &(struct pair){model, mode, experiment, 1, {strength}});
    bd_experiment_free(experiment);
    return BD_OK;
}

/* ---- pairs of a published analysis: decay/experiments/analyses.csv ---- */

enum { ANALYSIS, EXPERIMENT, MODEL, PRODUCTION, DECAY };
static const char *const analysis_columns[] = {"analysis", "experiment", "model", "production",
                                               "decay",    "source",     NULL};

static enum bd_status read_productions(const struct bd_csv *csv, size_t row, struct pair *pair,
                                       struct bd_error *err)
{
    char words[TEXT_SIZE], *rest = NULL;
    (void)snprintf(words, sizeof words, "%s", bd_csv_text(csv, row, PRODUCTION));
    pair->n_strength = 0;
    for (const char *word = strtok_r(words, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        const struct bd_strength *strength = bd_model_strength(pair->model, word);
        if (strength == NULL || pair->n_strength == PRODUCTIONS_MAX)
            return bd_csv_fail(csv, row, err, "production: model %s has no '%s'", pair->model->name, word);
        pair->strength[pair->n_strength++] = strength;
    }
    return BD_OK;
}

static enum bd_status write_decays(const struct bd_csv *csv, size_t row, struct bd_output *output,
                                   struct pair *pair, struct bd_error *err)
{
    char words[TEXT_SIZE], *rest = NULL;
    (void)snprintf(words, sizeof words, "%s", bd_csv_text(csv, row, DECAY));
    for (const char *word = strtok_r(words, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        const int mode = bd_model_mode_index(pair->model, word);
        if (mode < 0 || bd_experiment_state(pair->experiment, word) == NULL)
            return bd_csv_fail(csv, row, err, "decay: no '%s' in model %s or in card %s", word, pair->model->name,
                               pair->experiment->id);
        pair->mode = &pair->model->modes[mode];
        write_pair(output, pair);
    }
    return BD_OK;
}

static enum bd_status write_row(const struct bd_csv *csv, size_t row, struct bd_output *output,
                                struct bd_error *err)
{
    struct bd_experiment *experiment = NULL;
    struct pair pair = {.model = bd_model_find(bd_csv_text(csv, row, MODEL))};
    if (pair.model == NULL)
        return bd_csv_fail(csv, row, err, "model: there is no '%s'", bd_csv_text(csv, row, MODEL));
    BD_TRY(read_productions(csv, row, &pair, err));
    BD_TRY(bd_experiment_load(bd_csv_text(csv, row, EXPERIMENT), &experiment, err));
    pair.experiment = experiment;
    const enum bd_status status = write_decays(csv, row, output, &pair, err);
    bd_experiment_free(experiment);
    return status;
}

static enum bd_status fail_unknown(const struct bd_csv *csv, const char *name, struct bd_error *err)
{
    char list[TEXT_SIZE] = "", hint[160];
    for (size_t row = 0; row < csv->n_row; row++)
        add_word(list, ", ", bd_csv_text(csv, row, ANALYSIS));
    const char *known = bd_csv_text(csv, 0, ANALYSIS);
    return bd_fail(err, BD_USAGE, "--analysis: '%.60s' is not one of: %s.%s", name, list,
                   bd_suggest(name, &known, 1, hint, sizeof hint));
}

static enum bd_status write_analysis(const struct bd_options *options, struct bd_output *output,
                                     struct bd_error *err)
{
    const char *name = bd_options_text(options, "analysis");
    char path[4096];
    struct bd_csv *csv = NULL;
    size_t n = 0;
    BD_TRY(bd_data_path("decay/experiments/analyses.csv", path, sizeof path, err));
    BD_TRY(bd_csv_read(path, analysis_columns, &csv, err));
    enum bd_status status = BD_OK;
    for (size_t row = 0; status == BD_OK && row < csv->n_row; row++)
        if (strcmp(bd_csv_text(csv, row, ANALYSIS), name) == 0) {
            n++;
            if (is_wanted(options, bd_csv_text(csv, row, MODEL)))
                status = write_row(csv, row, output, err);
        }
    if (status == BD_OK && n == 0)
        status = fail_unknown(csv, name, err);
    bd_csv_free(csv);
    return status;
}

enum bd_status bd_list_channels(const struct bd_options *options, struct bd_error *err)
{
    struct bd_output *output = NULL;
    const int is_analysis = bd_options_given(options, "analysis");
    if (is_analysis && bd_options_given(options, "experiment"))
        return bd_fail(err, BD_USAGE, "--analysis has its own experiment: leave --experiment out");
    BD_TRY(bd_output_open(options, columns, sizeof columns / sizeof columns[0], &output, err));
    return bd_output_close(output, (is_analysis ? write_analysis : write_all)(options, output, err), err);
}
