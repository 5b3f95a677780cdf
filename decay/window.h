/* decay/window.h - the directions of X that can be accepted.
 *
 * The momentum-weighted centre of all daughters lies on the line of X (the kicks of a neutral pair cancel), so
 * where every daughter must cross a plane the line of X crosses its convex hull: an exact window, from the card
 * alone. The vertex is on that line, too, and inside the shape of the volume. About the beam axis it is a cone. If
 * the axis misses the detector (a beam at an angle, a detector beside it) directions are drawn by aiming at the
 * disc around that hull, which is a thousand times smaller than the cone. Lengths in m, angles in rad, in the
 * frame of the detector. */
#ifndef BD_DECAY_WINDOW_H
#define BD_DECAY_WINDOW_H

#include <stddef.h>

#include "src/core/error.h"
#include "src/core/experiment.h"

struct bd_window {
    double theta_min_rad, theta_max_rad; /* to the beam axis */
    double beam[3];                      /* direction of the protons */
    double from_m[3];                    /* production point */
    int aimed;                           /* 1: the disc below; 0: the cone theta < theta_max_rad about z */
    double disc_m[3], disc_r_m;          /* centre and radius, at constant z */
    double theta_disc_rad;               /* of its centre to the beam axis */
};

/* Daughters that leave the line of X by a known angle may be lost as long as one is seen. */
struct bd_window_lost {
    double angle_rad;        /* largest angle of a seen daughter to X; 0: all daughters are seen */
    double z_min_m, z_max_m; /* first and last vertex */
};

/* needed[n_plane]: 1 for the planes that all daughters, or those that are seen, must cross. BD_BAD_INPUT: the beam
 * axis misses the detector and no plane is needed. */
enum bd_status bd_window_init(const struct bd_experiment *experiment, const int *needed,
                              const struct bd_window_lost *lost, struct bd_window *window,
                              struct bd_error *err) BD_MUST_CHECK;

/* Directions through points of the disc at distance radius_m[i] from its centre and azimuth (cosine, sine): unit
 * vector, angle to the beam, and dOmega/dA/(direction . z) = 1/distance^2 [m^-2]. */
void bd_window_aim(const struct bd_window *window, size_t n, const double *radius_m, const double *cosine,
                   const double *sine, double *x, double *y, double *z, double *theta_rad, double *inverse_square);

#endif
