#include "models/alp_amplitudes.h"

#include <gsl/gsl_integration.h>
#include <math.h>

#include "src/core/pdg.h"

#define G2 (12.0 * BD_PI) /* g^2 of V P P */
#define WIDTH_RHO 0.1491  /* of this fit */
#define K_THREE_PI 2.7    /* from eta, eta' -> 3 pi */
#define DELTA_I 0.370262  /* (m_d - m_u)/(m_d + m_u) */
#define N_DALITZ 24

static double beta3(double s, double mass)
{
    const double x = 1.0 - 4.0 * mass * mass / s;
    return x > 0.0 ? x * sqrt(x) : 0.0;
}

double bd_alp_rho_line_shape(double s)
{
    const double m = BD_MASS_RHO, m2 = m * m;
    const double width = WIDTH_RHO * (s / m2) * beta3(s, BD_MASS_PI_CHARGED) / beta3(m2, BD_MASS_PI_CHARGED);
    return 1.0 / ((m2 - s) * (m2 - s) + m2 * width * width);
}

/* Int_lo^hi f dx by Gauss-Legendre on equal parts. */
static double integrate(double (*f)(double x, const void *params), const void *params, double lo, double hi,
                        int parts)
{
    enum { NODES = 20 }; /* precomputed */
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(NODES);
    double sum = 0.0;
    for (int part = 0; part < parts && table != NULL; part++)
        for (size_t i = 0; i < NODES; i++) {
            double x, weight;
            const double step = (hi - lo) / parts;
            (void)gsl_integration_glfixed_point(lo + part * step, lo + (part + 1) * step, i, &x, &weight, table);
            sum += weight * f(x, params);
        }
    if (table != NULL)
        gsl_integration_glfixed_table_free(table);
    return sum;
}

/* --- vectors ----------------------------------------------------------------------------------------------------
 */

/* <a rho rho>/f = 2 Tr(a rho rho)/F_pi, the same for omega omega; [1/GeV]. */
static double rho_coupling(double mass, const struct bd_alp_matrix *a)
{
    return 0.5 * (a->u + a->d) / BD_ALP_F_PI * bd_alp_form_factor(mass);
}

static double radiative(double s, const void *params)
{
    const double m2 = *(const double *)params, x = 1.0 - s / m2;
    return s * bd_alp_rho_line_shape(s) * x * x * x * beta3(s, BD_MASS_PI_CHARGED);
}

double bd_alp_pi_pi_gamma(double mass, const struct bd_alp_matrix *a)
{
    const double m2 = mass * mass, threshold = 4.0 * BD_MASS_PI_CHARGED * BD_MASS_PI_CHARGED;
    if (m2 <= threshold)
        return 0.0;
    const double c = G2 * rho_coupling(mass, a);
    return 3.0 * BD_ALPHA_EM * m2 * mass / (2048.0 * pow(BD_PI, 6)) * c * c *
           integrate(radiative, &m2, threshold, m2, 4);
}

/* Of two omega; c = <a V V>/f F(m). */
static double vector_pair(double mass, double c)
{
    return 9.0 * mass * mass * mass / pow(4.0 * BD_PI, 5) * G2 * G2 * c * c;
}

double bd_alp_omega_omega(double mass, const struct bd_alp_matrix *a)
{
    return vector_pair(mass, rho_coupling(mass, a)) * beta3(mass * mass, BD_MASS_OMEGA);
}

double bd_alp_phi_phi(double mass, const struct bd_alp_matrix *a)
{
    return vector_pair(mass, a->s / BD_ALP_F_PI * bd_alp_form_factor(mass)) * beta3(mass * mass, BD_MASS_PHI);
}

/* Distribution of the mass of a rho, per dm: normalised to 1 over all masses. */
static double rho_mass_density(double m)
{
    const double s = m * m, m2 = BD_MASS_RHO * BD_MASS_RHO;
    const double width = WIDTH_RHO * (s / m2) * beta3(s, BD_MASS_PI_CHARGED) / beta3(m2, BD_MASS_PI_CHARGED);
    return 2.0 * m / BD_PI * BD_MASS_RHO * width * bd_alp_rho_line_shape(s);
}

struct two_rho {
    double mass, first;
};

static double second_rho(double m, const void *params)
{
    const struct two_rho *pair = params;
    const double m2 = pair->mass * pair->mass, sum = (pair->first + m) * (pair->first + m);
    const double difference = (pair->first - m) * (pair->first - m);
    const double lambda = (1.0 - sum / m2) * (1.0 - difference / m2);
    return lambda > 0.0 ? rho_mass_density(m) * lambda * sqrt(lambda) : 0.0;
}

static double first_rho(double m, const void *params)
{
    const struct two_rho pair = {*(const double *)params, m};
    return rho_mass_density(m) * integrate(second_rho, &pair, 2.0 * BD_MASS_PI_CHARGED, pair.mass - m, 4);
}

double bd_alp_rho_rho(double mass, const struct bd_alp_matrix *a)
{
    const double lightest = 2.0 * BD_MASS_PI_CHARGED;
    if (mass <= 2.0 * lightest)
        return 0.0;
    return 3.0 * vector_pair(mass, rho_coupling(mass, a)) *
           integrate(first_rho, &mass, lightest, mass - lightest, 4);
}

/* --- three mesons -----------------------------------------------------------------------------------------------
 */

/* a -> 1 2 3 with m1 = m2: (1/((2 pi)^3 32 m^3)) Int ds12 ds13 |A|^2. */
struct three_body {
    double mass, pion, third;
    const void *params;
    double (*squared)(const struct three_body *decay, double s12, double s13);
};

static double dalitz(const struct three_body *decay)
{
    const double m = decay->mass, pion = decay->pion, third = decay->third;
    if (m <= 2.0 * pion + third)
        return 0.0;
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(N_DALITZ);
    double sum = 0.0;
    const double lo = 2.0 * pion, hi = m - third;
    for (size_t i = 0; i < N_DALITZ && table != NULL; i++) {
        double m12, weight;
        (void)gsl_integration_glfixed_point(lo, hi, i, &m12, &weight, table);
        const double s12 = m12 * m12, e1 = 0.5 * m12, e3 = (m * m - s12 - third * third) / (2.0 * m12);
        const double p1 = sqrt(fmax(e1 * e1 - pion * pion, 0.0)), p3 = sqrt(fmax(e3 * e3 - third * third, 0.0));
        const double centre = pion * pion + third * third + 2.0 * e1 * e3, half = 2.0 * p1 * p3;
        for (size_t k = 0; k < N_DALITZ; k++) {
            double s13, inner;
            (void)gsl_integration_glfixed_point(centre - half, centre + half, k, &s13, &inner, table);
            sum += weight * 2.0 * m12 * inner * decay->squared(decay, s12, s13);
        }
    }
    if (table != NULL)
        gsl_integration_glfixed_table_free(table);
    return sum / (256.0 * pow(BD_PI * m, 3));
}

/* Isospin breaking of the vertices: S_eta, S_eta' and R. */
static const double s_eta =
    -0.816496580927726 * BD_MASS_PI0 * BD_MASS_PI0 / ((BD_MASS_ETA - BD_MASS_PI0) * (BD_MASS_ETA + BD_MASS_PI0));
static const double s_etap =
    -0.577350269189626 * BD_MASS_PI0 * BD_MASS_PI0 / ((BD_MASS_ETAP - BD_MASS_PI0) * (BD_MASS_ETAP + BD_MASS_PI0));

static double contact(const struct bd_alp_mixing *t)
{
    return DELTA_I * (1.0 / sqrt(3.0) + sqrt(2.0) * s_eta + s_etap) * (sqrt(2.0) * t->eta + t->etap);
}

static double rotation(const struct bd_alp_pions *pions)
{
    const double pi2 = BD_MASS_PI0 * BD_MASS_PI0, eta2 = BD_MASS_ETA * BD_MASS_ETA;
    return DELTA_I * pions->gluon * (pi2 - 2.0 * eta2) / (pi2 - 4.0 * eta2);
}

void bd_alp_pions(double mass, const struct bd_alp_low *low, struct bd_alp_pions *pions)
{
    bd_alp_mixing(mass, low, 0, &pions->theta);
    pions->gluon = 2.0 * BD_ALP_F_PI * low->gg;
}

double bd_alp_three_pions(double mass, const struct bd_alp_pions *pions, double s)
{
    const struct bd_alp_mixing *t = &pions->theta;
    const double m2 = mass * mass, pi2 = BD_MASS_PI0 * BD_MASS_PI0, mix = sqrt(2.0) * s_eta + s_etap;
    const double amplitude = ((3.0 * s - m2 - 2.0 * pi2) * t->pi0 - pi2 * contact(t) +
                              rotation(pions) * (sqrt(3.0) * pi2 * mix - 3.0 * s + m2 + 3.0 * pi2)) /
                             3.0;
    return amplitude * amplitude;
}

static double charged_pions(const struct three_body *decay, double s12, double s13)
{
    (void)s13;
    return bd_alp_three_pions(decay->mass, decay->params, s12);
}

static double neutral_pions(const struct three_body *decay, double s12, double s13)
{
    (void)s12;
    (void)s13;
    const struct bd_alp_pions *pions = decay->params;
    const double amplitude =
        BD_MASS_PI0 * BD_MASS_PI0 *
        (pions->theta.pi0 - contact(&pions->theta) + sqrt(3.0) * rotation(pions) * (sqrt(2.0) * s_eta + s_etap));
    return amplitude * amplitude;
}

double bd_alp_pi_pi_pi0(double mass, const struct bd_alp_pions *pions)
{
    return K_THREE_PI / pow(BD_ALP_F_PI, 4) *
           dalitz(&(struct three_body){mass, BD_MASS_PI_CHARGED, BD_MASS_PI0, pions, charged_pions});
}

double bd_alp_three_pi0(double mass, const struct bd_alp_pions *pions)
{
    return K_THREE_PI / (6.0 * pow(BD_ALP_F_PI, 4)) *
           dalitz(&(struct three_body){mass, BD_MASS_PI0, BD_MASS_PI0, pions, neutral_pions});
}

/* Couplings 2 Tr(a X Y) of a -> eta pi pi. */
struct eta_couplings {
    double mixing, sigma, f0, a0, f2;
};

static double complex breit_wigner(double s, double mass, double width)
{
    return 1.0 / (mass * mass - s - I * mass * width);
}

/* Both charges of the a0. */
static double complex a0_amplitude(double m2, double pi2, double eta2, double s13, double s23)
{
    return 0.25 * ((m2 + pi2 - s13) * (s13 - pi2 - eta2) * breit_wigner(s13, 0.98, 0.06) +
                   (m2 + pi2 - s23) * (s23 - pi2 - eta2) * breit_wigner(s23, 0.98, 0.06));
}

double bd_alp_a0_pi(double mass, double s13, double s23)
{
    const double complex amplitude =
        a0_amplitude(mass * mass, BD_MASS_PI_CHARGED * BD_MASS_PI_CHARGED, BD_MASS_ETA * BD_MASS_ETA, s13, s23);
    return creal(amplitude) * creal(amplitude) + cimag(amplitude) * cimag(amplitude);
}

/* Pions 1 and 2, eta 3. */
static double eta_pions(const struct three_body *decay, double s12, double s13)
{
    const struct eta_couplings *c = decay->params;
    const double m2 = decay->mass * decay->mass, pi2 = decay->pion * decay->pion,
                 eta2 = decay->third * decay->third;
    const double s23 = m2 + 2.0 * pi2 + eta2 - s12 - s13;
    const double a_eta = 0.5 * (m2 + eta2 - s12), pions = 0.5 * (s12 - 2.0 * pi2);
    const double eta_q = 0.5 * (s13 - s23), eta_p = 0.5 * (m2 - eta2 - s12), q2 = 4.0 * pi2 - s12;
    double complex sum = c->mixing;
    if (s12 < 4.0 * BD_MASS_K_CHARGED * BD_MASS_K_CHARGED)
        sum -= 100.0 * c->sigma * a_eta * pions * breit_wigner(s12, 0.5, 0.5);
    sum += 7.3 * 7.3 * c->f0 * a_eta * pions * breit_wigner(s12, 0.98, 0.055);
    sum += 169.0 * c->a0 * a0_amplitude(m2, pi2, eta2, s13, s23);
    sum += 256.0 * c->f2 * (eta_q * eta_q - q2 / 3.0 * (eta2 - eta_p * eta_p / s12)) *
           breit_wigner(s12, 1.2755, 0.1867);
    return creal(sum) * creal(sum) + cimag(sum) * cimag(sum);
}

double bd_alp_eta_pi_pi(double mass, const struct bd_alp_matrix *a, int primed, double pion)
{
    /* eta = diag(1, 1, -1)/sqrt6, eta' = diag(1, 1, 2)/(2 sqrt3) */
    const double light = primed ? 0.5 / sqrt(3.0) : 1.0 / sqrt(6.0), strange = primed ? 1.0 / sqrt(3.0) : -light;
    const double ud = a->u + a->d;
    const struct eta_couplings c = {
        .mixing = 3.0 * sqrt(2.0) * light * ud * BD_MASS_PI0 * BD_MASS_PI0 / (3.0 * BD_ALP_F_PI * BD_ALP_F_PI),
        .sigma = 2.0 * (sqrt(5.0) * light * ud + strange * a->s) / sqrt(22.0),
        .f0 = 2.0 * (light * ud - 2.0 * sqrt(2.0) * strange * a->s) / (2.0 * sqrt(5.0)),
        .a0 = 0.5 * ud * (primed ? 1.2 : 1.0),
        .f2 = light * ud};
    const double f = bd_alp_form_factor(mass), eta = primed ? BD_MASS_ETAP : BD_MASS_ETA;
    return f * f * dalitz(&(struct three_body){mass, pion, eta, &c, eta_pions});
}

double bd_alp_gluons(double mass)
{
    const double as = bd_alp_alpha_s(mass);
    return 32.0 * BD_PI * as * as * pow(mass, 3) * (1.0 + 83.0 * as / (4.0 * BD_PI));
}
