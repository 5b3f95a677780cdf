/* Upper limits of one counting channel: published tables (Particle Data Group; Helene), closed forms, and numbers
 * of an independent double-precision program where nothing is published. */
#include "expect.h"

#include <gsl/gsl_cdf.h>

#include "src/scan/limit.h"

/* Half a unit of the last digit of a number printed with this many decimals. */
#define expect_printed(actual, expected, decimals)                                                                \
    assert_true(fabs((actual) - (expected)) <= 0.5001 * pow(10.0, -(decimals)))

static double upper(int n, double b, struct bd_limit_options options)
{
    struct bd_error err;
    double n_signal = 0.0;
    if (options.cl == 0.0)
        options.cl = 0.90;
    expect_ok(bd_limit_upper(n, &(struct bd_background){.n_event = b}, &options, &n_signal, &err), err);
    return n_signal;
}

static double cls(int n, double b)
{
    return upper(n, b, (struct bd_limit_options){.method = BD_LIMIT_CLS});
}

static double with_background(int n, struct bd_background background)
{
    struct bd_error err;
    double n_signal = 0.0;
    expect_ok(bd_limit_upper(n, &background, &(struct bd_limit_options){.cl = 0.90}, &n_signal, &err), err);
    return n_signal;
}

/* PDG, Review of Particle Physics, Statistics, table of Poisson
 * limits: 2.30 3.89 5.32 6.68 7.99 9.27; 3.00 4.74 6.30 7.75; 0.105 0.532 1.10. More digits from the inverse of
 * the gamma distribution. */
static void classical_limits_are_those_of_the_tables(void **state)
{
    (void)state;
    struct bd_error err;
    static const double at_90[] = {2.302585, 3.889720, 5.322320, 6.680783, 7.993590, 9.274674};
    static const double at_95[] = {2.995732, 4.743865, 6.295794, 7.753657};
    static const double lower_90[] = {0.0, 0.105361, 0.531812, 1.102065};
    double low, high;
    for (int n = 0; n < 6; n++) {
        expect_ok(bd_limit_classical(n, 0.0, 0.90, &low, &high, &err), err);
        expect_printed(high, at_90[n], 6);
        expect_close(upper(n, 0.0, (struct bd_limit_options){.method = BD_LIMIT_CLASSICAL}), high, 1e-9);
        if (n < 4)
            expect_printed(low, lower_90[n], 6);
    }
    for (int n = 0; n < 4; n++) {
        expect_ok(bd_limit_classical(n, 0.0, 0.95, &low, &high, &err), err);
        expect_printed(high, at_95[n], 6);
    }
    expect_ok(bd_limit_classical(50, 0.0, 0.90, &low, &high, &err), err);
    expect_printed(high, 60.33944015, 8);
    expect_ok(bd_limit_classical(500, 0.0, 0.90, &low, &high, &err), err);
    expect_printed(high, 529.8906013, 7);
    expect_ok(bd_limit_classical(1, 0.016, 0.90, &low, &high, &err), err);
    expect_printed(high, 3.8737, 4);
    expect_ok(bd_limit_classical(0, 3.0, 0.90, &low, &high, &err), err);
    assert_true(high < 0.0); /* and that is why it is only a comparison */
}

static void cls_limits_are_those_of_helene(void **state)
{
    (void)state;
    static const struct {
        int n;
        double b, limit;
    } rows[] = {{1, 1.0, 3.271812},   {2, 1.0, 4.442913}, {3, 1.22, 5.518674},  {3, 3.0, 4.362388},
                {1, 0.016, 3.873879}, {5, 2.5, 6.854489}, {10, 3.0, 12.407332}, {0, 2.5, 2.302585},
                {1, 2.5, 2.907253},   {2, 2.5, 3.680548}, {3, 2.5, 4.619236},   {4, 2.5, 5.692716},
                {6, 2.5, 8.060309}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        expect_printed(cls(rows[i].n, rows[i].b), rows[i].limit, 6);
        expect_close(upper(rows[i].n, rows[i].b, (struct bd_limit_options){.method = BD_LIMIT_BAYES}),
                     cls(rows[i].n, rows[i].b), 1e-9);
    }
    const struct bd_limit_options at_95 = {.cl = 0.95};
    expect_printed(upper(1, 0.0, at_95), 4.743865, 6);
    expect_printed(upper(1, 1.0, at_95), 4.113003, 6);
    expect_printed(upper(10, 3.0, at_95), 13.962845, 6);
    for (double b = 0.0; b < 20.0; b += 1.7)
        expect_close(cls(0, b), log(10.0), 1e-9);
}

static void a_background_error_weakens_the_limit(void **state)
{
    (void)state;
    const enum bd_background_prior gamma = BD_BACKGROUND_GAMMA;
    const double exact = cls(3, 1.0);
    const double at_30 = with_background(3, (struct bd_background){1.0, 0.3, 0.3, 0.0, gamma});
    const double at_50 = with_background(3, (struct bd_background){1.0, 0.5, 0.5, 0.0, gamma});
    expect_printed(exact, 5.7115, 4);
    expect_printed(at_30, 5.7446, 4);
    expect_printed(at_50, 5.7993, 4);
    expect_printed(with_background(5, (struct bd_background){2.5, 0.75, 0.75, 0.0, gamma}), 7.011840, 6);
    expect_close(with_background(1, (struct bd_background){0.016, 0.002, 0.002, 0.0, gamma}), 3.87388, 2e-6);
    expect_close(with_background(1, (struct bd_background){0.016, 0.016, 0.016, 0.0, gamma}), 3.87413, 2e-6);
    expect_close(with_background(3, (struct bd_background){1.0, 1e-5, 1e-5, 0.0, gamma}), exact, 1e-8);
    /* The log-normal of the same mean and rms differs only in the third moment. */
    for (int prior = BD_BACKGROUND_LOGNORMAL_MEAN; prior <= BD_BACKGROUND_LOGNORMAL_MEDIAN; prior++)
        expect_close(
            with_background(3, (struct bd_background){1.0, 0.1, 0.1, 0.0, (enum bd_background_prior)prior}),
            with_background(3, (struct bd_background){1.0, 0.1, 0.1, 0.0, gamma}), 2e-3);
    for (int prior = BD_BACKGROUND_GAMMA; prior <= BD_BACKGROUND_ONOFF; prior++) /* no event: no background */
        expect_close(
            with_background(0, (struct bd_background){1.0, 0.4, 0.3, 0.0, (enum bd_background_prior)prior}),
            log(10.0), 1e-9);
}

/* Gamma prior by integrating over its density instead of by negative binomials. */
static void negative_binomials_are_averages_over_a_gamma(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_background_counts counts;
    struct bd_average average;
    for (double r = 0.1; r <= 1.0; r += 0.3) {
        const struct bd_background background = {2.5, 2.5 * r, 2.5 * r, 0.0, BD_BACKGROUND_GAMMA};
        expect_ok(bd_background_prepare(&background, &counts, &err), err);
        expect_ok(bd_average_gamma(2.5, r, &average, &err), err);
        for (unsigned n = 0; n < 9; n++) {
            double sum = 0.0;
            for (size_t g = 0; g < average.n; g++)
                sum += average.weight[g] * gsl_cdf_poisson_P(n, 1.3 + average.value[g]);
            expect_close(bd_background_at_most(&counts, n, 1.3), sum, 1e-9);
        }
    }
}

static void asymmetric_errors_become_a_split_lognormal(void **state)
{
    (void)state;
    struct bd_error err;
    const struct bd_background pipipi0 = {1.3e-7, 4.4e-7, 1.0e-7, 0.68, BD_BACKGROUND_AUTO};
    const struct bd_background symmetric = {0.007, 0.005, 0.0045, 0.68, BD_BACKGROUND_AUTO};
    const struct bd_background ee = {0.0094, 0.049, 0.009, 0.90, BD_BACKGROUND_AUTO};
    assert_int_equal(bd_background_prior_used(&pipipi0), BD_BACKGROUND_SPLIT_LOGNORMAL);
    assert_int_equal(bd_background_prior_used(&symmetric), BD_BACKGROUND_GAMMA);
    /* P(>=1) is the mean: of (1 +- erf) halves of log-normals. 90% errors are 1.645 standard deviations. */
    const struct bd_background rows[] = {pipipi0, ee};
    const double z[] = {1.0, 1.6448536};
    for (int i = 0; i < 2; i++) {
        struct bd_background_counts counts;
        expect_ok(bd_background_prepare(&rows[i], &counts, &err), err);
        const double b = rows[i].n_event;
        const double up = log1p(rows[i].err_up / b) / z[i], down = -log1p(-rows[i].err_down / b) / z[i];
        const double mean = b * (exp(0.5 * up * up) * gsl_cdf_ugaussian_P(up) +
                                 exp(0.5 * down * down) * gsl_cdf_ugaussian_Q(down));
        double sum = 0.0;
        for (size_t g = 0; g < counts.average.n; g++)
            sum += counts.average.weight[g] * counts.average.value[g];
        expect_close(sum, mean, 1e-7);
    }
    /* "< 0.0004 at 90%" is an exponential prior with that quantile. */
    const struct bd_background limit = bd_background_from_limit(0.0004);
    expect_close(exp(-0.0004 / limit.n_event), 0.1, 1e-12);
    expect_close(limit.err_up, limit.n_event, 1e-15);
}

/* Signal errors. n = 0: gamma has the closed form (10^(delta^2) - 1)/delta^2; a flat prior in s divides by theta.
 */
static void a_signal_error_weakens_the_limit(void **state)
{
    (void)state;
    static const struct {
        double delta, lognormal, gamma, one_event;
    } rows[] = {{0.0, 2.3026, 2.3026, 3.8739},
                {0.1, 2.3291, 2.3293, 3.9296},
                {0.2, 2.4086, 2.4120, 4.0961},
                {0.3, 2.5407, 2.5585, 4.3713}};
    for (size_t i = 0; i < 4; i++) {
        struct bd_limit_options options = {.signal_rel_unc = rows[i].delta};
        expect_printed(upper(0, 0.3, options), rows[i].lognormal, 4);
        expect_printed(upper(1, 0.016, options), rows[i].one_event, 4);
        options.signal_prior = BD_LIMIT_GAMMA;
        expect_printed(upper(0, 0.3, options), rows[i].gamma, 4);
    }
    struct bd_limit_options options = {.signal_rel_unc = 0.2};
    expect_printed(upper(0, 0.0, options), 2.408575, 6);
    expect_printed(upper(1, 0.0, options), 4.113722, 6);
    options.signal_prior = BD_LIMIT_GAMMA;
    expect_close(upper(0, 0.0, options), (pow(10.0, 0.04) - 1.0) / 0.04, 1e-9);
    expect_printed(upper(1, 0.0, options), 4.121631, 6);
    options.method = BD_LIMIT_BAYES;
    expect_close(upper(0, 0.0, options), 25.0 * (pow(10.0, 1.0 / 24.0) - 1.0), 1e-9); /* 2.5174 */
    options = (struct bd_limit_options){.signal_rel_unc = 0.2, .signal_prior = BD_LIMIT_GAUSSIAN};
    expect_printed(upper(0, 0.0, options), 2.419679, 6);
    expect_printed(upper(1, 0.0, options), 4.138934, 6);
}

static void expected_limits_are_those_of_the_quantiles(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_limit_expected expected;
    const struct bd_limit_options options = {.cl = 0.90};
    static const int n[] = {0, 1, 2, 4, 6};
    expect_ok(bd_limit_expected(&(struct bd_background){.n_event = 2.5}, &options, &expected, &err), err);
    for (int q = 0; q < 5; q++) {
        assert_int_equal(expected.n_observed[q], n[q]);
        expect_close(expected.limit[q], cls(n[q], 2.5), 1e-9);
    }
    expect_printed(expected.mean_limit, 4.298573, 6);
}

static void tails_are_consistent(void **state)
{
    (void)state;
    struct bd_error err;
    const struct bd_background background = {1.0, 0.4, 0.4, 0.0, BD_BACKGROUND_LOGNORMAL_MEAN};
    const struct bd_limit_options options = {.cl = 0.90, .signal_rel_unc = 0.2};
    double limit, previous = 1.0;
    expect_ok(bd_limit_upper(3, &background, &options, &limit, &err), err);
    struct bd_limit_tails tails;
    expect_ok(bd_limit_tails(3, &background, &options, limit, &tails, &err), err);
    expect_close(tails.tail, 0.1, 1e-8);
    for (double s = 0.3; s < 20.0; s += 0.7) {
        expect_ok(bd_limit_tails(3, &background, &options, s, &tails, &err), err);
        assert_true(tails.clsb <= tails.tail && tails.tail < previous);
        expect_close(tails.tail, tails.clsb / tails.clb, 1e-12);
        previous = tails.tail;
    }
}

/* Where the chi-square approximation leads: 1.353 and 1.921 instead of 2.303 and 2.996 (z^2/2), and so on. */
/* Nothing observed: the background cancels, also where exp(-b) is below every double (b > 745). An observation
 * keeps its background, and the classical method its negative limit. */
static void an_empty_channel_forgets_its_background(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_limit_tails tails;
    double n_signal;
    const struct bd_limit_options options = {.cl = 0.90}, bayes = {.cl = 0.90, .method = BD_LIMIT_BAYES};
    const struct bd_background backgrounds[] = {{.n_event = 700.0},
                                                {.n_event = 800.0},
                                                {.n_event = 1e6},
                                                {.n_event = 1e6, .err_up = 1e3, .err_down = 1e3}};
    for (size_t i = 0; i < sizeof backgrounds / sizeof backgrounds[0]; i++) {
        expect_close(with_background(0, backgrounds[i]), log(10.0), 1e-9);
        expect_ok(bd_limit_upper(0, &backgrounds[i], &bayes, &n_signal, &err), err);
        expect_close(n_signal, log(10.0), 1e-9);
        expect_ok(bd_limit_tails(0, &backgrounds[i], &options, 1.5, &tails, &err), err);
        expect_close(tails.tail, exp(-1.5), 1e-14);
        assert_true(tails.clb >= 0.0 && tails.clsb <= tails.clb);
    }
    expect_fails(bd_limit_upper(1, &backgrounds[1], &options, &n_signal, &err), BD_NUMERIC, "have no probability",
                 err);
    const struct bd_limit_options classical = {.cl = 0.90, .method = BD_LIMIT_CLASSICAL};
    expect_fails(bd_limit_upper(0, &backgrounds[1], &classical, &n_signal, &err), BD_NUMERIC, "would be negative",
                 err);
}

static void the_asymptotic_limit_is_refused_for_few_events(void **state)
{
    (void)state;
    struct bd_error err;
    double s;
    expect_ok(bd_limit_asymptotic(0, 0.0, 0.90, 1, &s, &err), err);
    expect_close(s, 1.352772, 2e-6);
    expect_ok(bd_limit_asymptotic(0, 0.0, 0.95, 1, &s, &err), err);
    expect_close(s, 1.920729, 2e-6);
    static const struct {
        int n;
        double b, asymptotic, exact;
    } rows[] = {{0, 0.5, 1.637, 2.303},
                {1, 0.016, 3.036, 3.874},
                {3, 3.0, 3.814, 4.362},
                {10, 3.0, 11.635, 12.407},
                {50, 50.0, 12.550, 12.996}};
    for (size_t i = 0; i < 5; i++) {
        expect_ok(bd_limit_asymptotic(rows[i].n, rows[i].b, 0.90, 1, &s, &err), err);
        expect_printed(s, rows[i].asymptotic, 3);
        expect_printed(cls(rows[i].n, rows[i].b), rows[i].exact, 3);
    }
    expect_ok(bd_limit_asymptotic(50, 50.0, 0.90, 0, &s, &err), err);
    expect_fails(bd_limit_asymptotic(1, 3.0, 0.90, 0, &s, &err), BD_BAD_INPUT, "background 3 events; below 20",
                 err);
}

static void wrong_input_is_named(void **state)
{
    (void)state;
    struct bd_error err;
    double s;
    struct bd_background b = {.n_event = 1.0};
    struct bd_limit_options o = {.cl = 0.90};
    expect_fails(bd_limit_upper(-1, &b, &o, &s, &err), BD_BAD_INPUT, "-1 observed events", err);
    o.cl = 1.0;
    expect_fails(bd_limit_upper(0, &b, &o, &s, &err), BD_BAD_INPUT, "confidence level 1 is outside", err);
    o = (struct bd_limit_options){.cl = 0.90, .signal_rel_unc = NAN};
    expect_fails(bd_limit_upper(0, &b, &o, &s, &err), BD_BAD_INPUT, "uncertainty of the signal nan", err);
    o.signal_rel_unc = 0.0;
    b.n_event = -1.0;
    expect_fails(bd_limit_upper(0, &b, &o, &s, &err), BD_BAD_INPUT, "background -1 events", err);
    b = (struct bd_background){.n_event = 1.0, .err_up = 0.5, .err_down = 1.5};
    expect_fails(bd_limit_upper(0, &b, &o, &s, &err), BD_BAD_INPUT,
                 "lower background error 1.5 is above the background", err);
    b.err_down = NAN;
    expect_fails(bd_limit_upper(0, &b, &o, &s, &err), BD_BAD_INPUT, "lower background error nan", err);
    b = (struct bd_background){.err_up = 0.5};
    expect_fails(bd_limit_upper(0, &b, &o, &s, &err), BD_BAD_INPUT, "background 0 with the error 0.5", err);
    b = (struct bd_background){.n_event = 1.0, .err_cl = 68.0};
    expect_fails(bd_limit_upper(0, &b, &o, &s, &err), BD_BAD_INPUT, "confidence level 68", err);
    b = (struct bd_background){.n_event = 3.0};
    o.method = BD_LIMIT_CLASSICAL;
    expect_fails(bd_limit_upper(0, &b, &o, &s, &err), BD_NUMERIC, "would be negative", err);
    b.n_event = 1e6;
    o.method = BD_LIMIT_CLS;
    expect_fails(bd_limit_upper(1, &b, &o, &s, &err), BD_NUMERIC, "no probability", err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classical_limits_are_those_of_the_tables),
        cmocka_unit_test(cls_limits_are_those_of_helene),
        cmocka_unit_test(a_background_error_weakens_the_limit),
        cmocka_unit_test(negative_binomials_are_averages_over_a_gamma),
        cmocka_unit_test(asymmetric_errors_become_a_split_lognormal),
        cmocka_unit_test(a_signal_error_weakens_the_limit),
        cmocka_unit_test(expected_limits_are_those_of_the_quantiles),
        cmocka_unit_test(tails_are_consistent),
        cmocka_unit_test(an_empty_channel_forgets_its_background),
        cmocka_unit_test(the_asymptotic_limit_is_refused_for_few_events),
        cmocka_unit_test(wrong_input_is_named),
    };
    return run_all_tests(tests);
}
