/* decay/matrix_element.h - squared matrix elements of decays to three and four particles, up to a factor.
 *
 * X unpolarised; particles in the order of the decay's name, physical masses in phase space and in s_ij [GeV^2].
 */
#ifndef BD_DECAY_MATRIX_ELEMENT_H
#define BD_DECAY_MATRIX_ELEMENT_H

/* Vector -> pi+ pi- pi0: current of hep-ph/0512180. Vector -> K+ K- pi0: current of arXiv:1911.11147. */
double bd_matrix_element_vector_3pi(double mass_gev, double s12, double s13, double s23);
double bd_matrix_element_vector_kkpi(double mass_gev, double s12, double s13, double s23);

/* Pseudoscalar -> pi+ pi- gamma through a rho; pi+ pi- pi0 with the chiral amplitude of a gluon coupling below
 * m_eta', flat above (3 pi0: flat); pi pi eta through a0(980) pi, also for pi0 pi0. arXiv:1811.03474. */
double bd_matrix_element_alp_pi_pi_gamma(double mass_gev, double s12, double s13, double s23);
double bd_matrix_element_alp_3pi(double mass_gev, double s12, double s13, double s23);
double bd_matrix_element_alp_pi_pi_eta(double mass_gev, double s12, double s13, double s23);

/* Squared line shape of a pair of pions from a rho [GeV^-4], for a -> rho+ rho-. */
double bd_matrix_element_rho_line_shape(double s_gev2);

#endif
