/* src/scan/feldman_cousins.h - unified classical intervals of a Poisson signal with known background.
 *
 * G. Feldman, R. Cousins, PRD 57 (1998) 3873, physics/9711021: counts enter the acceptance region in the order of
 * R(n) = Pois(n; s+b)/Pois(n; max(n, b)). For comparison with published intervals; contours use CLs. */
#ifndef BD_SCAN_FELDMAN_COUSINS_H
#define BD_SCAN_FELDMAN_COUSINS_H

#include "src/core/error.h"

#define BD_FELDMAN_COUSINS_TOLERANCE                                                                              \
    1e-3 /* events, of the monotone end: it is looked for in steps of the background */

/* Smallest and largest s whose acceptance region contains n_observed; there can be gaps in between. */
enum bd_status bd_feldman_cousins_interval(int n_observed, double n_background, double cl, double *lower,
                                           double *upper, struct bd_error *err) BD_MUST_CHECK;

/* Upper end as in the published tables, which never rises with the background: the largest one of all backgrounds
 * >= n_background. */
enum bd_status bd_feldman_cousins_upper_monotone(int n_observed, double n_background, double cl, double *upper,
                                                 struct bd_error *err) BD_MUST_CHECK;

#endif
