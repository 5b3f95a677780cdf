#include "models/dark_photon_br.h"

#include <math.h>

#include "src/core/pdg.h"

#define BR_KL_GAMMAGAMMA 5.47e-4

static double square(double x)
{
    return x * x;
}

static double pole_squared(double mass_gev, double inverse_lambda2)
{
    return 1.0 / square(1.0 - mass_gev * mass_gev * inverse_lambda2);
}

/* Slope of the pi0: PDG average. */
static double form_factor_pi0(double mass_gev)
{
    return square(1.0 + 0.0335 * square(mass_gev / BD_MASS_PI0));
}

/* NA60, arXiv:1608.07898. */
static double form_factor_eta(double mass_gev)
{
    return pole_squared(mass_gev, 1.934);
}

static double form_factor_omega_pi0(double mass_gev)
{
    return pole_squared(mass_gev, 2.223);
}

/* BESIII, arXiv:1504.06016. */
static double form_factor_etap(double mass_gev)
{
    const double l2 = 0.79 * 0.79, g2 = 0.13 * 0.13;
    return l2 * (l2 + g2) / (square(l2 - mass_gev * mass_gev) + l2 * g2);
}

/* KLOE-2, arXiv:1409.4582. */
static double form_factor_phi_eta(double mass_gev)
{
    return pole_squared(mass_gev, 1.17);
}

static const struct bd_dark_photon_br_decay decays[] = {
    {"pi0", "gamma", BD_MASS_PI0, 0.0, BD_BR_PI0_GAMMAGAMMA, form_factor_pi0},
    {"eta", "gamma", BD_MASS_ETA, 0.0, BD_BR_ETA_GAMMAGAMMA, form_factor_eta},
    {"etap", "gamma", BD_MASS_ETAP, 0.0, BD_BR_ETAP_GAMMAGAMMA, form_factor_etap},
    {"rho0", "pi0", BD_MASS_RHO, BD_MASS_PI0, 4.7e-4, NULL},
    {"rho0", "eta", BD_MASS_RHO, BD_MASS_ETA, 3.0e-4, NULL},
    {"rho+-", "pi+-", BD_MASS_RHO_CHARGED, BD_MASS_PI_CHARGED, 4.5e-4, NULL},
    {"omega", "pi0", BD_MASS_OMEGA, BD_MASS_PI0, 0.0835, form_factor_omega_pi0},
    {"omega", "eta", BD_MASS_OMEGA, BD_MASS_ETA, 4.5e-4, NULL},
    {"phi", "eta", BD_MASS_PHI, BD_MASS_ETA, 0.01301, form_factor_phi_eta},
    {"phi", "pi0", BD_MASS_PHI, BD_MASS_PI0, 1.32e-3, NULL},
};

const struct bd_dark_photon_br_decay *bd_dark_photon_br_at(size_t i)
{
    return i < sizeof decays / sizeof decays[0] ? &decays[i] : NULL;
}

static double kallen(double a, double b, double c)
{
    return square(a - b - c) - 4.0 * b * c;
}

double bd_dark_photon_br(const struct bd_dark_photon_br_decay *decay, double mass_gev, unsigned options)
{
    const double m2 = square(mass_gev), parent2 = square(decay->parent_mass_gev),
                 recoil2 = square(decay->recoil_mass_gev);
    if (mass_gev + decay->recoil_mass_gev >= decay->parent_mass_gev)
        return 0.0;
    const double f2 = (options & BD_DARK_PHOTON_BR_POLE) != 0 && decay->form_factor_squared != NULL
                          ? decay->form_factor_squared(mass_gev)
                          : 1.0;
    if (recoil2 <= 0.0) /* a photon: two of them */
        return 2.0 * decay->br_photon * pow(1.0 - m2 / parent2, 3) * f2;
    const double lambda = kallen(parent2, recoil2, m2);
    if ((options & BD_DARK_PHOTON_BR_LITERATURE) != 0)
        return decay->br_photon * square(parent2 - m2 - recoil2) * sqrt(lambda) / pow(parent2 - m2, 3) * f2;
    return decay->br_photon * pow(lambda, 1.5) / pow(parent2 - recoil2, 3) * f2;
}

/* ---- kaons ---- */

#define R2 (BD_MASS_PI_CHARGED * BD_MASS_PI_CHARGED / (BD_MASS_K_CHARGED * BD_MASS_K_CHARGED))

/* Loop of two pions, x = m^2/m_pi^2. */
static double complex pion_loop(double x)
{
    if (x <= 4.0)
        return sqrt(4.0 / x - 1.0) * asin(0.5 * sqrt(x));
    const double root = sqrt(1.0 - 4.0 / x);
    return -0.5 * root * (log((1.0 - root) / (1.0 + root)) + I * BD_PI);
}

double complex bd_dark_photon_br_kaon_chi(double z)
{
    const double x = z / R2;
    if (x < 0.02) /* the closed form cancels */
        return x / 60.0 + x * x / 840.0;
    return 4.0 / 9.0 - 4.0 / (3.0 * x) - (1.0 - 4.0 / x) / 3.0 * pion_loop(x);
}

double complex bd_dark_photon_br_kaon_w(double z)
{
    const double a = -0.575, b = -0.722, alpha = -20.84e-8, beta = -2.88e-8, z0 = 1.0 / 3.0 + R2;
    const double mk2 = square(BD_MASS_K_CHARGED), vector = 1.0 + z * mk2 / square(BD_MASS_RHO);
    return BD_G_FERMI * mk2 * (a + b * z) +
           (alpha + beta * (z - z0) / R2) / R2 * vector * bd_dark_photon_br_kaon_chi(z);
}

double bd_dark_photon_br_k_charged(double mass_gev)
{
    const double mk = BD_MASS_K_CHARGED, mk2 = mk * mk, width = BD_HBAR_GEV_S / BD_LIFETIME_K_CHARGED_S;
    if (mass_gev + BD_MASS_PI_CHARGED >= mk)
        return 0.0;
    const double root = sqrt(kallen(mk2, square(BD_MASS_PI_CHARGED), square(mass_gev)));
    const double complex w = bd_dark_photon_br_kaon_w(square(mass_gev) / mk2);
    const double w2 = square(creal(w)) + square(cimag(w)), charge2 = 4.0 * BD_PI * BD_ALPHA_EM;
    const double amplitude2 = charge2 * w2 * square(mass_gev * root / (16.0 * BD_PI * BD_PI * mk2));
    return root / (2.0 * mk) * amplitude2 / (8.0 * BD_PI * width * mk2);
}

double bd_dark_photon_br_kl(double mass_gev)
{
    const double x = square(mass_gev / BD_MASS_K0);
    return x < 1.0 ? 2.0 * BR_KL_GAMMAGAMMA * pow(1.0 - x, 3) : 0.0;
}
