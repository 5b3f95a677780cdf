#include "src/scan/average.h"

#include <gsl/gsl_integration.h>
#include <gsl/gsl_randist.h>
#include <math.h>

#define REACH 8.5 /* standard deviations: 2e-17 is left out */

void bd_average_exact(double value, struct bd_average *average)
{
    average->n = 1;
    average->value[0] = value;
    average->weight[0] = 1.0;
}

/* Nodes on [low, 0] and [0, high]; the caller turns them into values and multiplies the weights by the density. */
static enum bd_status halves(double low, double high, struct bd_average *average, struct bd_error *err)
{
    const size_t n_half = BD_AVERAGE_NODES / 2;
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(n_half);
    if (table == NULL)
        return bd_fail(err, BD_NO_MEMORY, "average: no memory for the quadrature");
    average->n = BD_AVERAGE_NODES;
    for (size_t i = 0; i < n_half; i++) {
        (void)gsl_integration_glfixed_point(low, 0.0, i, &average->value[i], &average->weight[i], table);
        (void)gsl_integration_glfixed_point(0.0, high, i, &average->value[n_half + i],
                                            &average->weight[n_half + i], table);
    }
    gsl_integration_glfixed_table_free(table);
    return BD_OK;
}

static void normalise(struct bd_average *average)
{
    double sum = 0.0;
    for (size_t g = 0; g < average->n; g++)
        sum += average->weight[g];
    for (size_t g = 0; g < average->n; g++)
        average->weight[g] /= sum;
}

enum bd_status bd_average_lognormal(double median, double sigma_up, double sigma_down, struct bd_average *average,
                                    struct bd_error *err)
{
    BD_TRY(halves(-REACH, REACH, average, err));
    for (size_t g = 0; g < average->n; g++) {
        const double x = average->value[g];
        average->weight[g] *= gsl_ran_ugaussian_pdf(x);
        average->value[g] = median * exp((x > 0.0 ? sigma_up : sigma_down) * x);
    }
    normalise(average);
    return BD_OK;
}

enum bd_status bd_average_gaussian(double mean, double sigma, struct bd_average *average, struct bd_error *err)
{
    BD_TRY(halves(-fmin(REACH, mean / sigma), REACH, average, err));
    for (size_t g = 0; g < average->n; g++) {
        const double x = average->value[g];
        average->weight[g] *= gsl_ran_ugaussian_pdf(x);
        average->value[g] = fmax(mean + sigma * x, 0.0);
    }
    normalise(average);
    return BD_OK;
}

enum bd_status bd_average_gamma(double mean, double relative, struct bd_average *average, struct bd_error *err)
{
    /* In u = ln(theta/mean), where the density has no singularity; 1e-16 lies outside for every relative <= 1. */
    const double shape = 1.0 / (relative * relative);
    const double low = -(9.0 * relative + 36.0 * relative * relative);
    const double high = log1p(9.0 * relative + 30.0 * relative * relative);
    BD_TRY(halves(low, high, average, err));
    for (size_t g = 0; g < average->n; g++) {
        const double u = average->value[g];
        average->weight[g] *= exp(shape * (u - expm1(u)));
        average->value[g] = mean * exp(u);
    }
    normalise(average);
    return BD_OK;
}
