/* tests/decay/no_clones.h - functions of decay/phase_space.h and decay/detector.h compiled without clones. */
#ifndef BD_TESTS_NO_CLONES_H
#define BD_TESTS_NO_CLONES_H

#include "decay/detector.h"

void plain_phase_space_decay(const struct bd_phase_space *space, size_t n, const double (*u)[BD_BLOCK],
                             const struct bd_momenta *x, struct bd_momenta *daughter, double *weight);
void plain_phase_space_sincos(size_t n, const double *u, double *sine, double *cosine);
void plain_detector_select(const struct bd_detector *detector, const double (*u)[BD_BLOCK],
                           struct bd_detector_block *block);

#endif
