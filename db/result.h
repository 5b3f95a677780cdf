/* db/result.h - what was derived from kernels: yields, points of a plane, contours. */
#ifndef BD_DB_RESULT_H
#define BD_DB_RESULT_H

#include <stddef.h>

#include "db/channel.h"
#include "db/database.h"
#include "src/core/experiment.h"
#include "src/core/flag.h"
#include "src/scan/result.h"

struct bd_result_yield {          /* one channel at one point */
    const char *channel, *region; /* of a kernel series */
    double mass_gev, width_gev;
    double coupling;               /* on the axis of the benchmark; 0 without one */
    double n_events, n_events_err; /* at unit strength and BR = 1, at the POT of the card, with a_trig */
    double signal;                 /* kappa BR n_events; NaN without a benchmark */
    double chi_per_pot, reach_decay;
    enum bd_flag flag;
};

struct bd_result_point { /* CLs: NaN where not computed */
    double mass_gev, coupling, signal;
    double cls_observed;
    double cls_expected[5]; /* -2, -1, 0, +1, +2 sigma */
    enum bd_flag flag;
};

/* What the points of a plane have in common. */
struct bd_result_plane {
    const char *run, *experiment, *benchmark, *method;
    double pot;
};

/* Each function is one transaction. benchmark: "" for none. Replaces what is stored at the same points.
 * BD_BAD_INPUT: the file has no such channel or region. */
enum bd_status bd_result_save_yields(struct bd_database *db, const char *experiment, const char *benchmark,
                                     const struct bd_result_yield *yields, size_t n,
                                     struct bd_error *err) BD_MUST_CHECK;

/* Replaces all points of this experiment, benchmark, method and POT. */
enum bd_status bd_result_save_points(struct bd_database *db, const struct bd_result_plane *plane,
                                     const struct bd_result_point *points, size_t n,
                                     struct bd_error *err) BD_MUST_CHECK;

/* Replaces the contour of the same experiment, benchmark, plane, kind, cl, method and POT. No polylines: nothing
 * is excluded, which is stored too. */
enum bd_status bd_result_save_contour(struct bd_database *db, const char *run, const struct bd_contour *contour,
                                      struct bd_error *err) BD_MUST_CHECK;

struct bd_result_driver { /* one counting channel of a contour at one mass: see table `driver` */
    const char *decay;
    double mass_gev, coupling;
    double strength_up, strength_up_without;
};

/* Replaces the drivers of a stored contour. BD_DATABASE: the contour is not stored. */
enum bd_status bd_result_save_drivers(struct bd_database *db, const struct bd_contour *contour,
                                      const struct bd_result_driver *drivers, size_t n,
                                      struct bd_error *err) BD_MUST_CHECK;

/* Fill in the polylines of the contour with these experiment, benchmark, plane, kind, cl, method and pot, its
 * axis names and the plane that was scanned. The caller frees with bd_contour_free. BD_BAD_INPUT: there is none;
 * the message lists what there is.
 */
enum bd_status bd_result_load_contour(struct bd_database *db, struct bd_contour *contour,
                                      struct bd_error *err) BD_MUST_CHECK;

struct bd_result_filter { /* NULL, or 0 for a number: any */
    const char *experiment, *benchmark, *kind, *method;
    const char *plane; /* NULL: "mass_gev,coupling" */
    double cl, pot;
};

/* All contours that pass, with their polylines, by experiment, benchmark and kind: one of each kind, as in
 * v_contour. Of several the one at the POT and CL of the card, by CLs, is taken, so that a picture or table is
 * never a mixture. n = 0 if none passes. The caller frees with bd_result_free_contours. */
enum bd_status bd_result_load_contours(struct bd_database *db, const struct bd_result_filter *filter,
                                       struct bd_contour **contours, size_t *n,
                                       struct bd_error *err) BD_MUST_CHECK;
void bd_result_free_contours(struct bd_contour *contours, size_t n); /* accepts NULL */

#endif
