#include "decay/window.h"

#include <math.h>

#define MARGIN 1.005   /* the kick keeps |p|, so it changes p_z by up to (kick/p)^2/2 */
#define THETA_OPEN 1.5 /* no plane limits the window */

/* Largest distance from (x, y) to a point of the outer outline. */
static double outline_distance(const struct bd_shape *shape, double x, double y)
{
    const double dx = fabs(x - shape->x_m), dy = fabs(y - shape->y_m);
    switch (shape->kind) {
    case BD_SHAPE_CIRCLE:
        return shape->r_m + hypot(dx, dy);
    case BD_SHAPE_SQUARE:
        return hypot(shape->half_m + dx, shape->half_m + dy);
    case BD_SHAPE_RECTANGLE:
        return hypot(shape->half_x_m + dx, shape->half_y_m + dy);
    case BD_SHAPE_OCTAGON: {
        const double corner = fmax(shape->diag_m - shape->half_m, 0.0);
        return fmax(hypot(shape->half_m + dx, corner + dy), hypot(corner + dx, shape->half_m + dy));
    }
    default:
        return INFINITY; /* no outer limit */
    }
}

/* How far from a plane's outline the line of X may pass, if one daughter may be lost: the others leave it by an
 * angle alpha after the first vertex, tan(theta + alpha) - tan(theta) = tan(alpha) (1 + t^2)/(1 - t tan(alpha)).
 */
static double growth(const struct bd_plane *plane, const struct bd_window_lost *lost, double size, double distance)
{
    const double length = plane->z_m - lost->z_min_m, tangent = tan(lost->angle_rad);
    if (length <= 0.0 || tangent <= 0.0)
        return 0.0;
    const double t = (size + length * tangent) / distance;
    return t * tangent < 1.0 ? length * tangent * (1.0 + t * t) / (1.0 - t * tangent) : INFINITY;
}

static double angle_between(const double *a, const double *b)
{
    const double cross[3] = {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
    return atan2(sqrt(cross[0] * cross[0] + cross[1] * cross[1] + cross[2] * cross[2]),
                 a[0] * b[0] + a[1] * b[1] + a[2] * b[2]);
}

/* The beam axis through the production point does not cross the disc around the outline. */
static int axis_misses(const struct bd_experiment *experiment, const struct bd_plane *plane)
{
    const double *from = experiment->impact_m;
    return experiment->beam_polar_rad != 0.0 ||
           hypot(from[0] - plane->outer.x_m, from[1] - plane->outer.y_m) >
               outline_distance(&plane->outer, plane->outer.x_m, plane->outer.y_m);
}

/* Largest distance of a vertex from the detector axis. */
static double volume_radius(const struct bd_volume_shape *shape, double z_min, double z_max)
{
    double radius = 0.0;
    switch (shape->kind) {
    case BD_VOLUME_ANNULUS:
        return shape->r_max_m;
    case BD_VOLUME_PYRAMID:
        for (size_t i = 0; i < 2; i++) {
            const double u = ((i == 0 ? z_min : z_max) - shape->z_m[0]) / (shape->z_m[1] - shape->z_m[0]);
            radius = fmax(radius, hypot(shape->half_x_m[0] + u * (shape->half_x_m[1] - shape->half_x_m[0]),
                                        shape->half_y_m[0] + u * (shape->half_y_m[1] - shape->half_y_m[0])));
        }
        return radius;
    case BD_VOLUME_VERTICAL_CYLINDER:
        return hypot(shape->r_max_m, shape->half_y_m[0]);
    default:
        return INFINITY; /* no lateral limit */
    }
}

/* A line from the production point to any vertex crosses this disc where the volume begins. 0: no such limit. */
static int volume_disc(const struct bd_experiment *experiment, const struct bd_window_lost *vertex,
                       struct bd_plane *disc)
{
    const double *from = experiment->impact_m;
    const double radius = volume_radius(&experiment->volume_shape, vertex->z_min_m, vertex->z_max_m);
    const double nearest = (vertex->z_min_m - from[2]) / (vertex->z_max_m - from[2]);
    *disc = (struct bd_plane){
        .z_m = vertex->z_min_m,
        .outer = {.kind = BD_SHAPE_CIRCLE, .r_m = radius + (1.0 - nearest) * hypot(from[0], from[1])}};
    return isfinite(radius);
}

/* What X crosses at one plane narrows the window. */
static void narrow(const struct bd_experiment *experiment, const struct bd_plane *plane,
                   const struct bd_window_lost *lost, struct bd_window *window, double *smallest)
{
    const double *from = experiment->impact_m;
    const double distance = plane->z_m - from[2];
    if (distance <= 0.0)
        return;
    const double size = outline_distance(&plane->outer, from[0], from[1]);
    const double more = growth(plane, lost, size, distance);
    window->theta_max_rad = fmin(window->theta_max_rad, atan((MARGIN * size + more) / distance));
    window->aimed |= axis_misses(experiment, plane);
    const double r = MARGIN * outline_distance(&plane->outer, plane->outer.x_m, plane->outer.y_m) + more;
    if (r / distance < *smallest) {
        *smallest = r / distance;
        window->disc_m[0] = plane->outer.x_m;
        window->disc_m[1] = plane->outer.y_m;
        window->disc_m[2] = plane->z_m;
        window->disc_r_m = r;
    }
}

enum bd_status bd_window_init(const struct bd_experiment *experiment, const int *needed,
                              const struct bd_window_lost *lost, struct bd_window *window, struct bd_error *err)
{
    const double *from = experiment->impact_m;
    const double polar = experiment->beam_polar_rad, azimuth = experiment->beam_azimuth_rad;
    double smallest = INFINITY;
    *window = (struct bd_window){.theta_max_rad = THETA_OPEN,
                                 .beam = {sin(polar) * cos(azimuth), sin(polar) * sin(azimuth), cos(polar)},
                                 .from_m = {from[0], from[1], from[2]},
                                 .aimed = polar != 0.0};
    for (size_t i = 0; i < experiment->n_plane; i++)
        if (needed[i])
            narrow(experiment, &experiment->plane[i], lost, window, &smallest);
    struct bd_plane disc;
    if (volume_disc(experiment, lost, &disc))
        narrow(experiment, &disc, lost, window, &smallest); /* before it no daughter has left X: no growth */
    if (!window->aimed)
        return BD_OK;
    const double to[3] = {window->disc_m[0] - from[0], window->disc_m[1] - from[1], window->disc_m[2] - from[2]};
    const double distance = sqrt(to[0] * to[0] + to[1] * to[1] + to[2] * to[2]);
    if (!(window->disc_r_m < distance))
        return bd_fail(
            err, BD_BAD_INPUT,
            "%s: the beam axis misses the detector, and no plane bounds the directions of X: a final state "
            "needs a plane that all its particles cross",
            experiment->id);
    const double half = asin(window->disc_r_m / distance); /* the sphere around the disc */
    window->theta_disc_rad = angle_between(to, window->beam);
    window->theta_min_rad = fmax(window->theta_disc_rad - half, 0.0);
    window->theta_max_rad = window->theta_disc_rad + half;
    return BD_OK;
}

void bd_window_aim(const struct bd_window *window, size_t n, const double *radius_m, const double *cosine,
                   const double *sine, double *x, double *y, double *z, double *theta_rad, double *inverse_square)
{
    const double dz = window->disc_m[2] - window->from_m[2];
    for (size_t i = 0; i < n; i++) {
        const double dx = window->disc_m[0] + radius_m[i] * cosine[i] - window->from_m[0];
        const double dy = window->disc_m[1] + radius_m[i] * sine[i] - window->from_m[1];
        const double square = dx * dx + dy * dy + dz * dz, inverse = 1.0 / sqrt(square);
        const double direction[3] = {dx * inverse, dy * inverse, dz * inverse};
        x[i] = direction[0];
        y[i] = direction[1];
        z[i] = direction[2];
        theta_rad[i] = angle_between(direction, window->beam);
        inverse_square[i] = 1.0 / square;
    }
}
