/* Events from kernels: interpolation between masses, thresholds, and the sum over channels. */
#include "expect.h"

#include "scan/small_scan.h"
#include "src/core/pdg.h"
#include "src/scan/yield.h"

#define STEP 1.0644 /* of the masses of BC4: (4.8/0.01)^(1/99) */

/* One precise scan for all tests: B decays and bremsstrahlung, masses two steps of BC4 apart in pairs around a
 * middle one. */
static const double middles[] = {0.3, 0.45, 0.8, 1.4};

static int make_set(void **state)
{
    static const char *const productions[] = {"b_decay", "bremsstrahlung", NULL};
    static const char *const decays[] = {"mu+mu-", "pi+pi-", "gammagamma", NULL};
    double masses[14] = {0.2, 0.25};
    struct bd_error err;
    struct small_scan *scan = small_scan_open("na62");
    for (size_t i = 0; i < 4; i++) {
        masses[2 + 3 * i] = middles[i] / sqrt(STEP);
        masses[3 + 3 * i] = middles[i];
        masses[4 + 3 * i] = middles[i] * sqrt(STEP);
    }
    small_scan_add(scan, productions, decays, 14, masses);
    scan->plan.precision = 0.005;
    scan->plan.max_points = 8192;
    scan->plan.threads = 2;
    expect_ok(small_scan_run(scan, NULL, &err), err);
    *state = scan;
    return 0;
}

static int free_set(void **state)
{
    small_scan_close(*state);
    return 0;
}

/* The set without some masses: those in [lo, hi]. */
static struct bd_kernel_set *set_without(const struct small_scan *scan, double lo, double hi)
{
    struct bd_kernel_set *set = small_scan_set(scan);
    for (size_t i = 0; i < set->n_series; i++) {
        struct bd_kernel_series *series = &set->series[i];
        size_t n = 0;
        for (size_t k = 0; k < series->n_mass; k++)
            if (series->mass_gev[k] < lo || series->mass_gev[k] > hi) {
                series->mass_gev[n] = series->mass_gev[k];
                series->kernel[n++] = series->kernel[k];
            }
        series->n_mass = n;
    }
    return set;
}

static const struct bd_kernel_series *find_series(const struct bd_kernel_set *set, const char *production,
                                                  const char *decay)
{
    for (size_t i = 0; i < set->n_series; i++)
        if (strcmp(set->series[i].production, production) == 0 && strcmp(set->series[i].decay, decay) == 0)
            return &set->series[i];
    fail_msg("no series %s/%s", production, decay);
    return NULL;
}

/* ln N linear in ln m at fixed m Gamma, over one step of BC4, against kernels made at the middle mass: within 1%
 * and three Monte Carlo errors, from the plateau to where N has fallen to 1e-3. */
static void interpolation_between_masses_is_good_to_a_percent(void **state)
{
    struct bd_error err;
    const struct small_scan *scan = *state;
    struct bd_kernel_set *all = small_scan_set(scan);
    for (size_t i = 0; i < 4; i++) {
        struct bd_kernel_set *gap = set_without(scan, middles[i] * 0.999, middles[i] * 1.001);
        for (size_t k = 0; k < all->n_series; k++) {
            const double threshold = bd_decay_threshold(bd_decay_find(all->series[k].decay));
            double maximum = 0.0;
            if (middles[i] / sqrt(STEP) < threshold)
                continue;
            for (double width = 1e-19; width < 1e-13; width *= 2.0) {
                struct bd_yield_value direct, between;
                expect_ok(bd_yield_series_at(all, &all->series[k], middles[i], width, &direct, &err), err);
                expect_ok(bd_yield_series_at(gap, &gap->series[k], middles[i], width, &between, &err), err);
                maximum = fmax(maximum, direct.n_per_pot);
                if (direct.n_per_pot < 1e-3 * maximum)
                    break;
                const int poles = strcmp(all->series[k].production, "bremsstrahlung") == 0;
                const double ratio_chi = between.chi_per_pot / direct.chi_per_pot;
                const double difference = between.n_per_pot / direct.n_per_pot / (poles ? ratio_chi : 1.0) - 1.0;
                const double error = hypot(direct.error_rel, between.error_rel);
                if (fabs(difference) > 0.01 + 3.0 * error)
                    fail_msg("%s at %g GeV, %g GeV: interpolated/direct - 1 = %.4f +- %.4f",
                             all->series[k].channel, middles[i], width, difference, error);
                assert_true(poles || fabs(ratio_chi - 1.0) < 0.01);
                expect_close(between.reach_decay, direct.reach_decay, 0.01);
            }
        }
        bd_kernel_set_free(gap);
    }
    bd_kernel_set_free(all);
}

/* At a node the kernel itself. */
static void nodes_are_exact(void **state)
{
    struct bd_error err;
    struct bd_kernel_set *set = small_scan_set(*state);
    const struct bd_kernel_series *series = find_series(set, "b_decay", "mu+mu-");
    for (size_t k = 0; k < series->n_mass; k++) {
        struct bd_yield_value value;
        const double mass = series->mass_gev[k], nodes[] = {mass, mass * (1.0 + 1e-11), mass * (1.0 - 1e-11)};
        for (size_t j = 0; j < 3; j++) {
            expect_ok(bd_yield_series_at(set, series, nodes[j], 1e-16, &value, &err), err);
            expect_close(value.n_per_pot,
                         bd_kernel_yield(&set->experiment.nodes, series->kernel[k].weight, mass, 1e-16), 1e-9);
            expect_close(value.chi_per_pot, series->kernel[k].chi_per_pot, 1e-9);
        }
    }
    bd_kernel_set_free(set);
}

/* mu+mu- opens at 0.2113, between 0.2 (closed) and 0.25: below it nothing, above it the upper kernel at the same
 * m Gamma, never a mean with the closed one. Beyond the masses there is no value. */
static void nothing_is_interpolated_across_a_threshold(void **state)
{
    struct bd_error err;
    struct bd_kernel_set *set = small_scan_set(*state);
    const struct bd_kernel_series *series = find_series(set, "b_decay", "mu+mu-");
    struct bd_yield_value value;
    static const double closed[] = {0.2, 0.205, 0.2113}, open[] = {0.2114, 0.23, 0.249};
    for (size_t k = 0; k < 3; k++) {
        expect_ok(bd_yield_series_at(set, series, closed[k], 1e-16, &value, &err), err);
        assert_int_equal(value.flag, BD_FLAG_CLOSED);
        assert_true(value.n_per_pot == 0.0 && value.chi_per_pot > 0.0);
        expect_ok(bd_yield_series_at(set, series, open[k], 1e-16, &value, &err), err);
        assert_int_equal(value.flag < BD_FLAG_CLOSED, 1);
        expect_close(
            value.n_per_pot,
            bd_kernel_yield(&set->experiment.nodes, series->kernel[1].weight, 0.25, 1e-16 * open[k] / 0.25),
            1e-12);
    }
    static const double outside[] = {0.19, 1.5};
    for (size_t k = 0; k < 2; k++) {
        expect_ok(bd_yield_series_at(set, series, outside[k], 1e-16, &value, &err), err);
        assert_int_equal(value.flag, BD_FLAG_OUTSIDE);
        assert_true(value.n_per_pot == 0.0);
    }
    expect_fails(bd_yield_series_at(set, series, 0.3, 0.0, &value, &err), BD_BAD_INPUT, "width 0 GeV", err);
    expect_fails(bd_yield_series_at(set, series, 0.3, (double)NAN, &value, &err), BD_BAD_INPUT, "not positive",
                 err);
    expect_fails(bd_yield_series_at(set, series, -0.3, 1e-16, &value, &err), BD_BAD_INPUT, "mass -0.3 GeV", err);
    bd_kernel_set_free(set);
}

/* The number of events is the product of what `explain` prints, and a slice is the sum over channels. The slice
 * follows the coupling by polynomials from three evaluations of the model, the factors evaluate it at the
 * coupling: 1e-9 is what cancels in them (partial widths of 1e-20 beside terms of order lambda). Benchmarks with
 * and without lambda. */
static void factors_multiply_and_channels_add_up(void **state)
{
    struct bd_error err;
    struct bd_kernel_set *set = small_scan_set(*state);
    static const double masses[] = {0.23, 0.3, 0.46, 0.81, 1.4}, axis[] = {1e-7, 3e-6, 1e-4, 0.02, 1.0};
    for (int lambda = 0; lambda < 2; lambda++) {
        struct bd_benchmark benchmark;
        struct bd_yield *yield = NULL;
        expect_ok(bd_benchmark_load("BC4:brems", &benchmark, &err), err);
        if (lambda)
            benchmark.fixed[bd_model_coupling_index(benchmark.model, "lambda")] = 1.5e-3;
        expect_ok(bd_yield_open(set, &benchmark, &yield, &err), err);
        assert_int_equal(yield->n_channel, 6);
        assert_int_equal(yield->n_counting, 3);
        for (size_t m = 0; m < 5; m++) {
            struct bd_yield_slice *slice = NULL;
            expect_ok(bd_yield_slice_create(yield, masses[m], &slice, &err), err);
            for (size_t g = 0; g < 5; g++) {
                double events[BD_STATES_MAX], sum[BD_STATES_MAX] = {0};
                bd_yield_slice_events(slice, axis[g], 1.4e17, events);
                for (size_t c = 0; c < yield->n_channel; c++) {
                    struct bd_yield_factors factors;
                    expect_ok(bd_yield_factors_at(yield, c, masses[m], axis[g], 1.4e17, &factors, &err), err);
                    expect_close(factors.n_events,
                                 1.4e17 * yield->channel[c].selection->a_trig * factors.kappa *
                                     factors.branching_ratio * factors.value.n_per_pot,
                                 1e-14);
                    expect_close(factors.n_events_err, factors.n_events * factors.value.error_rel, 1e-14);
                    assert_true(factors.branching_ratio >= 0.0 && factors.branching_ratio <= 1.0);
                    sum[yield->channel[c].counting] += factors.n_events;
                }
                for (size_t c = 0; c < yield->n_counting; c++)
                    if (fabs(events[c] - sum[c]) > 1e-9 * sum[c] + 1e-300)
                        fail_msg("mass %g, coupling %g: slice %.15g, sum of channels %.15g", masses[m], axis[g],
                                 events[c], sum[c]);
            }
            bd_yield_slice_free(slice);
        }
        bd_yield_free(yield);
    }
    bd_kernel_set_free(set);
}

/* For small theta N ~ theta^4: production and decay. */
static void small_couplings_scale_with_the_fourth_power(void **state)
{
    struct bd_error err;
    struct bd_kernel_set *set = small_scan_set(*state);
    struct bd_benchmark benchmark;
    struct bd_yield *yield = NULL;
    struct bd_yield_slice *slice = NULL;
    double low[BD_STATES_MAX], high[BD_STATES_MAX];
    expect_ok(bd_benchmark_load("BC4", &benchmark, &err), err);
    expect_ok(bd_yield_open(set, &benchmark, &yield, &err), err);
    expect_ok(bd_yield_slice_create(yield, 0.3, &slice, &err), err);
    bd_yield_slice_events(slice, 1e-9, 1e18, low);
    bd_yield_slice_events(slice, 2e-9, 1e18, high);
    for (size_t c = 0; c < yield->n_counting; c++)
        expect_close(high[c], 16.0 * low[c], 1e-4);
    bd_yield_slice_events(slice, 0.0, 1e18, low);
    for (size_t c = 0; c < yield->n_counting; c++)
        assert_true(low[c] == 0.0);
    bd_yield_slice_free(slice);
    bd_yield_free(yield);
    bd_kernel_set_free(set);
}

/* The strength of bremsstrahlung follows f_0(980), 55 MeV wide: between the nodes of a plan the logarithm of chi
 * is within 2% of linear in ln m. On the steps of BC4 alone, 63 MeV there, it is 55% low at the top. */
static void poles_of_a_production_are_scanned_densely(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_benchmark benchmark;
    struct small_scan *scan = small_scan_open("na62");
    struct bd_plan *plan = &scan->plan;
    struct bd_spectrum *spectrum = NULL;
    void *source = NULL;
    expect_ok(bd_benchmark_load("BC4", &benchmark, &err), err);
    expect_ok(bd_plan_add_production(plan, "bremsstrahlung", "dark_scalar", NULL, &err), err);
    expect_ok(
        bd_plan_add_mass_range(plan, benchmark.mass_min_gev, benchmark.mass_max_gev, benchmark.n_mass, NULL, &err),
        err);
    assert_in_range(plan->n_mass, 120, 180);
    const struct bd_plan_production *production = &plan->production[0];
    const struct bd_production_request request = {scan->experiment, &plan->grid, production->variant,
                                                  production->settings.value};
    expect_ok(production->channel->open(&request, &source, &err), err);
    expect_ok(bd_spectrum_create(&plan->grid, &spectrum, &err), err);
    for (size_t i = 0; i + 1 < plan->n_mass; i++) {
        const double lo = plan->mass_gev[i], hi = plan->mass_gev[i + 1], mass[3] = {lo, sqrt(lo * hi), hi};
        double ln_chi[3];
        if (lo < 0.6 || hi > 1.3)
            continue;
        for (size_t k = 0; k < 3; k++) {
            bd_spectrum_clear(&plan->grid, spectrum);
            expect_ok(production->channel->spectrum(source, mass[k], spectrum, &err), err);
            ln_chi[k] = log(spectrum->chi_per_pot);
        }
        if (fabs(0.5 * (ln_chi[0] + ln_chi[2]) - ln_chi[1]) > 0.02)
            fail_msg("between %g and %g GeV: %.3f", lo, hi, 0.5 * (ln_chi[0] + ln_chi[2]) - ln_chi[1]);
    }
    bd_spectrum_free(spectrum);
    production->channel->close(source);
    small_scan_close(scan);
}

/* Kernels that are missing or ambiguous end with a message that says what to do. */
static void missing_and_ambiguous_kernels_are_refused(void **state)
{
    (void)state;
    static const char *const productions[] = {"bremsstrahlung lambda_gev=2", "bremsstrahlung z_min=0.2",
                                              "bremsstrahlung lambda_gev=2 z_min=0.2", NULL};
    static const char *const decays[] = {"mu+mu-", NULL};
    static const double masses[] = {0.3, 0.4};
    struct bd_error err;
    struct small_scan *scan = small_scan_open("na62");
    small_scan_add(scan, productions, decays, 2, masses);
    scan->plan.threads = 1;
    scan->plan.max_points = 512;
    expect_ok(small_scan_run(scan, NULL, &err), err);
    struct bd_kernel_set *set = small_scan_set(scan);
    struct bd_benchmark benchmark;
    struct bd_yield *yield = NULL;
    expect_ok(bd_benchmark_load("BC4", &benchmark, &err), err);
    expect_fails(bd_yield_open(set, &benchmark, &yield, &err), BD_BAD_INPUT,
                 "no kernels of production 'b_decay' at na62; make them: beamdump scan", err);
    assert_null(yield);
    /* Two kinds of kernels, each with one more setting than asked for: which one is meant? */
    (void)snprintf(benchmark.production[0], sizeof benchmark.production[0], "bremsstrahlung");
    expect_fails(bd_yield_open(set, &benchmark, &yield, &err), BD_BAD_INPUT, "different settings", err);
    assert_non_null(strstr(err.message, "lambda_gev=2"));
    (void)snprintf(benchmark.production[0], sizeof benchmark.production[0], "bremsstrahlung lambda_gev=2");
    expect_ok(bd_yield_open(set, &benchmark, &yield, &err), err);
    assert_int_equal(yield->n_channel, 1);
    assert_string_equal(yield->channel[0].series->settings, "lambda_gev=2"); /* the fewest further settings */
    bd_yield_free(yield);
    yield = NULL;
    (void)snprintf(benchmark.production[0], sizeof benchmark.production[0],
                   "bremsstrahlung lambda_gev=1.5 z_min=0.2");
    expect_ok(bd_yield_open(set, &benchmark, &yield, &err),
              err); /* a default is asked for: the key must not be there */
    assert_string_equal(yield->channel[0].series->settings, "z_min=0.2");
    bd_yield_free(yield);
    bd_kernel_set_free(set);
    small_scan_close(scan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(interpolation_between_masses_is_good_to_a_percent),
        cmocka_unit_test(nodes_are_exact),
        cmocka_unit_test(nothing_is_interpolated_across_a_threshold),
        cmocka_unit_test(factors_multiply_and_channels_add_up),
        cmocka_unit_test(small_couplings_scale_with_the_fourth_power),
        cmocka_unit_test(poles_of_a_production_are_scanned_densely),
        cmocka_unit_test(missing_and_ambiguous_kernels_are_refused),
    };
    gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, make_set, free_set) != 0;
}
