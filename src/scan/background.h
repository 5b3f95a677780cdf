/* src/scan/background.h - an expected background with its error, and the counts it predicts.
 *
 * The background is averaged over a prior. Gamma (mean b, relative rms r, shape k = 1/r^2) gives a negative
 * binomial count; on/off, an auxiliary count k = (b/sigma)^2 taken with ratio tau = b/sigma^2, gives one of shape
 * k + 1: R. Cousins, J. Linnemann, J. Tucker, NIM A 595 (2008) 480, physics/0702156. */
#ifndef BD_SCAN_BACKGROUND_H
#define BD_SCAN_BACKGROUND_H

#include "src/core/error.h"
#include "src/scan/average.h"

enum bd_background_prior {
    BD_BACKGROUND_AUTO = 0, /* no error: exact; errors within 15% of each other: gamma; else split log-normal */
    BD_BACKGROUND_EXACT,
    BD_BACKGROUND_GAMMA,
    BD_BACKGROUND_LOGNORMAL_MEAN,   /* the quoted number is the mean */
    BD_BACKGROUND_LOGNORMAL_MEDIAN, /* ... the median */
    BD_BACKGROUND_SPLIT_LOGNORMAL,  /* median b, sigma_up = ln((b+u)/b), sigma_down = ln(b/(b-d)) */
    BD_BACKGROUND_ONOFF,
};

struct bd_background {
    double n_event;
    double err_up, err_down; /* both >= 0, err_down <= n_event */
    double err_cl; /* of the interval: 0.68 (also 0, not given) is one standard deviation, 0.90 is 1.645 */
    enum bd_background_prior prior;
};

/* An upper limit "b < limit at 90% CL" as a background: exponential prior of mean limit/ln(10). */
struct bd_background bd_background_from_limit(double limit_90);

/* BD_BAD_INPUT: negative or non-finite number, err_down above n_event, err_cl outside [0, 1), error without a
 * background. */
enum bd_status bd_background_check(const struct bd_background *background, struct bd_error *err) BD_MUST_CHECK;

/* The prior that AUTO stands for; never AUTO. */
enum bd_background_prior bd_background_prior_used(const struct bd_background *background);
const char *bd_background_prior_name(enum bd_background_prior prior); /* "gamma", ... */

/* Prepared once: either a negative binomial or an average over values of b. */
struct bd_background_counts {
    double shape, mean_over_shape; /* negative binomial if shape > 0: mean = shape * mean_over_shape */
    struct bd_average average;
};
enum bd_status bd_background_prepare(const struct bd_background *background, struct bd_background_counts *counts,
                                     struct bd_error *err) BD_MUST_CHECK;

double bd_background_pmf(const struct bd_background_counts *counts, unsigned n);

/* P(<= n | background + n_signal expected events). */
double bd_background_at_most(const struct bd_background_counts *counts, unsigned n, double n_signal);

/* ln P(>= n | background): 0 for n = 0; -infinity only if the background is exactly 0. */
double bd_background_ln_at_least(const struct bd_background_counts *counts, unsigned n);

#endif
