/* src/core/interpolate.h - a curve through tabulated nodes: piecewise cubic Hermite, monotone between the nodes.
 *
 * Slopes: inside, the weighted harmonic mean of the neighbouring secants, 0 at an extremum (F. N. Fritsch and
 * J. Butland, SIAM J. Sci. Stat. Comput. 5 (1984) 300, with the weights of Moler's pchip); at the ends, the
 * three-point formula, limited so that the curve keeps its shape. GSL's steffen is another choice of slopes:
 * tables whose errors were measured with this one need this one. */
#ifndef BD_CORE_INTERPOLATE_H
#define BD_CORE_INTERPOLATE_H

#include <stddef.h>

#include "src/core/error.h"

struct bd_interpolate;

/* n >= 2 nodes, x strictly ascending, all finite; copied. BD_BAD_INPUT names the first wrong node. */
enum bd_status bd_interpolate_create(const double *x, const double *y, size_t n, struct bd_interpolate **curve,
                                     struct bd_error *err) BD_MUST_CHECK;

/* Value at x; the value of the nearest node outside. Thread-safe. */
double bd_interpolate_at(const struct bd_interpolate *curve, double x);

void bd_interpolate_free(struct bd_interpolate *curve); /* accepts NULL */

#endif
