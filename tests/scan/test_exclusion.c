/* From events to excluded or not: edges where the limit is, the mass window of a candidate, other protons, and
 * channels without a count. Bremsstrahlung alone, because its kernels are quick. */
#include "expect.h"

#include "scan/small_scan.h"
#include "src/scan/exclusion_joint.h"

struct chain {
    struct small_scan *scan;
    struct bd_kernel_set *set;
    struct bd_benchmark benchmark;
    struct bd_yield *yield;
};

static void open_chain(const char *card, size_t n_mass, const double *masses, struct chain *chain)
{
    static const char *const productions[] = {"bremsstrahlung", NULL};
    static const char *const decays[] = {"mu+mu-", "pi+pi-", "gammagamma", NULL};
    struct bd_error err;
    chain->scan = small_scan_open(card);
    small_scan_add(chain->scan, productions, decays, n_mass, masses);
    chain->scan->plan.threads = 2;
    expect_ok(small_scan_run(chain->scan, NULL, &err), err);
    chain->set = small_scan_set(chain->scan);
    expect_ok(bd_benchmark_load("BC4", &chain->benchmark, &err), err);
    (void)snprintf(chain->benchmark.production[0], sizeof chain->benchmark.production[0], "bremsstrahlung");
    expect_ok(bd_yield_open(chain->set, &chain->benchmark, &chain->yield, &err), err);
}

static void close_chain(const struct chain *chain)
{
    bd_yield_free(chain->yield);
    bd_kernel_set_free(chain->set);
    small_scan_close(chain->scan);
}

static int make_chain(void **state)
{
    static const double masses[] = {0.214, 0.25, 0.3, 0.34, 0.38, 0.397, 0.4, 0.411, 0.422, 0.425, 0.45, 0.5, 0.6};
    static struct chain chain;
    open_chain("na62", sizeof masses / sizeof masses[0], masses, &chain);
    *state = &chain;
    return 0;
}

static int free_chain(void **state)
{
    close_chain(*state);
    return 0;
}

static struct bd_exclusion *open_exclusion(const struct chain *chain, struct bd_exclusion_options options)
{
    struct bd_error err;
    struct bd_exclusion *exclusion = NULL;
    options.cl = 0.9;
    expect_ok(bd_exclusion_open(chain->yield, &options, &exclusion, &err), err);
    return exclusion;
}

static double events(const struct chain *chain, const char *decay, double mass, double coupling, double pot)
{
    struct bd_error err;
    struct bd_yield_slice *slice = NULL;
    double all[BD_STATES_MAX];
    expect_ok(bd_yield_slice_create(chain->yield, mass, &slice, &err), err);
    bd_yield_slice_events(slice, coupling, pot, all);
    bd_yield_slice_free(slice);
    for (size_t i = 0; i < chain->yield->n_counting; i++)
        if (strcmp(chain->yield->counting[i].selection->decay, decay) == 0)
            return all[i];
    return -1.0;
}

/* Every vertex of the contour has the expected number of events; returns the number of vertices. */
static size_t check_edges(const struct chain *chain, const struct bd_exclusion *exclusion, const char *decay,
                          double pot, double limit)
{
    struct bd_error err;
    struct bd_contour contour;
    size_t n = 0;
    expect_ok(bd_exclusion_contour(exclusion, BD_EXCLUSION_OBSERVED, 2, &contour, &err), err);
    for (size_t k = 0; k < contour.n_polyline; k++)
        for (size_t i = 0; i < contour.polyline[k].n_vertex; i++, n++)
            expect_close(events(chain, decay, contour.polyline[k].x[i], contour.polyline[k].y[i], pot), limit,
                         1e-5);
    assert_string_equal(contour.x_name, "mass_gev");
    assert_string_equal(contour.y_name, "coupling");
    expect_close(contour.pot, pot, 1e-12);
    bd_contour_free(&contour);
    return n;
}

/* Nothing observed: CLs = exp(-s) whatever the background is, so the edge is at ln 10 = 2.302585 events. The root
 * in ln(coupling) is good to 1e-7, N rises with its fourth power and falls faster: 1e-5. */
static void edge_of_an_empty_channel_is_at_2_3_events(void **state)
{
    const struct chain *chain = *state;
    struct bd_exclusion *exclusion = open_exclusion(chain, (struct bd_exclusion_options){.only_decay = "pi+pi-"});
    assert_false(bd_exclusion_is_projection(exclusion));
    assert_string_equal(bd_exclusion_kind_name(exclusion, BD_EXCLUSION_OBSERVED), "observed");
    assert_true(check_edges(chain, exclusion, "pi+pi-", 1.4e17, 2.302585093) > 10);
    bd_exclusion_free(exclusion);
}

/* One event over 0.016: 3.873879 events (CLs of one channel, also Bayesian with a flat prior). */
static void edge_with_the_candidate_is_at_3_9_events(void **state)
{
    const struct chain *chain = *state;
    struct bd_exclusion *exclusion = open_exclusion(chain, (struct bd_exclusion_options){.only_decay = "mu+mu-"});
    assert_true(check_edges(chain, exclusion, "mu+mu-", 1.4e17, 3.873879) > 10);
    bd_exclusion_free(exclusion);
}

static void trace_joint(const struct bd_exclusion *first, const struct bd_exclusion *second,
                        struct bd_contour *contour)
{
    struct bd_error err;
    struct bd_exclusion_joint *joint = NULL;
    struct bd_exclusion_outline outline;
    const struct bd_exclusion *const parts[] = {first, second};
    expect_ok(bd_exclusion_joint_open(parts, 2, &joint, &err), err);
    expect_ok(bd_exclusion_joint_outline(joint, &outline, &err), err);
    expect_ok(bd_exclusion_trace(&outline, 2, contour, &err), err);
    bd_exclusion_outline_free(&outline);
    bd_exclusion_joint_free(joint);
}

/* Two experiments that see nothing: CLs = exp(-s1 - s2), so the edge is where the sum is 2.302585; here both are
 * the same one, so half of that each. */
static void edge_of_a_likelihood_is_at_2_3_events_together(void **state)
{
    const struct chain *chain = *state;
    struct bd_exclusion *exclusion = open_exclusion(chain, (struct bd_exclusion_options){.only_decay = "pi+pi-"});
    struct bd_contour contour;
    size_t n = 0;
    trace_joint(exclusion, exclusion, &contour);
    for (size_t k = 0; k < contour.n_polyline; k++)
        for (size_t i = 0; i < contour.polyline[k].n_vertex; i++, n++)
            expect_close(events(chain, "pi+pi-", contour.polyline[k].x[i], contour.polyline[k].y[i], 1.4e17),
                         0.5 * 2.302585093, 1e-5);
    assert_true(n > 10);
    assert_string_equal(contour.experiment, BD_EXCLUSION_LIKELIHOOD_NAME);
    assert_string_equal(contour.method, "likelihood,nuisance=none,mass-window=none");
    assert_string_equal(contour.kind, "observed");
    bd_contour_free(&contour);
    bd_exclusion_free(exclusion);
}

/* One experiment, or its two counting channels as two experiments: the same likelihood, so the same contour, with
 * the candidate and the error of the protons. */
static void likelihood_of_the_parts_is_that_of_the_whole(void **state)
{
    const struct chain *chain = *state;
    struct bd_error err;
    struct bd_contour whole, parts;
    struct bd_exclusion *exclusion[3] = {
        open_exclusion(chain, (struct bd_exclusion_options){.pot_uncertainty = 1}),
        open_exclusion(chain, (struct bd_exclusion_options){.pot_uncertainty = 1, .only_decay = "mu+mu-"}),
        open_exclusion(chain, (struct bd_exclusion_options){.pot_uncertainty = 1, .only_decay = "pi+pi-"})};
    expect_ok(bd_exclusion_contour(exclusion[0], BD_EXCLUSION_OBSERVED, 1, &whole, &err), err);
    trace_joint(exclusion[1], exclusion[2], &parts);
    assert_int_equal(whole.n_polyline, parts.n_polyline);
    for (size_t k = 0; k < whole.n_polyline; k++) {
        const size_t n = whole.polyline[k].n_vertex;
        assert_int_equal(parts.polyline[k].n_vertex, n);
        assert_memory_equal(whole.polyline[k].x, parts.polyline[k].x, n * sizeof(double));
        assert_memory_equal(whole.polyline[k].y, parts.polyline[k].y, n * sizeof(double));
    }
    bd_contour_free(&whole);
    bd_contour_free(&parts);
    for (size_t i = 0; i < 3; i++)
        bd_exclusion_free(exclusion[i]);
}

/* Window of 3 sigma, sigma = 1% of the mass: the candidate at 411 MeV counts for |0.411 - m| < 0.03 m, 0.39903 to
 * 0.42371 GeV. b = 0.016 over 0.212 to 2.0 GeV: 0.016 * 0.06 m/1.788, cut off at 0.212. Signal times erf(3/sqrt2)
 * = 0.9973002. So outside the limit is 2.302585/0.9973002 = 2.308818 events. */
static void mass_window_counts_the_candidate_where_it_is(void **state)
{
    const struct chain *chain = *state;
    struct bd_error err;
    static const struct {
        double mass_gev;
        int n;
    } cases[] = {{0.214, 0}, {0.3, 0}, {0.3990, 0}, {0.3991, 1}, {0.411, 1}, {0.4236, 1}, {0.4238, 0}, {0.6, 0}};
    struct bd_exclusion *exclusion =
        open_exclusion(chain, (struct bd_exclusion_options){.only_decay = "mu+mu-", .mass_window = 1});
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        const double m = cases[k].mass_gev, coupling = 3e-4;
        struct bd_exclusion_point point;
        expect_ok(bd_exclusion_at(exclusion, m, coupling, &point, &err), err);
        assert_int_equal(point.n, 1);
        if (point.channel[0].n_observed != cases[k].n)
            fail_msg("at %g GeV: %d observed", m, point.channel[0].n_observed);
        expect_close(point.channel[0].n_background, 0.016 * (1.03 * m - fmax(0.97 * m, 0.212)) / 1.788, 1e-9);
        const double all = events(chain, "mu+mu-", m, coupling, 1.4e17);
        expect_close(point.channel[0].n_signal, 0.9973002039 * all, 1e-9);
        if (cases[k].n == 0)
            expect_close(point.result.ln_mu_up + log(all), log(2.308818), 1e-6);
        else
            assert_true(point.result.ln_mu_up + log(all) > log(3.8));
    }
    bd_exclusion_free(exclusion);
}

/* Other protons: a projection, background in proportion and counts at its median. With a window all of it is what
 * is inside the window: at 1e20 protons b = 11.43, in the window of 0.5 GeV 0.19, median 0; at 5e21 9.59, median 9
 * (P(<= 9; 9.59) = 0.51, P(<= 8) = 0.38). The candidate of the data is no part of it. */
static void other_protons_are_a_projection(void **state)
{
    const struct chain *chain = *state;
    struct bd_error err;
    static const struct {
        double pot;
        int window, n;
    } cases[] = {{1e18, 0, 0}, {1e20, 0, 11}, {1e18, 1, 0}, {1e20, 1, 0}, {5e21, 1, 9}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
        for (int at_candidate = 0; at_candidate < 2; at_candidate++) {
            struct bd_exclusion_point point;
            const double m = at_candidate ? 0.411 : 0.5;
            struct bd_exclusion *exclusion = open_exclusion(
                chain, (struct bd_exclusion_options){
                           .only_decay = "mu+mu-", .mass_window = cases[k].window, .pot = cases[k].pot});
            assert_true(bd_exclusion_is_projection(exclusion));
            assert_string_equal(bd_exclusion_kind_name(exclusion, BD_EXCLUSION_OBSERVED), "projection");
            assert_string_equal(bd_exclusion_kind_name(exclusion, BD_EXCLUSION_EXPECTED), "expected");
            expect_ok(bd_exclusion_at(exclusion, m, 1e-4, &point, &err), err);
            const double b = 0.016 * cases[k].pot / 1.4e17 * (cases[k].window ? 0.06 * m / 1.788 : 1.0);
            expect_close(point.channel[0].n_background, b, 1e-9);
            if (!at_candidate && point.channel[0].n_observed != cases[k].n)
                fail_msg("%g protons, window %d: %d observed, not the median %d of b = %g", cases[k].pot,
                         cases[k].window, point.channel[0].n_observed, cases[k].n, b);
            assert_true(fabs(point.channel[0].n_observed - b) < 1.0); /* a median is within ln 2 of the mean */
            bd_exclusion_free(exclusion);
        }
    struct bd_exclusion *exclusion =
        open_exclusion(chain, (struct bd_exclusion_options){.only_decay = "pi+pi-", .pot = 1e18});
    assert_true(check_edges(chain, exclusion, "pi+pi-", 1e18, 2.302585093) > 10);
    bd_exclusion_free(exclusion);
}

/* gamma gamma has no published count: left out beside channels that have one, a projection alone. */
static void channels_without_a_count_are_left_out_of_data(void **state)
{
    const struct chain *chain = *state;
    struct bd_error err;
    struct bd_exclusion_point point;
    struct bd_exclusion *exclusion = open_exclusion(chain, (struct bd_exclusion_options){.cl = 0.9});
    assert_false(bd_exclusion_is_projection(exclusion));
    expect_ok(bd_exclusion_at(exclusion, 0.3, 1e-4, &point, &err), err);
    assert_int_equal(point.n, 2);
    double sum = 0.0;
    for (size_t i = 0; i < point.n; i++) {
        assert_string_not_equal(point.counting[i]->selection->decay, "gammagamma");
        sum += point.channel[i].n_signal;
    }
    expect_close(point.signal, sum, 1e-14);
    bd_exclusion_free(exclusion);
    exclusion = open_exclusion(chain, (struct bd_exclusion_options){.only_decay = "gammagamma"});
    assert_true(bd_exclusion_is_projection(exclusion));
    assert_string_equal(bd_exclusion_kind_name(exclusion, BD_EXCLUSION_OBSERVED), "projection");
    bd_exclusion_free(exclusion);
}

/* Of a card that is a projection all that it combines counts: mu+mu- and pi+pi- with the published background at
 * 1e18 protons, 0.016 and 0.007 times 7.142857, and gamma gamma with none. */
static void channels_without_a_count_are_part_of_a_projection(void **state)
{
    static const double masses[] = {0.3, 0.5};
    struct bd_error err;
    struct chain chain;
    struct bd_exclusion_point point;
    (void)state;
    open_chain("na62_1e18", 2, masses, &chain);
    struct bd_exclusion *exclusion = open_exclusion(&chain, (struct bd_exclusion_options){.cl = 0.9});
    assert_string_equal(bd_exclusion_kind_name(exclusion, BD_EXCLUSION_OBSERVED), "projection");
    expect_ok(bd_exclusion_at(exclusion, 0.3, 1e-4, &point, &err), err);
    assert_int_equal(point.n, 3);
    double sum = 0.0, background = 0.0;
    for (size_t i = 0; i < point.n; i++) {
        const char *decay = point.counting[i]->selection->decay;
        const double signal = events(&chain, decay, 0.3, 1e-4, 1e18);
        assert_true(signal > 0.0);
        expect_close(point.channel[i].n_signal, signal, 1e-14);
        assert_int_equal(point.channel[i].n_observed, 0);
        assert_true((strcmp(decay, "gammagamma") == 0) == (point.channel[i].n_background == 0.0));
        sum += signal;
        background += point.channel[i].n_background;
    }
    expect_close(point.signal, sum, 1e-14);
    expect_close(background, 0.023 / 0.14, 1e-9);
    bd_exclusion_free(exclusion);
    close_chain(&chain);
}

/* Of two channels with s1 and s2 events, none observed, the limit without one is ln 10 over the other: closed
 * form. The median experiment sees nothing either (b = 0.016 and 0.007). */
static void drivers_are_leave_one_out(void **state)
{
    const struct chain *chain = *state;
    struct bd_error err;
    struct bd_exclusion_drivers drivers;
    struct bd_exclusion *exclusion = open_exclusion(chain, (struct bd_exclusion_options){.mass_window = 1});
    expect_ok(bd_exclusion_drivers_at(exclusion, 0.3, 1e-4, BD_EXCLUSION_KINDS, &drivers, &err), err);
    assert_int_equal(drivers.n, 2);
    const double mumu = 0.9973002039 * events(chain, "mu+mu-", 0.3, 1e-4, 1.4e17),
                 pipi = events(chain, "pi+pi-", 0.3, 1e-4, 1.4e17);
    for (size_t i = 0; i < 2; i++) {
        const double without = strcmp(drivers.decay[i], "mu+mu-") == 0 ? pipi : mumu;
        expect_close(drivers.ln_mu_up_without[i][BD_EXCLUSION_OBSERVED], log(log(10.0) / without), 1e-8);
        expect_close(drivers.ln_mu_up[BD_EXCLUSION_OBSERVED], log(log(10.0) / (mumu + pipi)), 1e-8);
        for (int kind = BD_EXCLUSION_OBSERVED; kind < BD_EXCLUSION_KINDS; kind++)
            assert_true(drivers.ln_mu_up_without[i][kind] > drivers.ln_mu_up[kind]);
    }
    expect_close(drivers.signal, mumu + pipi, 1e-9);
    expect_close(drivers.ln_mu_up[BD_EXCLUSION_EXPECTED], drivers.ln_mu_up[BD_EXCLUSION_OBSERVED], 0.02);
    bd_exclusion_free(exclusion);
}

static void wrong_options_are_refused(void **state)
{
    const struct chain *chain = *state;
    struct bd_error err;
    struct bd_exclusion *exclusion = NULL;
    struct bd_exclusion_options options = {.cl = 0.9, .only_decay = "K+K-"};
    expect_fails(bd_exclusion_open(chain->yield, &options, &exclusion, &err), BD_BAD_INPUT,
                 "no counting channel K+K-", err);
    options = (struct bd_exclusion_options){.cl = 0.9, .pot = -1.0};
    expect_fails(bd_exclusion_open(chain->yield, &options, &exclusion, &err), BD_BAD_INPUT, "-1 protons", err);
    options = (struct bd_exclusion_options){.cl = 1.0};
    assert_int_not_equal(bd_exclusion_open(chain->yield, &options, &exclusion, &err), BD_OK);
    assert_null(exclusion);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edge_of_an_empty_channel_is_at_2_3_events),
        cmocka_unit_test(edge_with_the_candidate_is_at_3_9_events),
        cmocka_unit_test(edge_of_a_likelihood_is_at_2_3_events_together),
        cmocka_unit_test(likelihood_of_the_parts_is_that_of_the_whole),
        cmocka_unit_test(mass_window_counts_the_candidate_where_it_is),
        cmocka_unit_test(other_protons_are_a_projection),
        cmocka_unit_test(channels_without_a_count_are_left_out_of_data),
        cmocka_unit_test(channels_without_a_count_are_part_of_a_projection),
        cmocka_unit_test(drivers_are_leave_one_out),
        cmocka_unit_test(wrong_options_are_refused),
    };
    gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, make_chain, free_chain) != 0;
}
