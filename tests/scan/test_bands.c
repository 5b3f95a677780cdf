/* Expected limits: quantiles of an independent program, closed forms, brute force over outcomes and signal
 * factors, and the counting experiment where the lattice is needed. */
#include "expect.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <stdlib.h>

#include "src/scan/bands.h"
#include "src/scan/coarse.h"
#include "src/scan/lattice.h"
#include "src/scan/limit.h"
#include "src/scan/tail.h"

static struct bd_combine prepared(double signal_rel_unc)
{
    struct bd_error err;
    struct bd_combine combine;
    const struct bd_combine_options options = {.cl = 0.90, .signal_rel_unc = signal_rel_unc};
    expect_ok(bd_combine_init(&options, &combine, &err), err);
    return combine;
}

static struct bd_bands bands_of(const struct bd_combine_channel *channels, size_t n, double signal_rel_unc,
                                enum bd_bands_mode mode)
{
    struct bd_error err;
    struct bd_bands bands;
    const struct bd_combine combine = prepared(signal_rel_unc);
    expect_ok(bd_bands_expected(&combine, channels, n, mode, &bands, &err), err);
    return bands;
}

static const struct bd_combine_channel three[] = {{.n_signal = 3.0, .n_background = 1.2},
                                                  {.n_signal = 1.0, .n_background = 0.5},
                                                  {.n_signal = 0.5, .n_background = 0.05}};

static void quantiles_of_the_counts_give_the_known_numbers(void **state)
{
    (void)state;
    static const double cls[] = {.011108997, .011108997, .045814475, .125267344, .316476265};
    const struct bd_bands bands = bands_of(three, 3, 0.0, BD_BANDS_STAT);
    for (int q = 0; q < BD_BANDS_N; q++)
        expect_close(bands.cls[q], cls[q], 5e-8);
    expect_close(exp(bands.ln_mu_up[0]), 0.511686, 1e-6); /* ln(10)/4.5: no event */
    expect_close(bands.ln_mu_up[1], bands.ln_mu_up[0], 1e-12);
}

/* NA62 2021: 0.0394 background events, so P(no event) = 0.9614 exceeds even the +1 sigma quantile; the signal
 * factor then moves the limit by exp(-+0.198) per standard deviation, except where the rare event matters (+2
 * sigma). */
static void rare_backgrounds_leave_the_signal_factor(void **state)
{
    (void)state;
    const struct bd_combine_channel na62[] = {{.n_signal = 1.0, .n_background = 0.016},
                                              {.n_signal = 0.7, .n_background = 0.0094},
                                              {.n_signal = 0.4, .n_background = 0.007},
                                              {.n_signal = 0.2, .n_background = 0.007},
                                              {.n_signal = 0.1, .n_background = 6.675e-7}};
    double b = 0.0, s = 0.0;
    for (int i = 0; i < 5; i++) {
        b += na62[i].n_background;
        s += na62[i].n_signal;
    }
    expect_close(exp(-b), 0.961365444, 1e-8);
    const struct bd_bands stat = bands_of(na62, 5, 0.2, BD_BANDS_STAT);
    for (int q = 0; q < 4; q++)
        expect_close(exp(stat.ln_mu_up[q]), 2.408575 / s, 1e-6);
    assert_true(stat.ln_mu_up[4] > stat.ln_mu_up[3] + 0.2);
    struct bd_combine_channel quiet[5];
    for (int i = 0; i < 5; i++)
        quiet[i] = (struct bd_combine_channel){.n_signal = na62[i].n_signal, .n_background = 1e-9};
    const struct bd_bands nuis = bands_of(quiet, 5, 0.2, BD_BANDS_STAT_NUIS);
    for (int q = 0; q < BD_BANDS_N; q++)
        expect_close(exp(nuis.ln_mu_up[q]), 2.408575 / s * exp((q - 2) * sqrt(log1p(0.04))), 1e-6);
}

struct pseudo {
    double ln_mu_up, p;
};

static int ascending(const void *left, const void *right)
{
    const struct pseudo *a = left, *b = right;
    return (a->ln_mu_up > b->ln_mu_up) - (a->ln_mu_up < b->ln_mu_up);
}

/* Every outcome of three channels times 401 mid-quantiles of the signal factor: the quantiles of ln mu_up. Spacing
 * of the 401 at +-2 sigma: 0.2 * 0.05 = 0.01 in ln mu_up. */
static void bands_are_quantiles_of_all_outcomes(void **state)
{
    (void)state;
    enum { MAX = 7, FACTORS = 401 };
    struct bd_error err;
    const struct bd_combine combine = prepared(0.2);
    struct pseudo *pseudo = malloc((size_t)MAX * MAX * MAX * FACTORS * sizeof *pseudo);
    assert_non_null(pseudo);
    size_t n = 0;
    for (int i = 0; i < MAX; i++)
        for (int j = 0; j < MAX; j++)
            for (int k = 0; k < MAX; k++) {
                struct bd_combine_channel channels[] = {three[0], three[1], three[2]};
                struct bd_combine_result result;
                channels[0].n_observed = i;
                channels[1].n_observed = j;
                channels[2].n_observed = k;
                expect_ok(bd_combine_limit(&combine, channels, 3, &result, &err), err);
                const double p = gsl_ran_poisson_pdf((unsigned)i, 1.2) * gsl_ran_poisson_pdf((unsigned)j, 0.5) *
                                 gsl_ran_poisson_pdf((unsigned)k, 0.05) / FACTORS;
                for (int f = 0; f < FACTORS; f++)
                    pseudo[n++] = (struct pseudo){
                        result.ln_mu_up - combine.signal_sigma * gsl_cdf_ugaussian_Pinv((f + 0.5) / FACTORS), p};
            }
    qsort(pseudo, n, sizeof *pseudo, ascending);
    const struct bd_bands bands = bands_of(three, 3, 0.2, BD_BANDS_STAT_NUIS);
    double sum = 0.0;
    for (size_t i = 0, q = 0; i < n && q < BD_BANDS_N; i++) {
        sum += pseudo[i].p;
        for (; q < BD_BANDS_N && sum >= gsl_cdf_ugaussian_P((double)q - 2.0); q++)
            assert_true(fabs(bands.ln_mu_up[q] - pseudo[i].ln_mu_up) < 0.01);
    }
    free(pseudo);
}

/* One counting channel in three parts of equal weight, few and many events (the latter on the lattice). */
static void one_channel_is_the_counting_experiment(void **state)
{
    (void)state;
    for (double b = 0.5; b < 600.0; b *= 5.0) {
        struct bd_error err;
        const struct bd_combine_channel parts[] = {{.n_signal = 2.5, .n_background = 0.25 * b},
                                                   {.n_signal = 2.5, .n_background = 0.25 * b},
                                                   {.n_signal = 5.0, .n_background = 0.50 * b}};
        const struct bd_bands bands = bands_of(parts, 3, 0.0, BD_BANDS_STAT);
        struct bd_limit_expected expected;
        expect_ok(bd_limit_expected(&(struct bd_background){.n_event = b}, &(struct bd_limit_options){.cl = 0.90},
                                    &expected, &err),
                  err);
        for (int q = 0; q < BD_BANDS_N; q++)
            expect_close(10.0 * exp(bands.ln_mu_up[q]), expected.limit[q], 1e-6);
        assert_int_equal(bands.engine, b > 200.0 ? BD_COMBINE_LATTICE : BD_COMBINE_ENUMERATION);
    }
}

/* Different weights, some backgrounds uncertain, few to many events. */
static void bands_rise_with_the_quantile(void **state)
{
    (void)state;
    for (double scale = 0.01; scale < 40.0; scale *= 4.0) {
        struct bd_combine_channel channels[6];
        for (int i = 0; i < 6; i++)
            channels[i] = (struct bd_combine_channel){.n_signal = 1.0 + 0.37 * i,
                                                      .n_background = scale / (1.0 + i),
                                                      .n_background_err = i % 2 ? 0.3 * scale / (1.0 + i) : 0.0};
        const struct bd_bands stat = bands_of(channels, 6, 0.2, BD_BANDS_STAT);
        const struct bd_bands both = bands_of(channels, 6, 0.2, BD_BANDS_STAT_NUIS);
        for (int q = 1; q < BD_BANDS_N; q++) {
            assert_true(stat.ln_mu_up[q] >= stat.ln_mu_up[q - 1] && stat.cls[q] >= stat.cls[q - 1]);
            assert_true(both.ln_mu_up[q] > both.ln_mu_up[q - 1]);
        }
        assert_true(both.ln_mu_up[4] - both.ln_mu_up[0] >= stat.ln_mu_up[4] - stat.ln_mu_up[0]);
        assert_true(stat.cls[4] <= 1.0 && stat.cls[0] > 0.0);
    }
}

static double ln_limit(const struct bd_combine *combine, const struct bd_tails *tails)
{
    struct bd_error err;
    double n_signal = 0.0;
    expect_ok(bd_combine_solve(combine, tails, 0, &n_signal, &err), err);
    return log(n_signal);
}

/* 24 channels (512 steps) and 8 (4096 steps) that share 0.4 to 3.4 background events, signals and backgrounds over
 * a factor of 30, against 131072 steps. The rounding moves the cumulative probability by that of the few outcomes
 * next to the threshold (5e-3), ln mu_up by less than 0.5%. */
static void the_coarse_lattice_agrees_with_the_fine_one(void **state)
{
    (void)state;
    static const double quantile[] = {0.84134, 0.97725};
    const struct bd_combine combine = prepared(0.2);
    double largest = 0.0;
    for (int k = 0; k < 16; k++) {
        const int n = k < 8 ? 24 : 8;
        struct bd_error err;
        struct bd_combine_channel channels[24];
        struct bd_tail_problem problem;
        struct bd_tails coarse, fine;
        double cumulative, point, fine_cumulative;
        for (int i = 0; i < n; i++) {
            const double spread = fmod(0.754877666 * (i + 24 * k) + 0.3, 1.0);
            channels[i] = (struct bd_combine_channel){
                .n_signal = pow(10.0, (k % 4) - 2.0) * pow(30.0, fmod(0.569840291 * (i + 24 * k), 1.0)),
                .n_background = (0.5 + k % 8 / 2) * pow(30.0, spread) / (10.0 * n)};
        }
        expect_ok(bd_tail_prepare(channels, (size_t)n, &problem, &err), err);
        bd_tail_order(&problem);
        assert_true(bd_coarse_suffices(&problem));
        assert_int_equal(bd_coarse_has_many(&problem), n == 24);
        bd_tail_init(&coarse);
        bd_tail_init(&fine);
        expect_ok(bd_coarse_background(&problem, &quantile[k % 2], 1, 20.0, &coarse, &cumulative, &point, &err),
                  err);
        expect_ok(
            bd_lattice_background(&problem, &quantile[k % 2], 1, 20.0, &fine, &fine_cumulative, &point, &err),
            err);
        assert_true(fabs(cumulative - fine_cumulative) < 5e-3);
        largest = fmax(largest, fabs(ln_limit(&combine, &coarse) - ln_limit(&combine, &fine)));
        bd_tail_free(&coarse);
        bd_tail_free(&fine);
    }
    if (largest > 0.005 || largest == 0.0)
        fail_msg("ln mu_up differs by %g", largest);
}

static void no_signal_is_no_hole_in_the_contour(void **state)
{
    (void)state;
    const struct bd_combine_channel channel = {.n_background = 0.1};
    const struct bd_bands bands = bands_of(&channel, 1, 0.2, BD_BANDS_STAT_NUIS);
    for (int q = 0; q < BD_BANDS_N; q++)
        assert_true(bands.ln_mu_up[q] == BD_COMBINE_LN_MU_MAX && bands.cls[q] == 1.0);
    struct bd_error err;
    struct bd_bands unused;
    const struct bd_combine combine = prepared(0.2);
    expect_fails(bd_bands_expected(&combine, &(struct bd_combine_channel){.n_signal = NAN}, 1, BD_BANDS_STAT,
                                   &unused, &err),
                 BD_BAD_INPUT, "channel 1: signal nan", err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_of_the_counts_give_the_known_numbers),
        cmocka_unit_test(rare_backgrounds_leave_the_signal_factor),
        cmocka_unit_test(bands_are_quantiles_of_all_outcomes),
        cmocka_unit_test(one_channel_is_the_counting_experiment),
        cmocka_unit_test(bands_rise_with_the_quantile),
        cmocka_unit_test(the_coarse_lattice_agrees_with_the_fine_one),
        cmocka_unit_test(no_signal_is_no_hole_in_the_contour),
    };
    return run_all_tests(tests);
}
