#include "src/scan/background.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>

#define SYMMETRIC 0.15      /* errors closer than this, relative, are one error */
#define LOWER_EDGE_MIN 0.02 /* of b: where a lower error reaches 0 */
#define SHAPE_EXACT 1e12    /* relative error 1e-6 */

static const char *const prior_names[] = {
    "auto", "exact", "gamma", "lognormal_mean", "lognormal_median", "split_lognormal", "onoff"};

struct bd_background bd_background_from_limit(double limit_90)
{
    const double mean = limit_90 / M_LN10;
    return (struct bd_background){.n_event = mean, .err_up = mean, .err_down = mean, .prior = BD_BACKGROUND_GAMMA};
}

enum bd_status bd_background_check(const struct bd_background *background, struct bd_error *err)
{
    const double b = background->n_event, up = background->err_up, down = background->err_down;
    if (!(b >= 0.0 && isfinite(b)))
        return bd_fail(err, BD_BAD_INPUT, "background %g events; it must be a finite number >= 0", b);
    if (!(up >= 0.0 && isfinite(up)))
        return bd_fail(err, BD_BAD_INPUT, "upper background error %g events; it must be a finite number >= 0", up);
    if (!(down >= 0.0 && isfinite(down)))
        return bd_fail(err, BD_BAD_INPUT, "lower background error %g events; it must be a finite number >= 0",
                       down);
    if (down > b)
        return bd_fail(err, BD_BAD_INPUT, "lower background error %g is above the background, %g events", down, b);
    if (up > 0.0 && !(b > 0.0))
        return bd_fail(err, BD_BAD_INPUT, "background 0 with the error %g events has no prior", up);
    if (!(background->err_cl >= 0.0 && background->err_cl < 1.0))
        return bd_fail(err, BD_BAD_INPUT, "confidence level %g of the background error is outside 0 to 1",
                       background->err_cl);
    return BD_OK;
}

/* Standard deviations that the quoted interval spans to either side; "68%" is meant to be 68.27%. */
static double standard_deviations(const struct bd_background *background)
{
    const double cl = background->err_cl;
    return cl == 0.0 || fabs(cl - 0.6827) < 0.005 ? 1.0 : gsl_cdf_ugaussian_Pinv(0.5 * (1.0 + cl));
}

enum bd_background_prior bd_background_prior_used(const struct bd_background *background)
{
    const double up = background->err_up, down = background->err_down;
    if (up == 0.0 && down == 0.0)
        return BD_BACKGROUND_EXACT;
    if (background->prior != BD_BACKGROUND_AUTO)
        return background->prior;
    return fabs(up - down) <= SYMMETRIC * fmax(up, down) ? BD_BACKGROUND_GAMMA : BD_BACKGROUND_SPLIT_LOGNORMAL;
}

const char *bd_background_prior_name(enum bd_background_prior prior)
{
    return prior_names[prior];
}

enum bd_status bd_background_prepare(const struct bd_background *background, struct bd_background_counts *counts,
                                     struct bd_error *err)
{
    BD_TRY(bd_background_check(background, err));
    const double b = background->n_event, z = standard_deviations(background);
    const double relative = 0.5 * (background->err_up + background->err_down) / z / b; /* unused if b = 0 */
    const double shape = 1.0 / (relative * relative), sigma = sqrt(log1p(relative * relative));
    const enum bd_background_prior prior =
        shape < SHAPE_EXACT ? bd_background_prior_used(background) : BD_BACKGROUND_EXACT;
    counts->shape = counts->mean_over_shape = 0.0;
    switch (prior) {
    case BD_BACKGROUND_GAMMA:
        counts->shape = shape;
        counts->mean_over_shape = b / shape;
        return BD_OK;
    case BD_BACKGROUND_ONOFF:
        counts->shape = shape + 1.0;
        counts->mean_over_shape = b / shape;
        return BD_OK;
    case BD_BACKGROUND_LOGNORMAL_MEAN:
        return bd_average_lognormal(b * exp(-0.5 * sigma * sigma), sigma, sigma, &counts->average, err);
    case BD_BACKGROUND_LOGNORMAL_MEDIAN:
        return bd_average_lognormal(b, sigma, sigma, &counts->average, err);
    case BD_BACKGROUND_SPLIT_LOGNORMAL:
        return bd_average_lognormal(b, log1p(background->err_up / b) / z,
                                    -log(fmax(1.0 - background->err_down / b, LOWER_EDGE_MIN)) / z,
                                    &counts->average, err);
    case BD_BACKGROUND_AUTO:
    case BD_BACKGROUND_EXACT:
        break;
    }
    bd_average_exact(b, &counts->average);
    return BD_OK;
}

/* ln P(j)/P(j-1). GSL's negative binomial and ln-Pochhammer lose digits where the shape is large. */
static double ln_ratio(double j, double shape, double mean_over_shape)
{
    return log((shape + j - 1.0) * mean_over_shape / ((1.0 + mean_over_shape) * j));
}

static double ln_negative_binomial(unsigned n, double shape, double mean_over_shape)
{
    double ln_p = -shape * log1p(mean_over_shape);
    for (unsigned j = 1; j <= n; j++)
        ln_p += ln_ratio(j, shape, mean_over_shape);
    return ln_p;
}

double bd_background_pmf(const struct bd_background_counts *counts, unsigned n)
{
    if (counts->shape > 0.0)
        return exp(ln_negative_binomial(n, counts->shape, counts->mean_over_shape));
    double sum = 0.0;
    for (size_t g = 0; g < counts->average.n; g++)
        sum += counts->average.weight[g] * gsl_ran_poisson_pdf(n, counts->average.value[g]);
    return sum;
}

/* GSL has no Poisson distribution of mean 0. */
static double poisson_at_most(unsigned n, double mean)
{
    return mean > 0.0 ? gsl_cdf_poisson_P(n, mean) : 1.0;
}

double bd_background_at_most(const struct bd_background_counts *counts, unsigned n, double n_signal)
{
    double sum = 0.0;
    if (counts->shape > 0.0) {
        double ln_p = ln_negative_binomial(0, counts->shape, counts->mean_over_shape);
        for (unsigned k = 0; k <= n; k++) {
            if (k > 0)
                ln_p += ln_ratio(k, counts->shape, counts->mean_over_shape);
            sum += exp(ln_p) * poisson_at_most(n - k, n_signal);
        }
        return sum;
    }
    for (size_t g = 0; g < counts->average.n; g++)
        sum += counts->average.weight[g] * poisson_at_most(n, n_signal + counts->average.value[g]);
    return sum;
}

/* ln sum_{j >= n} b^j e^-b/j! = ln of its first term + ln(1 + b/(n+1) + ...): no cancellation and no underflow. */
static double ln_poisson_at_least(unsigned n, double b)
{
    const double direct = gsl_cdf_poisson_Q(n - 1, b); /* P(> n-1) */
    if (direct > 1e-290)
        return log(direct);
    double term = 1.0, sum = 1.0;
    for (double j = n + 1.0; term > 1e-17 * sum; j += 1.0)
        sum += term *= b / j;
    return n * log(b) - b - gsl_sf_lnfact(n) + log(sum);
}

static double ln_negative_binomial_at_least(unsigned n, double shape, double mean_over_shape)
{
    const double p = 1.0 / (1.0 + mean_over_shape);
    const double direct = gsl_cdf_negative_binomial_Q(n - 1, p, shape);
    if (direct > 1e-290)
        return log(direct);
    double term = 1.0, sum = 1.0;
    for (double j = n + 1.0; term > 1e-17 * sum; j += 1.0)
        sum += term *= (shape + j - 1.0) / j * (1.0 - p);
    return ln_negative_binomial(n, shape, mean_over_shape) + log(sum);
}

double bd_background_ln_at_least(const struct bd_background_counts *counts, unsigned n)
{
    if (n == 0)
        return 0.0;
    if (counts->shape > 0.0)
        return ln_negative_binomial_at_least(n, counts->shape, counts->mean_over_shape);
    double ln_term[BD_AVERAGE_NODES], largest = -INFINITY, sum = 0.0;
    for (size_t g = 0; g < counts->average.n; g++) {
        const double b = counts->average.value[g];
        ln_term[g] = b > 0.0 ? log(counts->average.weight[g]) + ln_poisson_at_least(n, b) : -INFINITY;
        largest = fmax(largest, ln_term[g]);
    }
    if (!isfinite(largest))
        return -INFINITY;
    for (size_t g = 0; g < counts->average.n; g++)
        sum += exp(ln_term[g] - largest);
    return largest + log(sum);
}
