/* src/scan/exclusion.h - is a point (mass, coupling) excluded? Counting channels of an experiment, combined by
 * CLs.
 *
 * A counting channel is a decay: its signal is the sum over productions; n and b are the card's. b scales with the
 * protons. Of a card that is a projection all channels it combines take part, those without a published count with
 * n = b = 0. Of data the latter are left out where there is any other that is not rare at every mass (BR < 1%);
 * otherwise they alone make a projection, and where there are none the rare ones count. */
#ifndef BD_SCAN_EXCLUSION_H
#define BD_SCAN_EXCLUSION_H

#include "src/scan/bands.h"
#include "src/scan/contour.h"
#include "src/scan/yield.h"

enum bd_exclusion_kind { /* what is compared with the threshold */
                         BD_EXCLUSION_OBSERVED,
                         BD_EXCLUSION_EXPECTED_MINUS_2, /* the five quantiles of background-only outcomes */
                         BD_EXCLUSION_EXPECTED_MINUS_1,
                         BD_EXCLUSION_EXPECTED,
                         BD_EXCLUSION_EXPECTED_PLUS_1,
                         BD_EXCLUSION_EXPECTED_PLUS_2,
                         BD_EXCLUSION_KINDS,
};

/* Experiments of contours that combine several. */
#define BD_EXCLUSION_COMBINED "combined:"
#define BD_EXCLUSION_UNION_NAME "combined:union" /* what any of them excludes */
#define BD_EXCLUSION_LIKELIHOOD_NAME                                                                              \
    "combined:likelihood" /* counts in one CLs, then the union with published limits */

/* What every way to exclude says of its contour: counting channels (here), published limits (exclusion_table.h).
 */
struct bd_exclusion_outline {
    const char *experiment, *kind;
    char method[BD_METHOD_SIZE];
    const struct bd_benchmark *benchmark;
    double cl, pot;                /* pot: 0 if no protons are counted */
    struct bd_contour_field field; /* in (mass_gev, ln of the axis) */
    double *mass_gev; /* [n_mass], owned: columns to begin with, in any order, also outside the benchmark */
    size_t n_mass;
};
void bd_exclusion_outline_free(struct bd_exclusion_outline *outline); /* what it owns */

/* Trace it over the benchmark's plane; fills in all of contour. */
enum bd_status bd_exclusion_trace(const struct bd_exclusion_outline *outline, int threads,
                                  struct bd_contour *contour, struct bd_error *err) BD_MUST_CHECK;

struct bd_exclusion_options {
    double cl;           /* 0.90 */
    double pot;          /* protons; 0: those of the card */
    int pot_uncertainty; /* 1: the relative error of the protons is a common log-normal factor on the signal */
    int mass_window;     /* 1: mass windows of the card, as for the candidate of NA62 */
    enum bd_bands_mode bands;
    const char *only_decay; /* a single counting channel by its decay, or NULL: those the card combines */
};

struct bd_exclusion; /* opaque; read-only when open */

enum bd_status bd_exclusion_open(const struct bd_yield *yield, const struct bd_exclusion_options *options,
                                 struct bd_exclusion **exclusion, struct bd_error *err) BD_MUST_CHECK;
void bd_exclusion_free(struct bd_exclusion *exclusion); /* accepts NULL */

/* 1: no observation belongs to these protons and channels; counts are the median of the background. */
int bd_exclusion_is_projection(const struct bd_exclusion *exclusion);
/* "observed", "projection", "expected-2sigma", ..., as stored. */
const char *bd_exclusion_kind_name(const struct bd_exclusion *exclusion, enum bd_exclusion_kind kind);
/* "cls", and behind it what is not the default: contours by other rules are kept beside each other. */
void bd_exclusion_name_method(const struct bd_exclusion *exclusion, enum bd_exclusion_kind kind,
                              char method[static BD_METHOD_SIZE]);
double bd_exclusion_pot(const struct bd_exclusion *exclusion);
double bd_exclusion_cl(const struct bd_exclusion *exclusion);
double bd_exclusion_signal_rel_unc(const struct bd_exclusion *exclusion); /* of the protons; 0: none */
size_t bd_exclusion_n_channel(const struct bd_exclusion *exclusion);      /* counting channels that take part */

/* Outline of one kind over all kernel masses of the benchmark; it borrows the exclusion. */
enum bd_status bd_exclusion_outline(const struct bd_exclusion *exclusion, enum bd_exclusion_kind kind,
                                    struct bd_exclusion_outline *outline, struct bd_error *err) BD_MUST_CHECK;
/* The same, traced. */
enum bd_status bd_exclusion_contour(const struct bd_exclusion *exclusion, enum bd_exclusion_kind kind, int threads,
                                    struct bd_contour *contour, struct bd_error *err) BD_MUST_CHECK;

/* Columns of other planes, as bd_contour_field wants them (src/scan/plane.h). At one x the signal is
 * signal * events(slice, axis) with axis = axis_scale y^axis_power. */
struct bd_exclusion_line {
    double mass_gev;
    struct bd_yield_slice *slice; /* the column takes it, also if opening fails */
    double signal, axis_scale, axis_power;
};
enum bd_status bd_exclusion_column_open(const struct bd_exclusion *exclusion, enum bd_exclusion_kind kind,
                                        const struct bd_exclusion_line *line, void **column,
                                        struct bd_error *err) BD_MUST_CHECK;
enum bd_status bd_exclusion_column_value(void *column, double ln_y, double *value,
                                         struct bd_error *err) BD_MUST_CHECK;
void bd_exclusion_column_close(void *column); /* accepts NULL */
/* Append the channels with their signal at one y to channels[*n]; returns the sum of the signal. */
double bd_exclusion_column_channels(void *column, double ln_y, struct bd_combine_channel *channels, size_t *n);

/* CLs and ln mu_up of the observation at one point, with the total signal, and of each counting channel what the
 * limit would be without it (ln_mu_up_without may be NULL). */
struct bd_exclusion_point {
    struct bd_combine_result result;
    double signal;
    size_t n; /* counting channels that took part */
    const struct bd_yield_counting *counting[BD_STATES_MAX];
    struct bd_combine_channel channel[BD_STATES_MAX];
    double ln_mu_up_without[BD_STATES_MAX];
};
enum bd_status bd_exclusion_at(const struct bd_exclusion *exclusion, double mass_gev, double axis,
                               struct bd_exclusion_point *point, struct bd_error *err) BD_MUST_CHECK;

/* ln mu_up of every kind at one point, and what it would be without each counting channel: which one drives it? */
struct bd_exclusion_drivers {
    double signal;
    size_t n;
    const char *decay[BD_STATES_MAX];
    double ln_mu_up[BD_EXCLUSION_KINDS];
    double ln_mu_up_without[BD_STATES_MAX][BD_EXCLUSION_KINDS];
};
/* n_kind: 1 for the observation (or projection) alone, BD_EXCLUSION_KINDS for all. */
enum bd_status bd_exclusion_drivers_at(const struct bd_exclusion *exclusion, double mass_gev, double axis,
                                       size_t n_kind, struct bd_exclusion_drivers *drivers,
                                       struct bd_error *err) BD_MUST_CHECK;

#endif
