/* production/conversion.h - coherent conversion of a photon into X in the field of a nucleus (Primakoff effect).
 *
 *   dsigma/dt = (alpha g_agg^2 Z^2/8) F^2(t) (t - t_min)/t^2,    t_min = m^4/(4 E^2),  E_X = E_gamma = E
 *
 * arXiv:1512.03069 Eq. (3.16). F: Helm form factor up to its first zero. Incoherent conversion is left out.
 * Energies and masses in GeV; cross sections at g_agg = 1/GeV are pure numbers (GeV^-2 per GeV^-2). */
#ifndef BD_PRODUCTION_CONVERSION_H
#define BD_PRODUCTION_CONVERSION_H

#define BD_CONVERSION_NODES 24 /* Gauss-Legendre in ln t: 1e-4 */

struct bd_conversion {
    double radius2, skin2; /* R1^2, s^2 of the form factor [GeV^-2] */
    double t_max;          /* first zero [GeV^2] */
    double screening;      /* (111 Z^(-1/3)/m_e)^2 [GeV^-2], 0: a bare nucleus */
    double strength;       /* alpha Z^2/8 */
    double node[BD_CONVERSION_NODES], weight[BD_CONVERSION_NODES]; /* on 0 to 1 */
};

void bd_conversion_init(double target_a, double target_z, int screening, struct bd_conversion *conversion);

double bd_conversion_t_min(double mass_gev, double energy_gev);

/* t dsigma/dt. */
double bd_conversion_per_ln_t(const struct bd_conversion *conversion, double t_min, double t);

/* All t. */
double bd_conversion_cross_section(const struct bd_conversion *conversion, double mass_gev, double energy_gev);

#endif
