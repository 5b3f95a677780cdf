/* decay/matrix_element.h - squared matrix elements of three-body decays, up to a factor.
 *
 * X unpolarised; particles in the order of the decay's name, physical masses in phase space and in s_ij [GeV^2].
 */
#ifndef BD_DECAY_MATRIX_ELEMENT_H
#define BD_DECAY_MATRIX_ELEMENT_H

/* Vector -> pi+ pi- pi0: current of hep-ph/0512180. Vector -> K+ K- pi0: current of arXiv:1911.11147. */
double bd_matrix_element_vector_3pi(double mass_gev, double s12, double s13, double s23);
double bd_matrix_element_vector_kkpi(double mass_gev, double s12, double s13, double s23);

#endif
