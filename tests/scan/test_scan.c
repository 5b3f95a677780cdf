/* A scan gives the same bytes however it is run: threads, restarts, tasks left out. */
#include "expect.h"

#include "scan/small_scan.h"

static struct small_scan *make_scan(int threads)
{
    static const char *const productions[] = {"bremsstrahlung", "bremsstrahlung lambda_gev=2", NULL};
    static const char *const decays[] = {"mu+mu-", "pi+pi-", "gammagamma", NULL};
    static const double masses[] = {0.15, 0.3, 0.7, 1.2,
                                    5.0}; /* below thresholds, above m_B - m_K: closed ones too */
    struct small_scan *scan = small_scan_open("na62");
    small_scan_add(scan, productions, decays, 5, masses);
    scan->plan.threads = threads;
    scan->plan.precision = 0.1;
    scan->plan.max_points = 512;
    return scan;
}

static void compute(struct small_scan *scan)
{
    struct bd_error err;
    expect_ok(small_scan_run(scan, NULL, &err), err);
}

/* Padding of the struct is not compared: field by field where it has any. */
static void assert_same_kernels(const struct small_scan *a, const struct small_scan *b)
{
    for (size_t i = 0; i < small_scan_n(a); i++) {
        const struct bd_kernel *k = &a->kernel[i], *l = &b->kernel[i];
        assert_int_equal(k->flag, l->flag);
        assert_memory_equal(&k->chi_per_pot, &l->chi_per_pot,
                            sizeof *k -
                                offsetof(struct bd_kernel, chi_per_pot)); /* doubles from there to the end */
    }
}

static void threads_give_the_same_bytes(void **state)
{
    (void)state;
    static const int threads[] = {2, 7};
    struct small_scan *one = make_scan(1);
    compute(one);
    assert_int_equal(one->n_saved, 15);
    for (size_t t = 0; t < 2; t++) {
        struct small_scan *many = make_scan(threads[t]);
        compute(many);
        assert_int_equal(many->n_saved, 15);
        assert_same_kernels(one, many);
        small_scan_close(many);
    }
    small_scan_close(one);
}

/* Tasks that are done are not computed and not saved again; the others are what they are in a complete run. */
static void done_tasks_are_left_out(void **state)
{
    (void)state;
    struct bd_error err;
    struct small_scan *all = make_scan(2), *part = make_scan(2);
    unsigned char done[15] = {0};
    for (size_t i = 0; i < 15; i++)
        done[i] = i % 3 == 0 || i % 5 == 1; /* all of mass 0.3: its spectra are not made either */
    compute(all);
    part->kernel = calloc(small_scan_n(part), sizeof *part->kernel);
    for (size_t i = 0; i < 15; i++)
        if (done[i])
            memcpy(part->kernel + 2 * i, all->kernel + 2 * i, 2 * sizeof *part->kernel);
    expect_ok(small_scan_run(part, done, &err), err);
    assert_int_equal(part->n_saved, 15 - 7);
    assert_same_kernels(all, part);
    memset(done, 1, sizeof done);
    expect_ok(small_scan_run(part, done, &err), err);
    assert_int_equal(part->n_saved, 0);
    small_scan_close(all);
    small_scan_close(part);
}

/* The numbers of a task do not depend on what else is in the plan: other masses and decays. (Other productions
 * change the proposal, and with it the numbers within their errors.) */
static void other_tasks_do_not_matter(void **state)
{
    (void)state;
    static const char *const productions[] = {"bremsstrahlung", "bremsstrahlung lambda_gev=2", NULL};
    static const char *const decays[] = {"pi+pi-", NULL};
    static const double masses[] = {0.7};
    struct small_scan *all = make_scan(1), *single = small_scan_open("na62");
    small_scan_add(single, productions, decays, 1, masses);
    single->plan.precision = all->plan.precision;
    single->plan.max_points = all->plan.max_points;
    compute(all);
    compute(single);
    const struct bd_kernel *wanted = all->kernel + (1 * 5 + 2) * 2; /* pi+pi-, 0.7 GeV */
    for (size_t p = 0; p < 2; p++)
        assert_memory_equal(wanted[p].weight, single->kernel[p].weight, sizeof wanted[p].weight);
    small_scan_close(all);
    small_scan_close(single);
}

/* The first failure of the sink ends the scan and is reported; with one thread nothing is saved after it. */
static void failing_sink_stops_the_scan(void **state)
{
    (void)state;
    struct bd_error err;
    for (int threads = 1; threads <= 2; threads++) {
        struct small_scan *scan = make_scan(threads);
        scan->fail_at = 4;
        expect_fails(small_scan_run(scan, NULL, &err), BD_DATABASE, "no room for task", err);
        assert_in_range(scan->n_saved, 4, 4 + (unsigned)threads - 1);
        if (threads == 1)
            assert_non_null(strstr(err.message, "task 3"));
        small_scan_close(scan);
    }
}

static void stop_interrupts_and_the_rest_completes(void **state)
{
    (void)state;
    struct bd_error err;
    struct small_scan *all = make_scan(2), *scan = make_scan(2);
    unsigned char done[15];
    compute(all);
    scan->stop_after = 5;
    expect_fails(small_scan_run(scan, NULL, &err), BD_INTERRUPTED, "interrupted", err);
    assert_in_range(scan->n_saved, 5, 6);
    for (size_t i = 0; i < 15; i++)
        done[i] = scan->kernel[2 * i].chi_per_pot > 0.0;
    scan->stop_after = SIZE_MAX;
    expect_ok(small_scan_run(scan, done, &err), err);
    assert_same_kernels(all, scan);
    scan->stop_after = 0;
    expect_fails(small_scan_run(scan, NULL, &err), BD_INTERRUPTED, "interrupted", err);
    assert_int_equal(scan->n_saved, 0);
    small_scan_close(all);
    small_scan_close(scan);
}

/* Flags: X lighter than the daughters, X heavier than the production makes (5 GeV). */
static void closed_tasks_are_saved_as_closed(void **state)
{
    (void)state;
    struct small_scan *scan = make_scan(1);
    compute(scan);
    for (size_t d = 0; d < 3; d++)
        for (size_t m = 0; m < 5; m++) {
            const struct bd_kernel *kernel = scan->kernel + (d * 5 + m) * 2;
            const double mass = scan->plan.mass_gev[m],
                         threshold = bd_decay_threshold(bd_decay_find(scan->plan.decay[d]));
            const int closed = mass <= threshold || mass > 5.0;
            if ((kernel->flag == BD_FLAG_CLOSED) != closed)
                fail_msg("bremsstrahlung/%s at %g GeV: flag %s", scan->plan.decay[d], mass,
                         bd_flag_name(kernel->flag));
            assert_true((kernel->acceptance > 0.0) != closed);
        }
    small_scan_close(scan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_give_the_same_bytes),
        cmocka_unit_test(done_tasks_are_left_out),
        cmocka_unit_test(other_tasks_do_not_matter),
        cmocka_unit_test(failing_sink_stops_the_scan),
        cmocka_unit_test(stop_interrupts_and_the_rest_completes),
        cmocka_unit_test(closed_tasks_are_saved_as_closed),
    };
    return run_all_tests(tests);
}
