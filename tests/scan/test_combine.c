/* Combined limits: numbers of an independent double-precision program (exact enumeration in Python), closed forms,
 * invariances, and the two engines against each other. */
#include "expect.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include "src/scan/combine.h"
#include "src/scan/lattice.h"
#include "src/scan/tail.h"

#define LAST_DIGIT 1e-8 /* the numbers are quoted with nine digits or more */

static struct bd_combine plain(double signal_rel_unc)
{
    struct bd_error err;
    struct bd_combine combine;
    const struct bd_combine_options options = {.cl = 0.90, .signal_rel_unc = signal_rel_unc};
    expect_ok(bd_combine_init(&options, &combine, &err), err);
    return combine;
}

static struct bd_combine_result limit_of(const struct bd_combine_channel *channels, size_t n,
                                         double signal_rel_unc)
{
    struct bd_error err;
    struct bd_combine_result result;
    const struct bd_combine combine = plain(signal_rel_unc);
    expect_ok(bd_combine_limit(&combine, channels, n, &result, &err), err);
    return result;
}

static struct bd_combine_result three(double s1, double s2, double s3, int n1, int n2)
{
    const struct bd_combine_channel channels[] = {{.n_signal = s1, .n_background = 0.016, .n_observed = n1},
                                                  {.n_signal = s2, .n_background = 0.007, .n_observed = n2},
                                                  {.n_signal = s3, .n_background = 4.6e-7}};
    return limit_of(channels, 3, 0.0);
}

static void rare_backgrounds_give_the_known_numbers(void **state)
{
    (void)state;
    const struct bd_combine_result a = three(1.0, 0.5, 0.2, 1, 0);
    expect_close(a.clsb, 0.359915819, LAST_DIGIT);
    expect_close(a.clb, 0.992898227, LAST_DIGIT);
    expect_close(a.cls, 0.362490142, LAST_DIGIT);
    expect_close(exp(a.ln_mu_up), 1.993161, 3e-7);
    const struct bd_combine_result b = three(2.0, 1.0, 0.5, 1, 0), c = three(2.0, 1.0, 0.5, 0, 1);
    expect_close(b.cls, 0.0896410516, LAST_DIGIT);
    expect_close(c.cls, 0.1187527600, LAST_DIGIT);
    expect_close(exp(b.ln_mu_up), 0.961334, 6e-7);
    expect_close(exp(c.ln_mu_up), 1.062025, 6e-7);
    assert_int_equal(b.engine, BD_COMBINE_ENUMERATION);
}

static void common_backgrounds_give_the_known_numbers(void **state)
{
    (void)state;
    struct bd_combine_channel two[] = {{.n_signal = 3.0, .n_background = 2.0, .n_observed = 2},
                                       {.n_signal = 1.0, .n_background = 0.5, .n_observed = 1}};
    const struct bd_combine_result a = limit_of(two, 2, 0.0);
    expect_close(a.clsb, 0.102547082, LAST_DIGIT);
    expect_close(a.clb, 0.735344779, LAST_DIGIT);
    expect_close(a.cls, 0.139454423, LAST_DIGIT);
    expect_close(exp(a.ln_mu_up), 1.130783, 5e-7);
    two[0].n_observed = 1;
    two[1].n_observed = 2;
    const struct bd_combine_result b = limit_of(two, 2, 0.0);
    expect_close(b.cls, 0.146856616, LAST_DIGIT);
    expect_close(exp(b.ln_mu_up), 1.152538, 5e-7);
    const struct bd_combine_channel many[] = {{.n_signal = 6.0, .n_background = 10.0, .n_observed = 11},
                                              {.n_signal = 4.0, .n_background = 5.0, .n_observed = 4},
                                              {.n_signal = 1.0, .n_background = 2.0, .n_observed = 2}};
    const struct bd_combine_result c = limit_of(many, 3, 0.0);
    expect_close(c.clsb, 0.0117063679, LAST_DIGIT);
    expect_close(c.clb, 0.4956056994, LAST_DIGIT);
    expect_close(c.cls, 0.0236203254, LAST_DIGIT);
    const struct bd_combine_channel bands[] = {{.n_signal = 3.0, .n_background = 1.2, .n_observed = 1},
                                               {.n_signal = 1.0, .n_background = 0.5},
                                               {.n_signal = 0.5, .n_background = 0.05}};
    const struct bd_combine_result d = limit_of(bands, 3, 0.0);
    expect_close(d.cls, 0.027566769, 2e-8);
    expect_close(exp(d.ln_mu_up), 0.663880, 8e-7);
}

static void channels_of_equal_weight_count_as_one(void **state)
{
    (void)state;
    const struct bd_combine_channel two[] = {{.n_signal = 2.0, .n_background = 1.0, .n_observed = 1},
                                             {.n_signal = 2.0, .n_background = 1.0, .n_observed = 2}};
    const struct bd_combine_channel one = {.n_signal = 4.0, .n_background = 2.0, .n_observed = 3};
    expect_close(limit_of(two, 2, 0.0).cls, 0.176408522, LAST_DIGIT); /* P(<=3; 6)/P(<=3; 2) */
    expect_close(limit_of(two, 2, 0.0).cls, limit_of(&one, 1, 0.0).cls, 1e-14);
}

/* CLs = exp(-s), whatever the backgrounds; with a log-normal factor of 20% its average, from 32 nodes. */
static void nothing_observed_needs_no_background(void **state)
{
    (void)state;
    struct bd_combine_channel channels[] = {{.n_signal = 1.5, .n_background = 0.016}, {.n_signal = 0.8}};
    const struct bd_combine_result a = limit_of(channels, 2, 0.0);
    expect_close(a.cls, exp(-2.3), 1e-14);
    expect_close(exp(a.ln_mu_up), log(10.0) / 2.3, 1e-9);
    assert_int_equal(a.engine, BD_COMBINE_CLOSED_FORM);
    expect_close(limit_of(channels, 2, 0.2).cls, 0.110473210, LAST_DIGIT);
    const struct bd_combine_channel observed[] = {{.n_signal = 2.0, .n_background = 0.016, .n_observed = 1},
                                                  {.n_signal = 1.0, .n_background = 0.007},
                                                  {.n_signal = 0.5, .n_background = 4.6e-7}};
    expect_close(limit_of(observed, 3, 0.2).cls, 0.102652246, LAST_DIGIT);
    channels[1].n_observed = 1; /* an event without background: every outcome without it is less signal-like */
    const struct bd_combine_result b = limit_of(channels, 2, 0.0);
    expect_close(b.cls, 0.527820869, LAST_DIGIT);
    assert_int_equal(b.warnings, BD_COMBINE_CANDIDATE_WITHOUT_BACKGROUND);
}

static void forty_channels_give_the_known_numbers(void **state)
{
    (void)state;
    struct bd_combine_channel channels[40];
    for (int i = 0; i < 40; i++)
        channels[i] = (struct bd_combine_channel){
            .n_signal = 0.05 * (1 + i % 3), .n_background = pow(10.0, -2.0 - i / 8.0), .n_observed = i == 0};
    const struct bd_combine_result a = limit_of(channels, 40, 0.0);
    expect_close(a.clsb, 0.0196100366, LAST_DIGIT);
    expect_close(a.clb, 0.9704141402, LAST_DIGIT);
    expect_close(a.cls, 0.0202079048, LAST_DIGIT);
    channels[5].n_observed = 1;
    const struct bd_combine_result b = limit_of(channels, 40, 0.0);
    expect_close(b.clsb, 0.0444519582, LAST_DIGIT);
    expect_close(b.clb, 0.9988201871, LAST_DIGIT);
    expect_close(b.cls, 0.0445044651, LAST_DIGIT);
}

/* Nine channels with real backgrounds and events; deterministic. */
static void fill(struct bd_combine_channel *channels, size_t n, unsigned seed)
{
    unsigned x = 12345U + 977U * seed;
    for (size_t i = 0; i < n; i++) {
        x = x * 1664525U + 1013904223U;
        const double u = (double)(x >> 8) / 16777216.0;
        x = x * 1664525U + 1013904223U;
        const double v = (double)(x >> 8) / 16777216.0;
        channels[i] = (struct bd_combine_channel){
            .n_signal = 0.05 + 2.0 * u, .n_background = pow(10.0, -4.0 * v), .n_observed = v < 0.3 ? 1 : 0};
    }
    channels[0].n_observed = 1;
}

static void order_splitting_and_empty_channels_change_nothing(void **state)
{
    (void)state;
    for (unsigned seed = 0; seed < 20; seed++) {
        struct bd_combine_channel a[8], b[12];
        fill(a, 8, seed);
        for (size_t i = 0; i < 8; i++)
            b[7 - i] = a[i];
        const struct bd_combine_result first = limit_of(a, 8, 0.0), reversed = limit_of(b, 8, 0.0);
        expect_close(reversed.cls, first.cls, 1e-12);
        expect_close(reversed.clb, first.clb, 1e-12);
        expect_close(reversed.ln_mu_up, first.ln_mu_up, 1e-7);
        b[8] = (struct bd_combine_channel){.n_background = 3.0, .n_observed = 7}; /* no signal, no information */
        b[9] = b[2]; /* channel 2 in two halves of the same weight */
        b[9].n_observed = 0;
        b[9].n_signal = b[2].n_signal *= 0.5;
        b[9].n_background = b[2].n_background *= 0.5;
        const struct bd_combine_result split = limit_of(b, 10, 0.0);
        expect_close(split.cls, first.cls, 1e-12);
        expect_close(split.clb, first.clb, 1e-12);
    }
}

/* CLs+b <= CLs <= 1; CLs(mu_up) = 0.1 at the weights of mu = 1; CLs falls with mu. */
static void cls_falls_with_the_strength(void **state)
{
    (void)state;
    struct bd_error err;
    const struct bd_combine combine = plain(0.2);
    for (unsigned seed = 0; seed < 20; seed++) {
        struct bd_combine_channel channels[8];
        fill(channels, 8, seed);
        const struct bd_combine_result r = limit_of(channels, 8, 0.2);
        assert_true(r.clsb <= r.cls && r.cls <= 1.0);
        struct bd_tail_problem problem;
        struct bd_tails tails;
        bd_tail_init(&tails);
        expect_ok(bd_tail_prepare(channels, 8, &problem, &err), err);
        bd_tail_order(&problem);
        expect_ok(bd_tail_observed(&problem, 50.0, &tails, &err), err);
        double previous = 0.0;
        for (double y = 0.0; y < 60.0; y += 0.37) {
            const double ln_cls = bd_tail_ln_cls(&tails, 0, y);
            assert_true(y == 0.0 ? ln_cls == 0.0 : ln_cls < previous);
            previous = ln_cls;
        }
        double n_signal;
        expect_ok(bd_combine_solve(&combine, &tails, 0, &n_signal, &err), err);
        expect_close(log(n_signal / problem.n_signal), r.ln_mu_up, 1e-7);
        bd_tail_free(&tails);
    }
}

/* One channel: P(<=n; s+b)/P(<=n; b), and the limit where it is 0.1. */
static void one_channel_is_the_counting_experiment(void **state)
{
    (void)state;
    for (int n = 0; n <= 300; n += 25) {
        const double b = 0.9 * n + 0.5, s = 2.0 + 2.0 * sqrt(n);
        const struct bd_combine_channel channel = {.n_signal = s, .n_background = b, .n_observed = n};
        const struct bd_combine_result r = limit_of(&channel, 1, 0.0);
        const unsigned k = (unsigned)n;
        expect_close(r.cls, gsl_cdf_poisson_P(k, s + b) / gsl_cdf_poisson_P(k, b), 1e-9);
        expect_close(r.clb, gsl_cdf_poisson_P(k, b), 1e-9);
        const double up = s * exp(r.ln_mu_up);
        expect_close(gsl_cdf_poisson_P(k, up + b) / gsl_cdf_poisson_P(k, b), 0.1, 1e-7);
    }
}

/* A gamma prior of the background: negative binomial sums, worked out independently here. */
static void background_errors_are_negative_binomials(void **state)
{
    (void)state;
    const double b = 2.5, shape = 1.0 / 0.09, s = 7.011840; /* CLs = 0.1 for n = 5, 30% */
    struct bd_combine_channel channels[2] = {
        {.n_signal = s, .n_background = b, .n_background_err = 0.3 * b, .n_observed = 5},
        {.n_signal = 1e-9 * s, .n_background = 1e-9, .n_background_err = 1e-9}};
    double sb = 0.0, b_only = 0.0;
    for (unsigned j = 0; j <= 5; j++) {
        const double p = gsl_ran_negative_binomial_pdf(j, shape / (shape + b), shape);
        b_only += p;
        sb += p * gsl_cdf_poisson_P(5 - j, s);
    }
    expect_close(limit_of(channels, 1, 0.0).cls, sb / b_only, 1e-12);
    expect_close(limit_of(channels, 1, 0.0).clb, b_only, 1e-12);
    expect_close(limit_of(channels, 1, 0.0).cls, 0.1, 1e-6);
    expect_close(limit_of(channels, 2, 0.0).cls, 0.1, 1e-6);
    channels[0].n_background_err = 1e-4 * b; /* and no error is its limit */
    const double small = limit_of(channels, 1, 0.0).cls;
    channels[0].n_background_err = 0.0;
    expect_close(small, limit_of(channels, 1, 0.0).cls, 1e-7);
}

static void the_background_may_vanish_continuously(void **state)
{
    (void)state;
    struct bd_combine_channel channels[] = {{.n_signal = 1.5, .n_background = 0.016, .n_observed = 1},
                                            {.n_signal = 0.8, .n_background = 1e-9}};
    const double cls = limit_of(channels, 2, 0.0).cls;
    channels[1].n_background = 0.0;
    expect_close(limit_of(channels, 2, 0.0).cls, cls, 1e-8);
    channels[0].n_background = 1e-9; /* one event without background: (1 + s) exp(-s) if it is alone */
    expect_close(limit_of(channels, 1, 0.0).cls, 2.5 * exp(-1.5), 1e-8);
    channels[0].n_background = 0.0;
    expect_close(limit_of(channels, 1, 0.0).cls, 2.5 * exp(-1.5), 1e-8);
}

static void the_limit_scales_with_the_signal(void **state)
{
    (void)state;
    struct bd_combine_channel channels[] = {{.n_signal = 1.5, .n_background = 0.1}, {.n_signal = 0.5}};
    const double ln_mu_up = limit_of(channels, 2, 0.2).ln_mu_up;
    for (double scale = 1e-150; scale < 1e9; scale *= 1e6) {
        struct bd_combine_channel scaled[] = {channels[0], channels[1]};
        scaled[0].n_signal *= scale;
        scaled[1].n_signal *= scale;
        const struct bd_combine_result r = limit_of(scaled, 2, 0.2);
        expect_close(r.ln_mu_up, fmin(ln_mu_up - log(scale), BD_COMBINE_LN_MU_MAX), 1e-8);
        assert_true(isfinite(r.cls) && isfinite(r.ln_cls) && r.cls <= 1.0);
    }
}

/* No signal, a huge one, no channel: numbers, never NaN. */
static void extremes_have_finite_answers(void **state)
{
    (void)state;
    struct bd_combine_channel channel = {.n_background = 0.016, .n_observed = 1};
    struct bd_combine_result r = limit_of(&channel, 1, 0.2);
    assert_true(r.cls == 1.0 && r.ln_mu_up == BD_COMBINE_LN_MU_MAX && r.warnings == BD_COMBINE_NO_SIGNAL);
    r = limit_of(NULL, 0, 0.2);
    assert_true(r.cls == 1.0 && r.clb == 1.0);
    for (double s = 1e-320; s < 1e300; s *= 1e10) {
        channel.n_signal = s;
        r = limit_of(&channel, 1, 0.2);
        assert_true(r.cls >= 0.0 && r.cls <= 1.0 && isfinite(r.ln_cls) && isfinite(r.ln_mu_up));
        if (s > 1e-20 && s < 1e20) /* one channel: the limit does not depend on the tested signal */
            expect_close(r.ln_mu_up + log(s),
                         limit_of(&(struct bd_combine_channel){1.0, 0.016, 0.0, 1}, 1, 0.2).ln_mu_up, 1e-7);
    }
}

/* The lattice rounds the weights: outcomes closer to X_obs than 2^-17 may be misordered, but none is here. The
 * tilt costs about 1e-11, absolute. Both engines on problems that the enumeration can still do. */
static void the_lattice_agrees_with_the_enumeration(void **state)
{
    (void)state;
    struct bd_error err;
    for (unsigned seed = 0; seed < 4; seed++) {
        struct bd_combine_channel channels[4] = {
            {.n_signal = 6.0, .n_background = 10.0, .n_observed = 11},
            {.n_signal = 4.0, .n_background = 5.0, .n_observed = 4, .n_background_err = seed == 1 ? 2.0 : 0.0},
            {.n_signal = 1.0, .n_background = 2.0, .n_observed = 2},
            {.n_signal = seed < 3 ? 0.0 : 1.0, .n_background = 1e-9}};
        struct bd_tail_problem problem;
        struct bd_tails exact, lattice;
        bd_tail_init(&exact);
        bd_tail_init(&lattice);
        expect_ok(bd_tail_prepare(channels, 4, &problem, &err), err);
        bd_tail_order(&problem);
        expect_ok(bd_tail_observed(&problem, 40.0, &exact, &err), err);
        expect_ok(bd_lattice_observed(&problem, 40.0, &lattice, &err), err);
        assert_int_equal(exact.engine, BD_COMBINE_ENUMERATION);
        expect_close(exp(lattice.ln_clb[0]), exp(exact.ln_clb[0]), 1e-8);
        for (double y = 1.0; y < 30.0; y += 4.0)
            assert_true(fabs(exp(bd_tail_ln_cls(&lattice, 0, y)) - exp(bd_tail_ln_cls(&exact, 0, y))) < 1e-10);
        bd_tail_free(&exact);
        bd_tail_free(&lattice);
    }
}

/* With all weights within rounding of each other and many events the enumeration gives up. */
static void many_events_use_the_lattice(void **state)
{
    (void)state;
    struct bd_combine_channel channels[6];
    double s = 0.0, b = 0.0;
    int n = 0;
    for (int i = 0; i < 6; i++) {
        channels[i] = (struct bd_combine_channel){5.0 * (1.0 + 1e-5 * i), 20.0, 0.0, 20 + i};
        s += channels[i].n_signal;
        b += 20.0;
        n += 20 + i;
    }
    const struct bd_combine_result r = limit_of(channels, 6, 0.0);
    assert_int_equal(r.engine, BD_COMBINE_LATTICE);
    /* nearly one channel: X differs from n by less than one event, so CLs lies between n - 1 and n events */
    const double at_n = gsl_cdf_poisson_P((unsigned)n, s + b) / gsl_cdf_poisson_P((unsigned)n, b);
    const double below = gsl_cdf_poisson_P((unsigned)n - 1, s + b) / gsl_cdf_poisson_P((unsigned)n - 1, b);
    assert_true(r.cls <= at_n * (1.0 + 1e-9) && r.cls >= below * (1.0 - 1e-9));
}

static void the_driving_channel_is_found(void **state)
{
    (void)state;
    struct bd_error err;
    const struct bd_combine combine = plain(0.0);
    const struct bd_combine_channel channels[] = {
        {.n_signal = 3.0, .n_background = 0.01}, {.n_signal = 0.5, .n_background = 0.01}, {.n_background = 0.01}};
    double without[3];
    expect_ok(bd_combine_leave_one_out(&combine, channels, 3, without, &err), err);
    expect_close(exp(without[0]), log(10.0) / 0.5, 1e-8);
    expect_close(exp(without[1]), log(10.0) / 3.0, 1e-8);
    expect_close(exp(without[2]), log(10.0) / 3.5, 1e-8);
}

static void wrong_input_is_named(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_combine combine;
    struct bd_combine_result r;
    expect_fails(bd_combine_init(&(struct bd_combine_options){.cl = 90.0}, &combine, &err), BD_BAD_INPUT,
                 "confidence level 90 is outside 0 to 1", err);
    expect_fails(bd_combine_init(&(struct bd_combine_options){.cl = NAN}, &combine, &err), BD_BAD_INPUT, "nan",
                 err);
    expect_fails(bd_combine_init(&(struct bd_combine_options){.cl = 0.9, .signal_rel_unc = -0.2}, &combine, &err),
                 BD_BAD_INPUT, "uncertainty of the signal -0.2 is outside 0 to 1", err);
    combine = plain(0.0);
    struct bd_combine_channel channels[65] = {{.n_signal = 1.0}, {.n_signal = -1.0}};
    expect_fails(bd_combine_cls(&combine, channels, 2, &r, &err), BD_BAD_INPUT, "channel 2: signal -1 events",
                 err);
    channels[1].n_signal = NAN;
    expect_fails(bd_combine_cls(&combine, channels, 2, &r, &err), BD_BAD_INPUT, "channel 2: signal nan", err);
    channels[1] = (struct bd_combine_channel){.n_signal = 1.0, .n_background = -0.1};
    expect_fails(bd_combine_cls(&combine, channels, 2, &r, &err), BD_BAD_INPUT, "channel 2: background -0.1", err);
    channels[1] = (struct bd_combine_channel){.n_signal = 1.0, .n_background = INFINITY};
    expect_fails(bd_combine_cls(&combine, channels, 2, &r, &err), BD_BAD_INPUT, "channel 2: background inf", err);
    channels[1] = (struct bd_combine_channel){.n_signal = 1.0, .n_background_err = 1.0};
    expect_fails(bd_combine_cls(&combine, channels, 2, &r, &err), BD_BAD_INPUT, "background 0 with the error",
                 err);
    channels[1] = (struct bd_combine_channel){.n_signal = 1.0, .n_observed = -1};
    expect_fails(bd_combine_cls(&combine, channels, 2, &r, &err), BD_BAD_INPUT, "-1 observed events", err);
    expect_fails(bd_combine_cls(&combine, channels, 65, &r, &err), BD_BAD_INPUT, "at most 64", err);
    channels[1] = (struct bd_combine_channel){1.0, 1e6, 0.0, 1000000};
    expect_fails(bd_combine_cls(&combine, channels, 2, &r, &err), BD_BAD_INPUT, "too many for an exact limit",
                 err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rare_backgrounds_give_the_known_numbers),
        cmocka_unit_test(common_backgrounds_give_the_known_numbers),
        cmocka_unit_test(channels_of_equal_weight_count_as_one),
        cmocka_unit_test(nothing_observed_needs_no_background),
        cmocka_unit_test(forty_channels_give_the_known_numbers),
        cmocka_unit_test(order_splitting_and_empty_channels_change_nothing),
        cmocka_unit_test(cls_falls_with_the_strength),
        cmocka_unit_test(one_channel_is_the_counting_experiment),
        cmocka_unit_test(background_errors_are_negative_binomials),
        cmocka_unit_test(the_background_may_vanish_continuously),
        cmocka_unit_test(the_limit_scales_with_the_signal),
        cmocka_unit_test(extremes_have_finite_answers),
        cmocka_unit_test(the_lattice_agrees_with_the_enumeration),
        cmocka_unit_test(many_events_use_the_lattice),
        cmocka_unit_test(the_driving_channel_is_found),
        cmocka_unit_test(wrong_input_is_named),
    };
    return run_all_tests(tests);
}
