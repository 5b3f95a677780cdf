#include "src/cli/plot_fill.h"

#include <math.h>
#include <stdlib.h>

static enum bd_status add_vertex(struct bd_polyline *line, double x, double y, struct bd_error *err)
{
    double *xs = realloc(line->x, (line->n_vertex + 1) * sizeof *xs);
    if (xs != NULL)
        line->x = xs;
    double *ys = realloc(line->y, (line->n_vertex + 1) * sizeof *ys);
    if (ys != NULL)
        line->y = ys;
    if (xs == NULL || ys == NULL)
        return bd_fail(err, BD_NO_MEMORY, "plot: out of memory");
    line->x[line->n_vertex] = x;
    line->y[line->n_vertex++] = y;
    return BD_OK;
}

static enum bd_status add_vertices(struct bd_polyline *to, const struct bd_polyline *from, struct bd_error *err)
{
    for (size_t i = 0; i < from->n_vertex; i++)
        BD_TRY(add_vertex(to, from->x[i], from->y[i], err));
    return BD_OK;
}

/* Place on the border, counter-clockwise from the lower left corner, one unit a side. */
static double border_place(const struct bd_plot_plane *plane, double x, double y)
{
    const double u = log(x / plane->x_min) / log(plane->x_max / plane->x_min);
    const double v = log(y / plane->y_min) / log(plane->y_max / plane->y_min);
    const double near = 1e-6; /* lines end in the first or last column, or where the border in y was crossed */
    if (u > 1.0 - near)
        return 1.0 + v;
    if (u < near)
        return 4.0 - v;
    return v < 0.5 ? u : 3.0 - u;
}

/* Corners and places on the way from one place to another, counter-clockwise. */
static enum bd_status follow_border(const struct bd_plot_plane *plane, double from, double to,
                                    struct bd_polyline *line, struct bd_error *err)
{
    const double corner_x[] = {plane->x_min, plane->x_max, plane->x_max, plane->x_min};
    const double corner_y[] = {plane->y_min, plane->y_min, plane->y_max, plane->y_max};
    for (int k = (int)floor(from) + 1; k < to; k++)
        BD_TRY(add_vertex(line, corner_x[k % 4], corner_y[k % 4], err));
    return BD_OK;
}

/* A line that ends inside the plane where the region jumps to the border in y: the point on the border above or
 * below. */
static enum bd_status reach_border(const struct bd_plot_plane *plane, double place, double x,
                                   struct bd_polyline *line, struct bd_error *err)
{
    if (place < 1.0)
        return add_vertex(line, x, plane->y_min, err);
    return place > 2.0 && place < 3.0 ? add_vertex(line, x, plane->y_max, err) : BD_OK;
}

/* One polygon from the open lines, beginning with number `first`. */
static enum bd_status chain(const struct bd_contour *contour, const struct bd_plot_plane *plane, size_t first,
                            unsigned char *used, struct bd_polyline *polygon, struct bd_error *err)
{
    for (size_t here = first;;) {
        const struct bd_polyline *line = &contour->polyline[here];
        const size_t last = line->n_vertex - 1;
        const double begin = border_place(plane, line->x[0], line->y[0]);
        const double end = border_place(plane, line->x[last], line->y[last]);
        size_t next = first;
        double nearest = INFINITY;
        used[here] = 1;
        BD_TRY(reach_border(plane, begin, line->x[0], polygon, err));
        BD_TRY(add_vertices(polygon, line, err));
        BD_TRY(reach_border(plane, end, line->x[last], polygon, err));
        for (size_t k = 0; k < contour->n_polyline; k++) {
            const struct bd_polyline *other = &contour->polyline[k];
            if (other->closed || (used[k] && k != first))
                continue;
            double place = border_place(plane, other->x[0], other->y[0]);
            place += place < end ? 4.0 : 0.0;
            if (place < nearest) {
                nearest = place;
                next = k;
            }
        }
        BD_TRY(follow_border(plane, end, nearest, polygon, err));
        if (next == first)
            return BD_OK;
        here = next;
    }
}

enum bd_status bd_plot_fill_polygons(const struct bd_contour *contour, const struct bd_plot_plane *plane,
                                     struct bd_contour *polygons, struct bd_error *err)
{
    *polygons = *contour;
    polygons->n_polyline = 0;
    polygons->polyline = calloc(contour->n_polyline + 1, sizeof *polygons->polyline);
    unsigned char *used = calloc(contour->n_polyline + 1, 1);
    enum bd_status status =
        polygons->polyline != NULL && used != NULL ? BD_OK : bd_fail(err, BD_NO_MEMORY, "plot: out of memory");
    for (int open = 0; open < 2; open++)
        for (size_t k = 0; k < contour->n_polyline && status == BD_OK; k++) {
            const struct bd_polyline *line = &contour->polyline[k];
            if (line->closed == open || used[k] || (open && plane == NULL))
                continue;
            struct bd_polyline *polygon = &polygons->polyline[polygons->n_polyline++];
            *polygon = (struct bd_polyline){.closed = 1, .hole = line->hole};
            status = open ? chain(contour, plane, k, used, polygon, err) : add_vertices(polygon, line, err);
        }
    free(used);
    if (status != BD_OK)
        bd_contour_free(polygons);
    return status;
}
