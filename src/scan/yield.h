/* src/scan/yield.h - events at one point, from stored kernels and a model. No Monte Carlo.
 *
 *   N(m, g) = N_POT sum_d a_d sum_p kappa_p(m, g) BR_d(m, g) N_pd(m, Gamma(m, g))
 *
 * Between kernel masses ln N_pd is linear in ln m at fixed m Gamma; never across a threshold, where one of the two
 * is closed. kappa, widths and Gamma are those of the model at the exact mass. */
#ifndef BD_SCAN_YIELD_H
#define BD_SCAN_YIELD_H

#include <stddef.h>

#include "models/model.h"
#include "src/scan/kernel_set.h"

/* What one channel gives at a mass and a width, at unit strength and BR = 1. */
struct bd_yield_value {
    double n_per_pot;   /* N_pd: decays seen per proton, without a_trig */
    double error_rel;   /* of n_per_pot, Monte Carlo */
    double chi_per_pot; /* X per proton, all angles */
    double reach_decay; /* mean probability of all X to decay between the ends of the volume */
    enum bd_flag flag;  /* BD_FLAG_CLOSED: n_per_pot = 0; BD_FLAG_OUTSIDE: mass outside the kernels */
};

enum bd_status bd_yield_series_at(const struct bd_kernel_set *set, const struct bd_kernel_series *series,
                                  double mass_gev, double width_gev, struct bd_yield_value *value,
                                  struct bd_error *err) BD_MUST_CHECK;

/* Selection of a decay in the stored experiment; BD_BAD_INPUT if there is none. */
enum bd_status bd_yield_selection(const struct bd_kernel_set *set, const char *decay,
                                  const struct bd_stored_selection **selection,
                                  struct bd_error *err) BD_MUST_CHECK;

/* A benchmark on a set of kernels. */
struct bd_yield_channel {
    const struct bd_kernel_series *series; /* borrowed */
    const struct bd_strength *strength;
    const struct bd_stored_selection *selection; /* borrowed */
    size_t mode;                                 /* of the model */
    size_t counting;                             /* index of its decay into bd_yield.counting */
};

struct bd_yield_counting { /* (experiment, decay): what is compared with an observation */
    const struct bd_stored_selection *selection;
    const struct bd_count *count; /* NULL: the card has none */
};

struct bd_yield {
    const struct bd_kernel_set *set; /* borrowed */
    struct bd_benchmark benchmark;   /* without a model: model = NULL, and the name is that of the production */
    void *model_data;                /* owned */
    size_t n_channel, n_counting;
    struct bd_yield_channel *channel; /* [n_channel], owned */
    struct bd_yield_counting counting[BD_STATES_MAX];
};

/* Find the kernels of the benchmark's productions in the set. A production matches by name, variant and the
 * settings the benchmark asks for; BD_BAD_INPUT if it has no kernels (the message says how to make them) or
 * kernels with different further settings. */
enum bd_status bd_yield_open(const struct bd_kernel_set *set, const struct bd_benchmark *benchmark,
                             struct bd_yield **yield, struct bd_error *err) BD_MUST_CHECK;
/* One production (as on the command line) and decay without a model: unit strength and BR = 1, and the axis is the
 * width of X [GeV]. model: whose production, NULL for a channel that needs none. BD_BAD_INPUT as above. */
enum bd_status bd_yield_open_channel(const struct bd_kernel_set *set, const char *production, const char *model,
                                     const char *decay, struct bd_yield **yield,
                                     struct bd_error *err) BD_MUST_CHECK;
void bd_yield_free(struct bd_yield *yield); /* accepts NULL */

/* Everything at one mass that does not depend on the coupling. */
struct bd_yield_slice;
enum bd_status bd_yield_slice_create(const struct bd_yield *yield, double mass_gev, struct bd_yield_slice **slice,
                                     struct bd_error *err) BD_MUST_CHECK;
void bd_yield_slice_free(struct bd_yield_slice *slice); /* accepts NULL */

/* Events of every counting channel at a coupling on the axis, with a_trig, for pot protons. */
void bd_yield_slice_events(const struct bd_yield_slice *slice, double axis, double pot,
                           double *events /* [n_counting] */);

/* Branching ratio of a mode of the model at unit coupling on the axis; 0 if nothing is open, 1 without a model. */
enum bd_status bd_yield_branching_ratio(const struct bd_yield *yield, size_t mode, double mass_gev,
                                        double *branching_ratio, struct bd_error *err) BD_MUST_CHECK;

/* Factors of one channel at a coupling, for explanations. */
struct bd_yield_factors {
    double kappa, branching_ratio, width_gev; /* total width */
    double n_events, n_events_err;            /* kappa BR N_POT a_trig N_pd */
    struct bd_yield_value value;
    enum bd_flag flag;
};
enum bd_status bd_yield_factors_at(const struct bd_yield *yield, size_t channel, double mass_gev, double axis,
                                   double pot, struct bd_yield_factors *factors,
                                   struct bd_error *err) BD_MUST_CHECK;

#endif
