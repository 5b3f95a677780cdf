/* production/production.h - ways to make X: the table of production channels.
 *
 * A channel gives, for an experiment's beam and target, the spectrum of X of a mass at unit strength and per
 * proton on target. It knows no detector and no model couplings. "name" or "name:variant" on the command line; a
 * channel that differs between models has one entry per model. */
#ifndef BD_PRODUCTION_PRODUCTION_H
#define BD_PRODUCTION_PRODUCTION_H

#include "models/model.h"
#include "src/core/error.h"
#include "src/core/experiment.h"
#include "src/core/setting.h"
#include "src/core/spectrum.h"

/* What a channel is opened for. Borrowed; must outlive the opened source. */
struct bd_production_request {
    const struct bd_experiment *experiment;
    const struct bd_spectrum_grid *grid;
    const char *variant;   /* "K*892", "qra"; "" for the default */
    const double *setting; /* [n_setting] */
};

struct bd_production {
    const char *name;                  /* "b_decay" */
    const char *model;                 /* the model it belongs to, or NULL: any, or none */
    const char *title;                 /* one line for people */
    const char *unit;                  /* unit strength: "theta = 1", "BR = 1" */
    const char *source;                /* paper and equation */
    const char *const *variants;       /* NULL-terminated; the first is the default; NULL: none */
    const char *spectrum_file;         /* data file it reads, %g for the beam momentum [GeV]; NULL: none */
    double mass_min_gev, mass_max_gev; /* kinematic or validity range, of all variants together */
    const struct bd_resonance
        *poles; /* of a form factor, ends with width 0; NULL: none. Masses are denser there */
    const struct bd_setting *settings;
    /* Read tables and compute what does not depend on the mass of X. */
    enum bd_status (*open)(const struct bd_production_request *request, void **state, struct bd_error *err);
    /* Thread-safe: state is not changed. Adds to density, chi_per_pot and reach of a cleared spectrum; sets flag.
     */
    enum bd_status (*spectrum)(const void *state, double mass_gev, struct bd_spectrum *spectrum,
                               struct bd_error *err);
    void (*close)(void *state); /* accepts NULL */
};

/* Find "b_decay", "b_decay:K", "bremsstrahlung:qra" for a model ("" or NULL: channels that need none, or that
 * only one model has). variant points
 * into spec, "" if there is none. BD_BAD_INPUT lists what is known. */
enum bd_status bd_production_find(const char *spec, const char *model, const struct bd_production **production,
                                  const char **variant, struct bd_error *err) BD_MUST_CHECK;
/* The i-th entry of the table, NULL behind the last. */
const struct bd_production *bd_production_at(size_t i);

#endif
