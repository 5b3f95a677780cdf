/* Decays in flight: every daughter on its mass shell, momentum conserved, isotropy, weights of flat phase space,
 * and the same bytes from every clone of the vectorised loops. */
#include "expect.h"

#include <gsl/gsl_rng.h>
#include <stdlib.h>

#include "decay/clones.h"
#include "decay/phase_space.h"
#include "src/core/pdg.h"

#define BLOCKS 200 /* of 256 decays */

static const struct bd_decay gammas3 = {.name = "3 gamma", .daughter = {"gamma", "gamma", "gamma"}};
static const struct bd_decay gammas4 = {.name = "4 gamma", .daughter = {"gamma", "gamma", "gamma", "gamma"}};

struct sample { /* one block of decays */
    struct bd_phase_space space;
    double u[8][BD_BLOCK];
    struct bd_momenta x, daughter[BD_DAUGHTERS_MAX];
    double weight[BD_BLOCK];
};

static void init(const struct bd_decay *decay, double mass, struct bd_phase_space *space)
{
    struct bd_error err;
    expect_ok(bd_phase_space_init(decay, mass, space, &err), err);
}

/* X of mass m with momentum p in a random direction, or all along one direction if spread is 0. */
static void draw(gsl_rng *rng, double p_min, double p_max, struct sample *sample)
{
    for (size_t d = 0; d < 8; d++)
        for (size_t i = 0; i < BD_BLOCK; i++)
            sample->u[d][i] = gsl_rng_uniform_pos(rng);
    for (size_t i = 0; i < BD_BLOCK; i++) {
        const double p = p_min * pow(p_max / p_min, gsl_rng_uniform(rng));
        const double c = 2.0 * gsl_rng_uniform(rng) - 1.0, phi = 2.0 * BD_PI * gsl_rng_uniform(rng);
        const double s = sqrt(1.0 - c * c);
        sample->x.px[i] = p * s * cos(phi);
        sample->x.py[i] = p * s * sin(phi);
        sample->x.pz[i] = p * c;
        sample->x.e[i] = sqrt(p * p + sample->space.mass * sample->space.mass);
    }
    bd_phase_space_decay(&sample->space, BD_BLOCK, (const double(*)[BD_BLOCK])sample->u, &sample->x,
                         sample->daughter, sample->weight);
}

static double mass2(const struct bd_momenta *p, size_t i)
{
    return p->e[i] * p->e[i] - p->px[i] * p->px[i] - p->py[i] * p->py[i] - p->pz[i] * p->pz[i];
}

/* A wrong boost still conserves the sum: so every daughter alone, E^2 - p^2 = m^2. The boost to gamma = 400/0.01
 * loses digits: 1e-12 of the energy squared of X. */
static void daughters_are_on_their_mass_shell(void **state)
{
    (void)state;
    static struct sample sample;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t d = 0; bd_decay_at(d) != NULL; d++)
        for (int k = 0; k < 4; k++) {
            static const double above[] = {1e-4, 0.01, 0.5, 3.0};
            const double mass = bd_decay_threshold(bd_decay_at(d)) + above[k];
            init(bd_decay_at(d), mass, &sample.space);
            for (int b = 0; b < 4; b++) {
                draw(rng, 1e-3, 400.0, &sample);
                for (size_t i = 0; i < BD_BLOCK; i++) {
                    double sum[4] = {0};
                    const double e_x = sample.x.e[i];
                    for (size_t j = 0; j < sample.space.n_daughter; j++) {
                        const struct bd_momenta *p = &sample.daughter[j];
                        const double m = sample.space.daughter_mass[j];
                        assert_true(fabs(mass2(p, i) - m * m) < 2e-11 * e_x * e_x);
                        assert_true(p->e[i] > 0.0);
                        sum[0] += p->px[i];
                        sum[1] += p->py[i];
                        sum[2] += p->pz[i];
                        sum[3] += p->e[i];
                    }
                    assert_true(fabs(sum[0] - sample.x.px[i]) < 1e-13 * e_x);
                    assert_true(fabs(sum[1] - sample.x.py[i]) < 1e-13 * e_x);
                    assert_true(fabs(sum[2] - sample.x.pz[i]) < 1e-13 * e_x);
                    assert_true(fabs(sum[3] - e_x) < 1e-13 * e_x);
                    assert_true(sample.weight[i] >= 0.0 && isfinite(sample.weight[i]));
                }
            }
        }
    gsl_rng_free(rng);
}

/* Near rest the mass itself is right, to the 1.2e-11 p*^2 of the polynomial for sine and cosine, p* < 4 m. */
static void masses_are_exact_for_slow_x(void **state)
{
    (void)state;
    static struct sample sample;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    init(bd_decay_find("pi+pi-pi0pi0"), 1.3, &sample.space);
    draw(rng, 1e-6, 3.0, &sample);
    for (size_t i = 0; i < BD_BLOCK; i++)
        for (size_t j = 0; j < 4; j++)
            expect_close(mass2(&sample.daughter[j], i), pow(sample.space.daughter_mass[j], 2), 4e-10);
    gsl_rng_free(rng);
}

/* In the rest frame of X each daughter of a two-body decay is isotropic: mean of every component 0, of its square
 * p*^2/3, and of the product of two 0. 51200 decays, 5 sigma. X moves: the boost back is done here, by hand. */
static void two_body_decays_are_isotropic_in_flight(void **state)
{
    (void)state;
    static struct sample sample;
    const double m = 0.8, p_star = 0.5 * sqrt(m * m - 4.0 * BD_MASS_PI_CHARGED * BD_MASS_PI_CHARGED);
    double first[3] = {0}, second[3][3] = {{0}};
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    init(bd_decay_find("pi+pi-"), m, &sample.space);
    for (int b = 0; b < BLOCKS; b++) {
        draw(rng, 0.1, 4.0, &sample);
        for (size_t i = 0; i < BD_BLOCK; i++) {
            const double x[3] = {sample.x.px[i], sample.x.py[i], sample.x.pz[i]};
            const struct bd_momenta *p = &sample.daughter[0];
            double a[3] = {p->px[i], p->py[i], p->pz[i]}, dot = 0.0, norm = 0.0;
            for (int k = 0; k < 3; k++)
                dot += a[k] * x[k];
            for (int k = 0; k < 3; k++) /* boost with -p_X/E_X */
                a[k] += x[k] * (dot / (m * (sample.x.e[i] + m)) - p->e[i] / m);
            for (int k = 0; k < 3; k++)
                norm += a[k] * a[k];
            expect_close(sqrt(norm), p_star, 1e-9);
            for (int k = 0; k < 3; k++) {
                first[k] += a[k] / p_star;
                for (int l = 0; l < 3; l++)
                    second[k][l] += a[k] * a[l] / (p_star * p_star);
            }
        }
    }
    const double n = BLOCKS * BD_BLOCK;
    for (int k = 0; k < 3; k++) {
        assert_true(fabs(first[k] / n) < 5.0 * sqrt(1.0 / 3.0 / n));
        for (int l = 0; l < 3; l++) /* variance of c^2 is 4/45, of c s cos(phi) 1/15 */
            assert_true(fabs(second[k][l] / n - (k == l ? 1.0 / 3.0 : 0.0)) < 5.0 * sqrt(4.0 / 45.0 / n));
    }
    gsl_rng_free(rng);
}

/* Volume of massless phase space, R_n = (pi/2)^(n-1) M^(2n-4)/((n-1)! (n-2)!) with d3p/2E and no (2 pi): in terms
 * of the chain the mean product of momenta is M^2/16 for three bodies and M^3/192 for four. The quadrature of the
 * second has a square root at one side of its triangle: 1.4e-6, far below any precision of a yield. */
static void massless_chains_have_their_closed_form(void **state)
{
    (void)state;
    struct bd_phase_space space;
    init(&gammas3, 1.7, &space);
    expect_close(space.mean_weight, 1.7 * 1.7 / 16.0, 1e-10);
    init(&gammas4, 1.7, &space);
    expect_close(space.mean_weight, 1.7 * 1.7 * 1.7 / 192.0, 3e-6);
}

/* Three pions close to threshold: volume of non-relativistic phase space, R_3 = pi^3/2 sqrt(m1 m2 m3/(m1+m2+m3)^3)
 * T^2 with T = M - sum m (G. I. Kopylov; the chain gives R_3 = 2 pi^2 T <p p12>/M). Corrections are of order T/m:
 * 1e-3. */
static void three_bodies_near_threshold_have_their_closed_form(void **state)
{
    (void)state;
    struct bd_phase_space space;
    const double m = BD_MASS_PI_CHARGED, m0 = BD_MASS_PI0, sum = 2.0 * m + m0, t = 1e-5;
    init(bd_decay_find("pi+pi-pi0"), sum + t, &space);
    const double volume = 0.5 * pow(BD_PI, 3) * sqrt(m * m * m0 / (sum * sum * sum)) * t * t;
    expect_close(2.0 * BD_PI * BD_PI * t * space.mean_weight / space.mass, volume, 1e-3);
}

/* Mean weight 1 within 5 standard errors of 51200 decays. */
static void mean_weight_is_one(void **state)
{
    (void)state;
    static const struct {
        const char *decay;
        double above_gev;
    } cases[] = {{"mu+mu-", 0.1},        {"pi+pi-gamma", 1e-3}, {"pi+pi-gamma", 1.0}, {"pi+pi-pi0", 1e-3},
                 {"pi+pi-pi0", 3.0},     {"K+K-pi0", 0.3},      {"pi+pi-eta", 0.01},  {"pi+pi-pi0pi0", 1e-3},
                 {"pi+pi-pi0pi0", 0.15}, {"pi+pi-pi0pi0", 4.0}};
    static struct sample sample;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        const struct bd_decay *decay = bd_decay_find(cases[k].decay);
        double sum = 0.0, square = 0.0;
        init(decay, bd_decay_threshold(decay) + cases[k].above_gev, &sample.space);
        for (int b = 0; b < BLOCKS; b++) {
            draw(rng, 1.0, 1.0, &sample);
            for (size_t i = 0; i < BD_BLOCK; i++) {
                sum += sample.weight[i];
                square += sample.weight[i] * sample.weight[i];
            }
        }
        const double n = BLOCKS * BD_BLOCK, mean = sum / n;
        if (fabs(mean - 1.0) > 5.0 * sqrt((square / n - mean * mean) / n) + 1e-12)
            fail_msg("%s, %g GeV above threshold: mean weight %.6f", cases[k].decay, cases[k].above_gev, mean);
    }
    gsl_rng_free(rng);
}

/* Flat phase space is flat in the Dalitz plane: of massless daughters, the triangle m12^2 + m13^2 < M^2. Moments
 * of a uniform triangle: <x> = 1/3, <x^2> = 1/6, <x y> = 1/12, x^3: 1/10; the pairs 12, 13 and 23 alike, though
 * the chain treats them differently. 5 sigma, from the spread of the blocks. */
static void dalitz_density_is_flat(void **state)
{
    (void)state;
    enum { MOMENTS = 12 };
    static const double expected[MOMENTS] = {1.0 / 3, 1.0 / 6, 1.0 / 10, 1.0 / 3,  1.0 / 6,  1.0 / 10,
                                             1.0 / 3, 1.0 / 6, 1.0 / 10, 1.0 / 12, 1.0 / 12, 1.0 / 12};
    static struct sample sample;
    double sum[MOMENTS] = {0}, square[MOMENTS] = {0};
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    init(&gammas3, 2.0, &sample.space);
    for (int b = 0; b < BLOCKS; b++) {
        double block[MOMENTS] = {0};
        draw(rng, 0.5, 5.0, &sample);
        for (size_t i = 0; i < BD_BLOCK; i++) {
            static const size_t pair[3][2] = {{0, 1}, {0, 2}, {1, 2}};
            double s[3];
            for (size_t k = 0; k < 3; k++) {
                const struct bd_momenta *p = &sample.daughter[pair[k][0]], *q = &sample.daughter[pair[k][1]];
                s[k] = 2.0 *
                       (p->e[i] * q->e[i] - p->px[i] * q->px[i] - p->py[i] * q->py[i] - p->pz[i] * q->pz[i]) / 4.0;
            }
            for (size_t k = 0; k < 3; k++) {
                block[3 * k] += sample.weight[i] * s[k] / BD_BLOCK;
                block[3 * k + 1] += sample.weight[i] * s[k] * s[k] / BD_BLOCK;
                block[3 * k + 2] += sample.weight[i] * s[k] * s[k] * s[k] / BD_BLOCK;
                block[9 + k] += sample.weight[i] * s[k] * s[(k + 1) % 3] / BD_BLOCK;
            }
        }
        for (size_t k = 0; k < MOMENTS; k++) {
            sum[k] += block[k] / BLOCKS;
            square[k] += block[k] * block[k] / BLOCKS;
        }
    }
    for (size_t k = 0; k < MOMENTS; k++)
        assert_true(fabs(sum[k] - expected[k]) < 5.0 * sqrt((square[k] - sum[k] * sum[k]) / BLOCKS));
    gsl_rng_free(rng);
}

/* Four massless bodies: each takes a quarter of the energy, and every pair has <m^2> = M^2/6, whichever pair. */
static void four_bodies_share_alike(void **state)
{
    (void)state;
    static struct sample sample;
    double sum[10] = {0}, square[10] = {0};
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    init(&gammas4, 1.0, &sample.space);
    for (int b = 0; b < BLOCKS; b++) {
        double block[10] = {0};
        draw(rng, 1e-6, 1e-6, &sample);
        for (size_t i = 0; i < BD_BLOCK; i++) {
            size_t k = 4;
            for (size_t a = 0; a < 4; a++) {
                const struct bd_momenta *p = &sample.daughter[a];
                block[a] += sample.weight[i] * p->e[i] / BD_BLOCK;
                for (size_t c = 0; c < a; c++, k++) {
                    const struct bd_momenta *q = &sample.daughter[c];
                    block[k] +=
                        sample.weight[i] * 2.0 / BD_BLOCK *
                        (p->e[i] * q->e[i] - p->px[i] * q->px[i] - p->py[i] * q->py[i] - p->pz[i] * q->pz[i]);
                }
            }
        }
        for (size_t k = 0; k < 10; k++) {
            sum[k] += block[k] / BLOCKS;
            square[k] += block[k] * block[k] / BLOCKS;
        }
    }
    for (size_t k = 0; k < 10; k++)
        assert_true(fabs(sum[k] - (k < 4 ? 0.25 : 1.0 / 6.0)) <
                    5.0 * sqrt((square[k] - sum[k] * sum[k]) / BLOCKS));
    gsl_rng_free(rng);
}

/* The documented bound, 1e-11, on a fine grid and at the folds of the polynomial. */
static void sincos_is_accurate(void **state)
{
    (void)state;
    double u[BD_BLOCK], sine[BD_BLOCK], cosine[BD_BLOCK], worst = 0.0;
    enum { N = 400 * BD_BLOCK };
    for (size_t first = 0; first < N; first += BD_BLOCK) {
        for (size_t i = 0; i < BD_BLOCK; i++)
            u[i] = (double)(first + i) / N;
        bd_phase_space_sincos(BD_BLOCK, u, sine, cosine);
        for (size_t i = 0; i < BD_BLOCK; i++) {
            worst = fmax(worst, fabs(sine[i] - sin(2.0 * BD_PI * u[i])));
            worst = fmax(worst, fabs(cosine[i] - cos(2.0 * BD_PI * u[i])));
        }
    }
    const double folds[] = {0.0, 0.25, 0.5, 0.75, 0x1p-33, 1.0 - 0x1p-33, nextafter(0.25, 0), nextafter(0.75, 1)};
    bd_phase_space_sincos(8, folds, sine, cosine);
    for (size_t i = 0; i < 8; i++) {
        worst = fmax(worst, fabs(sine[i] - sin(2.0 * BD_PI * folds[i])));
        worst = fmax(worst, fabs(cosine[i] - cos(2.0 * BD_PI * folds[i])));
    }
    assert_true(worst < 1e-11);
}

/* The clone for this processor, the default version and the library give the same bytes. Where the processor has
 * no AVX2 all run the same code, and the test would say nothing. */
static void clones_give_the_same_bytes(void **state)
{
    (void)state;
    static struct sample sample;
    static struct bd_momenta daughter[2][BD_DAUGHTERS_MAX];
    static double weight[2][BD_BLOCK], sine[2][BD_BLOCK], cosine[2][BD_BLOCK];
    if (!clones_differ())
        skip();
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t d = 0; bd_decay_at(d) != NULL; d++) {
        init(bd_decay_at(d), bd_decay_threshold(bd_decay_at(d)) + 0.3, &sample.space);
        for (int b = 0; b < 20; b++) {
            draw(rng, 0.01, 400.0, &sample);
            const double(*u)[BD_BLOCK] = (const double(*)[BD_BLOCK])sample.u;
            clone_phase_space_decay(&sample.space, BD_BLOCK, u, &sample.x, daughter[0], weight[0]);
            plain_phase_space_decay(&sample.space, BD_BLOCK, u, &sample.x, daughter[1], weight[1]);
            for (size_t k = 0; k < 2; k++) {
                assert_memory_equal(daughter[k], sample.daughter, sample.space.n_daughter * sizeof daughter[k][0]);
                assert_memory_equal(weight[k], sample.weight, sizeof weight[k]);
            }
            clone_phase_space_sincos(BD_BLOCK, sample.u[0], sine[0], cosine[0]);
            plain_phase_space_sincos(BD_BLOCK, sample.u[0], sine[1], cosine[1]);
            assert_memory_equal(sine[0], sine[1], sizeof sine[0]);
            assert_memory_equal(cosine[0], cosine[1], sizeof cosine[0]);
        }
    }
    gsl_rng_free(rng);
}

static void closed_decays_are_refused(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_phase_space space;
    expect_fails(bd_phase_space_init(bd_decay_find("mu+mu-"), 2.0 * BD_MASS_MUON, &space, &err), BD_BAD_INPUT,
                 "not above the threshold", err);
    expect_fails(bd_phase_space_init(bd_decay_find("mu+mu-"), (double)NAN, &space, &err), BD_BAD_INPUT,
                 "not above the threshold", err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(daughters_are_on_their_mass_shell),
        cmocka_unit_test(masses_are_exact_for_slow_x),
        cmocka_unit_test(two_body_decays_are_isotropic_in_flight),
        cmocka_unit_test(massless_chains_have_their_closed_form),
        cmocka_unit_test(three_bodies_near_threshold_have_their_closed_form),
        cmocka_unit_test(mean_weight_is_one),
        cmocka_unit_test(dalitz_density_is_flat),
        cmocka_unit_test(four_bodies_share_alike),
        cmocka_unit_test(sincos_is_accurate),
        cmocka_unit_test(clones_give_the_same_bytes),
        cmocka_unit_test(closed_decays_are_refused),
    };
    return run_all_tests(tests);
}
