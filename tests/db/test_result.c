/* Yields, points and contours, and the views on them. */
#include "fixture.h"

#include "db/result.h"

#define SCALAR_MUMU "dark_scalar/b_decay(form_factor=pole)/mu+mu-"
#define SCALAR_PIPI "dark_scalar/b_decay(form_factor=pole)/pi+pi-"

static struct bd_polyline make_polyline(double *x, double *y, size_t n, int closed, int hole)
{
    return (struct bd_polyline){.n_vertex = n, .x = x, .y = y, .closed = closed, .hole = hole};
}

static void free_polylines(struct bd_contour *contour)
{
    for (size_t i = 0; i < contour->n_polyline; i++) {
        free(contour->polyline[i].x);
        free(contour->polyline[i].y);
    }
    free(contour->polyline);
}

static struct bd_contour toy_contour(const char *kind, double pot)
{
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
                                 .cl = 0.9,
                                 .pot = pot};
    (void)snprintf(contour.kind, sizeof contour.kind, "%s", kind);
    return contour;
}

static void contour_comes_back_with_its_holes(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_error err;
    struct bd_run run;
    struct toy_rows rows;
    toy_init(&toy);
    struct bd_database *db = toy_database(&toy, &run);
    double x[] = {0.3, 0.5, 1.0 / 3.0}, y[] = {1e-4, 2e-4, 1e-5}, hole_x[] = {0.4, 0.41}, hole_y[] = {5e-5, 6e-5};
    struct bd_polyline polylines[] = {make_polyline(x, y, 3, 0, 0), make_polyline(hole_x, hole_y, 2, 1, 1)};
    struct bd_contour contour = toy_contour("observed", 1e17);
    contour.n_polyline = 2;
    contour.polyline = polylines;
    expect_ok(bd_result_save_contour(db, run.id, &contour, &err), err);
    expect_ok(bd_result_save_contour(db, run.id, &contour, &err), err); /* replaces, does not add */
    struct bd_contour back = toy_contour("observed", 1e17);
    memset(back.x_name, 0, sizeof back.x_name);
    back.x_min = back.x_max = back.y_min = back.y_max = 0.0;
    expect_ok(bd_result_load_contour(db, &back, &err), err);
    assert_string_equal(back.x_name, "mass_gev");
    assert_true(back.x_min == 0.01 && back.x_max == 5.0 && back.y_min == 1e-8 && back.y_max == 1.0);
    assert_int_equal(back.n_polyline, 2);
    for (size_t i = 0; i < 2; i++) {
        const size_t n = polylines[i].n_vertex;
        assert_int_equal(back.polyline[i].n_vertex, n);
        assert_memory_equal(back.polyline[i].x, polylines[i].x, n * sizeof(double));
        assert_memory_equal(back.polyline[i].y, polylines[i].y, n * sizeof(double));
        assert_int_equal(back.polyline[i].closed, i);
        assert_int_equal(back.polyline[i].hole, i);
    }
    free_polylines(&back);
    assert_string_equal(toy_query(db, "SELECT * FROM v_contour", &rows),
                        "toy|BC4|observed|0|0|0.3|0.0001|0|0\n"
                        "toy|BC4|observed|0|1|0.5|0.0002|0|0\n"
                        "toy|BC4|observed|0|2|0.3333333333|1e-05|0|0\n"
                        "toy|BC4|observed|1|0|0.4|5e-05|1|1\n"
                        "toy|BC4|observed|1|1|0.41|6e-05|1|1\n");
    struct bd_contour missing = toy_contour("expected", 1e17);
    expect_fails(bd_result_load_contour(db, &missing, &err), BD_BAD_INPUT, "has no contour toy BC4", err);
    assert_non_null(strstr(err.message, "it has: toy BC4 mass_gev,coupling observed cl=0.9 cls pot=1e+17"));
    y[1] = NAN;
    expect_fails(bd_result_save_contour(db, run.id, &contour, &err), BD_NUMERIC, "contour toy BC4 observed", err);
    assert_string_equal(toy_query(db, "SELECT count(*) FROM vertex", &rows),
                        "5\n"); /* the old one is still there */
    y[1] = 2e-4;
    (void)snprintf(contour.kind, sizeof contour.kind, "seen");
    expect_fails(bd_result_save_contour(db, run.id, &contour, &err), BD_DATABASE, "CHECK", err);
    bd_database_close(db);
    toy_free(&toy);
}

/* Other POT or CL: other contours, of which v_contour shows one, the one of the card. */
static void view_never_mixes_contours(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_error err;
    struct bd_run run;
    struct toy_rows rows;
    toy_init(&toy);
    struct bd_database *db = toy_database(&toy, &run);
    double x[] = {0.3}, y[] = {1e-4};
    struct bd_polyline polyline = make_polyline(x, y, 1, 1, 0);
    struct bd_contour contour = toy_contour("expected", 1e18);
    contour.n_polyline = 1;
    contour.polyline = &polyline;
    expect_ok(bd_result_save_contour(db, run.id, &contour, &err), err);
    assert_string_equal(toy_query(db, "SELECT * FROM v_contour", &rows), "toy|BC4|expected|0|0|0.3|0.0001|1|0\n");
    y[0] = 2e-4;
    contour.cl = 0.95;
    contour.pot = 1e17;
    expect_ok(bd_result_save_contour(db, run.id, &contour, &err), err);
    y[0] = 3e-4;
    contour.cl = 0.9;
    expect_ok(bd_result_save_contour(db, run.id, &contour, &err), err);
    assert_string_equal(toy_query(db, "SELECT * FROM v_contour", &rows), "toy|BC4|expected|0|0|0.3|0.0003|1|0\n");
    contour.n_polyline = 0; /* nothing is excluded: known, not missing */
    expect_ok(bd_result_save_contour(db, run.id, &contour, &err), err);
    assert_string_equal(toy_query(db, "SELECT * FROM v_contour", &rows), "");
    assert_string_equal(
        toy_query(db, "SELECT cl, pot, n_polyline, shown FROM v_contour_list ORDER BY pot, cl", &rows),
        "0.9|1e+17|0|1\n0.95|1e+17|1|0\n0.9|1e+18|1|0\n");
    struct bd_contour back = toy_contour("expected", 1e17);
    expect_ok(bd_result_load_contour(db, &back, &err), err);
    assert_int_equal(back.n_polyline, 0);
    free_polylines(&back);
    (void)snprintf(contour.plane, sizeof contour.plane, "mass_gev,ctau_m"); /* another plane is not in v_contour */
    (void)snprintf(contour.y_name, sizeof contour.y_name, "ctau_m");
    contour.n_polyline = 1;
    expect_ok(bd_result_save_contour(db, run.id, &contour, &err), err);
    assert_string_equal(toy_query(db, "SELECT * FROM v_contour", &rows), "");
    bd_database_close(db);
    toy_free(&toy);
}

/* One row drives: the limit without it is the weakest. A decay with no influence drives nothing. The drivers go
 * with their contour, and those of another POT are not in the view. */
static void the_driver_is_the_decay_the_limit_needs(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_error err;
    struct bd_run run;
    struct toy_rows rows;
    toy_init(&toy);
    struct bd_database *db = toy_database(&toy, &run);
    struct bd_contour contour = toy_contour("observed", 1e17);
    struct bd_result_driver drivers[] = {
        {"mu+mu-", 0.3, 1e-4, 0.5, 2.0}, {"pi+pi-", 0.3, 1e-4, 0.5, 4.0}, {"mu+mu-", 0.5, 1e-4, 3.0, 3.0}};
    expect_fails(bd_result_save_drivers(db, &contour, drivers, 3, &err), BD_DATABASE, "FOREIGN KEY", err);
    expect_ok(bd_result_save_contour(db, run.id, &contour, &err), err);
    expect_ok(bd_result_save_drivers(db, &contour, drivers, 1, &err), err);
    expect_ok(bd_result_save_drivers(db, &contour, drivers, 3, &err), err); /* replaces */
    static const char expected[] = "toy|BC4|observed|0.3|0.0001|mu+mu-|0.5|2|0\n"
                                   "toy|BC4|observed|0.3|0.0001|pi+pi-|0.5|4|1\n"
                                   "toy|BC4|observed|0.5|0.0001|mu+mu-|3|3|0\n";
    assert_string_equal(toy_query(db, "SELECT * FROM v_driver", &rows), expected);
    struct bd_contour other = toy_contour("observed", 1e18);
    expect_ok(bd_result_save_contour(db, run.id, &other, &err), err);
    expect_ok(bd_result_save_drivers(db, &other, drivers, 2, &err), err);
    assert_string_equal(toy_query(db, "SELECT * FROM v_driver", &rows), expected);
    char *dump = toy_dump(db);
    assert_non_null(
        strstr(dump, "\n# driver: contour, mass_gev, decay, coupling, strength_up, strength_up_without\n"));
    free(dump);
    drivers[1].strength_up = 0.0;
    expect_fails(bd_result_save_drivers(db, &contour, drivers, 3, &err), BD_DATABASE, "pi+pi- at 0.3 GeV", err);
    drivers[1].strength_up = NAN;
    expect_fails(bd_result_save_drivers(db, &contour, drivers, 3, &err), BD_NUMERIC, "strength_up is nan", err);
    assert_string_equal(toy_query(db, "SELECT * FROM v_driver", &rows),
                        expected); /* the old ones are still there */
    expect_ok(bd_result_save_contour(db, run.id, &contour, &err), err);
    assert_string_equal(toy_query(db, "SELECT count(*) FROM driver", &rows), "2\n");
    bd_database_close(db);
    toy_free(&toy);
}

static void points_keep_null_for_what_was_not_computed(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_error err;
    struct bd_run run;
    struct toy_rows rows;
    toy_init(&toy);
    struct bd_database *db = toy_database(&toy, &run);
    struct bd_result_point points[] = {
        {0.3, 1e-4, 3.0, 0.05, {0.01, 0.02, 0.05, 0.1, 0.2}, BD_FLAG_OK},
        {0.5, 1e-4, 0.0, NAN, {NAN, NAN, NAN, NAN, NAN}, BD_FLAG_OUTSIDE},
    };
    const struct bd_result_plane plane = {run.id, "toy", "BC4", "cls", 1e17};
    expect_ok(bd_result_save_points(db, &plane, points, 2, &err), err);
    expect_ok(bd_result_save_points(db, &plane, points, 2, &err), err); /* replaces */
    static const char all[] =
        "SELECT mass_gev, coupling, signal, cls_observed, cls_expected_minus_2sigma, cls_expected,"
        " cls_expected_plus_2sigma, status FROM point ORDER BY mass_gev";
    static const char expected[] = "0.3|0.0001|3|0.05|0.01|0.05|0.2|ok\n0.5|0.0001|0|||||outside\n";
    assert_string_equal(toy_query(db, all, &rows), expected);
    points[0].signal = NAN;
    expect_fails(bd_result_save_points(db, &plane, points, 2, &err), BD_NUMERIC, "point at 0.3 GeV, 0.0001", err);
    points[0].signal = 3.0;
    points[0].cls_observed = 1.5;
    expect_fails(bd_result_save_points(db, &plane, points, 2, &err), BD_DATABASE, "cls_observed", err);
    assert_string_equal(toy_query(db, all, &rows), expected);
    const struct bd_result_plane no_run = {"0123456789abcdef", "toy", "BC4", "cls", 1e17};
    points[0].cls_observed = 0.5;
    expect_fails(bd_result_save_points(db, &no_run, points, 1, &err), BD_DATABASE, "FOREIGN KEY", err);
    bd_database_close(db);
    toy_free(&toy);
}

/* 8 = 1e17 2e-7 1e-3 .8 acceptance, so acceptance = 5e-7. */
static void views_of_yields_add_up(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_error err;
    struct bd_run run;
    struct toy_rows rows;
    toy_init(&toy);
    struct bd_database *db = toy_database(&toy, &run);
    struct bd_result_yield yields[] = {
        {SCALAR_MUMU, "sr", 0.3, 1e-16, 1e-4, 8.0, 0.08, 4.0, 2e-7, 1e-3, BD_FLAG_OK},
        {SCALAR_PIPI, "sr", 0.3, 1e-16, 1e-4, 5.0, 0.10, 1.0, 2e-7, 1e-3, BD_FLAG_PRECISION},
        {SCALAR_PIPI, "sr", 0.5, 1e-16, 1e-4, 0.0, 0.00, 0.0, 2e-7, 1e-3, BD_FLAG_CLOSED},
    };
    expect_ok(bd_result_save_yields(db, "toy", "BC4", yields, 3, &err), err);
    const struct bd_result_yield bare = {SCALAR_MUMU, "sr", 0.3,  1e-16, 0.0,       8.0,
                                         0.08,        NAN,  2e-7, 1e-3,  BD_FLAG_OK};
    expect_ok(bd_result_save_yields(db, "toy", "", &bare, 1, &err), err);
    assert_string_equal(toy_query(db,
                                  "SELECT benchmark, production, settings, decay, mass_gev, coupling, n_events,"
                                  " signal, signal_err, trigger, acceptance, status FROM v_yield"
                                  " ORDER BY benchmark, mass_gev, decay",
                                  &rows),
                        "|b_decay|form_factor=pole|mu+mu-|0.3||8|||0.8|5e-07|ok\n"
                        "BC4|b_decay|form_factor=pole|mu+mu-|0.3|0.0001|8|4|0.04|0.8|5e-07|ok\n"
                        "BC4|b_decay|form_factor=pole|pi+pi-|0.3|0.0001|5|1|0.02|0.5|5e-07|precision\n"
                        "BC4|b_decay|form_factor=pole|pi+pi-|0.5|0.0001|0|0|0|0.5|0|closed\n");
    assert_string_equal(
        toy_query(db, "SELECT mass_gev, n_channel, signal, signal_err, status FROM v_total", &rows),
        "0.3|2|5|0.06|precision\n0.5|1|0|0|closed\n");
    assert_string_equal(toy_query(db, "SELECT mass_gev, decay, signal, share FROM v_best_channel", &rows),
                        "0.3|mu+mu-|4|0.8\n");
    yields[0].n_events = -1.0;
    expect_fails(bd_result_save_yields(db, "toy", "BC4", yields, 1, &err), BD_DATABASE, "yield of dark_scalar",
                 err);
    yields[0].n_events = NAN;
    expect_fails(bd_result_save_yields(db, "toy", "BC4", yields, 1, &err), BD_NUMERIC, ":n_events is nan", err);
    yields[0].n_events = 8.0;
    yields[0].signal = NAN; /* with a benchmark there is a signal */
    expect_fails(bd_result_save_yields(db, "toy", "BC4", yields, 1, &err), BD_DATABASE, "CHECK", err);
    yields[0].region = "r1";
    expect_fails(bd_result_save_yields(db, "toy", "BC4", yields, 1, &err), BD_BAD_INPUT, "with region 'r1'", err);
    yields[0] = bare;
    yields[0].channel = "no/such/channel";
    expect_fails(bd_result_save_yields(db, "toy", "", yields, 1, &err), BD_BAD_INPUT, "no/such/channel", err);
    bd_database_close(db);
    toy_free(&toy);
}

static void new_kernel_makes_its_yields_stale(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_error err;
    struct bd_run run;
    struct toy_rows rows;
    toy_init(&toy);
    struct bd_database *db = toy_database(&toy, &run);
    const struct bd_result_yield yields[] = {
        {SCALAR_MUMU, "sr", 0.3, 1e-16, 1e-4, 8.0, 0.08, 4.0, 2e-7, 1e-3, BD_FLAG_OK},
        {SCALAR_PIPI, "sr", 0.3, 1e-16, 1e-4, 5.0, 0.10, 1.0, 2e-7, 1e-3, BD_FLAG_OK},
    };
    expect_ok(bd_result_save_yields(db, "toy", "BC4", yields, 2, &err), err);
    toy_save(db, &run, 2); /* mu+mu- at the last mass */
    assert_string_equal(toy_query(db, "SELECT decay FROM v_yield", &rows), "pi+pi-\n");
    bd_database_close(db);
    toy_free(&toy);
}

/* The regions of a card that cuts some at generator level (KOTO) enter the sum with their weights. */
static void regions_are_weighted(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_error err;
    struct bd_run run;
    struct bd_database *db;
    struct toy_rows rows;
    toy_init(&toy);
    const struct bd_region regions[] = {{"r1", 1.0}, {"r2", 0.5}};
    toy.info.region = regions;
    toy.info.n_region = 2;
    (void)snprintf(toy.experiment.count[0].region, BD_NAME_SIZE, "r2");
    expect_ok(bd_database_open(toy.path, BD_DATABASE_CREATE, &db, &err), err);
    expect_ok(bd_run_begin(db, &toy.plan, &toy.info, 0, &run, &err), err);
    struct bd_kernel kernels[4]; /* [region][production] */
    toy_kernels(0, kernels);
    toy_kernels(0, kernels + 2);
    kernels[2].weight[TOY_NODE] = 0.0;
    expect_ok(bd_kernel_store_save_task(db, &run, 0, kernels, &err), err);
    unsigned char done[TOY_TASKS];
    size_t n_done;
    expect_ok(bd_kernel_store_find_done(db, &run, done, &n_done, &err), err);
    assert_true(n_done == 1 && done[0]);
    struct bd_kernel_set *set;
    expect_ok(bd_kernel_store_load(db, "toy", &(struct bd_kernel_filter){.region = "r2"}, &set, &err), err);
    assert_int_equal(set->n_series, 2);
    assert_true(set->series[1].region_weight == 0.5 && set->series[1].kernel[0].weight[TOY_NODE] == 0.0);
    assert_string_equal(set->experiment.count[0].region, "r2");
    assert_string_equal(set->experiment.count[1].region, "r1");
    bd_kernel_set_free(set);
    const struct bd_result_yield yields[] = {
        {SCALAR_MUMU, "r1", 0.3, 1e-16, 1e-4, 8.0, 0.08, 4.0, 2e-7, 1e-3, BD_FLAG_OK},
        {SCALAR_MUMU, "r2", 0.3, 1e-16, 1e-4, 8.0, 0.08, 6.0, 2e-7, 1e-3, BD_FLAG_OK},
    };
    expect_ok(bd_result_save_yields(db, "toy", "BC4", yields, 2, &err), err);
    assert_string_equal(toy_query(db, "SELECT signal FROM v_total", &rows), "7\n"); /* 4 + 6/2 */
    assert_string_equal(toy_query(db, "SELECT region, signal FROM v_best_channel", &rows), "r1|4\n");
    bd_database_close(db);
    toy_free(&toy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contour_comes_back_with_its_holes),
        cmocka_unit_test(view_never_mixes_contours),
        cmocka_unit_test(the_driver_is_the_decay_the_limit_needs),
        cmocka_unit_test(points_keep_null_for_what_was_not_computed),
        cmocka_unit_test(views_of_yields_add_up),
        cmocka_unit_test(new_kernel_makes_its_yields_stale),
        cmocka_unit_test(regions_are_weighted),
    };
    return run_all_tests(tests);
}
