/* src/scan/discovery.h - p-values, significances, and how many events are a discovery.
 *
 * p = P(>= n | background). Beam-dump papers quote two-sided standard deviations (p = 1.59% is 2.41 sigma,
 * arXiv:2303.08666), kaon papers one-sided ones; every significance therefore carries its convention. */
#ifndef BD_SCAN_DISCOVERY_H
#define BD_SCAN_DISCOVERY_H

#include "src/core/error.h"
#include "src/scan/background.h"

#define BD_DISCOVERY_TOLERANCE 1e-10 /* relative, of a significance */

enum bd_discovery_sides { BD_DISCOVERY_ONE_SIDED = 1, BD_DISCOVERY_TWO_SIDED = 2 };

struct bd_discovery {
    double p, ln_p; /* p itself may underflow */
    double z;       /* in the asked convention; 0 if p is above it (p > 1/2 one-sided) */
};

/* n observed events against a background with its prior. */
enum bd_status bd_discovery_count(int n_observed, const struct bd_background *background,
                                  enum bd_discovery_sides sides, struct bd_discovery *discovery,
                                  struct bd_error *err) BD_MUST_CHECK;

/* Standard deviations of ln p, and back. */
enum bd_status bd_discovery_z(double ln_p, enum bd_discovery_sides sides, double *z,
                              struct bd_error *err) BD_MUST_CHECK;
double bd_discovery_p(double z, enum bd_discovery_sides sides);

/* On/off counts, ratio tau = off/on exposure, one-sided: Z_Bi (exact) and Z_PL (profile likelihood), R. Cousins,
 * J. Linnemann, J. Tucker, NIM A 595 (2008) 480, physics/0702156. Both 0 without an excess. */
enum bd_status bd_discovery_onoff(int n_on, int n_off, double tau, double *z_bi, double *z_pl,
                                  struct bd_error *err) BD_MUST_CHECK;

/* Median one-sided significance of a signal over a background known to sigma; G. Cowan et al., arXiv:1007.1727 Eq.
 * (97), and with sigma > 0 its extension (G. Cowan, PHYSTAT note, 2012). */
enum bd_status bd_discovery_asimov(double n_signal, double n_background, double sigma, double *z,
                                   struct bd_error *err) BD_MUST_CHECK;

/* Ways to ask how many events are enough. */
enum bd_discovery_mode {
    BD_DISCOVERY_CENTRAL, /* P(>=n; b), errors ignored, no trials factor */
    BD_DISCOVERY_ONOFF,   /* on/off where the errors are within 15% of each other, else central */
    BD_DISCOVERY_WINDOWS, /* n P(>=n), gamma prior: a mass window opened at each event */
    BD_DISCOVERY_SCAN,    /* n events in a window of fraction w of a flat mass range, anywhere */
};

/* 1 if ONOFF takes the errors of this background: an auxiliary count can only stand for symmetric ones. */
int bd_discovery_onoff_applies(const struct bd_background *background);

/* ln of the p-value of n events in a mode; window: only for SCAN, in (0, 1]. */
enum bd_status bd_discovery_mode_ln_p(int n_observed, const struct bd_background *background,
                                      enum bd_discovery_mode mode, double window, double *ln_p,
                                      struct bd_error *err) BD_MUST_CHECK;

/* Smallest number of events with at least z standard deviations. */
enum bd_status bd_discovery_events_needed(const struct bd_background *background, enum bd_discovery_mode mode,
                                          double window, double z, enum bd_discovery_sides sides, int *n_observed,
                                          struct bd_error *err) BD_MUST_CHECK;

#endif
