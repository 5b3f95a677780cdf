#include "src/cli/model_options.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "src/cli/suggest.h"

#define KNOWN_MAX 64

static enum bd_status fail_unknown(const char *option, const char *word, const char *const *known, size_t n,
                                   struct bd_error *err)
{
    char list[512] = "", hint[160];
    for (size_t i = 0; i < n; i++) {
        const size_t used = strlen(list);
        (void)snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "", known[i]);
    }
    return bd_fail(err, BD_USAGE, "--%s: '%.60s' is not one of: %s.%s", option, word, list,
                   bd_suggest(word, known, n, hint, sizeof hint));
}

static enum bd_status find_model(const char *name, const struct bd_model **model, struct bd_error *err)
{
    const char *known[KNOWN_MAX];
    size_t n = 0;
    *model = bd_model_find(name);
    for (; *model == NULL && n < KNOWN_MAX && bd_model_at(n) != NULL; n++)
        known[n] = bd_model_at(n)->name;
    return *model != NULL ? BD_OK : fail_unknown("model", name, known, n, err);
}

static enum bd_status find_benchmark(const char *name, struct bd_benchmark *found, struct bd_error *err)
{
    struct bd_benchmark *all = NULL;
    const char *known[KNOWN_MAX];
    size_t n = 0, i = 0;
    BD_TRY(bd_benchmark_load_all(&all, &n, err));
    for (; i < n && strcmp(all[i].name, name) != 0; i++)
        known[i < KNOWN_MAX ? i : KNOWN_MAX - 1] = all[i].name;
    enum bd_status status = BD_OK;
    if (i < n)
        *found = all[i];
    else
        status = fail_unknown("benchmark", name, known, n < KNOWN_MAX ? n : KNOWN_MAX, err);
    free(all);
    return status;
}

static enum bd_status read_number(const char *text, const char *name, const char *unit, double *value,
                                  struct bd_error *err)
{
    if (!bd_setting_parse_number(text, value))
        return bd_fail(err, BD_USAGE, "--coupling: %s: expected a number [%s], found '%s'", name, unit, text);
    return BD_OK;
}

/* --coupling 1e-4 or --coupling theta=1e-4: the axis of a benchmark. */
static enum bd_status read_axis(const struct bd_options *options, const struct bd_benchmark *benchmark,
                                double *coupling, struct bd_error *err)
{
    if (bd_options_count(options, "coupling") != 1)
        return bd_fail(err, BD_USAGE, "--coupling: one value is expected, %s [%s], scanned from %g to %g by %s",
                       benchmark->axis_name, benchmark->axis_unit, benchmark->axis_min, benchmark->axis_max,
                       benchmark->name);
    const char *text = bd_options_item(options, "coupling", 0), *equals = strchr(text, '=');
    const size_t length = equals != NULL ? (size_t)(equals - text) : 0;
    if (equals != NULL &&
        (strlen(benchmark->axis_name) != length || strncmp(text, benchmark->axis_name, length) != 0))
        return bd_fail(err, BD_USAGE, "--coupling: the axis of %s is %s [%s], found '%s'", benchmark->name,
                       benchmark->axis_name, benchmark->axis_unit, text);
    double axis;
    BD_TRY(
        read_number(equals != NULL ? equals + 1 : text, benchmark->axis_name, benchmark->axis_unit, &axis, err));
    for (size_t i = 0; i < bd_model_n_coupling(benchmark->model); i++)
        coupling[i] = benchmark->fixed[i] + axis * benchmark->direction[i];
    return BD_OK;
}

/* --coupling C_GG=1e-4 --coupling C_BB=1e-5; a model with one coupling does not need its name. */
static enum bd_status read_couplings(const struct bd_options *options, const struct bd_model *model,
                                     double *coupling, struct bd_error *err)
{
    int given[BD_COUPLINGS_MAX] = {0};
    const size_t n = bd_options_count(options, "coupling"), n_coupling = bd_model_n_coupling(model);
    const char *norm = bd_options_text(options, "coupling-norm");
    if (norm != NULL && model->normalise == NULL)
        return bd_fail(err, BD_USAGE, "--coupling-norm: model %s has one convention only", model->name);
    if (n == 0)
        return bd_fail(err, BD_USAGE, "--coupling is missing: NAME=VALUE [%s], for example %s=1e-5",
                       model->coupling_unit, model->coupling_names[0]);
    for (size_t i = 0; i < n; i++) {
        char key[BD_COUPLINGS_MAX * 8];
        const char *text = bd_options_item(options, "coupling", i);
        int index = 0;
        if (strchr(text, '=') != NULL || n_coupling > 1) {
            BD_TRY(bd_options_pair(options, "coupling", i, key, sizeof key, &text, err));
            index = bd_model_coupling_index(model, key);
            if (index < 0)
                return fail_unknown("coupling", key, model->coupling_names, n_coupling, err);
        }
        if (given[index]++)
            return bd_fail(err, BD_USAGE, "--coupling: %s is given twice", model->coupling_names[index]);
        BD_TRY(read_number(text, model->coupling_names[index], model->coupling_unit, &coupling[index], err));
        if (norm != NULL)
            BD_TRY(bd_options_blame(
                "coupling-norm",
                model->normalise(norm, model->coupling_names[index], coupling[index], &coupling[index], err),
                err));
    }
    return BD_OK;
}

static enum bd_status read_settings(const struct bd_options *options, struct bd_model_choice *choice,
                                    struct bd_error *err)
{
    const struct bd_setting *table = choice->model->settings;
    const char *known[BD_SETTINGS_MAX];
    size_t n = 0;
    for (; table != NULL && table[n].name != NULL && n < BD_SETTINGS_MAX; n++)
        known[n] = table[n].name;
    for (size_t i = 0; i < bd_options_count(options, "set"); i++) {
        char key[64];
        const char *text;
        BD_TRY(bd_options_pair(options, "set", i, key, sizeof key, &text, err));
        if (!bd_setting_has(table, key))
            return fail_unknown("set", key, known, n, err);
        BD_TRY(bd_options_blame("set", bd_setting_set(table, &choice->settings, key, text, err), err));
    }
    return BD_OK;
}

enum bd_status bd_model_options_read(const struct bd_options *options, struct bd_model_choice *choice,
                                     struct bd_error *err)
{
    const char *model = bd_options_text(options, "model"), *name = bd_options_text(options, "benchmark");
    *choice = (struct bd_model_choice){.model = NULL};
    if (name != NULL && bd_options_text(options, "coupling-norm") != NULL)
        return bd_fail(err, BD_USAGE, "--coupling-norm is for --model: the axis of a benchmark has its own unit");
    if ((model == NULL) == (name == NULL))
        return bd_fail(err, BD_USAGE, "exactly one of --benchmark and --model is needed");
    if (name != NULL) {
        struct bd_benchmark benchmark = {.model = NULL};
        BD_TRY(find_benchmark(name, &benchmark, err));
        choice->model = benchmark.model;
        choice->settings = benchmark.settings;
        BD_TRY(read_axis(options, &benchmark, choice->coupling, err));
    } else {
        BD_TRY(find_model(model, &choice->model, err));
        bd_setting_init(choice->model->settings, &choice->settings);
        BD_TRY(read_couplings(options, choice->model, choice->coupling, err));
    }
    assert(choice->model != NULL);
    return read_settings(options, choice, err);
}
