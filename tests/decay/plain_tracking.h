/* tests/decay/plain_tracking.h - an experiment's selection once more, particle by particle and as the card says
 * it, to compare decay/detector.c and decay/kernel.c with. Nothing here uses their code. */
#ifndef BD_TESTS_PLAIN_TRACKING_H
#define BD_TESTS_PLAIN_TRACKING_H

#include <math.h>
#include <stddef.h>

#include "src/core/experiment.h"
#include "src/core/pdg.h"

struct plain_particle {
    double p[3], e;
    int charge; /* 0: a photon */
};

/* Each shape by its words. The octagon is eight half planes. */
static inline int plain_inside(const struct bd_shape *shape, double x, double y)
{
    const double dx = x - shape->x_m, dy = y - shape->y_m;
    const double view[4] = {dx, dy, (dx - dy) / sqrt(2.0), (dx + dy) / sqrt(2.0)};
    switch (shape->kind) {
    case BD_SHAPE_CIRCLE:
        return hypot(dx, dy) < shape->r_m;
    case BD_SHAPE_SQUARE:
        return -shape->half_m < dx && dx < shape->half_m && -shape->half_m < dy && dy < shape->half_m;
    case BD_SHAPE_RECTANGLE:
        return -shape->half_x_m < dx && dx < shape->half_x_m && -shape->half_y_m < dy && dy < shape->half_y_m;
    case BD_SHAPE_OCTAGON:
        for (int k = 0; k < 8; k++)
            if (dx * cos(k * BD_PI / 4.0) + dy * sin(k * BD_PI / 4.0) >=
                (k % 2 == 0 ? shape->half_m : shape->diag_m / sqrt(2.0)))
                return 0;
        return 1;
    case BD_SHAPE_VIEWS: /* seen by one wire view of x, y and by one of u, v: outside */
        return !((fabs(view[0]) > shape->half_m || fabs(view[1]) > shape->half_m) &&
                 (fabs(view[2]) > shape->half_m || fabs(view[3]) > shape->half_m));
    case BD_SHAPE_CORNER:
        return fabs(dx) > shape->half_x_m && fabs(dy) > shape->half_y_m;
    default:
        return 1;
    }
}

static inline int plain_sensitive(const struct bd_plane *plane, const double *at)
{
    int sensitive = plain_inside(&plane->outer, at[0], at[1]);
    for (size_t i = 0; i < plane->n_hole; i++)
        sensitive = sensitive && !plain_inside(&plane->hole[i], at[0], at[1]);
    return sensitive;
}

/* Where a particle from a vertex crosses z; 0: it does not. */
static inline int plain_position(const struct bd_experiment *experiment, const struct plain_particle *particle,
                                 const double *vertex, double z, double *at)
{
    double x = vertex[0], y = vertex[1], z_here = vertex[2], px = particle->p[0], py = particle->p[1],
           pz = particle->p[2];
    for (size_t i = 0; i < experiment->n_magnet && particle->charge != 0; i++) {
        const struct bd_magnet *magnet = &experiment->magnet[i];
        if (magnet->z_m >= z || magnet->z_m < vertex[2])
            continue;
        const double p2 = px * px + py * py + pz * pz;
        x += px / pz * (magnet->z_m - z_here);
        y += py / pz * (magnet->z_m - z_here);
        z_here = magnet->z_m;
        *(magnet->kick_axis == 0 ? &px : &py) += magnet->kick_gev * particle->charge;
        if (px * px + py * py > p2)
            return 0;
        pz = sqrt(p2 - px * px - py * py);
    }
    at[0] = x + px / pz * (z - z_here);
    at[1] = y + py / pz * (z - z_here);
    return 1;
}

static inline double plain_dot(const double *a, const double *b)
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* 1 if a decay at this vertex may be seen: the shape of the volume, and no excluded slab. */
static inline int plain_in_volume(const struct bd_experiment *experiment, const double *vertex)
{
    const struct bd_volume_shape *shape = &experiment->volume_shape;
    const double x = vertex[0], y = vertex[1], z = vertex[2];
    const double part = (z - shape->z_m[0]) / (shape->z_m[1] - shape->z_m[0]);
    for (size_t i = 0; i < experiment->n_excluded; i++)
        if (experiment->excluded[i].z_min_m <= z && z <= experiment->excluded[i].z_max_m)
            return 0;
    switch (shape->kind) {
    case BD_VOLUME_ANNULUS:
        return hypot(x, y) > shape->r_min_m && hypot(x, y) < shape->r_max_m;
    case BD_VOLUME_PYRAMID:
        return fabs(x) < (1.0 - part) * shape->half_x_m[0] + part * shape->half_x_m[1] &&
               fabs(y) < (1.0 - part) * shape->half_y_m[0] + part * shape->half_y_m[1];
    case BD_VOLUME_VERTICAL_CYLINDER:
        return hypot(x, z - shape->z_m[0]) < shape->r_max_m && fabs(y) < shape->half_y_m[0];
    default:
        return 1;
    }
}

static inline double plain_distance(const double *a, const double *b)
{
    return hypot(a[0] - b[0], a[1] - b[1]);
}

/* 1 if a decay with these tracks and photons at this vertex is selected. */
static inline int plain_accepts(const struct bd_experiment *experiment, const struct bd_final_state *state,
                                size_t n, const struct plain_particle *particle, const double *vertex)
{
    const struct bd_z_range *volume =
        state->neutral_volume ? &experiment->neutral_volume : &experiment->charged_volume;
    double e_photons = 0.0, hit[8][2];
    int n_track = 0, n_photon = 0;
    if (vertex[2] < volume->z_min_m || vertex[2] > volume->z_max_m || !plain_in_volume(experiment, vertex))
        return 0;
    if (state->vertex_cut && (vertex[2] < experiment->vertex.z_min_m || vertex[2] > experiment->vertex.z_max_m))
        return 0;
    if (state->part.z_max_m > state->part.z_min_m &&
        (vertex[2] < state->part.z_min_m || vertex[2] > state->part.z_max_m))
        return 0;
    for (size_t i = 0; i < n; i++) {
        const double *p = particle[i].p;
        const int is_photon = particle[i].charge == 0;
        const double kinetic = particle[i].e - sqrt(fmax(particle[i].e * particle[i].e - plain_dot(p, p), 0.0));
        const double angle = acos(fmin(p[2] / sqrt(plain_dot(p, p)), 1.0));
        if (!is_photon && kinetic < state->track_kinetic_min_gev)
            return 0;
        if (!is_photon && state->track_angle_max_rad > 0.0 && kinetic > state->track_angle_kinetic_gev &&
            angle > state->track_angle_max_rad)
            return 0;
        const size_t n_plane = is_photon ? state->n_photon_plane : state->n_track_plane;
        if (p[2] <= 0.0 || particle[i].e < (is_photon ? state->photon_e_min_gev : state->track_e_min_gev))
            return 0;
        if (!is_photon && sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2]) < state->track_p_min_gev)
            return 0;
        for (size_t k = 0; k < n_plane; k++) {
            const struct bd_plane *plane =
                &experiment->plane[is_photon ? state->photon_plane[k] : state->track_plane[k]];
            double at[2];
            if (!plain_position(experiment, &particle[i], vertex, plane->z_m, at) || !plain_sensitive(plane, at))
                return 0;
        }
        if (is_photon)
            e_photons += particle[i].e;
        n_photon += is_photon;
        n_track += !is_photon;
    }
    if (n_track != state->n_track || n_photon != state->n_photon || e_photons < state->e_sum_min_gev)
        return 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            const int photons = (particle[i].charge == 0) + (particle[j].charge == 0);
            const double *a = particle[i].p, *b = particle[j].p;
            if (photons != 1 && state->opening_min_rad > 0.0 &&
                acos(fmin(plain_dot(a, b) / sqrt(plain_dot(a, a) * plain_dot(b, b)), 1.0)) <
                    state->opening_min_rad)
                return 0;
            if (photons == 0 && state->sep_tracks_plane < 0)
                continue;
            const int plane = photons == 0 ? state->sep_tracks_plane : state->photon_plane[0];
            const double needed = photons == 0   ? state->sep_tracks_m
                                  : photons == 1 ? state->photon_sep_track_m
                                                 : state->photon_merge_m;
            if (!plain_position(experiment, &particle[i], vertex, experiment->plane[plane].z_m, hit[i]) ||
                !plain_position(experiment, &particle[j], vertex, experiment->plane[plane].z_m, hit[j]) ||
                plain_distance(hit[i], hit[j]) <= needed)
                return 0;
        }
    return 1;
}

/* Boost from the rest frame of a parent of mass m and momentum P into the laboratory. */
static inline void plain_boost(const double *parent_p, double parent_e, double m, struct plain_particle *particle)
{
    const double gamma = parent_e / m;
    double beta[3], dot = 0.0;
    for (int k = 0; k < 3; k++) {
        beta[k] = parent_p[k] / parent_e;
        dot += beta[k] * particle->p[k];
    }
    const double factor = gamma * gamma / (gamma + 1.0) * dot + gamma * particle->e;
    for (int k = 0; k < 3; k++)
        particle->p[k] += factor * beta[k];
    particle->e = gamma * (particle->e + dot);
}

/* Two-body decay at rest, then the boost. */
static inline void plain_two_body(const double *parent_p, double parent_e, double m, double m1, double m2,
                                  double cosine, double phi, struct plain_particle *a, struct plain_particle *b)
{
    const double e1 = (m * m + m1 * m1 - m2 * m2) / (2.0 * m), p = sqrt(fmax(e1 * e1 - m1 * m1, 0.0));
    const double s = sqrt(1.0 - cosine * cosine), direction[3] = {s * cos(phi), s * sin(phi), cosine};
    for (int k = 0; k < 3; k++) {
        a->p[k] = p * direction[k];
        b->p[k] = -p * direction[k];
    }
    a->e = e1;
    b->e = m - e1;
    plain_boost(parent_p, parent_e, m, a);
    plain_boost(parent_p, parent_e, m, b);
}

#endif
