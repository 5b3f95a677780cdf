/* Contours from published limits: edges worked out from the tables and branching ratios by hand. */
#include "expect.h"

#include <stdlib.h>

#include "models/dark_photon_br.h"
#include "models/meson_br.h"
#include "src/core/pdg.h"
#include "src/scan/exclusion_table.h"
#include "src/scan/exclusion_union.h"

struct subject {
    struct bd_experiment *experiment;
    struct bd_benchmark benchmark;
    struct bd_exclusion_table *table;
    struct bd_contour contour;
};

static void open_subject(const char *experiment, const char *benchmark, struct subject *subject)
{
    struct bd_error err;
    expect_ok(bd_experiment_load(experiment, &subject->experiment, &err), err);
    expect_ok(bd_benchmark_load(benchmark, &subject->benchmark, &err), err);
    expect_ok(bd_exclusion_table_open(subject->experiment, &subject->benchmark, &subject->table, &err), err);
    expect_ok(bd_exclusion_table_contour(subject->table, 2, &subject->contour, &err), err);
    assert_string_equal(subject->contour.kind, "observed");
    assert_string_equal(subject->contour.method, "table");
    assert_string_equal(subject->contour.experiment, experiment);
    expect_close(subject->contour.cl, 0.90, 1e-15);
}

static void close_subject(struct subject *subject)
{
    bd_contour_free(&subject->contour);
    bd_exclusion_table_free(subject->table);
    bd_experiment_free(subject->experiment);
}

/* Lowest and highest edge at a mass that is a column of the contour; 0 if there is none. */
static void edges(const struct subject *subject, double mass, double *lo, double *hi)
{
    *lo = INFINITY;
    *hi = 0.0;
    for (size_t i = 0; i < subject->contour.n_polyline; i++)
        for (size_t k = 0; k < subject->contour.polyline[i].n_vertex; k++)
            if (fabs(subject->contour.polyline[i].x[k] / mass - 1.0) < 1e-9) {
                *lo = fmin(*lo, subject->contour.polyline[i].y[k]);
                *hi = fmax(*hi, subject->contour.polyline[i].y[k]);
            }
}

static struct bd_exclusion_table_point at(const struct subject *subject, double mass, double axis)
{
    struct bd_error err;
    struct bd_exclusion_table_point point = {.covered = 0};
    expect_ok(bd_exclusion_table_at(subject->table, mass, axis, &point, &err), err);
    return point;
}

/* A' -> chi chibar is invisible whatever its lifetime: eps = sqrt(limit/BR) at 200 MeV, where BR = 1.728e-4 eps^2
 * and the limits are 8.27e-12 (NA62, arXiv:2507.17286) and 3.70e-10 (E949): 2.19e-4 and 1.46e-3. */
static void invisible_dark_photon(void **state)
{
    (void)state;
    struct subject na62, e949;
    double lo, hi;
    open_subject("na62_kpi_inv", "BC2", &na62);
    open_subject("e949_kpi_inv", "BC2", &e949);
    edges(&na62, 0.200, &lo, &hi);
    expect_close(lo, sqrt(8.27e-12 / bd_dark_photon_br_k_charged(0.200)), 1e-5);
    expect_close(lo, 2.19e-4, 5e-3);
    edges(&e949, 0.200, &lo, &hi);
    expect_close(lo, sqrt(3.70e-10 / 1.7280e-4), 1e-3);
    /* Rate at the edge: NA62 is at least an order of magnitude below E949 from 160 to 254 MeV, 45 to 142 times to
     * 200. */
    static const double mass[] = {.160, .164, .170, .175, .180, .190, .200, .220, .240, .254};
    for (size_t i = 0; i < sizeof mass / sizeof mass[0]; i++) {
        const struct bd_exclusion_table_point a = at(&na62, mass[i], 1e-4), b = at(&e949, mass[i], 1e-4);
        expect_close(a.ln_br_effective, b.ln_br_effective, 1e-6);
        assert_true(exp(b.ln_limit - a.ln_limit) > 10.0);
    }
    close_subject(&na62);
    close_subject(&e949);
}

/* Through pi0 -> gamma A' (arXiv:1903.08767): eps = 4.941e-4 at 70.3 MeV, the curve the table was made from;
 * through KL -> gamma A' (arXiv:2511.08110) eps < 1.8e-2 for light A', and nothing above its range. */
static void dark_photon_with_a_photon(void **state)
{
    (void)state;
    struct subject pi0, kl;
    double lo, hi;
    open_subject("na62_pi0_gammax", "BC2", &pi0);
    edges(&pi0, 0.0703, &lo, &hi);
    expect_close(lo, 4.941e-4, 3e-3);
    open_subject("koto_kl_gammax", "BC2", &kl);
    edges(&kl, 0.001, &lo, &hi);
    expect_close(lo, sqrt(3.4e-7 / 1.094e-3), 1e-3);
    assert_true(lo > 1.7e-2 && lo < 1.8e-2);
    for (size_t i = 0; i < kl.contour.n_polyline; i++)
        for (size_t k = 0; k < kl.contour.polyline[i].n_vertex; k++)
            assert_true(kl.contour.polyline[i].x[k] <= 0.03 * (1.0 + 1e-4));
    close_subject(&pi0);
    close_subject(&kl);
}

/* S below 2 m_mu lives long: theta = sqrt(limit/BR), BR(K+ -> pi+ S) = 1.4075e-3 theta^2 at 100 MeV and BR(KL ->
 * pi0 S) = 4.868e-3 theta^2 at 200 MeV. The upper edge is where S decays in the detector: there the escape
 * probability makes up for the branching ratio. */
static void dark_scalar_island(void **state)
{
    (void)state;
    struct subject na62, koto;
    double lo, hi;
    open_subject("na62_kpi_inv", "BC4", &na62);
    edges(&na62, 0.100, &lo, &hi);
    expect_close(lo, sqrt(3.37e-11 / 1.4075e-3), 5e-3);
    edges(&na62, 0.200, &lo, &hi);
    assert_true(hi > 1e-2 && hi < 1.0);
    const struct bd_exclusion_table_point upper = at(&na62, 0.200, hi);
    expect_close(upper.ln_br_effective, upper.ln_limit, 1e-5);
    expect_close(upper.ln_acceptance, upper.ln_limit - log(1.1634e-3 * hi * hi), 1e-3);
    int holes = 0;
    for (size_t i = 0; i < na62.contour.n_polyline; i++)
        holes += na62.contour.polyline[i].hole;
    assert_int_equal(holes, 0);
    assert_int_equal(na62.contour.n_polyline, 2); /* below and above the pi0 */
    open_subject("koto_kl_pi0x", "BC4", &koto);
    edges(&koto, 0.200, &lo, &hi);
    expect_close(lo, sqrt(2.93e-9 * 0.6751 / 4.868e-3), 5e-3);
    close_subject(&na62);
    close_subject(&koto);
}

/* A search for X -> mu mu needs it near: at the edge BR(K+ -> pi+ S) BR(S -> mu mu) A = limit. */
static void visible_decay(void **state)
{
    (void)state;
    struct subject mumu;
    double lo, hi;
    open_subject("na62_kpi_mumu", "BC4", &mumu);
    edges(&mumu, 0.252, &lo, &hi);
    const struct bd_exclusion_table_point point = at(&mumu, 0.252, lo);
    expect_close(point.ln_br_effective, log(1.2e-10), 1e-6);
    expect_close(point.br_production, lo * lo * bd_meson_br_kaon_scalar(BD_MESON_K_CHARGED, 0.252), 1e-9);
    assert_true(point.br_decay > 0.99 && point.ln_acceptance < 0.0);
    assert_false(at(&mumu, 0.2, lo).covered);
    close_subject(&mumu);
}

/* Axion-like particles have both; a model without the branching ratio of a card is refused by name. */
static void benchmarks_that_fit_and_others(void **state)
{
    (void)state;
    static const char *const card[] = {"na62_kpi_inv", "na62_pi0_inv", "koto_kl_pi0x", "na62_kpi_gammagamma"};
    for (size_t i = 0; i < sizeof card / sizeof card[0]; i++) {
        struct subject subject;
        open_subject(card[i], "BC11", &subject);
        assert_true(subject.contour.n_polyline > 0);
        close_subject(&subject);
    }
    struct bd_error err;
    struct bd_experiment *koto, *na62;
    struct bd_benchmark bc2;
    struct bd_exclusion_table *table;
    expect_ok(bd_experiment_load("koto_kl_xx", &koto, &err), err);
    expect_ok(bd_experiment_load("na62", &na62, &err), err);
    expect_ok(bd_benchmark_load("BC2", &bc2, &err), err);
    expect_fails(bd_exclusion_table_open(koto, &bc2, &table, &err), BD_BAD_INPUT,
                 "model dark_photon has no branching ratio 'kaon_decay:KL-pair'", err);
    assert_false(bd_exclusion_table_applies(koto, bc2.model) || bd_exclusion_table_applies(na62, bc2.model));
    bd_experiment_free(koto);
    bd_experiment_free(na62);
}

/* Of three searches for an invisible A': at every vertex the best one is at its limit and no other is beyond. One
 * lower edge from 1 to 254 MeV, for they overlap. */
static void the_union_follows_the_best(void **state)
{
    (void)state;
    struct bd_error err;
    struct subject part[3];
    static const char *const card[] = {"na62_kpi_inv", "na62_pi0_inv", "na62_pi0_gammax"};
    struct bd_exclusion_outline outline[3];
    struct bd_contour contour, same;
    for (size_t i = 0; i < 3; i++) {
        open_subject(card[i], "BC2", &part[i]);
        expect_ok(bd_exclusion_table_outline(part[i].table, &outline[i], &err), err);
    }
    expect_ok(bd_exclusion_union_contour(outline, 3, 1, &contour, &err), err);
    expect_ok(bd_exclusion_union_contour(outline, 3, 2, &same, &err), err);
    assert_string_equal(contour.experiment, "combined:union");
    assert_string_equal(contour.kind, "observed");
    assert_int_equal(contour.n_polyline, 1);
    assert_int_equal(same.n_polyline, 1);
    const struct bd_polyline *line = &contour.polyline[0];
    assert_int_equal(line->n_vertex, same.polyline[0].n_vertex);
    expect_close(line->x[0], 0.001, 1e-9);
    size_t n_border = 0;
    for (size_t k = 0; k < line->n_vertex; k++) {
        double best = INFINITY;
        for (size_t i = 0; i < 3; i++) {
            const struct bd_exclusion_table_point point = at(&part[i], line->x[k], line->y[k]);
            if (point.covered)
                best = fmin(best, point.ln_limit - point.ln_br_effective);
        }
        assert_true(line->x[k] == same.polyline[0].x[k] && line->y[k] == same.polyline[0].y[k]);
        if (line->y[k] > 0.1 * (1.0 - 1e-9)) /* up to the border at 254 MeV */
            assert_true(best < 0.0 && k + 1 == line->n_vertex);
        else
            assert_true(fabs(best) < 1e-5);
        n_border += line->x[k] >= 0.2539;
    }
    assert_true(n_border > 0);
    bd_contour_free(&same);
    outline[1].cl = 0.95;
    expect_fails(bd_exclusion_union_contour(outline, 3, 1, &same, &err), BD_BAD_INPUT,
                 "no common confidence level", err);
    for (size_t i = 0; i < 3; i++) {
        bd_exclusion_outline_free(&outline[i]);
        close_subject(&part[i]);
    }
    bd_contour_free(&contour);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(invisible_dark_photon),
        cmocka_unit_test(dark_photon_with_a_photon),
        cmocka_unit_test(dark_scalar_island),
        cmocka_unit_test(visible_decay),
        cmocka_unit_test(benchmarks_that_fit_and_others),
        cmocka_unit_test(the_union_follows_the_best),
    };
    return run_all_tests(tests);
}
