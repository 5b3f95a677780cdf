/* models/hadron_current.h - e+e- -> two particles by a virtual photon: ratios to massless muons.
 *
 * R_X(m) = sigma(e+e- -> X)/(4 pi alpha^2/(3 s)), s = m^2; 0 up to the threshold of X. The parameters in a current
 * are those of its fit, not particle properties. */
#ifndef BD_MODELS_HADRON_CURRENT_H
#define BD_MODELS_HADRON_CURRENT_H

/* pi+pi-: four resonances, fit of BaBar, arXiv:1205.2228. */
double bd_hadron_current_two_pi(double mass_gev);
/* pi+pi-: infinite tower of rho resonances (2000 terms), fit of arXiv:1002.0279 as in Herwig; 2% lower at 0.5 GeV,
 * 8% at 1 GeV. */
double bd_hadron_current_two_pi_tower(double mass_gev);

/* K+K- and K0K0bar: tower of arXiv:1002.0279 with the fit of arXiv:1911.11147, the tail lumped into one term. */
double bd_hadron_current_kk_charged(double mass_gev);
double bd_hadron_current_kk_neutral(double mass_gev);

/* pi0 gamma (SND, arXiv:1601.08061), eta gamma (hep-ex/0605109), omega pi0 (arXiv:1610.00235). */
double bd_hadron_current_pi0_gamma(double mass_gev);
double bd_hadron_current_eta_gamma(double mass_gev);
double bd_hadron_current_omega_pi0(double mass_gev);

#endif
