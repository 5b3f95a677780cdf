/* Significances against arXiv physics/0702156 (tables of Z_Bi and Z_PL), the numbers quoted by NA62
 * (arXiv:2303.08666, 2502.04241), and closed forms. */
#include "expect.h"

#include <gsl/gsl_sf_gamma.h>

#include "src/scan/discovery.h"

#define ONE BD_DISCOVERY_ONE_SIDED
#define TWO BD_DISCOVERY_TWO_SIDED

static struct bd_discovery count(int n, struct bd_background background, enum bd_discovery_sides sides)
{
    struct bd_error err;
    struct bd_discovery discovery;
    expect_ok(bd_discovery_count(n, &background, sides, &discovery, &err), err);
    return discovery;
}

/* One dimuon event with 0.016 expected: 1.59%, 2.4 standard deviations, so two-sided. */
static void the_dimuon_event_is_2_4_sigma(void **state)
{
    (void)state;
    const struct bd_background background = {.n_event = 0.016};
    const struct bd_discovery two = count(1, background, TWO), one = count(1, background, ONE);
    expect_close(two.p, 0.01587268, 1e-6);
    expect_close(two.z, 2.411830, 1e-6);
    expect_close(one.z, 2.147602, 1e-6);
    const struct bd_background with_error = {0.016, 0.002, 0.002, 0.68, BD_BACKGROUND_AUTO};
    expect_close(count(1, with_error, TWO).p, 0.0158707, 1e-5);
}

static void five_sigma_has_two_conventions(void **state)
{
    (void)state;
    struct bd_error err;
    double z;
    expect_close(bd_discovery_p(5.0, ONE), 2.866516e-7, 1e-6);
    expect_close(bd_discovery_p(5.0, TWO), 5.733031e-7, 1e-6);
    expect_ok(bd_discovery_z(log(3.4e-4), ONE, &z, &err), err);
    assert_true(fabs(z - 3.40) < 0.005); /* NA62 2016-18, quoted 3.4 */
    expect_ok(bd_discovery_z(log(3.4e-4), TWO, &z, &err), err);
    assert_true(fabs(z - 3.58) < 0.005);
    expect_ok(bd_discovery_z(log(0.7), ONE, &z, &err), err);
    expect_close(z, 0.0, 0.0);
    for (double wanted = 0.5; wanted < 38.0; wanted += 0.5) {
        expect_ok(bd_discovery_z(log(bd_discovery_p(wanted, ONE)), ONE, &z, &err), err);
        expect_close(z, wanted, 1e-8);
    }
    /* beyond the range of p: ln p = -z^2/2 - ln(z sqrt(2 pi)) + ln(1 - 1/z^2 + 3/z^4 - 15/z^6 + 105/z^8) */
    const double s = 100.0, i = 1.0 / (s * s);
    expect_ok(bd_discovery_z(-0.5 * s * s - log(s * sqrt(2.0 * acos(-1.0))) +
                                 log1p(i * (-1.0 + i * (3.0 + i * (-15.0 + 105.0 * i)))),
                             ONE, &z, &err),
              err);
    expect_close(z, s, 1e-10);
}

static void small_tails_do_not_cancel(void **state)
{
    (void)state;
    expect_close(count(4, (struct bd_background){.n_event = 0.038}, TWO).p, 8.428086e-8, 1e-6);
    expect_close(count(1, (struct bd_background){.n_event = 1.5e-9}, TWO).p, 1.499999999e-9, 1e-9);
    expect_close(count(2, (struct bd_background){.n_event = 9.3e-7}, TWO).p, 4.324497e-13, 1e-6);
    /* ln P(>=100; 1e-9) = 100 ln b - b - ln 100! + ..., far below the smallest double */
    expect_close(count(100, (struct bd_background){.n_event = 1e-9}, TWO).ln_p,
                 100.0 * log(1e-9) - 1e-9 - gsl_sf_lnfact(100), 1e-12);
    assert_true(isfinite(count(100, (struct bd_background){.n_event = 1e-9}, TWO).z));
    /* gamma prior with shape 3.61, and on/off with shape k + 1: incomplete beta functions */
    const double err = 0.038 / sqrt(3.61);
    const double gamma = count(4, (struct bd_background){0.038, err, err, 0.0, BD_BACKGROUND_GAMMA}, TWO).p;
    const double onoff = count(4, (struct bd_background){0.038, err, err, 0.0, BD_BACKGROUND_ONOFF}, TWO).p;
    expect_close(gamma, 2.962057e-7, 1e-6);
    expect_close(onoff, 6.192129e-7, 1e-6);
    const double x = 0.038 / (3.61 + 0.038);
    expect_close(gamma, gsl_sf_beta_inc(4.0, 3.61, x), 1e-10);
    expect_close(onoff, gsl_sf_beta_inc(4.0, 4.61, x), 1e-10);
}

static void onoff_counts_give_the_published_significances(void **state)
{
    (void)state;
    static const struct {
        int on, off;
        double tau, z_bi, z_pl;
    } rows[] = {{4, 5, 5.0, 1.664, 1.947},
                {50, 55, 2.0, 2.933, 3.023},
                {67, 15, 0.5, 2.894, 3.043},
                {200, 10, 0.1, 2.201, 2.382},
                {523, 2327, 5.99, 5.933, 5.952}};
    for (size_t i = 0; i < 5; i++) {
        struct bd_error err;
        double z_bi, z_pl;
        expect_ok(bd_discovery_onoff(rows[i].on, rows[i].off, rows[i].tau, &z_bi, &z_pl, &err), err);
        assert_true(fabs(z_bi - rows[i].z_bi) < 6e-4);
        assert_true(fabs(z_pl - rows[i].z_pl) < 6e-4);
    }
}

static void asimov_significances_follow_the_formula(void **state)
{
    (void)state;
    struct bd_error err;
    double z, limit;
    expect_ok(bd_discovery_asimov(10.0, 9.0, 0.0, &z, &err), err);
    expect_close(z, 2.897265, 3e-7);
    expect_ok(bd_discovery_asimov(10.0, 9.0, 1e-4, &limit, &err), err);
    expect_close(limit, z, 1e-6);
    expect_ok(bd_discovery_asimov(50.0, 100.0, 10.0, &z, &err), err);
    expect_close(z, 3.172973, 3e-7);
    expect_ok(bd_discovery_asimov(35.0, 40.0, 0.0, &z, &err), err);
    assert_true(fabs(z - 4.93) < 0.005); /* KOTO II: 35 signal, 40 background */
}

/* Backgrounds (signal region, control region) of the hadronic channels and the events published as 5 sigma. */
static const struct {
    const char *name;
    struct bd_background sr, cr;
    int published_sr, published_both;
} hadronic[] = {
    {"pi+pi-", {.007, .005, .005, 0, 0}, {.013, .007, .007, 0, 0}, 3, 4},
    {"pi+pi-gamma", {.007, .004, .004, 0, 0}, {.031, .016, .016, 0, 0}, 3, 5},
    {"pi+pi-pi0", {1.2e-7, 4.3e-7, 1e-7, 0, 0}, {1.3e-7, 4.4e-7, 1e-7, 0, 0}, 1, 1},
    {"pi+pi-pi0pi0", {1.6e-8, 7.4e-8, 1.4e-8, 0, 0}, {1.6e-8, 7.6e-8, 1.4e-8, 0, 0}, 1, 1},
    {"pi+pi-eta", {7e-8, 26.2e-8, 5.8e-8, 0, 0}, {7.3e-8, 27e-8, 6.1e-8, 0, 0}, 1, 1},
    {"K+K-", {4.6e-7, 15.2e-7, 3.8e-7, 0, 0}, {4.7e-7, 15.7e-7, 3.9e-7, 0, 0}, 1, 2},
    {"K+K-pi0", {1.5e-9, 3.1e-9, 1.1e-9, 0, 0}, {1.6e-9, 3.2e-9, 1.2e-9, 0, 0}, 1, 1},
};

/* Entries of the table that a mode reproduces; errors of the two regions added linearly (same source). */
static int entries_reproduced(enum bd_discovery_mode mode, int *pipigamma_both)
{
    int n_match = 0;
    for (size_t i = 0; i < 7; i++) {
        const struct bd_background sr = hadronic[i].sr, cr = hadronic[i].cr;
        const struct bd_background both = {.n_event = sr.n_event + cr.n_event,
                                           .err_up = sr.err_up + cr.err_up,
                                           .err_down = sr.err_down + cr.err_down};
        struct bd_error err;
        int n_sr, n_both;
        expect_ok(bd_discovery_events_needed(&sr, mode, 0.0, 5.0, TWO, &n_sr, &err), err);
        expect_ok(bd_discovery_events_needed(&both, mode, 0.0, 5.0, TWO, &n_both, &err), err);
        n_match += (n_sr == hadronic[i].published_sr) + (n_both == hadronic[i].published_both);
        if (i == 1)
            *pipigamma_both = n_both;
    }
    return n_match;
}

static void the_hadronic_table_is_reproduced(void **state)
{
    (void)state;
    int pipigamma_both;
    assert_int_equal(entries_reproduced(BD_DISCOVERY_CENTRAL, &pipigamma_both), 13);
    assert_int_equal(pipigamma_both, 4); /* the one miss: 5 in the table */
    assert_int_equal(entries_reproduced(BD_DISCOVERY_ONOFF, &pipigamma_both), 14);
    assert_int_equal(entries_reproduced(BD_DISCOVERY_WINDOWS, &pipigamma_both), 14);
}

static void clustered_events_need_fewer(void **state)
{
    (void)state;
    struct bd_error err;
    double ln_p;
    const struct bd_background background = {.n_event = 0.02};
    expect_ok(bd_discovery_mode_ln_p(2, &background, BD_DISCOVERY_SCAN, 0.01, &ln_p, &err), err);
    expect_close(exp(ln_p), 3.92733e-6, 2e-6);
    expect_ok(bd_discovery_mode_ln_p(3, &background, BD_DISCOVERY_SCAN, 0.05, &ln_p, &err), err);
    expect_close(exp(ln_p), 9.52282e-9, 2e-6);
    expect_ok(bd_discovery_mode_ln_p(3, &background, BD_DISCOVERY_SCAN, 1.0, &ln_p, &err), err);
    expect_close(exp(ln_p), count(3, background, TWO).p, 1e-12); /* the whole range is the counting experiment */
    int n;
    expect_ok(bd_discovery_events_needed(&background, BD_DISCOVERY_SCAN, 0.01, 5.0, TWO, &n, &err), err);
    assert_int_equal(n, 3);
    expect_ok(bd_discovery_events_needed(&background, BD_DISCOVERY_CENTRAL, 0.0, 5.0, TWO, &n, &err), err);
    assert_int_equal(n, 4);
}

static void wrong_input_is_named(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_discovery d;
    double z, y;
    int n;
    const struct bd_background b = {.n_event = 0.1}, none = {.n_event = 0.0}, bad = {.n_event = -0.1};
    expect_fails(bd_discovery_count(-2, &b, TWO, &d, &err), BD_BAD_INPUT, "-2 observed events", err);
    expect_fails(bd_discovery_count(1, &bad, TWO, &d, &err), BD_BAD_INPUT, "background -0.1", err);
    expect_fails(bd_discovery_count(1, &none, TWO, &d, &err), BD_NUMERIC, "without any background", err);
    expect_fails(bd_discovery_z(0.5, TWO, &z, &err), BD_BAD_INPUT, "ln p = 0.5", err);
    expect_fails(bd_discovery_onoff(3, 1, 0.0, &z, &y, &err), BD_BAD_INPUT, "tau = 0", err);
    expect_fails(bd_discovery_asimov(3.0, 0.0, 0.0, &z, &err), BD_BAD_INPUT, "background > 0", err);
    expect_fails(bd_discovery_mode_ln_p(2, &b, BD_DISCOVERY_SCAN, 0.0, &z, &err), BD_BAD_INPUT, "window 0", err);
    expect_fails(bd_discovery_events_needed(&b, BD_DISCOVERY_CENTRAL, 0.0, -5.0, TWO, &n, &err), BD_BAD_INPUT,
                 "significance -5", err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_dimuon_event_is_2_4_sigma),
        cmocka_unit_test(five_sigma_has_two_conventions),
        cmocka_unit_test(small_tails_do_not_cancel),
        cmocka_unit_test(onoff_counts_give_the_published_significances),
        cmocka_unit_test(asimov_significances_follow_the_formula),
        cmocka_unit_test(the_hadronic_table_is_reproduced),
        cmocka_unit_test(clustered_events_need_fewer),
        cmocka_unit_test(wrong_input_is_named),
    };
    return run_all_tests(tests);
}
