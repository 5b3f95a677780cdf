#include "models/hadron_current.h"

#include <math.h>
#include <stddef.h>

#include "models/propagator.h"
#include "src/core/pdg.h"

static double modulus_squared(double complex z)
{
    return creal(z) * creal(z) + cimag(z) * cimag(z);
}

static double complex polar(double modulus, double phase)
{
    return modulus * (cos(phase) + I * sin(phase));
}

/* Two pseudoscalars of equal mass with form factor F. */
static double pair_ratio(double s, double mass_gev, double complex form_factor)
{
    const double beta2 = 1.0 - 4.0 * mass_gev * mass_gev / s;
    return 0.25 * beta2 * sqrt(beta2) * modulus_squared(form_factor);
}

/* ---- pi+ pi- ---- */

double bd_hadron_current_two_pi(double mass_gev)
{
    static const struct {
        double mass, width, modulus, phase;
    } rho[] = {{1.493, 0.427, 0.158, 3.76}, {1.861, 0.316, 0.068, 1.39}, {2.254, 0.109, 0.0051, 0.70}};
    const double s = mass_gev * mass_gev;
    if (mass_gev <= 2.0 * BD_MASS_PI_CHARGED)
        return 0.0;
    const double complex mixing = polar(1.644e-3, -0.011); /* of rho and omega */
    double complex sum = bd_propagator_gounaris_sakurai(s, 0.77502, 0.14959) *
                         (1.0 + mixing * bd_propagator_fixed(s, 0.78191, 0.00813)) / (1.0 + mixing);
    double complex norm = 1.0;
    for (size_t i = 0; i < sizeof rho / sizeof rho[0]; i++) {
        const double complex c = polar(rho[i].modulus, rho[i].phase);
        sum += c * bd_propagator_gounaris_sakurai(s, rho[i].mass, rho[i].width);
        norm += c;
    }
    return pair_ratio(s, BD_MASS_PI_CHARGED, sum / norm);
}

/* Couplings of the dual resonance model, c_n = Gamma(b - 1/2) sin(pi (b - 1)) Gamma(2 - b + n) /
 * (pi^(3/2) (n + 1/2) n!); those of n = 1 to 5 are shared out by the fit, their sum is kept. */
double bd_hadron_current_two_pi_tower(double mass_gev)
{
    enum { n_fit = 6, n_term = 2000 };
    static const struct {
        double mass, width, modulus, phase;
    } rho[n_fit] = {{0.77337, 0.1471, 1.0, 0.0}, {1.490, 0.429, 1.0, 0.0},   {1.870, 0.357, 0.59, -2.20},
                    {2.120, 0.300, 0.048, -2.0}, {2.321, 0.444, 0.40, -2.9}, {2.567, 0.491, 0.43, 1.19}};
    const double b = 2.148, s = mass_gev * mass_gev;
    if (mass_gev <= 2.0 * BD_MASS_PI_CHARGED)
        return 0.0;
    const double complex mixing = polar(18.7e-4, 0.106);
    double complex sum = 0.0, fit_sum = 0.0, fit_norm = 0.0;
    double share = 0.0;                   /* of n = 1 to 5 */
    double gamma_ratio = tgamma(2.0 - b); /* Gamma(2 - b + n)/n! */
    for (int n = 0; n < n_term; n++) {
        if (n > 0)
            gamma_ratio *= (1.0 - b + n) / n;
        const double c = tgamma(b - 0.5) * sin(BD_PI * (b - 1.0)) * gamma_ratio / (pow(BD_PI, 1.5) * (n + 0.5));
        const double mass = n < n_fit ? rho[n].mass : rho[0].mass * sqrt(1.0 + 2.0 * n);
        const double width = n < n_fit ? rho[n].width : rho[0].width / rho[0].mass * mass;
        const double complex propagator = bd_propagator_gounaris_sakurai(s, mass, width);
        if (n == 0) {
            sum += c * propagator * (1.0 + mixing * bd_propagator_fixed(s, 0.7824, 0.00833)) / (1.0 + mixing);
        } else if (n < n_fit) {
            const double complex weight = polar(rho[n].modulus, rho[n].phase);
            fit_sum += weight * propagator;
            fit_norm += weight;
            share += c;
        } else {
            sum += c * propagator;
        }
    }
    return pair_ratio(s, BD_MASS_PI_CHARGED, sum + share * fit_sum / fit_norm);
}

/* ---- K K ---- */

static const struct kk_term {
    double a, rho_mass, rho_width, b, omega_mass, omega_width, c, phi_mass, phi_width;
} kk_terms[] = {
    {1.114892, 0.77549, 0.1494, 1.365323, 0.78265, 0.00849, 0.965842, 1.019421, 0.0042527},
    {-0.050375, 1.5207, 0.21342, -0.027752, 1.41443, 0.08544, -0.002380, 1.59476, 0.02874},
    {-0.014909, 1.74097, 0.08412, -0.324972, 1.65538, 0.16032, -0.195621, 2.15697, 0.67376},
    {-0.039025, 1.99228, 0.28997, 1.399315, 2.0707, 1.0353, 0.165278, 2.6971, 0.5394},
    {-0.038341, 2.3265, 0.4482, -1.404363, 2.3479, 1.1740, 0.060505, 3.0583, 0.6117},
    {0.037490, 2.5720, 0.4955, -0.002190, 2.5958, 1.2979, 0.001077, 3.3810, 0.6762},
    {-0.009732, 2.7961, 0.5387, -0.005362, 2.8219, 1.4109, 0.005299, 3.6756, 0.7351}, /* n >= 6 */
};

static double kk_ratio(double mass_gev, double kaon_mass_gev, double isospin_sign, double phi_factor)
{
    const double s = mass_gev * mass_gev;
    if (mass_gev <= 2.0 * kaon_mass_gev)
        return 0.0;
    double complex sum = 0.0;
    for (size_t n = 0; n < sizeof kk_terms / sizeof kk_terms[0]; n++) {
        const struct kk_term *t = &kk_terms[n];
        sum += isospin_sign / 2.0 * t->a * bd_propagator_gounaris_sakurai(s, t->rho_mass, t->rho_width) +
               t->b / 6.0 * bd_propagator_fixed(s, t->omega_mass, t->omega_width) +
               t->c / 3.0 * (n == 0 ? phi_factor : 1.0) *
                   bd_propagator_p_wave(s, t->phi_mass, t->phi_width, kaon_mass_gev, kaon_mass_gev);
    }
    return pair_ratio(s, kaon_mass_gev, sum);
}

double bd_hadron_current_kk_charged(double mass_gev)
{
    return kk_ratio(mass_gev, BD_MASS_K_CHARGED, 1.0, 1.0);
}

double bd_hadron_current_kk_neutral(double mass_gev)
{
    return kk_ratio(mass_gev, BD_MASS_K0, -1.0, 1.055);
}

/* ---- pseudoscalar and photon, omega and pi0 ---- */

struct term {
    double amplitude, phase_deg, mass, width;
};

/* Sum of A M^2 e^(i phi)/(M^2 - s - i sqrt(s) G); the first is the rho, whose width at s is given. */
static double complex term_sum(const struct term *term, size_t n, double s, double rho_width)
{
    double complex sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        const double m2 = term[i].mass * term[i].mass;
        sum += polar(term[i].amplitude, term[i].phase_deg * BD_PI / 180.0) * m2 /
               (m2 - s - I * sqrt(s) * (i == 0 ? rho_width : term[i].width));
    }
    return sum;
}

static double rho_width_at(const struct term *rho, double s)
{
    const double threshold = 4.0 * BD_MASS_PI_CHARGED * BD_MASS_PI_CHARGED, m2 = rho->mass * rho->mass;
    return s > threshold ? rho->width * m2 / s * pow((s - threshold) / (m2 - threshold), 1.5) : 0.0;
}

static double photon_ratio(const struct term *term, size_t n, double mass_gev, double meson_mass_gev)
{
    if (mass_gev <= meson_mass_gev)
        return 0.0;
    const double s = mass_gev * mass_gev, p = (s - meson_mass_gev * meson_mass_gev) / (2.0 * mass_gev);
    return p * p * p / mass_gev * modulus_squared(term_sum(term, n, s, rho_width_at(term, s)));
}

double bd_hadron_current_pi0_gamma(double mass_gev)
{
    static const struct term term[] = {{0.0426, -12.7, 0.77526, 0.1491},
                                       {0.0434, 0.0, 0.78284, 0.00868},
                                       {0.00303, 158.0, 1.01952, 0.00421},
                                       {0.00523, 180.0, 1.45, 0.40}};
    return photon_ratio(term, sizeof term / sizeof term[0], mass_gev, BD_MASS_PI0);
}

double bd_hadron_current_eta_gamma(double mass_gev)
{
    static const struct term term[] = {{0.0861, 0.0, 0.77526, 0.1491},
                                       {0.00824, 11.3, 0.78284, 0.00868},
                                       {0.0158, 170.0, 1.01952, 0.00421},
                                       {0.0147, 61.0, 1.465, 0.40}};
    return photon_ratio(term, sizeof term / sizeof term[0], mass_gev, BD_MASS_ETA);
}

double bd_hadron_current_omega_pi0(double mass_gev)
{
    static const struct term term[] = {
        {1.0, 0.0, 0.77526, 0.1491}, {0.175, 124.0, 1.510, 0.44}, {0.014, -63.0, 1.720, 0.25}};
    const double coupling = 15.9, f_rho = 5.06325; /* g_rho-omega-pi [1/GeV], rho-photon coupling */
    const double sum = BD_MASS_OMEGA + BD_MASS_PI0, difference = BD_MASS_OMEGA - BD_MASS_PI0;
    if (mass_gev <= sum)
        return 0.0;
    const double s = mass_gev * mass_gev;
    const double p = sqrt((s - sum * sum) * (s - difference * difference)) / (2.0 * mass_gev), p3 = p * p * p;
    const double rho_width = rho_width_at(term, s) + coupling * coupling * p3 / (12.0 * BD_PI);
    const double complex f = coupling / f_rho * term_sum(term, sizeof term / sizeof term[0], s, rho_width);
    return p3 / mass_gev * modulus_squared(f);
}
