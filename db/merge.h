/* db/merge.h - take over what another database has: shards of one scan, or scans of other experiments.
 *
 * Rows that are missing here are copied; the same key with another content is an error and nothing is changed. */
#ifndef BD_DB_MERGE_H
#define BD_DB_MERGE_H

#include "db/database.h"

enum bd_status bd_merge_database(struct bd_database *db, const char *other_path,
                                 struct bd_error *err) BD_MUST_CHECK;

#endif
