/* Shards of one scan and scans of other experiments, put together. */
#include "fixture.h"

#include "db/merge.h"
#include "db/result.h"

/* A shard: every second task, from first on. */
static struct bd_database *open_shard(struct toy *toy, size_t first)
{
    struct bd_error err;
    struct bd_run run;
    struct bd_database *db;
    toy_init(toy);
    expect_ok(bd_database_open(toy->path, BD_DATABASE_CREATE, &db, &err), err);
    expect_ok(bd_run_begin(db, &toy->plan, &toy->info, 0, &run, &err), err);
    for (size_t task = first; task < TOY_TASKS; task += 2)
        toy_save(db, &run, task);
    expect_ok(bd_run_finish(db, &run, NULL, &err), err);
    return db;
}

static void shards_merge_to_the_whole(void **state)
{
    (void)state;
    struct toy whole, even, odd;
    struct bd_error err;
    struct bd_run run;
    struct toy_rows rows;
    toy_init(&whole);
    struct bd_database *db = toy_database(&whole, &run);
    char *expected = toy_dump(db);
    bd_database_close(db);
    struct bd_database *odd_db = open_shard(&odd, 1); /* stays open: it may still be read elsewhere */
    db = open_shard(&even, 0);
    assert_string_equal(toy_query(db, "SELECT end_utc IS NULL FROM run", &rows), "1\n");
    expect_ok(bd_merge_database(db, odd.path, &err), err);
    char *merged = toy_dump(db);
    assert_string_equal(expected, merged);
    assert_string_equal(toy_query(db, "SELECT end_utc IS NULL FROM run", &rows), "0\n"); /* all tasks are here */
    expect_ok(bd_database_check(db, NULL, NULL, &err), err);
    expect_ok(bd_merge_database(db, whole.path, &err), err); /* nothing new */
    free(merged);
    merged = toy_dump(db);
    assert_string_equal(expected, merged);
    free(merged);
    free(expected);
    bd_database_close(db);
    bd_database_close(odd_db);
    toy_free(&whole);
    toy_free(&even);
    toy_free(&odd);
}

static void merge_refuses_what_contradicts(void **state)
{
    (void)state;
    struct toy whole, even;
    struct bd_error err;
    struct bd_run run;
    struct toy_rows rows;
    toy_init(&whole);
    struct bd_database *db = toy_database(&whole, &run);
    (void)toy_query(
        db, "UPDATE kernel SET acceptance = 0.26 WHERE channel = 'b_decay:K/mu+mu-' AND mass_gev < 0.4", &rows);
    bd_database_close(db);
    db = open_shard(&even, 0);
    char *before = toy_dump(db);
    expect_fails(bd_merge_database(db, whole.path, &err), BD_DATABASE, "differ in table kernel", err);
    assert_non_null(strstr(err.message, "(toy, b_decay:K/mu+mu-, sr, 0.3): nothing was merged"));
    expect_fails(bd_merge_database(db, "/nowhere/x.db", &err), BD_DATABASE, "/nowhere/x.db cannot be opened", err);
    char *after = toy_dump(db);
    assert_string_equal(before, after);
    free(before);
    free(after);
    bd_database_close(db);
    toy_free(&whole);
    toy_free(&even);
}

static void scans_of_two_experiments_merge(void **state)
{
    (void)state;
    struct toy first, second;
    struct bd_error err;
    struct bd_run run;
    struct toy_rows rows;
    toy_init(&first);
    toy_init(&second);
    (void)snprintf(second.experiment.id, sizeof second.experiment.id, "toy2");
    bd_database_close(toy_database(&second, &run));
    struct bd_database *db = toy_database(&first, &run);
    expect_ok(bd_merge_database(db, second.path, &err), err);
    assert_string_equal(toy_query(db, "SELECT experiment, count(*) FROM kernel GROUP BY experiment", &rows),
                        "toy|12\ntoy2|12\n");
    expect_ok(bd_database_check(db, NULL, NULL, &err), err);
    bd_database_close(db);
    toy_free(&first);
    toy_free(&second);
}

/* One polygon more in the other file: the contours differ, though no stored polygon does. */
static void merge_compares_whole_contours(void **state)
{
    (void)state;
    struct toy first, second;
    struct bd_error err;
    struct bd_run run;
    toy_init(&first);
    toy_init(&second);
    double x[] = {0.3, 0.4}, y[] = {1e-4, 2e-4};
    struct bd_polyline polylines[] = {{2, x, y, 1, 0}, {2, y, x, 1, 0}};
    struct bd_contour contour = {"toy",      "BC4",      "mass_gev,coupling",
                                 "mass_gev", "coupling", "observed",
                                 "cls",      0.9,        1e17,
                                 0.01,       5.0,        1e-8,
                                 1.0,        2,          polylines};
    struct bd_database *db = toy_database(&second, &run);
    expect_ok(bd_result_save_contour(db, run.id, &contour, &err), err);
    bd_database_close(db);
    db = toy_database(&first, &run);
    contour.n_polyline = 1;
    expect_ok(bd_result_save_contour(db, run.id, &contour, &err), err);
    expect_fails(bd_merge_database(db, second.path, &err), BD_DATABASE, "differ in table contour", err);
    contour.n_polyline = 2;
    expect_ok(bd_result_save_contour(db, run.id, &contour, &err), err);
    expect_ok(bd_merge_database(db, second.path, &err), err);
    bd_database_close(db);
    toy_free(&first);
    toy_free(&second);
}

/* Drivers of a contour travel with it, and different ones contradict. */
static void merge_takes_the_drivers_along(void **state)
{
    (void)state;
    struct toy first, second;
    struct bd_error err;
    struct bd_run run;
    struct toy_rows rows;
    toy_init(&first);
    toy_init(&second);
    struct bd_contour contour = {"toy",      "BC4",      "mass_gev,coupling",
                                 "mass_gev", "coupling", "observed",
                                 "cls",      0.9,        1e17,
                                 0.01,       5.0,        1e-8,
                                 1.0,        0,          NULL};
    struct bd_result_driver driver = {"mu+mu-", 0.3, 1e-4, 0.5, 2.0};
    struct bd_database *db = toy_database(&second, &run);
    expect_ok(bd_result_save_contour(db, run.id, &contour, &err), err);
    expect_ok(bd_result_save_drivers(db, &contour, &driver, 1, &err), err);
    bd_database_close(db);
    db = toy_database(&first, &run);
    expect_ok(bd_merge_database(db, second.path, &err), err);
    assert_string_equal(toy_query(db, "SELECT decay, strength_up_without, drives FROM v_driver", &rows),
                        "mu+mu-|2|1\n");
    driver.strength_up_without = 3.0;
    expect_ok(bd_result_save_drivers(db, &contour, &driver, 1, &err), err);
    expect_fails(bd_merge_database(db, second.path, &err), BD_DATABASE, "differ in table driver", err);
    bd_database_close(db);
    toy_free(&first);
    toy_free(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shards_merge_to_the_whole),      cmocka_unit_test(merge_refuses_what_contradicts),
        cmocka_unit_test(scans_of_two_experiments_merge), cmocka_unit_test(merge_compares_whole_contours),
        cmocka_unit_test(merge_takes_the_drivers_along),
    };
    return run_all_tests(tests);
}
