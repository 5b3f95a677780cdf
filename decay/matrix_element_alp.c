/* decay/matrix_element_alp.c - axion-like particles: arXiv:1811.03474; gluon coupling where it matters. */
#include "decay/matrix_element.h"
#include "models/alp_amplitudes.h"
#include "src/core/pdg.h"

/* Through a rho: P wave of the pions, transverse photon. */
double bd_matrix_element_alp_pi_pi_gamma(double mass, double s12, double s13, double s23)
{
    const double pi2 = BD_MASS_PI_CHARGED * BD_MASS_PI_CHARGED, recoil = mass * mass - s12;
    const double dalitz = s12 * (s23 - pi2) * (s13 - pi2) - pi2 * recoil * recoil;
    return dalitz > 0.0 ? bd_alp_rho_line_shape(s12) * dalitz : 0.0;
}

/* Chiral amplitude of a gluon coupling below the eta', flat above. */
double bd_matrix_element_alp_3pi(double mass, double s12, double s13, double s23)
{
    const struct bd_alp_low gluon = {.gg = 1.0};
    struct bd_alp_pions pions;
    (void)s13;
    (void)s23;
    if (mass >= BD_MASS_ETAP)
        return 1.0;
    bd_alp_pions(mass, &gluon, &pions);
    return bd_alp_three_pions(mass, &pions, s12);
}

double bd_matrix_element_alp_pi_pi_eta(double mass, double s12, double s13, double s23)
{
    (void)s12;
    return bd_alp_a0_pi(mass, s13, s23);
}

double bd_matrix_element_rho_line_shape(double s)
{
    return bd_alp_rho_line_shape(s);
}
