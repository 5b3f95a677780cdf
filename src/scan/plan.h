/* src/scan/plan.h - what a scan computes: experiment, channels, masses, precision.
 *
 * A task is one (decay, mass) with all its productions: one Monte Carlo serves them all. Tasks are numbered
 * i = decay * n_mass + mass; their numbers depend on the plan alone, never on threads or restarts. The grid of the
 * spectra and the nodes of the kernels depend on the experiment alone, so that kernels of several plans fit. */
#ifndef BD_SCAN_PLAN_H
#define BD_SCAN_PLAN_H

#include <stddef.h>

#include "decay/kernel.h"
#include "models/model.h"
#include "production/production.h"
#include "src/core/experiment.h"

#define BD_CHANNEL_SIZE 512

struct bd_plan_production {
    const struct bd_production *channel;
    char variant[BD_NAME_SIZE];        /* "" if the channel has none; the name of the default is filled in */
    struct bd_setting_values settings; /* defaults < card < benchmark < command line */
    int flat;                          /* 1: matrix_element=flat, phase space instead of the model's amplitude */
    char settings_text[256];           /* what differs from the defaults of the channel */
    char model[BD_NAME_SIZE];          /* "" if the channel needs none */
};

struct bd_plan {
    const struct bd_experiment *experiment; /* borrowed */
    size_t n_production, n_decay, n_mass;
    struct bd_plan_production *production; /* [n_production], owned */
    char (*decay)[BD_NAME_SIZE];           /* [n_decay], owned */
    double *mass_gev;                      /* [n_mass], ascending, owned */
    double precision;                      /* 0.01 */
    unsigned max_points;                   /* per shift, 32768 */
    unsigned long long seed;
    int threads;
    int modes_only; /* 1: X of a model decays only as that model says; 0: every production with every decay */
    struct bd_spectrum_grid grid;
    struct bd_kernel_nodes nodes;
};

/* An empty plan with default precision, points and seed; grid and nodes of the experiment. BD_BAD_INPUT: the card
 * asks for what the program cannot do. */
enum bd_status bd_plan_init(const struct bd_experiment *experiment, struct bd_plan *plan,
                            struct bd_error *err) BD_MUST_CHECK;
void bd_plan_free(struct bd_plan *plan); /* what the plan owns */

/* The setting that every channel has: "matrix_element=flat". */
#define BD_PLAN_MATRIX_ELEMENT "matrix_element"

/* Read a production as on the command line: "b_decay", "b_decay:K", "bremsstrahlung:ww form_factor=none", with
 * settings of the card (where the channel has them) below and `set` (NULL-terminated "KEY=VALUE", may be NULL)
 * above it. A key of `set` that this channel does not have is skipped: the caller checks that every key has a
 * user. */
enum bd_status bd_plan_read_production(const struct bd_experiment *experiment, const char *spec, const char *model,
                                       const char *const *set, struct bd_plan_production *production,
                                       struct bd_error *err) BD_MUST_CHECK;
/* The same, added to the plan; one that is there already is not added again. */
enum bd_status bd_plan_add_production(struct bd_plan *plan, const char *spec, const char *model,
                                      const char *const *set, struct bd_error *err) BD_MUST_CHECK;

/* BD_BAD_INPUT: no such decay, or the card has no selection for it (the message lists those it has). */
enum bd_status bd_plan_add_decay(struct bd_plan *plan, const char *decay, struct bd_error *err) BD_MUST_CHECK;
/* All decays of a model (NULL: any) that the card selects. */
enum bd_status bd_plan_add_decays_of_model(struct bd_plan *plan, const struct bd_model *model,
                                           struct bd_error *err) BD_MUST_CHECK;

/* One mass [GeV]; kept sorted, not twice. */
enum bd_status bd_plan_add_mass(struct bd_plan *plan, double mass_gev, struct bd_error *err) BD_MUST_CHECK;
/* n equal steps in ln m, and in between m (1 -+ 1e-4) at each threshold and change of formula of the model (NULL:
 * none) and of the decays of the plan, and finer steps across the poles of its productions. */
enum bd_status bd_plan_add_mass_range(struct bd_plan *plan, double min_gev, double max_gev, int n,
                                      const struct bd_model *model, struct bd_error *err) BD_MUST_CHECK;

/* Productions, decays and masses of a benchmark. */
enum bd_status bd_plan_add_benchmark(struct bd_plan *plan, const struct bd_benchmark *benchmark,
                                     const char *const *set, struct bd_error *err) BD_MUST_CHECK;

/* 1 if the kernels of a production and a decay of the plan are wanted. */
int bd_plan_has_pair(const struct bd_plan *plan, size_t production, size_t decay);

/* The key: "dark_scalar/b_decay:K(form_factor=pole)/mu+mu-", shorter where model, variant or settings are empty.
 */
void bd_plan_channel_name(const struct bd_plan_production *production, const char *decay,
                          char name[static BD_CHANNEL_SIZE]);

#endif
