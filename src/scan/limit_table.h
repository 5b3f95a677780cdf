/* src/scan/limit_table.h - published limits on a branching ratio against the mass and the lifetime of X.
 *
 * limit(m, tau) = reference(m)/acceptance(m, tau). The reference is the limit for stable X (searches for X that
 * leaves unseen) or for X of lifetime 0 (searches for its decay). Rules:
 *  - in mass, ln of limit and acceptance are linear in m between the rows of the table;
 *  - in lifetime, ln(acceptance) is linear in ln(tau) between tabulated lifetimes;
 *  - beyond the longest one of a search for unseen X it is linear in 1/tau, up to stable X;
 *  - elsewhere the formula of the card is used, scaled to meet the table at its end: the escape probability
 *    (src/scan/lifetime.h), or 1 - exp(-t/tau) for a decay that must be near. */
#ifndef BD_SCAN_LIMIT_TABLE_H
#define BD_SCAN_LIMIT_TABLE_H

#include "src/core/experiment.h"

struct bd_limit_table; /* opaque; read-only when open */

/* Read the tables of a card of mode limit_table. BD_BAD_INPUT names file, line, column and value. */
enum bd_status bd_limit_table_open(const struct bd_experiment *experiment, struct bd_limit_table **table,
                                   struct bd_error *err) BD_MUST_CHECK;
void bd_limit_table_free(struct bd_limit_table *table); /* accepts NULL */

/* 1 if the mass is in a range where the card has limits. */
int bd_limit_table_covers(const struct bd_limit_table *table, double mass_gev);
/* Masses of the rows, ascending. */
size_t bd_limit_table_n_mass(const struct bd_limit_table *table);
double bd_limit_table_mass(const struct bd_limit_table *table, size_t i);

/* ln of the limit at the reference lifetime; the mass must be covered. */
double bd_limit_table_ln_reference(const struct bd_limit_table *table, double mass_gev);
/* ln of the acceptance relative to it; the mass must be covered. ctau_m may be INFINITY. */
enum bd_status bd_limit_table_ln_acceptance(const struct bd_limit_table *table, double mass_gev, double ctau_m,
                                            double *ln_acceptance, struct bd_error *err) BD_MUST_CHECK;

#endif
