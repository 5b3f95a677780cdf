/* src/scan/combine.h - CLs of several counting channels together, and the signal strength it excludes.
 *
 * Outcomes are ordered by the likelihood ratio of signal + background over background: X = sum_i n_i w_i with
 * w_i = ln(1 + s_i/b_i) at the tested signal. CLs+b = P(X <= X_obs | s+b), CLb = P(X <= X_obs | b), and
 * CLs = CLs+b/CLb, the observed outcome included on both sides: T. Junk, NIM A 434 (1999) 435, hep-ex/9902006;
 * A. Read, J. Phys. G 28 (2002) 2693. Excluded at confidence level cl: CLs < 1 - cl.
 *
 * Everything is exact, no toys: src/scan/tail.h. Numbers are expected events. */
#ifndef BD_SCAN_COMBINE_H
#define BD_SCAN_COMBINE_H

#include <stddef.h>

#include "src/core/error.h"

#define BD_COMBINE_CHANNELS_MAX 64
#define BD_COMBINE_NODES_MAX 15
#define BD_COMBINE_TOLERANCE 1e-9 /* relative, of the excluded strength */
#define BD_COMBINE_LN_MU_MAX 60.0 /* ln mu_up where there is no signal: finite, so that contours have no hole */

struct bd_combine_channel { /* one counting channel */
    double n_signal, n_background;
    double n_background_err; /* rms of a gamma prior; 0: the background is known */
    int n_observed;
};

struct bd_combine_options {
    double cl;             /* 0.90 */
    double signal_rel_unc; /* common to all channels (protons on target), log-normal with mean 1; 0: none */
};

enum bd_combine_engine {
    BD_COMBINE_CLOSED_FORM, /* nothing was observed: CLs = exp(-s) */
    BD_COMBINE_ENUMERATION, /* all outcomes with X <= X_obs, one by one */
    BD_COMBINE_LATTICE,     /* X on a lattice, by Fourier transform: many events */
};

enum bd_combine_warning { /* bits */
                          BD_COMBINE_NO_SIGNAL = 1,
                          BD_COMBINE_CANDIDATE_WITHOUT_BACKGROUND =
                              2, /* an event where b = 0: a discovery, not a limit */
};

struct bd_combine_result {
    double cls, clsb, clb;
    double ln_cls;   /* where CLs itself underflows */
    double ln_mu_up; /* ln of the excluded strength, weights frozen at the tested signal; < 0: excluded */
    enum bd_combine_engine engine;
    unsigned warnings;
    size_t n_outcome; /* visited by the enumeration */
};

/* Prepared once, then shared by all threads. */
struct bd_combine {
    double ln_alpha;     /* alpha = 1 - cl */
    double signal_sigma; /* of the log-normal */
    size_t n_node;       /* Gauss-Hermite nodes of the common signal factor */
    double node[BD_COMBINE_NODES_MAX], weight[BD_COMBINE_NODES_MAX];
    double empty_limit; /* events excluded when nothing is observed: ln(1/alpha) without uncertainty */
};

/* BD_BAD_INPUT: cl outside (0, 1), signal_rel_unc outside [0, 1]. */
enum bd_status bd_combine_init(const struct bd_combine_options *options, struct bd_combine *combine,
                               struct bd_error *err) BD_MUST_CHECK;

/* CLs at the tested signal (ln_mu_up is not set). No allocation, unless the lattice is needed. BD_BAD_INPUT: too
 * many channels, or a negative or non-finite number, naming the channel by its index. */
enum bd_status bd_combine_cls(const struct bd_combine *combine, const struct bd_combine_channel *channels,
                              size_t n, struct bd_combine_result *result, struct bd_error *err) BD_MUST_CHECK;

/* The same with ln_mu_up: CLs(mu) = alpha when the ordering stays that of the tested signal, so that CLs falls
 * smoothly with mu and the root is unique. The field to draw contours of, at level 0. */
enum bd_status bd_combine_limit(const struct bd_combine *combine, const struct bd_combine_channel *channels,
                                size_t n, struct bd_combine_result *result, struct bd_error *err) BD_MUST_CHECK;

/* ln mu_up without channel i, for each i: the channel that drives a limit is the one that raises it most. */
enum bd_status bd_combine_leave_one_out(const struct bd_combine *combine,
                                        const struct bd_combine_channel *channels, size_t n,
                                        double *ln_mu_up, /* [n] */
                                        struct bd_error *err) BD_MUST_CHECK;

/* For src/scan/bands: CLs and excluded signal events at a threshold of prepared tails (NULL: nothing observed),
 * and the largest signal to prepare them for. *n_signal is a first guess before, 0 if there is none. */
struct bd_tails;
struct bd_tail_problem;
double bd_combine_ln_cls(const struct bd_combine *combine, const struct bd_tails *tails, size_t threshold,
                         double n_signal);
enum bd_status bd_combine_solve(const struct bd_combine *combine, const struct bd_tails *tails, size_t threshold,
                                double *n_signal, struct bd_error *err) BD_MUST_CHECK;
double bd_combine_signal_scale(const struct bd_combine *combine, const struct bd_tail_problem *problem);

#endif
