#include "models/alp_flavour.h"

#include <assert.h>
#include <gsl/gsl_integration.h>
#include <math.h>

#include "src/core/pdg.h"

/* Parameters that belong to the formulas. */
#define CKM_BS 0.039747 /* |Vtb Vts| */
#define CKM_SD 3.381e-4 /* |Vts Vtd| */
#define CKM_SD_SINE 0.4 /* |Im|/modulus of Vts^* Vtd */
#define MT 172.57
#define ALPHA_S_MT 0.110 /* one loop, six flavours, from here to Lambda */
#define ALPHA_2_MT 0.0337
#define ALPHA_1_MT 0.0102 /* g'^2/(4 pi) */
#define ALPHA_EM_MZ (1.0 / 127.9)
#define EPSILON_K 2.228e-3
#define EPSILON_K_PHASE 0.7596 /* 43.52 degrees */
#define TWO_LOOP_GG 1.497e-6   /* |g_bs| over c_GG/f, arXiv:2102.04474 at Lambda = 1 TeV: 2.364e-4/(16 pi^2) */

/* ALPINIST v1.4 with the renormalisation group of arXiv:2110.10698 at Lambda = 1 TeV. The universal coupling of
 * all fermions, 8.851e-3, is c_qq + c_ll; leptons only act through (3/4) c_WW and (9/4) c_BB. */
static const struct bd_alp_penguin at_1_tev = {
    .gg = -1.324e-5, .ww = -2.858e-5, .bb = -2.6e-8, .qq = 8.851e-3 + 2.149e-5, .ll = -2.149e-5};

static double one_loop(double alpha, double b, double mu) /* d alpha/d ln mu = b alpha^2/(2 pi) */
{
    return alpha / (1.0 - b * alpha / (2.0 * BD_PI) * log(mu / MT));
}

struct evolution {
    double lambda, ratio_mt; /* alpha_t/alpha_s at m_t */
};

static double alpha_s(double mu)
{
    return one_loop(ALPHA_S_MT, -7.0, mu);
}

/* alpha_t/alpha_s at mu: exact one-loop solution with QCD and y_t. */
static double ratio(const struct evolution *run, double mu)
{
    const double d = 4.5 * run->ratio_mt * (1.0 - pow(alpha_s(mu) / ALPHA_S_MT, 1.0 / 7.0));
    return (1.0 - (1.0 - 4.5 * run->ratio_mt) / (1.0 - d)) / 4.5;
}

/* D(from, to): c_tt(from) = c_tt(to) (1 - D). */
static double damping(const struct evolution *run, double from, double to)
{
    return 4.5 * ratio(run, from) * (1.0 - pow(alpha_s(to) / alpha_s(from), 1.0 / 7.0));
}

/* Anomalies with the fermions in them. */
struct tilde {
    double gg, ww, bb, tt;
};

static double source_term(const struct evolution *run, const struct tilde *c, double mu)
{
    const double as = alpha_s(mu), a2 = one_loop(ALPHA_2_MT, -19.0 / 6.0, mu),
                 a1 = one_loop(ALPHA_1_MT, 41.0 / 6.0, mu);
    const double d = damping(run, mu, run->lambda) * c->tt, pi2 = BD_PI * BD_PI;
    return 2.0 * as * as / pi2 * (c->gg - 2.0 / 9.0 * d) + 9.0 * a2 * a2 / (16.0 * pi2) * (c->ww - d / 6.0) +
           17.0 * a1 * a1 / (48.0 * pi2) * (c->bb - 17.0 / 54.0 * d);
}

/* arXiv:2012.12272 Eqs. (3.16) ff. and (4.12) ff., top Yukawa coupling only. */
static double penguin_of(const struct evolution *run, double y_top, const struct tilde *c)
{
    enum { NODES = 32 };
    double integral_d = 0.0, integral = 0.0;
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(NODES); /* 32 is precomputed */
    for (size_t i = 0; table != NULL && i < NODES; i++) {
        double ln_mu, weight;
        (void)gsl_integration_glfixed_point(log(MT), log(run->lambda), i, &ln_mu, &weight, table);
        const double d = damping(run, MT, exp(ln_mu)), y = source_term(run, c, exp(ln_mu));
        integral_d += weight * d * y;
        integral += weight * (1.0 - d) * y;
    }
    if (table != NULL)
        gsl_integration_glfixed_table_free(table);
    const double d = damping(run, MT, run->lambda);
    const double i_t = -2.0 / 3.0 * d * c->tt + 2.0 / 3.0 * integral_d;
    const double c_tt = c->tt * (1.0 - d) - integral;
    const double x = MT * MT / (BD_MASS_W * BD_MASS_W), y2 = (1.0 - x) * (1.0 - x);
    const double sin2_w = 1.0 - BD_MASS_W * BD_MASS_W / (91.1876 * 91.1876);
    const double matching = c_tt * (-0.25 - 1.5 * (1.0 - x + log(x)) / y2) -
                            3.0 * ALPHA_EM_MZ / (2.0 * BD_PI * sin2_w) * c->ww * (1.0 - x + x * log(x)) / y2;
    return -i_t / 6.0 + y_top * y_top / (16.0 * BD_PI * BD_PI) * matching;
}

void bd_alp_penguin_at(double lambda_gev, double y_top, struct bd_alp_penguin *penguin)
{
    const struct evolution run = {lambda_gev, y_top * y_top / (4.0 * BD_PI) / ALPHA_S_MT};
    penguin->gg = penguin_of(&run, y_top, &(struct tilde){.gg = 1.0});
    penguin->ww = penguin_of(&run, y_top, &(struct tilde){.ww = 1.0});
    penguin->bb = penguin_of(&run, y_top, &(struct tilde){.bb = 1.0});
    /* Axial couplings: half to the right-handed, half with the other sign to the left-handed fields. */
    penguin->qq = penguin_of(&run, y_top, &(struct tilde){3.0, 2.25, 2.75, 1.0});
    penguin->ll = penguin_of(&run, y_top, &(struct tilde){.ww = 0.75, .bb = 2.25});
}

/* Sum over couplings of penguin * c/f [1/GeV], without the CKM elements. */
static double penguin_sum(const struct bd_model_point *at)
{
    struct bd_alp_penguin p = at_1_tev;
    const int choice = (int)at->setting[BD_ALP_GBS];
    if (choice == BD_ALP_GBS_TWO_LOOP)
        p.gg = -TWO_LOOP_GG / CKM_BS;
    else if (choice == BD_ALP_GBS_FORMULA)
        bd_alp_penguin_at(at->setting[BD_ALP_LAMBDA], at->setting[BD_ALP_YUKAWA_TOP], &p);
    const double gauge = 16.0 * BD_PI * BD_PI, *c = at->coupling;
    return gauge * (p.gg * c[BD_ALP_GG] + p.ww * c[BD_ALP_WW] + p.bb * c[BD_ALP_BB]) + p.qq * c[BD_ALP_QQ] +
           p.ll * c[BD_ALP_LL];
}

double bd_alp_g_bs(const struct bd_model_point *at)
{
    return CKM_BS * penguin_sum(at);
}

/* ---- kaons ---- */

struct kaon {
    double mass, pion, lifetime_s;
};

static double octet_common(const struct bd_alp_low *c, double mk2, double mpi2, double ma2)
{
    const double d0 = 4.0 * mk2 - mpi2 - 3.0 * ma2;
    return 16.0 * c->gg * (mk2 - mpi2) * (mk2 - ma2) / d0;
}

static double octet_flavour(const struct bd_alp_low *c, double mk2, double mpi2, double ma2)
{
    return (c->u + c->d - 2.0 * c->s) * ma2 * (mk2 - ma2) / (4.0 * mk2 - mpi2 - 3.0 * ma2);
}

/* Octet amplitude times 4/N8 of K+ -> pi+ a. [k_d + k_D]_11 - [..]_22 = c_u.. differences of left-handed couplings
 * vanish for couplings that are the same for all quarks. */
static double octet_charged(const struct bd_alp_low *c, double mk2, double mpi2, double ma2)
{
    return octet_common(c, mk2, mpi2, ma2) + 6.0 * octet_flavour(c, mk2, mpi2, ma2) +
           (2.0 * c->u + c->d + c->s) * (mk2 - mpi2 - ma2) + 4.0 * c->s * ma2;
}

/* The same of KS -> pi0 a; the pole at m_pi0 is kept away from 0. */
static double octet_neutral(const struct bd_alp_low *c, double mk2, double mpi2, double mass)
{
    const double ma2 = mass * mass, edge = 2.0 * BD_MASS_PI0 * BD_ALP_POLE_WIDTH;
    double pole = mpi2 - ma2;
    if (fabs(pole) < edge)
        pole = pole < 0.0 ? -edge : edge;
    return octet_common(c, mk2, mpi2, ma2) - 2.0 * octet_flavour(c, mk2, mpi2, ma2) +
           (3.0 * c->d + c->s) * (mk2 - mpi2) + (2.0 * c->u - c->d - c->s) * ma2 -
           2.0 * (c->u - c->d) * ma2 * (mk2 - ma2) / pole;
}

double bd_alp_kaon_br(const struct bd_model_point *at, enum bd_meson parent)
{
    assert(parent == BD_MESON_K_CHARGED || parent == BD_MESON_KL);
    const struct kaon kaon = parent == BD_MESON_K_CHARGED
                                 ? (struct kaon){BD_MASS_K_CHARGED, BD_MASS_PI_CHARGED, BD_LIFETIME_K_CHARGED_S}
                                 : (struct kaon){BD_MASS_K0, BD_MASS_PI0, BD_LIFETIME_KL_S};
    const double m = at->mass_gev, mk2 = kaon.mass * kaon.mass, mpi2 = kaon.pion * kaon.pion;
    if (m >= kaon.mass - kaon.pion)
        return 0.0;
    struct bd_alp_low c;
    bd_alp_low(at, &c);
    const double k_12 = CKM_SD * penguin_sum(at), n8 = at->setting[BD_ALP_KAON_OCTET];
    const double complex phase = cexp(I * at->setting[BD_ALP_KAON_PHASE]);
    double complex amplitude;
    if (parent == BD_MESON_K_CHARGED) {
        amplitude = n8 / 4.0 * octet_charged(&c, mk2, mpi2, m * m) - 0.5 * (mk2 - mpi2) * k_12 * phase;
    } else { /* CP: the imaginary part of k_12, and the KS in the KL */
        const double real = sqrt(1.0 - CKM_SD_SINE * CKM_SD_SINE);
        const double complex ks =
            -n8 / 4.0 * octet_neutral(&c, mk2, mpi2, m) + 0.5 * (mk2 - mpi2) * k_12 * real * phase;
        amplitude = 0.5 * (mk2 - mpi2) * I * CKM_SD_SINE * k_12 + EPSILON_K * cexp(I * EPSILON_K_PHASE) * ks;
    }
    const double sum = kaon.mass * kaon.mass,
                 lambda = (sum - pow(kaon.pion + m, 2)) * (sum - pow(kaon.pion - m, 2));
    const double modulus = cabs(amplitude);
    return modulus * modulus * sqrt(fmax(lambda, 0.0)) / (16.0 * BD_PI * pow(kaon.mass, 3)) * kaon.lifetime_s /
           BD_HBAR_GEV_S;
}
