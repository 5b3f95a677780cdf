/* production/parent.h - the spectrum of a parent particle, and X from its decay.
 *
 * A parent is one particle per event, distributed in (ln E, pT) about the beam axis: from a table of cell counts
 * or from an analytic form. Inside the table the density per (dlnE dpT^2) is bilinear between cell centres; the
 * integral over all allowed points is exactly one. Energies and momenta in GeV, angles in rad. */
#ifndef BD_PRODUCTION_PARENT_H
#define BD_PRODUCTION_PARENT_H

#include "src/core/error.h"
#include "src/core/spectrum.h"

struct bd_parent; /* opaque: owns its tables */

/* A species of a spectrum file with columns pdg,E_lo_GeV,E_hi_GeV,pT_lo_GeV,pT_hi_GeV,count and the comment lines
 * "events: N" and "totals per event: PDG:T ...". multiplicity: the exact total of the file per event. grid: NULL
 * if no decays will be added, which saves most of the time. BD_BAD_INPUT names file, line and value. */
enum bd_status bd_parent_open_table(const char *path, int pdg, double mass_gev,
                                    const struct bd_spectrum_grid *grid, struct bd_parent **parent,
                                    double *multiplicity, struct bd_error *err) BD_MUST_CHECK;

/* An analytic form: density per (dlnE dpT^2), any normalisation, for E in [e_min, e_max] and pT below pt_max. */
enum bd_status bd_parent_open_density(double (*density)(double energy_gev, double pt_gev), double mass_gev,
                                      double e_min_gev, double e_max_gev, double pt_max_gev,
                                      const struct bd_spectrum_grid *grid, struct bd_parent **parent,
                                      struct bd_error *err) BD_MUST_CHECK;
void bd_parent_free(struct bd_parent *parent); /* accepts NULL */

double bd_parent_mass(const struct bd_parent *parent);

/* Range of the table: E from e_min to e_max, pT from 0 to pt_max. */
void bd_parent_limits(const struct bd_parent *parent, double *e_min_gev, double *e_max_gev, double *pt_max_gev);

/* Density of the parent itself, dN/(dlnE dpT^2) per parent. */
double bd_parent_density(const struct bd_parent *parent, double energy_gev, double pt_gev);

/* Add `number` X of mass mass_gev, emitted isotropically with energy e_star_gev in the frame of the parent, to
 * density, chi_per_pot and reach of a spectrum on the grid of the parent.
 *
 *   f_X(p, theta) = M p/(2 p* E) Int dlnP F(P, alpha(P; p), theta),   F = mean of dN_P/(dP dOmega) over the
 * azimuth 1 - cos(alpha) = (P p - E_P E + M E*)/(P p)
 *
 * At fixed momenta of X and parent the angle alpha between them is fixed, so there is neither a Jacobian edge nor
 * a second solution. F depends neither on the mass of X nor on the recoil and is tabulated once. */
void bd_parent_add_decay(const struct bd_parent *parent, double mass_gev, double e_star_gev, double number,
                         struct bd_spectrum *spectrum);

#endif
