/* src/scan/kaon.h - arithmetic of kaon experiments: decays, single-event sensitivity, branching ratios, limits.
 *
 * SES is the branching ratio that gives one expected event. Numbers it was made for: K+ -> pi+ nu nubar at NA62
 * (arXiv:2412.12015) and KL -> pi0 nu nubar at KOTO (arXiv:1810.09655, 2012.07571, 2411.11237). */
#ifndef BD_SCAN_KAON_H
#define BD_SCAN_KAON_H

#include <stddef.h>

#include "src/core/error.h"
#include "src/scan/limit.h"

#define BD_KAON_TOLERANCE 1e-9 /* relative, of a fitted branching ratio and its errors */

/* Kaon decays from a normalisation channel: N_K = N_norm downscaling/(BR acceptance). */
enum bd_status bd_kaon_decays(double n_norm, double downscaling, double branching_ratio, double acceptance,
                              double *n_kaon, struct bd_error *err) BD_MUST_CHECK;

/* SES = 1/(N_K acceptance efficiency). */
enum bd_status bd_kaon_ses(double n_kaon, double acceptance, double efficiency, double *ses,
                           struct bd_error *err) BD_MUST_CHECK;

/* SES of several samples together: 1/sum(1/SES_i). */
enum bd_status bd_kaon_ses_combined(const double *ses, size_t n, double *combined,
                                    struct bd_error *err) BD_MUST_CHECK;

/* Upper limit on a branching ratio, limit in events times SES. KOTO's published limits use BD_LIMIT_CLASSICAL with
 * the background set to 0 and a Gaussian SES error (inferred from the numbers); NA62's and KOTO's projections use
 * CLs. */
enum bd_status bd_kaon_limit(int n_observed, const struct bd_background *background, double ses, double ses_err,
                             enum bd_limit_method method, enum bd_limit_signal_prior prior, double cl,
                             double *limit, struct bd_error *err) BD_MUST_CHECK;

struct bd_kaon_sample {
    int n_observed;
    double n_background, background_err_up, background_err_down;
    double n_signal, signal_err; /* expected at the reference branching ratio, without its theory error */
};

struct bd_kaon_fit {
    double br, err_up, err_down; /* -2 ln L rises by 1 */
    double z;                    /* one-sided, of br = 0: sqrt(q0) */
};

/* Branching ratio common to all samples by profile likelihood: Poisson counts, Gaussian signals, and backgrounds
 * with split-Gaussian errors (the upper one where the fit pulls up, the lower one where it pulls down). */
enum bd_status bd_kaon_fit_branching_ratio(const struct bd_kaon_sample *samples, size_t n, double br_reference,
                                           struct bd_kaon_fit *fit, struct bd_error *err) BD_MUST_CHECK;

/* Grossman-Nir bound, hep-ph/9701313: BR(KL -> pi0 nu nubar) < 4.3 BR(K+ -> pi+ nu nubar), tau_L/tau_+ with
 * isospin breaking. The same for X in place of nu nubar if it is invisible. */
#define BD_KAON_GROSSMAN_NIR 4.3
enum bd_status bd_kaon_grossman_nir(double br_charged, double *limit, struct bd_error *err) BD_MUST_CHECK;

struct bd_kaon_projection {
    double br_rel_err;  /* sqrt(s+b)/s */
    double z_simple, z; /* s/sqrt(b); median significance, arXiv:1007.1727 Eq. (97) */
};

/* A future experiment with s expected signal events over b: precision of its branching ratio and significance. */
enum bd_status bd_kaon_project(double n_signal, double n_background, struct bd_kaon_projection *projection,
                               struct bd_error *err) BD_MUST_CHECK;

#endif
