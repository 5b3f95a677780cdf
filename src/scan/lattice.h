/* src/scan/lattice.h - the p_j of src/scan/tail.h when there are too many outcomes to enumerate.
 *
 * The weights are rounded to multiples m_i of a step, so that X is an integer and its characteristic function is
 * known: a compound Poisson (or negative binomial) sum. The upper end is tamed by an exponential tilt: R. Gruebel
 * and R. Hermesmeier, ASTIN Bulletin 29 (1999) 197. Outcomes whose X differ by less than the rounding may be
 * misordered. */
#ifndef BD_SCAN_LATTICE_H
#define BD_SCAN_LATTICE_H

#include <stddef.h>

#include "src/core/error.h"

struct bd_tail_problem;
struct bd_tails;

/* The p_j at X_obs. BD_BAD_INPUT: more events than it can take. */
enum bd_status bd_lattice_observed(const struct bd_tail_problem *problem, double signal_scale,
                                   struct bd_tails *tails, struct bd_error *err) BD_MUST_CHECK;

/* The p_j at the first X with P(X' <= X | background) >= quantile[q], for ascending quantiles; equal ones are one
 * threshold. cumulative[t] is that probability and point[t] = P(X | background). */
enum bd_status bd_lattice_background(const struct bd_tail_problem *problem, const double *quantile,
                                     size_t n_quantile, double signal_scale, struct bd_tails *tails,
                                     double *cumulative, double *point, /* [tails->n_threshold] */
                                     struct bd_error *err) BD_MUST_CHECK;

/* For src/scan/coarse: the thresholds of bd_lattice_background in a distribution p[n]. Returns their number. */
size_t bd_lattice_thresholds(const double *p, size_t n, const double *quantile, size_t n_quantile, size_t *top,
                             double *cumulative, double *point);

#endif
