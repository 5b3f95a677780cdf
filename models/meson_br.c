#include "models/meson_br.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "src/core/pdg.h"

/* Parameters that belong to the formulas, not to nature. The bottom mass cancels between coupling and amplitude,
 * so it must be the same number in both. */
#define MB 4.18
#define MS 0.0935
#define MD 0.0047
#define MT 173.0                   /* pole mass; the rate goes as its fourth power */
#define CKM_BS (0.03978 * 0.99917) /* |Vts Vtb| */
#define CKM_BD (0.0085 * 0.99917)  /* |Vtd Vtb| */
#define F_BS 0.2303
#define F_B 0.1905
#define K1_MIXING_RAD (-34.0 * BD_PI / 180.0)

static const struct {
    double mass_gev, lifetime_s;
} meson[] = {
    [BD_MESON_B_CHARGED] = {BD_MASS_B_CHARGED, BD_LIFETIME_B_CHARGED_S},
    [BD_MESON_B0] = {BD_MASS_B0, BD_LIFETIME_B0_S},
    [BD_MESON_BS] = {BD_MASS_BS, BD_LIFETIME_BS_S},
    [BD_MESON_K_CHARGED] = {BD_MASS_K_CHARGED, BD_LIFETIME_K_CHARGED_S},
    [BD_MESON_KL] = {BD_MASS_K0, BD_LIFETIME_KL_S},
    [BD_MESON_KS] = {BD_MASS_K0, BD_LIFETIME_KS_S},
};

/* What a form factor may depend on; x = q^2/m_B^2. */
struct kinematics {
    double m_b, m_x, q2, x;
    double root; /* sqrt(lam(m_B, m_X, q)) = 2 m_B p* [GeV^2] */
};

static double root_lambda(double a, double b, double c)
{
    return sqrt(fmax(0.0, (a * a - (b + c) * (b + c)) * (a * a - (b - c) * (b - c))));
}

static double pole(double f, double a, double b, double x)
{
    return f / (1.0 - a * x + b * x * x);
}

static double f0_kaon(const struct kinematics *k)
{
    return 0.33 / (1.0 - k->q2 / 37.46);
}

static double f0_pion(const struct kinematics *k)
{
    return 0.258 / (1.0 - k->q2 / 38.0);
}

static double f_k0_700(const struct kinematics *k)
{
    return pole(0.46, 1.6, 1.35, k->x);
}

static double f_k0_1430(const struct kinematics *k)
{
    return pole(0.17, 4.4, 6.4, k->x);
}

static double a0_kstar_892(const struct kinematics *k)
{
    return 1.364 / (1.0 - k->x) - 0.990 / (1.0 - k->q2 / 36.78);
}

static double a0_excited(const struct kinematics *k, double xi_par, double xi_perp)
{
    const double recoil = 1.0 - 2.0 * k->m_x * k->m_x / (k->m_b * k->m_b + k->m_x * k->m_x - k->q2);
    return (recoil * xi_par + k->m_x / k->m_b * xi_perp) / (1.0 - k->x);
}

static double a0_kstar_1410(const struct kinematics *k)
{
    return a0_excited(k, 0.22, 0.28);
}

static double a0_kstar_1680(const struct kinematics *k)
{
    return a0_excited(k, 0.18, 0.24);
}

/* The axial mesons are mixtures of K1A and K1B. */
static double v_k1a(const struct kinematics *k)
{
    return 1.31 * pole(0.22, 2.4, 1.78, k->x);
}

static double v_k1b(const struct kinematics *k)
{
    return 1.34 * pole(-0.45, 1.34, 0.69, k->x);
}

static double v_k1_1270(const struct kinematics *k)
{
    return (sin(K1_MIXING_RAD) * v_k1a(k) + cos(K1_MIXING_RAD) * v_k1b(k)) / k->m_x;
}

static double v_k1_1400(const struct kinematics *k)
{
    return (cos(K1_MIXING_RAD) * v_k1a(k) - sin(K1_MIXING_RAD) * v_k1b(k)) / k->m_x;
}

static double at_k2_1430(const struct kinematics *k)
{
    return pole(0.23, 1.23, 0.76, k->x) / (1.0 - k->x);
}

/* Amplitudes of the four kinds of X; an axial meson has that of a vector. */
static double to_pseudoscalar(const struct kinematics *k)
{
    return 0.5 * (k->m_b * k->m_b - k->m_x * k->m_x);
}

static double to_scalar(const struct kinematics *k)
{
    return 0.5 * (k->m_b * k->m_b - k->m_x * k->m_x - k->q2);
}

static double to_vector(const struct kinematics *k)
{
    return 0.5 * k->root;
}

static double to_tensor(const struct kinematics *k)
{
    return k->root * k->root / (2.0 * sqrt(6.0) * k->m_b * k->m_x);
}

static const struct state {
    const char *name;
    double mass_charged_gev, mass_neutral_gev;
    double quark_mass_gev; /* (this) * <X| sbar P_R b |B> = spin_factor * form_factor */
    double (*spin_factor)(const struct kinematics *k);
    double (*form_factor)(const struct kinematics *k);
} states[] = {
    {"K", BD_MASS_K_CHARGED, BD_MASS_K0, MB - MS, to_pseudoscalar, f0_kaon},
    {"K0*700", 0.845, 0.845, MB + MS, to_scalar, f_k0_700},
    {"K0*1430", 1.425, 1.425, MB + MS, to_scalar, f_k0_1430},
    {"K*892", 0.89176, 0.89555, MB + MS, to_vector, a0_kstar_892},
    {"K*1410", 1.414, 1.414, MB + MS, to_vector, a0_kstar_1410},
    {"K*1680", 1.718, 1.718, MB + MS, to_vector, a0_kstar_1680},
    {"K1_1270", 1.253, 1.253, MB - MS, to_vector, v_k1_1270},
    {"K1_1400", 1.403, 1.403, MB - MS, to_vector, v_k1_1400},
    {"K2*1430", 1.4273, 1.4324, MB + MS, to_tensor, at_k2_1430},
    {"pi", BD_MASS_PI_CHARGED, BD_MASS_PI0, MB - MD, to_pseudoscalar, f0_pion},
};
#define PION BD_MESON_BR_STRANGE_STATES
static_assert(sizeof states / sizeof states[0] == PION + 1, "nine strange states and the pion");

size_t bd_meson_br_n_state(void)
{
    return sizeof states / sizeof states[0];
}

const char *bd_meson_br_state_name(size_t state)
{
    return states[state].name;
}

int bd_meson_br_state_find(const char *name)
{
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        if (strcmp(states[i].name, name) == 0)
            return (int)i;
    return -1;
}

double bd_meson_br_state_mass(size_t state, enum bd_meson parent)
{
    assert(parent == BD_MESON_B_CHARGED || parent == BD_MESON_B0);
    return parent == BD_MESON_B0 ? states[state].mass_neutral_gev : states[state].mass_charged_gev;
}

/* Coupling of q'_L q_R to S for theta = 1, one loop with W and top: arXiv:1809.01876. */
static double penguin(double quark_mass_gev, double ckm)
{
    return 3.0 * quark_mass_gev * MT * MT * ckm / (16.0 * BD_PI * BD_PI * pow(BD_HIGGS_VEV, 3));
}

static double penguin_to(size_t state)
{
    return penguin(MB, state == PION ? CKM_BD : CKM_BS);
}

/* The same for lambda = 1 and S S from a virtual Higgs boson: C v/m_h^2 [GeV^-1]. */
static double pair_coupling(double penguin_coupling)
{
    return penguin_coupling * BD_HIGGS_VEV / (BD_MASS_HIGGS * BD_MASS_HIGGS);
}

/* Amplitude for a unit coupling [GeV^2], times the quark mass of the state; also the root of lam. */
static double amplitude(size_t state, enum bd_meson parent, double q_gev, double *root)
{
    struct kinematics k = {.m_b = meson[parent].mass_gev, .m_x = bd_meson_br_state_mass(state, parent)};
    k.q2 = q_gev * q_gev;
    k.x = k.q2 / (k.m_b * k.m_b);
    *root = k.root = root_lambda(k.m_b, k.m_x, q_gev);
    return states[state].spin_factor(&k) * states[state].form_factor(&k);
}

static double to_br(enum bd_meson parent, double width_gev)
{
    return width_gev * meson[parent].lifetime_s / BD_HBAR_GEV_S;
}

static double two_body_br(enum bd_meson parent, double amplitude_gev, double root)
{
    const double m = meson[parent].mass_gev;
    return to_br(parent, amplitude_gev * amplitude_gev * root / (16.0 * BD_PI * m * m * m));
}

/* The pi0 is half d dbar. */
static double isospin_factor(size_t state, enum bd_meson parent)
{
    return state == PION && parent == BD_MESON_B0 ? 0.5 : 1.0;
}

static int is_open(size_t state, enum bd_meson parent, double q_gev)
{
    return q_gev < meson[parent].mass_gev - bd_meson_br_state_mass(state, parent);
}

double bd_meson_br_b_scalar(size_t state, enum bd_meson parent, double mass_gev)
{
    if (!is_open(state, parent, mass_gev))
        return 0.0;
    double root;
    const double a = amplitude(state, parent, mass_gev, &root) * penguin_to(state) / states[state].quark_mass_gev;
    return isospin_factor(state, parent) * two_body_br(parent, a, root);
}

double bd_meson_br_b_pseudoscalar(size_t state, enum bd_meson parent, double mass_gev)
{
    assert(state < BD_MESON_BR_STRANGE_STATES);
    if (!is_open(state, parent, mass_gev))
        return 0.0;
    double root;
    const double a = amplitude(state, parent, mass_gev, &root);
    return two_body_br(parent, a, root);
}

double bd_meson_br_b_pair_density(size_t state, enum bd_meson parent, double mass_gev, double q_gev)
{
    if (q_gev <= 2.0 * mass_gev || !is_open(state, parent, q_gev))
        return 0.0;
    double root;
    const double a =
        amplitude(state, parent, q_gev, &root) * pair_coupling(penguin_to(state)) / states[state].quark_mass_gev;
    const double m = meson[parent].mass_gev, r = 2.0 * mass_gev / q_gev;
    const double width = a * a * root * sqrt(1.0 - r * r) / (128.0 * pow(BD_PI * m, 3));
    return isospin_factor(state, parent) * to_br(parent, width);
}

double bd_meson_br_b_pair(size_t state, enum bd_meson parent, double mass_gev)
{
    /* Both ends vanish like a square root. In t, with q^2 = lo + (hi - lo)(1 - cos t)/2, the integrand is smooth
     * and periodic, and the trapezoidal rule (Gauss-Chebyshev of the second kind) converges exponentially. */
    enum { STEPS = 256 };
    const double q_max = meson[parent].mass_gev - bd_meson_br_state_mass(state, parent);
    const double lo = 4.0 * mass_gev * mass_gev, half = 0.5 * (q_max * q_max - lo);
    if (2.0 * mass_gev >= q_max)
        return 0.0;
    double sum = 0.0;
    for (int i = 1; i < STEPS; i++) {
        const double t = BD_PI * i / STEPS;
        sum += bd_meson_br_b_pair_density(state, parent, mass_gev, sqrt(lo + half * (1.0 - cos(t)))) * sin(t);
    }
    return sum * half * BD_PI / STEPS;
}

double bd_meson_br_pair(enum bd_meson parent, double mass_gev)
{
    assert(parent == BD_MESON_BS || parent == BD_MESON_B0);
    const double m = meson[parent].mass_gev, r = 2.0 * mass_gev / m;
    if (r >= 1.0)
        return 0.0;
    const double f = parent == BD_MESON_BS ? F_BS : F_B;
    const double c = pair_coupling(penguin(MB, parent == BD_MESON_BS ? CKM_BS : CKM_BD)) / MB * f;
    return to_br(parent, c * c * m * m * m * sqrt(1.0 - r * r) / (32.0 * BD_PI));
}

double bd_meson_br_b_inclusive(double mass_gev)
{
    const double br_semileptonic = 0.104, phase_space = 0.51, vcb = 0.0405, m_b = 4.75; /* pole mass here */
    const double r = mass_gev / m_b, ckm = CKM_BS / vcb;
    if (r >= 1.0)
        return 0.0;
    return br_semileptonic * 27.0 * sqrt(2.0) * BD_G_FERMI * pow(MT, 4) /
           (64.0 * BD_PI * BD_PI * phase_space * m_b * m_b) * ckm * ckm * pow(1.0 - r * r, 2);
}

double bd_meson_br_kaon_scalar(enum bd_meson parent, double mass_gev)
{
    assert(parent >= BD_MESON_K_CHARGED);
    /* S is CP even: KL -> pi0 S goes with the real part of Vtd Vts*, KS -> pi0 S with the imaginary part. */
    static const double ckm[] = {
        [BD_MESON_K_CHARGED] = 3.381e-4, [BD_MESON_KL] = 3.31e-4, [BD_MESON_KS] = 1.39e-4};
    const double m_k = meson[parent].mass_gev;
    const double m_pi = parent == BD_MESON_K_CHARGED ? BD_MASS_PI_CHARGED : BD_MASS_PI0;
    if (mass_gev >= m_k - m_pi)
        return 0.0;
    const double f0 = 0.96, matrix_element = (m_k * m_k - m_pi * m_pi) / (2.0 * (MS - MD)) * f0;
    return two_body_br(parent, penguin(MS, ckm[parent]) * matrix_element, root_lambda(m_k, m_pi, mass_gev));
}
