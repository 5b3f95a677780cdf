/* src/scan/tail.h - how often background and j signal events look no more signal-like than the data.
 *
 * The events of several counting channels are ordered by X = sum_i n_i w_i, w_i = ln(1 + s_i/b_i). For a threshold
 * x, p_j(x) = P(X <= x | background + exactly j signal events, each in channel i with probability s_i/sum s). Then
 * CLb = p_0 and, for y expected signal events, CLs+b = sum_j Pois(j; y) p_j: one set of p_j gives CLs for every
 * strength and, averaged over y, with an uncertainty of the signal. p_j falls with j, so CLs falls with y.
 * Because p_j is computed at the weights of the tested signal, CLs(mu) has no jumps where two outcomes tie. */
#ifndef BD_SCAN_TAIL_H
#define BD_SCAN_TAIL_H

#include <stddef.h>

#include "src/core/error.h"
#include "src/scan/combine.h"

#define BD_TAIL_THRESHOLDS_MAX 64
#define BD_TAIL_OUTCOMES_MAX 100000 /* then the lattice is faster */
#define BD_TAIL_POWERS_SMALL 256    /* j < this in the enumeration; more take memory from the heap */

struct bd_tail_channel {
    double weight;       /* w_i */
    double share;        /* s_i / sum s */
    double n_background; /* floored: w_i stays finite */
    double gamma_shape;  /* of the prior of the background; 0: known exactly */
    int n_observed;
};

struct bd_tail_problem { /* the channels that carry information */
    size_t n_channel;
    struct bd_tail_channel
        channel[BD_COMBINE_CHANNELS_MAX];      /* after bd_tail_order: ascending weight, no two equal */
    double n_signal, n_background, n_observed; /* sums */
    double ln_background_empty;                /* ln P(no event | background) */
    double x_observed;                         /* set by bd_tail_order */
    unsigned warnings;
};

struct bd_tails {                /* bd_tail_init before, bd_tail_free after */
    size_t n_threshold, n_power; /* j < n_power; beyond it p_j is negligible or 0 */
    double *p;                   /* [n_threshold][n_power], p_j/p_0 */
    double ln_clb[BD_TAIL_THRESHOLDS_MAX];
    enum bd_combine_engine engine;
    size_t n_outcome;
    double small[BD_TAIL_THRESHOLDS_MAX * BD_TAIL_POWERS_SMALL]; /* p points here or to the heap */
};

/* Check the numbers, drop channels without signal, floor b = 0, add up. */
enum bd_status bd_tail_prepare(const struct bd_combine_channel *channels, size_t n,
                               struct bd_tail_problem *problem, struct bd_error *err) BD_MUST_CHECK;

/* Weights in ascending order, equal ones merged, X_obs. Not needed when nothing was observed. */
void bd_tail_order(struct bd_tail_problem *problem);

/* P(k events)/P(k - 1 events) of the background: Poisson or negative binomial. */
double bd_tail_background_ratio(const struct bd_tail_channel *channel, double k);

/* Two outcomes whose X differ by rounding only are a tie: x of an outcome <= bd_tail_limit(threshold). */
double bd_tail_limit(double threshold);

/* The p_j at X_obs: by enumeration, or on the lattice if there are too many outcomes. signal_scale: strengths up
 * to about this many events will be asked for. The problem is ordered and has a channel. */
enum bd_status bd_tail_observed(const struct bd_tail_problem *problem, double signal_scale, struct bd_tails *tails,
                                struct bd_error *err) BD_MUST_CHECK;

/* The p_j at ascending thresholds, by enumeration; done = 0 if there are more than n_outcome_max outcomes. */
enum bd_status bd_tail_enumerate(const struct bd_tail_problem *problem, const double *threshold,
                                 size_t n_threshold, double signal_scale, size_t n_outcome_max,
                                 struct bd_tails *tails, int *done, struct bd_error *err) BD_MUST_CHECK;

/* Number of p_j that can matter when X <= x_max. */
size_t bd_tail_n_power(const struct bd_tail_problem *problem, double x_max, double signal_scale);

/* Room for n_power values per threshold, all 0. */
enum bd_status bd_tail_reserve(struct bd_tails *tails, size_t n_threshold, size_t n_power,
                               struct bd_error *err) BD_MUST_CHECK;
/* Keep the first n_power of them. */
void bd_tail_trim(struct bd_tails *tails, size_t n_power);
void bd_tail_init(struct bd_tails *tails);
void bd_tail_free(struct bd_tails *tails);

/* ln CLs for any number n_signal of expected signal events at threshold t: also where CLs underflows. */
double bd_tail_ln_cls(const struct bd_tails *tails, size_t t, double n_signal);

#endif
