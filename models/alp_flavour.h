/* models/alp_flavour.h - flavour-changing couplings of an axion-like particle, and K -> pi a.
 *
 * L = g_bs d_mu a sbar gamma^mu P b + ..., A(B -> K a) = (g_bs/2)(m_B^2 - m_K^2) f0(m_a^2). One loop with W and
 * top: arXiv:2012.12272, arXiv:2110.10698. K -> pi a: arXiv:2102.13112 (octet). Units: GeV. */
#ifndef BD_MODELS_ALP_FLAVOUR_H
#define BD_MODELS_ALP_FLAVOUR_H

#include <complex.h>

#include "models/alp_couplings.h"
#include "models/meson_br.h"

enum { BD_ALP_GBS_ONE_LOOP, BD_ALP_GBS_TWO_LOOP, BD_ALP_GBS_FORMULA }; /* setting BD_ALP_GBS */

/* Coefficient of V_ti^* V_tj: [k_D]_ij = V_ti^* V_tj sum of (this times c/f), c/f of the gauge bosons in the
 * convention of arXiv:2012.12272. */
struct bd_alp_penguin {
    double gg, ww, bb, qq, ll;
};

/* From couplings at Lambda, by integration of the evolution from Lambda to m_t. y_top: Yukawa coupling at m_t. */
void bd_alp_penguin_at(double lambda_gev, double y_top, struct bd_alp_penguin *penguin);

/* g_bs [1/GeV], as the setting says. */
double bd_alp_g_bs(const struct bd_model_point *at);

/* BR(K+ -> pi+ a) or BR(KL -> pi0 a), parent BD_MESON_K_CHARGED or BD_MESON_KL; 0 if closed. */
double bd_alp_kaon_br(const struct bd_model_point *at, enum bd_meson parent);

#endif
