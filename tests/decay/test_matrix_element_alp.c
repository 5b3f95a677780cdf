/* Decays of axion-like particles: means of pair masses and energies from another implementation of
 * arXiv:1811.03474, and the four-pion weight against a quadrature in another chain of decays. */
#include "expect.h"

#include "decay/matrix_element.h"
#include "decay/phase_space.h"
#include "src/core/pdg.h"
#include "src/core/qmc.h"

#define N_POINT (1024 * BD_BLOCK)

struct means {
    double weight, m12, m13, m24, e3; /* e3: energy of the third daughter in the frame of X */
};

static double pair_mass(const struct bd_momenta *a, const struct bd_momenta *b, size_t i)
{
    const double e = a->e[i] + b->e[i], x = a->px[i] + b->px[i], y = a->py[i] + b->py[i], z = a->pz[i] + b->pz[i];
    return sqrt(fmax(e * e - x * x - y * y - z * z, 0.0));
}

/* Sobol points; X with momentum p along z. reweigh: the weights from the momenta alone. */
static struct means sample(const char *name, const char *model, double mass, double p, int reweigh)
{
    static struct bd_momenta x, daughter[4];
    static double u[8][BD_BLOCK], weight[BD_BLOCK];
    struct bd_error err;
    struct bd_phase_space space;
    struct bd_qmc *qmc;
    struct means means = {0};
    const struct bd_decay *decay = bd_decay_of_model(name, model);
    const unsigned n_daughter = (unsigned)bd_decay_n_daughter(decay), n_dimension = 3 * n_daughter - 4;
    const double energy = sqrt(p * p + mass * mass);
    expect_ok(bd_phase_space_init(decay, mass, &space, &err), err);
    expect_ok(bd_qmc_create(n_dimension, N_POINT, &qmc, &err), err);
    for (size_t first = 0; first < N_POINT; first += BD_BLOCK) {
        for (unsigned d = 0; d < n_dimension; d++)
            bd_qmc_coordinates(qmc, d, first, BD_BLOCK, 0, u[d]);
        for (size_t i = 0; i < BD_BLOCK; i++) {
            x.px[i] = x.py[i] = 0.0;
            x.pz[i] = p;
            x.e[i] = energy;
        }
        bd_phase_space_decay(&space, BD_BLOCK, (const double(*)[BD_BLOCK])u, &x, daughter, weight);
        if (reweigh)
            bd_phase_space_weight(&space, BD_BLOCK, daughter, weight);
        for (size_t i = 0; i < BD_BLOCK; i++) {
            const double w = weight[i] / N_POINT;
            assert_true(w >= 0.0 && isfinite(w));
            means.weight += w;
            means.m12 += w * pair_mass(&daughter[0], &daughter[1], i);
            means.m13 += w * pair_mass(&daughter[0], &daughter[2], i);
            if (n_daughter == 4)
                means.m24 += w * pair_mass(&daughter[1], &daughter[3], i);
            means.e3 += w * (energy * daughter[2].e[i] - p * daughter[2].pz[i]) / mass;
        }
    }
    bd_qmc_free(qmc);
    return means;
}

static void pions_and_a_photon_come_from_a_rho(void **state)
{
    (void)state;
    const double mass[] = {.45, .6, .8, 1.0, 1.5}, flat[] = {.356, .426, .523, .622, .875};
    const double rho[] = {.354, .434, .584, .699, .771}, photon[] = {0, 0, .181, .251, .548};
    for (size_t i = 0; i < 5; i++) {
        expect_close(sample("pi+pi-gamma", NULL, mass[i], 0.0, 0).m12, flat[i], 2e-3);
        const struct means means = sample("pi+pi-gamma", "alp", mass[i], 0.0, 0);
        expect_close(means.weight, 1.0, 2e-3);
        expect_close(means.m12, rho[i], 3e-3);
        if (photon[i] > 0.0)
            expect_close(means.e3, photon[i], 3e-3);
    }
}

static void three_pions_of_a_gluon_coupling(void **state)
{
    (void)state;
    const double mass[] = {.5, .7, .9}, flat[] = {.164, .231, .298}, chiral[] = {.163, .258, .267};
    for (size_t i = 0; i < 3; i++) {
        expect_close(sample("pi+pi-pi0", NULL, mass[i], 0.0, 0).e3, flat[i], 4e-3);
        const struct means means = sample("pi+pi-pi0", "alp", mass[i], 0.0, 0);
        expect_close(means.weight, 1.0, 2e-3);
        expect_close(means.e3, chiral[i], .01);
    }
    expect_close(sample("pi+pi-pi0", "alp", 1.3, 0.0, 0).e3, sample("pi+pi-pi0", NULL, 1.3, 0.0, 0).e3, 1e-9);
}

static void pions_and_an_eta_come_from_an_a0(void **state)
{
    (void)state;
    const double mass[] = {1.0, 1.2, 1.5, 2.0}, flat[] = {.368, .474, .636, .909},
                 a0[] = {.363, .452, .671, 1.008};
    for (size_t i = 0; i < 4; i++) {
        expect_close(sample("pi+pi-eta", NULL, mass[i], 0.0, 0).m12, flat[i], 3e-3);
        const struct means means = sample("pi+pi-eta", "alp", mass[i], 0.0, 0);
        expect_close(means.weight, 1.0, 5e-3);
        expect_close(means.m12, a0[i], .01);
    }
}

static double momentum(double m, double a, double b)
{
    const double product = (m - a - b) * (m + a + b) * (m - a + b) * (m + a - b);
    return product > 0.0 ? sqrt(product) / (2.0 * m) : 0.0;
}

/* Mean mass of a pi+ pi0 pair: the density of both pair masses is P^3 p13^3 p24^3 times the line shapes. */
static double mean_rho_mass(double mass)
{
    enum { n = 800 };
    const double pi = BD_MASS_PI_CHARGED, pi0 = BD_MASS_PI0, lo = pi + pi0, hi = mass - lo;
    double sum = 0.0, mean = 0.0;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < n; k++) {
            const double a = lo + (i + .5) / n * (hi - lo), b = lo + (k + .5) / n * (hi - lo);
            if (a + b >= mass)
                continue;
            const double w = pow(momentum(mass, a, b) * momentum(a, pi, pi0) * momentum(b, pi, pi0), 3) *
                             bd_matrix_element_rho_line_shape(a * a) * bd_matrix_element_rho_line_shape(b * b);
            sum += w;
            mean += w * a;
        }
    return mean / sum;
}

/* A chain that knows no rho: 2%. */
static void four_pions_come_from_two_transverse_rhos(void **state)
{
    (void)state;
    const double mass[] = {.7, 1.2, 1.6, 2.5};
    for (size_t i = 0; i < 4; i++) {
        const struct means means = sample("pi+pi-pi0pi0", "alp", mass[i], 0.0, 0);
        expect_close(means.weight, 1.0, .02);
        expect_close(means.m13 / means.weight, mean_rho_mass(mass[i]), .01);
        expect_close(means.m24 / means.m13, 1.0, .01);
    }
    /* Well above two rho masses each pair is a rho, on the flat side of the resonance. */
    expect_close(mean_rho_mass(2.5), .80, .03);
}

static void weights_do_not_depend_on_the_frame(void **state)
{
    (void)state;
    static const char *const names[] = {"pi+pi-gamma", "pi+pi-pi0", "pi+pi-eta", "pi+pi-pi0pi0"};
    for (size_t i = 0; i < 4; i++) {
        const double mass = i == 1 ? .8 : 1.4;
        const struct means rest = sample(names[i], "alp", mass, 0.0, 0),
                           fast = sample(names[i], "alp", mass, 300.0, 0);
        const struct means again = sample(names[i], "alp", mass, 20.0, 1);
        expect_close(fast.weight, rest.weight, .01);
        expect_close(fast.m12, rest.m12, .01);
        expect_close(again.weight, rest.weight, .01);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pions_and_a_photon_come_from_a_rho),
        cmocka_unit_test(three_pions_of_a_gluon_coupling),
        cmocka_unit_test(pions_and_an_eta_come_from_an_a0),
        cmocka_unit_test(four_pions_come_from_two_transverse_rhos),
        cmocka_unit_test(weights_do_not_depend_on_the_frame),
    };
    return run_all_tests(tests);
}
