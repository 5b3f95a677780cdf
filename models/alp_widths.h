/* models/alp_widths.h - widths of an axion-like particle from the published curves, for one coupling: Gamma/g^2.
 *
 * Tables (models/alp_tables.h) with what they need to be used: windows at the meson poles, where the digitised
 * curves are displaced, and the ends of the curves. arXiv:1811.03474 (C_GG), arXiv:2310.03524 (C_qq). Units: GeV,
 * GeV^3. */
#ifndef BD_MODELS_ALP_WIDTHS_H
#define BD_MODELS_ALP_WIDTHS_H

#include "models/alp_couplings.h"
#include "models/alp_tables.h"

enum bd_alp_mode {
    BD_ALP_GAMMAGAMMA,
    BD_ALP_ELECTRONS,
    BD_ALP_MUONS,
    BD_ALP_TAUS,
    BD_ALP_PIPIGAMMA,
    BD_ALP_PIPIPI0,
    BD_ALP_THREE_PI0,
    BD_ALP_PIPIETA,
    BD_ALP_PI0PI0ETA,
    BD_ALP_PIPIETAP,
    BD_ALP_PI0PI0ETAP,
    BD_ALP_KKPI0,
    BD_ALP_K0K0PI0,
    BD_ALP_K0KPI,
    BD_ALP_FOUR_PI_MIXED,
    BD_ALP_FOUR_PI_CHARGED,
    BD_ALP_OMEGAOMEGA,
    BD_ALP_PHIPHI,
    BD_ALP_KSTARKSTAR,
    BD_ALP_THREE_ETA,
    BD_ALP_PIPIOMEGA,
    BD_ALP_OTHER,
    BD_ALP_N_MODE
};
#define BD_ALP_FIRST_HADRONIC BD_ALP_PIPIGAMMA

extern const char *const bd_alp_mode_names[]; /* in this order, NULL-terminated */

extern const int bd_alp_widths_coupling[BD_ALP_TABLES]; /* BD_ALP_GG, BD_ALP_QQ */

/* The same point with one coupling set to 1. */
struct bd_alp_unit_point {
    double coupling[BD_ALP_COUPLINGS];
    struct bd_model_point at;
};
void bd_alp_unit_point(const struct bd_model_point *at, int coupling, struct bd_alp_unit_point *unit);

/* Gamma(gamma gamma) of a modulus of c_gg^eff/f [1/GeV]. */
double bd_alp_widths_gamma_gamma(double mass_gev, double modulus);

/* Of one table, at the mass and with the settings of a point. Above the total of C_GG: set to it, BD_FLAG_CLIPPED.
 * In a window of a pole: BD_FLAG_MASKED. Behind the end of a curve: 0, BD_FLAG_OUTSIDE. */
struct bd_model_value bd_alp_widths_photon(const struct bd_model_point *at, int table);
struct bd_model_value bd_alp_widths_mode(const struct bd_model_point *at, int table, int mode);
/* All hadrons, from the curve of the total; and what of them no mode accounts for. */
struct bd_model_value bd_alp_widths_hadrons(const struct bd_model_point *at, int table);
double bd_alp_widths_other(const struct bd_model_point *at, int table);

#endif
