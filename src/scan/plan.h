/* src/scan/plan.h - what a scan computes: experiment, channels, masses, precision.
 *
 * A task is one (decay, mass) with all its productions: one Monte Carlo serves them all. Tasks are numbered
 * i = decay * n_mass + mass; their numbers depend on the plan alone, never on threads or restarts. */
#ifndef BD_SCAN_PLAN_H
#define BD_SCAN_PLAN_H

#include <stddef.h>

#include "decay/kernel.h"
#include "production/production.h"
#include "src/core/experiment.h"

struct bd_plan_production {
    const struct bd_production *channel;
    char variant[BD_NAME_SIZE];        /* "" for the default */
    struct bd_setting_values settings; /* defaults < card < benchmark < command line */
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
    struct bd_spectrum_grid grid;
    struct bd_kernel_nodes nodes;
};

#endif
