/* models/alp_amplitudes.h - decays of an axion-like particle to mesons: the formulas of arXiv:1811.03474
 * (supplement).
 *
 * a = sum_P theta_P T_P as a matrix in flavour space; every amplitude is linear in it. Without the alpha_s of that
 * paper above 1 GeV unless it is in the matrix; with F(m). Masses and widths in GeV. Against the published curves:
 * within 15% below 1 GeV, but for interferences; a factor 1.4 to 6 above between 1.2 and 2.8 GeV. */
#ifndef BD_MODELS_ALP_AMPLITUDES_H
#define BD_MODELS_ALP_AMPLITUDES_H

#include "models/alp_couplings.h"

/* |1/(m_rho^2 - s - i m_rho Gamma(s))|^2 with the P-wave width of pi pi. */
double bd_alp_rho_line_shape(double s_gev2);

/* What enters a -> 3 pi: mixing without isospin breaking, which is in the vertices, and the gluon coupling that
 * the rotation of the quarks leaves in their masses, F/f_a = 2 F c_GG/f. */
struct bd_alp_pions {
    struct bd_alp_mixing theta;
    double gluon;
};
void bd_alp_pions(double mass_gev, const struct bd_alp_low *low, struct bd_alp_pions *pions);

/* |A|^2 of pi+ pi- pi0 times F^2 [GeV^4]; s_pm = (p+ + p-)^2. */
double bd_alp_three_pions(double mass_gev, const struct bd_alp_pions *pions, double s_pm_gev2);

/* Widths; 0 below threshold. */
double bd_alp_pi_pi_gamma(double mass_gev, const struct bd_alp_matrix *a);
double bd_alp_rho_rho(double mass_gev, const struct bd_alp_matrix *a); /* all four-pion states */
double bd_alp_omega_omega(double mass_gev, const struct bd_alp_matrix *a);
double bd_alp_phi_phi(double mass_gev, const struct bd_alp_matrix *a);
double bd_alp_pi_pi_pi0(double mass_gev, const struct bd_alp_pions *pions);
double bd_alp_three_pi0(double mass_gev, const struct bd_alp_pions *pions);
/* eta or (primed) eta' with two distinguishable pions of this mass. */
double bd_alp_eta_pi_pi(double mass_gev, const struct bd_alp_matrix *a, int primed, double pion_mass_gev);
/* |A|^2 of a -> a0(980)+- pi-+ -> eta pi+ pi- up to a factor; s_ij of each pion (1, 2) with the eta. */
double bd_alp_a0_pi(double mass_gev, double s13_gev2, double s23_gev2);
/* gg, arXiv:1811.03474, per (C_GG/Lambda)^2 [GeV^3]: what the published total is above 1.84 GeV. */
double bd_alp_gluons(double mass_gev);

#endif
