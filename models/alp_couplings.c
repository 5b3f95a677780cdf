#include "models/alp_couplings.h"

#include <math.h>

#include "src/core/pdg.h"

/* Parameters that belong to the formulas. */
#define MU 0.00216
#define MD 0.0047
#define MS 0.0935
#define MC 1.273
#define MB 4.183
#define MT 172.57
#define SIN2_W (1.0 - BD_MASS_W * BD_MASS_W / (91.1876 * 91.1876))
#define QUARK_LOOPS_GEV 2.1 /* from here on u, d, s loops in the place of vector mesons, for quark couplings */

/* c_qq at 2 GeV or m_q from one universal coupling at 1 TeV, without the gluon-induced part below m_t. */
static const struct {
    double up, down, top, bottom;
} running = {0.93456, 1.0425, 0.90757, 1.0335}; /* arXiv:2012.12272, one loop; ALPINIST v1.4 */
#define GLUON_INDUCED (-0.0360)                 /* c_qq(2 GeV) from c_GG */
#define FERMION_INDUCED (-0.09)                 /* the same loop from the quarks' own anomaly, below m_t */
#define LEPTON_RUNNING 1.054

void bd_alp_low(const struct bd_model_point *at, struct bd_alp_low *low)
{
    const double *c = at->coupling, gauge = 16.0 * BD_PI * BD_PI;
    const int mode = (int)at->setting[BD_ALP_RUNNING];
    const double qq = c[BD_ALP_QQ];
    *low = (struct bd_alp_low){.gg = gauge * c[BD_ALP_GG],
                               .bb = gauge * c[BD_ALP_BB],
                               .ww = gauge * c[BD_ALP_WW],
                               .u = qq,
                               .d = qq,
                               .s = qq,
                               .c = qq,
                               .b = qq,
                               .t = qq,
                               .lepton = c[BD_ALP_LL]};
    if (mode == BD_ALP_RUNNING_NONE)
        return;
    const double induced = GLUON_INDUCED * low->gg + (mode == BD_ALP_RUNNING_FULL ? FERMION_INDUCED * qq : 0.0);
    low->u = running.up * qq + induced;
    low->d = low->s = running.down * qq + induced;
    low->c = running.up * qq;
    low->b = running.bottom * qq;
    low->t = running.top * qq;
    if (mode == BD_ALP_RUNNING_FULL)
        low->lepton *= LEPTON_RUNNING;
}

struct bd_alp_matrix bd_alp_kappa(void)
{
    const double sum = 1.0 / MU + 1.0 / MD + 1.0 / MS;
    return (struct bd_alp_matrix){1.0 / MU / sum, 1.0 / MD / sum, 1.0 / MS / sum};
}

/* m^2 - m_P^2, kept away from 0. */
static double propagator(double mass, double meson_mass)
{
    if (fabs(mass - meson_mass) < BD_ALP_POLE_WIDTH)
        mass = meson_mass + (mass < meson_mass ? -BD_ALP_POLE_WIDTH : BD_ALP_POLE_WIDTH);
    return (mass - meson_mass) * (mass + meson_mass);
}

void bd_alp_mixing(double mass, const struct bd_alp_low *low, int isospin_breaking, struct bd_alp_mixing *theta)
{
    const struct bd_alp_matrix kappa = bd_alp_kappa();
    const double u = low->u + 2.0 * kappa.u * low->gg, d = low->d + 2.0 * kappa.d * low->gg;
    const double s = low->s + 2.0 * kappa.s * low->gg;
    const double m2 = mass * mass, b0 = BD_MASS_PI0 * BD_MASS_PI0 / (MU + MD);
    const double m_eta = -sqrt(2.0 / 3.0) * 2.0 * low->gg * b0 * MU * MD * MS / (MU * MD + MU * MS + MD * MS);
    const double k_pi = 0.5 * (u - d), k_eta = (u + d - s) / sqrt(6.0),
                 k_etap = (u + d + 2.0 * s) / (2.0 * sqrt(3.0));
    const double p_pi = propagator(mass, BD_MASS_PI0), p_eta = propagator(mass, BD_MASS_ETA);
    const double p_etap = propagator(mass, BD_MASS_ETAP);
    const double pi0 = BD_ALP_F_PI * k_pi * m2 / p_pi, eta = BD_ALP_F_PI * (m_eta + k_eta * m2) / p_eta;
    const double etap = BD_ALP_F_PI * (2.0 * sqrt(2.0) * m_eta + k_etap * m2) / p_etap;
    *theta = (struct bd_alp_mixing){pi0, eta, etap};
    if (!isospin_breaking)
        return;
    const double delta = (MD - MU) / (MD + MU) * BD_MASS_PI0 * BD_MASS_PI0;
    const double mu_eta = -sqrt(2.0 / 3.0) * delta, mu_etap = -delta / sqrt(3.0);
    theta->pi0 += (mu_eta * eta + mu_etap * etap) / p_pi;
    theta->eta += mu_eta * pi0 / p_eta;
    theta->etap += mu_etap * pi0 / p_etap;
}

enum bd_flag bd_alp_pole_flag(double mass)
{
    static const double poles[] = {BD_MASS_PI0, BD_MASS_ETA, BD_MASS_ETAP};
    for (int i = 0; i < 3; i++)
        if (fabs(mass - poles[i]) < BD_ALP_POLE_WIDTH)
            return BD_FLAG_MASKED;
    return BD_FLAG_OK;
}

double bd_alp_form_factor(double m)
{
    if (m <= 1.4)
        return 1.0;
    if (m >= 2.0)
        return pow(1.4 / m, 4);
    return fmin(1.0, ((5.7022 * m - 29.4815) * m + 49.0191) * m - 25.4899);
}

/* d a/d ln mu^2 = -a^2 (b0 + b1 a + b2 a^2 + b3 a^3), a = alpha_s/(4 pi); MSbar, hep-ph/9701390. */
static double beta_function(double a, double n)
{
    const double b0 = 11.0 - 2.0 / 3.0 * n, b1 = 102.0 - 38.0 / 3.0 * n;
    const double b2 = 2857.0 / 2.0 - 5033.0 / 18.0 * n + 325.0 / 54.0 * n * n;
    const double b3 = 29242.96 - 6946.30 * n + 405.089 * n * n + 1.49931 * n * n * n;
    return -a * a * (b0 + a * (b1 + a * (b2 + a * b3)));
}

static double evolve(double a, double from_gev, double to_gev, double n)
{
    enum { STEPS = 40 };
    const double h = 2.0 * log(to_gev / from_gev) / STEPS;
    for (int i = 0; i < STEPS; i++) { /* Runge-Kutta */
        const double k1 = beta_function(a, n), k2 = beta_function(a + 0.5 * h * k1, n);
        const double k3 = beta_function(a + 0.5 * h * k2, n), k4 = beta_function(a + h * k3, n);
        a += h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
    }
    return a;
}

/* Continuous at m_b and m_c: matching changes it by less than 1%. */
double bd_alp_alpha_s(double mass)
{
    double a = evolve(0.118 / (4.0 * BD_PI), 91.1876, fmax(mass, MB), 5.0);
    if (mass < MB)
        a = evolve(a, MB, fmax(mass, MC), 4.0);
    if (mass < MC)
        a = evolve(a, MC, mass, 3.0);
    return 4.0 * BD_PI * a;
}

double bd_alp_alpha_tilde(double m)
{
    if (m <= 1.0)
        return 1.0;
    if (m >= 1.5)
        return bd_alp_alpha_s(m);
    return 1.0 + (m - 1.0) / 0.5 * (bd_alp_alpha_s(1.5) - 1.0);
}

void bd_alp_matrix(const struct bd_alp_mixing *theta, struct bd_alp_matrix *a)
{
    const double pi0 = 0.5 * theta->pi0, eta = theta->eta / sqrt(6.0), etap = theta->etap / (2.0 * sqrt(3.0));
    *a = (struct bd_alp_matrix){pi0 + eta + etap, -pi0 + eta + etap, -eta + 2.0 * etap};
}

static void hadronic(const struct bd_model_point *at, const struct bd_alp_low *low, struct bd_alp_matrix *a)
{
    struct bd_alp_mixing theta;
    bd_alp_mixing(at->mass_gev, low, at->setting[BD_ALP_ISOSPIN] != 0.0, &theta);
    bd_alp_matrix(&theta, a);
    if (at->setting[BD_ALP_ROTATION] !=
        0.0) { /* invariant under rotations of the quark fields: arXiv:2506.15637 */
        const struct bd_alp_matrix kappa = bd_alp_kappa();
        const double shift = BD_ALP_F_PI * low->gg;
        a->u -= shift * kappa.u;
        a->d -= shift * kappa.d;
        a->s -= shift * kappa.s;
    }
    const double factor = at->setting[BD_ALP_ALPHA_TILDE] != 0.0 ? bd_alp_alpha_tilde(at->mass_gev) : 1.0;
    a->u *= factor;
    a->d *= factor;
    a->s *= factor;
}

void bd_alp_hadronic(const struct bd_model_point *at, struct bd_alp_matrix *a)
{
    struct bd_alp_low low;
    bd_alp_low(at, &low);
    hadronic(at, &low, a);
}

/* f(t) of arXiv:1708.00443 Eq. (12), squared; t = 4 M^2/m^2. */
static double complex loop_f2(double t)
{
    if (t >= 1.0) {
        const double angle = asin(1.0 / sqrt(t));
        return angle * angle;
    }
    const double root = sqrt(1.0 - t);
    const double complex f = 0.5 * BD_PI + 0.5 * I * log((1.0 + root) * (1.0 + root) / t);
    return f * f;
}

static double complex fermion_loop(double mass, double fermion_mass)
{
    const double t = 4.0 * fermion_mass * fermion_mass / (mass * mass);
    if (t > 1e3) /* the closed form cancels */
        return -1.0 / (3.0 * t) - 8.0 / (45.0 * t * t);
    return 1.0 - t * loop_f2(t);
}

static double complex w_loop(double mass)
{
    const double t = 4.0 * BD_MASS_W * BD_MASS_W / (mass * mass);
    if (t > 1e3)
        return 2.0 / (3.0 * t) + 7.0 / (45.0 * t * t);
    return 1.0 - (t - 1.0) * loop_f2(t);
}

double complex bd_alp_photon(const struct bd_model_point *at)
{
    const double m = at->mass_gev;
    struct bd_alp_low low, mixed;
    bd_alp_low(at, &low);
    double complex c = low.bb + low.ww;
    c += low.lepton *
         (fermion_loop(m, BD_MASS_ELECTRON) + fermion_loop(m, BD_MASS_MUON) + fermion_loop(m, BD_MASS_TAU));
    c += 4.0 / 3.0 * (low.c * fermion_loop(m, MC) + low.t * fermion_loop(m, MT)) +
         low.b / 3.0 * fermion_loop(m, MB);
    c += 2.0 * BD_ALPHA_EM / BD_PI * low.ww / SIN2_W * w_loop(m);
    const int rotated = at->setting[BD_ALP_ROTATION] != 0.0;
    if (m < BD_MASS_ETAP && !rotated) /* the rotation contains it */
        c += at->setting[BD_ALP_C_CHI] * low.gg;
    mixed = low;
    if (m >= QUARK_LOOPS_GEV) {
        c += 4.0 / 3.0 * low.u * fermion_loop(m, MU) +
             (low.d * fermion_loop(m, MD) + low.s * fermion_loop(m, MS)) / 3.0;
        mixed.u = mixed.d = mixed.s = 0.0;
    }
    struct bd_alp_matrix a;
    hadronic(at, &mixed, &a);
    /* 3 Tr(a rho rho) + Tr(a omega omega)/3 + (2/3) Tr(a phi phi) + 2 Tr(a rho omega) = 3 Tr(a Q^2) */
    return c + 2.0 * bd_alp_form_factor(m) * (4.0 * a.u + a.d + a.s) / (3.0 * BD_ALP_F_PI);
}
