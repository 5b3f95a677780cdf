/* models/alp_couplings.h - an axion-like particle at low energies: mixing with mesons, effective photon coupling.
 *
 *   L = (a/Lambda) (g_s^2 C_GG G Gdual + g^2 C_WW W Wdual + g'^2 C_BB B Bdual)
 *       + sum_f (C_ff/2 Lambda) d_mu a fbar gamma^mu gamma5 f                         (arXiv:2201.05170, 1/GeV)
 *
 * with all couplings at Lambda = 1 TeV, C_ff = C_qq for quarks and C_ll for leptons. Inside, as in
 * arXiv:2012.12272: c_VV/f = 16 pi^2 C_VV/Lambda, c_ff/f = C_ff/Lambda. Amplitudes are linear in the couplings.
 * Units: GeV. */
#ifndef BD_MODELS_ALP_COUPLINGS_H
#define BD_MODELS_ALP_COUPLINGS_H

#include <complex.h>

#include "models/model.h"

/* Order of the couplings and of the settings of the model. */
enum { BD_ALP_GG, BD_ALP_BB, BD_ALP_WW, BD_ALP_QQ, BD_ALP_LL, BD_ALP_COUPLINGS };
enum {
    BD_ALP_WIDTHS,
    BD_ALP_RUNNING,
    BD_ALP_ISOSPIN,
    BD_ALP_C_CHI,
    BD_ALP_ALPHA_TILDE,
    BD_ALP_ROTATION,
    BD_ALP_GBS,
    BD_ALP_LAMBDA,
    BD_ALP_YUKAWA_TOP,
    BD_ALP_KAON_OCTET,
    BD_ALP_KAON_PHASE
};
enum { BD_ALP_RUNNING_LOW, BD_ALP_RUNNING_NONE, BD_ALP_RUNNING_FULL };

#define BD_ALP_F_PI 0.093       /* the 92-93 MeV normalisation, in the mixing angles */
#define BD_ALP_POLE_WIDTH 0.002 /* mixing angles mean nothing closer to a meson mass than this [GeV] */

/* Couplings over f at low scales [1/GeV]; quarks at 2 GeV or their mass. */
struct bd_alp_low {
    double gg, bb, ww;
    double u, d, s, c, b, t, lepton;
};
void bd_alp_low(const struct bd_model_point *at, struct bd_alp_low *low);

/* Mixing angles with pi0, eta, eta', first order in 1/f, isospin breaking as the setting says, without F(m).
 * arXiv:1811.03474 supplement. Within BD_ALP_POLE_WIDTH of a pole: finite, the propagator of the edge. */
struct bd_alp_mixing {
    double pi0, eta, etap;
};
void bd_alp_mixing(double mass_gev, const struct bd_alp_low *low, int isospin_breaking,
                   struct bd_alp_mixing *theta);

/* BD_FLAG_MASKED within BD_ALP_POLE_WIDTH of m_pi0, m_eta, m_eta', else BD_FLAG_OK. */
enum bd_flag bd_alp_pole_flag(double mass_gev);

/* F(m) of e+ e- -> V P data: 1 to 1.4 GeV, (1.4/m)^4 from 2 GeV on. arXiv:1811.03474 Fig. 2, fit of
 * arXiv:2201.05170. */
double bd_alp_form_factor(double mass_gev);

/* alpha_s(m), four loops from alpha_s(m_Z) = 0.118, for 1 to 10 GeV. */
double bd_alp_alpha_s(double mass_gev);

/* Factor of arXiv:1811.03474 on the mixing above 1 GeV: 1, alpha_s(m) above 1.5 GeV, linear between. */
double bd_alp_alpha_tilde(double mass_gev);

/* a = sum_P theta_P T_P = diag(u, d, s), generators with 2 Tr T^2 = 1. */
struct bd_alp_matrix {
    double u, d, s;
};
void bd_alp_matrix(const struct bd_alp_mixing *theta, struct bd_alp_matrix *a);

/* What enters the hadronic amplitudes: mixing with the settings alpha_tilde and rotation of the point, without F.
 */
void bd_alp_hadronic(const struct bd_model_point *at, struct bd_alp_matrix *a);

/* kappa_q = (1/m_q)/(1/m_u + 1/m_d + 1/m_s). */
struct bd_alp_matrix bd_alp_kappa(void);

/* c_gg^eff/f [1/GeV]: gauge couplings, fermion and W loops, chiral and vector-meson contributions. Gamma(gamma
 * gamma) = alpha^2 m^3 |c|^2/(64 pi^3), g_agg = (alpha/pi) |c|. arXiv:1708.00443, arXiv:1811.03474. */
double complex bd_alp_photon(const struct bd_model_point *at);

#endif
