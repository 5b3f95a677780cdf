/* decay/kernel_transform.c - a stored kernel at a width: the Laplace transform, and the error curve. */
#include <math.h>

#include "decay/kernel.h"
#include "src/core/pdg.h"

double bd_kernel_yield(const struct bd_kernel_nodes *nodes, const double *weight, double mass_gev,
                       double width_gev)
{
    const double rate_per_m = width_gev / BD_HBARC_GEV_M;
    const double ratio = exp(nodes->ln_s_step);
    double exponent = mass_gev * rate_per_m * exp(nodes->ln_s_min - 3.0 * nodes->ln_s_step);
    double sum_m = 0.0;
    for (size_t k = 0; k < BD_KERNEL_NODES; k++) {
        sum_m += weight[k] * exp(-exponent);
        exponent *= ratio;
    }
    /* Far beyond the short-lived edge only the first nodes are left, and their cubic weights may be negative. */
    return sum_m > 0.0 ? rate_per_m * sum_m : 0.0;
}

double bd_kernel_error(const double *error_width_gev, const double *error_rel, double width_gev)
{
    const size_t last = BD_KERNEL_ERRORS - 1;
    if (width_gev <= error_width_gev[0])
        return error_rel[0];
    if (width_gev >= error_width_gev[last])
        return error_rel[last]; /* also for a closed kernel, whose curve is all 0 */
    size_t i = 0;
    while (width_gev >= error_width_gev[i + 1])
        i++;
    if (error_width_gev[i] <= 0.0) /* the plateau itself, width 0: no logarithm */
        return error_rel[i + 1];
    const double u = log(width_gev / error_width_gev[i]) / log(error_width_gev[i + 1] / error_width_gev[i]);
    return error_rel[i] + u * (error_rel[i + 1] - error_rel[i]);
}
