#include "src/scan/bands.h"

#include <gsl/gsl_math.h>
#include <math.h>
#include <stdlib.h>

#include "src/scan/coarse.h"
#include "src/scan/lattice.h"
#include "src/scan/root.h"
#include "src/scan/tail.h"

#define OUTCOMES_MAX 4096  /* then the distribution of X comes from the lattice */
#define OUTCOMES_FEW 256   /* the same where many channels share the background */
#define ACCEPTED_MAX 20000 /* outcomes up to the highest threshold: then the quick lattice */
#define ACCEPTED_FEW 2000  /* the same where many channels share the background */
#define OUTCOME_MIN 1e-7   /* rarer outcomes do not move a quantile */
#define COVERED_MIN 0.9999 /* by the outcomes kept, or they were too many */
#define COVERED 0.999 /* outcomes beyond count as the last one: all of them lie above +2 standard deviations */
#define GRID_HALF 20  /* quantiles at (i - 20) * 0.2 standard deviations, if there are many outcomes */
#define GRID_N (2 * GRID_HALF + 1)
#define GRID_COVERED (GRID_N - 4) /* up to 3.2 standard deviations: COVERED */
#define GRID_STEP 0.2
#define REACH 9.0 /* standard deviations around the limits, to bracket a quantile */

struct outcome {
    double x, p;
};

struct outcomes {
    size_t n, n_max;
    size_t channel[BD_COMBINE_CHANNELS_MAX]; /* by falling background */
    struct outcome outcome[OUTCOMES_MAX];
};

/* Thresholds in ascending X. */
struct thresholds {
    size_t n;
    double x[BD_TAIL_THRESHOLDS_MAX];
    double cumulative[BD_TAIL_THRESHOLDS_MAX]; /* P(X <= x | background) */
    double point[BD_TAIL_THRESHOLDS_MAX];      /* P(X = x | background) */
};

/* All outcomes of the background more probable than OUTCOME_MIN that add events from channel first on. 0: too
 * many. */
static int collect(const struct bd_tail_problem *problem, size_t first, double x, double p,
                   struct outcomes *outcomes)
{
    if (outcomes->n == outcomes->n_max)
        return 0;
    outcomes->outcome[outcomes->n++] = (struct outcome){x, p};
    for (size_t i = first; i < problem->n_channel; i++) {
        const struct bd_tail_channel *c = &problem->channel[outcomes->channel[i]];
        if (c->n_background < 1.0 && p * c->n_background < OUTCOME_MIN)
            break; /* and the backgrounds that follow are smaller */
        double with = p;
        for (double k = 1.0; k < OUTCOMES_MAX; k += 1.0) {
            with *= bd_tail_background_ratio(c, k);
            if (with < OUTCOME_MIN && k >= c->n_background)
                break;
            if (with >= OUTCOME_MIN && !collect(problem, i + 1, x + k * c->weight, with, outcomes))
                return 0;
        }
    }
    return 1;
}

static void collect_all(const struct bd_tail_problem *problem, struct outcomes *outcomes)
{
    for (size_t i = 0; i < problem->n_channel; i++) {
        size_t j = i;
        for (; j > 0 && problem->channel[outcomes->channel[j - 1]].n_background < problem->channel[i].n_background;
             j--)
            outcomes->channel[j] = outcomes->channel[j - 1];
        outcomes->channel[j] = i;
    }
    outcomes->n = 0;
    if (!collect(problem, 0, 0.0, exp(problem->ln_background_empty), outcomes))
        outcomes->n = 0;
}

static int by_x(const void *left, const void *right)
{
    const struct outcome *a = left, *b = right;
    return (a->x > b->x) - (a->x < b->x);
}

/* Sort and merge ties. 0: the outcomes do not cover the distribution, or were too many. */
static int arrange(struct outcomes *outcomes)
{
    qsort(outcomes->outcome, outcomes->n, sizeof outcomes->outcome[0], by_x);
    size_t n = 0;
    double sum = 0.0;
    for (size_t i = 0; i < outcomes->n; i++) {
        const struct outcome o = outcomes->outcome[i];
        sum += o.p;
        if (n > 0 && o.x <= bd_tail_limit(outcomes->outcome[n - 1].x))
            outcomes->outcome[n - 1].p += o.p;
        else
            outcomes->outcome[n++] = o;
    }
    outcomes->n = n;
    return sum >= COVERED_MIN;
}

/* Integral of the normal distribution; relative accuracy is not needed in its lower tail. */
static double normal(double z)
{
    return 0.5 * erfc(-M_SQRT1_2 * z);
}

static void grid(double *quantile)
{
    for (int i = 0; i < GRID_N; i++)
        quantile[i] = normal((i - GRID_HALF) * GRID_STEP);
}

static void choose_thresholds(const struct outcomes *outcomes, struct thresholds *thresholds)
{
    double quantile[GRID_N];
    grid(quantile);
    size_t n_covered = 0, q = 0;
    for (double sum = 0.0; n_covered < outcomes->n && sum < COVERED; n_covered++)
        sum += outcomes->outcome[n_covered].p;
    const int all = n_covered <= BD_TAIL_THRESHOLDS_MAX;
    double sum = 0.0;
    thresholds->n = 0;
    for (size_t i = 0; i < n_covered; i++) {
        sum += outcomes->outcome[i].p;
        if (!all && (q == GRID_N || sum < quantile[q]) && i + 1 < n_covered)
            continue;
        while (q < GRID_N && quantile[q] <= sum)
            q++;
        thresholds->x[thresholds->n] = outcomes->outcome[i].x;
        thresholds->cumulative[thresholds->n] = sum;
        thresholds->point[thresholds->n++] = outcomes->outcome[i].p;
    }
}

static enum bd_status compute_tails(const struct bd_combine *combine, const struct bd_tail_problem *problem,
                                    struct thresholds *thresholds, struct bd_tails *tails, struct bd_error *err)
{
    const double scale = bd_combine_signal_scale(combine, problem);
    const int quick = bd_coarse_suffices(problem), many = quick && bd_coarse_has_many(problem);
    struct outcomes outcomes;
    int done = 0;
    outcomes.n_max = many ? OUTCOMES_FEW : OUTCOMES_MAX;
    collect_all(problem, &outcomes);
    if (arrange(&outcomes)) {
        choose_thresholds(&outcomes, thresholds);
        BD_TRY(bd_tail_enumerate(problem, thresholds->x, thresholds->n, scale,
                                 many    ? ACCEPTED_FEW
                                 : quick ? ACCEPTED_MAX
                                         : BD_TAIL_OUTCOMES_MAX,
                                 tails, &done, err));
    }
    if (done)
        return BD_OK;
    double quantile[GRID_N];
    grid(quantile);
    BD_TRY((quick ? bd_coarse_background : bd_lattice_background)(problem, quantile, quick ? GRID_COVERED : GRID_N,
                                                                  scale, tails, thresholds->cumulative,
                                                                  thresholds->point, err));
    thresholds->n = tails->n_threshold;
    return BD_OK;
}

struct mixture { /* of normal distributions of ln mu_up */
    size_t n;
    double mean[BD_TAIL_THRESHOLDS_MAX], weight[BD_TAIL_THRESHOLDS_MAX];
    double sigma, quantile;
};

/* Terms further than this from a threshold are 0 or 1 to 1e-12. */
#define FAR 7.0

static double mixture_excess(double ln_mu, void *params)
{
    const struct mixture *mixture = params;
    double sum = 0.0;
    for (size_t t = 0; t < mixture->n; t++) {
        const double z = (ln_mu - mixture->mean[t]) / mixture->sigma;
        sum += mixture->weight[t] * (fabs(z) < FAR ? normal(z) : (double)(z > 0.0));
    }
    return sum - mixture->quantile;
}

/* Newton's method from the quantile before: the excess rises with ln mu. NAN: it did not converge. */
static double mixture_quantile(const struct mixture *mixture, double ln_mu)
{
    for (int i = 0; i < 20; i++) {
        double excess = -mixture->quantile, density = 0.0;
        for (size_t t = 0; t < mixture->n; t++) {
            const double z = (ln_mu - mixture->mean[t]) / mixture->sigma;
            if (fabs(z) < FAR) {
                excess += mixture->weight[t] * normal(z);
                density += mixture->weight[t] * exp(-0.5 * z * z);
            } else if (z > 0.0) {
                excess += mixture->weight[t];
            }
        }
        const double step = -excess * mixture->sigma * sqrt(2.0 * M_PI) / density;
        if (!(fabs(step) < 2.0 * mixture->sigma))
            return NAN;
        ln_mu += step;
        if (fabs(step) < 1e-5 * mixture->sigma) /* the next one would be of its square */
            return ln_mu;
    }
    return NAN;
}

/* The common factor of the signal divides the limit: a normal distribution of ln mu_up around each outcome. */
static enum bd_status smear(const struct bd_combine *combine, const struct thresholds *thresholds,
                            const double *ln_mu_up, double *smeared, struct bd_error *err)
{
    struct mixture mixture = {.n = thresholds->n, .sigma = combine->signal_sigma};
    double before = 0.0;
    for (size_t t = 0; t < thresholds->n; t++) {
        const int last = t + 1 == thresholds->n;
        mixture.weight[t] = (last ? 1.0 : thresholds->cumulative[t]) - before;
        before = thresholds->cumulative[t];
        /* Outcomes between two thresholds lie, on average, halfway; the threshold itself is one outcome. */
        const double alone = mixture.weight[t] > 0.0 ? fmin(thresholds->point[t] / mixture.weight[t], 1.0) : 1.0;
        const double step = t > 0 && !last ? ln_mu_up[t] - ln_mu_up[t - 1] : 0.0;
        mixture.mean[t] = ln_mu_up[t] - 0.5 * (1.0 - alone) * step;
    }
    const double low = ln_mu_up[0] - REACH * mixture.sigma,
                 high = ln_mu_up[thresholds->n - 1] + REACH * mixture.sigma;
    for (int q = 0; q < BD_BANDS_N; q++) {
        mixture.quantile = normal(q - 2.0);
        const double guess = q == 0 ? mixture.mean[0] - 1.5 * mixture.sigma : smeared[q - 1] + mixture.sigma;
        smeared[q] = mixture_quantile(&mixture, guess);
        if (isnan(smeared[q]))
            BD_TRY(bd_root_solve(mixture_excess, &mixture, low, high, BD_COMBINE_TOLERANCE, "expected limit",
                                 &smeared[q], err));
    }
    return BD_OK;
}

/* Limits at all thresholds, then their quantiles. */
static enum bd_status from_tails(const struct bd_combine *combine, const struct bd_tail_problem *problem,
                                 const struct thresholds *thresholds, const struct bd_tails *tails,
                                 enum bd_bands_mode mode, struct bd_bands *bands, struct bd_error *err)
{
    double ln_mu_up[BD_TAIL_THRESHOLDS_MAX];
    double n_signal = 0.0;
    for (size_t t = 0; t < thresholds->n; t++) { /* each limit is a guess of the next */
        BD_TRY(bd_combine_solve(combine, tails, t, &n_signal, err));
        ln_mu_up[t] = log(n_signal) - log(problem->n_signal);
    }
    for (size_t q = 0, t = 0; q < BD_BANDS_N; q++) {
        const double quantile = normal((double)q - 2.0);
        const size_t before = t;
        while (t + 1 < thresholds->n && thresholds->cumulative[t] < quantile)
            t++;
        bands->ln_mu_up[q] = ln_mu_up[t];
        bands->cls[q] = q > 0 && t == before
                            ? bands->cls[q - 1]
                            : fmin(exp(bd_combine_ln_cls(combine, tails, t, problem->n_signal)), 1.0);
    }
    if (mode == BD_BANDS_STAT_NUIS && combine->signal_sigma > 0.0)
        BD_TRY(smear(combine, thresholds, ln_mu_up, bands->ln_mu_up, err));
    for (int q = 0; q < BD_BANDS_N; q++)
        bands->ln_mu_up[q] = fmin(bands->ln_mu_up[q], BD_COMBINE_LN_MU_MAX);
    return BD_OK;
}

enum bd_status bd_bands_expected(const struct bd_combine *combine, const struct bd_combine_channel *channels,
                                 size_t n, enum bd_bands_mode mode, struct bd_bands *bands, struct bd_error *err)
{
    struct bd_tail_problem problem;
    BD_TRY(bd_tail_prepare(channels, n, &problem, err));
    *bands = (struct bd_bands){.engine = BD_COMBINE_CLOSED_FORM};
    if (problem.n_channel == 0) {
        for (int q = 0; q < BD_BANDS_N; q++) {
            bands->ln_mu_up[q] = BD_COMBINE_LN_MU_MAX;
            bands->cls[q] = 1.0;
        }
        return BD_OK;
    }
    problem.n_observed = 0.0;
    for (size_t i = 0; i < problem.n_channel; i++)
        problem.channel[i].n_observed = 0;
    bd_tail_order(&problem);
    struct thresholds thresholds;
    struct bd_tails tails;
    bd_tail_init(&tails);
    enum bd_status status = compute_tails(combine, &problem, &thresholds, &tails, err);
    if (status == BD_OK)
        status = from_tails(combine, &problem, &thresholds, &tails, mode, bands, err);
    bands->engine = tails.engine;
    bd_tail_free(&tails);
    return status;
}
