#include "src/scan/limit.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>
#include <math.h>

#include "src/scan/root.h"

#define ASYMPTOTIC_BACKGROUND_MIN 20.0
#define MEAN_TAIL 1e-12  /* probability left out of the mean over n */
#define NEGLIGIBLE 1e-20 /* probability of an n that is left out: far below b not even CLs has a value */

struct channel {
    unsigned n_observed;
    enum bd_limit_method method;
    struct bd_background_counts background;
    struct bd_average signal; /* common factor of the signal */
    double clb;
    double ln_alpha;
};

static enum bd_status check(int n_observed, double cl, struct bd_error *err)
{
    if (n_observed < 0)
        return bd_fail(err, BD_BAD_INPUT, "%d observed events; it must be >= 0", n_observed);
    if (!(cl > 0.0 && cl < 1.0))
        return bd_fail(err, BD_BAD_INPUT, "confidence level %g is outside 0 to 1 (0.90 is 90%%)", cl);
    return BD_OK;
}

static enum bd_status prepare(int n_observed, const struct bd_background *background,
                              const struct bd_limit_options *options, struct channel *channel,
                              struct bd_error *err)
{
    BD_TRY(check(n_observed, options->cl, err));
    const double delta = options->signal_rel_unc;
    if (!(delta >= 0.0 && delta <= 1.0))
        return bd_fail(err, BD_BAD_INPUT, "relative uncertainty of the signal %g is outside 0 to 1", delta);
    channel->n_observed = (unsigned)n_observed;
    channel->method = options->method;
    channel->ln_alpha = log1p(-options->cl);
    BD_TRY(bd_background_prepare(background, &channel->background, err));
    channel->clb = bd_background_at_most(&channel->background, channel->n_observed, 0.0);
    if (!(channel->clb > 0.0) && n_observed > 0)
        return bd_fail(err, BD_NUMERIC, "%d observed events have no probability with %g background events",
                       n_observed, background->n_event);
    bd_average_exact(1.0, &channel->signal);
    if (delta > 0.0) {
        const double sigma = sqrt(log1p(delta * delta));
        if (options->signal_prior == BD_LIMIT_GAMMA)
            BD_TRY(bd_average_gamma(1.0, delta, &channel->signal, err));
        else if (options->signal_prior == BD_LIMIT_GAUSSIAN)
            BD_TRY(bd_average_gaussian(1.0, delta, &channel->signal, err));
        else
            BD_TRY(bd_average_lognormal(exp(-0.5 * sigma * sigma), sigma, sigma, &channel->signal, err));
    }
    return BD_OK;
}

/* P(<=n | s+b)/P(<=n | b) for a signal without uncertainty. Nothing observed: exp(-s) for any prior of b, also
 * where the probabilities underflow. */
static double ratio(const struct channel *channel, double n_signal)
{
    if (channel->n_observed == 0)
        return exp(-n_signal);
    return bd_background_at_most(&channel->background, channel->n_observed, n_signal) / channel->clb;
}

/* The same, averaged. The posterior of a flat prior in s carries 1/theta, because its integral is over s, not
 * theta s.
 */
static double averaged(const struct channel *channel, double n_signal)
{
    double sum = 0.0, norm = 0.0;
    for (size_t g = 0; g < channel->signal.n; g++) {
        const double theta = channel->signal.value[g];
        const double weight = channel->signal.weight[g] / (channel->method == BD_LIMIT_BAYES ? theta : 1.0);
        sum += weight * ratio(channel, theta * n_signal);
        norm += weight;
    }
    return sum / norm;
}

static double tail(const struct channel *channel, double n_signal)
{
    const double cls = averaged(channel, n_signal);
    return channel->method == BD_LIMIT_CLASSICAL ? cls * channel->clb : cls;
}

static double above_alpha(double ln_signal, void *params)
{
    const struct channel *channel = params;
    return log(fmax(tail(channel, exp(ln_signal)), 1e-300)) - channel->ln_alpha;
}

static enum bd_status solve(struct channel *channel, double *n_signal, struct bd_error *err)
{
    /* CLs is at least exp(-s), so its limit is at least ln(1/alpha); the classical one may be anywhere above 0. */
    double low = log(-channel->ln_alpha) - 1e-9;
    if (channel->method == BD_LIMIT_CLASSICAL)
        for (int i = 0; i < 60 && above_alpha(low, channel) < 0.0; i++)
            low -= 1.0;
    double high = low + M_LN2;
    while (above_alpha(high, channel) > 0.0 && high < low + 60.0)
        high += M_LN2;
    double ln_signal;
    BD_TRY(bd_root_solve(above_alpha, channel, low, high, BD_LIMIT_TOLERANCE, "upper limit", &ln_signal, err));
    *n_signal = exp(ln_signal);
    return BD_OK;
}

enum bd_status bd_limit_upper(int n_observed, const struct bd_background *background,
                              const struct bd_limit_options *options, double *n_signal, struct bd_error *err)
{
    struct channel channel;
    BD_TRY(prepare(n_observed, background, options, &channel, err));
    if (channel.method == BD_LIMIT_CLASSICAL && log(channel.clb) <= channel.ln_alpha)
        return bd_fail(err, BD_NUMERIC,
                       "classical limit: %d events with %g expected have the probability %g even without signal; "
                       "the limit would be negative, use CLs",
                       n_observed, background->n_event, channel.clb);
    return solve(&channel, n_signal, err);
}

enum bd_status bd_limit_tails(int n_observed, const struct bd_background *background,
                              const struct bd_limit_options *options, double n_signal,
                              struct bd_limit_tails *tails, struct bd_error *err)
{
    struct channel channel;
    BD_TRY(prepare(n_observed, background, options, &channel, err));
    if (!(n_signal >= 0.0 && isfinite(n_signal)))
        return bd_fail(err, BD_BAD_INPUT, "signal %g events; it must be a finite number >= 0", n_signal);
    tails->tail = tail(&channel, n_signal);
    tails->clsb = averaged(&channel, n_signal) * channel.clb;
    tails->clb = channel.clb;
    return BD_OK;
}

enum bd_status bd_limit_expected(const struct bd_background *background, const struct bd_limit_options *options,
                                 struct bd_limit_expected *expected, struct bd_error *err)
{
    struct bd_background_counts counts;
    BD_TRY(bd_background_prepare(background, &counts, err));
    double cumulative = 0.0, sum = 0.0;
    int quantile = 0;
    for (int n = 0; cumulative < 1.0 - MEAN_TAIL && n < 100000; n++) {
        const double p = bd_background_pmf(&counts, (unsigned)n);
        double limit = 0.0;
        if (p > NEGLIGIBLE)
            BD_TRY(bd_limit_upper(n, background, options, &limit, err));
        cumulative += p;
        sum += p * limit;
        for (; quantile < 5 && cumulative >= gsl_cdf_ugaussian_P(quantile - 2.0); quantile++) {
            expected->n_observed[quantile] = n;
            expected->limit[quantile] = limit;
        }
    }
    if (quantile < 5)
        return bd_fail(err, BD_NUMERIC, "expected limit: the counts of %g background events have too long a tail",
                       background->n_event);
    expected->mean_limit = sum / cumulative;
    return BD_OK;
}

struct gamma_params {
    double n, p;
};

static double gamma_excess(double x, void *params)
{
    const struct gamma_params *g = params;
    return gsl_cdf_gamma_P(x, g->n, 1.0) - g->p;
}

/* Quantile of the gamma distribution; GSL's inverse failed for some shapes in old versions, so it is checked. */
static enum bd_status gamma_quantile(double p, double n, double *x, struct bd_error *err)
{
    *x = gsl_cdf_gamma_Pinv(p, n, 1.0);
    if (fabs(gsl_cdf_gamma_P(*x, n, 1.0) - p) < 1e-9)
        return BD_OK;
    struct gamma_params params = {n, p};
    return bd_root_solve(gamma_excess, &params, 0.0, n + 40.0 * sqrt(n) + 40.0, 1e-10, "gamma quantile", x, err);
}

enum bd_status bd_limit_classical(int n_observed, double n_background, double cl, double *lower, double *upper,
                                  struct bd_error *err)
{
    BD_TRY(check(n_observed, cl, err));
    BD_TRY(bd_background_check(&(struct bd_background){.n_event = n_background}, err));
    *lower = 0.0;
    if (n_observed > 0)
        BD_TRY(gamma_quantile(1.0 - cl, n_observed, lower, err));
    BD_TRY(gamma_quantile(cl, n_observed + 1.0, upper, err));
    *lower -= n_background;
    *upper -= n_background;
    return BD_OK;
}

struct asymptotic {
    double n, b, alpha;
};

/* 2 ln of L(best s >= 0)/L(s) for n events. */
static double likelihood_ratio(double n, double b, double s)
{
    const double best = fmax(n - b, 0.0);
    return fmax(2.0 * (s - best - (n > 0.0 ? n * log((s + b) / (best + b)) : 0.0)), 0.0);
}

static double asymptotic_excess(double s, void *params)
{
    const struct asymptotic *a = params;
    const double q = likelihood_ratio(a->n, a->b, s), q_asimov = likelihood_ratio(a->b, a->b, s);
    const double root = sqrt(q), root_asimov = sqrt(q_asimov);
    if (q <= q_asimov)
        return gsl_cdf_ugaussian_Q(root) / gsl_cdf_ugaussian_P(root_asimov - root) - a->alpha;
    return gsl_cdf_ugaussian_Q((q + q_asimov) / (2.0 * root_asimov)) /
               gsl_cdf_ugaussian_Q((q - q_asimov) / (2.0 * root_asimov)) -
           a->alpha;
}

enum bd_status bd_limit_asymptotic(int n_observed, double n_background, double cl, int forced, double *n_signal,
                                   struct bd_error *err)
{
    BD_TRY(check(n_observed, cl, err));
    BD_TRY(bd_background_check(&(struct bd_background){.n_event = n_background}, err));
    if (n_background < ASYMPTOTIC_BACKGROUND_MIN && !forced)
        return bd_fail(
            err, BD_BAD_INPUT,
            "asymptotic limit: background %g events; below %g the approximation excludes too much, use CLs",
            n_background, ASYMPTOTIC_BACKGROUND_MIN);
    struct asymptotic params = {n_observed, fmax(n_background, 1e-12), 1.0 - cl};
    const double low = fmax(n_observed - n_background, 0.0) + 1e-6; /* CLs is 1/2 there or more */
    double high = low + 1.0;
    while (asymptotic_excess(high, &params) > 0.0 && high < 1e9)
        high = low + 2.0 * (high - low);
    return bd_root_solve(asymptotic_excess, &params, low, high, BD_LIMIT_ASYMPTOTIC_TOLERANCE, "asymptotic limit",
                         n_signal, err);
}
