/* models/alp_tables.h - tabulated widths of an axion-like particle (models/data/alp_width_*.csv).
 *
 * Interpolated between nodes as their errors were measured, never extrapolated. Masses and Gamma/g^2 [GeV, GeV^3].
 */
#ifndef BD_MODELS_ALP_TABLES_H
#define BD_MODELS_ALP_TABLES_H

#include "models/model.h"

#define BD_ALP_TABLES_END_GEV 3.01 /* the tables say nothing from here on */

enum { BD_ALP_TABLE_GG, BD_ALP_TABLE_QQ, BD_ALP_TABLES };

struct bd_alp_tables;

/* modes: names whose curves are kept, NULL-terminated; the total of a table has the index behind the last one.
 * BD_BAD_INPUT names file, line, column and value. */
enum bd_status bd_alp_tables_load(const char *const *modes, struct bd_alp_tables **tables,
                                  struct bd_error *err) BD_MUST_CHECK;
void bd_alp_tables_free(struct bd_alp_tables *tables); /* accepts NULL */

/* Gamma/g^2 of a mode: 0 up to the threshold and where there is no curve. BD_FLAG_OUTSIDE where a curve exists,
 * but not at this mass. first_gev: where the nodes begin; below it, the value is linear down to 0 at the
 * threshold. */
struct bd_model_value bd_alp_tables_width(const struct bd_alp_tables *tables, int table, int mode,
                                          double mass_gev);

/* Mass of the first node of a mode; 0 if there is no curve. */
double bd_alp_tables_first(const struct bd_alp_tables *tables, int table, int mode);

#endif
