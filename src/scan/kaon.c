#include "src/scan/kaon.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_min.h>
#include <math.h>

#include "src/scan/discovery.h"
#include "src/scan/root.h"

#define SAMPLES_MAX 64

static enum bd_status check_positive(double value, const char *what, struct bd_error *err)
{
    if (!(value > 0.0 && isfinite(value)))
        return bd_fail(err, BD_BAD_INPUT, "%s %g must be a finite number > 0", what, value);
    return BD_OK;
}

static enum bd_status check_fraction(double value, const char *what, struct bd_error *err)
{
    if (!(value > 0.0 && value <= 1.0))
        return bd_fail(err, BD_BAD_INPUT, "%s %g is outside 0 to 1", what, value);
    return BD_OK;
}

enum bd_status bd_kaon_decays(double n_norm, double downscaling, double branching_ratio, double acceptance,
                              double *n_kaon, struct bd_error *err)
{
    BD_TRY(check_positive(n_norm, "normalisation events", err));
    BD_TRY(check_positive(downscaling, "downscaling", err));
    BD_TRY(check_fraction(branching_ratio, "branching ratio", err));
    BD_TRY(check_fraction(acceptance, "acceptance", err));
    *n_kaon = n_norm * downscaling / (branching_ratio * acceptance);
    return BD_OK;
}

enum bd_status bd_kaon_ses(double n_kaon, double acceptance, double efficiency, double *ses, struct bd_error *err)
{
    BD_TRY(check_positive(n_kaon, "kaon decays", err));
    BD_TRY(check_fraction(acceptance, "acceptance", err));
    BD_TRY(check_fraction(efficiency, "efficiency", err));
    *ses = 1.0 / (n_kaon * acceptance * efficiency);
    return BD_OK;
}

enum bd_status bd_kaon_ses_combined(const double *ses, size_t n, double *combined, struct bd_error *err)
{
    double sum = 0.0;
    if (n == 0)
        return bd_fail(err, BD_BAD_INPUT, "no single-event sensitivity to combine");
    for (size_t i = 0; i < n; i++) {
        BD_TRY(check_positive(ses[i], "single-event sensitivity", err));
        sum += 1.0 / ses[i];
    }
    *combined = 1.0 / sum;
    return BD_OK;
}

enum bd_status bd_kaon_grossman_nir(double br_charged, double *limit, struct bd_error *err)
{
    BD_TRY(check_fraction(br_charged, "branching ratio", err));
    *limit = BD_KAON_GROSSMAN_NIR * br_charged;
    return BD_OK;
}

enum bd_status bd_kaon_limit(int n_observed, const struct bd_background *background, double ses, double ses_err,
                             enum bd_limit_method method, enum bd_limit_signal_prior prior, double cl,
                             double *limit, struct bd_error *err)
{
    BD_TRY(check_positive(ses, "single-event sensitivity", err));
    if (!(ses_err >= 0.0 && ses_err <= ses))
        return bd_fail(err, BD_BAD_INPUT, "error %g of the single-event sensitivity %g must be between 0 and it",
                       ses_err, ses);
    const struct bd_limit_options options = {
        .method = method, .cl = cl, .signal_rel_unc = ses_err / ses, .signal_prior = prior};
    double n_signal;
    BD_TRY(bd_limit_upper(n_observed, background, &options, &n_signal, err));
    *limit = n_signal * ses;
    return BD_OK;
}

struct likelihood {
    const struct bd_kaon_sample *samples;
    size_t n;
    double target; /* -2 ln L to be met, for the interval */
};

/* -2 ln L of one sample at strength mu, minimised over its background and signal in closed form. With the mean
 * lambda = mu (s + sigma_s e) + b + sigma_b t, the minimum has e = mu sigma_s r, t = sigma_b r, r = n/lambda - 1,
 * so lambda solves lambda^2 - (A - V) lambda - V n = 0, where A = mu s + b and V = (mu sigma_s)^2 + sigma_b^2. */
static double sample_deviance(const struct bd_kaon_sample *sample, double mu)
{
    const double n = sample->n_observed, mean = mu * sample->n_signal + sample->n_background;
    const double sigma_b = n > mean ? sample->background_err_up : sample->background_err_down;
    const double sigma_s = mu * sample->signal_err, variance = sigma_s * sigma_s + sigma_b * sigma_b;
    if (variance <= 0.0)
        return 2.0 * (mean - (n > 0.0 ? n * log(mean) : 0.0));
    const double half = 0.5 * (mean - variance);
    const double root = sqrt(half * half + variance * n);
    const double lambda = half > 0.0 ? half + root : variance * n / (root - half); /* no cancellation */
    if (n <= 0.0) /* r = -1, or the mean pulled down to 0 */
        return mean > variance ? 2.0 * mean - variance : mean * mean / variance;
    const double pull = n / lambda - 1.0;
    return 2.0 * (lambda - n * log(lambda)) + pull * pull * variance;
}

static double deviance(double mu, void *params)
{
    const struct likelihood *likelihood = params;
    double sum = 0.0;
    for (size_t i = 0; i < likelihood->n; i++)
        sum += sample_deviance(&likelihood->samples[i], mu);
    return sum;
}

static double deviance_excess(double mu, void *params)
{
    return deviance(mu, params) - ((const struct likelihood *)params)->target;
}

static enum bd_status minimise(struct likelihood *likelihood, double high, double *mu, struct bd_error *err)
{
    double best = 0.0, lowest = deviance(0.0, likelihood);
    const int n_step = 200; /* bracket by hand: GSL wants a point inside that is lower than both ends */
    for (int i = 1; i <= n_step; i++) {
        const double at = high * i / n_step, value = deviance(at, likelihood);
        if (value < lowest) {
            lowest = value;
            best = at;
        }
    }
    *mu = best;
    if (best <= 0.0)
        return BD_OK;
    gsl_min_fminimizer *minimiser = gsl_min_fminimizer_alloc(gsl_min_fminimizer_brent);
    if (minimiser == NULL)
        return bd_fail(err, BD_NO_MEMORY, "branching ratio: no memory");
    gsl_function f = {.function = deviance, .params = likelihood};
    int status = gsl_min_fminimizer_set(minimiser, &f, best, best - high / n_step, best + high / n_step);
    for (int i = 0; status == GSL_SUCCESS && i < 100; i++) {
        status = gsl_min_fminimizer_iterate(minimiser);
        if (gsl_min_test_interval(gsl_min_fminimizer_x_lower(minimiser), gsl_min_fminimizer_x_upper(minimiser),
                                  0.0, BD_KAON_TOLERANCE) == GSL_SUCCESS)
            break;
    }
    *mu = gsl_min_fminimizer_x_minimum(minimiser);
    gsl_min_fminimizer_free(minimiser);
    return bd_check_gsl(err, status, "branching ratio");
}

static enum bd_status check_sample(const struct bd_kaon_sample *sample, struct bd_error *err)
{
    if (sample->n_observed < 0)
        return bd_fail(err, BD_BAD_INPUT, "%d observed events; it must be >= 0", sample->n_observed);
    BD_TRY(check_positive(sample->n_signal, "expected signal", err));
    BD_TRY(check_positive(sample->n_background, "background", err));
    if (!(sample->signal_err >= 0.0 && sample->signal_err <= sample->n_signal))
        return bd_fail(err, BD_BAD_INPUT, "error %g of the expected signal %g must be between 0 and it",
                       sample->signal_err, sample->n_signal);
    return bd_background_check(&(struct bd_background){.n_event = sample->n_background,
                                                       .err_up = sample->background_err_up,
                                                       .err_down = sample->background_err_down},
                               err);
}

enum bd_status bd_kaon_fit_branching_ratio(const struct bd_kaon_sample *samples, size_t n, double br_reference,
                                           struct bd_kaon_fit *fit, struct bd_error *err)
{
    struct likelihood likelihood = {.samples = samples, .n = n};
    double n_observed = 0.0, n_signal = 0.0;
    BD_TRY(check_positive(br_reference, "reference branching ratio", err));
    if (n == 0 || n > SAMPLES_MAX)
        return bd_fail(err, BD_BAD_INPUT, "%zu samples; between 1 and %d can be fitted", n, SAMPLES_MAX);
    for (size_t i = 0; i < n; i++) {
        BD_TRY(bd_add_context(err, check_sample(&samples[i], err), "sample %zu", i + 1));
        n_observed += samples[i].n_observed;
        n_signal += samples[i].n_signal;
    }
    const double high = 2.0 * (n_observed + 5.0 * sqrt(n_observed) + 10.0) / n_signal;
    double mu, up, down = 0.0;
    BD_TRY(minimise(&likelihood, high, &mu, err));
    const double lowest = deviance(mu, &likelihood), at_zero = deviance(0.0, &likelihood);
    likelihood.target = lowest + 1.0;
    double beyond = high;
    while (deviance_excess(beyond, &likelihood) < 0.0 && beyond < 1e6 * high)
        beyond *= 2.0;
    BD_TRY(
        bd_root_solve(deviance_excess, &likelihood, mu, beyond, BD_KAON_TOLERANCE, "branching ratio", &up, err));
    if (at_zero > likelihood.target) /* else the interval ends at 0 */
        BD_TRY(bd_root_solve(deviance_excess, &likelihood, 0.0, mu, BD_KAON_TOLERANCE, "branching ratio", &down,
                             err));
    *fit = (struct bd_kaon_fit){.br = mu * br_reference,
                                .err_up = (up - mu) * br_reference,
                                .err_down = (mu - down) * br_reference,
                                .z = sqrt(fmax(at_zero - lowest, 0.0))};
    return BD_OK;
}

enum bd_status bd_kaon_project(double n_signal, double n_background, struct bd_kaon_projection *projection,
                               struct bd_error *err)
{
    BD_TRY(check_positive(n_signal, "expected signal", err));
    BD_TRY(check_positive(n_background, "background", err));
    projection->br_rel_err = sqrt(n_signal + n_background) / n_signal;
    projection->z_simple = n_signal / sqrt(n_background);
    return bd_discovery_asimov(n_signal, n_background, 0.0, &projection->z, err);
}
