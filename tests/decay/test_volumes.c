/* Volumes that are more than a range in z - a chamber that is its own detector, excluded slabs, two detectors one
 * behind the other - and cuts on angles against the plain Monte Carlo, and by hand. */
#include "expect.h"

#include <stdlib.h>

#include "decay/kernel.h"
#include "decay/plain_monte_carlo.h"
#include "src/scan/scan.h"

/* A card with the spectrum of one production at one mass. */
struct setup {
    struct bd_experiment *experiment;
    struct bd_plan plan;
    struct bd_spectrum *spectrum;
    struct bd_kernel_worker *worker;
    struct bd_qmc *qmc;
};

static void open_setup(const char *card, const char *production, double mass, struct setup *setup)
{
    struct bd_error err;
    size_t n_region;
    expect_ok(bd_experiment_load(card, &setup->experiment, &err), err);
    (void)bd_experiment_signal_regions(setup->experiment, &n_region);
    expect_ok(bd_plan_init(setup->experiment, &setup->plan, &err), err);
    expect_ok(bd_plan_add_production(&setup->plan, production, NULL, NULL, &err), err);
    expect_ok(bd_scan_spectrum(&setup->plan, 0, mass, &setup->spectrum, &err), err);
    expect_ok(bd_kernel_worker_create(n_region, &setup->worker, &err), err);
    expect_ok(bd_kernel_points_create(32768, &setup->qmc, &err), err);
}

static void close_setup(struct setup *setup)
{
    bd_kernel_worker_free(setup->worker);
    bd_qmc_free(setup->qmc);
    bd_spectrum_free(setup->spectrum);
    bd_plan_free(&setup->plan);
    bd_experiment_free(setup->experiment);
}

static void compute(const struct setup *setup, const char *decay, double mass, struct bd_kernel *kernel)
{
    struct bd_error err;
    const struct bd_kernel_task task = {.experiment = setup->experiment,
                                        .state = bd_experiment_state(setup->experiment, decay),
                                        .decay = bd_decay_find(decay),
                                        .mass_gev = mass,
                                        .n_production = 1,
                                        .spectrum = (const struct bd_spectrum *const *)&setup->spectrum,
                                        .grid = &setup->plan.grid,
                                        .nodes = &setup->plan.nodes,
                                        .precision = 0.003,
                                        .max_points = 32768,
                                        .seed = 1};
    expect_ok(bd_kernel_compute(&task, setup->qmc, setup->worker, kernel, &err), err);
}

/* Plateau and short-lived edge; the plain Monte Carlo runs to 20000 events, 0.7%. At 800 GeV there are spectra of
 * productions without mesons only. */
static void kernels_agree_with_plain_monte_carlo(void **state)
{
    static const struct {
        const char *card, *production, *decay;
        double mass_gev, width_gev, power;
    } points[] = {
        {"bebc", "b_decay:K", "mu+mu-", 0.5, 1e-18, 0.0},
        {"bebc", "b_decay:K", "mu+mu-", 3.0, 3e-17, 0.0},
        {"dune_nd", "meson_decay:eta", "gammagamma", 0.3, 1e-17, 0.0},
        {"dune_nd", "meson_decay:eta", "mu+mu-", 0.4, 3e-16, 0.0},
        {"dune_nd", "mixing_etap", "pi+pi-pi0", 0.7, 1e-17, 1.0},
        {"bebc", "b_decay:K", "e+e-", 1.0, 1e-17, 0.0},
        {"nutev", "primakoff", "mu+mu-", 0.3, 1e-18, 0.0},
        {"nutev", "primakoff", "mu+mu-", 0.3, 2e-16, 0.0},
        {"ship", "b_decay:K", "pi+pi-", 0.6, 1e-16, 0.0},
    };
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    (void)state;
    for (size_t k = 0; k < sizeof points / sizeof points[0]; k++) {
        const double mass = points[k].mass_gev, width = points[k].width_gev;
        struct setup setup;
        struct bd_kernel kernel[BD_REGIONS_MAX];
        open_setup(points[k].card, points[k].production, mass, &setup);
        compute(&setup, points[k].decay, mass, kernel);
        for (size_t part = 0; part < (setup.experiment->n_part > 0 ? setup.experiment->n_part : 1); part++) {
            const struct bd_final_state selection = bd_experiment_part_state(
                setup.experiment, bd_experiment_state(setup.experiment, points[k].decay), part);
            const struct plain_run run = {.experiment = setup.experiment,
                                          .state = &selection,
                                          .decay = bd_decay_find(points[k].decay),
                                          .grid = &setup.plan.grid,
                                          .spectrum = setup.spectrum,
                                          .mass_gev = mass,
                                          .width_gev = width,
                                          .power = points[k].power};
            double error = 0.0;
            const double plain = plain_yield(&run, rng, 20000, 100000000, &error);
            const double ours = bd_kernel_yield(&setup.plan.nodes, kernel[part].weight, mass, width);
            const double sigma =
                hypot(error / plain, bd_kernel_error(kernel[part].error_width_gev, kernel[part].error_rel, width));
            print_message("%s, %s, %s, %.1f GeV, width %.0e GeV: kernel/plain %.4f +- %.4f\n", points[k].card,
                          points[k].production, points[k].decay, mass, width, ours / plain, sigma);
            assert_true(plain > 0.0);
            if (!(fabs(ours / plain - 1.0) < 3.5 * sigma && sigma < 0.02))
                fail_msg("%s, %s: kernel/plain %.4f +- %.4f", points[k].card, points[k].decay, ours / plain,
                         sigma);
        }
        close_setup(&setup);
    }
    gsl_rng_free(rng);
}

/* What long-lived X leave in a slab is in proportion to its length: 4 of 34 m of NuTeV, up to the lateral limits,
 * which change by 2% of the distance over the channel. */
static void slabs_take_their_length(void **state)
{
    struct setup setup;
    struct bd_kernel with, without;
    (void)state;
    open_setup("nutev", "primakoff", 0.3, &setup);
    assert_int_equal(setup.experiment->n_excluded, 2);
    compute(&setup, "mu+mu-", 0.3, &with);
    setup.experiment->n_excluded = 0;
    compute(&setup, "mu+mu-", 0.3, &without);
    expect_close(with.acceptance / without.acceptance, 30.0 / 34.0, 0.02);
    close_setup(&setup);
}

/* The chamber limits the directions of X, no plane does: its far upper corner as seen from the target. */
static void the_volume_bounds_the_window(void **state)
{
    struct bd_error err;
    struct bd_experiment *bebc = NULL;
    struct bd_detector detector;
    (void)state;
    expect_ok(bd_experiment_load("bebc", &bebc, &err), err);
    expect_ok(
        bd_detector_init(bebc, bd_experiment_state(bebc, "pi+pi-"), bd_decay_find("pi+pi-"), &detector, &err),
        err);
    assert_false(detector.window.aimed);
    expect_close(detector.window.theta_max_rad, 1.005 * hypot(1.25, 1.75) / 404.65, 1e-4);
    bebc->impact_m[0] = 5.0; /* beside the beam: aimed at the chamber */
    expect_ok(
        bd_detector_init(bebc, bd_experiment_state(bebc, "pi+pi-"), bd_decay_find("pi+pi-"), &detector, &err),
        err);
    assert_true(detector.window.aimed);
    expect_close(detector.window.theta_disc_rad, 5.0 / 404.65, 1e-4);
    expect_close(detector.window.disc_r_m, 1.005 * (hypot(1.25, 1.75) + 5.0 * 2.5 / 407.15), 1e-3);
    bd_experiment_free(bebc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_volume_bounds_the_window),
        cmocka_unit_test(slabs_take_their_length),
        cmocka_unit_test(kernels_agree_with_plain_monte_carlo),
    };
    return run_all_tests(tests);
}
