/* src/scan/kernel_set.h - the kernels of an experiment, as they come back from a store: enough for yields and
 * contours without the card. */
#ifndef BD_SCAN_KERNEL_SET_H
#define BD_SCAN_KERNEL_SET_H

#include <stddef.h>

#include "decay/kernel.h"
#include "src/core/error.h"
#include "src/core/experiment.h"
#include "src/scan/plan.h"

#define BD_RUN_ID_SIZE 17

struct bd_stored_selection {
    char decay[BD_NAME_SIZE];
    double a_trig;
    int projection, combined;
    double volume_z_min_m, volume_z_max_m;
    char source[BD_SOURCE_SIZE];
};

struct bd_stored_experiment {
    char id[BD_NAME_SIZE], title[BD_SOURCE_SIZE], mode[BD_NAME_SIZE], status[BD_NAME_SIZE];
    char card_hash[17];
    double pot, pot_rel_unc, pot_reference;
    double production_z_m, mass_resolution_rel, limit_cl;
    struct bd_kernel_nodes nodes;
    double ln_reach_p_min, ln_reach_p_step;
    size_t n_selection;
    struct bd_stored_selection selection[BD_STATES_MAX]; /* sorted by decay */
    size_t n_count;
    struct bd_count count[BD_STATES_MAX]; /* state is an index into selection; line is 0 */
};

struct bd_kernel_series { /* the kernels of one channel in one region */
    char channel[BD_CHANNEL_SIZE];
    char model[BD_NAME_SIZE], production[BD_NAME_SIZE], variant[BD_NAME_SIZE], settings[256], decay[BD_NAME_SIZE];
    char region[BD_NAME_SIZE];
    double region_weight;
    size_t n_mass;
    double *mass_gev;         /* [n_mass], ascending, owned */
    struct bd_kernel *kernel; /* [n_mass], owned */
    char run[BD_RUN_ID_SIZE]; /* of the last kernel */
};

struct bd_kernel_set {
    struct bd_stored_experiment experiment;
    size_t n_series;
    struct bd_kernel_series *series; /* [n_series], sorted by channel and region, owned */
};

/* The set of a plan whose kernels were computed in memory: kernels[n_decay * n_mass][n_region][n_production],
 * copied. The caller frees. */
enum bd_status bd_kernel_set_from_plan(const struct bd_plan *plan, const struct bd_kernel *kernels,
                                       struct bd_kernel_set **set, struct bd_error *err) BD_MUST_CHECK;

void bd_kernel_set_free(struct bd_kernel_set *set); /* accepts NULL */

#endif
