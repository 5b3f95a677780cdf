/* Runs and kernels: stored, continued, read back; the same dump however they came in. */
#include "fixture.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static void kernels_come_back_bit_for_bit(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_error err;
    struct bd_run run;
    toy_init(&toy);
    struct bd_database *db = toy_database(&toy, &run);
    struct bd_kernel_set *set;
    expect_ok(bd_kernel_store_load(db, "toy", NULL, &set, &err), err);
    static const char *const channels[] = {"b_decay:K/mu+mu-", "b_decay:K/pi+pi-",
                                           "dark_scalar/b_decay(form_factor=pole)/mu+mu-",
                                           "dark_scalar/b_decay(form_factor=pole)/pi+pi-"};
    assert_int_equal(set->n_series, 4);
    for (size_t i = 0; i < 4; i++) {
        const struct bd_kernel_series *series = &set->series[i];
        const size_t p = i < 2, decay = i % 2; /* b_decay:K is the second production of the plan */
        assert_string_equal(series->channel, channels[i]);
        assert_string_equal(series->production, "b_decay");
        assert_string_equal(series->variant, p ? "K" : "");
        assert_string_equal(series->model, p ? "" : "dark_scalar");
        assert_string_equal(series->settings, p ? "" : "form_factor=pole");
        assert_string_equal(series->decay, toy.decay[decay]);
        assert_string_equal(series->region, "sr");
        assert_string_equal(series->run, run.id);
        assert_true(series->region_weight == 1.0);
        assert_int_equal(series->n_mass, 3);
        assert_memory_equal(series->mass_gev, toy.mass_gev, sizeof toy.mass_gev);
        for (size_t m = 0; m < 3; m++) {
            struct bd_kernel expected[2];
            toy_kernels(3 * decay + m, expected);
            const struct bd_kernel *kernel = &series->kernel[m];
            assert_int_equal(kernel->flag, expected[p].flag);
            assert_true(kernel->chi_per_pot == expected[p].chi_per_pot && kernel->error == expected[p].error);
            assert_true(kernel->acceptance == expected[p].acceptance);
            assert_true(kernel->n_configuration == expected[p].n_configuration);
            assert_memory_equal(kernel->weight, expected[p].weight, sizeof kernel->weight);
            assert_memory_equal(kernel->reach, expected[p].reach, sizeof kernel->reach);
            assert_memory_equal(kernel->error_width_gev, expected[p].error_width_gev, sizeof kernel->error_rel);
            assert_memory_equal(kernel->error_rel, expected[p].error_rel, sizeof kernel->error_rel);
        }
    }
    bd_kernel_set_free(set);
    bd_database_close(db);
    toy_free(&toy);
}

/* Everything a contour needs of the card. */
static void experiment_comes_back_without_its_card(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_error err;
    struct bd_run run;
    static struct bd_stored_experiment stored;
    toy_init(&toy);
    struct bd_database *db = toy_database(&toy, &run);
    expect_ok(bd_experiment_store_load(db, "toy", &stored, &err), err);
    assert_true(stored.pot == 1e17 && stored.pot_rel_unc == 0.2 && stored.pot_reference == 1e17);
    assert_true(stored.production_z_m == 23.07 && stored.limit_cl == 0.9 && stored.mass_resolution_rel == 0.01);
    assert_memory_equal(&stored.nodes, &toy.plan.nodes, sizeof stored.nodes);
    assert_true(stored.ln_reach_p_min == -2.0 && stored.ln_reach_p_step == 0.04);
    assert_int_equal(stored.n_selection, 3);
    assert_string_equal(stored.selection[0].decay, "gammagamma"); /* sorted */
    assert_true(stored.selection[0].projection && !stored.selection[0].combined);
    assert_true(stored.selection[0].volume_z_max_m == 241.093 && stored.selection[1].volume_z_max_m == 180.0);
    assert_true(stored.selection[1].a_trig == 0.8 && stored.selection[1].combined);
    assert_int_equal(stored.n_count, 2);
    const struct bd_count *muons = &stored.count[0];
    assert_int_equal(muons->state, 1); /* an index into the stored selections */
    assert_string_equal(muons->region, "sr");
    assert_true(muons->n_sr == 1 && muons->n_cr == -1 && muons->b_sr == 0.016 && muons->cl == 0.68);
    assert_true(muons->b_sr_err_up == 0.003 && muons->b_sr_err_down == 0.002);
    assert_int_equal(muons->n_ul90, 2);
    assert_true(muons->ul90[0] == 4e-4 && muons->ul90[1] == 7e-3);
    assert_int_equal(muons->n_candidate, 1);
    assert_true(muons->candidate_mass_gev[0] == 0.411 && muons->window_n_sigma == 3.0);
    assert_true(muons->window_m_min_gev == 0.212 && muons->window_m_max_gev == 2.0);
    assert_true(stored.count[1].n_sr == 0 && stored.count[1].n_cr == 2 && stored.count[1].b_cr == 0.013);
    expect_fails(bd_experiment_store_load(db, "na62", &stored, &err), BD_BAD_INPUT,
                 "has no experiment 'na62'; it has: toy", err);
    bd_database_close(db);
    toy_free(&toy);
}

static void filter_selects_channels(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_error err;
    struct bd_run run;
    toy_init(&toy);
    struct bd_database *db = toy_database(&toy, &run);
    const struct {
        struct bd_kernel_filter filter;
        size_t n_series;
    } cases[] = {
        {{.decay = "mu+mu-"}, 2},
        {{.model = "dark_scalar"}, 4}, /* with the channels that need no model */
        {{.model = "alp"}, 2},
        {{.variant = ""}, 2},
        {{.production = "b_decay", .variant = "K", .decay = "pi+pi-"}, 1},
        {{.settings = "form_factor=pole", .region = "sr"}, 2},
        {{.production = "primakoff"}, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bd_kernel_set *set;
        expect_ok(bd_kernel_store_load(db, "toy", &cases[i].filter, &set, &err), err);
        assert_int_equal(set->n_series, cases[i].n_series);
        bd_kernel_set_free(set);
    }
    struct bd_kernel_set *set;
    expect_fails(bd_kernel_store_load(db, "na62", NULL, &set, &err), BD_BAD_INPUT, "it has: toy", err);
    bd_database_close(db);
    toy_free(&toy);
}

/* -- any order, the same dump ------------------------------------------------------------------------------------
 */

/* The dump of the toy run with its tasks in this order. */
static char *dump_in_order(const size_t *order, int threads, const char *command_line)
{
    struct toy toy;
    struct bd_error err;
    struct bd_run run;
    struct bd_database *db;
    toy_init(&toy);
    toy.plan.threads = threads;
    toy.info.command_line = command_line;
    expect_ok(bd_database_open(toy.path, BD_DATABASE_CREATE, &db, &err), err);
    expect_ok(bd_run_begin(db, &toy.plan, &toy.info, 0, &run, &err), err);
    for (size_t i = 0; i < TOY_TASKS; i++) {
        toy_save(db, &run, order[i]);
        if (i == 2) { /* interrupted and continued; a task that is done once more changes nothing */
            bd_database_close(db);
            expect_ok(bd_database_open(toy.path, BD_DATABASE_WRITE, &db, &err), err);
            expect_ok(bd_run_begin(db, &toy.plan, &toy.info, 1, &run, &err), err);
            toy_save(db, &run, order[1]);
        }
    }
    expect_ok(bd_run_finish(db, &run, NULL, &err), err);
    char *dump = toy_dump(db);
    bd_database_close(db);
    toy_free(&toy);
    return dump;
}

static void any_order_of_tasks_gives_the_same_dump(void **state)
{
    (void)state;
    static const size_t orders[3][TOY_TASKS] = {{0, 1, 2, 3, 4, 5}, {5, 4, 3, 2, 1, 0}, {2, 4, 0, 5, 1, 3}};
    char *first = dump_in_order(orders[0], 1, "beamdump scan --experiment toy");
    assert_non_null(strstr(first, "# kernel: kernel, run, experiment, channel"));
    assert_non_null(strstr(first, "\"b_decay:K/pi+pi-\"|\"sr\"|0x1.aaaaaaaaaaaaap-1|\"precision\"|"));
    assert_null(strstr(first, "beamdump scan")); /* no machine columns */
    for (size_t i = 1; i < 3; i++) {
        char *other = dump_in_order(orders[i], 7, "beamdump scan --experiment toy --threads 7");
        assert_string_equal(first, other);
        free(other);
    }
    free(first);
}

static void dump_shows_the_last_bit_of_a_weight(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_error err;
    struct bd_run run;
    toy_init(&toy);
    struct bd_database *db = toy_database(&toy, &run);
    char *before = toy_dump(db);
    struct bd_kernel kernels[2];
    toy_kernels(4, kernels);
    kernels[1].weight[TOY_NODE] = nextafter(kernels[1].weight[TOY_NODE], 1.0);
    expect_ok(bd_kernel_store_save_task(db, &run, 4, kernels, &err), err);
    char *after = toy_dump(db);
    assert_string_not_equal(before, after);
    assert_int_equal(strlen(before), strlen(after));
    free(before);
    free(after);
    bd_database_close(db);
    toy_free(&toy);
}

/* -- failures ----------------------------------------------------------------------------------------------------
 */

static void failed_task_leaves_the_earlier_ones(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_error err;
    struct bd_run run;
    struct bd_database *db;
    struct toy_rows rows;
    toy_init(&toy);
    expect_ok(bd_database_open(toy.path, BD_DATABASE_CREATE, &db, &err), err);
    expect_ok(bd_run_begin(db, &toy.plan, &toy.info, 0, &run, &err), err);
    toy_save(db, &run, 0);
    struct bd_kernel kernels[2];
    toy_kernels(1, kernels);
    kernels[1].weight[7] = NAN; /* the second production: the first one is in the transaction already */
    expect_fails(bd_kernel_store_save_task(db, &run, 1, kernels, &err), BD_NUMERIC,
                 "kernel b_decay:K/mu+mu- at 0.5 GeV", err);
    assert_non_null(strstr(err.message, ":weight[7] is nan"));
    assert_string_equal(toy_query(db, "SELECT count(*), min(mass_gev), max(mass_gev) FROM kernel", &rows),
                        "2|0.3|0.3\n");
    toy_kernels(1, kernels);
    kernels[1].acceptance = 2.0; /* the schema checks its rows */
    expect_fails(bd_kernel_store_save_task(db, &run, 1, kernels, &err), BD_DATABASE, "acceptance", err);
    kernels[1].acceptance = -0.1;
    expect_fails(bd_kernel_store_save_task(db, &run, 1, kernels, &err), BD_DATABASE, "acceptance", err);
    assert_string_equal(toy_query(db, "SELECT count(*) FROM kernel", &rows), "2\n");
    toy_save(db, &run, 1); /* and it goes on */
    assert_string_equal(toy_query(db, "SELECT count(*) FROM kernel", &rows), "4\n");
    bd_database_close(db);
    toy_free(&toy);
}

/* SQLite's own limit of pages gives the error of a full disk. */
static void full_disk_leaves_the_earlier_tasks(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_error err;
    struct bd_run run;
    struct bd_database *db;
    struct toy_rows rows;
    toy_init(&toy);
    expect_ok(bd_database_open(toy.path, BD_DATABASE_CREATE, &db, &err), err);
    expect_ok(bd_run_begin(db, &toy.plan, &toy.info, 0, &run, &err), err);
    toy_save(db, &run, 0);
    (void)toy_query(db, "PRAGMA max_page_count = 1", &rows); /* not below what there is: no page more */
    enum bd_status status = BD_OK;
    struct bd_kernel kernels[2];
    size_t task = 1;
    for (; status == BD_OK && task < TOY_TASKS; task++) {
        toy_kernels(task, kernels);
        status = bd_kernel_store_save_task(db, &run, task, kernels, &err);
    }
    assert_int_equal(status, BD_DATABASE);
    assert_non_null(strstr(err.message, "toy.db: no space left"));
    assert_non_null(strstr(err.message, "--resume"));
    (void)toy_query(db, "SELECT count(*) FROM kernel", &rows);
    assert_int_equal(strtoul(rows.text, NULL, 10), 2 * (task - 1));
    expect_ok(bd_database_check(db, NULL, NULL, &err), err);
    (void)toy_query(db, "PRAGMA max_page_count = 100000", &rows);
    toy_save(db, &run, task - 1);
    bd_database_close(db);
    toy_free(&toy);
}

/* A limit on the size of files makes write() itself fail. In a child, whose limits are its own. */
static void failing_write_leaves_a_whole_file(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_error err;
    struct bd_run run;
    struct bd_database *db;
    toy_init(&toy);
    expect_ok(bd_database_open(toy.path, BD_DATABASE_CREATE, &db, &err), err);
    expect_ok(bd_run_begin(db, &toy.plan, &toy.info, 0, &run, &err), err);
    toy_save(db, &run, 0);
    bd_database_close(db);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const struct rlimit limit = {40000, 40000};
        (void)signal(SIGXFSZ, SIG_IGN);
        enum bd_status status = bd_database_open(toy.path, BD_DATABASE_WRITE, &db, &err);
        if (status != BD_OK || setrlimit(RLIMIT_FSIZE, &limit) != 0)
            _exit(1);
        for (size_t task = 1; status == BD_OK && task < TOY_TASKS; task++) {
            struct bd_kernel kernels[2];
            toy_kernels(task, kernels);
            status = bd_kernel_store_save_task(db, &run, task, kernels, &err);
        }
        _exit(status == BD_DATABASE && strstr(err.message, "toy.db") != NULL ? 0 : 2);
    }
    int code;
    assert_int_equal(waitpid(child, &code, 0), child);
    assert_true(WIFEXITED(code));
    assert_int_equal(WEXITSTATUS(code), 0);
    expect_ok(bd_database_open(toy.path, BD_DATABASE_WRITE, &db, &err), err);
    expect_ok(bd_database_check(db, NULL, NULL, &err), err);
    unsigned char done[TOY_TASKS];
    size_t n_done;
    expect_ok(bd_kernel_store_find_done(db, &run, done, &n_done, &err), err);
    assert_true(done[0] && n_done < TOY_TASKS);
    bd_database_close(db);
    toy_free(&toy);
}

/* -- continuing --------------------------------------------------------------------------------------------------
 */

static void killed_scan_is_continued_where_it_was(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_error err;
    struct bd_run run;
    struct bd_database *db;
    struct toy_rows rows;
    toy_init(&toy);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) { /* dies with a task half stored */
        if (bd_database_open(toy.path, BD_DATABASE_CREATE, &db, &err) != BD_OK ||
            bd_run_begin(db, &toy.plan, &toy.info, 0, &run, &err) != BD_OK)
            _exit(1);
        toy_save(db, &run, 4);
        toy_save(db, &run, 1);
        if (bd_database_begin(db, &err) != BD_OK)
            _exit(1);
        (void)toy_query(db, "UPDATE kernel SET mass_gev = 0.123 WHERE mass_gev < 0.6", &rows);
        (void)raise(SIGKILL);
    }
    int code;
    assert_int_equal(waitpid(child, &code, 0), child);
    assert_true(WIFSIGNALED(code));
    expect_ok(bd_database_open(toy.path, BD_DATABASE_WRITE, &db, &err), err);
    expect_fails(bd_run_begin(db, &toy.plan, &toy.info, 0, &run, &err), BD_BAD_INPUT, "was interrupted", err);
    assert_non_null(strstr(err.message, "continue it with --resume: beamdump scan --experiment toy"));

    toy.plan.seed = 2; /* something else first? */
    expect_fails(bd_run_begin(db, &toy.plan, &toy.info, 1, &run, &err), BD_BAD_INPUT,
                 "another scan is not finished", err);
    toy.plan.seed = 1;
    toy.plan.threads = 1; /* is not part of the plan */
    expect_ok(bd_run_begin(db, &toy.plan, &toy.info, 1, &run, &err), err);
    unsigned char done[TOY_TASKS];
    size_t n_done, n_missing;
    expect_ok(bd_kernel_store_find_done(db, &run, done, &n_done, &err), err);
    const unsigned char expected[TOY_TASKS] = {0, 1, 0, 0, 1, 0};
    assert_memory_equal(done, expected, sizeof expected);
    assert_int_equal(n_done, 2);
    expect_ok(bd_run_finish(db, &run, &n_missing, &err), err); /* too early: a shard of the plan */
    assert_int_equal(n_missing, 4);
    assert_string_equal(toy_query(db, "SELECT end_utc IS NULL FROM run", &rows), "1\n");
    for (size_t task = 0; task < TOY_TASKS; task++)
        if (!done[task])
            toy_save(db, &run, task);
    expect_ok(bd_run_finish(db, &run, &n_missing, &err), err);
    assert_int_equal(n_missing, 0);
    assert_string_equal(toy_query(db, "SELECT end_utc >= start_utc, count(*) FROM run", &rows), "1|1\n");
    expect_ok(bd_run_begin(db, &toy.plan, &toy.info, 0, &run, &err), err); /* once more: nothing to do */
    assert_string_equal(toy_query(db, "SELECT end_utc IS NULL FROM run", &rows), "0\n");
    bd_database_close(db);
    toy_free(&toy);
}

/* Tasks of the plan that need not be done again. The run is finished or forgotten. */
static size_t count_done(struct bd_database *db, struct toy *toy)
{
    struct bd_error err;
    struct bd_run run;
    struct toy_rows rows;
    unsigned char done[TOY_TASKS];
    size_t n_done;
    expect_ok(bd_run_begin(db, &toy->plan, &toy->info, 0, &run, &err), err);
    expect_ok(bd_kernel_store_find_done(db, &run, done, &n_done, &err), err);
    expect_ok(bd_run_finish(db, &run, NULL, &err), err);
    (void)toy_query(db, "DELETE FROM input WHERE run IN (SELECT run FROM run WHERE end_utc IS NULL)", &rows);
    (void)toy_query(db, "DELETE FROM run WHERE end_utc IS NULL", &rows);
    return n_done;
}

/* Toy errors: 0.008; the last mass of the second production 0.05, at the maximum of 32768 points. */
static void stored_kernels_serve_other_runs_if_good_enough(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_run run;
    toy_init(&toy);
    struct bd_database *db = toy_database(&toy, &run);
    assert_int_equal(count_done(db, &toy), 6);
    toy.plan.precision = 0.02; /* less is asked */
    assert_int_equal(count_done(db, &toy), 6);
    toy.plan.precision = 0.009; /* more, but most have it */
    assert_int_equal(count_done(db, &toy), 4);
    toy.plan.precision = 0.001;
    assert_int_equal(count_done(db, &toy), 0);
    toy.plan.precision = 0.01;
    toy.plan.max_points = 65536; /* worth a try for those that missed the precision */
    assert_int_equal(count_done(db, &toy), 4);
    toy.plan.max_points = 32768;
    toy.plan.seed = 7; /* asked for, so not ignored */
    assert_int_equal(count_done(db, &toy), 0);
    toy.plan.seed = 1;
    toy.plan.n_mass = 2; /* a part of what is there */
    assert_int_equal(count_done(db, &toy), 4);
    bd_database_close(db);
    toy_free(&toy);
}

static void other_programs_inputs_and_cards_are_refused(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_error err;
    struct bd_run run;
    toy_init(&toy);
    struct bd_database *db = toy_database(&toy, &run);
    char *before = toy_dump(db);
    const struct bd_run_info info = toy.info;
    toy.info.version = "9.9.9";
    expect_fails(bd_run_begin(db, &toy.plan, &toy.info, 0, &run, &err), BD_BAD_INPUT, "this is 9.9.9", err);
    toy.info = info;
    const struct bd_run_input changed = {toy_inputs[0].name, 0x124};
    toy.info.input = &changed;
    expect_fails(bd_run_begin(db, &toy.plan, &toy.info, 0, &run, &err), BD_BAD_INPUT,
                 "pp_400GeV_beauty.csv (hash 0000000000000123, now 0000000000000124)", err);
    toy.info = info;
    toy.experiment.hash++;
    expect_fails(bd_run_begin(db, &toy.plan, &toy.info, 0, &run, &err), BD_BAD_INPUT, "another card 'toy'", err);
    toy.experiment.hash--;
    toy.plan.nodes.ln_s_min -= 0.1;
    expect_fails(bd_run_begin(db, &toy.plan, &toy.info, 0, &run, &err), BD_BAD_INPUT, "'toy' on other nodes", err);
    toy.plan.nodes.ln_s_min = -1.6;
    toy.plan.precision = 0.02; /* another run of the same experiment */
    toy.info.n_model = 0;
    expect_fails(bd_run_begin(db, &toy.plan, &toy.info, 0, &run, &err), BD_BAD_INPUT, "model 'dark_scalar'", err);
    toy.info.n_model = 1;
    toy.plan.seed = ~0ULL;
    expect_fails(bd_run_begin(db, &toy.plan, &toy.info, 0, &run, &err), BD_BAD_INPUT, "seed 1844674", err);
    toy.plan.seed = 1;
    toy.plan.n_decay = 0;
    expect_fails(bd_run_begin(db, &toy.plan, &toy.info, 0, &run, &err), BD_BAD_INPUT, "0 decays", err);
    toy.plan.n_decay = 2;
    (void)snprintf(toy.decay[1], BD_NAME_SIZE, "3pi0");
    expect_fails(bd_run_begin(db, &toy.plan, &toy.info, 0, &run, &err), BD_BAD_INPUT,
                 "no selection for the decay 3pi0", err);
    (void)snprintf(toy.decay[1], BD_NAME_SIZE, "pi+pi-");
    toy.plan.precision = NAN;
    expect_fails(bd_run_begin(db, &toy.plan, &toy.info, 0, &run, &err), BD_NUMERIC, ":precision is nan", err);
    char *after = toy_dump(db); /* refusing changes nothing */
    assert_string_equal(before, after);
    free(before);
    free(after);
    bd_database_close(db);
    toy_free(&toy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kernels_come_back_bit_for_bit),
        cmocka_unit_test(experiment_comes_back_without_its_card),
        cmocka_unit_test(filter_selects_channels),
        cmocka_unit_test(any_order_of_tasks_gives_the_same_dump),
        cmocka_unit_test(dump_shows_the_last_bit_of_a_weight),
        cmocka_unit_test(failed_task_leaves_the_earlier_ones),
        cmocka_unit_test(full_disk_leaves_the_earlier_tasks),
        cmocka_unit_test(failing_write_leaves_a_whole_file),
        cmocka_unit_test(killed_scan_is_continued_where_it_was),
        cmocka_unit_test(stored_kernels_serve_other_runs_if_good_enough),
        cmocka_unit_test(other_programs_inputs_and_cards_are_refused),
    };
    return run_all_tests(tests);
}
