/* src/scan/limit.h - upper limits from one counting channel.
 *
 * n observed events, background b, signal s. alpha = 1 - cl; the limit solves tail(s) = alpha with
 *     CLs        P(<=n; s+b)/P(<=n; b)             A. Read, J. Phys. G 28 (2002) 2693
 *     Bayes      flat prior in s >= 0              O. Helene, NIM 212 (1983) 319; the same number without a signal
 * error classical  P(<=n; s+b)                       Particle Data Group, Statistics averaged over the priors of
 * background and signal (R. Cousins, V. Highland, NIM A 320 (1992) 331). */
#ifndef BD_SCAN_LIMIT_H
#define BD_SCAN_LIMIT_H

#include "src/core/error.h"
#include "src/scan/background.h"

#define BD_LIMIT_TOLERANCE 1e-11            /* relative, of a limit */
#define BD_LIMIT_ASYMPTOTIC_TOLERANCE 1e-10 /* of an asymptotic one */

enum bd_limit_method { BD_LIMIT_CLS = 0, BD_LIMIT_BAYES, BD_LIMIT_CLASSICAL };
enum bd_limit_signal_prior {
    BD_LIMIT_LOGNORMAL = 0,
    BD_LIMIT_GAMMA,
    BD_LIMIT_GAUSSIAN
}; /* mean 1; cut off at 0 */

struct bd_limit_options {
    enum bd_limit_method method;
    double cl;             /* 0.90 */
    double signal_rel_unc; /* of efficiency, flux or SES */
    enum bd_limit_signal_prior signal_prior;
};

struct bd_limit_tails {
    double tail;      /* of the method: CLs for BD_LIMIT_CLS */
    double clsb, clb; /* P(<=n | s+b), P(<=n | b) */
};

struct bd_limit_expected { /* if there is only background */
    int n_observed[5];     /* quantiles at -2, -1, 0, +1, +2 standard deviations */
    double limit[5];
    double mean_limit;
};

/* Excluded signal in events. BD_BAD_INPUT: n < 0, cl outside (0, 1), a bad background. BD_NUMERIC: the classical
 * limit would be negative. */
enum bd_status bd_limit_upper(int n_observed, const struct bd_background *background,
                              const struct bd_limit_options *options, double *n_signal,
                              struct bd_error *err) BD_MUST_CHECK;

enum bd_status bd_limit_tails(int n_observed, const struct bd_background *background,
                              const struct bd_limit_options *options, double n_signal,
                              struct bd_limit_tails *tails, struct bd_error *err) BD_MUST_CHECK;

enum bd_status bd_limit_expected(const struct bd_background *background, const struct bd_limit_options *options,
                                 struct bd_limit_expected *expected, struct bd_error *err) BD_MUST_CHECK;

/* Classical limits as the formula gives them, for comparison: negative if n is well below b. lower: n >= 1, else
 * -b. */
enum bd_status bd_limit_classical(int n_observed, double n_background, double cl, double *lower, double *upper,
                                  struct bd_error *err) BD_MUST_CHECK;

/* CLs in the asymptotic approximation, G. Cowan et al., EPJC 71 (2011) 1554, arXiv:1007.1727, statistic q~_mu. It
 * excludes 1.7 times too much at n = b = 0: BD_BAD_INPUT below 20 background events, unless forced. */
enum bd_status bd_limit_asymptotic(int n_observed, double n_background, double cl, int forced, double *n_signal,
                                   struct bd_error *err) BD_MUST_CHECK;

#endif
