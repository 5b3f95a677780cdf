/* models/benchmark.c - the benchmarks, read from a table (models/model.h). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/model.h"
#include "src/core/csv.h"
#include "src/core/data.h"

#define BENCHMARKS_FILE "models/data/benchmarks.csv"
#define COUPLING_LIMIT 1e30

enum column {
    NAME,
    MODEL,
    FIXED,
    DIRECTION,
    AXIS_NAME,
    AXIS_UNIT,
    AXIS_MIN,
    AXIS_MAX,
    MASS_MIN,
    MASS_MAX,
    N_MASS,
    SETTINGS,
    PRODUCTION,
    TITLE,
    SOURCE
};
static const char *const columns[] = {
    "name",         "model",        "fixed",  "direction", "axis_name",  "axis_unit", "axis_min", "axis_max",
    "mass_min_gev", "mass_max_gev", "n_mass", "settings",  "production", "title",     "source",   NULL};

/* A row being read. */
struct row {
    const struct bd_csv *csv;
    size_t number;
    struct bd_error *err;
};

static const char *text_of(const struct row *row, enum column column)
{
    return bd_csv_text(row->csv, row->number, column);
}

static enum bd_status copy_text(const struct row *row, const char *text, enum column column, char *copy,
                                size_t size)
{
    if (*text == '\0')
        return bd_csv_fail(row->csv, row->number, row->err, "%s: is empty", columns[column]);
    if (strlen(text) >= size)
        return bd_csv_fail(row->csv, row->number, row->err, "%s: '%s' is longer than %zu characters",
                           columns[column], text, size - 1);
    memcpy(copy, text, strlen(text) + 1);
    return BD_OK;
}

static enum bd_status unknown_model(const struct row *row)
{
    char known[256] = "";
    for (size_t i = 0, used = 0; bd_model_at(i) != NULL && used < sizeof known; i++)
        used +=
            (size_t)snprintf(known + used, sizeof known - used, "%s%s", i > 0 ? ", " : "", bd_model_at(i)->name);
    return bd_csv_fail(row->csv, row->number, row->err, "model: '%s' is not one of: %s", text_of(row, MODEL),
                       known);
}

/* Next of the words of a field, which ends at one of the separators; 0 if there is none, -1 if it is too long. */
static int next_word(const char **text, const char *separators, char *word, size_t size)
{
    *text += strspn(*text, separators);
    const size_t length = strcspn(*text, separators);
    if (length >= size)
        return -1;
    memcpy(word, *text, length);
    word[length] = '\0';
    *text += length;
    return length > 0;
}

/* Every "KEY=VALUE" of a field goes to set(). */
static enum bd_status read_assignments(const struct row *row, enum column column, struct bd_benchmark *benchmark,
                                       enum bd_status (*set)(struct bd_benchmark *benchmark, enum column column,
                                                             const char *key, const char *value,
                                                             struct bd_error *err))
{
    const char *text = text_of(row, column);
    char word[64];
    int found;
    while ((found = next_word(&text, " ", word, sizeof word)) > 0) {
        char *equal = strchr(word, '=');
        if (equal == NULL)
            return bd_csv_fail(row->csv, row->number, row->err, "%s: expected KEY=VALUE, found '%s'",
                               columns[column], word);
        *equal = '\0';
        struct bd_error cause;
        if (set(benchmark, column, word, equal + 1, &cause) != BD_OK)
            return bd_csv_fail(row->csv, row->number, row->err, "%s: %s", columns[column], cause.message);
    }
    if (found < 0)
        return bd_csv_fail(row->csv, row->number, row->err, "%s: a word is too long: '%s'", columns[column], text);
    return BD_OK;
}

static enum bd_status set_coupling(struct bd_benchmark *benchmark, enum column column, const char *key,
                                   const char *value, struct bd_error *err)
{
    const int index = bd_model_coupling_index(benchmark->model, key);
    if (index < 0)
        return bd_fail(err, BD_BAD_INPUT, "model %s has no coupling '%s'", benchmark->model->name, key);
    double *target = column == FIXED ? benchmark->fixed : benchmark->direction;
    if (!bd_setting_parse_number(value, &target[index]))
        return bd_fail(err, BD_BAD_INPUT, "%s: expected a number [%s], found '%s'", key,
                       benchmark->model->coupling_unit, value);
    return BD_OK;
}

static enum bd_status set_setting(struct bd_benchmark *benchmark, enum column column, const char *key,
                                  const char *value, struct bd_error *err)
{
    (void)column;
    return bd_setting_set(benchmark->model->settings, &benchmark->settings, key, value, err);
}

static enum bd_status read_productions(const struct row *row, struct bd_benchmark *benchmark)
{
    const size_t n_max = sizeof benchmark->production / sizeof benchmark->production[0];
    const char *text = text_of(row, PRODUCTION);
    char word[sizeof benchmark->production[0]];
    int found;
    while ((found = next_word(&text, ";", word, sizeof word)) > 0) {
        if (benchmark->n_production == n_max)
            return bd_csv_fail(row->csv, row->number, row->err, "production: more than %zu channels", n_max);
        char name[sizeof word];
        memcpy(name, word, sizeof word);
        name[strcspn(name, " ")] = '\0';
        const int has_state_strength = bd_model_strength(benchmark->model, name) != NULL;
        name[strcspn(name, ":")] = '\0';
        if (!has_state_strength && bd_model_strength(benchmark->model, name) == NULL)
            return bd_csv_fail(row->csv, row->number, row->err, "production: model %s has no channel '%s'",
                               benchmark->model->name, name);
        memcpy(benchmark->production[benchmark->n_production++], word, sizeof word);
    }
    if (found < 0)
        return bd_csv_fail(row->csv, row->number, row->err, "production: a channel is too long: '%s'", text);
    if (benchmark->n_production == 0)
        return bd_csv_fail(row->csv, row->number, row->err, "production: is empty");
    return BD_OK;
}

static enum bd_status read_row(const struct row *row, struct bd_benchmark *b)
{
    const struct bd_csv *csv = row->csv;
    const size_t i = row->number;
    struct bd_error *err = row->err;
    double n_mass;
    b->model = bd_model_find(text_of(row, MODEL));
    if (b->model == NULL)
        return unknown_model(row);
    BD_TRY(copy_text(row, text_of(row, NAME), NAME, b->name, sizeof b->name));
    BD_TRY(copy_text(row, text_of(row, TITLE), TITLE, b->title, sizeof b->title));
    BD_TRY(copy_text(row, text_of(row, SOURCE), SOURCE, b->source, sizeof b->source));
    BD_TRY(copy_text(row, text_of(row, AXIS_NAME), AXIS_NAME, b->axis_name, sizeof b->axis_name));
    BD_TRY(copy_text(row, text_of(row, AXIS_UNIT), AXIS_UNIT, b->axis_unit, sizeof b->axis_unit));
    bd_setting_init(b->model->settings, &b->settings);
    BD_TRY(read_assignments(row, SETTINGS, b, set_setting));
    BD_TRY(read_assignments(row, FIXED, b, set_coupling));
    BD_TRY(read_assignments(row, DIRECTION, b, set_coupling));
    double length = 0.0;
    for (size_t k = 0; k < BD_COUPLINGS_MAX; k++)
        length += fabs(b->direction[k]);
    if (length <= 0.0)
        return bd_csv_fail(csv, i, err, "direction: no coupling changes along the axis");
    /* Both axes are logarithmic. */
    BD_TRY(bd_csv_number(csv, i, AXIS_MIN, 1e-30, COUPLING_LIMIT, &b->axis_min, err));
    BD_TRY(bd_csv_number(csv, i, AXIS_MAX, b->axis_min, COUPLING_LIMIT, &b->axis_max, err));
    BD_TRY(bd_csv_number(csv, i, MASS_MIN, b->model->mass_min_gev, b->model->mass_max_gev, &b->mass_min_gev, err));
    BD_TRY(bd_csv_number(csv, i, MASS_MAX, b->mass_min_gev, b->model->mass_max_gev, &b->mass_max_gev, err));
    BD_TRY(bd_csv_number(csv, i, N_MASS, 2, 100000, &n_mass, err));
    b->n_mass = (int)n_mass;
    if (b->n_mass != n_mass)
        return bd_csv_fail(csv, i, err, "n_mass: expected a whole number, found '%s'", text_of(row, N_MASS));
    return read_productions(row, b);
}

static const struct bd_benchmark *find(const struct bd_benchmark *benchmarks, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(benchmarks[i].name, name) == 0)
            return &benchmarks[i];
    return NULL;
}

enum bd_status bd_benchmark_read(const char *path, struct bd_benchmark **benchmarks, size_t *n,
                                 struct bd_error *err)
{
    struct bd_csv *csv = NULL;
    BD_TRY(bd_csv_read(path, columns, &csv, err));
    struct bd_benchmark *all = calloc(csv->n_row, sizeof *all);
    if (all == NULL) {
        bd_csv_free(csv);
        return bd_fail(err, BD_NO_MEMORY, "%s: out of memory", path);
    }
    enum bd_status status = BD_OK;
    for (size_t i = 0; i < csv->n_row && status == BD_OK; i++) {
        const struct row row = {csv, i, err};
        status = read_row(&row, &all[i]);
        if (status == BD_OK && find(all, i, all[i].name) != NULL)
            status = bd_csv_fail(csv, i, err, "name: '%s' is given twice", all[i].name);
    }
    *n = csv->n_row;
    bd_csv_free(csv);
    if (status != BD_OK) {
        free(all);
        return status;
    }
    *benchmarks = all;
    return BD_OK;
}

enum bd_status bd_benchmark_load_all(struct bd_benchmark **benchmarks, size_t *n, struct bd_error *err)
{
    char path[1024];
    BD_TRY(bd_data_path(BENCHMARKS_FILE, path, sizeof path, err));
    return bd_benchmark_read(path, benchmarks, n, err);
}

enum bd_status bd_benchmark_load(const char *name, struct bd_benchmark *benchmark, struct bd_error *err)
{
    struct bd_benchmark *all = NULL;
    size_t n = 0;
    BD_TRY(bd_benchmark_load_all(&all, &n, err));
    const struct bd_benchmark *found = find(all, n, name);
    enum bd_status status = BD_OK;
    if (found != NULL) {
        *benchmark = *found;
    } else {
        char known[600] = "";
        for (size_t i = 0, used = 0; i < n && used < sizeof known; i++)
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i > 0 ? ", " : "", all[i].name);
        status = bd_fail(err, BD_BAD_INPUT, "there is no benchmark '%s'; known: %s", name, known);
    }
    free(all);
    return status;
}
