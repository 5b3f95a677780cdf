/* Events at CHARM, nu-Cal, KOTO, KOTO II and DUNE against the tables of the public code ALPINIST v1.3
 * (arXiv:2201.05170, 2303.01521): off-axis beams, a detector beside the beam, showers of which one may be lost,
 * the two photons as a pi0.
 *
 * At g_agg = 3.67e-5/GeV, or BR(B -> K X) = 1e-10, and BR(X -> decay) = 1, Primakoff normalised as theirs, 39.85
 * mb A^(2/3). Their tables of CHARM and nu-Cal contain the efficiencies of the cards. The spectra of mesons and B
 * mesons are others, so most ratios ours/theirs are no test; that they do not depend on the width is: flight and
 * acceptance. The Primakoff spectrum at CHARM, from the proton alone, is also a test of the ratio.
 *
 * DUNE sees angles of 5 mrad, few cells of their grid, so that slow and fast X differ by 15%; X from mixing is
 * compared near the mass of the eta, far from which the prescriptions for its spectrum differ. Their events with
 * three pi0 are too few: all three must point at the calorimeter, though one photon of six is enough, and the
 * photons of a pi0 are not isotropic (the cosine is taken for the angle). A plain Monte Carlo with both has 0.54
 * of our events, theirs 0.58. */
#include "expect.h"

#include "src/scan/scan.h"

#define N_WIDTH 4

static const double width[N_WIDTH] = {1.12e-18, 8.91e-18, 1e-16, 1.12e-15};

static const struct row {
    const char *card, *model, *production, *decay;
    double mass_gev, strength;
    double events[N_WIDTH]; /* 0: not given, or the edge where their grid is unusable */
    double pot;             /* of the table */
    double ratio, spread;   /* ours/theirs as measured, and how far it may be from that */
} rows[] = {
    {"charm", NULL, "b_decay:K", "mu+mu-", 0.2443, 1e-10, {9.13e-5, 6.80e-4, 3.78e-3, 0}, 2.4e18, 0.933, 0.03},
    {"charm", NULL, "b_decay:K", "mu+mu-", 1.0177, 1e-10, {3.13e-4, 1.91e-3, 2.02e-3, 0}, 2.4e18, 0.94, 0.03},
    {"charm", "alp", "primakoff", "gammagamma", 0.0494, 0, {1.01, 7.44, 41.6, 0}, 2.4e18, 1.01, 0.05},
    {"charm", "alp", "photon_from_meson", "gammagamma", 0.0494, 0, {8.52, 63.3, 413, 0}, 2.4e18, 1.22, 0.04},
    {"nucal",
     "alp",
     "photon_from_meson",
     "gammagamma",
     0.0494,
     0,
     {13.2, 103, 1.06e3, 4.32e3},
     1.7e18,
     1.14,
     0.03},
    {"nucal", "alp", "primakoff", "gammagamma", 0.0494, 0, {0.868, 6.84, 69.5, 272}, 1.7e18, 1.44, 0.05},
    {"koto_dump",
     "alp",
     "photon_from_meson",
     "gammagamma",
     0.0494,
     0,
     {0.359, 2.38, 7.39, 0.091},
     2.2e17,
     0.885,
     0.05},
    {"charm", "alp", "mixing_etap", "3pi0", 0.608931, 1e-8, {7.88e3, 3.85e4, 0, 0}, 2.4e18, 1.73, 0.05},
    {"dune_nd", "alp", "mixing_eta", "mu+mu-", 0.543246, 1e-8, {2.97e7, 1.24e8, 5.67e7, 0}, 1.1e21, 1.19, 0.06},
    {"dune_nd",
     "alp",
     "photon_from_meson",
     "gammagamma",
     0.0874692,
     0,
     {5.20e3, 2.14e4, 3.65e4, 0},
     1.1e21,
     0.95,
     0.15},
};

static const char *const as_theirs[] = {"sigma_bb_nb=1.866", "sigma_pp_mb=39.85",
                                        "a_exp_primakoff=0.666666666666667", NULL};

static void compute(const struct row *row, struct bd_plan *plan, struct bd_kernel *kernel)
{
    struct bd_error err;
    struct bd_spectrum *spectrum = NULL;
    struct bd_kernel_worker *worker = NULL;
    struct bd_qmc *qmc = NULL;
    expect_ok(bd_plan_add_production(plan, row->production, row->model, as_theirs, &err), err);
    expect_ok(bd_scan_spectrum(plan, 0, row->mass_gev, &spectrum, &err), err);
    expect_ok(bd_kernel_worker_create(BD_REGIONS_MAX, &worker, &err), err);
    expect_ok(bd_kernel_points_create(8192, &qmc, &err), err);
    const struct bd_kernel_task task = {.experiment = plan->experiment,
                                        .state = bd_experiment_state(plan->experiment, row->decay),
                                        .decay = bd_decay_find(row->decay),
                                        .mass_gev = row->mass_gev,
                                        .n_production = 1,
                                        .spectrum = (const struct bd_spectrum *const *)&spectrum,
                                        .grid = &plan->grid,
                                        .nodes = &plan->nodes,
                                        .precision = 0.01,
                                        .max_points = 8192,
                                        .seed = 1};
    expect_ok(bd_kernel_compute(&task, qmc, worker, kernel, &err), err);
    bd_qmc_free(qmc);
    bd_kernel_worker_free(worker);
    bd_spectrum_free(spectrum);
}

static void ratios_do_not_depend_on_the_width(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        const double strength = row->strength > 0.0 ? row->strength : 3.67e-5 * 3.67e-5;
        struct bd_error err;
        struct bd_experiment *experiment = NULL;
        struct bd_plan plan;
        struct bd_kernel kernel[BD_REGIONS_MAX];
        size_t n_region;
        expect_ok(bd_experiment_load(row->card, &experiment, &err), err);
        expect_ok(bd_plan_init(experiment, &plan, &err), err);
        (void)bd_experiment_signal_regions(experiment, &n_region);
        compute(row, &plan, kernel);
        const double factor = row->pot * strength * bd_experiment_state(experiment, row->decay)->a_trig;
        for (size_t w = 0; w < N_WIDTH; w++) {
            if (row->events[w] <= 0.0)
                continue;
            double ours = 0.0;
            for (size_t r = 0; r < n_region; r++)
                ours += factor * bd_kernel_yield(&plan.nodes, kernel[r].weight, row->mass_gev, width[w]);
            const double ratio = ours / row->events[w];
            print_message("%-9s %-17s %-10s %.4f GeV, width %.2e GeV: ours/theirs %.3f\n", row->card,
                          row->production, row->decay, row->mass_gev, width[w], ratio);
            failed += !(fabs(ratio / row->ratio - 1.0) < row->spread);
        }
        bd_plan_free(&plan);
        bd_experiment_free(experiment);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ratios_do_not_depend_on_the_width),
    };
    return run_all_tests(tests);
}
