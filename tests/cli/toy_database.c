/* toy_database FILE: write the finished run of tests/db/fixture.h with yields, points and contours to FILE, for
 * the commands that read a database. toy_database FILE TASK...: a shard, only these of its six tasks. */
#include "../db/fixture.h"

#include "db/result.h"

static void save_contour(struct bd_database *db, const struct bd_run *run, const char *kind, double cl, double pot,
                         size_t n_polyline)
{
    struct bd_error err;
    double x[3] = {0.2, 0.5, 0.3}, y[3] = {1e-4, 2e-4, pot < 5e17 ? 1e-3 : 2e-3};
    struct bd_polyline polyline = {3, x, y, 1, 0};
    struct bd_contour contour = {.experiment = "toy",
                                 .benchmark = "BC4",
                                 .plane = "mass_gev,coupling",
                                 .x_name = "mass_gev",
                                 .y_name = "coupling",
                                 .x_min = 0.01,
                                 .x_max = 5.0,
                                 .y_min = 1e-8,
                                 .y_max = 1.0,
                                 .method = "cls",
                                 .cl = cl,
                                 .pot = pot,
                                 .n_polyline = n_polyline,
                                 .polyline = &polyline};
    (void)snprintf(contour.kind, sizeof contour.kind, "%s", kind);
    expect_ok(bd_result_save_contour(db, run->id, &contour, &err), err);
}

static void save_results(struct bd_database *db, const struct bd_run *run)
{
    struct bd_error err;
    const struct bd_result_yield yield = {.channel = "dark_scalar/b_decay(form_factor=pole)/mu+mu-",
                                          .region = "sr",
                                          .mass_gev = 0.5,
                                          .width_gev = 1e-16,
                                          .coupling = 1e-4,
                                          .n_events = 100.0,
                                          .n_events_err = 1.0,
                                          .signal = 7.0,
                                          .chi_per_pot = 2e-7,
                                          .reach_decay = 0.01};
    const struct bd_result_point point = {0.5, 1e-4, 7.0, 0.03, {0.01, 0.01, 0.02, 0.05, (double)NAN}, BD_FLAG_OK};
    const struct bd_result_plane plane = {run->id, "toy", "BC4", "cls", 1e17};
    expect_ok(bd_result_save_yields(db, "toy", "BC4", &yield, 1, &err), err);
    expect_ok(bd_result_save_points(db, &plane, &point, 1, &err), err);
    save_contour(db, run, "observed", 0.9, 1e17, 1);
    save_contour(db, run, "observed", 0.95, 1e17, 1);
    save_contour(db, run, "observed", 0.9, 1e18, 1);
    save_contour(db, run, "expected+2sigma", 0.9, 1e17, 0); /* nothing is excluded */
}

int main(int argc, char **argv)
{
    struct toy toy;
    struct bd_run run;
    struct bd_error err;
    struct bd_database *db;
    if (argc < 2)
        return 2;
    toy_init(&toy);
    expect_ok(bd_database_open(argv[1], BD_DATABASE_CREATE, &db, &err), err);
    expect_ok(bd_run_begin(db, &toy.plan, &toy.info, 0, &run, &err), err);
    for (int i = 2; i < argc; i++)
        toy_save(db, &run, strtoul(argv[i], NULL, 10));
    for (size_t task = 0; argc == 2 && task < TOY_TASKS; task++)
        toy_save(db, &run, task);
    expect_ok(bd_run_finish(db, &run, NULL, &err), err);
    if (argc == 2)
        save_results(db, &run);
    bd_database_close(db);
    toy_free(&toy);
    return 0;
}
