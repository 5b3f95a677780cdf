/* src/scan/lifetime.h - the chance that X from a meson decay in flight is not seen to decay.
 *
 *   P(m, tau) = < exp(-(z_escape - z) m/(p_z c tau)) >
 *
 * over z, uniform in the decay region, and over the angle of the two-body decay, isotropic in the rest frame of
 * the parent, where the momentum of the recoil is selected; p_z of X along the beam. At rest: z_escape - z is the
 * path, p the momentum of the two-body decay. Used for limits on K -> pi + invisible as in arXiv:2011.11329. */
#ifndef BD_SCAN_LIFETIME_H
#define BD_SCAN_LIFETIME_H

#include "src/core/experiment.h"

/* ln P; 0 for m = 0 or infinite ctau_m. BD_BAD_INPUT: the decay is closed, or no recoil has a selected momentum.
 */
enum bd_status bd_lifetime_ln_escape(const struct bd_escape *escape, double escape_z_m, double mass_gev,
                                     double ctau_m, double *ln_probability, struct bd_error *err) BD_MUST_CHECK;

#endif
