#include "src/scan/discovery.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_sf_erf.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>

#include "src/scan/root.h"

#define SYMMETRIC 0.15 /* errors closer than this are one error: an auxiliary count can stand for it */
#define EVENTS_MAX 100000

static double ln_two_sided(double z)
{
    return gsl_sf_log_erfc(z / M_SQRT2);
}

static double z_excess(double z, void *params)
{
    return ln_two_sided(z) - *(const double *)params;
}

enum bd_status bd_discovery_z(double ln_p, enum bd_discovery_sides sides, double *z, struct bd_error *err)
{
    if (!(ln_p <= 0.0 && isfinite(ln_p)))
        return bd_fail(err, BD_BAD_INPUT, "ln p = %g is not the logarithm of a probability above 0", ln_p);
    double ln_both = ln_p + (sides == BD_DISCOVERY_ONE_SIDED ? M_LN2 : 0.0);
    *z = 0.0;
    if (ln_both >= 0.0)
        return BD_OK;
    /* ln erfc(z/sqrt2) < -z^2/2 */
    return bd_root_solve(z_excess, &ln_both, 0.0, sqrt(-2.0 * ln_both) + 1e-6, BD_DISCOVERY_TOLERANCE,
                         "significance", z, err);
}

double bd_discovery_p(double z, enum bd_discovery_sides sides)
{
    return (int)sides * gsl_cdf_ugaussian_Q(z);
}

enum bd_status bd_discovery_count(int n_observed, const struct bd_background *background,
                                  enum bd_discovery_sides sides, struct bd_discovery *discovery,
                                  struct bd_error *err)
{
    struct bd_background_counts counts;
    if (n_observed < 0)
        return bd_fail(err, BD_BAD_INPUT, "%d observed events; it must be >= 0", n_observed);
    BD_TRY(bd_background_prepare(background, &counts, err));
    discovery->ln_p = bd_background_ln_at_least(&counts, (unsigned)n_observed);
    if (!isfinite(discovery->ln_p))
        return bd_fail(err, BD_NUMERIC,
                       "%d events without any background have no significance: give its upper limit", n_observed);
    discovery->p = exp(discovery->ln_p);
    return bd_discovery_z(discovery->ln_p, sides, &discovery->z, err);
}

enum bd_status bd_discovery_onoff(int n_on, int n_off, double tau, double *z_bi, double *z_pl,
                                  struct bd_error *err)
{
    if (n_on < 0 || n_off < 0)
        return bd_fail(err, BD_BAD_INPUT, "%d events on, %d events off; both must be >= 0", n_on, n_off);
    if (!(tau > 0.0 && isfinite(tau)))
        return bd_fail(err, BD_BAD_INPUT, "ratio of the exposures tau = %g must be a finite number > 0", tau);
    *z_bi = *z_pl = 0.0;
    if (n_on == 0 || n_on * tau <= n_off)
        return BD_OK;
    const double total = n_on + n_off;
    *z_pl = sqrt(2.0 * (n_on * log(n_on * (1.0 + tau) / total) +
                        (n_off > 0 ? n_off * log(n_off * (1.0 + tau) / (total * tau)) : 0.0)));
    /* the same tail as a negative binomial of shape n_off + 1 */
    const struct bd_background_counts counts = {.shape = n_off + 1.0, .mean_over_shape = 1.0 / tau};
    return bd_discovery_z(bd_background_ln_at_least(&counts, (unsigned)n_on), BD_DISCOVERY_ONE_SIDED, z_bi, err);
}

enum bd_status bd_discovery_asimov(double n_signal, double n_background, double sigma, double *z,
                                   struct bd_error *err)
{
    const double s = n_signal, b = n_background, variance = sigma * sigma;
    if (!(s >= 0.0 && isfinite(s) && b > 0.0 && isfinite(b) && sigma >= 0.0 && isfinite(sigma)))
        return bd_fail(err, BD_BAD_INPUT,
                       "signal %g, background %g +- %g events; they must be >= 0, background > 0", s, b, sigma);
    double half_square = (s + b) * log1p(s / b) - s;
    if (variance > 0.0)
        half_square = (s + b) * log((s + b) * (b + variance) / (b * b + (s + b) * variance)) -
                      b * b / variance * log1p(variance * s / (b * (b + variance)));
    *z = sqrt(2.0 * fmax(half_square, 0.0));
    return BD_OK;
}

int bd_discovery_onoff_applies(const struct bd_background *background)
{
    const double up = background->err_up, down = background->err_down;
    return fabs(up - down) <= SYMMETRIC * fmax(up, down);
}

enum bd_status bd_discovery_mode_ln_p(int n_observed, const struct bd_background *background,
                                      enum bd_discovery_mode mode, double window, double *ln_p,
                                      struct bd_error *err)
{
    if (n_observed < 1)
        return bd_fail(err, BD_BAD_INPUT, "%d observed events; a discovery needs at least 1", n_observed);
    if (mode == BD_DISCOVERY_SCAN && !(window > 0.0 && window <= 1.0))
        return bd_fail(err, BD_BAD_INPUT, "mass window %g of the range is outside 0 to 1", window);
    BD_TRY(bd_background_check(background, err));
    const double n = n_observed;
    struct bd_background used = *background;
    used.prior = BD_BACKGROUND_EXACT;
    if (mode == BD_DISCOVERY_WINDOWS)
        used.prior = BD_BACKGROUND_GAMMA;
    else if (mode == BD_DISCOVERY_ONOFF && bd_discovery_onoff_applies(background))
        used.prior = BD_BACKGROUND_ONOFF;
    struct bd_discovery discovery;
    BD_TRY(bd_discovery_count(n_observed, &used, BD_DISCOVERY_TWO_SIDED, &discovery, err));
    *ln_p = discovery.ln_p;
    if (mode == BD_DISCOVERY_WINDOWS)
        *ln_p = fmin(*ln_p + log(n), 0.0);
    if (mode == BD_DISCOVERY_SCAN) /* J. Naus, J. Am. Stat. Assoc. 60 (1965) 532: all n in one window */
        *ln_p += log(n - (n - 1.0) * window) + (n - 1.0) * log(window);
    return BD_OK;
}

enum bd_status bd_discovery_events_needed(const struct bd_background *background, enum bd_discovery_mode mode,
                                          double window, double z, enum bd_discovery_sides sides, int *n_observed,
                                          struct bd_error *err)
{
    if (!(z > 0.0 && isfinite(z)))
        return bd_fail(err, BD_BAD_INPUT, "significance %g must be a finite number > 0", z);
    const double ln_threshold = ln_two_sided(z) - (sides == BD_DISCOVERY_ONE_SIDED ? M_LN2 : 0.0);
    for (int n = 1; n < EVENTS_MAX; n++) {
        double ln_p = 0.0;
        BD_TRY(bd_discovery_mode_ln_p(n, background, mode, window, &ln_p, err));
        if (ln_p < ln_threshold) {
            *n_observed = n;
            return BD_OK;
        }
    }
    return bd_fail(err, BD_NUMERIC, "%g standard deviations need more than %d events", z, EVENTS_MAX);
}
