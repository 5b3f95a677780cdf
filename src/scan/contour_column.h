/* src/scan/contour_column.h - the excluded intervals at one x; part of src/scan/contour. */
#ifndef BD_SCAN_CONTOUR_COLUMN_H
#define BD_SCAN_CONTOUR_COLUMN_H

#include "src/scan/contour.h"

#define BD_CONTOUR_INTERVALS_MAX 16

struct bd_contour_column {
    double x;
    size_t n;                            /* excluded intervals, ascending and disjoint */
    double lo[BD_CONTOUR_INTERVALS_MAX]; /* ln y */
    double hi[BD_CONTOUR_INTERVALS_MAX];
    int lo_at_border, hi_at_border; /* the first interval begins at y_min, the last one ends at y_max */
};

/* Find the intervals at column->x. BD_NUMERIC: more than BD_CONTOUR_INTERVALS_MAX of them. */
enum bd_status bd_contour_column_find(const struct bd_contour_field *field, double ln_y_min, double ln_y_max,
                                      struct bd_contour_column *column, struct bd_error *err) BD_MUST_CHECK;

#endif
