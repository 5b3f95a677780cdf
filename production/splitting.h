/* production/splitting.h - p -> p A': splitting functions of proton bremsstrahlung at eps = 1.
 *
 * w = d2N/(dz dpT^2) per collision, z = p_z(A')/p_beam; point-like proton unless said. H = pT^2 + (1-z) m^2 + z^2
 * m_p^2. GeV. */
#ifndef BD_PRODUCTION_SPLITTING_H
#define BD_PRODUCTION_SPLITTING_H

double bd_splitting_h(double z, double pt2, double mass_gev);

/* Weizsaecker-Williams, J. Blumlein, J. Brunner, arXiv:1311.3870. printed: with [z + (1-z)^2] in the third
 * bracket, as in the paper; the vector result for a heavy fermion has [1 + (1-z)^2]. */
double bd_splitting_ww(double z, double pt2, double mass_gev, int printed);

/* Quasi-real approximation, S. Foroughi-Abari, A. Ritz, arXiv:2108.05900. Its longitudinal term grows as 1/m^2:
 * not for m below about 0.3 GeV. */
double bd_splitting_qra(double z, double pt2, double mass_gev);

/* Improved, S. Foroughi-Abari, P. Reimitz, A. Ritz, arXiv:2409.09123: the terms w[0] of |F1|^2, w[1] of |F2|^2 and
 * w[2] of Re(F1 F2*). */
void bd_splitting_improved(double z, double pt2, double mass_gev, double *w);

/* Rate factor |L^4/(L^4 + (H/z)^2)|^2 of the off-shell proton, arXiv:2108.05900. */
double bd_splitting_off_shell(double z, double pt2, double mass_gev, double lambda_gev);

#endif
