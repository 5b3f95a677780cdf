#include "src/scan/feldman_cousins.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#define SCAN_STEP 0.01 /* in s; no gap of the acceptance is that narrow at the outer ends */
#define BISECTIONS 40
#define BACKGROUND_STEP 0.01
#define BACKGROUND_REACH 2.0 /* the upper end is a saw-tooth of the background with a period of about 1 */
#define REFINE 20
#define TIE 1e-12

struct point {
    double n_observed, n_background, cl;
};

static double ln_order(double n, double s, double b)
{
    const double best = fmax(n, b);
    return best - s - b + (n > 0.0 ? n * log((s + b) / best) : 0.0);
}

/* n_observed is accepted at s if the counts that come before it have a probability below cl. R rises up to about
 * s + b and falls after it, so these counts are neighbours. */
static int accepted(const struct point *point, double s)
{
    const double b = point->n_background, mean = s + b;
    if (mean <= 0.0)
        return point->n_observed == 0.0;
    const double own = ln_order(point->n_observed, s, b), limit = own + TIE * (1.0 + fabs(own));
    double first = floor(mean);
    if (ln_order(first, s, b) <= limit && ln_order(++first, s, b) <= limit)
        return 1; /* nothing comes before */
    double last = first;
    while (first > 0.0 && ln_order(first - 1.0, s, b) > limit)
        first--;
    while (ln_order(last + 1.0, s, b) > limit)
        last++;
    const double up_to_last = gsl_cdf_poisson_P((unsigned)last, mean);
    return up_to_last - (first > 0.0 ? gsl_cdf_poisson_P((unsigned)first - 1, mean) : 0.0) < point->cl;
}

/* The boundary between an accepted and a rejected s. */
static double bisect(const struct point *point, double inside, double outside)
{
    for (int i = 0; i < BISECTIONS; i++) {
        const double s = 0.5 * (inside + outside);
        if (accepted(point, s))
            inside = s;
        else
            outside = s;
    }
    return inside;
}

static double upper_end(const struct point *point)
{
    double s = point->n_observed + 12.0 + 3.0 * sqrt(point->n_observed);
    while (accepted(point, s))
        s *= 2.0; /* for confidence levels far beyond 99% */
    while (s > 0.0 && !accepted(point, s))
        s -= SCAN_STEP;
    return s > 0.0 ? bisect(point, s, s + SCAN_STEP) : 0.0;
}

static enum bd_status check(int n_observed, double n_background, double cl, struct bd_error *err)
{
    if (n_observed < 0)
        return bd_fail(err, BD_BAD_INPUT, "%d observed events; it must be >= 0", n_observed);
    if (!(n_background >= 0.0 && isfinite(n_background)))
        return bd_fail(err, BD_BAD_INPUT, "background %g events; it must be a finite number >= 0", n_background);
    if (!(cl > 0.0 && cl < 1.0))
        return bd_fail(err, BD_BAD_INPUT, "confidence level %g is outside 0 to 1 (0.90 is 90%%)", cl);
    return BD_OK;
}

enum bd_status bd_feldman_cousins_interval(int n_observed, double n_background, double cl, double *lower,
                                           double *upper, struct bd_error *err)
{
    BD_TRY(check(n_observed, n_background, cl, err));
    const struct point point = {n_observed, n_background, cl};
    *upper = upper_end(&point);
    double s = 0.0;
    while (s < *upper && !accepted(&point, s))
        s += SCAN_STEP;
    *lower = s > 0.0 ? bisect(&point, fmin(s, *upper), s - SCAN_STEP) : 0.0;
    return BD_OK;
}

enum bd_status bd_feldman_cousins_upper_monotone(int n_observed, double n_background, double cl, double *upper,
                                                 struct bd_error *err)
{
    BD_TRY(check(n_observed, n_background, cl, err));
    struct point point = {n_observed, n_background, cl};
    double best_background = n_background;
    *upper = upper_end(&point);
    for (double b = n_background; b < n_background + BACKGROUND_REACH; b += BACKGROUND_STEP) {
        point.n_background = b;
        const double end = upper_end(&point);
        if (end > *upper) {
            *upper = end;
            best_background = b;
        }
    }
    for (int i = 1; i < 2 * REFINE; i++) { /* the tip of the saw-tooth is within one step */
        point.n_background = best_background + BACKGROUND_STEP * (i - REFINE) / REFINE;
        if (point.n_background >= n_background)
            *upper = fmax(*upper, upper_end(&point));
    }
    return BD_OK;
}
