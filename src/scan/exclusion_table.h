/* src/scan/exclusion_table.h - is a point (mass, coupling) excluded by published limits on a branching ratio?
 *
 *   X that leaves unseen:  BR(parent -> X) [f + (1 - f) A(m, tau)] > limit(m, stable),  f = BR(X -> invisible)
 *   X that is seen:        BR(parent -> X) BR(X -> decay) A(m, tau) > limit(m, 0)
 *
 * with the acceptance A and the limits of src/scan/limit_table.h, and branching ratios, widths and lifetime of the
 * model. No kernels and no protons: the decays of the parent are behind the limits. */
#ifndef BD_SCAN_EXCLUSION_TABLE_H
#define BD_SCAN_EXCLUSION_TABLE_H

#include "src/core/experiment.h"
#include "src/scan/exclusion.h"

struct bd_exclusion_table; /* opaque; read-only when open */

/* experiment: of mode limit_table, borrowed. BD_BAD_INPUT: a fault in its tables, or the model does not have the
 * branching ratio that is limited. */
enum bd_status bd_exclusion_table_open(const struct bd_experiment *experiment,
                                       const struct bd_benchmark *benchmark, struct bd_exclusion_table **table,
                                       struct bd_error *err) BD_MUST_CHECK;
void bd_exclusion_table_free(struct bd_exclusion_table *table); /* accepts NULL */

/* 1 if the model has the branching ratio, and the decay if it must be seen, that this card limits. */
int bd_exclusion_table_applies(const struct bd_experiment *experiment, const struct bd_model *model);

/* The outline, kind "observed" ("projection" for a card that is one), method "table"; it borrows the table. */
enum bd_status bd_exclusion_table_outline(const struct bd_exclusion_table *table,
                                          struct bd_exclusion_outline *outline,
                                          struct bd_error *err) BD_MUST_CHECK;
/* The same, traced. */
enum bd_status bd_exclusion_table_contour(const struct bd_exclusion_table *table, int threads,
                                          struct bd_contour *contour, struct bd_error *err) BD_MUST_CHECK;

/* Every factor at one point. */
struct bd_exclusion_table_point {
    int covered;            /* 0: the card has no limit at this mass; all below is 0 then */
    double br_production;   /* BR(parent -> X ...) */
    double br_decay;        /* BR(X -> decay of the card) */
    double ctau_m;          /* INFINITY: stable */
    double ln_acceptance;   /* A */
    double ln_br_effective; /* what is compared with the limit; -INFINITY: nothing */
    double ln_limit;
};
enum bd_status bd_exclusion_table_at(const struct bd_exclusion_table *table, double mass_gev, double axis,
                                     struct bd_exclusion_table_point *point, struct bd_error *err) BD_MUST_CHECK;

#endif
