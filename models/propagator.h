/* models/propagator.h - resonance propagators of hadronic currents, normalised to about 1 at s = 0.
 *
 * s in GeV^2; masses and widths in GeV, fit parameters of the current that uses them. */
#ifndef BD_MODELS_PROPAGATOR_H
#define BD_MODELS_PROPAGATOR_H

#include <complex.h>

/* Constant width: M^2/(M^2 - s - i M G). */
double complex bd_propagator_fixed(double s, double mass_gev, double width_gev);

/* Width of a P wave of two particles m1, m2: M^2/(M^2 - s - i sqrt(s) G_s),
 * G_s = G (sqrt(s)/M) [b(s)/b(M^2)]^(3/2), b = (1 - (m1 + m2)^2/s)(1 - (m1 - m2)^2/s), not below 0. */
double complex bd_propagator_p_wave(double s, double mass_gev, double width_gev, double m1_gev, double m2_gev);

/* G. J. Gounaris, J. J. Sakurai, Phys. Rev. Lett. 21 (1968) 244, two charged pions; s above their threshold. */
double complex bd_propagator_gounaris_sakurai(double s, double mass_gev, double width_gev);

#endif
