/* tests/decay/clones.h - functions of decay/phase_space.h and decay/detector.h: clone_ with clones for several
 * processors, plain_ without. */
#ifndef BD_TESTS_CLONES_H
#define BD_TESTS_CLONES_H

#include "decay/detector.h"

void clone_phase_space_decay(const struct bd_phase_space *space, size_t n, const double (*u)[BD_BLOCK],
                             const struct bd_momenta *x, struct bd_momenta *daughter, double *weight);
void plain_phase_space_decay(const struct bd_phase_space *space, size_t n, const double (*u)[BD_BLOCK],
                             const struct bd_momenta *x, struct bd_momenta *daughter, double *weight);
void clone_phase_space_sincos(size_t n, const double *u, double *sine, double *cosine);
void plain_phase_space_sincos(size_t n, const double *u, double *sine, double *cosine);
void clone_detector_select(const struct bd_detector *detector, const double (*u)[BD_BLOCK],
                           struct bd_detector_block *block);
void plain_detector_select(const struct bd_detector *detector, const double (*u)[BD_BLOCK],
                           struct bd_detector_block *block);

/* 1 if this processor runs another clone than the default one. */
static inline int clones_differ(void)
{
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx2");
#else
    return 0;
#endif
}

#endif
