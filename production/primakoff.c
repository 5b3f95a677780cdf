/* production/primakoff.c - p N -> a X: the proton's own electromagnetic field, coherently on the nucleus.
 *
 * Equivalent photons of the proton, n(x, q_t^2) (arXiv:1512.03069; Budnev et al., Phys. Rep. 15 (1975) 181),
 * convolved in the transverse plane with the conversion of production/conversion.h, at g_agg = 1/GeV:
 *
 *   dsigma/(dE d2P) = 1/E_beam Int d2k (1/pi) n(x, |P - k|^2) (1/pi) dsigma/dt(t = t_min + k^2)
 *
 * per interaction: divided by sigma_pp A^0.77. P is the transverse momentum of a, sin(theta) = P/p. */
#include "production/primakoff.h"

#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdlib.h>

#include "production/cross_section.h"
#include "production/production.h"
#include "src/core/pdg.h"

#define N_ANGLE 10     /* Gauss-Legendre nodes in the azimuth, after a map that removes the peak */
#define N_INTERVAL 64  /* of the adaptive integration */
#define REL_ERROR 1e-3 /* of the density, asked for; a test finds less than half of it */
#define N_ENERGY 400   /* mid-points in ln E for the numbers at all angles */

enum { SIGMA_PP, A_EXPONENT, E_MIN, SCREENING, ANGLE, LIMIT, JACOBIAN };
enum { ANGLE_SINE, ANGLE_RATIO };
enum { LIMIT_Q_T2, LIMIT_E_T2 };

static const char *const off_on[] = {"off", "on", NULL};
static const char *const angles[] = {"pt_over_p", "pt_over_e", NULL};
static const char *const limits[] = {"q_t2", "e_t2", NULL};

static const struct bd_setting settings[] = {
    [SIGMA_PP] = {"sigma_pp_mb", "mb", 0.0, 0.0, 1e3, NULL,
                  "total p p cross section; 0: PDG fit, 39.85 mb at 400 GeV"},
    [A_EXPONENT] = {"a_exp_primakoff", "1", 0.77, 0.0, 1.0, NULL, "interactions of the proton grow as A^x"},
    [E_MIN] = {"e_min_gev", "GeV", 0.0, 0.0, 1e3, NULL, "slower a are not counted"},
    [SCREENING] = {"screening", "choice", 0, 0, 0, off_on, "field of the electrons, matters below 50 MeV"},
    [ANGLE] = {"angle", "choice", ANGLE_SINE, 0, 0, angles, "sin(theta) = P_T/p, or theta = P_T/E"},
    [LIMIT] = {"photon_limit", "choice", LIMIT_Q_T2, 0, 0, limits,
               "photons with q_t^2 + x, or with E_t^2 + x = q_t^2 + x^2 m_p^2 + x, up to 1 GeV^2"},
    [JACOBIAN] = {"jacobian", "choice", 1, 0, 0, off_on,
                  "of Q^2 and q_t^2, dQ^2/dq_t^2 = 1/(1 - x); off: 1 - x times the photons, as ALPINIST v1.3"},
    {.name = NULL},
};

/* Budnev et al.: D and C of the proton, dipole form factors. */
static void proton_form_factors(double q2, double *d, double *c)
{
    const double dipole = 1.0 + q2 / 0.71, g = 1.0 / (dipole * dipole * dipole * dipole), mu2 = 7.78;
    const double mp2 = BD_MASS_PROTON * BD_MASS_PROTON;
    *c = mu2 * g;
    *d = g * (4.0 * mp2 + q2 * mu2) / (4.0 * mp2 + q2);
}

/* x E_t^2 n(x, q_t^2) pi/alpha at E_t^2 = q_t^2 + x^2 m_p^2. */
static double photon_shape(double x, double et2)
{
    const double s2 = x * x * BD_MASS_PROTON * BD_MASS_PROTON;
    double c, d;
    proton_form_factors(et2 / (1.0 - x), &d, &c);
    return (1.0 - s2 / et2) * (1.0 - x) * d + 0.5 * x * x * c;
}

/* Largest q_t^2 [GeV^2] of a photon; not above 0: there is none. */
static double largest_q2(double x, int limit)
{
    return limit == LIMIT_E_T2 ? 1.0 - x - x * x * BD_MASS_PROTON * BD_MASS_PROTON : 1.0 - x;
}

static double photon_number(double x, double q2_max)
{
    enum { STEPS = 400 };
    if (x <= 0.0 || q2_max <= 0.0)
        return 0.0;
    const double lo = 2.0 * log(x * BD_MASS_PROTON), hi = log(q2_max + exp(lo));
    double sum = 0.0;
    for (int i = 0; i < STEPS; i++)
        sum += photon_shape(x, exp(lo + (hi - lo) * (i + 0.5) / STEPS));
    return BD_ALPHA_EM / (BD_PI * x) * sum * (hi - lo) / STEPS;
}

double bd_primakoff_photon_number(double x)
{
    return photon_number(x, largest_q2(x, LIMIT_Q_T2));
}

/* ---- one point ---- */

struct point {
    const struct bd_conversion *conversion;
    double t_min, x, pt, q2_max;
    double angle[N_ANGLE], weight[N_ANGLE]; /* on 0 to 1 */
    double cosine[N_ANGLE];                 /* of pi angle */
};

/* Int_0^pi dphi n(x, |P - k|^2). With a = P^2 + k^2 + x^2 m_p^2, e = 2 P k/a and tan(phi/2) = sqrt((1-e)/(1+e))
 * tan(nu/2), dphi/E_t^2 = dnu/(a sqrt(1-e^2)): what is left varies slowly. */
static double photons_around(const struct point *at, double k)
{
    const double p = at->pt, x = at->x, s2 = x * x * BD_MASS_PROTON * BD_MASS_PROTON, limit = at->q2_max;
    const double a = p * p + k * k + s2, e = 2.0 * p * k / a;
    const double root2 =
        ((p - k) * (p - k) + s2) * ((p + k) * (p + k) + s2); /* a^2 (1 - e^2), without cancellation */
    if ((p - k) * (p - k) >= limit)
        return 0.0;
    double nu_max = BD_PI, cosine[N_ANGLE];
    if ((p + k) * (p + k) > limit) {
        const double phi = acos((p * p + k * k - limit) / (2.0 * p * k));
        nu_max = 2.0 * atan(tan(0.5 * phi) * sqrt(((p + k) * (p + k) + s2) / ((p - k) * (p - k) + s2)));
    }
    double sum = 0.0;
    for (int i = 0; i < N_ANGLE && nu_max < BD_PI; i++)
        cosine[i] = cos(nu_max * at->angle[i]);
    const double *c = nu_max < BD_PI ? cosine : at->cosine;
    for (int i = 0; i < N_ANGLE; i++)
        sum += at->weight[i] * photon_shape(x, root2 / (a * (1.0 + e * c[i])));
    return BD_ALPHA_EM / (BD_PI * x) * sum * nu_max / sqrt(root2);
}

static double integrand(double ln_t, void *params)
{
    const struct point *at = params;
    const double t = exp(ln_t);
    return bd_conversion_per_ln_t(at->conversion, at->t_min, t) *
           photons_around(at, sqrt(fmax(t - at->t_min, 0.0)));
}

static void init_angles(struct point *at)
{
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(N_ANGLE); /* 10 is precomputed */
    for (size_t i = 0; table != NULL && i < N_ANGLE; i++)
        (void)gsl_integration_glfixed_point(0.0, 1.0, i, &at->angle[i], &at->weight[i], table);
    for (size_t i = 0; i < N_ANGLE; i++)
        at->cosine[i] = cos(BD_PI * at->angle[i]);
    if (table != NULL)
        gsl_integration_glfixed_table_free(table);
}

/* d2P density without 1/E_beam. The integrand has a feature where k = P: split there. */
static enum bd_status convolve(struct point *at, double rel_error, gsl_integration_workspace *workspace,
                               double *value, struct bd_error *err)
{
    const double lo = log(at->t_min), hi = log(at->conversion->t_max);
    const double split = fmin(log(at->t_min + at->pt * at->pt), hi);
    const gsl_function function = {.function = integrand, .params = at};
    double below = 0.0, above = 0.0, error;
    if (split > lo)
        BD_TRY(bd_check_gsl(err,
                            gsl_integration_qag(&function, lo, split, 0.0, rel_error, N_INTERVAL,
                                                GSL_INTEG_GAUSS15, workspace, &below, &error),
                            "primakoff"));
    if (split < hi) /* either part may be the larger one: neither needs to be better than the sum */
        BD_TRY(bd_check_gsl(err,
                            gsl_integration_qag(&function, split, hi, rel_error * below, rel_error, N_INTERVAL,
                                                GSL_INTEG_GAUSS15, workspace, &above, &error),
                            "primakoff"));
    *value = (below + above) / (BD_PI * BD_PI);
    return BD_OK;
}

enum bd_status bd_primakoff_density(const struct bd_conversion *conversion, double mass_gev, double energy_gev,
                                    double beam_gev, double pt_gev, double rel_error, double *density,
                                    struct bd_error *err)
{
    struct point at = {.conversion = conversion,
                       .t_min = bd_conversion_t_min(mass_gev, energy_gev),
                       .x = energy_gev / beam_gev,
                       .pt = pt_gev};
    at.q2_max = largest_q2(at.x, LIMIT_Q_T2);
    *density = 0.0;
    if (energy_gev <= mass_gev || at.x >= 1.0 || at.t_min >= conversion->t_max)
        return BD_OK;
    gsl_integration_workspace *workspace = gsl_integration_workspace_alloc(N_INTERVAL);
    if (workspace == NULL)
        return bd_fail(err, BD_NO_MEMORY, "primakoff: out of memory");
    init_angles(&at);
    const enum bd_status status = convolve(&at, rel_error, workspace, density, err);
    gsl_integration_workspace_free(workspace);
    *density /= beam_gev;
    return status;
}

/* ---- the channel ---- */

struct primakoff {
    const struct bd_spectrum_grid *grid;
    struct bd_conversion conversion;
    double beam, per_interaction; /* GeV^-2 to a number per proton */
    double e_min;
    int angle, limit, jacobian;
};

static double per_interaction(const struct primakoff *primakoff, double x)
{
    return primakoff->jacobian ? primakoff->per_interaction : primakoff->per_interaction * (1.0 - x);
}

static enum bd_status open_primakoff(const struct bd_production_request *request, void **state,
                                     struct bd_error *err)
{
    const struct bd_experiment *experiment = request->experiment;
    const double *set = request->setting;
    if (!(experiment->target_z >= 1.0 && experiment->target_a >= 1.0))
        return bd_fail(err, BD_BAD_INPUT,
                       "primakoff: the target of %s has Z = %g and A = %g; both must be at least 1",
                       experiment->id, experiment->target_z, experiment->target_a);
    struct primakoff *opened = malloc(sizeof *opened);
    if (opened == NULL)
        return bd_fail(err, BD_NO_MEMORY, "primakoff: out of memory");
    const double sigma_mb = set[SIGMA_PP] > 0.0
                                ? set[SIGMA_PP]
                                : bd_cross_section_pp_total(2.0 * BD_MASS_PROTON * experiment->beam_p_gev);
    opened->grid = request->grid;
    opened->beam = experiment->beam_p_gev;
    opened->per_interaction = BD_HBARC2_GEV2_MB / (sigma_mb * pow(experiment->target_a, set[A_EXPONENT]));
    opened->e_min = set[E_MIN];
    opened->angle = (int)set[ANGLE];
    opened->limit = (int)set[LIMIT];
    opened->jacobian = (int)set[JACOBIAN];
    bd_conversion_init(experiment->target_a, experiment->target_z, set[SCREENING] != 0.0, &opened->conversion);
    *state = opened;
    return BD_OK;
}

static enum bd_status add_density(const struct primakoff *primakoff, double mass,
                                  gsl_integration_workspace *workspace, struct bd_spectrum *spectrum,
                                  struct bd_error *err)
{
    const struct bd_spectrum_grid *grid = primakoff->grid;
    struct point at = {.conversion = &primakoff->conversion};
    init_angles(&at);
    for (size_t i = 0; i < grid->n_p; i++) {
        const double p = exp(grid->ln_p_min + (double)i * grid->ln_p_step), energy = sqrt(p * p + mass * mass);
        at.x = energy / primakoff->beam;
        at.t_min = bd_conversion_t_min(mass, energy);
        at.q2_max = largest_q2(at.x, primakoff->limit);
        if (energy < primakoff->e_min || at.q2_max <= 0.0 || at.t_min >= primakoff->conversion.t_max)
            continue;
        for (size_t j = 0; j < grid->n_theta; j++) {
            const double theta = grid->theta_min_rad + (double)j * grid->theta_step_rad;
            const int ratio = primakoff->angle == ANGLE_RATIO;
            /* d2P/dOmega: P = p sin(theta), or P = E theta. */
            const double area =
                ratio ? energy * energy * (theta > 0.0 ? theta / sin(theta) : 1.0) : p * p * cos(theta);
            double density;
            at.pt = ratio ? energy * theta : p * sin(theta);
            BD_TRY(convolve(&at, REL_ERROR, workspace, &density, err));
            spectrum->density[i * grid->n_theta + j] +=
                density / primakoff->beam * per_interaction(primakoff, at.x) * area * p / energy;
        }
    }
    return BD_OK;
}

/* All angles: the integral over P of the convolution is n(x) sigma(E). */
static void add_numbers(const struct primakoff *primakoff, double mass, struct bd_spectrum *spectrum)
{
    const double lo = log(fmax(mass, primakoff->e_min)), step = (log(primakoff->beam) - lo) / N_ENERGY;
    for (int i = 0; i < N_ENERGY && step > 0.0; i++) {
        const double energy = exp(lo + (i + 0.5) * step), x = energy / primakoff->beam;
        const double number = photon_number(x, largest_q2(x, primakoff->limit)) *
                              bd_conversion_cross_section(&primakoff->conversion, mass, energy) * x * step *
                              per_interaction(primakoff, x);
        spectrum->chi_per_pot += number;
        bd_spectrum_add_reach(primakoff->grid, sqrt((energy - mass) * (energy + mass)), number, spectrum);
    }
}

static enum bd_status spectrum_of(const void *state, double mass_gev, struct bd_spectrum *spectrum,
                                  struct bd_error *err)
{
    gsl_integration_workspace *workspace = gsl_integration_workspace_alloc(N_INTERVAL);
    if (workspace == NULL)
        return bd_fail(err, BD_NO_MEMORY, "primakoff: out of memory");
    const enum bd_status status = add_density(state, mass_gev, workspace, spectrum, err);
    gsl_integration_workspace_free(workspace);
    add_numbers(state, mass_gev, spectrum);
    if (spectrum->chi_per_pot <= 0.0)
        spectrum->flag = BD_FLAG_CLOSED;
    return status;
}

const struct bd_production bd_production_primakoff = {
    .name = "primakoff",
    .model = "alp",
    .title = "photons of the proton on a nucleus, coherent",
    .unit = "g_agg = 1/GeV",
    .source = "arXiv:1512.03069",
    .mass_min_gev = 0.001,
    .mass_max_gev = 5.0,
    .settings = settings,
    .open = open_primakoff,
    .spectrum = spectrum_of,
    .close = free,
};
