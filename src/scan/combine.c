#include "src/scan/combine.h"

#include <gsl/gsl_integration.h>
#include <gsl/gsl_math.h>
#include <math.h>

#include "src/scan/root.h"
#include "src/scan/tail.h"

#define N_NODE 9         /* 32 nodes change CLs by less than 1e-9 at the limit, with 20% */
#define LINEAR_MAX 600.0 /* events: exp(-s) does not underflow */

static double ln_sum(const double *ln_term, size_t n)
{
    double largest = -INFINITY, sum = 0.0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, ln_term[i]);
    for (size_t i = 0; i < n; i++)
        sum += exp(ln_term[i] - largest);
    return largest + log(sum);
}

/* CLs and its derivative to the signal, where nothing underflows. The nodes are the inner loop: independent sums.
 */
static double cls_and_slope(const struct bd_combine *combine, const struct bd_tails *tails, size_t threshold,
                            double n_signal, double *slope)
{
    static const double empty[] = {1.0};
    const double *const p = tails == NULL ? empty : &tails->p[threshold * tails->n_power];
    const size_t n_power = tails == NULL ? 1 : tails->n_power;
    double y[BD_COMBINE_NODES_MAX], term[BD_COMBINE_NODES_MAX], value[BD_COMBINE_NODES_MAX] = {0.0},
                                                                change[BD_COMBINE_NODES_MAX] = {0.0};
    for (size_t g = 0; g < combine->n_node; g++) {
        y[g] = combine->node[g] * n_signal;
        term[g] = combine->weight[g] * exp(-y[g]);
    }
    for (size_t j = 0; j < n_power; j++) {
        const double next = j + 1 < n_power ? p[j + 1] : 0.0, inverse = 1.0 / (double)(j + 1);
        for (size_t g = 0; g < combine->n_node; g++) {
            value[g] += term[g] * p[j];
            change[g] += term[g] * (next - p[j]); /* d/dy of Pois(j; y) is Pois(j - 1; y) - Pois(j; y) */
            term[g] *= y[g] * inverse;
        }
    }
    double sum = 0.0;
    *slope = 0.0;
    for (size_t g = 0; g < combine->n_node; g++) {
        sum += value[g];
        *slope += combine->node[g] * change[g];
    }
    return sum;
}

double bd_combine_ln_cls(const struct bd_combine *combine, const struct bd_tails *tails, size_t t, double n_signal)
{
    /* The usual case: one logarithm for all nodes. */
    if (combine->node[combine->n_node - 1] * n_signal < LINEAR_MAX) {
        double slope;
        return log(cls_and_slope(combine, tails, t, n_signal, &slope));
    }
    double ln_term[BD_COMBINE_NODES_MAX];
    for (size_t g = 0; g < combine->n_node; g++) {
        const double y = combine->node[g] * n_signal;
        ln_term[g] = log(combine->weight[g]) + (tails == NULL ? -y : bd_tail_ln_cls(tails, t, y));
    }
    return ln_sum(ln_term, combine->n_node);
}

struct limit_params {
    const struct bd_combine *combine;
    const struct bd_tails *tails;
    size_t threshold;
};

static double above_alpha(double ln_signal, void *params)
{
    const struct limit_params *p = params;
    return bd_combine_ln_cls(p->combine, p->tails, p->threshold, exp(ln_signal)) - p->combine->ln_alpha;
}

#define NEWTON_STEPS 12
#define NEWTON_CLOSE 1e-5 /* a step in ln y: the next one would be of its square */

/* Newton's method for ln CLs(ln y) = ln alpha, which is concave: from the right it converges without bracket. 0:
 * it did not, or numbers are too large for plain sums. */
static int newton(const struct bd_combine *combine, const struct bd_tails *tails, size_t threshold,
                  double *n_signal)
{
    double y = *n_signal;
    for (int i = 0; i < NEWTON_STEPS; i++) {
        double slope;
        if (!(combine->node[combine->n_node - 1] * y < LINEAR_MAX))
            return 0;
        const double cls = cls_and_slope(combine, tails, threshold, y, &slope);
        if (!(cls > 0.0 && slope < 0.0))
            return 0;
        const double step = (combine->ln_alpha - log(cls)) * cls / (slope * y);
        y *= exp(fmin(fmax(step, -M_LN2), M_LN2));
        if (fabs(step) < NEWTON_CLOSE) {
            *n_signal = y;
            return 1;
        }
    }
    return 0;
}

enum bd_status bd_combine_solve(const struct bd_combine *combine, const struct bd_tails *tails, size_t threshold,
                                double *n_signal, struct bd_error *err)
{
    /* CLs >= exp(-s), and its average is larger still (Jensen): the limit is never below ln(1/alpha). */
    const double lowest = -combine->ln_alpha, low = log(lowest);
    *n_signal = fmax(*n_signal, lowest);
    if (newton(combine, tails, threshold, n_signal))
        return BD_OK;
    struct limit_params params = {combine, tails, threshold};
    double high = low + M_LN2;
    while (above_alpha(high, &params) > 0.0 && high < low + 40.0)
        high += M_LN2;
    double ln_signal = low;
    if (above_alpha(low, &params) > 0.0)
        BD_TRY(bd_root_solve(above_alpha, &params, low, high, BD_COMBINE_TOLERANCE, "combined limit", &ln_signal,
                             err));
    *n_signal = exp(ln_signal);
    return BD_OK;
}

enum bd_status bd_combine_init(const struct bd_combine_options *options, struct bd_combine *combine,
                               struct bd_error *err)
{
    if (!(options->cl > 0.0 && options->cl < 1.0))
        return bd_fail(err, BD_BAD_INPUT, "confidence level %g is outside 0 to 1 (0.90 is 90%%)", options->cl);
    if (!(options->signal_rel_unc >= 0.0 && options->signal_rel_unc <= 1.0))
        return bd_fail(err, BD_BAD_INPUT, "relative uncertainty of the signal %g is outside 0 to 1",
                       options->signal_rel_unc);
    *combine = (struct bd_combine){.ln_alpha = log1p(-options->cl), .n_node = 1, .node = {1.0}, .weight = {1.0}};
    if (options->signal_rel_unc > 0.0) {
        const double sigma = sqrt(log1p(options->signal_rel_unc * options->signal_rel_unc));
        gsl_integration_fixed_workspace *hermite =
            gsl_integration_fixed_alloc(gsl_integration_fixed_hermite, N_NODE, 0.0, 0.5, 0.0, 0.0);
        if (hermite == NULL)
            return bd_fail(err, BD_NO_MEMORY, "combined limit: no memory for the quadrature");
        const double *x = gsl_integration_fixed_nodes(hermite);
        const double *weight = gsl_integration_fixed_weights(hermite);
        for (size_t g = 0; g < N_NODE; g++) {
            combine->node[g] = exp(sigma * x[g] - 0.5 * sigma * sigma);
            combine->weight[g] = weight[g] / sqrt(2.0 * M_PI);
        }
        gsl_integration_fixed_free(hermite);
        combine->n_node = N_NODE;
        combine->signal_sigma = sigma;
    }
    combine->empty_limit = 0.0;
    return bd_combine_solve(combine, NULL, 0, &combine->empty_limit, err);
}

double bd_combine_signal_scale(const struct bd_combine *combine, const struct bd_tail_problem *problem)
{
    /* An upper limit on the signal is below twice the events plus a few, also with the nodes that have a weight.
     */
    const double b = problem->n_background;
    const double events = fmax(problem->n_observed, b + 3.0 * sqrt(b));
    return 2.0 * events + 3.0 * (1.0 - combine->ln_alpha);
}

static enum bd_status combine(const struct bd_combine *combine, const struct bd_combine_channel *channels,
                              size_t n, int want_limit, struct bd_combine_result *result, struct bd_error *err)
{
    struct bd_tail_problem problem;
    BD_TRY(bd_tail_prepare(channels, n, &problem, err));
    *result = (struct bd_combine_result){.ln_mu_up = BD_COMBINE_LN_MU_MAX, .warnings = problem.warnings};
    double limit = combine->empty_limit, ln_clb = problem.ln_background_empty;
    if (problem.n_channel > 0 && problem.n_observed > 0.0) {
        struct bd_tails tails;
        bd_tail_order(&problem);
        bd_tail_init(&tails);
        double scale = bd_combine_signal_scale(combine, &problem);
        if (!want_limit) /* no strength beyond the tested one: fewer outcomes matter */
            scale = fmin(scale, 3.0 * problem.n_signal);
        enum bd_status status = bd_tail_observed(&problem, scale, &tails, err);
        if (status == BD_OK && want_limit)
            status = bd_combine_solve(combine, &tails, 0, &limit, err);
        if (status == BD_OK) {
            result->ln_cls = bd_combine_ln_cls(combine, &tails, 0, problem.n_signal);
            result->engine = tails.engine;
            result->n_outcome = tails.n_outcome;
            ln_clb = tails.ln_clb[0];
        }
        bd_tail_free(&tails);
        BD_TRY(status);
    } else if (problem.n_channel > 0) {
        result->ln_cls = bd_combine_ln_cls(combine, NULL, 0, problem.n_signal);
    }
    result->ln_cls = fmin(result->ln_cls, 0.0); /* rounding for tiny signals */
    result->cls = exp(result->ln_cls);
    result->clb = exp(ln_clb);
    result->clsb = exp(result->ln_cls + ln_clb);
    if (problem.n_channel > 0)
        result->ln_mu_up = fmin(log(limit) - log(problem.n_signal), BD_COMBINE_LN_MU_MAX);
    return BD_OK;
}

enum bd_status bd_combine_cls(const struct bd_combine *prepared, const struct bd_combine_channel *channels,
                              size_t n, struct bd_combine_result *result, struct bd_error *err)
{
    return combine(prepared, channels, n, 0, result, err);
}

enum bd_status bd_combine_limit(const struct bd_combine *prepared, const struct bd_combine_channel *channels,
                                size_t n, struct bd_combine_result *result, struct bd_error *err)
{
    return combine(prepared, channels, n, 1, result, err);
}

enum bd_status bd_combine_leave_one_out(const struct bd_combine *prepared,
                                        const struct bd_combine_channel *channels, size_t n, double *ln_mu_up,
                                        struct bd_error *err)
{
    struct bd_combine_channel others[BD_COMBINE_CHANNELS_MAX];
    if (n > BD_COMBINE_CHANNELS_MAX)
        return bd_fail(err, BD_BAD_INPUT, "%zu channels; at most %d can be combined", n, BD_COMBINE_CHANNELS_MAX);
    for (size_t out = 0; out < n; out++) {
        size_t n_other = 0;
        for (size_t i = 0; i < n; i++)
            if (i != out)
                others[n_other++] = channels[i];
        struct bd_combine_result result;
        BD_TRY(bd_combine_limit(prepared, others, n_other, &result, err));
        ln_mu_up[out] = result.ln_mu_up;
    }
    return BD_OK;
}
