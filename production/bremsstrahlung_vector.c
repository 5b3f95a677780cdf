/* production/bremsstrahlung_vector.c - p N -> A' X, proton bremsstrahlung at eps = 1.
 *
 *   d2N/(dz dpT^2) per proton = w(z, pT^2) r(z) |F|^2,   z = p_z(A')/p_beam
 *
 * ww: arXiv:1311.3870; qra: arXiv:2108.05900; improved: arXiv:2409.09123; ww_printed: ww as printed in its paper.
 * r(z): a ratio of cross sections at s' = 2 m_p (p_beam (1-z) + m_p) and s = 2 m_p p_beam, one interaction per
 * proton, so that the nucleus cancels. All of them want E_p, E_A', E_p - E_A' far above m_p, m, pT: cuts in z, pT
 * and H/[4 p_beam^2 z (1-z)^2] < 0.1 (arXiv:2108.05900). */
#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "production/cross_section.h"
#include "production/production.h"
#include "production/proton_form_factor.h"
#include "production/splitting.h"
#include "src/core/pdg.h"

#define H_MAX 0.1        /* of H/[4 p_beam^2 z (1-z)^2] */
#define QRA_MASS_MIN 0.3 /* its longitudinal term grows as 1/m^2 below */
#define N_Z 400          /* mid-points */
#define N_GAUSS 24       /* in ln H, for the numbers at all angles */

enum variant { WW, QRA, IMPROVED, WW_PRINTED, N_VARIANT };
enum form_factor { NONE, POLE, DIPOLE, FIT };
enum ratio { BY_VARIANT, TOT_TOT, NSD_INEL, NSD_TOT };
enum { FORM_FACTOR, LAMBDA, Z_MIN, Z_MAX, PT_MAX, RATIO, N_SETTING };

static const char *const variants[] = {"ww", "qra", "improved", "ww_printed", NULL};
static const char *const form_factors[] = {"none", "pole", "dipole", "fit", NULL};
static const char *const ratios[] = {"default", "tot_tot", "nsd_inel", "nsd_tot", NULL};

static const struct {
    double pt_max_gev;
    enum ratio ratio;
} defaults[N_VARIANT] = {
    [WW] = {1.0, TOT_TOT}, [QRA] = {3.0, NSD_INEL}, [IMPROVED] = {3.0, NSD_INEL}, [WW_PRINTED] = {1.0, TOT_TOT}};

static const struct bd_setting settings[] = {
    [FORM_FACTOR] =
        {"form_factor", "choice", NONE, 0, 0, form_factors,
         "of the proton: 1; rho and omega poles; dipole of SHiP; fit of F1 and F2 (improved only, to 2 GeV)"},
    [LAMBDA] = {"lambda_gev", "GeV", 1.5, 0.3, 5.0, NULL,
                "cut-off of the off-shell proton, qra and improved; 1 to 2"},
    [Z_MIN] = {"z_min", "1", 0.1, 0.01, 0.99, NULL, "smallest momentum fraction of A'"},
    [Z_MAX] = {"z_max", "1", 0.9, 0.01, 0.99, NULL, "largest momentum fraction of A'"},
    [PT_MAX] = {"pt_max_gev", "GeV", 0.0, 0.0, 10.0, NULL,
                "largest transverse momentum of A'; 0: 1 GeV for ww, 3 GeV for qra and improved"},
    [RATIO] =
        {"brems_sigma", "choice", BY_VARIANT, 0, 0, ratios,
         "ratio of p p cross sections: total/total (ww), or non-single-diffractive/inelastic (qra, improved), or "
         "the latter over the total one"},
    {.name = NULL},
};

struct brems {
    const struct bd_spectrum_grid *grid;
    enum variant variant;
    enum form_factor form_factor;
    enum ratio ratio;
    double beam, lambda, z_min, z_max, pt2_max;
    struct bd_proton_form_factor_fit fit;
    gsl_integration_glfixed_table *gauss;
};

static void close_brems(void *state)
{
    struct brems *brems = state;
    if (brems != NULL && brems->gauss != NULL) /* GSL's does not accept NULL */
        gsl_integration_glfixed_table_free(brems->gauss);
    free(brems);
}

static enum variant variant_of(const char *name)
{
    int i = 0;
    while (*name != '\0' && variants[i] != NULL && strcmp(variants[i], name) != 0)
        i++;
    return (enum variant)i;
}

static enum bd_status check_request(const struct bd_production_request *request, struct bd_error *err)
{
    const double *set = request->setting;
    if (set[Z_MIN] >= set[Z_MAX])
        return bd_fail(err, BD_BAD_INPUT, "bremsstrahlung: z_min = %g is not below z_max = %g", set[Z_MIN],
                       set[Z_MAX]);
    if (set[FORM_FACTOR] == FIT && variant_of(request->variant) != IMPROVED)
        return bd_fail(err, BD_BAD_INPUT,
                       "bremsstrahlung: form_factor=fit has F1 and F2, which only the variant 'improved' takes");
    return BD_OK;
}

static enum bd_status open_brems(const struct bd_production_request *request, void **state, struct bd_error *err)
{
    const double *set = request->setting;
    BD_TRY(check_request(request, err));
    struct brems *brems = calloc(1, sizeof *brems);
    if (brems == NULL)
        return bd_fail(err, BD_NO_MEMORY, "bremsstrahlung: out of memory");
    brems->grid = request->grid;
    brems->variant = variant_of(request->variant);
    brems->form_factor = (enum form_factor)set[FORM_FACTOR];
    brems->ratio = set[RATIO] == BY_VARIANT ? defaults[brems->variant].ratio : (enum ratio)set[RATIO];
    brems->beam = request->experiment->beam_p_gev;
    brems->lambda = set[LAMBDA];
    brems->z_min = set[Z_MIN];
    brems->z_max = set[Z_MAX];
    const double pt_max = set[PT_MAX] > 0.0 ? set[PT_MAX] : defaults[brems->variant].pt_max_gev;
    brems->pt2_max = pt_max * pt_max;
    brems->gauss = gsl_integration_glfixed_table_alloc(N_GAUSS);
    enum bd_status status =
        brems->gauss != NULL ? BD_OK : bd_fail(err, BD_NO_MEMORY, "bremsstrahlung: out of memory");
    if (status == BD_OK && brems->form_factor == FIT)
        status = bd_proton_form_factor_load(&brems->fit, err);
    if (status == BD_OK)
        *state = brems;
    else
        close_brems(brems);
    return status;
}

static double square_modulus(double complex z)
{
    return creal(z) * creal(z) + cimag(z) * cimag(z);
}

/* |F1|^2, |F2|^2 and Re(F1 F2*) at a mass. */
static void form_factors_at(const struct brems *brems, double mass, double *f)
{
    double complex f1, f2;
    f[0] = 1.0;
    f[1] = f[2] = 0.0;
    switch (brems->form_factor) {
    case POLE:
        f[0] = square_modulus(bd_proton_form_factor_pole(mass));
        break;
    case DIPOLE:
        f[0] = bd_proton_form_factor_dipole_squared(mass);
        break;
    case FIT:
        bd_proton_form_factor_at(&brems->fit, mass, &f1, &f2);
        f[0] = square_modulus(f1);
        f[1] = square_modulus(f2);
        f[2] = creal(f1 * conj(f2));
        break;
    case NONE:
        break;
    }
}

static double splitting(const struct brems *brems, double mass, const double *f, double z, double pt2)
{
    double w[3];
    switch (brems->variant) {
    case QRA:
        return f[0] * bd_splitting_qra(z, pt2, mass) * bd_splitting_off_shell(z, pt2, mass, brems->lambda);
    case IMPROVED:
        bd_splitting_improved(z, pt2, mass, w);
        return (f[0] * w[0] + f[1] * w[1] + f[2] * w[2]) * bd_splitting_off_shell(z, pt2, mass, brems->lambda);
    default:
        return f[0] * bd_splitting_ww(z, pt2, mass, brems->variant == WW_PRINTED);
    }
}

static double cross_section_ratio(const struct brems *brems, double z)
{
    /* m_p^2 is dropped in s, not in s': below 0.1%. */
    const double s = 2.0 * BD_MASS_PROTON * brems->beam;
    const double s_left = 2.0 * BD_MASS_PROTON * (brems->beam * (1.0 - z) + BD_MASS_PROTON);
    if (brems->ratio == TOT_TOT)
        return bd_cross_section_pp_total(s_left) / bd_cross_section_pp_total(s);
    return bd_cross_section_pp_nsd(s_left) /
           (brems->ratio == NSD_TOT ? bd_cross_section_pp_total(s) : bd_cross_section_pp_inelastic(brems->beam));
}

/* Largest pT^2 at this z; not positive outside the cuts. */
static double pt2_limit(const struct brems *brems, double mass, double z)
{
    if (z < brems->z_min || z > brems->z_max)
        return 0.0;
    const double h_max = H_MAX * 4.0 * brems->beam * brems->beam * z * (1.0 - z) * (1.0 - z);
    return fmin(brems->pt2_max, h_max - bd_splitting_h(z, 0.0, mass));
}

/* dz dpT^2 = (2 p^2 sin(theta)/p_beam) dp dtheta with z = p cos(theta)/p_beam, and dOmega = 2 pi sin(theta)
 * dtheta. */
static void add_density(const struct brems *brems, double mass, const double *f, struct bd_spectrum *spectrum)
{
    const struct bd_spectrum_grid *grid = brems->grid;
    for (size_t i = 0; i < grid->n_p; i++) {
        const double p = exp(grid->ln_p_min + (double)i * grid->ln_p_step);
        for (size_t j = 0; j < grid->n_theta; j++) {
            const double theta = grid->theta_min_rad + (double)j * grid->theta_step_rad, pt = p * sin(theta);
            const double z = p * cos(theta) / brems->beam;
            if (pt * pt < pt2_limit(brems, mass, z))
                spectrum->density[i * grid->n_theta + j] += splitting(brems, mass, f, z, pt * pt) *
                                                            cross_section_ratio(brems, z) * p * p /
                                                            (BD_PI * brems->beam);
        }
    }
}

/* All angles: dpT^2 = H d ln H. */
static void add_numbers(const struct brems *brems, double mass, const double *f, struct bd_spectrum *spectrum)
{
    const double dz = (brems->z_max - brems->z_min) / N_Z;
    for (size_t i = 0; i < N_Z; i++) {
        const double z = brems->z_min + ((double)i + 0.5) * dz, limit = pt2_limit(brems, mass, z);
        const double h0 = bd_splitting_h(z, 0.0, mass), factor = dz * cross_section_ratio(brems, z);
        if (limit <= 0.0)
            continue;
        for (size_t k = 0; k < N_GAUSS; k++) {
            double ln_h, weight;
            (void)gsl_integration_glfixed_point(0.0, log1p(limit / h0), k, &ln_h, &weight, brems->gauss);
            const double pt2 = h0 * expm1(ln_h);
            const double number = factor * weight * (h0 + pt2) * splitting(brems, mass, f, z, pt2);
            spectrum->chi_per_pot += number;
            bd_spectrum_add_reach(brems->grid, sqrt(z * z * brems->beam * brems->beam + pt2), number, spectrum);
        }
    }
}

static enum bd_status spectrum_of(const void *state, double mass_gev, struct bd_spectrum *spectrum,
                                  struct bd_error *err)
{
    const struct brems *brems = state;
    double f[3];
    (void)err;
    if ((brems->variant == QRA && mass_gev < QRA_MASS_MIN) ||
        (brems->form_factor == FIT && mass_gev > BD_PROTON_FORM_FACTOR_FIT_MAX_GEV)) {
        spectrum->flag = BD_FLAG_OUTSIDE;
        return BD_OK;
    }
    form_factors_at(brems, mass_gev, f);
    add_density(brems, mass_gev, f, spectrum);
    add_numbers(brems, mass_gev, f, spectrum);
    if (spectrum->chi_per_pot <= 0.0)
        spectrum->flag = BD_FLAG_CLOSED;
    return BD_OK;
}

const struct bd_production bd_production_bremsstrahlung_vector = {
    .name = "bremsstrahlung",
    .model = "dark_photon",
    .title = "p N -> A' X, proton bremsstrahlung; qra from 0.3 GeV on",
    .unit = "eps = 1",
    .source = "arXiv:1311.3870; arXiv:2108.05900; arXiv:2409.09123",
    .variants = variants,
    .mass_min_gev = 0.001,
    .mass_max_gev = 3.7,
    .settings = settings,
    .open = open_brems,
    .spectrum = spectrum_of,
    .close = close_brems,
};
