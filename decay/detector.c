#include "decay/detector.h"

#include <math.h>
#include <string.h>

#include "src/core/vector.h"

/* ---- setting up ---- */

static void sort_daughters(const struct bd_decay *decay, struct bd_detector *detector)
{
    for (size_t i = 0; i < bd_decay_n_daughter(decay); i++) {
        const struct bd_particle *particle = bd_particle_find(decay->daughter[i]);
        if (particle->charge != 0 && detector->n_track < 2) {
            detector->charge[detector->n_track] = particle->charge;
            detector->track[detector->n_track++] = i;
        } else {
            detector->neutral_particle[detector->n_neutral] = particle;
            detector->neutral[detector->n_neutral++] = i;
            detector->n_photon += particle->br_gammagamma > 0.0 ? 2 : 1;
        }
    }
}

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

/* The momentum-weighted centre of all daughters lies on the line of X (the kicks of a neutral pair cancel), so where
 * every daughter must cross a plane the line of X crosses its convex hull. The kick keeps |p|, so it changes p_z by up
 * to (kick/p)^2/2: hence the margin. */
static double window_angle(const struct bd_detector *detector)
{
    const struct bd_experiment *experiment = detector->experiment;
    const struct bd_final_state *state = detector->state;
    const double margin = 1.005;
    double theta = 1.5;
    for (size_t i = 0; i < experiment->n_plane; i++) {
        int needed = detector->n_track > 0 || detector->n_photon > 0;
        int by_tracks = 0, by_photons = 0;
        for (size_t k = 0; k < state->n_track_plane; k++)
            by_tracks |= state->track_plane[k] == (int)i;
        for (size_t k = 0; k < state->n_photon_plane; k++)
            by_photons |= state->photon_plane[k] == (int)i;
        needed = (detector->n_track == 0 || by_tracks) && (detector->n_photon == 0 || by_photons);
        const double distance = experiment->plane[i].z_m - experiment->impact_m[2];
        if (needed && distance > 0.0)
            theta = fmin(theta, atan(margin * outline_distance(&experiment->plane[i].outer, experiment->impact_m[0],
                                                               experiment->impact_m[1]) / distance));
    }
    return theta;
}

static enum bd_status check_supported(const struct bd_detector *detector, struct bd_error *err)
{
    const struct bd_experiment *experiment = detector->experiment;
    const char *card = experiment->path != NULL ? experiment->path : experiment->id;
    if (experiment->beam_polar_rad != 0.0)
        return bd_fail(err, BD_BAD_INPUT, "%s: beam axis at %g rad to the detector axis: only 0 is supported", card,
                       experiment->beam_polar_rad);
    if (experiment->n_magnet > 1)
        return bd_fail(err, BD_BAD_INPUT, "%s: %zu magnets: at most one is supported", card, experiment->n_magnet);
    if (detector->magnet != NULL && detector->n_track > 0 && detector->z_max_m > detector->magnet->z_m)
        return bd_fail(err, BD_BAD_INPUT, "%s: vertices up to z = %g m lie behind the magnet at %g m: not supported",
                       card, detector->z_max_m, detector->magnet->z_m);
    if (detector->n_photon > BD_PHOTONS_MAX || (detector->n_photon > 0 && detector->state->n_photon_plane > 1))
        return bd_fail(err, BD_BAD_INPUT, "%s:%u: %s: at most %d photons and one photon plane are supported", card,
                       detector->state->line, detector->state->name, BD_PHOTONS_MAX);
    if (detector->n_photon > 0 && detector->state->sep_tracks_plane >= 0 &&
        detector->state->sep_tracks_plane != detector->state->photon_plane[0])
        return bd_fail(err, BD_BAD_INPUT, "%s:%u: %s: the separation of tracks must be at the plane of the photons",
                       card, detector->state->line, detector->state->name);
    return BD_OK;
}

enum bd_status bd_detector_init(const struct bd_experiment *experiment, const struct bd_final_state *state,
                                const struct bd_decay *decay, struct bd_detector *detector, struct bd_error *err)
{
    *detector = (struct bd_detector){.experiment = experiment, .state = state, .decay = decay, .daughter_br = 1.0};
    sort_daughters(decay, detector);
    for (size_t i = 0; i < detector->n_neutral; i++)
        if (detector->neutral_particle[i]->br_gammagamma > 0.0 && !experiment->daughter_br_forced)
            detector->daughter_br *= detector->neutral_particle[i]->br_gammagamma;
    detector->magnet = experiment->n_magnet > 0 ? &experiment->magnet[0] : NULL;
    const struct bd_z_range *volume = state->neutral_volume ? &experiment->neutral_volume : &experiment->charged_volume;
    detector->volume_z_min_m = detector->z_min_m = volume->z_min_m;
    detector->volume_z_max_m = detector->z_max_m = volume->z_max_m;
    if (state->vertex_cut) {
        detector->z_min_m = fmax(volume->z_min_m, experiment->vertex.z_min_m);
        detector->z_max_m = fmin(volume->z_max_m, experiment->vertex.z_max_m);
    }
    detector->energy_min_gev =
        (double)detector->n_track * fmax(state->track_p_min_gev, state->track_e_min_gev) +
        fmax((double)detector->n_photon * state->photon_e_min_gev, state->e_sum_min_gev);
    detector->impossible = (int)detector->n_track != state->n_track || (int)detector->n_photon != state->n_photon ||
                           detector->z_min_m >= detector->z_max_m;
    BD_TRY(check_supported(detector, err));
    detector->theta_max_rad = window_angle(detector);
    return BD_OK;
}

size_t bd_detector_dimensions(const struct bd_detector *detector)
{
    return 2 * (detector->n_photon - detector->n_neutral);
}

/* ---- shapes ---- */

#define ROOT_HALF 0.70710678118654752440

/* fmax and fmin do not vectorise because of what they promise for NaN. */
static inline double larger(double a, double b)
{
    return a > b ? a : b;
}

static inline double smaller(double a, double b)
{
    return a < b ? a : b;
}

/* Multiply ok by inside (wanted = 1) or by outside (wanted = 0). One loop without branches per kind. */
BD_VECTOR
static void apply_shape(const struct bd_shape *shape, double wanted, size_t n, const double *x, const double *y,
                        double *ok)
{
    const double x0 = shape->x_m, y0 = shape->y_m, half = shape->half_m, r2 = shape->r_m * shape->r_m;
    const double half_x = shape->half_x_m, half_y = shape->half_y_m, diag = shape->diag_m;
    const double unwanted = 1.0 - wanted;
    switch (shape->kind) {
    case BD_SHAPE_CIRCLE:
        for (size_t i = 0; i < n; i++) {
            const double dx = x[i] - x0, dy = y[i] - y0;
            ok[i] *= dx * dx + dy * dy < r2 ? wanted : unwanted;
        }
        break;
    case BD_SHAPE_SQUARE:
        for (size_t i = 0; i < n; i++)
            ok[i] *= larger(fabs(x[i] - x0), fabs(y[i] - y0)) < half ? wanted : unwanted;
        break;
    case BD_SHAPE_RECTANGLE:
        for (size_t i = 0; i < n; i++)
            ok[i] *= larger(fabs(x[i] - x0) - half_x, fabs(y[i] - y0) - half_y) < 0.0 ? wanted : unwanted;
        break;
    case BD_SHAPE_OCTAGON:
        for (size_t i = 0; i < n; i++) {
            const double dx = fabs(x[i] - x0), dy = fabs(y[i] - y0);
            ok[i] *= larger(larger(dx, dy) - half, dx + dy - diag) < 0.0 ? wanted : unwanted;
        }
        break;
    case BD_SHAPE_VIEWS:
        for (size_t i = 0; i < n; i++) {
            const double dx = x[i] - x0, dy = y[i] - y0;
            const double u = fabs(dx - dy) * ROOT_HALF, v = fabs(dx + dy) * ROOT_HALF;
            const double xy = larger(fabs(dx), fabs(dy)), uv = larger(u, v);
            ok[i] *= smaller(xy, uv) <= half ? wanted : unwanted; /* outside: missed in both pairs of views */
        }
        break;
    case BD_SHAPE_CORNER:
        for (size_t i = 0; i < n; i++)
            ok[i] *= smaller(fabs(x[i] - x0) - half_x, fabs(y[i] - y0) - half_y) > 0.0 ? wanted : unwanted;
        break;
    case BD_SHAPE_NONE:
        break;
    }
}

int bd_detector_inside(const struct bd_shape *shape, double x_m, double y_m)
{
    double ok = 1.0;
    apply_shape(shape, 1.0, 1, &x_m, &y_m, &ok);
    return ok > 0.0;
}

static void apply_plane(const struct bd_plane *plane, size_t n, const double *x, const double *y, double *ok)
{
    apply_shape(&plane->outer, 1.0, n, x, y, ok);
    for (size_t i = 0; i < plane->n_hole; i++)
        apply_shape(&plane->hole[i], 0.0, n, x, y, ok);
}

/* ---- blocks ---- */

static void move_array(size_t n, const unsigned *keep, double *array)
{
    for (size_t i = 0; i < n; i++)
        array[i] = array[keep[i]];
}

/* Keep the configurations whose mask is not 0, in order. */
static void compact(const struct bd_detector *detector, struct bd_detector_block *block)
{
    unsigned keep[BD_BLOCK];
    size_t n = 0;
    for (size_t i = 0; i < block->n; i++)
        if (block->mask[i] > 0.0)
            keep[n++] = (unsigned)i;
    if (n == block->n)
        return;
    const size_t n_daughter = bd_decay_n_daughter(detector->decay);
    for (size_t d = 0; d < n_daughter; d++) {
        move_array(n, keep, block->daughter[d].px);
        move_array(n, keep, block->daughter[d].py);
        move_array(n, keep, block->daughter[d].pz);
        move_array(n, keep, block->daughter[d].e);
    }
    for (size_t s = 0; s < block->n_slice; s++) {
        double *arrays[] = {block->z[s],          block->ok[s],         block->x[s],         block->y[s],
                            block->track_x[0][s], block->track_x[1][s], block->track_y[0][s], block->track_y[1][s]};
        for (size_t k = 0; k < (detector->n_track > 0 ? sizeof arrays / sizeof arrays[0] : 4); k++)
            move_array(n, keep, arrays[k]);
    }
    for (size_t i = 0; i < n; i++)
        block->origin[i] = block->origin[keep[i]];
    block->n = n;
}

static void mask_threshold(size_t n, const struct bd_momenta *p, double p_min, double e_min, double *mask)
{
    const double p2_min = p_min * p_min;
    for (size_t i = 0; i < n; i++) {
        const double p2 = p->px[i] * p->px[i] + p->py[i] * p->py[i] + p->pz[i] * p->pz[i];
        mask[i] *= p2 >= p2_min && p->e[i] >= e_min && p->pz[i] > 0.0 ? 1.0 : 0.0;
    }
}

BD_VECTOR
static void project(size_t n, double z_plane, const double *x, const double *y, const double *z,
                    const double *slope_x, const double *slope_y, double *x_out, double *y_out)
{
    for (size_t i = 0; i < n; i++) {
        const double dz = z_plane - z[i];
        x_out[i] = x[i] + slope_x[i] * dz;
        y_out[i] = y[i] + slope_y[i] * dz;
    }
}

BD_VECTOR
static void slopes(size_t n, const double *px, const double *py, const double *pz, double *slope_x, double *slope_y)
{
    for (size_t i = 0; i < n; i++) {
        const double inverse = 1.0 / pz[i];
        slope_x[i] = px[i] * inverse;
        slope_y[i] = py[i] * inverse;
    }
}

/* p_axis += kick * charge with the other transverse component and |p| kept; a track that cannot is lost. */
static void kick(const struct bd_magnet *magnet, int charge, size_t n, struct bd_momenta *p, double *mask)
{
    double *along = magnet->kick_axis == 0 ? p->px : p->py;
    for (size_t i = 0; i < n; i++) {
        const double p2 = p->px[i] * p->px[i] + p->py[i] * p->py[i] + p->pz[i] * p->pz[i];
        along[i] += magnet->kick_gev * charge;
        const double pz2 = p2 - p->px[i] * p->px[i] - p->py[i] * p->py[i];
        mask[i] *= pz2 > 0.0 ? 1.0 : 0.0;
        p->pz[i] = sqrt(pz2 > 0.0 ? pz2 : p2);
    }
}

/* One track through the planes in order of z; its momentum is that behind the magnet afterwards. */
static void follow_track(const struct bd_detector *detector, size_t track, struct bd_detector_block *block)
{
    const struct bd_experiment *experiment = detector->experiment;
    const struct bd_final_state *state = detector->state;
    struct bd_momenta *p = &block->daughter[detector->track[track]];
    const size_t n = block->n;
    double slope_x[BD_BLOCK], slope_y[BD_BLOCK], z_kick[BD_BLOCK];
    double (*x)[BD_BLOCK] = block->track_x[track], (*y)[BD_BLOCK] = block->track_y[track];
    double at_x[BD_BLOCK], at_y[BD_BLOCK];
    int kicked = detector->magnet == NULL;
    slopes(n, p->px, p->py, p->pz, slope_x, slope_y);
    for (size_t s = 0; s < block->n_slice; s++) {
        memcpy(x[s], block->x[s], n * sizeof x[s][0]);
        memcpy(y[s], block->y[s], n * sizeof y[s][0]);
    }
    const double (*z)[BD_BLOCK] = (const double (*)[BD_BLOCK])block->z; /* where x and y are taken */
    int behind = 0;
    /* The last round: where distances are measured, at the plane of the photons or of the track separation. */
    const int last = state->sep_tracks_plane >= 0 ? state->sep_tracks_plane
                     : state->n_photon_plane > 0  ? state->photon_plane[0]
                                                  : -1;
    for (size_t k = 0; k < state->n_track_plane + (last >= 0); k++) {
        const int cuts = k < state->n_track_plane;
        const struct bd_plane *plane = &experiment->plane[cuts ? state->track_plane[k] : last];
        if (!kicked && plane->z_m > detector->magnet->z_m) {
            for (size_t s = 0; s < block->n_slice; s++)
                project(n, detector->magnet->z_m, x[s], y[s], z[s], slope_x, slope_y, x[s], y[s]);
            kick(detector->magnet, detector->charge[track], n, p, block->mask);
            slopes(n, p->px, p->py, p->pz, slope_x, slope_y);
            for (size_t i = 0; i < n; i++)
                z_kick[i] = detector->magnet->z_m;
            kicked = behind = 1;
        }
        for (size_t s = 0; cuts && s < block->n_slice; s++) {
            project(n, plane->z_m, x[s], y[s], behind ? z_kick : z[s], slope_x, slope_y, at_x, at_y);
            apply_plane(plane, n, at_x, at_y, block->ok[s]);
        }
    }
    for (size_t s = 0; last >= 0 && s < block->n_slice; s++)
        project(n, experiment->plane[last].z_m, x[s], y[s], behind ? z_kick : z[s], slope_x, slope_y, x[s], y[s]);
}

BD_VECTOR
static void apply_separation(size_t n, const double *x1, const double *y1, const double *x2, const double *y2,
                             double distance, double *ok)
{
    for (size_t i = 0; i < n; i++) {
        const double dx = x1[i] - x2[i], dy = y1[i] - y2[i];
        ok[i] *= dx * dx + dy * dy > distance * distance ? 1.0 : 0.0;
    }
}

static void mask_any_slice(struct bd_detector_block *block)
{
    for (size_t i = 0; i < block->n; i++)
        block->mask[i] = 0.0;
    for (size_t s = 0; s < block->n_slice; s++)
        for (size_t i = 0; i < block->n; i++)
            block->mask[i] += block->ok[s][i];
}

/* Photons of the survivors, in order of the daughters. */
static void make_photons(const struct bd_detector *detector, const double (*u)[BD_BLOCK],
                         struct bd_detector_block *block)
{
    size_t n_photon = 0, dimension = 0;
    double u_cos[BD_BLOCK], u_phi[BD_BLOCK];
    for (size_t k = 0; k < detector->n_neutral; k++) {
        const struct bd_particle *particle = detector->neutral_particle[k];
        const struct bd_momenta *parent = &block->daughter[detector->neutral[k]];
        if (particle->br_gammagamma <= 0.0) {
            block->photon[n_photon++] = *parent;
            continue;
        }
        for (size_t i = 0; i < block->n; i++) {
            u_cos[i] = u[dimension][block->origin[i]];
            u_phi[i] = u[dimension + 1][block->origin[i]];
        }
        bd_phase_space_two_body(block->n, parent, particle->mass_gev, 0.0, 0.0, u_cos, u_phi,
                                &block->photon[n_photon], &block->photon[n_photon + 1]);
        n_photon += 2;
        dimension += 2;
    }
}

static void mask_photon_energies(const struct bd_detector *detector, struct bd_detector_block *block)
{
    const struct bd_final_state *state = detector->state;
    double sum[BD_BLOCK] = {0};
    for (size_t k = 0; k < detector->n_photon; k++) {
        mask_threshold(block->n, &block->photon[k], 0.0, state->photon_e_min_gev, block->mask);
        for (size_t i = 0; i < block->n; i++)
            sum[i] += block->photon[k].e[i];
    }
    for (size_t i = 0; i < block->n; i++)
        block->mask[i] *= sum[i] >= state->e_sum_min_gev ? 1.0 : 0.0;
}

static void find_photons(const struct bd_detector *detector, struct bd_detector_block *block)
{
    const struct bd_final_state *state = detector->state;
    const struct bd_plane *plane = &detector->experiment->plane[state->photon_plane[0]];
    double slope_x[BD_BLOCK], slope_y[BD_BLOCK];
    for (size_t k = 0; k < detector->n_photon; k++) {
        const struct bd_momenta *p = &block->photon[k];
        slopes(block->n, p->px, p->py, p->pz, slope_x, slope_y);
        for (size_t s = 0; s < block->n_slice; s++) {
            double *x = block->photon_x[k][s], *y = block->photon_y[k][s];
            project(block->n, plane->z_m, block->x[s], block->y[s], block->z[s], slope_x, slope_y, x, y);
            apply_plane(plane, block->n, x, y, block->ok[s]);
            for (size_t t = 0; t < detector->n_track; t++)
                apply_separation(block->n, x, y, block->track_x[t][s], block->track_y[t][s],
                                 state->photon_sep_track_m, block->ok[s]);
            for (size_t j = 0; j < k; j++)
                apply_separation(block->n, x, y, block->photon_x[j][s], block->photon_y[j][s], state->photon_merge_m,
                                 block->ok[s]);
        }
    }
}

void bd_detector_select(const struct bd_detector *detector, const double (*u)[BD_BLOCK],
                        struct bd_detector_block *block)
{
    const struct bd_final_state *state = detector->state;
    const double *impact = detector->experiment->impact_m;
    for (size_t i = 0; i < block->n; i++) {
        block->origin[i] = (unsigned)i;
        block->mask[i] = 1.0;
    }
    for (size_t s = 0; s < block->n_slice; s++)
        for (size_t i = 0; i < block->n; i++) {
            block->ok[s][i] = 1.0;
            block->x[s][i] = impact[0] + block->slope_x[i] * (block->z[s][i] - impact[2]);
            block->y[s][i] = impact[1] + block->slope_y[i] * (block->z[s][i] - impact[2]);
        }
    for (size_t t = 0; t < detector->n_track; t++)
        mask_threshold(block->n, &block->daughter[detector->track[t]], state->track_p_min_gev, state->track_e_min_gev,
                       block->mask);
    compact(detector, block);
    if (detector->n_track > 0) {
        for (size_t i = 0; i < block->n; i++)
            block->mask[i] = 1.0;
        for (size_t t = 0; t < detector->n_track; t++)
            follow_track(detector, t, block);
        for (size_t s = 0; s < block->n_slice; s++)
            for (size_t i = 0; i < block->n; i++)
                block->ok[s][i] *= block->mask[i];
        if (detector->n_track == 2 && state->sep_tracks_plane >= 0)
            for (size_t s = 0; s < block->n_slice; s++)
                apply_separation(block->n, block->track_x[0][s], block->track_y[0][s], block->track_x[1][s],
                                 block->track_y[1][s], state->sep_tracks_m, block->ok[s]);
        mask_any_slice(block);
        compact(detector, block);
    }
    if (detector->n_photon > 0) {
        make_photons(detector, u, block);
        for (size_t i = 0; i < block->n; i++)
            block->mask[i] = 1.0;
        mask_photon_energies(detector, block);
        for (size_t s = 0; s < block->n_slice; s++)
            for (size_t i = 0; i < block->n; i++)
                block->ok[s][i] *= block->mask[i];
        find_photons(detector, block);
    }
    mask_any_slice(block);
    compact(detector, block);
}
