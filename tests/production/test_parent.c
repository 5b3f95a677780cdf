/* X from the decay of a tabulated or analytic parent: published integrals, random decays, laws. */
#include "expect.h"

#include <gsl/gsl_rng.h>
#include <stdlib.h>

#include "production/beauty.h"
#include "production/parent.h"
#include "src/core/pdg.h"

static struct bd_experiment experiment = {.id = "test", .beam_p_gev = 400.0, .target_a = 63.546};

static double two_body_energy(double parent, double mass, double recoil)
{
    return (parent * parent + mass * mass - recoil * recoil) / (2.0 * parent);
}

/* Number of X and mean energy in the window of the grid: trapezoid in ln p and theta. */
static double window_integral(const struct bd_spectrum_grid *grid, const struct bd_spectrum *spectrum, double mass,
                              double *mean_energy)
{
    double sum = 0.0, sum_energy = 0.0;
    for (size_t i = 0; i < grid->n_p; i++)
        for (size_t j = 0; j < grid->n_theta; j++) {
            const double p = exp(grid->ln_p_min + (double)i * grid->ln_p_step);
            const double theta = grid->theta_min_rad + (double)j * grid->theta_step_rad;
            const double end =
                (i == 0 || i + 1 == grid->n_p ? 0.5 : 1.0) * (j == 0 || j + 1 == grid->n_theta ? 0.5 : 1.0);
            const double n = end * spectrum->density[i * grid->n_theta + j] * p * grid->ln_p_step * 2.0 * BD_PI *
                             sin(theta) * grid->theta_step_rad;
            sum += n;
            sum_energy += n * hypot(p, mass);
        }
    *mean_energy = sum_energy / sum;
    return sum;
}

static struct bd_parent *open_b(const char *b_spectrum, const struct bd_spectrum_grid *grid,
                                struct bd_beauty *beauty)
{
    struct bd_error err;
    struct bd_setting_values values;
    bd_setting_init(bd_beauty_settings, &values);
    expect_ok(bd_setting_set(bd_beauty_settings, &values, "b_spectrum", b_spectrum, &err), err);
    const struct bd_production_request request = {&experiment, grid, "", values.value};
    expect_ok(bd_beauty_open(&request, 3, beauty, &err), err);
    return beauty->parent[BD_BEAUTY_B_CHARGED];
}

/* Fraction of S below 10 mrad and its mean energy for B -> K S, integrated by their authors from the two fits and
 * from the generator. The rows of the table compare two runs of the generator (mean pT^2 5.57 and 5.69 GeV^2), and
 * what a cell contains is an assumption: random decays from flat cells give .1179 and 94.8 GeV at 4 GeV. */
static void forward_fractions_agree_with_published_integrals(void **state)
{
    (void)state;
    const struct {
        const char *b_spectrum;
        double mass, fraction, energy, tolerance;
    } rows[] = {
        {"s", 1.0, .0258, 104.6, 0.01}, {"p", 1.0, .0267, 104.0, 0.01}, {"table", 1.0, .0266, 104.4, 0.015},
        {"s", 4.0, .1266, 92.5, 0.01},  {"p", 4.0, .1182, 93.6, 0.01},  {"table", 4.0, .1187, 94.1, 0.02},
    };
    struct bd_error err;
    struct bd_spectrum_grid grid;
    bd_spectrum_grid_init(&grid, 1.0, 400.0, 0.0, 0.010);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bd_beauty beauty;
        struct bd_spectrum *spectrum;
        double mean_energy;
        const struct bd_parent *parent = open_b(rows[i].b_spectrum, &grid, &beauty);
        expect_ok(bd_spectrum_create(&grid, &spectrum, &err), err);
        bd_parent_add_decay(parent, rows[i].mass,
                            two_body_energy(BD_MASS_B_CHARGED, rows[i].mass, BD_MASS_K_CHARGED), 1.0, spectrum);
        expect_close(window_integral(&grid, spectrum, rows[i].mass, &mean_energy), rows[i].fraction,
                     rows[i].tolerance);
        expect_close(mean_energy, rows[i].energy, rows[i].tolerance);
        bd_spectrum_free(spectrum);
        bd_beauty_close(&beauty);
    }
}

/* Random decays of parents drawn from the same interpolated density, by rejection: 4e5 decays, four bins of p. The
 * errors are 4 sigma of the random decays plus 0.5% for the grids. */
static void density_agrees_with_random_decays(void **state)
{
    (void)state;
    enum { n_decay = 400000, n_bin = 4 };
    const double edge[n_bin + 1] = {10.0, 40.0, 80.0, 140.0, 300.0}, mass = 0.5, theta_max = 0.05;
    struct bd_error err;
    struct bd_spectrum_grid grid;
    struct bd_beauty beauty;
    struct bd_spectrum *spectrum;
    bd_spectrum_grid_init(&grid, 1.0, 400.0, 0.0, theta_max);
    const struct bd_parent *parent = open_b("table", &grid, &beauty);
    const double e_star = two_body_energy(BD_MASS_B_CHARGED, mass, BD_MASS_K_CHARGED);
    const double p_star = sqrt(e_star * e_star - mass * mass), big_m = BD_MASS_B_CHARGED;
    expect_ok(bd_spectrum_create(&grid, &spectrum, &err), err);
    bd_parent_add_decay(parent, mass, e_star, 1.0, spectrum);

    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    double density_max = 0.0, hits[n_bin] = {0}, reach_above_100 = 0.0, random_above_100 = 0.0;
    const double near_100 = exp(grid.ln_reach_p_min + 0.5 * grid.ln_reach_p_step +
                                floor((log(100.0) - grid.ln_reach_p_min) / grid.ln_reach_p_step) *
                                    grid.ln_reach_p_step); /* half way between two nodes */
    for (double e = 16.0; e < 400.0; e *= 1.02)
        for (double pt = 0.01; pt < 9.0; pt += 0.02)
            density_max = fmax(density_max, bd_parent_density(parent, e, pt) * pt);
    for (size_t n = 0; n < n_decay;) {
        const double energy = 16.0 * pow(400.0 / 16.0, gsl_rng_uniform(rng)), pt = 9.0 * gsl_rng_uniform(rng);
        if (bd_parent_density(parent, energy, pt) * pt < 1.2 * density_max * gsl_rng_uniform(rng))
            continue;
        n++;
        const double p = sqrt(energy * energy - big_m * big_m), pz = sqrt(p * p - pt * pt);
        const double c = 2.0 * gsl_rng_uniform(rng) - 1.0, s = sqrt(1.0 - c * c);
        const double phi = 2.0 * BD_PI * gsl_rng_uniform(rng);
        /* Along the parent, then rotated to its direction. */
        const double along = energy / big_m * p_star * c + p / big_m * e_star;
        const double x1 = p_star * s * cos(phi), y1 = p_star * s * sin(phi);
        const double x = x1 * pz / p + along * pt / p, z = along * pz / p - x1 * pt / p;
        const double p_x = sqrt(x * x + y1 * y1 + z * z);
        random_above_100 += p_x > near_100;
        if (atan2(hypot(x, y1), z) < theta_max)
            for (size_t k = 0; k < n_bin; k++)
                hits[k] += p_x >= edge[k] && p_x < edge[k + 1];
    }
    gsl_rng_free(rng);
    for (size_t k = 0; k < n_bin; k++) {
        double sum = 0.0;
        const int n_step = 400;
        for (int i = 0; i < n_step; i++) { /* mid-points in ln p, log-linear between nodes */
            const double ln_p = log(edge[k]) + log(edge[k + 1] / edge[k]) * (i + 0.5) / n_step;
            const double x = (ln_p - grid.ln_p_min) / grid.ln_p_step;
            const size_t ip = (size_t)x;
            for (size_t j = 0; j < grid.n_theta; j++) {
                const double theta = (double)j * grid.theta_step_rad;
                const double end = j == 0 || j + 1 == grid.n_theta ? 0.5 : 1.0;
                const double lo = spectrum->density[ip * grid.n_theta + j];
                const double hi = spectrum->density[(ip + 1) * grid.n_theta + j];
                if (lo > 0.0 && hi > 0.0)
                    sum += end * exp(log(lo) + (x - (double)ip) * log(hi / lo)) * exp(ln_p) * 2.0 * BD_PI *
                           sin(theta);
            }
        }
        sum *= grid.theta_step_rad * log(edge[k + 1] / edge[k]) / n_step;
        expect_close(sum, hits[k] / n_decay, 0.005 + 4.0 / sqrt(hits[k]));
    }
    for (size_t k = 0; k < BD_REACH_NODES; k++) {
        const double p = exp(grid.ln_reach_p_min + (double)k * grid.ln_reach_p_step);
        reach_above_100 += p > near_100 ? spectrum->reach[k] : 0.0;
    }
    expect_close(reach_above_100, random_above_100 / n_decay, 0.015);
    bd_spectrum_free(spectrum);
    bd_beauty_close(&beauty);
}

/* All X of the reach nodes together: chi, up to the integration rule. */
static void momentum_spectrum_sums_to_chi(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_spectrum_grid grid;
    struct bd_beauty beauty;
    struct bd_spectrum *spectrum;
    bd_spectrum_grid_init(&grid, 1.0, 400.0, 0.0, 0.006);
    const struct bd_parent *parent = open_b("table", &grid, &beauty);
    expect_ok(bd_spectrum_create(&grid, &spectrum, &err), err);
    for (double mass = 0.05; mass < 4.7; mass *= 1.7) {
        bd_spectrum_clear(&grid, spectrum);
        bd_parent_add_decay(parent, mass, two_body_energy(BD_MASS_B_CHARGED, mass, BD_MASS_K_CHARGED), 3.0,
                            spectrum);
        double sum = 0.0;
        for (size_t k = 0; k < BD_REACH_NODES; k++)
            sum += spectrum->reach[k];
        assert_true(spectrum->chi_per_pot == 3.0);
        expect_close(sum, 3.0, 0.005);
        /* A short path needs no length: everything decays. */
        expect_close(bd_spectrum_reach_decay(&grid, spectrum->reach, 3.0, mass, 1e-6, 0.0, 1e3), 1.0, 0.005);
    }
    bd_spectrum_free(spectrum);
    bd_beauty_close(&beauty);
}

/* The fit of the spectrum with cascade: norm of its invariant form, mean E, pT^2 and x_F, integrated by its
 * authors. The norm is the form worked out at one point, here by hand, over the normalised density per (dlnE
 * dpT^2). */
static void fit_with_cascade_has_its_published_moments(void **state)
{
    (void)state;
    struct bd_spectrum_grid grid;
    struct bd_beauty beauty;
    bd_spectrum_grid_init(&grid, 1.0, 400.0, 0.0, 0.006);
    const struct bd_parent *parent = open_b("s", &grid, &beauty);
    const double root_s = 27.42952, gamma = 14.61707, beta = 0.9976571, m = BD_MASS_B_CHARGED;
    double sum = 0.0, energy_sum = 0.0, pt2_sum = 0.0, xf_sum = 0.0;
    for (double ln_e = log(m); ln_e < log(400.0); ln_e += 0.004)
        for (double pt = 0.01; pt < 9.0; pt += 0.02) {
            const double e = exp(ln_e), pz = sqrt(fmax(e * e - m * m - pt * pt, 0.0));
            const double n = bd_parent_density(parent, e, pt) * 2.0 * pt;
            sum += n;
            energy_sum += n * e;
            pt2_sum += n * pt * pt;
            xf_sum += n * 2.0 * gamma * (pz - beta * e) / root_s;
        }
    expect_close(energy_sum / sum, 87.56, 0.005);
    expect_close(pt2_sum / sum, 4.748, 0.005);
    expect_close(xf_sum / sum, -0.0203, 0.01); /* three digits given */
    const double e = 80.0, pt = 1.0, pz = sqrt(e * e - m * m - pt * pt);
    const double x_r = gamma * (e - beta * pz) / 13.28940, x_f = 2.0 * gamma * (pz - beta * e) / root_s;
    const double form = pow(1.0 - x_r, 4.970) * pow(1.0 + pt * pt / (8.19 * 8.19), -10.81) * exp(-0.525 * x_f);
    expect_close(form * (e / pz) / bd_parent_density(parent, e, pt), 0.45983, 0.005);
    bd_beauty_close(&beauty);
}

static void write_file(char *path, const char *text)
{
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    FILE *file = fdopen(fd, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

#define HEADER "# events: 10\n# totals per event: 521:0.8\npdg,E_lo_GeV,E_hi_GeV,pT_lo_GeV,pT_hi_GeV,count\n"

static void broken_spectra_name_the_fault(void **state)
{
    (void)state;
    const struct {
        const char *text, *words;
    } cases[] = {
        {"# events: 10\n# totals per event: 521:0.8\npdg,E_lo,E_hi,pT_lo,pT_hi,count\n521,20,30,0,1,5\n",
         "E_lo_GeV"},
        {HEADER "521,20,30,0,1,-5\n", ":4:"},
        {HEADER "521,20,30,0,1,nan\n", "nan"},
        {HEADER "521,30,20,0,1,5\n", "E_hi_GeV"},
        {HEADER "521,20,30,0,1,5\n521,25,40,0,1,5\n", "overlap"},
        {HEADER "511,20,30,0,1,5\n", "no rows for PDG number 521"},
        {"# totals per event: 521:0.8\npdg,E_lo_GeV,E_hi_GeV,pT_lo_GeV,pT_hi_GeV,count\n521,20,30,0,1,5\n",
         "events"},
        {"# events: 10\npdg,E_lo_GeV,E_hi_GeV,pT_lo_GeV,pT_hi_GeV,count\n521,20,30,0,1,5\n", "totals per event"},
    };
    struct bd_error err;
    struct bd_spectrum_grid grid;
    bd_spectrum_grid_init(&grid, 1.0, 400.0, 0.0, 0.006);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bd_parent *parent = NULL;
        double multiplicity;
        char path[] = "/tmp/beamdump_spectrum_XXXXXX";
        write_file(path, cases[i].text);
        expect_fails(bd_parent_open_table(path, 521, BD_MASS_B_CHARGED, &grid, &parent, &multiplicity, &err),
                     BD_BAD_INPUT, cases[i].words, err);
        assert_non_null(strstr(err.message, path));
        assert_null(parent);
        (void)remove(path);
    }
    struct bd_parent *parent = NULL;
    double multiplicity;
    expect_fails(bd_parent_open_table("/nowhere/b.csv", 521, 5.0, &grid, &parent, &multiplicity, &err), BD_IO,
                 "/nowhere/b.csv", err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forward_fractions_agree_with_published_integrals),
        cmocka_unit_test(density_agrees_with_random_decays),
        cmocka_unit_test(momentum_spectrum_sums_to_chi),
        cmocka_unit_test(fit_with_cascade_has_its_published_moments),
        cmocka_unit_test(broken_spectra_name_the_fault),
    };
    return run_all_tests(tests);
}
