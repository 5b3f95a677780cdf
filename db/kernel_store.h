/* db/kernel_store.h - kernels: stored task by task, found, and read back. */
#ifndef BD_DB_KERNEL_STORE_H
#define BD_DB_KERNEL_STORE_H

#include <stddef.h>

#include "db/channel.h"
#include "db/database.h"
#include "db/experiment_store.h"
#include "db/run.h"
#include "decay/kernel.h"
#include "src/scan/kernel_set.h"

/* Store a finished task, one transaction: kernels[n_region][n_production] of task = decay * n_mass + mass.
 * Replaces kernels that were there. BD_NUMERIC: a number is NaN or infinite. On failure nothing of this task is
 * stored, and all earlier ones are. */
enum bd_status bd_kernel_store_save_task(struct bd_database *db, const struct bd_run *run, size_t task,
                                         const struct bd_kernel *kernels, struct bd_error *err) BD_MUST_CHECK;

/* done[n_decay * n_mass]: 1 if every kernel of the task is there and good enough: of the seed of the plan, and
 * either more precise than asked, or made under the same or stricter demands. Kernels of other runs count. */
enum bd_status bd_kernel_store_find_done(struct bd_database *db, const struct bd_run *run, unsigned char *done,
                                         size_t *n_done, struct bd_error *err) BD_MUST_CHECK;

struct bd_kernel_filter { /* NULL: any */
    const char *model;    /* its channels and those that need no model */
    const char *production, *variant, *settings, *decay, *region;
};

/* Kernels of an experiment; n_series = 0 if none passes the filter (NULL: all). The caller frees with
 * bd_kernel_set_free. BD_BAD_INPUT: the file does not have the experiment. */
enum bd_status bd_kernel_store_load(struct bd_database *db, const char *experiment,
                                    const struct bd_kernel_filter *filter, struct bd_kernel_set **set,
                                    struct bd_error *err) BD_MUST_CHECK;

#endif
