/* production/meson_photon.h - photons from decays of light mesons, M -> gamma gamma, per proton on target.
 *
 *   dN/(dE dOmega) = 2 BR n_M Int dlnP <dN_M/(dP dOmega)>_azimuth,   1 - cos(alpha) = (M^2/2 - E (E_M - P))/(P E)
 *
 * the two-body density of production/parent.h for a massless daughter, on a grid of ln E and E theta. Energies in
 * GeV. */
#ifndef BD_PRODUCTION_MESON_PHOTON_H
#define BD_PRODUCTION_MESON_PHOTON_H

#include "production/parent.h"

struct bd_meson_photon;

/* Photons from energy e_min to e_max; densities for angles up to w_max/E [rad]. */
enum bd_status bd_meson_photon_create(double e_min_gev, double e_max_gev, double w_max_gev,
                                      struct bd_meson_photon **photons, struct bd_error *err) BD_MUST_CHECK;
void bd_meson_photon_free(struct bd_meson_photon *photons); /* accepts NULL */

/* Add `number` photons from a meson in two-photon decays. The parent is not kept. */
enum bd_status bd_meson_photon_add(struct bd_meson_photon *photons, const struct bd_parent *parent, double number,
                                   struct bd_error *err) BD_MUST_CHECK;
/* After the last meson, once. */
void bd_meson_photon_finish(struct bd_meson_photon *photons);

#define BD_MESON_PHOTON_W 96 /* nodes in E theta */

/* The densities of one energy. */
struct bd_meson_photon_row {
    double energy, w_max; /* 0: outside of the grid */
    double ln_density[BD_MESON_PHOTON_W];
};
void bd_meson_photon_row(const struct bd_meson_photon *photons, double energy_gev,
                         struct bd_meson_photon_row *row);

/* dN/(dE dOmega) [1/(GeV sr)]; 0 outside of the grid. */
double bd_meson_photon_density(const struct bd_meson_photon_row *row, double theta_rad);

/* dN/dlnE at all angles, e_min <= E <= e_max. */
double bd_meson_photon_number(const struct bd_meson_photon *photons, double energy_gev);

#endif
