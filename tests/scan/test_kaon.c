/* Kaon experiments: the published limits and branching ratios of NA62 and KOTO from their counts. */
#include "expect.h"

#include "src/core/pdg.h"
#include "src/scan/kaon.h"

static const struct bd_background none = {.n_event = 0.0};

static double limit_of(int n, struct bd_background background, double ses, double ses_err,
                       enum bd_limit_method method, enum bd_limit_signal_prior prior)
{
    struct bd_error err;
    double limit = 0.0;
    expect_ok(bd_kaon_limit(n, &background, ses, ses_err, method, prior, 0.90, &limit, &err), err);
    return limit;
}

/* NA62 2021-22: 2.85e12 decays, acceptance 7.62%, trigger and random veto 0.543: SES 8.48e-12; with 8.39e-12 of
 * 2016-18 together 4.217e-12, so 19.92 events at 8.4e-11 (arXiv:2412.12015). */
static void sensitivities_follow_from_decays(void **state)
{
    (void)state;
    struct bd_error err;
    double n_kaon, ses, both;
    expect_ok(bd_kaon_decays(2.0e8, 400.0, 0.2067, 0.118, &n_kaon, &err), err);
    expect_close(n_kaon, 8.0e10 / (0.2067 * 0.118), 1e-12);
    expect_ok(bd_kaon_ses(2.85e12, 0.0762, 0.543, &ses, &err), err);
    expect_close(ses, 8.48e-12, 1e-3);
    expect_close(8.4e-11 / 8.48e-12, 9.91, 1e-3);
    expect_ok(bd_kaon_ses_combined((const double[]){8.48e-12, 8.39e-12}, 2, &both, &err), err);
    expect_close(both, 4.217e-12, 2e-4);
    expect_close(8.4e-11 / both, 19.92, 3e-4);
}

/* Published 3.0e-9, 4.9e-9, 2.2e-9: no background subtracted, SES errors in quadrature. */
static void koto_limits_are_reproduced(void **state)
{
    (void)state;
    const enum bd_limit_method classical = BD_LIMIT_CLASSICAL;
    expect_close(limit_of(0, none, 1.30e-9, hypot(0.01e-9, 0.14e-9), classical, BD_LIMIT_GAUSSIAN), 3.03465e-9,
                 2e-6);
    expect_close(limit_of(3, none, 7.20e-10, hypot(0.05e-10, 0.66e-10), classical, BD_LIMIT_GAUSSIAN), 4.88659e-9,
                 2e-6);
    expect_close(limit_of(3, none, 7.20e-10, 0.0, classical, BD_LIMIT_GAUSSIAN), 4.81e-9, 1e-3);
    const double err_2021 = hypot(0.06e-10, 0.84e-10);
    expect_close(limit_of(0, none, 9.33e-10, 0.0, classical, BD_LIMIT_LOGNORMAL), 2.14831e-9, 3e-6);
    expect_close(limit_of(0, none, 9.33e-10, err_2021, classical, BD_LIMIT_LOGNORMAL), 2.16846e-9, 3e-6);
    expect_close(limit_of(0, none, 9.33e-10, err_2021, classical, BD_LIMIT_GAUSSIAN), 2.169e-9, 3e-4);
}

/* NA62 K+ -> pi- mu+ mu+: published 4.2e-11; pi- e+ e+: 5.3e-11 from 1.015e12 decays. KL -> gamma + invisible at
 * KOTO, published 3.5e-7, is not reproduced by CLs: 2.18e-7 without, 3.03e-7 with the error of the background. */
static void cls_limits_of_other_searches(void **state)
{
    (void)state;
    struct bd_error err;
    double ses;
    expect_close(
        limit_of(1, (struct bd_background){.n_event = 0.91}, 1.28e-11, 0.0, BD_LIMIT_CLS, BD_LIMIT_LOGNORMAL),
        4.23360e-11, 2e-6);
    expect_ok(bd_kaon_ses(1.015e12, 0.0428, 1.0, &ses, &err), err);
    expect_close(limit_of(0, (struct bd_background){.n_event = 0.43}, ses, 0.0, BD_LIMIT_CLS, BD_LIMIT_LOGNORMAL),
                 5.3e-11, 1e-3);
    const struct bd_background exact = {.n_event = 12.7};
    const double sigma = hypot(4.42, 2.13);
    const struct bd_background gamma = {12.66, sigma, sigma, 0.0, BD_BACKGROUND_GAMMA};
    expect_close(limit_of(13, exact, 2.9e-8, 0.0, BD_LIMIT_CLS, BD_LIMIT_LOGNORMAL), 2.18e-7, 3e-3);
    expect_close(limit_of(13, gamma, 2.9e-8, 0.0, BD_LIMIT_CLS, BD_LIMIT_LOGNORMAL), 3.03e-7, 3e-3);
    expect_close(limit_of(13, gamma, 2.9e-8, 0.3 * 2.9e-8, BD_LIMIT_CLS, BD_LIMIT_LOGNORMAL), 3.43e-7, 3e-3);
}

/* SES 6e-11 and 2.5 background events: 1.38, 1.74, 2.21, 2.77, 3.42 e-10 for 0 to 4 events ("about 2e-10"). */
static void the_koto_projection_is_the_median(void **state)
{
    (void)state;
    static const double limits[] = {1.38e-10, 1.74e-10, 2.21e-10, 2.77e-10, 3.42e-10};
    for (int n = 0; n < 5; n++)
        assert_true(fabs(limit_of(n, (struct bd_background){.n_event = 2.5}, 6e-11, 0.0, BD_LIMIT_CLS,
                                  BD_LIMIT_LOGNORMAL) -
                         limits[n]) <= 0.005e-10);
    struct bd_error err;
    struct bd_limit_expected expected;
    expect_ok(bd_limit_expected(&(struct bd_background){.n_event = 2.5}, &(struct bd_limit_options){.cl = 0.90},
                                &expected, &err),
              err);
    assert_int_equal(expected.n_observed[2], 2);
    expect_close(expected.mean_limit * 6e-11, 2.58e-10, 2e-3);
}

/* K+ -> pi+ nu nubar 2016-18 and 2021-22, in units of 1e-11: published 13.0 +3.3 -3.0, more than 5 sigma. */
static void the_branching_ratio_fit(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_kaon_fit fit;
    struct bd_kaon_sample samples[] = {{20, 7.03, 1.05, 0.82, 10.01, 0.42}, {31, 11.0, 2.1, 1.9, 9.91, 0.34}};
    expect_ok(bd_kaon_fit_branching_ratio(samples, 2, 8.4, &fit, &err), err);
    expect_close(fit.br, 13.458, 1e-3);
    expect_close(fit.err_up, 3.317, 1e-3);
    expect_close(fit.err_down, 3.034, 1e-3);
    expect_close(fit.z, 5.370, 1e-3);
    for (int i = 0; i < 2; i++) {
        samples[i].background_err_up = samples[i].background_err_down = samples[i].signal_err = 0.0;
        expect_ok(bd_kaon_fit_branching_ratio(&samples[i], 1, 8.4, &fit, &err), err); /* one sample: (n - b)/s */
        expect_close(fit.br, 8.4 * (samples[i].n_observed - samples[i].n_background) / samples[i].n_signal, 1e-7);
    }
    expect_ok(bd_kaon_fit_branching_ratio(samples, 2, 8.4, &fit, &err), err);
    expect_close(fit.br, 13.66, 5e-4);
    expect_close(fit.err_up, 3.14, 2e-3);
    expect_close(fit.err_down, 2.86, 2e-3);
    expect_close(fit.z, 6.25, 1e-3);
}

/* -2 ln L of one sample minimised over its two nuisances by shrinking grids, where the program has a closed form.
 */
static double brute_force(const struct bd_kaon_sample *sample, double mu)
{
    double best = INFINITY, best_t = 0.0, best_e = 0.0;
    for (double width = 4.0; width > 1e-5; width *= 0.3) {
        const double t0 = best_t, e0 = best_e;
        for (int i = -20; i <= 20; i++)
            for (int j = -20; j <= 20; j++) {
                const double t = t0 + width * i / 20.0, e = e0 + width * j / 20.0;
                const double lambda = mu * (sample->n_signal + sample->signal_err * e) + sample->n_background +
                                      (t > 0.0 ? sample->background_err_up : sample->background_err_down) * t;
                if (lambda <= 0.0)
                    continue;
                const double value = 2.0 * (lambda - sample->n_observed * log(lambda)) + t * t + e * e;
                if (value < best) {
                    best = value;
                    best_t = t;
                    best_e = e;
                }
            }
    }
    return best;
}

static void the_interval_is_where_the_likelihood_drops_by_half(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_kaon_fit fit;
    const struct bd_kaon_sample samples[] = {{31, 11.0, 2.1, 1.9, 9.91, 0.34}, {9, 4.0, 1.5, 3.0, 2.0, 0.5}};
    for (int i = 0; i < 2; i++) {
        expect_ok(bd_kaon_fit_branching_ratio(&samples[i], 1, 1.0, &fit, &err), err);
        const double lowest = brute_force(&samples[i], fit.br);
        expect_close(brute_force(&samples[i], fit.br + fit.err_up) - lowest, 1.0, 1e-6);
        expect_close(brute_force(&samples[i], fit.br - fit.err_down) - lowest, 1.0, 1e-6);
        expect_close(sqrt(brute_force(&samples[i], 0.0) - lowest), fit.z, 1e-6);
    }
}

static void fewer_events_than_background_give_zero(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_kaon_fit fit;
    for (int n = 0; n < 4; n++) {
        const struct bd_kaon_sample sample = {n, 4.0, 1.0, 1.5, 10.0, 1.0};
        expect_ok(bd_kaon_fit_branching_ratio(&sample, 1, 1.0, &fit, &err), err);
        assert_true(fit.br >= 0.0 && fit.br < 1e-6 && fit.err_down >= 0.0 && fit.err_up > 0.0 && fit.z < 1e-3);
    }
}

/* 13.0e-11 of NA62 (arXiv:2412.12015): 5.6e-10, below KOTO's 2.2e-9. The factor without isospin breaking is the
 * ratio of the lifetimes, 4.13; the breaking, 0.954 in the rate, makes 4.33 of it. */
static void the_grossman_nir_bound(void **state)
{
    (void)state;
    struct bd_error err;
    double limit;
    expect_ok(bd_kaon_grossman_nir(13.0e-11, &limit, &err), err);
    expect_close(limit, 5.6e-10, 2e-3);
    expect_close(BD_KAON_GROSSMAN_NIR, BD_LIFETIME_KL_S / BD_LIFETIME_K_CHARGED_S / 0.954, 0.01);
    expect_fails(bd_kaon_grossman_nir(13.0, &limit, &err), BD_BAD_INPUT, "branching ratio 13 is outside", err);
}

/* KOTO II: 35 signal over 40 background: 25% on the branching ratio, 5.5 or 4.93 sigma. */
static void the_koto_2_projection(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_kaon_projection projection;
    expect_ok(bd_kaon_project(35.0, 40.0, &projection, &err), err);
    expect_close(projection.br_rel_err, 0.247, 2e-3);
    expect_close(projection.z_simple, 5.53, 1e-3);
    expect_close(projection.z, 4.93, 1e-3);
    expect_ok(bd_kaon_project(9.91, 11.0, &projection, &err), err);
    expect_close(projection.br_rel_err, 0.46, 5e-3);
}

static void wrong_input_is_named(void **state)
{
    (void)state;
    struct bd_error err;
    double x;
    struct bd_kaon_fit fit;
    struct bd_kaon_sample sample = {20, 7.03, 1.05, 8.82, 10.01, 0.42};
    expect_fails(bd_kaon_decays(1e8, 400.0, 1.2, 0.1, &x, &err), BD_BAD_INPUT, "branching ratio 1.2 is outside",
                 err);
    expect_fails(bd_kaon_ses(0.0, 0.1, 0.1, &x, &err), BD_BAD_INPUT, "kaon decays 0 must be", err);
    expect_fails(bd_kaon_ses_combined(NULL, 0, &x, &err), BD_BAD_INPUT, "no single-event", err);
    expect_fails(bd_kaon_limit(0, &none, 1e-9, 2e-9, BD_LIMIT_CLS, BD_LIMIT_GAUSSIAN, 0.9, &x, &err), BD_BAD_INPUT,
                 "error 2e-09 of the single-event sensitivity 1e-09", err);
    expect_fails(bd_kaon_limit(-1, &none, 1e-9, 0.0, BD_LIMIT_CLS, BD_LIMIT_GAUSSIAN, 0.9, &x, &err), BD_BAD_INPUT,
                 "-1 observed", err);
    expect_fails(bd_kaon_fit_branching_ratio(&sample, 1, 8.4, &fit, &err), BD_BAD_INPUT,
                 "sample 1: lower background error 8.82 is above the background, 7.03", err);
    sample.n_signal = NAN;
    expect_fails(bd_kaon_fit_branching_ratio(&sample, 1, 8.4, &fit, &err), BD_BAD_INPUT,
                 "sample 1: expected signal nan", err);
    expect_fails(bd_kaon_project(-1.0, 1.0, &(struct bd_kaon_projection){0}, &err), BD_BAD_INPUT, "signal -1",
                 err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sensitivities_follow_from_decays),
        cmocka_unit_test(koto_limits_are_reproduced),
        cmocka_unit_test(cls_limits_of_other_searches),
        cmocka_unit_test(the_koto_projection_is_the_median),
        cmocka_unit_test(the_branching_ratio_fit),
        cmocka_unit_test(the_interval_is_where_the_likelihood_drops_by_half),
        cmocka_unit_test(fewer_events_than_background_give_zero),
        cmocka_unit_test(the_grossman_nir_bound),
        cmocka_unit_test(the_koto_2_projection),
        cmocka_unit_test(wrong_input_is_named),
    };
    return run_all_tests(tests);
}
