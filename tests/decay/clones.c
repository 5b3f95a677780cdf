/* tests/decay/clones.c - the vectorised sources of decay/ once more, under other names and at -O3, where loops do
 * become vectors. Compiled twice: with the clones of src/core/vector.h, and without (BD_NO_VECTOR_CLONES). */
#ifdef BD_NO_VECTOR_CLONES
#define NAME(function) plain_##function
#else
#define NAME(function) clone_##function
#endif
#define bd_phase_space_dimensions NAME(phase_space_dimensions)
#define bd_phase_space_init NAME(phase_space_init)
#define bd_phase_space_decay NAME(phase_space_decay)
#define bd_phase_space_two_body NAME(phase_space_two_body)
#define bd_phase_space_weight NAME(phase_space_weight)
#define bd_phase_space_sincos NAME(phase_space_sincos)
#define bd_detector_init NAME(detector_init)
#define bd_detector_set_mass NAME(detector_set_mass)
#define bd_detector_dimensions NAME(detector_dimensions)
#define bd_detector_select NAME(detector_select)
#define bd_detector_inside NAME(detector_inside)

#include "decay/detector.c"
#include "decay/phase_space.c"
