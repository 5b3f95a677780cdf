/* src/scan/average.h - averages over an uncertain positive number, as sum_g weight_g f(value_g).
 *
 * Gauss-Legendre on the two halves of the distribution, so that a log-normal may have different widths above and
 * below its median. Weights add up to 1. */
#ifndef BD_SCAN_AVERAGE_H
#define BD_SCAN_AVERAGE_H

#include <stddef.h>

#include "src/core/error.h"

#define BD_AVERAGE_NODES 96

struct bd_average {
    size_t n;
    double value[BD_AVERAGE_NODES], weight[BD_AVERAGE_NODES];
};

/* A number known exactly. */
void bd_average_exact(double value, struct bd_average *average);

/* median * exp(sigma_up x) for x > 0, median * exp(sigma_down x) for x < 0, x standard normal. */
enum bd_status bd_average_lognormal(double median, double sigma_up, double sigma_down, struct bd_average *average,
                                    struct bd_error *err) BD_MUST_CHECK;

/* Gaussian, cut off at 0. */
enum bd_status bd_average_gaussian(double mean, double sigma, struct bd_average *average,
                                   struct bd_error *err) BD_MUST_CHECK;

/* Gamma distribution; relative rms at most 1. */
enum bd_status bd_average_gamma(double mean, double relative, struct bd_average *average,
                                struct bd_error *err) BD_MUST_CHECK;

#endif
