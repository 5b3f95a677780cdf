#include "decay/detector.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "decay/pi0_reconstruction.h"
#include "src/core/vector.h"

#define MISSED INFINITY /* position of a photon that is not on its plane */

/* 1 if the plane is behind the magnet. */
static int is_behind(const struct bd_detector *detector, const struct bd_plane *plane)
{
    return detector->magnet != NULL && plane->z_m > detector->magnet->z_m;
}

/* ---- setting up ---- */

static void sort_daughters(const struct bd_decay *decay, struct bd_detector *detector)
{
    for (size_t i = 0; i < bd_decay_n_daughter(decay); i++) {
        const struct bd_particle *particle = bd_particle_find(decay->daughter[i]);
        const int shower = detector->state->showers && strcmp(particle->track, "e") == 0;
        if (particle->charge != 0 && !shower && detector->n_track < 2) {
            detector->charge[detector->n_track] = particle->charge;
            detector->track_mass_gev[detector->n_track] = particle->mass_gev;
            detector->track[detector->n_track++] = i;
        } else {
            detector->neutral_particle[detector->n_neutral] = particle;
            detector->neutral[detector->n_neutral++] = i;
            detector->n_photon += particle->br_gammagamma > 0.0 ? 2 : 1;
        }
    }
}

/* Largest angle to X of what is seen of it: the momentum of a decay product, or of some together, is at most m/2
 * in the frame of X. Those that are seen together have the energy e_sum_min and a mass below m; their mean
 * position, weighted with p_z, is inside the outline of the plane. */
static double lost_angle(const struct bd_final_state *state, double mass_gev)
{
    const double sum2 = state->e_sum_min_gev * state->e_sum_min_gev - mass_gev * mass_gev;
    const double one = 0.5 * mass_gev / state->photon_e_min_gev;
    const double all = sum2 > 0.0 ? 0.5 * mass_gev / sqrt(sum2) : 1.0;
    return asin(fmin(fmin(one, all), 1.0));
}

enum bd_status bd_detector_set_mass(struct bd_detector *detector, double mass_gev, struct bd_error *err)
{
    const struct bd_experiment *experiment = detector->experiment;
    const struct bd_final_state *state = detector->state;
    int needed[BD_PLANES_MAX] = {0};
    struct bd_window_lost lost = {.z_min_m = detector->z_min_m, .z_max_m = detector->z_max_m};
    for (size_t i = 0; i < experiment->n_plane; i++) {
        int by_tracks = 0, by_photons = 0;
        for (size_t k = 0; k < state->n_track_plane; k++)
            by_tracks |= state->track_plane[k] == (int)i;
        for (size_t k = 0; k < state->n_photon_plane; k++)
            by_photons |= state->photon_plane[k] == (int)i;
        needed[i] = (detector->n_track == 0 || by_tracks) && (detector->n_photon == 0 || by_photons) &&
                    detector->n_track + detector->n_photon > 0;
    }
    if (detector->lost)
        lost.angle_rad = lost_angle(state, mass_gev);
    return bd_window_init(experiment, needed, &lost, &detector->window, err);
}

static enum bd_status check_supported(const struct bd_detector *detector, struct bd_error *err)
{
    const struct bd_experiment *experiment = detector->experiment;
    const char *card = experiment->path != NULL ? experiment->path : experiment->id;
    if (experiment->n_magnet > 1)
        return bd_fail(err, BD_BAD_INPUT, "%s: %zu magnets: at most one is supported", card, experiment->n_magnet);
    if (detector->magnet != NULL && detector->n_track > 0 && detector->z_max_m > detector->magnet->z_m)
        return bd_fail(err, BD_BAD_INPUT,
                       "%s: vertices up to z = %g m lie behind the magnet at %g m: not supported", card,
                       detector->z_max_m, detector->magnet->z_m);
    if ((int)detector->n_track != detector->state->n_track || (int)detector->n_photon != detector->state->n_photon)
        return bd_fail(err, BD_BAD_INPUT, "%s:%u: %s: selects %d tracks and %d photons, the decay has %zu and %zu",
                       card, detector->state->line, detector->state->name, detector->state->n_track,
                       detector->state->n_photon, detector->n_track, detector->n_photon);
    if (detector->n_photon > BD_PHOTONS_MAX || (detector->n_photon > 0 && detector->state->n_photon_plane > 1))
        return bd_fail(err, BD_BAD_INPUT, "%s:%u: %s: at most %d photons and one photon plane are supported", card,
                       detector->state->line, detector->state->name, BD_PHOTONS_MAX);
    if (detector->clustered && detector->n_track > 0)
        return bd_fail(err, BD_BAD_INPUT, "%s:%u: %s: photons_min and clusters need a state of photons alone",
                       card, detector->state->line, detector->state->name);
    if (detector->lost && detector->state->photon_e_min_gev <= 0.55 * BD_DETECTOR_LOST_MASS_MAX_GEV)
        return bd_fail(
            err, BD_BAD_INPUT,
            "%s:%u: %s: photons can be lost only if those that are seen have more than %g GeV, here %g GeV", card,
            detector->state->line, detector->state->name, 0.55 * BD_DETECTOR_LOST_MASS_MAX_GEV,
            detector->state->photon_e_min_gev);
    const int n_cluster = detector->clustered ? detector->state->n_cluster : (int)detector->n_photon;
    if (experiment->pi0.n_box > 0 && detector->n_photon > 0 && (detector->n_track > 0 || n_cluster != 2))
        return bd_fail(err, BD_BAD_INPUT,
                       "%s:%u: %s: pi0_reconstruction needs a state of exactly two photons, or clusters: 2", card,
                       detector->state->line, detector->state->name);
    if (detector->n_photon > 0 && detector->state->sep_tracks_plane >= 0 &&
        detector->state->sep_tracks_plane != detector->state->photon_plane[0])
        return bd_fail(err, BD_BAD_INPUT,
                       "%s:%u: %s: the separation of tracks must be at the plane of the photons", card,
                       detector->state->line, detector->state->name);
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
    const struct bd_z_range *volume =
        state->neutral_volume ? &experiment->neutral_volume : &experiment->charged_volume;
    detector->volume_z_min_m = detector->z_min_m = volume->z_min_m;
    detector->volume_z_max_m = detector->z_max_m = volume->z_max_m;
    if (state->vertex_cut) {
        detector->z_min_m = fmax(volume->z_min_m, experiment->vertex.z_min_m);
        detector->z_max_m = fmin(volume->z_max_m, experiment->vertex.z_max_m);
    }
    if (state->part.z_max_m > state->part.z_min_m) {
        detector->z_min_m = fmax(detector->z_min_m, state->part.z_min_m);
        detector->z_max_m = fmin(detector->z_max_m, state->part.z_max_m);
    }
    detector->energy_min_gev = (double)detector->n_track * fmax(state->track_p_min_gev, state->track_e_min_gev) +
                               fmax((double)detector->n_photon * state->photon_e_min_gev, state->e_sum_min_gev);
    detector->lost = state->n_photon_min > 0;
    detector->clustered = detector->lost || state->n_cluster > 0;
    if (detector->clustered)
        detector->energy_min_gev =
            fmax((double)(detector->lost ? state->n_photon_min : state->n_cluster) * state->photon_e_min_gev,
                 state->e_sum_min_gev);
    detector->energy_min_gev = fmax(detector->energy_min_gev, state->track_e_sum_min_gev);
    detector->impossible = detector->z_min_m >= detector->z_max_m;
    detector->distance_plane = state->sep_tracks_plane >= 0                          ? state->sep_tracks_plane
                               : state->n_photon_plane > 0 && detector->n_photon > 0 ? state->photon_plane[0]
                                                                                     : -1;
    BD_TRY(check_supported(detector, err));
    return bd_detector_set_mass(detector, BD_DETECTOR_LOST_MASS_MAX_GEV, err);
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

/* ---- arrays ---- */

static void mask_threshold(size_t n, const struct bd_momenta *p, double p_min, double e_min, double *mask)
{
    const double p2_min = p_min * p_min;
    for (size_t i = 0; i < n; i++) {
        const double p2 = p->px[i] * p->px[i] + p->py[i] * p->py[i] + p->pz[i] * p->pz[i];
        mask[i] *= p2 >= p2_min && p->e[i] >= e_min && p->pz[i] > 0.0 ? 1.0 : 0.0;
    }
}

BD_VECTOR
static void slopes(size_t n, const double *restrict px, const double *restrict py, const double *restrict pz,
                   double *restrict slope_x, double *restrict slope_y)
{
    for (size_t i = 0; i < n; i++) {
        const double inverse = 1.0 / pz[i];
        slope_x[i] = px[i] * inverse;
        slope_y[i] = py[i] * inverse;
    }
}

/* Straight lines from (x, y, z) to a plane. */
BD_VECTOR
static void project(size_t n, double z_plane, const double *restrict x, const double *restrict y,
                    const double *restrict z, const double *restrict slope_x, const double *restrict slope_y,
                    double *restrict x_out, double *restrict y_out)
{
    for (size_t i = 0; i < n; i++) {
        const double dz = z_plane - z[i];
        x_out[i] = x[i] + slope_x[i] * dz;
        y_out[i] = y[i] + slope_y[i] * dz;
    }
}

/* The same over a common distance. */
BD_VECTOR
static void advance(size_t n, double dz, const double *restrict x, const double *restrict y,
                    const double *restrict slope_x, const double *restrict slope_y, double *restrict x_out,
                    double *restrict y_out)
{
    for (size_t i = 0; i < n; i++) {
        x_out[i] = x[i] + slope_x[i] * dz;
        y_out[i] = y[i] + slope_y[i] * dz;
    }
}

BD_VECTOR
static void apply_separation(size_t n, const double *restrict x1, const double *restrict y1,
                             const double *restrict x2, const double *restrict y2, double distance,
                             double *restrict ok)
{
    for (size_t i = 0; i < n; i++) {
        const double dx = x1[i] - x2[i], dy = y1[i] - y2[i];
        ok[i] *= dx * dx + dy * dy > distance * distance ? 1.0 : 0.0;
    }
}

/* Slopes of the track behind the magnet: p_axis += kick * charge with the other transverse component and |p| kept;
 * a track that cannot is lost. */
static void kick(const struct bd_magnet *magnet, int charge, size_t n, const struct bd_momenta *p, double *mask,
                 double *slope_x, double *slope_y)
{
    const double dx = magnet->kick_axis == 0 ? magnet->kick_gev * charge : 0.0;
    const double dy = magnet->kick_axis == 1 ? magnet->kick_gev * charge : 0.0;
    for (size_t i = 0; i < n; i++) {
        const double px = p->px[i] + dx, py = p->py[i] + dy;
        const double pz2 = p->px[i] * p->px[i] + p->py[i] * p->py[i] + p->pz[i] * p->pz[i] - px * px - py * py;
        const double inverse = 1.0 / sqrt(pz2 > 0.0 ? pz2 : 1.0);
        mask[i] *= pz2 > 0.0 ? 1.0 : 0.0;
        slope_x[i] = px * inverse;
        slope_y[i] = py * inverse;
    }
}

static void fill_ones(size_t n, double *array)
{
    for (size_t i = 0; i < n; i++)
        array[i] = 1.0;
}

static void pick(size_t n, const unsigned short *index, const double *from, double *to)
{
    for (size_t i = 0; i < n; i++)
        to[i] = from[index[i]];
}

/* ---- configurations ---- */

static void move_momenta(size_t n, const unsigned short *keep, struct bd_momenta *p)
{
    pick(n, keep, p->px, p->px); /* keep is ascending: reading runs ahead of writing */
    pick(n, keep, p->py, p->py);
    pick(n, keep, p->pz, p->pz);
    pick(n, keep, p->e, p->e);
}

static size_t alive(size_t n, const double *mask, unsigned short *keep)
{
    size_t n_keep = 0;
    for (size_t i = 0; i < n; i++) {
        keep[n_keep] = (unsigned short)i;
        n_keep += mask[i] > 0.0;
    }
    return n_keep;
}

/* Kinetic energy, and angle to the detector axis of the more energetic tracks. */
static void mask_track_angle(const struct bd_detector *detector, size_t t, struct bd_detector_block *block)
{
    const struct bd_final_state *state = detector->state;
    const struct bd_momenta *p = &block->daughter[detector->track[t]];
    const double tangent = state->track_angle_max_rad > 0.0 ? tan(state->track_angle_max_rad) : INFINITY;
    for (size_t i = 0; i < block->n && (isfinite(tangent) || state->track_kinetic_min_gev > 0.0); i++) {
        const double kinetic = p->e[i] - detector->track_mass_gev[t];
        const int steep =
            kinetic > state->track_angle_kinetic_gev && hypot(p->px[i], p->py[i]) > tangent * p->pz[i];
        block->mask[i] *= kinetic >= state->track_kinetic_min_gev && !steep ? 1.0 : 0.0;
    }
}

static void mask_opening(size_t n, const struct bd_momenta *a, const struct bd_momenta *b, double angle_min,
                         double *mask)
{
    const double cosine = cos(angle_min);
    for (size_t i = 0; i < n && angle_min > 0.0; i++) {
        const double dot = a->px[i] * b->px[i] + a->py[i] * b->py[i] + a->pz[i] * b->pz[i];
        const double a2 = a->px[i] * a->px[i] + a->py[i] * a->py[i] + a->pz[i] * a->pz[i];
        const double b2 = b->px[i] * b->px[i] + b->py[i] * b->py[i] + b->pz[i] * b->pz[i];
        mask[i] *= dot <= cosine * sqrt(a2 * b2) ? 1.0 : 0.0;
    }
}

static void mask_track_energy_sum(const struct bd_detector *detector, struct bd_detector_block *block)
{
    const double least = detector->state->track_e_sum_min_gev;
    for (size_t i = 0; i < block->n && least > 0.0; i++) {
        double sum = 0.0;
        for (size_t t = 0; t < detector->n_track; t++)
            sum += block->daughter[detector->track[t]].e[i];
        block->mask[i] *= sum >= least ? 1.0 : 0.0;
    }
}

/* Thresholds of the tracks; the configurations that pass, in order. */
static void select_momenta(const struct bd_detector *detector, struct bd_detector_block *block)
{
    const struct bd_final_state *state = detector->state;
    unsigned short keep[BD_BLOCK + 1];
    fill_ones(block->n, block->mask);
    for (size_t i = 0; i < block->n; i++)
        block->origin[i] = (unsigned)i;
    for (size_t t = 0; t < detector->n_track; t++)
        mask_threshold(block->n, &block->daughter[detector->track[t]], state->track_p_min_gev,
                       state->track_e_min_gev, block->mask);
    mask_track_energy_sum(detector, block);
    for (size_t t = 0; t < detector->n_track; t++)
        mask_track_angle(detector, t, block);
    if (detector->n_track == 2)
        mask_opening(block->n, &block->daughter[detector->track[0]], &block->daughter[detector->track[1]],
                     state->opening_min_rad, block->mask);
    const size_t n = alive(block->n, block->mask, keep);
    if (n < block->n) {
        for (size_t d = 0; d < bd_decay_n_daughter(detector->decay); d++)
            move_momenta(n, keep, &block->daughter[d]);
        pick(n, keep, block->slope_x, block->slope_x);
        pick(n, keep, block->slope_y, block->slope_y);
        for (size_t s = 0; s < block->n_slice; s++)
            pick(n, keep, block->z[s], block->z[s]);
        for (size_t i = 0; i < n; i++)
            block->origin[i] = block->origin[keep[i]];
        block->n = n;
    }
}

static void apply_volume(const struct bd_experiment *experiment, size_t n, const double *x, const double *y,
                         const double *z, double *ok)
{
    const struct bd_volume_shape *shape = &experiment->volume_shape;
    for (size_t i = 0; i < n && shape->kind == BD_VOLUME_ANNULUS; i++) {
        const double r2 = x[i] * x[i] + y[i] * y[i];
        ok[i] *= r2 > shape->r_min_m * shape->r_min_m && r2 < shape->r_max_m * shape->r_max_m ? 1.0 : 0.0;
    }
    for (size_t i = 0; i < n && shape->kind == BD_VOLUME_PYRAMID; i++) {
        const double u = (z[i] - shape->z_m[0]) / (shape->z_m[1] - shape->z_m[0]);
        ok[i] *= fabs(x[i]) < shape->half_x_m[0] + u * (shape->half_x_m[1] - shape->half_x_m[0]) &&
                         fabs(y[i]) < shape->half_y_m[0] + u * (shape->half_y_m[1] - shape->half_y_m[0])
                     ? 1.0
                     : 0.0;
    }
    for (size_t i = 0; i < n && shape->kind == BD_VOLUME_VERTICAL_CYLINDER; i++) {
        const double dz = z[i] - shape->z_m[0], r2 = x[i] * x[i] + dz * dz;
        ok[i] *= r2 < shape->r_max_m * shape->r_max_m && fabs(y[i]) < shape->half_y_m[0] ? 1.0 : 0.0;
    }
    for (size_t k = 0; k < experiment->n_excluded; k++)
        for (size_t i = 0; i < n; i++)
            ok[i] *= z[i] < experiment->excluded[k].z_min_m || z[i] > experiment->excluded[k].z_max_m ? 1.0 : 0.0;
}

/* The last plane of the tracks, if it is behind the magnet: the farthest one rejects most. NULL: it is not. */
static const struct bd_plane *last_plane(const struct bd_detector *detector)
{
    const struct bd_final_state *state = detector->state;
    if (detector->magnet == NULL || state->n_track_plane == 0)
        return NULL;
    const struct bd_plane *plane = &detector->experiment->plane[state->track_plane[state->n_track_plane - 1]];
    return is_behind(detector, plane) ? plane : NULL;
}

/* Vertices on the line of X, the first plane of the tracks and the last. */
static void select_end_planes(const struct bd_detector *detector, struct bd_detector_block *block)
{
    const struct bd_final_state *state = detector->state;
    const double *impact = detector->experiment->impact_m;
    const size_t n = block->n;
    const struct bd_plane *last = last_plane(detector);
    double at_x[BD_BLOCK], at_y[BD_BLOCK], last_x[BD_BLOCK], last_y[BD_BLOCK];
    fill_ones(n, block->mask);
    for (size_t t = 0; t < detector->n_track; t++) {
        const struct bd_momenta *p = &block->daughter[detector->track[t]];
        slopes(n, p->px, p->py, p->pz, block->before_x[t], block->before_y[t]);
        if (detector->magnet != NULL)
            kick(detector->magnet, detector->charge[t], n, p, block->mask, block->behind_x[t], block->behind_y[t]);
    }
    for (size_t s = 0; s < block->n_slice; s++) {
        for (size_t i = 0; i < n; i++) {
            block->ok[s][i] = block->mask[i];
            block->x[s][i] = impact[0] + block->slope_x[i] * (block->z[s][i] - impact[2]);
            block->y[s][i] = impact[1] + block->slope_y[i] * (block->z[s][i] - impact[2]);
        }
        apply_volume(detector->experiment, n, block->x[s], block->y[s], block->z[s], block->ok[s]);
        if (state->n_track_plane == 0)
            continue;
        const struct bd_plane *plane = &detector->experiment->plane[state->track_plane[0]];
        for (size_t t = 0; t < detector->n_track && !is_behind(detector, plane); t++) {
            project(n, plane->z_m, block->x[s], block->y[s], block->z[s], block->before_x[t], block->before_y[t],
                    at_x, at_y);
            apply_plane(plane, n, at_x, at_y, block->ok[s]);
        }
        for (size_t t = 0; t < detector->n_track && last != NULL; t++) {
            const double z_kick = detector->magnet->z_m;
            project(n, z_kick, block->x[s], block->y[s], block->z[s], block->before_x[t], block->before_y[t], at_x,
                    at_y);
            advance(n, last->z_m - z_kick, at_x, at_y, block->behind_x[t], block->behind_y[t], last_x, last_y);
            apply_plane(last, n, last_x, last_y, block->ok[s]);
        }
    }
}

/* ---- pairs ---- */

static void make_pairs(struct bd_detector_block *block)
{
    struct bd_detector_pairs *pairs = &block->pairs;
    pairs->n = 0;
    for (size_t s = 0; s < block->n_slice; s++)
        for (size_t i = 0; i < block->n; i++) {
            pairs->configuration[pairs->n] = (unsigned short)i;
            pairs->slice[pairs->n] = (unsigned short)s;
            pairs->x[pairs->n] = block->x[s][i];
            pairs->y[pairs->n] = block->y[s][i];
            pairs->z[pairs->n] = block->z[s][i];
            pairs->region[pairs->n] = 0;
            pairs->n += block->ok[s][i] > 0.0 && pairs->n + 1 < BD_PAIRS_MAX;
        }
}

/* Drop the pairs that are not ok, in order; n_track tracks have their positions. ok stays with those that are. */
static void compact_pairs(struct bd_detector_pairs *pairs, size_t n_track)
{
    size_t n = 0;
    for (size_t i = 0; i < pairs->n; i++) {
        pairs->configuration[n] = pairs->configuration[i];
        pairs->slice[n] = pairs->slice[i];
        pairs->x[n] = pairs->x[i];
        pairs->y[n] = pairs->y[i];
        pairs->z[n] = pairs->z[i];
        pairs->region[n] = pairs->region[i];
        for (size_t t = 0; t < n_track; t++) {
            pairs->track_x[t][n] = pairs->track_x[t][i];
            pairs->track_y[t][n] = pairs->track_y[t][i];
        }
        pairs->ok[n] = pairs->ok[i];
        n += pairs->ok[i] > 0.0;
    }
    pairs->n = n;
}

/* One track through all planes but the first in front of the magnet, and its position where distances are
 * measured: in a last round, or in front of the magnet once more along the line from the vertex. */
static void follow_track(const struct bd_detector *detector, size_t t, struct bd_detector_block *block)
{
    const struct bd_experiment *experiment = detector->experiment;
    const struct bd_final_state *state = detector->state;
    struct bd_detector_pairs *pairs = &block->pairs;
    const size_t n = pairs->n;
    const double *x = pairs->x, *y = pairs->y;
    const struct bd_plane *distance =
        detector->distance_plane >= 0 ? &experiment->plane[detector->distance_plane] : NULL;
    const struct bd_plane *last = last_plane(detector);
    const int distance_last = distance != NULL && is_behind(detector, distance);
    double z_kick = 0.0;
    int behind = 0;
    fill_ones(n, pairs->ok);
    pick(n, pairs->configuration, block->before_x[t], pairs->slope_x);
    pick(n, pairs->configuration, block->before_y[t], pairs->slope_y);
    for (size_t k = 0; k < state->n_track_plane + (size_t)distance_last; k++) {
        const int cuts = k < state->n_track_plane;
        const struct bd_plane *plane = cuts ? &experiment->plane[state->track_plane[k]] : distance;
        assert(plane != NULL); /* without a plane of the distances there is no last round */
        if (is_behind(detector, plane) && !behind) {
            project(n, detector->magnet->z_m, x, y, pairs->z, pairs->slope_x, pairs->slope_y, pairs->track_x[t],
                    pairs->track_y[t]);
            x = pairs->track_x[t];
            y = pairs->track_y[t];
            z_kick = detector->magnet->z_m;
            pick(n, pairs->configuration, block->behind_x[t], pairs->slope_x);
            pick(n, pairs->configuration, block->behind_y[t], pairs->slope_y);
            behind = 1;
        }
        if (cuts && ((k == 0 && !behind) || plane == last))
            continue; /* done for the whole block */
        if (behind)
            advance(n, plane->z_m - z_kick, x, y, pairs->slope_x, pairs->slope_y, pairs->at_x, pairs->at_y);
        else
            project(n, plane->z_m, x, y, pairs->z, pairs->slope_x, pairs->slope_y, pairs->at_x, pairs->at_y);
        if (cuts)
            apply_plane(plane, n, pairs->at_x, pairs->at_y, pairs->ok);
    }
    if (distance_last) {
        memcpy(pairs->track_x[t], pairs->at_x, n * sizeof pairs->at_x[0]);
        memcpy(pairs->track_y[t], pairs->at_y, n * sizeof pairs->at_y[0]);
    } else if (distance != NULL) {
        pick(n, pairs->configuration, block->before_x[t], pairs->slope_x);
        pick(n, pairs->configuration, block->before_y[t], pairs->slope_y);
        project(n, distance->z_m, pairs->x, pairs->y, pairs->z, pairs->slope_x, pairs->slope_y, pairs->track_x[t],
                pairs->track_y[t]);
    }
}

/* Photons of all configurations that still have a pair, in order of the daughters. */
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

/* Keep the configurations that have a pair; the pairs are renumbered. */
static void compact_configurations(const struct bd_detector *detector, struct bd_detector_block *block)
{
    struct bd_detector_pairs *pairs = &block->pairs;
    unsigned short keep[BD_BLOCK + 1], number[BD_BLOCK];
    memset(block->mask, 0, sizeof block->mask);
    for (size_t i = 0; i < pairs->n; i++)
        block->mask[pairs->configuration[i]] = 1.0;
    const size_t n = alive(block->n, block->mask, keep);
    for (size_t i = 0; i < n; i++) {
        number[keep[i]] = (unsigned short)i;
        block->origin[i] = block->origin[keep[i]];
    }
    for (size_t k = 0; k < detector->n_neutral; k++)
        move_momenta(n, keep, &block->daughter[detector->neutral[k]]);
    for (size_t s = 0; s < block->n_slice; s++)
        pick(n, keep, block->z[s], block->z[s]);
    for (size_t i = 0; i < pairs->n; i++)
        pairs->configuration[i] = number[pairs->configuration[i]];
    block->n = n;
}

static void mask_photon_energies(const struct bd_detector *detector, struct bd_detector_block *block)
{
    const struct bd_final_state *state = detector->state;
    double sum[BD_BLOCK] = {0};
    fill_ones(block->n, block->mask);
    for (size_t k = 0; k < detector->n_photon; k++) {
        mask_threshold(block->n, &block->photon[k], 0.0, state->photon_e_min_gev, block->mask);
        for (size_t j = 0; j < k; j++)
            mask_opening(block->n, &block->photon[j], &block->photon[k], state->opening_min_rad, block->mask);
        for (size_t i = 0; i < block->n; i++)
            sum[i] += block->photon[k].e[i];
        for (size_t i = 0; i < block->n && state->photon_e_max_gev > 0.0; i++)
            block->mask[i] *= block->photon[k].e[i] <= state->photon_e_max_gev ? 1.0 : 0.0;
    }
    for (size_t i = 0; i < block->n; i++)
        block->mask[i] *= sum[i] >= state->e_sum_min_gev ? 1.0 : 0.0;
}

/* The photons of a pair on the plane as clusters: the hardest one takes all that are closer than merge_m, then the
 * hardest of the rest does. Energies add up, positions are weighted with them. *n_hit: photons on the plane. */
static size_t make_clusters(const struct bd_detector *detector, const struct bd_detector_block *block, size_t pair,
                            size_t *n_hit, struct bd_cluster *cluster /* [BD_PHOTONS_MAX] */)
{
    const struct bd_detector_pairs *pairs = &block->pairs;
    const double merge = detector->state->photon_merge_m;
    struct bd_cluster photon[BD_PHOTONS_MAX];
    size_t n = 0, n_cluster = 0;
    for (size_t k = 0; k < detector->n_photon; k++) {
        const struct bd_cluster here = {pairs->photon_x[k][pair], pairs->photon_y[k][pair],
                                        block->photon[k].e[pairs->configuration[pair]]};
        size_t at = n;
        if (here.x_m == MISSED)
            continue;
        for (; at > 0 && photon[at - 1].e_gev < here.e_gev; at--)
            photon[at] = photon[at - 1];
        photon[at] = here;
        n++;
    }
    *n_hit = n;
    for (size_t i = 0; i < n; i++) {
        struct bd_cluster sum = {0.0, 0.0, 0.0};
        for (size_t j = i; j < n && photon[i].e_gev > 0.0; j++) { /* taken photons have no energy left */
            if (j > i && !(hypot(photon[j].x_m - photon[i].x_m, photon[j].y_m - photon[i].y_m) < merge))
                continue;
            sum.x_m += photon[j].e_gev * photon[j].x_m;
            sum.y_m += photon[j].e_gev * photon[j].y_m;
            sum.e_gev += photon[j].e_gev;
            photon[j].e_gev = j > i ? 0.0 : photon[j].e_gev;
        }
        if (sum.e_gev > 0.0)
            cluster[n_cluster++] = (struct bd_cluster){sum.x_m / sum.e_gev, sum.y_m / sum.e_gev, sum.e_gev};
    }
    return n_cluster;
}

/* Probability that neither too few nor too many of n energies are seen, and with enough energy together. */
static double seen_probability(const struct bd_final_state *state, size_t n, const double *energy)
{
    const double efficiency = state->photon_efficiency > 0.0 ? state->photon_efficiency : 1.0;
    const unsigned all = (1u << n) - 1u;
    double sum = 0.0;
    for (unsigned subset = efficiency < 1.0 ? 0u : all; subset <= all; subset++) {
        double probability = 1.0, e_seen = 0.0;
        int n_seen = 0;
        for (size_t k = 0; k < n; k++) {
            const int seen = (subset >> k & 1u) != 0u;
            probability *= seen ? efficiency : 1.0 - efficiency;
            e_seen += seen ? energy[k] : 0.0;
            n_seen += seen;
        }
        if (n_seen >= state->n_photon_min && (state->n_photon_max == 0 || n_seen <= state->n_photon_max) &&
            e_seen >= state->e_sum_min_gev)
            sum += probability;
    }
    return sum;
}

/* Signal region of two clusters as a pi0, -1: rejected. Vertex and pT of the n-th pair that stays, in their order.
 */
static int find_region(const struct bd_detector *detector, const struct bd_plane *plane,
                       const struct bd_cluster *a, const struct bd_cluster *b, struct bd_detector_pairs *pairs,
                       size_t n)
{
    const struct bd_pi0_reconstruction *pi0 = &detector->experiment->pi0;
    const int region = bd_pi0_reconstruction_region(pi0, plane->z_m, a, b);
    double dz;
    if (region >= 0 && bd_pi0_reconstruction_vertex(a, b, &dz, &pairs->pt[n]))
        pairs->vertex_z[n] = plane->z_m - dz - pi0->z_origin_m;
    return region;
}

/* Probability that a pair is seen through its clusters, and its signal region. */
static double accept_clusters(const struct bd_detector *detector, const struct bd_plane *plane,
                              struct bd_detector_block *block, size_t pair, size_t kept, int *region)
{
    const struct bd_final_state *state = detector->state;
    const double e_max = state->photon_e_max_gev > 0.0 ? state->photon_e_max_gev : INFINITY;
    struct bd_cluster cluster[BD_PHOTONS_MAX];
    double energy[BD_PHOTONS_MAX], sum = 0.0;
    size_t n_hit, n_seen = 0;
    const size_t n = make_clusters(detector, block, pair, &n_hit, cluster);
    for (size_t k = 0; k < n; k++)
        if (cluster[k].e_gev >= state->photon_e_min_gev && cluster[k].e_gev <= e_max)
            sum += energy[n_seen++] = cluster[k].e_gev;
    *region = 0;
    if (detector->lost)
        return state->photons_each && n_seen < n ? 0.0 : seen_probability(state, n_seen, energy);
    if (n_hit < detector->n_photon || n_seen < n || (int)n != state->n_cluster || sum < state->e_sum_min_gev)
        return 0.0;
    if (detector->experiment->pi0.n_box > 0)
        *region = find_region(detector, plane, &cluster[0], &cluster[1], &block->pairs, kept);
    return *region >= 0 ? 1.0 : 0.0;
}

/* Photons that may merge, or be lost. */
static void find_clusters(const struct bd_detector *detector, const struct bd_plane *plane,
                          struct bd_detector_block *block)
{
    struct bd_detector_pairs *pairs = &block->pairs;
    double slope_x[BD_BLOCK], slope_y[BD_BLOCK], forward[BD_BLOCK];
    for (size_t k = 0; k < detector->n_photon; k++) {
        const struct bd_momenta *p = &block->photon[k];
        slopes(block->n, p->px, p->py, p->pz, slope_x, slope_y);
        for (size_t i = 0; i < block->n; i++)
            forward[i] = p->pz[i] > 0.0 ? 1.0 : 0.0;
        pick(pairs->n, pairs->configuration, slope_x, pairs->slope_x);
        pick(pairs->n, pairs->configuration, slope_y, pairs->slope_y);
        pick(pairs->n, pairs->configuration, forward, pairs->ok);
        project(pairs->n, plane->z_m, pairs->x, pairs->y, pairs->z, pairs->slope_x, pairs->slope_y,
                pairs->photon_x[k], pairs->photon_y[k]);
        apply_plane(plane, pairs->n, pairs->photon_x[k], pairs->photon_y[k], pairs->ok);
        for (size_t i = 0; i < pairs->n; i++)
            pairs->photon_x[k][i] = pairs->ok[i] > 0.0 ? pairs->photon_x[k][i] : MISSED;
    }
    for (size_t i = 0, kept = 0; i < pairs->n; i++) {
        int region;
        pairs->ok[i] = accept_clusters(detector, plane, block, i, kept, &region);
        pairs->region[i] = (signed char)region;
        kept += pairs->ok[i] > 0.0;
    }
}

/* The two photons as a pi0: signal region of every pair that is still accepted. */
static void find_regions(const struct bd_detector *detector, const struct bd_plane *plane,
                         struct bd_detector_block *block)
{
    struct bd_detector_pairs *pairs = &block->pairs;
    size_t n = 0;
    for (size_t i = 0; i < pairs->n; i++) {
        if (pairs->ok[i] <= 0.0)
            continue;
        const size_t configuration = pairs->configuration[i];
        const struct bd_cluster a = {pairs->photon_x[0][i], pairs->photon_y[0][i],
                                     block->photon[0].e[configuration]};
        const struct bd_cluster b = {pairs->photon_x[1][i], pairs->photon_y[1][i],
                                     block->photon[1].e[configuration]};
        const int region = find_region(detector, plane, &a, &b, pairs, n);
        pairs->region[i] = (signed char)region;
        pairs->ok[i] = region >= 0 ? 1.0 : 0.0;
        n += region >= 0;
    }
}

/* Photon by photon: position, distance to the tracks and to all earlier photons. */
static void find_photons(const struct bd_detector *detector, struct bd_detector_block *block)
{
    const struct bd_final_state *state = detector->state;
    const struct bd_plane *plane = &detector->experiment->plane[state->photon_plane[0]];
    struct bd_detector_pairs *pairs = &block->pairs;
    double slope_x[BD_BLOCK], slope_y[BD_BLOCK];
    pick(pairs->n, pairs->configuration, block->mask, pairs->ok);
    compact_pairs(pairs, detector->n_track);
    if (detector->clustered) {
        find_clusters(detector, plane, block);
        compact_pairs(pairs, 0);
        return;
    }
    fill_ones(pairs->n, pairs->ok);
    for (size_t k = 0; k < detector->n_photon; k++) {
        const struct bd_momenta *p = &block->photon[k];
        double *x = pairs->photon_x[k], *y = pairs->photon_y[k];
        slopes(block->n, p->px, p->py, p->pz, slope_x, slope_y);
        pick(pairs->n, pairs->configuration, slope_x, pairs->slope_x);
        pick(pairs->n, pairs->configuration, slope_y, pairs->slope_y);
        project(pairs->n, plane->z_m, pairs->x, pairs->y, pairs->z, pairs->slope_x, pairs->slope_y, x, y);
        apply_plane(plane, pairs->n, x, y, pairs->ok);
        for (size_t t = 0; t < detector->n_track; t++)
            apply_separation(pairs->n, x, y, pairs->track_x[t], pairs->track_y[t], state->photon_sep_track_m,
                             pairs->ok);
        for (size_t j = 0; j < k; j++)
            apply_separation(pairs->n, x, y, pairs->photon_x[j], pairs->photon_y[j], state->photon_merge_m,
                             pairs->ok);
    }
    if (detector->experiment->pi0.n_box > 0)
        find_regions(detector, plane, block);
    compact_pairs(pairs, 0);
}

/* Results back to configurations: those with a pair, and which of their slices are accepted. */
static void publish(struct bd_detector_block *block, int has_pi0)
{
    const struct bd_detector_pairs *pairs = &block->pairs;
    for (size_t s = 0; s < block->n_slice; s++)
        memset(block->ok[s], 0, sizeof block->ok[s]);
    for (size_t i = 0; i < pairs->n; i++) {
        block->ok[pairs->slice[i]][pairs->configuration[i]] = pairs->ok[i];
        block->region[pairs->slice[i]][pairs->configuration[i]] = pairs->region[i];
    }
    for (size_t i = 0; i < pairs->n && has_pi0; i++) {
        block->vertex_z[pairs->slice[i]][pairs->configuration[i]] = pairs->vertex_z[i];
        block->pt[pairs->slice[i]][pairs->configuration[i]] = pairs->pt[i];
    }
}

void bd_detector_select(const struct bd_detector *detector, const double (*u)[BD_BLOCK],
                        struct bd_detector_block *block)
{
    const struct bd_final_state *state = detector->state;
    struct bd_detector_pairs *pairs = &block->pairs;
    select_momenta(detector, block);
    select_end_planes(detector, block);
    make_pairs(block);
    for (size_t t = 0; t < detector->n_track; t++) {
        follow_track(detector, t, block);
        compact_pairs(pairs, t + 1);
    }
    if (detector->n_track == 2 && state->sep_tracks_plane >= 0) {
        fill_ones(pairs->n, pairs->ok);
        apply_separation(pairs->n, pairs->track_x[0], pairs->track_y[0], pairs->track_x[1], pairs->track_y[1],
                         state->sep_tracks_m, pairs->ok);
        compact_pairs(pairs, 2);
    }
    if (detector->n_photon > 0) {
        compact_configurations(detector, block);
        make_photons(detector, u, block);
        if (detector->clustered)
            fill_ones(block->n, block->mask);
        else
            mask_photon_energies(detector, block);
        find_photons(detector, block);
    }
    compact_configurations(detector, block);
    publish(block, detector->experiment->pi0.n_box > 0 && detector->n_photon > 0 && !detector->lost);
}
