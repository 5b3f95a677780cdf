/* decay/phase_space.h - decays of X in flight, a block of configurations at a time.
 *
 * Arrays per component, so that the compiler vectorises. Every chain is made of two-body decays in flight: X -> 1
 * 2; X -> (1 2) 3 with the mass of (1 2) flat; X -> (1 2) (3 4) with both masses uniform in their triangle. The
 * weight is the product of the momenta of the chain, times the squared matrix element of a three-body decay that
 * has one, over its mean, so that the mean weight is 1. Momenta and masses in GeV. */
#ifndef BD_DECAY_PHASE_SPACE_H
#define BD_DECAY_PHASE_SPACE_H

#include <stddef.h>

#include "decay/decay.h"
#include "src/core/error.h"

#define BD_BLOCK 256 /* configurations */

struct bd_momenta { /* four-momenta of one particle */
    double px[BD_BLOCK], py[BD_BLOCK], pz[BD_BLOCK], e[BD_BLOCK];
};

struct bd_phase_space {
    size_t n_daughter;
    double mass; /* of X */
    double daughter_mass[BD_DAUGHTERS_MAX];
    double (*matrix_element)(double mass_gev, double s12, double s13, double s23); /* NULL: flat */
    double (*line_shape)(double s_gev2); /* of the pairs (1 3) and (2 4) of four daughters; NULL: flat */
    double mean_weight;                  /* mean of momenta and matrix element */
};

/* Random numbers per configuration: 2, 5 or 8. The first is the cosine of the first decay. */
size_t bd_phase_space_dimensions(size_t n_daughter);

/* BD_BAD_INPUT below threshold. */
enum bd_status bd_phase_space_init(const struct bd_decay *decay, double mass_gev, struct bd_phase_space *space,
                                   struct bd_error *err) BD_MUST_CHECK;

/* Decay n <= BD_BLOCK particles X. u[d][i]: random numbers. weight[i] is set. */
void bd_phase_space_decay(const struct bd_phase_space *space, size_t n, const double (*u)[BD_BLOCK],
                          const struct bd_momenta *x, struct bd_momenta *daughter /* [n_daughter] */,
                          double *weight /* [n] */);

/* The weights that these momenta have for another matrix element of the same decay: weight[i] is set. */
void bd_phase_space_weight(const struct bd_phase_space *space, size_t n, const struct bd_momenta *daughter,
                           double *weight);

/* Two-body decay in flight of n particles of common mass into a and b, isotropic: u_cos, u_phi in (0, 1). */
void bd_phase_space_two_body(size_t n, const struct bd_momenta *parent, double mass_gev, double mass_a_gev,
                             double mass_b_gev, const double *u_cos, const double *u_phi, struct bd_momenta *a,
                             struct bd_momenta *b);

/* sin and cos of 2 pi u for 0 <= u < 1, absolute error below 1e-11; a polynomial, because it vectorises. */
void bd_phase_space_sincos(size_t n, const double *u, double *sine, double *cosine);

#endif
