/* production/primakoff.h - equivalent photons of a proton that become X in the field of a nucleus: the pieces that
 * a test compares with other methods. The channel itself is in the table of productions. */
#ifndef BD_PRODUCTION_PRIMAKOFF_H
#define BD_PRODUCTION_PRIMAKOFF_H

#include "production/conversion.h"
#include "src/core/error.h"

/* Photons per dx, x = E_gamma/E_beam, with q_t^2 + x < 1 GeV^2. arXiv:1512.03069 Eq. (3.5). */
double bd_primakoff_photon_number(double x);

/* dsigma/(dE d2P_T) at g_agg = 1/GeV [GeV^-3 per GeV^-2], P_T the transverse momentum of X; E = x E_beam. Relative
 * error rel_error, by adaptive integration over the momentum transfer. */
enum bd_status bd_primakoff_density(const struct bd_conversion *conversion, double mass_gev, double energy_gev,
                                    double beam_gev, double pt_gev, double rel_error, double *density,
                                    struct bd_error *err) BD_MUST_CHECK;

#endif
