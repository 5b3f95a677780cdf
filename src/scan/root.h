/* src/scan/root.h - the one place that drives GSL's root finder. */
#ifndef BD_SCAN_ROOT_H
#define BD_SCAN_ROOT_H

#include "src/core/error.h"

/* Root of a continuous function that changes sign between low and high, by Brent's method, to |dx| < abs_tol.
 * BD_NUMERIC, naming `what`, if the ends do not straddle a root or the function is not a number there. */
enum bd_status bd_root_solve(double (*function)(double x, void *params), void *params, double low, double high,
                             double abs_tol, const char *what, double *root, struct bd_error *err) BD_MUST_CHECK;

#endif
