/* src/scan/contour.h - the outline of an excluded region in a plane (x, y), exactly at its edges.
 *
 * At every x of the grid the edges in y are roots of the exclusion condition, not grid points. Intervals of
 * neighbouring columns that overlap are joined; where their number or their edges change, columns are added until
 * the tip is found. Islands, holes and tips are separate polylines. Columns are independent, so the result does
 * not depend on threads. */
#ifndef BD_SCAN_CONTOUR_H
#define BD_SCAN_CONTOUR_H

#include <stddef.h>

#include "src/core/error.h"
#include "src/scan/result.h"

/* What is excluded: value < 0. */
struct bd_contour_field {
    void *object;
    /* Prepare everything at one x. Called by several threads. */
    enum bd_status (*open)(const void *object, double x, void **column, struct bd_error *err);
    /* The larger, the farther from exclusion; about linear in ln y at an edge. BD_OK always sets a finite value.
     */
    enum bd_status (*value)(void *column, double ln_y, double *value, struct bd_error *err);
    void (*close)(void *column); /* accepts NULL */
};

struct bd_contour_grid {
    const double *x; /* [n_x] ascending, positive: at least 2 */
    size_t n_x;
    double y_min, y_max; /* positive */
    int threads;
};

/* Outline of the field: polylines and plane of contour (its names are the caller's). Closed loops have the
 * excluded region on their left. */
enum bd_status bd_contour_trace(const struct bd_contour_field *field, const struct bd_contour_grid *grid,
                                struct bd_contour *contour, struct bd_error *err) BD_MUST_CHECK;

#endif
