/* tests/decay/no_clones.c - the vectorised sources of decay/ once more, without their clones for other processors
 * and under other names: the default version, to compare the chosen clone with. */
#define BD_NO_VECTOR_CLONES
#define bd_phase_space_dimensions plain_phase_space_dimensions
#define bd_phase_space_init plain_phase_space_init
#define bd_phase_space_decay plain_phase_space_decay
#define bd_phase_space_two_body plain_phase_space_two_body
#define bd_phase_space_sincos plain_phase_space_sincos
#define bd_detector_init plain_detector_init
#define bd_detector_dimensions plain_detector_dimensions
#define bd_detector_select plain_detector_select
#define bd_detector_inside plain_detector_inside

#include "decay/detector.c"
#include "decay/phase_space.c"
