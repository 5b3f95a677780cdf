/* db/experiment_store.h - what a database knows of an experiment: enough for yields and contours without its card.
 */
#ifndef BD_DB_EXPERIMENT_STORE_H
#define BD_DB_EXPERIMENT_STORE_H

#include <stddef.h>

#include "db/database.h"
#include "decay/kernel.h"
#include "src/core/spectrum.h"
#include "src/core/experiment.h"
#include "src/scan/plan.h"

#define BD_REGION_SIGNAL "sr" /* the region of a card that cuts none at generator level */

struct bd_region { /* a signal region at generator level: weight x events enter the sum */
    char name[BD_NAME_SIZE];
    double weight;
};

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

/* Store the experiment of a plan with its selections, regions and counts; part of a transaction. BD_BAD_INPUT: the
 * file has another card, or other nodes, under this name. */
enum bd_status bd_experiment_store_save(struct bd_database *db, const struct bd_plan *plan,
                                        const struct bd_region *regions, size_t n_region,
                                        struct bd_error *err) BD_MUST_CHECK;

/* BD_BAD_INPUT lists the experiments of the file if there is none of this name. */
enum bd_status bd_experiment_store_load(struct bd_database *db, const char *id,
                                        struct bd_stored_experiment *experiment,
                                        struct bd_error *err) BD_MUST_CHECK;

#endif
