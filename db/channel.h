/* db/channel.h - channels: a model, a production with variant and settings, a decay. */
#ifndef BD_DB_CHANNEL_H
#define BD_DB_CHANNEL_H

#include <stddef.h>

#include "db/database.h"
#include "models/model.h"
#include "src/scan/kernel_set.h"
#include "src/scan/plan.h"

/* Store the channels of a plan and their models; part of a transaction. BD_BAD_INPUT: a production of a model that
 * is not among the models. */
enum bd_status bd_channel_save_all(struct bd_database *db, const struct bd_plan *plan,
                                   const struct bd_model *const *models, size_t n_model,
                                   struct bd_error *err) BD_MUST_CHECK;

#endif
