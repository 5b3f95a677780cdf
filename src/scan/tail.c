#include "src/scan/tail.h"

#include <gsl/gsl_math.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "src/scan/lattice.h"

#define BACKGROUND_FLOOR 1e-12 /* events; keeps ln(1 + s/b) finite */
#define SIGNAL_FLOOR 1e-200    /* events; less is none */
#define SIGNAL_DROPPED 1e-12   /* of the largest signal: such a channel has no information */
#define WEIGHTS_EQUAL 1e-9     /* relative */
#define TIE 1e-10              /* relative difference of X */
#define NEGLIGIBLE 1e-11       /* of the sum, at the largest signal asked for */
#define GAMMA_SHAPE_EXACT 1e12 /* a relative error below 1e-6 is none */
#define SCALE_MAX 600.0        /* exp(scale) must not overflow in the enumeration */

static enum bd_status check_channel(const struct bd_combine_channel *channel, size_t i, struct bd_error *err)
{
    if (!(channel->n_signal >= 0.0 && isfinite(channel->n_signal)))
        return bd_fail(err, BD_BAD_INPUT, "channel %zu: signal %g events; it must be a finite number >= 0", i + 1,
                       channel->n_signal);
    if (!(channel->n_background >= 0.0 && isfinite(channel->n_background)))
        return bd_fail(err, BD_BAD_INPUT, "channel %zu: background %g events; it must be a finite number >= 0",
                       i + 1, channel->n_background);
    if (!(channel->n_background_err >= 0.0 && isfinite(channel->n_background_err)))
        return bd_fail(err, BD_BAD_INPUT,
                       "channel %zu: background error %g events; it must be a finite number >= 0", i + 1,
                       channel->n_background_err);
    if (channel->n_background_err > 0.0 && !(channel->n_background > 0.0))
        return bd_fail(err, BD_BAD_INPUT, "channel %zu: background 0 with the error %g events has no prior", i + 1,
                       channel->n_background_err);
    if (channel->n_observed < 0)
        return bd_fail(err, BD_BAD_INPUT, "channel %zu: %d observed events; it must be >= 0", i + 1,
                       channel->n_observed);
    return BD_OK;
}

static double ln_empty(const struct bd_tail_channel *channel)
{
    const double b = channel->n_background, k = channel->gamma_shape;
    return k > 0.0 ? -k * log1p(b / k) : -b;
}

enum bd_status bd_tail_prepare(const struct bd_combine_channel *channels, size_t n,
                               struct bd_tail_problem *problem, struct bd_error *err)
{
    if (n > BD_COMBINE_CHANNELS_MAX)
        return bd_fail(err, BD_BAD_INPUT, "%zu channels; at most %d can be combined", n, BD_COMBINE_CHANNELS_MAX);
    double largest = 0.0;
    for (size_t i = 0; i < n; i++) {
        BD_TRY(check_channel(&channels[i], i, err));
        largest = fmax(largest, channels[i].n_signal);
    }
    problem->n_channel = 0;
    problem->n_signal = problem->n_background = problem->n_observed = 0.0;
    problem->ln_background_empty = problem->x_observed = 0.0;
    problem->warnings = largest >= SIGNAL_FLOOR ? 0U : BD_COMBINE_NO_SIGNAL;
    for (size_t i = 0; i < n; i++) {
        const struct bd_combine_channel *in = &channels[i];
        if (in->n_signal < SIGNAL_FLOOR || in->n_signal < SIGNAL_DROPPED * largest)
            continue;
        struct bd_tail_channel *out = &problem->channel[problem->n_channel++];
        if (in->n_background < BACKGROUND_FLOOR && in->n_observed > 0)
            problem->warnings |= BD_COMBINE_CANDIDATE_WITHOUT_BACKGROUND;
        const double relative = in->n_background_err > 0.0 ? in->n_background / in->n_background_err : 0.0;
        *out = (struct bd_tail_channel){.share = in->n_signal, /* divided by the sum below */
                                        .n_background = fmax(in->n_background, BACKGROUND_FLOOR),
                                        .gamma_shape =
                                            relative * relative < GAMMA_SHAPE_EXACT ? relative * relative : 0.0,
                                        .n_observed = in->n_observed};
        problem->n_signal += in->n_signal;
        problem->n_background += out->n_background;
        problem->n_observed += in->n_observed;
        problem->ln_background_empty += ln_empty(out);
    }
    for (size_t i = 0; i < problem->n_channel; i++)
        problem->channel[i].share /= problem->n_signal;
    return BD_OK;
}

void bd_tail_order(struct bd_tail_problem *problem)
{
    struct bd_tail_channel *const channel = problem->channel;
    for (size_t i = 0; i < problem->n_channel; i++) { /* insertion sort: a few dozen at most */
        struct bd_tail_channel c = channel[i];
        c.weight = log1p(c.share * problem->n_signal / c.n_background);
        size_t j = i;
        for (; j > 0 && channel[j - 1].weight > c.weight; j--)
            channel[j] = channel[j - 1];
        channel[j] = c;
    }
    size_t n = 0;
    for (size_t i = 0; i < problem->n_channel; i++) {
        struct bd_tail_channel *last = n > 0 ? &channel[n - 1] : NULL;
        if (last != NULL && last->gamma_shape == 0.0 && channel[i].gamma_shape == 0.0 &&
            channel[i].weight - last->weight <= WEIGHTS_EQUAL * last->weight) {
            last->share += channel[i].share;
            last->n_background += channel[i].n_background;
            last->n_observed += channel[i].n_observed;
        } else {
            channel[n++] = channel[i];
        }
    }
    problem->n_channel = n;
    problem->x_observed = 0.0;
    for (size_t i = 0; i < n; i++)
        problem->x_observed += channel[i].n_observed * channel[i].weight;
}

double bd_tail_background_ratio(const struct bd_tail_channel *channel, double k)
{
    const double b = channel->n_background, shape = channel->gamma_shape;
    return (shape > 0.0 ? (shape + k - 1.0) * b / (shape + b) : b) / k;
}

double bd_tail_limit(double threshold)
{
    return threshold * (1.0 + TIE); /* relative: weights are as small as s/b */
}

void bd_tail_init(struct bd_tails *tails)
{
    tails->p = tails->small;
    tails->n_threshold = tails->n_power = tails->n_outcome = 0;
}

void bd_tail_free(struct bd_tails *tails)
{
    if (tails->p != tails->small)
        free(tails->p);
    bd_tail_init(tails);
}

enum bd_status bd_tail_reserve(struct bd_tails *tails, size_t n_threshold, size_t n_power, struct bd_error *err)
{
    bd_tail_free(tails);
    if (n_power > BD_TAIL_POWERS_SMALL) {
        double *heap = malloc(n_threshold * n_power * sizeof *heap);
        if (heap == NULL)
            return bd_fail(err, BD_NO_MEMORY, "combination: no memory for %zu thresholds", n_threshold);
        tails->p = heap;
    }
    memset(tails->p, 0, n_threshold * n_power * sizeof *tails->p);
    tails->n_threshold = n_threshold;
    tails->n_power = n_power;
    return BD_OK;
}

void bd_tail_trim(struct bd_tails *tails, size_t n_power)
{
    for (size_t t = 1; t < tails->n_threshold; t++)
        memmove(&tails->p[t * n_power], &tails->p[t * tails->n_power], n_power * sizeof *tails->p);
    tails->n_power = n_power;
}

/* Enumeration. The generating function of an outcome n is prod_i q_{i,n_i}(v) with
 *     q_{i,n}(v) = sum_j [P(n-j | background)/P(0 | background)]_i (share_i scale v)^j / j!,
 * so the coefficient of v^j, times j!/scale^j, is its probability given j signal events. */
struct walk {
    const struct bd_tail_problem *problem;
    const double *limit; /* [tails->n_threshold], ascending */
    double scale;
    size_t n_outcome_max;
    struct bd_tails *tails;
    double total;                            /* sum of the weights so far, at v = 1 */
    double later[BD_COMBINE_CHANNELS_MAX];   /* exp(mean of background and signal in the channels after i) */
    size_t n_known[BD_COMBINE_CHANNELS_MAX]; /* entries filled in the next two tables */
    double background[BD_COMBINE_CHANNELS_MAX][BD_TAIL_POWERS_SMALL]; /* P(k)/P(0) */
    double signal[BD_COMBINE_CHANNELS_MAX][BD_TAIL_POWERS_SMALL];     /* (share scale)^j/j! */
    double row[BD_COMBINE_CHANNELS_MAX + 1][BD_TAIL_POWERS_SMALL];    /* generating function at each depth */
};

static void learn(struct walk *walk, size_t i, size_t n)
{
    const struct bd_tail_channel *c = &walk->problem->channel[i];
    for (size_t k = walk->n_known[i]; k <= n; k++) {
        const double order = (double)k;
        if (k == 0) {
            walk->background[i][0] = walk->signal[i][0] = 1.0;
            continue;
        }
        walk->background[i][k] = walk->background[i][k - 1] * bd_tail_background_ratio(c, order);
        walk->signal[i][k] = walk->signal[i][k - 1] * c->share * walk->scale / order;
    }
    if (walk->n_known[i] < n + 1)
        walk->n_known[i] = n + 1;
}

/* row[depth + 1] = row[depth] * q_{i,n}; returns its value at v = 1. */
static double multiply(struct walk *walk, size_t depth, size_t degree, size_t i, size_t n)
{
    const double *from = walk->row[depth];
    double *to = walk->row[depth + 1];
    double value = 0.0;
    const size_t top = degree + n < walk->tails->n_power ? degree + n : walk->tails->n_power - 1;
    for (size_t d = 0; d <= top; d++) {
        double sum = 0.0;
        for (size_t j = d > degree ? d - degree : 0; j <= n && j <= d; j++)
            sum += from[d - j] * walk->background[i][n - j] * walk->signal[i][j];
        to[d] = sum;
        value += sum;
    }
    return value;
}

/* All outcomes that add events in channels first, first + 1, ... to the outcome of row[depth]. 0: too many. */
static int visit(struct walk *walk, size_t depth, size_t degree, size_t first, double x)
{
    struct bd_tails *tails = walk->tails;
    if (++tails->n_outcome > walk->n_outcome_max)
        return 0;
    size_t t = 0;
    while (x > walk->limit[t])
        t++;
    for (size_t d = 0; d <= degree; d++)
        tails->p[t * tails->n_power + d] += walk->row[depth][d];
    const double limit = walk->limit[tails->n_threshold - 1];
    for (size_t i = first; i < walk->problem->n_channel; i++) {
        const struct bd_tail_channel *c = &walk->problem->channel[i];
        if (x + c->weight > limit)
            break; /* the weights ascend: no later channel fits either */
        for (size_t n = 1; x + (double)n * c->weight <= limit; n++) {
            if (n >= BD_TAIL_POWERS_SMALL)
                return 0;
            learn(walk, i, n);
            const double value = multiply(walk, depth, degree, i, n);
            walk->total += value;
            /* later channels add at most a factor exp(their mean) to this branch */
            if ((double)n > c->n_background + c->share * walk->scale &&
                value * walk->later[i] < NEGLIGIBLE * walk->total)
                break;
            const size_t top = degree + n < tails->n_power ? degree + n : tails->n_power - 1;
            if (!visit(walk, depth + 1, top, i + 1, x + (double)n * c->weight))
                return 0;
        }
    }
    return 1;
}

static int enumerate(const struct bd_tail_problem *problem, const double *limit, double scale,
                     size_t n_outcome_max, struct bd_tails *tails)
{
    struct walk walk;
    walk.problem = problem;
    walk.limit = limit;
    walk.scale = scale;
    walk.n_outcome_max = n_outcome_max;
    walk.tails = tails;
    walk.total = walk.row[0][0] = 1.0;
    double mean = 0.0;
    for (size_t i = problem->n_channel; i-- > 0;) {
        walk.n_known[i] = 0;
        walk.later[i] = exp(mean);
        mean += problem->channel[i].n_background + problem->channel[i].share * scale;
    }
    if (!visit(&walk, 0, 0, 0, 0.0))
        return 0;
    double *const p = tails->p;
    const size_t n_power = tails->n_power;
    for (size_t t = 1; t < tails->n_threshold; t++) /* outcomes up to a threshold, not between two */
        for (size_t j = 0; j < n_power; j++)
            p[t * n_power + j] += p[(t - 1) * n_power + j];
    for (size_t t = 0; t < tails->n_threshold; t++) {
        const double clb = p[t * n_power];
        tails->ln_clb[t] = problem->ln_background_empty + log(clb);
        double factor = 1.0 / clb; /* j!/scale^j */
        for (size_t j = 0; j < n_power; j++) {
            p[t * n_power + j] *= factor;
            factor *= (double)(j + 1) / scale;
        }
    }
    return 1;
}

size_t bd_tail_n_power(const struct bd_tail_problem *problem, double x_max, double signal_scale)
{
    /* No more events than fit, and none beyond the Poisson tail of the largest signal. */
    const double fit = bd_tail_limit(x_max) / problem->channel[0].weight;
    const double seen = signal_scale + 10.0 * sqrt(signal_scale) + 10.0;
    return (size_t)fmin(fit, seen) + 1;
}

enum bd_status bd_tail_enumerate(const struct bd_tail_problem *problem, const double *threshold,
                                 size_t n_threshold, double signal_scale, size_t n_outcome_max,
                                 struct bd_tails *tails, int *done, struct bd_error *err)
{
    double limit[BD_TAIL_THRESHOLDS_MAX];
    for (size_t t = 0; t < n_threshold; t++)
        limit[t] = bd_tail_limit(threshold[t]);
    *done = 0;
    const size_t n_power = bd_tail_n_power(problem, threshold[n_threshold - 1], signal_scale);
    if (n_power > BD_TAIL_POWERS_SMALL || signal_scale > SCALE_MAX)
        return BD_OK;
    BD_TRY(bd_tail_reserve(tails, n_threshold, n_power, err));
    tails->engine = BD_COMBINE_ENUMERATION;
    *done = enumerate(problem, limit, signal_scale, n_outcome_max, tails);
    return BD_OK;
}

enum bd_status bd_tail_observed(const struct bd_tail_problem *problem, double signal_scale, struct bd_tails *tails,
                                struct bd_error *err)
{
    int done;
    BD_TRY(bd_tail_enumerate(problem, &problem->x_observed, 1, signal_scale, BD_TAIL_OUTCOMES_MAX, tails, &done,
                             err));
    return done ? BD_OK : bd_lattice_observed(problem, signal_scale, tails, err);
}

double bd_tail_ln_cls(const struct bd_tails *tails, size_t t, double n_signal)
{
    const double *ratio = &tails->p[t * tails->n_power];
    double term = 1.0, sum = 1.0, ln_scale = -n_signal;
    for (size_t j = 1; j < tails->n_power; j++) {
        term *= n_signal / (double)j;
        sum += term * ratio[j];
        if (term > 1e200) { /* a large signal: the sum would overflow before exp(-n_signal) is applied */
            term *= 1e-200;
            sum *= 1e-200;
            ln_scale += 200.0 * M_LN10;
        }
    }
    return sum > 0.0 ? ln_scale + log(sum) : ln_scale - 1000.0;
}
