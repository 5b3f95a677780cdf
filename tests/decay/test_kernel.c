/* The decay kernel against a plain Monte Carlo, closed forms and its own stated error. */
#include "expect.h"

#include <stdlib.h>

#include "decay/kernel.h"
#include "decay/plain_monte_carlo.h"
#include "src/core/pdg.h"
#include "src/scan/scan.h"

struct setup {
    struct bd_experiment *experiment;
    struct bd_plan plan;
    void *source[2]; /* b_decay:K and bremsstrahlung, opened */
    struct bd_kernel_worker *worker;
    struct bd_qmc *qmc;
};

#define POINTS_MAX 16384

static int open_setup(void **state)
{
    static struct setup setup;
    struct bd_error err;
    expect_ok(bd_experiment_load("na62", &setup.experiment, &err), err);
    expect_ok(bd_plan_init(setup.experiment, &setup.plan, &err), err);
    expect_ok(bd_plan_add_production(&setup.plan, "b_decay:K", "dark_scalar", NULL, &err), err);
    expect_ok(bd_plan_add_production(&setup.plan, "bremsstrahlung", "dark_scalar", NULL, &err), err);
    for (size_t i = 0; i < 2; i++) { /* tables of parents take longer than all spectra */
        const struct bd_plan_production *production = &setup.plan.production[i];
        const struct bd_production_request request = {setup.experiment, &setup.plan.grid, production->variant,
                                                      production->settings.value};
        expect_ok(production->channel->open(&request, &setup.source[i], &err), err);
    }
    expect_ok(bd_kernel_worker_create(2, &setup.worker, &err), err);
    expect_ok(bd_kernel_points_create(POINTS_MAX, &setup.qmc, &err), err);
    *state = &setup;
    return 0;
}

static int close_setup(void **state)
{
    struct setup *setup = *state;
    for (size_t i = 0; i < 2; i++)
        setup->plan.production[i].channel->close(setup->source[i]);
    bd_plan_free(&setup->plan);
    bd_kernel_worker_free(setup->worker);
    bd_qmc_free(setup->qmc);
    bd_experiment_free(setup->experiment);
    return 0;
}

static struct bd_spectrum *make_spectrum(const struct setup *setup, size_t production, double mass)
{
    struct bd_error err;
    struct bd_spectrum *spectrum = NULL;
    expect_ok(bd_spectrum_create(&setup->plan.grid, &spectrum, &err), err);
    expect_ok(
        setup->plan.production[production].channel->spectrum(setup->source[production], mass, spectrum, &err),
        err);
    return spectrum;
}

static struct bd_kernel_task make_task(const struct setup *setup, const char *decay, double mass,
                                       size_t n_production, struct bd_spectrum *const *spectrum)
{
    return (struct bd_kernel_task){.experiment = setup->experiment,
                                   .state = bd_experiment_state(setup->experiment, decay),
                                   .decay = bd_decay_find(decay),
                                   .mass_gev = mass,
                                   .n_production = n_production,
                                   .spectrum = (const struct bd_spectrum *const *)spectrum,
                                   .grid = &setup->plan.grid,
                                   .nodes = &setup->plan.nodes,
                                   .precision = 0.01,
                                   .max_points = POINTS_MAX,
                                   .seed = 1};
}

static void compute(const struct setup *setup, const struct bd_kernel_task *task, struct bd_kernel *kernel)
{
    struct bd_error err;
    expect_ok(bd_kernel_compute(task, setup->qmc, setup->worker, kernel, &err), err);
}

static double yield_at(const struct bd_kernel_task *task, const struct bd_kernel *kernel, double width)
{
    return bd_kernel_yield(task->nodes, kernel->weight, task->mass_gev, width);
}

/* ---- another method ---- */

/* Plateau, maximum and short-lived edge; two to four bodies; light and heavy. The plain Monte Carlo runs to 1e5
 * events, 0.3%, fewer where they are dear. */
static void kernels_agree_with_plain_monte_carlo(void **state)
{
    static const struct {
        const char *decay;
        double mass_gev, width_gev;
        size_t n_event;
        double power;
    } points[] = {
        {"mu+mu-", 0.25, 1e-18, 40000, 0.0},     {"mu+mu-", 0.4, 4e-16, 40000, 0.0},
        {"mu+mu-", 0.4, 8.9e-15, 40000, 0.0},    {"mu+mu-", 1.0, 1e-16, 40000, 1.0},
        {"pi+pi-", 0.5, 1e-15, 40000, 0.0},      {"pi+pi-", 1.6, 1e-16, 20000, 2.0},
        {"K+K-", 1.2, 1e-17, 40000, 1.0},        {"pi+pi-pi0pi0", 0.8, 2e-16, 20000, 1.5},
        {"gammagamma", 0.1, 1e-15, 40000, 0.0},  {"e+e-", 0.05, 1e-14, 40000, 0.0},
        {"pi+pi-gamma", 0.6, 3e-16, 30000, 1.0},
    };
    const struct setup *setup = *state;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t k = 0; k < sizeof points / sizeof points[0]; k++) {
        struct bd_spectrum *spectrum = make_spectrum(setup, 0, points[k].mass_gev);
        struct bd_kernel_task task = make_task(setup, points[k].decay, points[k].mass_gev, 1, &spectrum);
        struct bd_kernel kernel;
        task.precision = 0.002;
        compute(setup, &task, &kernel);
        const struct plain_run run = {setup->experiment, task.state,         task.decay,          task.grid,
                                      spectrum,          points[k].mass_gev, points[k].width_gev, points[k].power};
        double error = 0.0;
        const double plain = plain_yield(&run, rng, points[k].n_event, 30000000, &error);
        const double ratio = yield_at(&task, &kernel, points[k].width_gev) / plain;
        const double sigma =
            hypot(error / plain, bd_kernel_error(kernel.error_width_gev, kernel.error_rel, points[k].width_gev));
        print_message("%-13s %5.2f GeV, width %7.1e GeV: kernel/plain %.4f +- %.4f (plain %.4f)\n",
                      points[k].decay, points[k].mass_gev, points[k].width_gev, ratio, sigma, error / plain);
        assert_true(plain > 0.0);
        if (!(fabs(ratio - 1.0) < 3.0 * sigma && fabs(ratio - 1.0) < fmax(0.01, 2.5 * sigma)))
            fail_msg("%s at %g GeV, %g GeV: kernel/plain %.4f +- %.4f", points[k].decay, points[k].mass_gev,
                     points[k].width_gev, ratio, sigma);
        bd_spectrum_free(spectrum);
    }
    gsl_rng_free(rng);
}

/* ---- closed forms ---- */

/* A wall that sees everything: all X decaying between 100 and 150 m count, so N is an integral over the spectrum
 * alone. */
static struct bd_experiment see_everything(struct bd_final_state *selection)
{
    *selection = (struct bd_final_state){
        .name = "mu+mu-", .n_track = 2, .n_track_plane = 1, .track_plane = {0}, .sep_tracks_plane = -1};
    return (struct bd_experiment){
        .id = "toy",
        .beam_p_gev = 400.0,
        .impact_m = {0.3, -0.2, 5.0},
        .charged_volume = {100.0, 150.0},
        .neutral_volume = {100.0, 150.0},
        .n_plane = 1,
        .plane = {{.name = "wall", .z_m = 200.0, .outer = {.kind = BD_SHAPE_SQUARE, .half_m = 1e6}}}};
}

/* N = Int f p pi (sin(theta)/theta) [exp(-a z_1) - exp(-a z_2)] dln p dtheta^2 by the mid-point rule, f = Gaussian
 * in ln p (40 GeV, half an e-fold) times exp(-theta/4 mrad), given to the kernel on a fine grid. Over the whole
 * curve, from the plateau to N/N_max = 1e-4: within 4 stated errors and 5e-4 (interpolation of the spectrum). Long
 * lifetimes give N = Gamma/hbar c times the sum of weights, and acceptance x chi: the acceptance is that of
 * everything, 1. */
static void everything_seen_is_an_integral_over_the_spectrum(void **state)
{
    struct bd_error err;
    struct bd_final_state selection;
    struct bd_experiment experiment = see_everything(&selection);
    struct bd_spectrum_grid grid;
    struct bd_spectrum *spectrum = NULL;
    struct bd_kernel_nodes nodes;
    struct bd_kernel kernel;
    const struct setup *setup = *state;
    const double mass = 0.4, theta_max = 0.01;
    bd_spectrum_grid_init(&grid, 5.0, 400.0, 0.0, theta_max);
    bd_kernel_nodes_init(&experiment, &grid, &nodes);
    expect_ok(bd_spectrum_create(&grid, &spectrum, &err), err);
    for (size_t i = 0; i < grid.n_p; i++)
        for (size_t j = 0; j < grid.n_theta; j++) {
            const double x = (grid.ln_p_min + grid.ln_p_step * (double)i - log(40.0)) / 0.5;
            spectrum->density[i * grid.n_theta + j] =
                exp(-0.5 * x * x - (grid.theta_min_rad + grid.theta_step_rad * (double)j) / 0.004);
        }
    const struct plain_run run = {&experiment, &selection, bd_decay_find("mu+mu-"), &grid, spectrum, mass,
                                  0.0,         0.0};
    enum { NP = 2000, NT = 400 };
    double integral[BD_KERNEL_ERRORS] = {0}, chi = 0.0;
    const double dlnp = grid.ln_p_step * (double)(grid.n_p - 1) / NP, dt2 = theta_max * theta_max / NT;
    for (size_t i = 0; i < NP; i++) {
        const double ln_p = grid.ln_p_min + dlnp * ((double)i + 0.5);
        double here = 0.0;
        for (size_t j = 0; j < NT; j++) {
            const double theta = sqrt(dt2 * ((double)j + 0.5));
            here += plain_density(&run, ln_p, theta) * exp(ln_p) * BD_PI * sin(theta) / theta * dlnp * dt2;
        }
        chi += here;
        const double x = (ln_p - grid.ln_reach_p_min) / grid.ln_reach_p_step, u = x - floor(x);
        spectrum->reach[(size_t)x] += here * (1.0 - u);
        spectrum->reach[(size_t)x + 1] += here * u;
    }
    spectrum->chi_per_pot = chi;
    struct bd_kernel_task task = make_task(setup, "mu+mu-", mass, 1, &spectrum);
    task.experiment = &experiment;
    task.state = &selection;
    task.grid = &grid;
    task.nodes = &nodes;
    task.precision = 0.001;
    compute(setup, &task, &kernel);
    assert_int_equal(kernel.flag, BD_FLAG_OK);
    expect_close(kernel.chi_per_pot, chi, 1e-12);
    expect_close(kernel.acceptance, 1.0,
                 2e-3); /* the nodes of `reach` are 5% apart: <1/p> to 1e-4; the Monte Carlo */
    for (size_t i = 0; i < NP; i++) {
        const double ln_p = grid.ln_p_min + dlnp * ((double)i + 0.5);
        for (size_t j = 0; j < NT; j += 4) { /* the lifetime sees theta only through its cosine: coarser */
            const double theta = sqrt(dt2 * ((double)j + 2.0));
            const double here =
                plain_density(&run, ln_p, theta) * exp(ln_p) * BD_PI * sin(theta) / theta * dlnp * 4.0 * dt2;
            for (size_t w = 0; w < BD_KERNEL_ERRORS; w++) {
                const double rate = mass * kernel.error_width_gev[w] / (BD_HBARC_GEV_M * exp(ln_p) * cos(theta));
                integral[w] += here * (exp(-rate * 95.0) - exp(-rate * 145.0));
            }
        }
    }
    double largest = 0.0;
    for (size_t w = 0; w < BD_KERNEL_ERRORS; w++) {
        const double n = yield_at(&task, &kernel, kernel.error_width_gev[w]);
        largest = fmax(largest, n);
        if (fabs(n / integral[w] - 1.0) > 4.0 * kernel.error_rel[w] + 1e-3)
            fail_msg("width %g GeV: kernel/integral - 1 = %g, stated error %g", kernel.error_width_gev[w],
                     n / integral[w] - 1.0, kernel.error_rel[w]);
    }
    const double last = yield_at(&task, &kernel, kernel.error_width_gev[BD_KERNEL_ERRORS - 1]);
    assert_true(last < 1.2e-4 * largest &&
                last > 0.3e-4 * largest); /* the curve ends where N is 1e-4 of its maximum */
    bd_spectrum_free(spectrum);
}

/* N is proportional to Gamma for long lifetimes, and falls for short ones between exp(-m Gamma s) of the shortest
 * and of the longest path over momentum. */
static void limits_of_long_and_short_lifetimes(void **state)
{
    const struct setup *setup = *state;
    const double mass = 0.5;
    struct bd_spectrum *spectrum = make_spectrum(setup, 0, mass);
    const struct bd_kernel_task task = make_task(setup, "mu+mu-", mass, 1, &spectrum);
    struct bd_kernel kernel;
    compute(setup, &task, &kernel);
    double sum = 0.0;
    for (size_t k = 0; k < BD_KERNEL_NODES; k++)
        sum += kernel.weight[k];
    expect_close(yield_at(&task, &kernel, 1e-22) / 1e-22, sum / BD_HBARC_GEV_M, 1e-5);
    expect_close(yield_at(&task, &kernel, 2e-22), 2.0 * yield_at(&task, &kernel, 1e-22), 1e-5);
    const double edge = kernel.error_width_gev[BD_KERNEL_ERRORS - 1], step = 1.1;
    const double fall = -log(yield_at(&task, &kernel, edge * step) / yield_at(&task, &kernel, edge) / step);
    const double unit = mass * edge * (step - 1.0) / BD_HBARC_GEV_M;
    assert_true(fall > unit * (105.0 - 23.07) / 400.0);
    assert_true(fall < unit * (180.0 - 23.07) / 100.0);
    bd_spectrum_free(spectrum);
}

/* ---- errors ---- */

/* 20 seeds at a fixed number of points against a run with 16 times as many: pulls at three widths. The error comes
 * from 8 shifts, so a pull is Student's t of 7 degrees of freedom, <t^2> = 7/5, rms of t^2 about 3: the mean over
 * 20 lies within 1.4 -+ 2.2. Its mean over all decays and widths, 1.4 -+ 0.5. The mean of the runs agrees with the
 * better one. */
static void stated_errors_are_honest(void **state)
{
    static const struct {
        const char *decay;
        double mass_gev;
    } cases[] = {{"mu+mu-", 0.5}, {"pi+pi-", 1.5}, {"pi+pi-gamma", 0.8}, {"pi+pi-pi0pi0", 0.8}};
    enum { SEEDS = 20, WIDTHS = 3, CASES = 4 };
    static const size_t curve[WIDTHS] = {0, 10, 20};
    const struct setup *setup = *state;
    double all = 0.0;
    for (size_t c = 0; c < CASES; c++) {
        struct bd_spectrum *spectrum = make_spectrum(setup, 0, cases[c].mass_gev);
        struct bd_kernel_task task = make_task(setup, cases[c].decay, cases[c].mass_gev, 1, &spectrum);
        struct bd_kernel better, kernel;
        double mean[WIDTHS] = {0}, spread[WIDTHS] = {0}, stated[WIDTHS] = {0}, pull2[WIDTHS] = {0};
        task.precision = 1e-9; /* so that max_points decides */
        task.seed = 1000;
        compute(setup, &task, &better);
        task.max_points = 1024;
        for (unsigned seed = 1; seed <= SEEDS; seed++) {
            task.seed = seed;
            compute(setup, &task, &kernel);
            expect_close(kernel.n_configuration, 8.0 * 1024.0, 0.0);
            for (size_t w = 0; w < WIDTHS; w++) {
                const double width = better.error_width_gev[curve[w]];
                const double ratio = yield_at(&task, &kernel, width) / yield_at(&task, &better, width);
                const double error = bd_kernel_error(kernel.error_width_gev, kernel.error_rel, width);
                const double sigma2 = error * error + pow(better.error_rel[curve[w]], 2);
                mean[w] += (ratio - 1.0) / SEEDS;
                spread[w] += (ratio - 1.0) * (ratio - 1.0) / SEEDS;
                stated[w] += error * error / SEEDS;
                pull2[w] += (ratio - 1.0) * (ratio - 1.0) / sigma2 / SEEDS;
            }
        }
        for (size_t w = 0; w < WIDTHS; w++) {
            const double error_mean = sqrt(spread[w] / SEEDS + pow(better.error_rel[curve[w]], 2));
            print_message("%-13s width %zu: spread %.4f, stated %.4f, mean %+.4f +- %.4f, <pull^2> %.2f\n",
                          cases[c].decay, curve[w], sqrt(spread[w]), sqrt(stated[w]), mean[w], error_mean,
                          pull2[w]);
            assert_true(fabs(mean[w]) < 4.0 * error_mean);
            assert_true(pull2[w] < 3.6);
            all += pull2[w] / (CASES * WIDTHS);
        }
        bd_spectrum_free(spectrum);
    }
    assert_true(all > 0.7 && all < 2.1);
}

/* Where the flag is ok, the largest error is what was asked for; a run that may not reach it says so. */
static void precision_is_reached_or_marked(void **state)
{
    const struct setup *setup = *state;
    struct bd_spectrum *spectrum = make_spectrum(setup, 0, 1.5);
    struct bd_kernel_task task = make_task(setup, "pi+pi-", 1.5, 1, &spectrum);
    struct bd_kernel kernel;
    double before = 0.0;
    static const double precisions[] = {0.1, 0.03, 0.01};
    for (size_t k = 0; k < 3; k++) {
        task.precision = precisions[k];
        compute(setup, &task, &kernel);
        assert_int_equal(kernel.flag, BD_FLAG_OK);
        assert_true(kernel.error > 0.0 && kernel.error <= precisions[k]);
        for (size_t w = 0; w < BD_KERNEL_ERRORS; w++)
            assert_true(kernel.error_rel[w] > 0.0 && kernel.error_rel[w] <= kernel.error);
        assert_true(kernel.n_configuration >= before);
        before = kernel.n_configuration;
    }
    task.max_points = 64;
    compute(setup, &task, &kernel);
    assert_int_equal(kernel.flag, BD_FLAG_PRECISION);
    assert_true(kernel.error > task.precision);
    expect_close(kernel.n_configuration, 8.0 * 64.0, 0.0);
    bd_spectrum_free(spectrum);
}

/* ---- tasks ---- */

static void assert_same_kernels(const struct bd_kernel *a, const struct bd_kernel *b)
{
    assert_int_equal(a->flag, b->flag);
    assert_memory_equal(a->weight, b->weight, sizeof a->weight);
    assert_memory_equal(a->reach, b->reach, sizeof a->reach);
    assert_memory_equal(a->error_rel, b->error_rel, sizeof a->error_rel);
    assert_memory_equal(a->error_width_gev, b->error_width_gev, sizeof a->error_width_gev);
    assert_true(a->error == b->error && a->acceptance == b->acceptance &&
                a->n_configuration == b->n_configuration);
}

/* Nothing in a worker survives a task; another table of points, if it is long enough for max_points, changes
 * nothing. */
static void numbers_depend_on_the_task_alone(void **state)
{
    static const size_t max_points[] = {64, 256, 1024, 3000};
    const struct setup *setup = *state;
    struct bd_spectrum *spectrum = make_spectrum(setup, 0, 0.8);
    struct bd_error err;
    for (size_t k = 0; k < 4; k++) {
        struct bd_kernel_task task = make_task(setup, "pi+pi-pi0pi0", 0.8, 1, &spectrum), other = task;
        struct bd_kernel first, between, again, alone;
        struct bd_kernel_worker *worker = NULL;
        struct bd_qmc *qmc = NULL;
        task.max_points = other.max_points = max_points[k];
        other.decay = bd_decay_find("mu+mu-");
        other.state = bd_experiment_state(setup->experiment, "mu+mu-");
        compute(setup, &task, &first);
        compute(setup, &other, &between);
        compute(setup, &task, &again);
        assert_same_kernels(&first, &again);
        expect_ok(bd_kernel_worker_create(1, &worker, &err), err);
        expect_ok(bd_kernel_points_create(max_points[k], &qmc, &err), err);
        expect_ok(bd_kernel_compute(&task, qmc, worker, &alone, &err), err);
        assert_same_kernels(&first, &alone);
        task.seed = 2;
        compute(setup, &task, &again);
        assert_memory_not_equal(first.weight, again.weight, sizeof first.weight);
        bd_kernel_worker_free(worker);
        bd_qmc_free(qmc);
    }
    bd_spectrum_free(spectrum);
}

/* Two productions in one task give what each gives alone, within their errors; the spectrum and all that belongs
 * to it exactly. */
static void productions_share_a_task(void **state)
{
    const struct setup *setup = *state;
    static const double masses[] = {0.3, 0.9, 1.6};
    for (size_t k = 0; k < 3; k++) {
        struct bd_spectrum *spectrum[2] = {make_spectrum(setup, 0, masses[k]), make_spectrum(setup, 1, masses[k])};
        struct bd_kernel_task task = make_task(setup, "pi+pi-", masses[k], 2, spectrum);
        struct bd_kernel together[2], alone;
        compute(setup, &task, together);
        for (size_t p = 0; p < 2; p++) {
            task.n_production = 1;
            task.spectrum = (const struct bd_spectrum *const *)&spectrum[p];
            compute(setup, &task, &alone);
            expect_close(together[p].chi_per_pot, spectrum[p]->chi_per_pot, 0.0);
            assert_memory_equal(together[p].reach, alone.reach, sizeof alone.reach);
            for (size_t w = 0; w < BD_KERNEL_ERRORS; w += 5) {
                const double width = alone.error_width_gev[w];
                const double error = bd_kernel_error(together[p].error_width_gev, together[p].error_rel, width);
                expect_close(yield_at(&task, &together[p], width), yield_at(&task, &alone, width),
                             4.5 * hypot(error, alone.error_rel[w]));
            }
        }
        bd_spectrum_free(spectrum[0]);
        bd_spectrum_free(spectrum[1]);
    }
}

/* Up to the threshold, and where the production is closed, there is nothing, and a flag says so; just above there
 * is. */
static void closed_kernels_are_zero_and_marked(void **state)
{
    const struct setup *setup = *state;
    const double threshold = 2.0 * BD_MASS_MUON;
    static const double factor[] = {0.9, 1.0, 1.0001};
    for (size_t k = 0; k < 3; k++) {
        struct bd_spectrum *spectrum[2] = {make_spectrum(setup, 0, factor[k] * threshold),
                                           make_spectrum(setup, 1, factor[k] * threshold)};
        const struct bd_kernel_task task = make_task(setup, "mu+mu-", factor[k] * threshold, 2, spectrum);
        struct bd_kernel kernel[2];
        compute(setup, &task, kernel);
        for (size_t p = 0; p < 2; p++) {
            assert_int_equal(kernel[p].flag, k < 2 ? BD_FLAG_CLOSED : BD_FLAG_OK);
            assert_true((yield_at(&task, &kernel[p], 1e-16) > 0.0) == (k == 2));
            assert_true(kernel[p].chi_per_pot > 0.0);
        }
        spectrum[0]->flag = BD_FLAG_OUTSIDE;
        memset(spectrum[0]->density, 0, setup->plan.grid.n_p * setup->plan.grid.n_theta * sizeof(double));
        compute(setup, &task, kernel);
        assert_int_equal(kernel[0].flag, BD_FLAG_OUTSIDE);
        assert_int_equal(kernel[1].flag, k < 2 ? BD_FLAG_CLOSED : BD_FLAG_OK);
        assert_true(yield_at(&task, &kernel[0], 1e-16) == 0.0);
        bd_spectrum_free(spectrum[0]);
        bd_spectrum_free(spectrum[1]);
    }
}

/* Nothing is ever accepted (a wall that is all hole), or the spectrum has nothing in the window: no NaN anywhere,
 * and no row that claims to be precise. */
static void nothing_accepted_is_no_nan(void **state)
{
    const struct setup *setup = *state;
    struct bd_spectrum *spectrum = make_spectrum(setup, 0, 0.5);
    for (int k = 0; k < 2; k++) {
        struct bd_kernel_task task = make_task(setup, "mu+mu-", 0.5, 1, &spectrum);
        struct bd_kernel kernel;
        struct bd_final_state selection;
        struct bd_experiment experiment = see_everything(&selection);
        experiment.plane[0].n_hole = 1;
        experiment.plane[0].hole[0] = (struct bd_shape){.kind = BD_SHAPE_SQUARE, .half_m = 2e6};
        struct bd_kernel_nodes nodes;
        bd_kernel_nodes_init(&experiment, task.grid, &nodes);
        task.max_points = 1024;
        if (k == 0) {
            task.experiment = &experiment;
            task.state = &selection;
            task.nodes = &nodes;
        } else {
            memset(spectrum->density, 0, task.grid->n_p * task.grid->n_theta * sizeof(double));
        }
        compute(setup, &task, &kernel);
        assert_int_not_equal(kernel.flag, BD_FLAG_OK);
        assert_true(kernel.acceptance == 0.0 && isfinite(kernel.error));
        for (size_t j = 0; j < BD_KERNEL_NODES; j++)
            assert_true(kernel.weight[j] == 0.0);
        for (size_t w = 0; w < BD_KERNEL_ERRORS; w++)
            assert_true(isfinite(kernel.error_rel[w]) && isfinite(kernel.error_width_gev[w]));
        assert_true(yield_at(&task, &kernel, 1e-16) == 0.0);
    }
    bd_spectrum_free(spectrum);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kernels_agree_with_plain_monte_carlo),
        cmocka_unit_test(everything_seen_is_an_integral_over_the_spectrum),
        cmocka_unit_test(limits_of_long_and_short_lifetimes),
        cmocka_unit_test(stated_errors_are_honest),
        cmocka_unit_test(precision_is_reached_or_marked),
        cmocka_unit_test(numbers_depend_on_the_task_alone),
        cmocka_unit_test(productions_share_a_task),
        cmocka_unit_test(closed_kernels_are_zero_and_marked),
        cmocka_unit_test(nothing_accepted_is_no_nan),
    };
    gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, open_setup, close_setup) != 0;
}
