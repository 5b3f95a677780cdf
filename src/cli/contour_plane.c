#include "src/cli/contour_plane.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/kernel_store.h"
#include "db/result.h"
#include "src/cli/contour_job.h"
#include "src/cli/experiment_option.h"
#include "src/scan/plane.h"

/* What is typed, and what an axis is called in the database and in CSV. */
static const char *const axis_names[][2] = {{"mass", "mass_gev"}, {"ctau", "ctau_m"}, {"br", "branching_ratio"}};

void bd_contour_plane_name(const char *typed, char *name, size_t size)
{
    const size_t length = strcspn(typed, ",");
    const char *comma = typed[length] == ',' ? "," : "", *word[2] = {typed, typed + length + strlen(comma)};
    size_t used = 0;
    for (size_t k = 0; k < 2 && used < size; k++) {
        const size_t n = k == 0 ? length : strlen(word[1]);
        const char *text = word[k];
        size_t m = n;
        for (size_t i = 0; i < sizeof axis_names / sizeof axis_names[0]; i++)
            if (strlen(axis_names[i][0]) == n && strncmp(word[k], axis_names[i][0], n) == 0) {
                text = axis_names[i][1];
                m = strlen(text);
            }
        used += (size_t)snprintf(name + used, size - used, "%.*s%s", (int)m, text, k == 0 ? comma : "");
    }
}

/* A plane as it was asked for. */
struct request {
    enum bd_plane_axes axes;
    char name[64]; /* "C_GG,C_BB" as stored */
    char x_name[32], y_name[32];
    char contour[128];            /* what is fixed: the name of the contour */
    const struct bd_model *model; /* NULL without one */
    double fixed[BD_COUPLINGS_MAX];
    struct bd_plane_range range;
};

static enum bd_status read_axes(const struct bd_options *options, struct request *request, struct bd_error *err)
{
    const char *typed = bd_options_text(options, "plane");
    bd_contour_plane_name(typed, request->name, sizeof request->name);
    const char *comma = strchr(request->name, ',');
    if (comma == NULL || comma == request->name || comma[1] == '\0' || strchr(comma + 1, ',') != NULL ||
        strlen(typed) > 40)
        return bd_fail(err, BD_USAGE, "--plane: expected two axes X,Y, found '%.60s'", typed);
    (void)snprintf(request->x_name, sizeof request->x_name, "%.*s", (int)(comma - request->name), request->name);
    (void)snprintf(request->y_name, sizeof request->y_name, "%.31s", comma + 1);
    const int is_rate =
        strcmp(request->x_name, "branching_ratio") == 0 || strcmp(request->x_name, "strength") == 0;
    if (strcmp(request->y_name, "ctau_m") != 0)
        request->axes = BD_PLANE_COUPLINGS;
    else if (strcmp(request->x_name, "mass_gev") == 0)
        request->axes = BD_PLANE_MASS_CTAU;
    else if (is_rate)
        request->axes = BD_PLANE_BR_CTAU;
    else
        return bd_fail(err, BD_USAGE, "--plane: ctau goes with mass, br or strength, not with '%s'",
                       request->x_name);
    return BD_OK;
}

/* Which options each plane needs (1), takes (0) and does not take (-1). */
static enum bd_status check_options(const struct bd_options *options, enum bd_plane_axes axes,
                                    struct bd_error *err)
{
    static const struct {
        const char *option;
        int couplings, mass_ctau, br_ctau;
    } rules[] = {
        {"benchmark", -1, -1, -1}, {"model", 1, 0, 0},      {"mass", 1, -1, 1},
        {"coupling", 0, -1, -1},   {"production", 0, 1, 1}, {"strength", -1, 1, -1},
        {"decay", 0, 1, 1},        {"with", -1, -1, -1},    {"combine", -1, -1, -1},
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        const int rule = axes == BD_PLANE_COUPLINGS   ? rules[i].couplings
                         : axes == BD_PLANE_MASS_CTAU ? rules[i].mass_ctau
                                                      : rules[i].br_ctau;
        const int given = bd_options_given(options, rules[i].option);
        if (given && rule < 0)
            return bd_fail(err, BD_USAGE, "--%s does not go with --plane %s", rules[i].option,
                           bd_options_text(options, "plane"));
        if (!given && rule > 0)
            return bd_fail(err, BD_USAGE, "--%s is needed for --plane %s", rules[i].option,
                           bd_options_text(options, "plane"));
    }
    if (axes != BD_PLANE_COUPLINGS && bd_options_count(options, "production") != 1)
        return bd_fail(err, BD_USAGE, "--production: one channel is expected for --plane %s",
                       bd_options_text(options, "plane"));
    return BD_OK;
}

/* FROM:TO; min and max keep the default if the option was not given. */
static enum bd_status read_range(const struct bd_options *options, const char *name, double *min, double *max,
                                 struct bd_error *err)
{
    const char *text = bd_options_text(options, name), *colon = text != NULL ? strchr(text, ':') : NULL;
    char from[64];
    if (text == NULL)
        return BD_OK;
    if (colon != NULL)
        (void)snprintf(from, sizeof from, "%.*s", (int)(colon - text), text);
    if (colon == NULL || !bd_setting_parse_number(from, min) || !bd_setting_parse_number(colon + 1, max) ||
        !(*min > 0.0 && *max > *min))
        return bd_fail(err, BD_USAGE, "--%s: expected FROM:TO, positive and ascending, found '%s'", name, text);
    return BD_OK;
}

static enum bd_status read_couplings(const struct bd_options *options, struct request *request,
                                     struct bd_error *err)
{
    int given[BD_COUPLINGS_MAX] = {0};
    for (size_t i = 0; i < bd_options_count(options, "coupling"); i++) {
        char key[64];
        const char *text;
        BD_TRY(bd_options_pair(options, "coupling", i, key, sizeof key, &text, err));
        const int index = bd_model_coupling_index(request->model, key);
        if (index < 0 || given[index]++)
            return bd_fail(err, BD_USAGE, "--coupling: %s is %s", key,
                           index < 0 ? "no coupling of the model" : "given twice");
        if (strcmp(key, request->x_name) == 0 || strcmp(key, request->y_name) == 0)
            return bd_fail(err, BD_USAGE, "--coupling: %s is on an axis", key);
        if (!bd_setting_parse_number(text, &request->fixed[index]))
            return bd_fail(err, BD_USAGE, "--coupling: %s: expected a number [%s], found '%s'", key,
                           request->model->coupling_unit, text);
    }
    return BD_OK;
}

/* "alp mass=0.5 C_WW=1e-05", "b_decay:K mu+mu- strength=1e-09": what tells contours of one plane apart. */
static enum bd_status name_contour(const struct bd_options *options, struct request *request, struct bd_error *err)
{
    char text[512];
    size_t used = 0;
    const char *model = bd_options_text(options, "model");
    if (model != NULL)
        used += (size_t)snprintf(text, sizeof text, "%.30s ", model);
    for (size_t i = 0; i < bd_options_count(options, "production") && used < sizeof text; i++)
        used +=
            (size_t)snprintf(text + used, sizeof text - used, "%s ", bd_options_item(options, "production", i));
    if (used < sizeof text && request->axes != BD_PLANE_COUPLINGS)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s ", bd_options_text(options, "decay"));
    if (used < sizeof text)
        used += (size_t)snprintf(
            text + used, sizeof text - used, "%s=%.6g", request->axes == BD_PLANE_MASS_CTAU ? "strength" : "mass",
            bd_options_number(options, request->axes == BD_PLANE_MASS_CTAU ? "strength" : "mass"));
    for (size_t i = 0; i < BD_COUPLINGS_MAX && used < sizeof text; i++)
        if (fabs(request->fixed[i]) > 0.0)
            used += (size_t)snprintf(text + used, sizeof text - used, " %s=%.6g",
                                     request->model->coupling_names[i], request->fixed[i]);
    if (used >= sizeof request->contour)
        return bd_fail(err, BD_USAGE, "--production: too many for the name of a contour, '%.60s...'", text);
    memcpy(request->contour, text, used + 1);
    return BD_OK;
}

static enum bd_status read_request(const struct bd_options *options, struct request *request, struct bd_error *err)
{
    const char *model = bd_options_text(options, "model");
    *request = (struct request){.range = {1e-12, 1.0, 1e-12, 1.0}};
    BD_TRY(read_axes(options, request, err));
    BD_TRY(check_options(options, request->axes, err));
    request->model = model != NULL ? bd_model_find(model) : NULL;
    if (model != NULL && request->model == NULL)
        return bd_fail(err, BD_USAGE, "--model: there is no model '%s' (see: beamdump list models)", model);
    if (request->model != NULL)
        BD_TRY(read_couplings(options, request, err));
    if (request->axes == BD_PLANE_MASS_CTAU)
        request->range.x_min = request->range.x_max = 0.0;
    if (request->axes != BD_PLANE_COUPLINGS) {
        request->range.y_min = 1e-4;
        request->range.y_max = 1e12;
    }
    BD_TRY(read_range(options, "x-range", &request->range.x_min, &request->range.x_max, err));
    BD_TRY(read_range(options, "y-range", &request->range.y_min, &request->range.y_max, err));
    return name_contour(options, request, err);
}

/* ---- from kernels to contours ---- */

static enum bd_status open_yield(const struct bd_options *options, const struct request *request,
                                 const struct bd_kernel_set *set, struct bd_yield **yield, struct bd_error *err)
{
    const size_t n = bd_options_count(options, "production");
    struct bd_benchmark benchmark;
    if (request->axes != BD_PLANE_COUPLINGS)
        return bd_yield_open_channel(set, bd_options_text(options, "production"),
                                     bd_options_text(options, "model"), bd_options_text(options, "decay"), yield,
                                     err);
    BD_TRY(bd_options_blame(
        "plane",
        bd_plane_benchmark(request->model, request->x_name, request->y_name, request->fixed, &benchmark, err),
        err));
    if (n > sizeof benchmark.production / sizeof benchmark.production[0])
        return bd_fail(err, BD_USAGE, "--production: %zu are too many", n);
    for (size_t i = 0; i < n; i++)
        (void)snprintf(benchmark.production[i], sizeof benchmark.production[i], "%s",
                       bd_options_item(options, "production", i));
    benchmark.n_production = n > 0 ? n : benchmark.n_production;
    return bd_yield_open(set, &benchmark, yield, err);
}

/* A strength is no branching ratio, and must not be typed as one. */
static enum bd_status check_names(const struct bd_plane_view *plane, const struct request *request,
                                  struct bd_error *err)
{
    const char *x_name, *y_name;
    bd_plane_names(plane, &x_name, &y_name);
    if (strcmp(x_name, request->x_name) != 0)
        return bd_fail(err, BD_USAGE, "--plane: the axis of this production is %s, not %s", x_name,
                       request->x_name);
    return BD_OK;
}

static enum bd_status trace_plane(const struct bd_options *options, const struct request *request,
                                  const struct bd_yield *yield, struct bd_contour *contours, size_t n,
                                  struct bd_error *err)
{
    struct bd_exclusion_options exclusion;
    struct bd_exclusion *opened = NULL;
    bd_contour_job_options(options, &exclusion);
    exclusion.only_decay = bd_options_text(options, "decay");
    BD_TRY(bd_exclusion_open(yield, &exclusion, &opened, err));
    struct bd_plane_view plane = {.axes = request->axes,
                                  .exclusion = opened,
                                  .yield = yield,
                                  .mass_gev = bd_options_number(options, "mass"),
                                  .strength = bd_options_number(options, "strength")};
    if (plane.axes == BD_PLANE_COUPLINGS) {
        plane.x_coupling = (size_t)bd_model_coupling_index(request->model, request->x_name);
        plane.y_coupling = (size_t)bd_model_coupling_index(request->model, request->y_name);
    }
    enum bd_status status = check_names(&plane, request, err);
    for (size_t i = 0; i < n && status == BD_OK; i++) {
        plane.kind = (enum bd_exclusion_kind)i;
        status = bd_plane_contour(&plane, &request->range, request->contour, bd_experiment_option_threads(options),
                                  &contours[i], err);
    }
    bd_exclusion_free(opened);
    return status;
}

static enum bd_status run_database(const struct bd_options *options, const struct request *request, int store,
                                   struct bd_database *db, struct bd_contour *contours, size_t n,
                                   struct bd_error *err)
{
    const struct bd_kernel_filter filter = {.model = bd_options_text(options, "model"),
                                            .decay = bd_options_text(options, "decay")};
    struct bd_kernel_set *set = NULL;
    struct bd_yield *yield = NULL;
    char experiment[BD_NAME_SIZE];
    BD_TRY(bd_experiment_option_read(options, db, experiment, err));
    enum bd_status status = bd_kernel_store_load(db, experiment, &filter, &set, err);
    if (status == BD_OK)
        status = open_yield(options, request, set, &yield, err);
    if (status == BD_OK)
        status = trace_plane(options, request, yield, contours, n, err);
    for (size_t i = 0; i < n && status == BD_OK && store; i++)
        status = bd_result_save_contour(db, yield->channel[0].series->run, &contours[i], err);
    bd_yield_free(yield);
    bd_kernel_set_free(set);
    return status;
}

enum bd_status bd_contour_plane_run(const struct bd_options *options, struct bd_error *err)
{
    struct request request;
    struct bd_database *db = NULL;
    BD_TRY(read_request(options, &request, err));
    /* By one decay of several: printed, not stored, as for a benchmark. */
    const int store = !bd_options_flag(options, "no-store") &&
                      (request.axes != BD_PLANE_COUPLINGS || !bd_options_given(options, "decay"));
    const size_t n = bd_options_flag(options, "expected") ? BD_EXCLUSION_KINDS : 1;
    struct bd_contour *contours = calloc(n, sizeof *contours);
    enum bd_status status = contours != NULL ? BD_OK : bd_fail(err, BD_NO_MEMORY, "contour: out of memory");
    if (status == BD_OK)
        status = bd_database_open(bd_options_text(options, "db"), store ? BD_DATABASE_WRITE : BD_DATABASE_READ,
                                  &db, err);
    if (status == BD_OK)
        status = run_database(options, &request, store, db, contours, n, err);
    if (status == BD_OK)
        status = bd_contour_job_print(options, contours, n, err);
    bd_contour_job_free(contours, n);
    bd_database_close(db);
    return status;
}
