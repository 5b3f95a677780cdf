#include "src/scan/coarse.h"

#include <math.h>
#include <string.h>

#include "src/scan/lattice.h"
#include "src/scan/tail.h"

#define LENGTH_MANY 512  /* steps where many channels share the background: no outcome is probable */
#define LENGTH_FEW 4096  /* otherwise two probable outcomes must not fall on the same step */
#define CHANNELS_MANY 12 /* with at least RELEVANT of the background */
#define RELEVANT 1e-3
#define EVENTS_MAX 4.0    /* background events: the rounding of each adds up */
#define FAR 5e-4          /* beyond the highest quantile asked for */
#define P_NEGLIGIBLE 1e-6 /* of the p_j, which fall with j */

struct atoms { /* channels with the same multiple of the step count as one */
    size_t n;
    size_t multiple[BD_COMBINE_CHANNELS_MAX]; /* ascending */
    double n_background[BD_COMBINE_CHANNELS_MAX], share[BD_COMBINE_CHANNELS_MAX];
};

int bd_coarse_suffices(const struct bd_tail_problem *problem)
{
    for (size_t i = 0; i < problem->n_channel; i++)
        if (problem->channel[i].gamma_shape > 0.0)
            return 0;
    return problem->n_background < EVENTS_MAX;
}

int bd_coarse_has_many(const struct bd_tail_problem *problem)
{
    size_t n = 0;
    for (size_t i = 0; i < problem->n_channel; i++)
        n += problem->channel[i].n_background > RELEVANT * problem->n_background;
    return n >= CHANNELS_MANY;
}

/* An X that the background exceeds with a probability of about FAR: the best of a few Chernoff bounds. The
 * heaviest channels are left out if even together they are that rare; their events lie above every quantile. */
static double reach(const struct bd_tail_problem *problem)
{
    size_t n = problem->n_channel;
    double rare = 0.0, best = INFINITY;
    while (n > 1 && rare + problem->channel[n - 1].n_background < FAR)
        rare += problem->channel[--n].n_background;
    const double heaviest = problem->channel[n - 1].weight;
    for (double power = 1.0; power < 40.0; power *= 2.0) {
        const double slope = power / heaviest;
        double ln_bound = -log(FAR);
        for (size_t i = 0; i < n; i++)
            ln_bound += problem->channel[i].n_background * expm1(slope * problem->channel[i].weight);
        best = fmin(best, ln_bound / slope);
    }
    return best;
}

static void collect_atoms(const struct bd_tail_problem *problem, double step, size_t length, struct atoms *atoms)
{
    atoms->n = 0;
    for (size_t i = 0; i < problem->n_channel; i++) {
        const struct bd_tail_channel *c = &problem->channel[i];
        if (!(c->weight < step * (double)(length - 1)))
            break; /* the weights ascend: this event and all later ones are never accepted */
        const size_t multiple = (size_t)(c->weight / step + 0.5);
        if (atoms->n == 0 || atoms->multiple[atoms->n - 1] != multiple) {
            atoms->multiple[atoms->n] = multiple;
            atoms->n_background[atoms->n] = atoms->share[atoms->n] = 0.0;
            atoms->n++;
        }
        atoms->n_background[atoms->n - 1] += c->n_background;
        atoms->share[atoms->n - 1] += c->share;
    }
}

/* P(X | background) up to where it covers a quantile: m p_m = sum_i b_i m_i p_{m - m_i}. Returns the number of X.
 */
static size_t background_distribution(const struct bd_tail_problem *problem, const struct atoms *atoms,
                                      double quantile, size_t length, double *p)
{
    double ln_empty = problem->ln_background_empty, mean[BD_COMBINE_CHANNELS_MAX];
    const size_t first = atoms->n > 0 && atoms->multiple[0] == 0;
    if (first) /* its events do not change X */
        ln_empty += atoms->n_background[0];
    for (size_t i = first; i < atoms->n; i++)
        mean[i] = atoms->n_background[i] * (double)atoms->multiple[i];
    double sum = 0.0;
    size_t m = 0, last = atoms->n;
    for (; m < length && sum < quantile; m++) {
        const double now = m == 0 ? exp(ln_empty) : p[m] / (double)m;
        p[m] = now;
        sum += now;
        while (last > first && m + atoms->multiple[last - 1] >= length)
            last--;
        for (size_t i = first; i < last && now > 0.0; i++)
            p[m + atoms->multiple[i]] += mean[i] * now;
    }
    return m;
}

/* Distribution with one more signal event, X < n steps. Four atoms at a time: the sums are loaded once for all of
 * them. Below X = 0 there are enough zeros for the largest step. */
static void add_signal(const struct atoms *atoms, const double *restrict from, double *restrict to, size_t n)
{
    memset(to, 0, n * sizeof *to);
    for (size_t i = 0; i < atoms->n && atoms->multiple[i] < n; i += 4) {
        const double *x[4];
        double share[4];
        for (size_t k = 0; k < 4; k++) {
            const int fits = i + k < atoms->n && atoms->multiple[i + k] < n;
            x[k] = fits ? from - atoms->multiple[i + k] : from;
            share[k] = fits ? atoms->share[i + k] : 0.0;
        }
        for (size_t m = atoms->multiple[i]; m < n; m++)
            to[m] += (share[0] * x[0][m] + share[1] * x[1][m]) + (share[2] * x[2][m] + share[3] * x[3][m]);
    }
}

enum bd_status bd_coarse_background(const struct bd_tail_problem *problem, const double *quantile,
                                    size_t n_quantile, double signal_scale, struct bd_tails *tails,
                                    double *cumulative, double *point, struct bd_error *err)
{
    const double x_max = reach(problem);
    const size_t length = bd_coarse_has_many(problem) ? LENGTH_MANY : LENGTH_FEW;
    double buffer[4 * LENGTH_FEW], *p = buffer + length, *next = buffer + 3 * length;
    memset(buffer, 0, 4 * length * sizeof *buffer);
    size_t top[BD_TAIL_THRESHOLDS_MAX];
    struct atoms atoms;
    collect_atoms(problem, x_max / (double)length, length, &atoms);
    const size_t n_cell = background_distribution(problem, &atoms, quantile[n_quantile - 1], length, p);
    const size_t n_threshold = bd_lattice_thresholds(p, n_cell, quantile, n_quantile, top, cumulative, point);
    const size_t n_power = bd_tail_n_power(problem, x_max, signal_scale);
    BD_TRY(bd_tail_reserve(tails, n_threshold, n_power, err));
    tails->engine = BD_COMBINE_LATTICE;
    for (size_t t = 0; t < n_threshold; t++)
        tails->ln_clb[t] = log(cumulative[t]);
    size_t j = 0;
    for (double largest = 1.0; j < n_power && largest > P_NEGLIGIBLE; j++) {
        double sum = 0.0;
        for (size_t t = 0, m = 0; t < n_threshold; t++) {
            double odd = 0.0; /* two chains of additions */
            for (; m < top[t]; m += 2) {
                sum += p[m];
                odd += p[m + 1];
            }
            sum += odd;
            if (m == top[t])
                sum += p[m++];
            tails->p[t * n_power + j] = sum / cumulative[t];
        }
        largest = sum;
        add_signal(&atoms, p, next, n_cell);
        double *const swap = p;
        p = next;
        next = swap;
    }
    bd_tail_trim(tails, j);
    return BD_OK;
}
