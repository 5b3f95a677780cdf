/* db/sql_function.h - the SQL functions of the program; private to db/.
 *
 * n_events(kernel, width_gev): N_POT a_d N_pd of a stored kernel at its mass and a width, at unit strength and BR
 * = 1; n_events_err(kernel, width_gev): its Monte Carlo error. kernel is the id of a row of table kernel (or
 * v_kernel). NULL for a NULL argument and for a kernel that is outside the range of its formula. */
#ifndef BD_DB_SQL_FUNCTION_H
#define BD_DB_SQL_FUNCTION_H

#include "db/database.h"

enum bd_status bd_sql_function_register(struct bd_database *db, struct bd_error *err) BD_MUST_CHECK;

#endif
