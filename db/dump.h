/* db/dump.h - the canonical text of a database: what two databases with the same results have in common.
 *
 * Tables in a fixed order without the machine columns of run, rows by key, doubles as %a, BLOBs as hex. Two dumps
 * are compared as text, so that a difference names its row. */
#ifndef BD_DB_DUMP_H
#define BD_DB_DUMP_H

#include <stdio.h>

#include "db/database.h"

enum bd_status bd_dump_write(struct bd_database *db, FILE *out, struct bd_error *err) BD_MUST_CHECK;

#endif
