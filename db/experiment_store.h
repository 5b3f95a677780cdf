/* db/experiment_store.h - what a database knows of an experiment: enough for yields and contours without its card.
 */
#ifndef BD_DB_EXPERIMENT_STORE_H
#define BD_DB_EXPERIMENT_STORE_H

#include <stddef.h>

#include "db/database.h"
#include "src/core/experiment.h"
#include "src/scan/kernel_set.h"
#include "src/scan/plan.h"

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
