/* Accepted events one by one: they are the kernels, taken apart. */
#include "expect.h"

#include "src/scan/events.h"

static void open_plan(const char *card, struct bd_experiment **experiment, struct bd_plan *plan)
{
    struct bd_error err;
    expect_ok(bd_experiment_load(card, experiment, &err), err);
    expect_ok(bd_plan_init(*experiment, plan, &err), err);
    plan->precision = 0.1;
    plan->max_points = 2048;
    expect_ok(bd_plan_add_production(plan, "photon_from_meson", "alp", NULL, &err), err);
    expect_ok(bd_plan_add_decay(plan, "gammagamma", &err), err);
}

/* The weights in a region add up to the yield of its kernel: same vertices, so only the quadrature of the kernel
 * differs, 5e-5 for long-lived X, more where the exponential is steep. */
static void sum_of_the_weights_is_the_yield(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_experiment *experiment;
    struct bd_plan plan;
    open_plan("koto_pnn", &experiment, &plan);
    expect_ok(bd_plan_add_mass(&plan, 0.1, &err), err);
    for (double width = 1e-18; width < 2e-15; width *= 1e3) {
        struct bd_events *events = NULL;
        double sum[BD_REGIONS_MAX] = {0};
        expect_ok(bd_events_create(&plan, width, &events, &err), err);
        assert_true(events->n > 1000);
        for (size_t i = 0; i < events->n; i++) {
            const struct bd_event *event = &events->event[i];
            assert_true(event->n_events >= 0.0 && event->pt_gev >= 0.0);
            assert_true(event->region != 0 || (event->pt_gev >= 0.13 && event->pt_gev < 0.25 &&
                                               event->z_vtx_m >= 3.0 && event->z_vtx_m < 4.7));
            sum[event->region] += event->n_events;
        }
        assert_true(sum[0] > 0.0);
        for (size_t r = 0; r < 8; r++)
            if (events->n_events[r] > 0.0)
                expect_close(sum[r], events->n_events[r], 1e-3);
            else
                assert_true(sum[r] == 0.0);
        bd_events_free(events);
    }
    bd_plan_free(&plan);
    bd_experiment_free(experiment);
}

static void a_plan_of_one_task_is_needed(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_experiment *experiment;
    struct bd_events *events = NULL;
    struct bd_plan plan;
    open_plan("koto_pnn", &experiment, &plan);
    expect_fails(bd_events_create(&plan, 1e-16, &events, &err), BD_BAD_INPUT, "one mass", err);
    bd_plan_free(&plan);
    bd_experiment_free(experiment);
    open_plan("na62", &experiment, &plan);
    expect_ok(bd_plan_add_mass(&plan, 0.1, &err), err);
    expect_fails(bd_events_create(&plan, 1e-16, &events, &err), BD_BAD_INPUT, "na62 reconstructs no pi0", err);
    bd_plan_free(&plan);
    bd_experiment_free(experiment);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sum_of_the_weights_is_the_yield),
        cmocka_unit_test(a_plan_of_one_task_is_needed),
    };
    return run_all_tests(tests);
}
