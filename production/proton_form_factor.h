/* production/proton_form_factor.h - electromagnetic form factors of the proton at time-like m^2. */
#ifndef BD_PRODUCTION_PROTON_FORM_FACTOR_H
#define BD_PRODUCTION_PROTON_FORM_FACTOR_H

#include <complex.h>

#include "src/core/error.h"

/* F1: rho and omega poles, three each, A. Faessler et al., arXiv:0910.5589. One complex sum, then the modulus. */
double complex bd_proton_form_factor_pole(double mass_gev);

/* |F1|^2: 1 below m^2 = 0.71 GeV^2, then (m^2/0.71)^-4, SHiP, arXiv:1504.04855. */
double bd_proton_form_factor_dipole_squared(double mass_gev);

/* F1 and F2, unitary-analytic fit of arXiv:2409.09123: poles of rho, omega, phi and the rest on nodes. */
#define BD_PROTON_FORM_FACTOR_NODES 21
#define BD_PROTON_FORM_FACTOR_FIT_MAX_GEV 2.0
struct bd_proton_form_factor_fit {
    double rest[4][BD_PROTON_FORM_FACTOR_NODES]; /* Re and Im of F1, then of F2, without their poles; 0 to 2 GeV */
};

enum bd_status bd_proton_form_factor_load(struct bd_proton_form_factor_fit *fit,
                                          struct bd_error *err) BD_MUST_CHECK;

/* Up to BD_PROTON_FORM_FACTOR_FIT_MAX_GEV. */
void bd_proton_form_factor_at(const struct bd_proton_form_factor_fit *fit, double mass_gev, double complex *f1,
                              double complex *f2);

#endif
