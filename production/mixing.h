/* production/mixing.h - X that mixes with a meson: every meson of the event becomes an X.
 *
 * X takes the momentum vector of the meson in the centre of mass of the proton collision, with its own mass:
 *
 *   f_X(p, theta) = (p^2/P^2) (E_P/E) (E*_X/E*_P) f_P(P, theta_P)
 *
 * P, theta_P the meson's. Pointwise, with full four-vectors, so that the number is conserved. The alternative
 * keeps the energy and the direction in the centre of mass instead, f_X = (p^2/P^2) (E_P/E) (P_cm/p_cm) f_P, and
 * loses the mesons with less energy than the mass of X. */
#ifndef BD_PRODUCTION_MIXING_H
#define BD_PRODUCTION_MIXING_H

#include "production/parent.h"
#include "src/core/spectrum.h"

struct bd_mixing;

/* number: mesons per proton on target. keep: what X takes over in the centre of mass. The parent and the grid are
 * borrowed and must outlive the mixing. */
enum bd_mixing_keep { BD_MIXING_MOMENTUM, BD_MIXING_ENERGY };
enum bd_status bd_mixing_create(const struct bd_parent *parent, double number, double beam_p_gev,
                                enum bd_mixing_keep keep, const struct bd_spectrum_grid *grid,
                                struct bd_mixing **mixing, struct bd_error *err) BD_MUST_CHECK;
void bd_mixing_free(struct bd_mixing *mixing); /* accepts NULL */

/* Add the X of this mass to density, chi_per_pot and reach. Thread-safe. */
void bd_mixing_add(const struct bd_mixing *mixing, double mass_gev, struct bd_spectrum *spectrum);

#endif
