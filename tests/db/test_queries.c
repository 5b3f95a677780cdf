/* SQL of the user: functions of the program, parameters, refusals; and every file of db/queries. */
#include "fixture.h"

#include "db/result.h"

#define SCALAR_MUMU "dark_scalar/b_decay(form_factor=pole)/mu+mu-"
#define SCALAR_PIPI "dark_scalar/b_decay(form_factor=pole)/pi+pi-"

/* Signals: 3 + 1 at 1e-4 and 1 + 2 at 2e-4. */
static struct bd_database *database_with_yields(struct toy *toy)
{
    struct bd_error err;
    struct bd_run run;
    struct bd_database *db = toy_database(toy, &run);
    const struct bd_result_yield yields[] = {
        {SCALAR_MUMU, "sr", 0.5, 1e-16, 1e-4, 8.0, 0.08, 3.0, 2e-7, 1e-3, BD_FLAG_OK},
        {SCALAR_PIPI, "sr", 0.5, 1e-16, 1e-4, 5.0, 0.10, 1.0, 2e-7, 0.9, BD_FLAG_OK},
        {SCALAR_MUMU, "sr", 0.5, 4e-16, 2e-4, 8e-9, 8e-11, 1.0, 2e-7, 1e-3, BD_FLAG_OK},
        {SCALAR_PIPI, "sr", 0.5, 4e-16, 2e-4, 5e9, 1.0, 2.0, 2e-7, 0.9, BD_FLAG_OK},
    };
    expect_ok(bd_result_save_yields(db, "toy", "BC4", yields, 4, &err), err);
    return db;
}

static double single_number(struct bd_database *db, const char *sql)
{
    struct toy_rows rows;
    return strtod(toy_query(db, sql, &rows), NULL);
}

/* pot a_trig N, and the transform of one node in closed form. */
static void n_events_is_the_transform_of_the_kernel(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_run run;
    struct toy_rows rows;
    toy_init(&toy);
    struct bd_database *db = toy_database(&toy, &run);
    for (int i = 0; i < 5; i++) {
        const double width_gev = 1e-18 * pow(10.0, i);
        char sql[256];
        (void)snprintf(sql, sizeof sql,
                       "SELECT n_events(kernel, %.17g) FROM v_kernel WHERE variant = 'K' AND decay = 'pi+pi-'"
                       " AND mass_gev = 0.5",
                       width_gev);
        /* task 4, production 1; a_trig of pi+pi- is 0.5; printed with 10 digits */
        expect_close(single_number(db, sql), 1e17 * 0.5 * toy_yield(&toy, 4, 1, width_gev), 1e-9);
    }
    expect_close(
        single_number(db, "SELECT max(n_events_err(kernel, 1e-16) / n_events(kernel, 1e-16)) FROM kernel"), 0.05,
        1e-9);
    assert_string_equal(
        toy_query(db, "SELECT production, decay, n_events(kernel, 0) FROM v_kernel LIMIT 1", &rows),
        "b_decay|mu+mu-|0\n");
    assert_string_equal(toy_query(db, "SELECT n_events(NULL, 1e-16), n_events(1, NULL)", &rows), "|\n");
    (void)toy_query(db, "UPDATE kernel SET status = 'outside'", &rows); /* no value is not zero */
    assert_string_equal(toy_query(db, "SELECT n_events(kernel, 1e-16) FROM kernel LIMIT 1", &rows), "\n");
    bd_database_close(db);
    toy_free(&toy);
}

static void bad_sql_is_refused(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_error err;
    struct bd_run run;
    toy_init(&toy);
    struct bd_database *db = toy_database(&toy, &run);
    struct toy_rows rows = {.used = 0};
    const struct bd_query_sink sink = {.row = toy_add_row, .context = &rows};
    static const struct {
        const char *sql, *words;
        enum bd_status status;
    } cases[] = {
        {"SELEKT 1", "near \"SELEKT\"", BD_BAD_INPUT},
        {"", "no statement", BD_BAD_INPUT},
        {"-- only a comment", "no statement", BD_BAD_INPUT},
        {"SELECT 1; DROP TABLE kernel", "one statement at a time", BD_BAD_INPUT},
        {"DELETE FROM kernel", "would change", BD_BAD_INPUT},
        {"SELECT n_events(7, 1e-16)", "no such kernel", BD_DATABASE},
        {"SELECT n_events(kernel, -1) FROM kernel", "a number >= 0", BD_DATABASE},
        {"SELECT n_events(kernel, 'wide') FROM kernel", "a number >= 0", BD_DATABASE},
        {"SELECT n_events('mu+mu-', 1e-16)", "kernel must be an id", BD_DATABASE},
        {"SELECT n_events(1)", "wrong number of arguments", BD_BAD_INPUT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_fails(bd_query_run(db, cases[i].sql, 0, NULL, 0, &sink, &err), cases[i].status, cases[i].words,
                     err);
    const struct bd_query_parameter width = {"width", "1"};
    expect_fails(bd_query_run(db, "SELECT :width_gev, :mass_gev", 0, &width, 1, &sink, &err), BD_BAD_INPUT,
                 "no parameter 'width'; it has: :width_gev, :mass_gev", err);
    assert_int_equal(rows.n, 0);
    expect_ok(bd_query_run(db, "SELECT 1; -- and a comment\n", 0, NULL, 0, &sink, &err), err);
    const struct bd_query_parameter parameters[] = {{"a", "1e-16"}, {":b", "mu+mu-"}, {"d", "0x10"}};
    expect_ok(bd_query_run(db, "SELECT :a * 2, :b, :c IS NULL, @d", 0, parameters, 3, &sink, &err), err);
    assert_string_equal(rows.text, "1\n2e-16|mu+mu-|1|0x10\n");
    bd_database_close(db);

    expect_ok(bd_database_open(toy.path, BD_DATABASE_READ, &db, &err), err); /* and the file itself is locked */
    expect_fails(bd_query_run(db, "DELETE FROM kernel", 1, NULL, 0, &sink, &err), BD_DATABASE, "cannot be written",
                 err);
    bd_database_close(db);
    toy_free(&toy);
}

static enum bd_status stop(void *context, size_t n, const struct bd_value *values, struct bd_error *err)
{
    (void)n;
    (void)values;
    (*(int *)context)++;
    return bd_fail(err, BD_IO, "the output is full");
}

static void failing_output_ends_the_query(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_error err;
    struct bd_run run;
    toy_init(&toy);
    struct bd_database *db = toy_database(&toy, &run);
    int n_call = 0;
    const struct bd_query_sink sink = {.row = stop, .context = &n_call};
    expect_fails(bd_query_run(db, "SELECT * FROM kernel", 0, NULL, 0, &sink, &err), BD_IO, "output is full", err);
    assert_int_equal(n_call, 1);
    bd_database_close(db);
    toy_free(&toy);
}

/* -- db/queries --------------------------------------------------------------------------------------------------
 */

/* Rows with names of a query file; checks that its header says what it answers and needs. */
static void run_file(struct bd_database *db, const char *name, const struct bd_query_parameter *parameters,
                     size_t n, struct toy_rows *rows)
{
    struct bd_error err;
    char relative[64], path[512], *sql;
    (void)snprintf(relative, sizeof relative, "db/queries/%s", name);
    expect_ok(bd_data_path(relative, path, sizeof path, &err), err);
    expect_ok(bd_data_read_text(path, &sql, NULL, &err), err);
    assert_int_equal(strncmp(sql, "-- ", 3), 0);
    assert_non_null(strstr(sql, "?"));
    assert_non_null(strstr(sql, "-- Parameters (NULL or not given: the default):"));
    *rows = (struct toy_rows){.used = 0};
    const struct bd_query_sink sink = {.columns = toy_add_columns, .row = toy_add_row, .context = rows};
    expect_ok(bd_query_run(db, sql, 0, parameters, n, &sink, &err), err);
    free(sql);
}

static void best_channel_is_found(void **state)
{
    (void)state;
    struct toy toy;
    struct toy_rows rows;
    toy_init(&toy);
    struct bd_database *db = database_with_yields(&toy);
    run_file(db, "best_channel.sql", NULL, 0, &rows); /* at the coupling with the largest signal: 1e-4 */
    assert_string_equal(rows.text,
                        "experiment|benchmark|mass_gev|coupling|model|production|variant|decay|region|signal|"
                        "signal_err|share|status\n"
                        "toy|BC4|0.5|0.0001|dark_scalar|b_decay||mu+mu-|sr|3|0.03|0.75|ok\n");
    const struct bd_query_parameter other[] = {{"coupling", "2e-4"}, {"benchmark", "BC4"}};
    run_file(db, "best_channel.sql", other, 2, &rows);
    assert_non_null(strstr(rows.text, "toy|BC4|0.5|0.0002|dark_scalar|b_decay||pi+pi-|sr|2|"));
    assert_int_equal(rows.n, 1);
    const struct bd_query_parameter none = {"experiment", "na62"};
    run_file(db, "best_channel.sql", &none, 1, &rows);
    assert_int_equal(rows.n, 0);
    bd_database_close(db);
    toy_free(&toy);
}

static void yield_against_mass_asks_the_kernels(void **state)
{
    (void)state;
    struct toy toy;
    struct toy_rows rows;
    toy_init(&toy);
    struct bd_database *db = database_with_yields(&toy);
    run_file(db, "yield_against_mass.sql", NULL, 0, &rows);
    assert_int_equal(rows.n, 12);
    const struct bd_query_parameter parameters[] = {
        {"width_gev", "1e-17"}, {"decay", "mu+mu-"}, {"model", "dark_scalar"}};
    run_file(db, "yield_against_mass.sql", parameters, 3, &rows);
    assert_int_equal(rows.n, 3);
    const char *line = rows.text;
    for (size_t task = 0; task < 3; task++) {
        line = strstr(line, "\ntoy|dark_scalar|b_decay||form_factor=pole|mu+mu-|sr|");
        assert_non_null(line);
        line += strlen("\ntoy|dark_scalar|b_decay||form_factor=pole|mu+mu-|sr|");
        char *end;
        expect_close(strtod(line, &end), toy.mass_gev[task], 1e-9);
        expect_close(strtod(end + 1, &end), 1e-17, 1e-9);
        const double n_events = 1e17 * 0.8 * toy_yield(&toy, task, 0, 1e-17);
        expect_close(strtod(end + 1, &end), n_events, 1e-9);
        expect_close(strtod(end + 1, &end), 0.008 * n_events, 1e-9);
        line = end;
    }
    bd_database_close(db);
    toy_free(&toy);
}

static void limits_of_the_reach_are_named(void **state)
{
    (void)state;
    struct toy toy;
    struct toy_rows rows;
    toy_init(&toy);
    struct bd_database *db = database_with_yields(&toy);
    run_file(db, "limits_reach.sql", NULL, 0, &rows);
    assert_int_equal(rows.n, 4);
    /* 1e17 2e-7 3/8 = 7.5e9 made; acceptance 8/(2e10 1e-3 .8) = 5e-7 */
    assert_non_null(strstr(rows.text, "0.5|0.0001|dark_scalar|b_decay||mu+mu-|sr|7500000000|0.001|0.8|5e-07|3|"
                                      "acceptance\n"));
    /* 2e10 2/5e9 = 8 made of which .9 decay inside; 5e9/(2e10 .9 .5) = .5556 */
    assert_non_null(strstr(rows.text, "|pi+pi-|sr|8|0.9|0.5|0.5555555556|2|trigger\n"));
    const struct bd_query_parameter wanted[] = {{"n_wanted", "10"}, {"decay", "pi+pi-"}};
    run_file(db, "limits_reach.sql", wanted, 2, &rows);
    assert_int_equal(rows.n, 2);
    assert_non_null(strstr(rows.text, "|pi+pi-|sr|8|0.9|0.5|0.5555555556|2|production\n"));
    bd_database_close(db);
    toy_free(&toy);
}

static void kernels_are_audited(void **state)
{
    (void)state;
    struct toy toy;
    struct toy_rows rows;
    toy_init(&toy);
    struct bd_database *db = database_with_yields(&toy);
    (void)toy_query(
        db, "UPDATE kernel SET status = 'closed' WHERE channel = 'b_decay:K/mu+mu-' AND mass_gev < 0.4", &rows);
    run_file(db, "kernel_errors.sql", NULL, 0, &rows);
    assert_int_equal(rows.n, 4);
    assert_non_null(strstr(rows.text, "\ntoy||b_decay|K||mu+mu-|sr|3|1|1|1|0|0.029|0.05|0.8333333333\n"));
    assert_non_null(strstr(rows.text, "\ntoy||b_decay|K||pi+pi-|sr|3|2|1|0|0|0.022|0.05|0.8333333333\n"));
    assert_non_null(
        strstr(rows.text, "\ntoy|dark_scalar|b_decay||form_factor=pole|mu+mu-|sr|3|3|0|0|0|0.008|0.008|"));
    bd_database_close(db);
    toy_free(&toy);
}

/* Without mu+mu- the limit would be ten times weaker at 0.3 GeV, and nothing excluded; at 0.5 GeV pi+pi- matters
 * most, but others do as well. */
static void drivers_are_named(void **state)
{
    (void)state;
    struct toy toy;
    struct toy_rows rows;
    struct bd_error err;
    toy_init(&toy);
    struct bd_database *db = database_with_yields(&toy);
    (void)toy_query(db, "SELECT run FROM run", &rows);
    rows.text[strcspn(rows.text, "\n")] = '\0';
    struct bd_contour contour = {"toy",      "BC4",      "mass_gev,coupling",
                                 "mass_gev", "coupling", "observed",
                                 "cls",      0.9,        1e17,
                                 0.01,       5.0,        1e-8,
                                 1.0,        0,          NULL};
    const struct bd_result_driver drivers[] = {{"mu+mu-", 0.3, 1e-4, 0.5, 5.0},
                                               {"pi+pi-", 0.3, 1e-4, 0.5, 0.55},
                                               {"mu+mu-", 0.5, 2e-4, 0.25, 0.26},
                                               {"pi+pi-", 0.5, 2e-4, 0.25, 0.5}};
    expect_ok(bd_result_save_contour(db, rows.text, &contour, &err), err);
    expect_ok(bd_result_save_drivers(db, &contour, drivers, 4, &err), err);
    (void)snprintf(contour.kind, sizeof contour.kind, "expected");
    expect_ok(bd_result_save_contour(db, rows.text, &contour, &err), err);
    expect_ok(bd_result_save_drivers(db, &contour, drivers, 2, &err), err);
    run_file(db, "drivers.sql", NULL, 0, &rows);
    assert_string_equal(rows.text,
                        "experiment|benchmark|kind|mass_gev|coupling|decay|strength_up|strength_up_without|"
                        "ratio|alone\n"
                        "toy|BC4|observed|0.3|0.0001|mu+mu-|0.5|5|10|1\n"
                        "toy|BC4|observed|0.5|0.0002|pi+pi-|0.25|0.5|2|0\n");
    const struct bd_query_parameter expected = {"kind", "expected"};
    run_file(db, "drivers.sql", &expected, 1, &rows);
    assert_int_equal(rows.n, 1);
    bd_database_close(db);
    toy_free(&toy);
}

static void provenance_names_program_card_and_inputs(void **state)
{
    (void)state;
    struct toy toy;
    struct toy_rows rows;
    toy_init(&toy);
    struct bd_database *db = database_with_yields(&toy);
    const struct bd_query_parameter parameter = {"experiment", "toy"};
    run_file(db, "provenance.sql", &parameter, 1, &rows);
    assert_int_equal(rows.n, 1);
    char card_hash[32];
    (void)snprintf(card_hash, sizeof card_hash, "|%016llx|", toy.experiment.hash);
    assert_non_null(strstr(rows.text, card_hash));
    assert_non_null(strstr(rows.text, "|2024|1|0.01|32768|"));
    assert_non_null(strstr(rows.text, "|production/spectra/pp_400GeV_beauty.csv 0000000000000123|12|0|2"));
    assert_non_null(strstr(rows.text, "|beamdump scan --experiment toy\n"));
    bd_database_close(db);
    toy_free(&toy);
}

/* The plain sqlite3 shell, where it is installed: the views and all queries that call no function of the program.
 */
static void plain_shell_runs_views_and_queries(void **state)
{
    (void)state;
    if (system("command -v sqlite3 >/dev/null 2>&1") != 0)
        skip();
    struct toy toy;
    toy_init(&toy);
    bd_database_close(database_with_yields(&toy));
    static const struct {
        const char *input;
        unsigned long n_row;
    } cases[] = {
        {"best_channel.sql", 1},        {"limits_reach.sql", 4},        {"kernel_errors.sql", 4},
        {"provenance.sql", 1},          {"SELECT * FROM v_kernel", 12}, {"SELECT * FROM v_channel", 4},
        {"SELECT * FROM v_yield", 4},   {"SELECT * FROM v_total", 2},   {"SELECT * FROM v_best_channel", 2},
        {"SELECT * FROM v_contour", 0}, {"SELECT * FROM v_driver", 0},  {"drivers.sql", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char command[1024], path[512];
        struct bd_error err;
        if (strchr(cases[i].input, ' ') != NULL) {
            (void)snprintf(command, sizeof command, "sqlite3 -bail %s '%s' | wc -l", toy.path, cases[i].input);
        } else {
            char relative[64];
            (void)snprintf(relative, sizeof relative, "db/queries/%s", cases[i].input);
            expect_ok(bd_data_path(relative, path, sizeof path, &err), err);
            (void)snprintf(command, sizeof command, "sqlite3 -bail %s < '%s' | wc -l", toy.path, path);
        }
        FILE *shell = popen(command, "r");
        assert_non_null(shell);
        char answer[32] = "";
        assert_non_null(fgets(answer, sizeof answer, shell));
        (void)pclose(shell);
        assert_int_equal(strtoul(answer, NULL, 10), cases[i].n_row);
    }
    toy_free(&toy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(n_events_is_the_transform_of_the_kernel),
        cmocka_unit_test(bad_sql_is_refused),
        cmocka_unit_test(failing_output_ends_the_query),
        cmocka_unit_test(best_channel_is_found),
        cmocka_unit_test(yield_against_mass_asks_the_kernels),
        cmocka_unit_test(limits_of_the_reach_are_named),
        cmocka_unit_test(kernels_are_audited),
        cmocka_unit_test(drivers_are_named),
        cmocka_unit_test(provenance_names_program_card_and_inputs),
        cmocka_unit_test(plain_shell_runs_views_and_queries),
    };
    return run_all_tests(tests);
}
