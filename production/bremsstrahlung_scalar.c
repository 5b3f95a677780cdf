/* production/bremsstrahlung_scalar.c - p p -> S X, proton bremsstrahlung in the quasi-real approximation.
 *
 * arXiv:2108.05900, at theta = 1. With z = p_S/p_beam, H = pT^2 + z^2 m_p^2 + (1-z) m_S^2:
 *
 *   w(z, pT^2) = g^2/(16 pi^2) |F_S(m_S^2)|^2 F_*^2 (z/H) [1 + (1-z)(4 m_p^2 - m_S^2)/H]
 *   d2N/(dz dpT^2) per proton = w sigma_pp(s')/sigma_pp(s)
 *
 * 1/(16 pi^2), not the 1/(8 pi^2) that circulates: the light-cone splitting of a Yukawa coupling confirms it. */
#include <complex.h>
#include <math.h>
#include <stdlib.h>

#include "production/cross_section.h"
#include "production/production.h"
#include "src/core/pdg.h"

#define G_SNN 1.2e-3 /* coupling of S to nucleons at theta = 1 */
#define N_PT 400     /* mid-points in pT for the numbers at all angles */

enum { LAMBDA, Z_MIN, Z_MAX, PT_MAX };

static const char *const variants[] = {"qra", NULL};

static const struct bd_setting settings[] = {
    {"lambda_gev", "GeV", 1.5, 0.5, 5.0, NULL, "cut-off of the off-shell form factor; 1 to 2 in arXiv:2108.05900"},
    {"z_min", "1", 0.1, 0.01, 0.99, NULL, "smallest momentum fraction of S; the approximation wants fast S and p"},
    {"z_max", "1", 0.9, 0.01, 0.99, NULL, "largest momentum fraction of S"},
    {"pt_max_gev", "GeV", 3.0, 0.1, 10.0, NULL, "largest transverse momentum of S"},
    {.name = NULL},
};

struct brems {
    const struct bd_spectrum_grid *grid;
    double beam, setting[4];
};

/* f_0(500), f_0(980), f_0(1370) */
static const struct bd_resonance poles[] = {{0.475, 0.55}, {0.98, 0.055}, {1.35, 0.35}, {0.0, 0.0}};

/* Scalar resonances in the form factor of the proton; squared modulus. */
static double form_factor_squared(double mass)
{
    static const double f[] = {0.28, 1.8, -0.99};
    double complex sum = 0.0;
    for (size_t i = 0; i < 3; i++) {
        const double m = poles[i].mass_gev, width = poles[i].width_gev;
        sum += f[i] * m * m / (m * m - mass * mass - I * mass * width);
    }
    return creal(sum) * creal(sum) + cimag(sum) * cimag(sum);
}

/* d2N/(dz dpT^2) per proton; 0 outside the cuts. */
static double splitting(const struct brems *brems, double mass, double z, double pt2)
{
    const double *set = brems->setting;
    if (z < set[Z_MIN] || z > set[Z_MAX] || pt2 > set[PT_MAX] * set[PT_MAX])
        return 0.0;
    const double mp = BD_MASS_PROTON, h = pt2 + z * z * mp * mp + (1.0 - z) * mass * mass;
    const double lambda4 = pow(set[LAMBDA], 4.0), off_shell = lambda4 / (lambda4 + h * h / (z * z));
    const double s = 2.0 * mp * brems->beam + 2.0 * mp * mp, s_left = s - 2.0 * mp * brems->beam * z;
    return G_SNN * G_SNN / (16.0 * BD_PI * BD_PI) * form_factor_squared(mass) * off_shell * off_shell * (z / h) *
           (1.0 + (1.0 - z) * (4.0 * mp * mp - mass * mass) / h) * bd_cross_section_pp_total(s_left) /
           bd_cross_section_pp_total(s);
}

static enum bd_status open_brems(const struct bd_production_request *request, void **state, struct bd_error *err)
{
    if (request->setting[Z_MIN] >= request->setting[Z_MAX])
        return bd_fail(err, BD_BAD_INPUT, "bremsstrahlung: z_min = %g is not below z_max = %g",
                       request->setting[Z_MIN], request->setting[Z_MAX]);
    struct brems *brems = malloc(sizeof *brems);
    if (brems == NULL)
        return bd_fail(err, BD_NO_MEMORY, "bremsstrahlung: out of memory");
    brems->grid = request->grid;
    brems->beam = request->experiment->beam_p_gev;
    for (size_t i = 0; i < 4; i++)
        brems->setting[i] = request->setting[i];
    *state = brems;
    return BD_OK;
}

/* dN/dz, all pT. */
static double momentum_density(const struct brems *brems, double mass, double z)
{
    const double step = brems->setting[PT_MAX] / N_PT;
    double sum = 0.0;
    for (size_t i = 0; i < N_PT; i++) {
        const double pt = ((double)i + 0.5) * step;
        sum += splitting(brems, mass, z, pt * pt) * 2.0 * pt * step;
    }
    return sum;
}

static enum bd_status spectrum_of(const void *state, double mass_gev, struct bd_spectrum *spectrum,
                                  struct bd_error *err)
{
    const struct brems *brems = state;
    const struct bd_spectrum_grid *grid = brems->grid;
    const double z_min = brems->setting[Z_MIN], z_max = brems->setting[Z_MAX];
    const size_t n_z = 400;
    (void)err;
    /* dz dpT^2 = (2 p^2 cos(theta) / p_beam) dp dcos(theta), and dOmega = 2 pi dcos(theta). */
    for (size_t i = 0; i < grid->n_p; i++) {
        const double p = exp(grid->ln_p_min + (double)i * grid->ln_p_step);
        for (size_t j = 0; j < grid->n_theta; j++) {
            const double theta = grid->theta_min_rad + (double)j * grid->theta_step_rad, pt = p * sin(theta);
            spectrum->density[i * grid->n_theta + j] +=
                splitting(brems, mass_gev, p / brems->beam, pt * pt) * p * p * cos(theta) / (BD_PI * brems->beam);
        }
    }
    for (size_t i = 0; i < n_z; i++) { /* every z to its nearest momentum nodes, linearly in ln p */
        const double dz = (z_max - z_min) / (double)n_z, z = z_min + ((double)i + 0.5) * dz;
        const double number = momentum_density(brems, mass_gev, z) * dz;
        spectrum->chi_per_pot += number;
        bd_spectrum_add_reach(grid, z * brems->beam, number, spectrum);
    }
    return BD_OK;
}

const struct bd_production bd_production_bremsstrahlung_scalar = {
    .name = "bremsstrahlung",
    .model = "dark_scalar",
    .title = "p p -> S X, quasi-real approximation; form factor uncertain by an order of magnitude above 1 GeV",
    .unit = "theta = 1",
    .source = "arXiv:2108.05900",
    .variants = variants,
    .poles = poles,
    .mass_min_gev = 0.001,
    .mass_max_gev = 5.0,
    .settings = settings,
    .open = open_brems,
    .spectrum = spectrum_of,
    .close = free,
};
