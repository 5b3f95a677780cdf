/* Matrix elements in the weights of three-body decays: normalisation, symmetry, resonances, boosts. */
#include "expect.h"

#include "decay/phase_space.h"
#include "src/core/pdg.h"
#include "src/core/qmc.h"

#define N_POINT (256 * BD_BLOCK)

struct sums {
    double weight;        /* mean */
    double m13, m23, m12; /* weighted means of the pair masses [GeV] */
    double kstar;         /* share with a K pi pair within 50 MeV of the K*(892) */
    double negative;      /* number of weights below 0 or not finite */
};

static double pair_mass(const struct bd_momenta *a, const struct bd_momenta *b, size_t i)
{
    const double e = a->e[i] + b->e[i], x = a->px[i] + b->px[i], y = a->py[i] + b->py[i], z = a->pz[i] + b->pz[i];
    return sqrt(fmax(e * e - x * x - y * y - z * z, 0.0));
}

/* Sobol points; X with momentum p along z. */
static struct sums sample(const struct bd_decay *decay, double mass, double p)
{
    static struct bd_momenta x, daughter[3];
    static double u[5][BD_BLOCK], weight[BD_BLOCK];
    struct bd_error err;
    struct bd_phase_space space;
    struct bd_qmc *qmc;
    struct sums sums = {0};
    expect_ok(bd_phase_space_init(decay, mass, &space, &err), err);
    expect_ok(bd_qmc_create(5, N_POINT, &qmc, &err), err);
    for (size_t first = 0; first < N_POINT; first += BD_BLOCK) {
        for (unsigned d = 0; d < 5; d++)
            bd_qmc_coordinates(qmc, d, first, BD_BLOCK, 0, u[d]);
        for (size_t i = 0; i < BD_BLOCK; i++) {
            x.px[i] = x.py[i] = 0.0;
            x.pz[i] = p;
            x.e[i] = sqrt(p * p + mass * mass);
        }
        bd_phase_space_decay(&space, BD_BLOCK, (const double(*)[BD_BLOCK])u, &x, daughter, weight);
        for (size_t i = 0; i < BD_BLOCK; i++) {
            const double m12 = pair_mass(&daughter[0], &daughter[1], i),
                         m13 = pair_mass(&daughter[0], &daughter[2], i),
                         m23 = pair_mass(&daughter[1], &daughter[2], i), w = weight[i] / N_POINT;
            sums.negative += !(w >= 0.0 && isfinite(w));
            sums.weight += w;
            sums.m12 += w * m12;
            sums.m13 += w * m13;
            sums.m23 += w * m23;
            sums.kstar += fabs(m13 - 0.8956) < 0.05 || fabs(m23 - 0.8956) < 0.05 ? w : 0.0;
        }
    }
    bd_qmc_free(qmc);
    return sums;
}

static double square(double x)
{
    return x * x;
}

/* The same by another method: mid-points of the Dalitz plot in s13, s23, where phase space is flat. */
static struct sums dalitz(const struct bd_decay *decay, double mass)
{
    enum { n = 700 };
    double m[3], inside = 0.0;
    struct sums sums = {0};
    for (size_t i = 0; i < 3; i++)
        m[i] = bd_particle_find(decay->daughter[i])->mass_gev;
    const double lo13 = square(m[0] + m[2]), hi13 = square(mass - m[1]), lo23 = square(m[1] + m[2]),
                 hi23 = square(mass - m[0]), total = square(mass) + square(m[0]) + square(m[1]) + square(m[2]);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            const double s13 = lo13 + (i + 0.5) / n * (hi13 - lo13), s23 = lo23 + (j + 0.5) / n * (hi23 - lo23);
            const double s12 = total - s13 - s23, w = decay->matrix_element(mass, s12, s13, s23);
            if (s12 < square(m[0] + m[1]) || w <= 0.0) /* |p1 x p2| vanishes outside */
                continue;
            inside += w;
            sums.m12 += w * sqrt(s12);
            sums.m13 += w * sqrt(s13);
            sums.kstar += fabs(sqrt(s13) - 0.8956) < 0.05 || fabs(sqrt(s23) - 0.8956) < 0.05 ? w : 0.0;
        }
    sums.m12 /= inside;
    sums.m13 /= inside;
    sums.kstar /= inside;
    return sums;
}

static const struct {
    const char *name;
    double mass;
} points[] = {{"pi+pi-pi0", .46}, {"pi+pi-pi0", .7826}, {"pi+pi-pi0", 1.0194}, {"pi+pi-pi0", 1.9},
              {"K+K-pi0", 1.17},  {"K+K-pi0", 1.45},    {"K+K-pi0", 1.9}};

/* The mean by quadrature against the sampled one, and the spectra of pair masses against the Dalitz plot. 2%
 * at 1.9 GeV, where narrow resonances meet 65536 points; better below. */
static void weights_are_normalised_and_follow_the_dalitz_plot(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        const struct bd_decay *decay = bd_decay_of_model(points[i].name, "dark_photon");
        assert_non_null(decay->matrix_element);
        const struct sums mc = sample(decay, points[i].mass, 0.0), grid = dalitz(decay, points[i].mass);
        assert_true(mc.negative == 0.0);
        expect_close(mc.weight, 1.0, 0.005);
        expect_close(mc.m12 / mc.weight, grid.m12, 0.003);
        expect_close(mc.m13 / mc.weight, grid.m13, 0.003);
        expect_close(mc.m23 / mc.m13, 1.0, 0.003); /* charge conjugation */
        if (points[i].name[0] == 'K')
            expect_close(mc.kstar, grid.kstar, 0.02);
    }
}

static void weights_do_not_depend_on_the_frame(void **state)
{
    (void)state;
    const struct bd_decay *decay = bd_decay_of_model("pi+pi-pi0", "dark_photon");
    const struct sums rest = sample(decay, 0.9, 0.0), fast = sample(decay, 0.9, 300.0);
    expect_close(fast.weight, rest.weight, 0.003);
    expect_close(fast.m12, rest.m12, 0.003);
}

/* With the K* in both K pi pairs, far more of the decays have one than in phase space. */
static void kk_pi_goes_through_the_kstar(void **state)
{
    (void)state;
    const struct sums flat = sample(bd_decay_find("K+K-pi0"), 1.6, 0.0);
    const struct sums current = sample(bd_decay_of_model("K+K-pi0", "dark_photon"), 1.6, 0.0);
    expect_close(flat.weight, 1.0, 0.002);
    assert_true(current.kstar > 1.5 * flat.kstar);
}

static void only_models_with_an_amplitude_have_one(void **state)
{
    (void)state;
    assert_null(bd_decay_find("pi+pi-pi0")->matrix_element);
    assert_ptr_equal(bd_decay_of_model("pi+pi-pi0", NULL), bd_decay_find("pi+pi-pi0"));
    assert_ptr_equal(bd_decay_of_model("pi+pi-pi0", "dark_scalar"), bd_decay_find("pi+pi-pi0"));
    assert_ptr_equal(bd_decay_of_model("pi+pi-", "dark_photon"), bd_decay_find("pi+pi-"));
    assert_null(bd_decay_of_model("3eta", "dark_photon"));
    for (size_t i = 0; bd_decay_at(i) != NULL; i++) {
        const struct bd_decay *decay = bd_decay_of_model(bd_decay_at(i)->name, "dark_photon");
        assert_string_equal(decay->name, bd_decay_at(i)->name);
        expect_close(bd_decay_threshold(decay), bd_decay_threshold(bd_decay_at(i)), 0.0);
        for (size_t k = 0; k < bd_decay_n_daughter(decay); k++)
            assert_string_equal(decay->daughter[k], bd_decay_at(i)->daughter[k]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_are_normalised_and_follow_the_dalitz_plot),
        cmocka_unit_test(weights_do_not_depend_on_the_frame),
        cmocka_unit_test(kk_pi_goes_through_the_kstar),
        cmocka_unit_test(only_models_with_an_amplitude_have_one),
    };
    return run_all_tests(tests);
}
