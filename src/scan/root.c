#include "src/scan/root.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>
#include <math.h>

#define ITERATIONS_MAX 200

enum bd_status bd_root_solve(double (*function)(double x, void *params), void *params, double low, double high,
                             double abs_tol, const char *what, double *root, struct bd_error *err)
{
    /* Tested here, because Brent's method of GSL would only say "endpoints do not straddle y = 0". */
    const double at_low = function(low, params), at_high = function(high, params);
    if (!(at_low * at_high <= 0.0))
        return bd_fail(err, BD_NUMERIC, "%s: no sign change between %g (%g) and %g (%g)", what, low, at_low, high,
                       at_high);
    gsl_function f = {.function = function, .params = params};
    gsl_root_fsolver *solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    if (solver == NULL)
        return bd_fail(err, BD_NO_MEMORY, "%s: no memory", what);
    int gsl_status = gsl_root_fsolver_set(solver, &f, low, high);
    for (int i = 0; gsl_status == GSL_SUCCESS && i < ITERATIONS_MAX; i++) {
        gsl_status = gsl_root_fsolver_iterate(solver);
        if (gsl_status != GSL_SUCCESS)
            break;
        if (gsl_root_test_interval(gsl_root_fsolver_x_lower(solver), gsl_root_fsolver_x_upper(solver), abs_tol,
                                   0.0) == GSL_SUCCESS)
            break;
        if (i == ITERATIONS_MAX - 1)
            gsl_status = GSL_EMAXITER;
    }
    *root = gsl_root_fsolver_root(solver);
    gsl_root_fsolver_free(solver);
    return bd_check_gsl(err, gsl_status, what);
}
