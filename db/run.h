/* db/run.h - a run: one scan, what repeats it, and how far it came.
 *
 * Its key is the hash of its plan text: version, constants, inputs, card, channels, masses, precision, seed - all
 * that determines the numbers, and nothing that does not (threads, host, times). The same scan is the same run
 * wherever and in how many pieces it is done. */
#ifndef BD_DB_RUN_H
#define BD_DB_RUN_H

#include <stddef.h>

#include "db/database.h"
#include "db/experiment_store.h"
#include "models/model.h"
#include "src/scan/kernel_set.h"
#include "src/scan/plan.h"

struct bd_run_input { /* a file numbers were read from */
    const char *name; /* "production/spectra/pp_400GeV_beauty.csv" */
    unsigned long long hash;
};

struct bd_run_member { /* of a combination: both are stored already */
    char experiment[BD_NAME_SIZE], run[BD_RUN_ID_SIZE];
};

struct bd_run_info {                                      /* borrowed */
    const char *version, *commit, *compiler, *build_type; /* these and host: filled by bd_run_info_init */
    char host[256];
    const char *command_line;
    const struct bd_run_input *input; /* [n_input] */
    size_t n_input;
    const struct bd_run_member *member; /* [n_member]; 0: no combination */
    size_t n_member;
    const char *combination;             /* benchmark that is combined */
    const struct bd_model *const *model; /* [n_model], those of the productions of the plan */
    size_t n_model;
    const struct bd_region *region; /* [n_region]; 0: those of the card */
    size_t n_region;
};

/* This build on this machine; everything else empty. */
void bd_run_info_init(struct bd_run_info *info);

struct bd_run {
    char id[BD_RUN_ID_SIZE];
    const struct bd_plan *plan; /* borrowed */
    size_t n_region;
    struct bd_region region[BD_REGIONS_MAX];
};

/* Store run, experiment, models and channels. An experiment of mode limit_table has an empty plan: no productions,
 * decays, masses, points; so has a combination. If this very run is there already it is continued: finished tasks
 * are kept. BD_BAD_INPUT: it was interrupted and resume is 0; another run of the file is not finished; the file
 * was made by another version of the program, or from other inputs or another card. */
enum bd_status bd_run_begin(struct bd_database *db, const struct bd_plan *plan, const struct bd_run_info *info,
                            int resume, struct bd_run *run, struct bd_error *err) BD_MUST_CHECK;

/* Mark the run as finished if no task is missing; n_missing may be NULL (a shard has missing tasks). */
enum bd_status bd_run_finish(struct bd_database *db, const struct bd_run *run, size_t *n_missing,
                             struct bd_error *err) BD_MUST_CHECK;

#endif
