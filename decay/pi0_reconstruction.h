/* decay/pi0_reconstruction.h - two clusters of a calorimeter taken for the photons of a pi0 on the detector axis,
 * as KOTO does for KL -> pi0 nu nubar (arXiv:1810.09655; for X -> gamma gamma from the target arXiv:2303.01521).
 *
 * With the angle t between the photons from cos(t) = 1 - m_pi0^2/(2 E1 E2), the distance dz of the vertex before
 * the calorimeter follows from the positions r1, r2 alone: dz^2 = [B + sqrt(B^2 + s (4 r1^2 r2^2 cos^2 t - (r1^2 +
 * r2^2 - d^2)^2))]/(2 s),  s = sin^2 t, B = d^2 - s (r1^2 + r2^2),  d = |r1 - r2| (the other root is never the
 * vertex of a pi0 that passes the cuts). pT: the momentum sqrt((E1 + E2)^2 - m_pi0^2) directed from the vertex to
 * the energy-weighted centre of the clusters. */
#ifndef BD_DECAY_PI0_RECONSTRUCTION_H
#define BD_DECAY_PI0_RECONSTRUCTION_H

#include "src/core/experiment.h"

struct bd_cluster {
    double x_m, y_m; /* about the detector axis */
    double e_gev;
};

/* dz and pT of the hypothesis; 0 if the two clusters cannot come from a pi0 on the axis. */
int bd_pi0_reconstruction_vertex(const struct bd_cluster *a, const struct bd_cluster *b, double *dz_m,
                                 double *pt_gev);

/* Index of the signal region of two clusters on a plane at z_calorimeter_m, -1: rejected. */
int bd_pi0_reconstruction_region(const struct bd_pi0_reconstruction *pi0, double z_calorimeter_m,
                                 const struct bd_cluster *a, const struct bd_cluster *b);

#endif
