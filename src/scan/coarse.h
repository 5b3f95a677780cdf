/* src/scan/coarse.h - src/scan/lattice.h for expected limits where many channels share few background events.
 *
 * The same rounding of the weights to a lattice, but of 512 steps, which needs no transform: the background is a
 * compound Poisson sum, by the recursion of H. H. Panjer, ASTIN Bulletin 12 (1981) 22, and each signal event one
 * convolution with the few weights. Twenty microseconds instead of a tenth of a second. Outcomes that fall on one
 * step are not told apart: ln mu_up is off by 0.2%, rarely by 1%. With few channels outcomes are more probable,
 * and the steps are 4096. */
#ifndef BD_SCAN_COARSE_H
#define BD_SCAN_COARSE_H

#include <stddef.h>

#include "src/core/error.h"

struct bd_tail_problem;
struct bd_tails;

/* 1: few enough events for the coarse steps, and no uncertain background. */
int bd_coarse_suffices(const struct bd_tail_problem *problem);

/* 1: so many channels share the background that an enumeration of outcomes would take longer. */
int bd_coarse_has_many(const struct bd_tail_problem *problem);

/* As bd_lattice_background. p_j below 1e-6 are left out. */
enum bd_status bd_coarse_background(const struct bd_tail_problem *problem, const double *quantile,
                                    size_t n_quantile, double signal_scale, struct bd_tails *tails,
                                    double *cumulative, double *point, /* [tails->n_threshold] */
                                    struct bd_error *err) BD_MUST_CHECK;

#endif
