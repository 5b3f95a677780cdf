/* tests/db/fixture.h - a toy experiment, a plan of 2 productions x 2 decays x 3 masses, kernels with known
 * transforms, and a folder for databases. */
#ifndef BD_TESTS_DB_FIXTURE_H
#define BD_TESTS_DB_FIXTURE_H

#include "expect.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "db/database.h"
#include "db/dump.h"
#include "db/kernel_store.h"
#include "db/query.h"
#include "db/run.h"
#include "src/core/data.h"
#include "src/core/pdg.h"

#define TOY_TASKS 6
#define TOY_NODE 100 /* the only node of the kernels with a weight */

static const struct bd_model toy_model = {.name = "dark_scalar",
                                          .title = "scalar mixing with the Higgs boson",
                                          .source = "a paper",
                                          .coupling_unit = "1"};
static const struct bd_model *const toy_models[] = {&toy_model};
static const struct bd_production toy_b_decay = {
    .name = "b_decay", .model = "dark_scalar", .title = "B -> X_s S", .unit = "theta = 1", .source = "a paper"};
static const struct bd_production toy_b_state = {
    .name = "b_decay", .title = "B -> K X", .unit = "BR = 1", .source = "a paper"};
static const struct bd_run_input toy_inputs[] = {{"production/spectra/pp_400GeV_beauty.csv", 0x123}};

struct toy {
    char folder[64], path[96];
    struct bd_experiment experiment;
    struct bd_plan plan;
    struct bd_plan_production production[2];
    char decay[2][BD_NAME_SIZE];
    double mass_gev[3];
    char card[64];
    struct bd_run_info info;
};

static inline void toy_experiment(struct bd_experiment *experiment, char *card)
{
    *experiment = (struct bd_experiment){.id = "toy",
                                         .title = "a toy dump",
                                         .mode = "dump",
                                         .status = "data",
                                         .pot = 1e17,
                                         .pot_rel_unc = 0.2,
                                         .pot_reference = 1e17,
                                         .impact_m = {0.0, -0.022, 23.07},
                                         .charged_volume = {102.4, 180.0},
                                         .neutral_volume = {102.4, 241.093},
                                         .mass_resolution_rel = 0.01,
                                         .limit_cl = 0.9,
                                         .text = card,
                                         .n_combine = 2,
                                         .combine = {0, 1}};
    experiment->hash = bd_data_hash(BD_HASH_START, card, strlen(card));
    experiment->n_state = 3;
    experiment->state[0] = (struct bd_final_state){.name = "mu+mu-", .a_trig = 0.8, .source = "a paper"};
    experiment->state[1] = (struct bd_final_state){.name = "pi+pi-", .a_trig = 0.5, .source = "a paper"};
    experiment->state[2] =
        (struct bd_final_state){.name = "gammagamma", .a_trig = 0.9, .projection = 1, .neutral_volume = 1};
    experiment->n_count = 2;
    experiment->count[0] = (struct bd_count){.state = 0,
                                             .region = "box_mumu",
                                             .b_sr = 0.016,
                                             .b_sr_err_up = 0.003,
                                             .b_sr_err_down = 0.002,
                                             .n_sr = 1,
                                             .n_cr = -1,
                                             .n_ul90 = 2,
                                             .ul90 = {4e-4, 7e-3},
                                             .n_candidate = 1,
                                             .candidate_mass_gev = {0.411},
                                             .window_n_sigma = 3.0,
                                             .window_m_min_gev = 0.212,
                                             .window_m_max_gev = 2.0,
                                             .cl = 0.68};
    experiment->count[1] = (struct bd_count){
        .state = 1, .region = "ellipse", .b_sr = 0.007, .b_cr = 0.013, .n_sr = 0, .n_cr = 2, .cl = 0.9};
}

static inline void toy_init(struct toy *toy)
{
    (void)snprintf(toy->folder, sizeof toy->folder, "%s", "/tmp/beamdump_db_XXXXXX");
    assert_non_null(mkdtemp(toy->folder));
    (void)snprintf(toy->path, sizeof toy->path, "%s/toy.db", toy->folder);
    (void)snprintf(toy->card, sizeof toy->card, "%s", "experiment: {id: toy}\n");
    toy_experiment(&toy->experiment, toy->card);
    toy->production[0] = (struct bd_plan_production){
        .channel = &toy_b_decay, .settings_text = "form_factor=pole", .model = "dark_scalar"};
    toy->production[1] = (struct bd_plan_production){.channel = &toy_b_state, .variant = "K"};
    (void)snprintf(toy->decay[0], BD_NAME_SIZE, "%s", "mu+mu-");
    (void)snprintf(toy->decay[1], BD_NAME_SIZE, "%s", "pi+pi-");
    const double masses_gev[] = {0.3, 0.5, 1.0 / 3.0 + 0.5};
    memcpy(toy->mass_gev, masses_gev, sizeof masses_gev);
    toy->plan = (struct bd_plan){.experiment = &toy->experiment,
                                 .n_production = 2,
                                 .n_decay = 2,
                                 .n_mass = 3,
                                 .production = toy->production,
                                 .decay = toy->decay,
                                 .mass_gev = toy->mass_gev,
                                 .precision = 0.01,
                                 .max_points = 32768,
                                 .seed = 1,
                                 .threads = 2,
                                 .grid = {97, 17, 1.1, 0.05, 0.0, 3.5e-4, -2.0, 0.04},
                                 .nodes = {-1.6, 0.03}};
    bd_run_info_init(&toy->info);
    toy->info.command_line = "beamdump scan --experiment toy";
    toy->info.input = toy_inputs;
    toy->info.n_input = 1;
    toy->info.model = toy_models;
    toy->info.n_model = 1;
}

/* Files of the folder, and the folder. */
static inline void toy_free(struct toy *toy)
{
    DIR *folder = opendir(toy->folder);
    if (folder == NULL)
        return;
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        char path[512];
        (void)snprintf(path, sizeof path, "%s/%s", toy->folder, entry->d_name);
        (void)unlink(path);
    }
    (void)closedir(folder);
    (void)rmdir(toy->folder);
}

/* The weight of production p in task: all different. */
static inline double toy_weight(size_t task, size_t p)
{
    return 1e-9 / 3.0 * (double)(1 + task) * (double)(1 + 10 * p);
}

/* kernels[2] of a task: one node each, so that N = (Gamma/hbar c) w exp(-m s Gamma/hbar c). The last mass of the
 * second production misses its precision. */
static inline void toy_kernels(size_t task, struct bd_kernel *kernels)
{
    for (size_t p = 0; p < 2; p++) {
        kernels[p] = (struct bd_kernel){.flag = p == 1 && task % 3 == 2 ? BD_FLAG_PRECISION : BD_FLAG_OK,
                                        .chi_per_pot = 2e-7 * (double)(1 + p),
                                        .acceptance = 0.25,
                                        .error = p == 1 && task % 3 == 2 ? 0.05 : 0.008,
                                        .n_configuration = 8192.0};
        kernels[p].weight[TOY_NODE] = toy_weight(task, p);
        for (size_t k = 0; k < BD_REACH_NODES; k++)
            kernels[p].reach[k] = 1e-9;
        for (size_t k = 0; k < BD_KERNEL_ERRORS; k++) {
            kernels[p].error_width_gev[k] = 1e-18 * pow(10.0, (double)k / 5.75); /* to 1e-14 */
            kernels[p].error_rel[k] = kernels[p].error;
        }
    }
}

/* N_pd of a toy kernel, in closed form. */
static inline double toy_yield(const struct toy *toy, size_t task, size_t p, double width_gev)
{
    const double s = exp(toy->plan.nodes.ln_s_min + (TOY_NODE - 3) * toy->plan.nodes.ln_s_step);
    const double rate_per_m = width_gev / BD_HBARC_GEV_M;
    return rate_per_m * toy_weight(task, p) * exp(-toy->mass_gev[task % 3] * s * rate_per_m);
}

static inline void toy_save(struct bd_database *db, const struct bd_run *run, size_t task)
{
    struct bd_error err;
    struct bd_kernel kernels[2];
    toy_kernels(task, kernels);
    expect_ok(bd_kernel_store_save_task(db, run, task, kernels, &err), err);
}

/* A database with the finished toy run. */
static inline struct bd_database *toy_database(struct toy *toy, struct bd_run *run)
{
    struct bd_error err;
    struct bd_database *db;
    expect_ok(bd_database_open(toy->path, BD_DATABASE_CREATE, &db, &err), err);
    expect_ok(bd_run_begin(db, &toy->plan, &toy->info, 0, run, &err), err);
    for (size_t task = 0; task < TOY_TASKS; task++)
        toy_save(db, run, task);
    size_t n_missing;
    expect_ok(bd_run_finish(db, run, &n_missing, &err), err);
    assert_int_equal(n_missing, 0);
    return db;
}

/* Rows of a query as text: "a|b\n"; numbers with 10 digits. */
struct toy_rows {
    char text[8192];
    size_t used, n;
};

static inline void toy_add(struct toy_rows *rows, const char *text)
{
    rows->used += (size_t)snprintf(rows->text + rows->used, sizeof rows->text - rows->used, "%s", text);
    assert_true(rows->used < sizeof rows->text);
}

static inline enum bd_status toy_add_row(void *context, size_t n, const struct bd_value *values,
                                         struct bd_error *err)
{
    (void)err;
    struct toy_rows *rows = context;
    for (size_t i = 0; i < n; i++) {
        char text[64];
        (void)snprintf(text, sizeof text, "%.10g", values[i].real);
        toy_add(rows, i > 0 ? "|" : "");
        toy_add(rows, values[i].type == BD_VALUE_TEXT   ? values[i].text
                      : values[i].type == BD_VALUE_NULL ? ""
                                                        : text);
    }
    toy_add(rows, "\n");
    rows->n++;
    return BD_OK;
}

static inline enum bd_status toy_add_columns(void *context, size_t n, const char *const *names,
                                             struct bd_error *err)
{
    (void)err;
    struct toy_rows *rows = context;
    for (size_t i = 0; i < n; i++) {
        toy_add(rows, i > 0 ? "|" : "");
        toy_add(rows, names[i]);
    }
    toy_add(rows, "\n");
    return BD_OK;
}

/* Run SQL that may write; the rows (without names) in rows->text. */
static inline const char *toy_query(struct bd_database *db, const char *sql, struct toy_rows *rows)
{
    struct bd_error err;
    *rows = (struct toy_rows){.used = 0};
    const struct bd_query_sink sink = {.row = toy_add_row, .context = rows};
    expect_ok(bd_query_run(db, sql, 1, NULL, 0, &sink, &err), err);
    return rows->text;
}

/* The canonical dump; the caller frees. */
static inline char *toy_dump(struct bd_database *db)
{
    struct bd_error err;
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    expect_ok(bd_dump_write(db, out, &err), err);
    (void)fclose(out);
    return text;
}

#endif
