/* src/core/spectrum.h - the spectrum of X that leaves the target.
 *
 * Density dN/(dp dOmega) per proton on target at unit strength, about the proton beam axis (azimuthally
 * symmetric), on a grid of ln p (equal steps) and theta (equal steps), p in GeV, theta in rad. Inside the grid ln
 * f is interpolated linearly in ln p and theta (linear in f overestimates a falling tail). Beside it the momentum
 * spectrum over all angles, for the bookkeeping of who could reach the decay volume. */
#ifndef BD_CORE_SPECTRUM_H
#define BD_CORE_SPECTRUM_H

#include <stddef.h>

#include "src/core/error.h"
#include "src/core/flag.h"

#define BD_REACH_NODES 200

/* Shared by all spectra of a scan. */
struct bd_spectrum_grid {
    size_t n_p, n_theta;
    double ln_p_min, ln_p_step;             /* p nodes: exp(ln_p_min + i * ln_p_step), i < n_p */
    double theta_min_rad, theta_step_rad;   /* theta nodes: theta_min + j * theta_step, j < n_theta */
    double ln_reach_p_min, ln_reach_p_step; /* BD_REACH_NODES nodes of the all-angle momentum spectrum */
};

struct bd_spectrum {
    double chi_per_pot; /* number of X per proton at unit strength, all angles and momenta */
    enum bd_flag flag;  /* BD_FLAG_CLOSED: kinematics forbids it; BD_FLAG_OUTSIDE: mass outside the formula */
    double *density;    /* [n_p][n_theta], owned; dN/(dp dOmega) [GeV^-1 sr^-1] per proton */
    double reach[BD_REACH_NODES]; /* number of X per proton represented by each momentum node; sum <= chi_per_pot,
                                     the rest is slower than the first node */
};

/* Default grid for a window theta in [theta_min, theta_max] and p in [p_min, p_max]: about 100 nodes in p, 17 to
 * 33 in theta. */
void bd_spectrum_grid_init(struct bd_spectrum_grid *grid, double p_min_gev, double p_max_gev, double theta_min_rad,
                           double theta_max_rad);

enum bd_status bd_spectrum_create(const struct bd_spectrum_grid *grid, struct bd_spectrum **spectrum,
                                  struct bd_error *err) BD_MUST_CHECK;
void bd_spectrum_free(struct bd_spectrum *spectrum); /* accepts NULL */
/* Back to zero X, flag BD_FLAG_OK. */
void bd_spectrum_clear(const struct bd_spectrum_grid *grid, struct bd_spectrum *spectrum);

/* Add a number of X of momentum p to the reach of a spectrum, linearly in ln p between two nodes. */
void bd_spectrum_add_reach(const struct bd_spectrum_grid *grid, double p_gev, double number,
                           struct bd_spectrum *spectrum);

/* Mean probability of all X to decay between two planes, at a width: path along the detector axis,
 * sum_k reach_k [exp(-d1 m Gamma/(p hbar c)) - exp(-d2 m Gamma/(p hbar c))] / chi. Distances from the production
 * point in m. */
double bd_spectrum_reach_decay(const struct bd_spectrum_grid *grid, const double *reach /* [BD_REACH_NODES] */,
                               double chi_per_pot, double mass_gev, double width_gev, double d1_m, double d2_m);

/* Number of X per proton whose momentum and angle are inside the grid: the integral of the density as it is
 * interpolated. At most chi_per_pot, up to the error of the interpolation. */
double bd_spectrum_in_grid(const struct bd_spectrum_grid *grid, const struct bd_spectrum *spectrum);

/* Mean momentum [GeV] of all X at any angle; 0 if there are none. */
double bd_spectrum_mean_p(const struct bd_spectrum_grid *grid, const struct bd_spectrum *spectrum);

#endif
