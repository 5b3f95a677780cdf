/* src/cli/plot_fill.h - excluded regions as polygons that can be filled.
 *
 * Closed loops are polygons already. Open lines end at the border of the scanned plane: they are continued along
 * it, counter-clockwise, to where the next one begins, because the excluded region is on their left. */
#ifndef BD_CLI_PLOT_FILL_H
#define BD_CLI_PLOT_FILL_H

#include "src/core/error.h"
#include "src/scan/result.h"

struct bd_plot_plane {
    double x_min, x_max, y_min, y_max;
};

/* Polygons of a contour, closed loops first as they are; those made of open lines have hole = 0. plane NULL: open
 * lines are left out. The caller frees with bd_contour_free. */
enum bd_status bd_plot_fill_polygons(const struct bd_contour *contour, const struct bd_plot_plane *plane,
                                     struct bd_contour *polygons, struct bd_error *err) BD_MUST_CHECK;

#endif
