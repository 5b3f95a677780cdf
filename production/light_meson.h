/* production/light_meson.h - light mesons from protons on a target: numbers per proton and spectra.
 *
 * Spectra: tables of PYTHIA 8.3, SoftQCD:inelastic, per inelastic p p event; every meson of the event counts, also
 * one from the decay of another. A proton that is stopped in a thick target interacts once. No dependence on the
 * nucleus and no mesons of the cascade. Measured numbers at 400 GeV: LEBC-EHS, Z. Phys. C 50 (1991) 405. */
#ifndef BD_PRODUCTION_LIGHT_MESON_H
#define BD_PRODUCTION_LIGHT_MESON_H

#include "production/parent.h"
#include "production/production.h"

enum bd_light_meson {
    BD_LIGHT_MESON_PI0,
    BD_LIGHT_MESON_ETA,
    BD_LIGHT_MESON_ETAP,
    BD_LIGHT_MESON_RHO0,
    BD_LIGHT_MESON_RHO_CHARGED, /* not in the tables: shape of the rho0 */
    BD_LIGHT_MESON_OMEGA,
    BD_LIGHT_MESON_PHI,
    BD_LIGHT_MESONS
};

/* The settings of every channel that starts from light mesons: first in the channel's own table, in this order. */
enum {
    BD_LIGHT_MESON_MULTIPLICITY,
    BD_LIGHT_MESON_NORM,
    BD_LIGHT_MESON_SCALE_PI0,
    BD_LIGHT_MESON_SCALE_ETA,
    BD_LIGHT_MESON_SCALE_ETAP,
    BD_LIGHT_MESON_SCALE_RHO,
    BD_LIGHT_MESON_SCALE_OMEGA,
    BD_LIGHT_MESON_SCALE_PHI,
    BD_LIGHT_MESON_SETTINGS
};
extern const char *const bd_light_meson_multiplicities[]; /* measured, generator */
extern const char *const bd_light_meson_norms[];          /* per_inelastic, per_total */
#define BD_LIGHT_MESON_SETTING_ROWS                                                                               \
    {"multiplicity",                                                                                              \
     "choice",                                                                                                    \
     0,                                                                                                           \
     0,                                                                                                           \
     0,                                                                                                           \
     bd_light_meson_multiplicities,                                                                               \
     "mesons per event: measured at 400 GeV where they are (LEBC-EHS), else and otherwise the generator's"},      \
        {"mult_norm",                                                                                             \
         "choice",                                                                                                \
         0,                                                                                                       \
         0,                                                                                                       \
         0,                                                                                                       \
         bd_light_meson_norms,                                                                                    \
         "a proton on target is one inelastic event, or one of all p p events (elastic too: 18% fewer mesons)"},  \
        {"scale_pi0", "1", 1.0, 0.0, 100.0, NULL, "factor on the number of pi0"},                                 \
        {"scale_eta", "1", 1.0, 0.0, 100.0, NULL, "factor on the number of eta"},                                 \
        {"scale_etap", "1", 1.0, 0.0, 100.0, NULL, "factor on the number of eta'"},                               \
        {"scale_rho", "1", 1.0, 0.0, 100.0, NULL, "factor on the number of rho"},                                 \
        {"scale_omega", "1", 1.0, 0.0, 100.0, NULL, "factor on the number of omega"},                             \
    {                                                                                                             \
        "scale_phi", "1", 1.0, 0.0, 100.0, NULL, "factor on the number of phi"                                    \
    }

/* "pi0", "eta", "etap", "rho0", "rho+-", "omega", "phi". */
const char *bd_light_meson_name(enum bd_light_meson meson);

/* Index of the meson with this name, or -1. */
int bd_light_meson_find(const char *name);

/* rho+ and rho- per rho0 in the generator: 1.87 at 400 GeV, 1.83 at 30 GeV, linear in ln p through them. */
double bd_light_meson_charged_rho_ratio(double beam_p_gev);

/* Spectrum and number per proton on target. decays: 0 if only bd_parent_density will be asked for (much faster).
 * BD_IO: no table for this beam. */
enum bd_status bd_light_meson_open(const struct bd_production_request *request, enum bd_light_meson meson,
                                   int decays, struct bd_parent **parent, double *n_per_pot,
                                   struct bd_error *err) BD_MUST_CHECK;

#endif
