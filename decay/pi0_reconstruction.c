#include "decay/pi0_reconstruction.h"

#include <math.h>

#include "src/core/pdg.h"

int bd_pi0_reconstruction_vertex(const struct bd_cluster *a, const struct bd_cluster *b, double *dz_m,
                                 double *pt_gev)
{
    const double energy = a->e_gev + b->e_gev;
    const double one_minus_cos = BD_MASS_PI0 * BD_MASS_PI0 / (2.0 * a->e_gev * b->e_gev),
                 cosine = 1.0 - one_minus_cos;
    const double s = one_minus_cos * (1.0 + cosine); /* sin^2 */
    if (one_minus_cos >= 2.0 || energy <= BD_MASS_PI0)
        return 0;
    const double ra2 = a->x_m * a->x_m + a->y_m * a->y_m, rb2 = b->x_m * b->x_m + b->y_m * b->y_m;
    const double dx = a->x_m - b->x_m, dy = a->y_m - b->y_m, d2 = dx * dx + dy * dy;
    const double twice_dot = ra2 + rb2 - d2, linear = d2 - s * (ra2 + rb2);
    const double root2 = linear * linear + s * (4.0 * ra2 * rb2 * cosine * cosine - twice_dot * twice_dot);
    if (root2 < 0.0)
        return 0;
    const double dz2 = (linear + sqrt(root2)) / (2.0 * s);
    if (dz2 < 0.0)
        return 0;
    const double coe_x = (a->x_m * a->e_gev + b->x_m * b->e_gev) / energy;
    const double coe_y = (a->y_m * a->e_gev + b->y_m * b->e_gev) / energy;
    const double coe2 = coe_x * coe_x + coe_y * coe_y;
    *dz_m = sqrt(dz2);
    *pt_gev = coe2 > 0.0 ? sqrt((energy - BD_MASS_PI0) * (energy + BD_MASS_PI0) * coe2 / (coe2 + dz2)) : 0.0;
    return 1;
}

static int is_in_box(const struct bd_pi0_box *box, double z, double pt)
{
    const double rise = z > box->rise_z_m ? (z - box->rise_z_m) * box->rise_gev_per_m : 0.0;
    return z >= box->z_m[0] && z < box->z_m[1] && pt >= box->pt_gev[0] + rise && pt < box->pt_gev[1];
}

/* Cuts on one cluster. */
static int accepts_cluster(const struct bd_pi0_reconstruction *pi0, const struct bd_cluster *cluster, double r)
{
    const double x = fabs(cluster->x_m), y = fabs(cluster->y_m);
    return r >= pi0->r_min_m && (pi0->r_max_m <= 0.0 || r < pi0->r_max_m) &&
           (pi0->square_form == 0 ? fmax(x, y) : fmin(x, y)) >= pi0->square_half_m;
}

int bd_pi0_reconstruction_region(const struct bd_pi0_reconstruction *pi0, double z_calorimeter_m,
                                 const struct bd_cluster *a, const struct bd_cluster *b)
{
    const double ra = hypot(a->x_m, a->y_m), rb = hypot(b->x_m, b->y_m), energy = a->e_gev + b->e_gev;
    double dz, pt;
    if (!accepts_cluster(pi0, a, ra) || !accepts_cluster(pi0, b, rb) ||
        hypot(a->x_m - b->x_m, a->y_m - b->y_m) < pi0->distance_min_m ||
        fmin(a->e_gev, b->e_gev) < pi0->e_ratio_min * fmax(a->e_gev, b->e_gev) ||
        hypot(a->x_m * a->e_gev + b->x_m * b->e_gev, a->y_m * a->e_gev + b->y_m * b->e_gev) <
            pi0->coe_r_min_m * energy)
        return -1;
    if (pi0->angle_max_rad > 0.0 && a->x_m * b->x_m + a->y_m * b->y_m < ra * rb * cos(pi0->angle_max_rad))
        return -1;
    if (!bd_pi0_reconstruction_vertex(a, b, &dz, &pt) || a->e_gev * atan2(ra, dz) < pi0->e_theta_min_gev_rad ||
        b->e_gev * atan2(rb, dz) < pi0->e_theta_min_gev_rad)
        return -1;
    const double z = z_calorimeter_m - dz - pi0->z_origin_m;
    for (size_t i = 0; i < pi0->n_exclude; i++)
        if (is_in_box(&pi0->exclude[i], z, pt))
            return -1;
    for (size_t i = 0; i < pi0->n_box; i++)
        if (is_in_box(&pi0->box[i], z, pt))
            return pi0->box[i].index;
    return -1;
}
