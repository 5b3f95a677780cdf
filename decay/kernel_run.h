/* decay/kernel_run.h - a kernel task under way: shared by the files decay/kernel*.c, for nobody else.
 *
 * kernel_block: a block of configurations through decay and detector. kernel_proposal: where they are drawn.
 * kernel: sums, errors, and when it is enough. */
#ifndef BD_DECAY_KERNEL_RUN_H
#define BD_DECAY_KERNEL_RUN_H

#include "decay/kernel.h"

#define BD_KERNEL_SHIFTS 8 /* digital shifts; the error is their spread */
#define BD_KERNEL_SLICES 4 /* stratified vertices per configuration */
#define BD_KERNEL_GUARD 3  /* guard nodes at each end of the kernel */

#define BD_PILOT_P 16     /* momenta of the pilot */
#define BD_PILOT_BLOCKS 2 /* blocks of configurations at each, at least */
#define BD_PILOT_THETA 16 /* cells in theta */
#define BD_PILOT_Z 8      /* slices in z */
#define BD_PILOT_SHAPE 16 /* cells in each shaped coordinate: heavy X are seen only if they decay along z */
#define BD_SHAPED_MAX 5   /* coordinates of the phase space with tables: cosines and masses of the chain */

/* Order of the Sobol dimensions: the best ones where the integrand varies most. */
enum { BD_DIM_P, BD_DIM_THETA, BD_DIM_Z, BD_DIM_FIRST_COS, BD_DIM_PHI, BD_DIM_OTHER };
#define BD_DIMENSIONS_MAX (BD_DIM_OTHER + 7 + 2 * BD_DAUGHTERS_MAX)

#define BD_KERNEL_GUIDE 256 /* entries of the guide into the table of p */
#define BD_AMPLITUDES_MAX 8 /* different matrix elements in one task */

struct bd_kernel_worker {
    struct bd_detector_block block;
    struct bd_momenta x;
    double u[BD_DIMENSIONS_MAX][BD_BLOCK];
    double decay_u[8][BD_BLOCK]; /* the numbers of the phase space, in its own order */
    double flat_weight[BD_BLOCK], sine[BD_BLOCK], cosine[BD_BLOCK];
    struct bd_momenta generated[BD_DAUGHTERS_MAX], accepted[BD_DAUGHTERS_MAX];
    double weight[BD_AMPLITUDES_MAX][BD_BLOCK]; /* of the survivors, by their new numbers */
    double p[BD_BLOCK], theta[BD_BLOCK];        /* theta: to the beam axis */
    double cos_z[BD_BLOCK];  /* of the angle to the detector axis, that of theta if the beam is parallel */
    double radius[BD_BLOCK]; /* drawn: theta, or the distance from the centre of a disc that is aimed at */
    double direction_x[BD_BLOCK], direction_y[BD_BLOCK]; /* about the detector axis */
    double solid_angle[BD_BLOCK];                        /* over pi dradius^2, and over the cosine */
    unsigned short cell_p[BD_BLOCK];
    double per_configuration[BD_BLOCK];
    double *sum;               /* [BD_KERNEL_SHIFTS][n_region][BD_KERNEL_NODES][n_active] */
    double *production_weight; /* [n_active], of one configuration */
    double *vertex_weight;     /* [n_active], of one of its vertices */
};

/* What a task keeps between its steps. */
struct bd_kernel_run {
    const struct bd_kernel_task *task;
    const struct bd_qmc *qmc;
    struct bd_kernel_worker *worker;
    struct bd_detector detector;
    size_t n_amplitude;
    struct bd_phase_space flat;                     /* what is generated */
    struct bd_phase_space space[BD_AMPLITUDES_MAX]; /* one per matrix element */
    int has_matrix_element;
    size_t *amplitude; /* [n_production], index into space */
    uint64_t key;
    size_t n_dimension, n_phase_space;
    double z0;
    size_t n_cell_p, first_p;  /* p cells between the nodes of the grid that can be accepted */
    size_t n_region, n_kernel; /* n_region * n_production */
    size_t n_active, *active;  /* productions that want more points, ascending */
    double theta_step;         /* of the cells of the proposal [rad]; on a disc that is aimed at [m] */
    double *ln_density;        /* [n_p][n_theta][n_active] */
    double acceptance_theta[BD_PILOT_P][BD_PILOT_THETA], acceptance_z[BD_PILOT_P][BD_PILOT_Z];
    size_t n_shaped, shaped[BD_SHAPED_MAX]; /* dimensions of the cosines and masses of the chain */
    double acceptance_shape[BD_SHAPED_MAX][BD_PILOT_P][BD_PILOT_SHAPE];
    double pilot_ln_p[BD_PILOT_P];
    double *cumulative_p; /* [n_cell_p + 1] */
    unsigned short guide_p[BD_KERNEL_GUIDE];
    double *probability;      /* [n_cell_p][BD_PILOT_THETA] of the cell */
    double *cumulative_theta; /* [n_cell_p][BD_PILOT_THETA + 1] within the p cell */
    double *cumulative_z;     /* [n_cell_p][BD_PILOT_Z + 1] */
    double *cumulative_shape; /* [n_cell_p][n_shaped][BD_PILOT_SHAPE + 1] */
};

/* ---- kernel_block.c ---- */

/* Points first .. first + n - 1 under the words of a shift, to worker->u. */
void bd_kernel_draw_points(struct bd_kernel_run *run, const uint32_t *word, size_t first, size_t n);
/* Directions of n configurations: from the angle to the beam, or through a point of the disc that is aimed at. */
void bd_kernel_set_directions(struct bd_kernel_run *run, size_t n);
/* From p, directions and the vertices of the block to its survivors and their weights. */
void bd_kernel_select_block(struct bd_kernel_run *run, size_t n);

/* ---- kernel_proposal.c ---- */

/* A pilot, and from it the tables to draw from, for the active productions; frees with bd_kernel_proposal_free
 * also after a failure. possible: 0 if nothing can be produced in the window. */
enum bd_status bd_kernel_proposal_create(struct bd_kernel_run *run, int *possible,
                                         struct bd_error *err) BD_MUST_CHECK;
void bd_kernel_proposal_free(struct bd_kernel_run *run);
/* Again after fewer productions are active: ln_density. */
void bd_kernel_take_logarithms(struct bd_kernel_run *run);
/* ln f of all active productions at a fraction u of p cell ip: linear in theta and ln p. */
void bd_kernel_ln_density(const struct bd_kernel_run *run, size_t ip, double u, double theta, double *ln_density);
/* p, theta, vertices and shaped coordinates of n configurations from worker->u. per_configuration: all factors of
 * the weight that neither depend on the production nor on the vertex. */
void bd_kernel_draw_configurations(struct bd_kernel_run *run, size_t n);
/* Widths where N is largest and where it has fallen to 1e-4 of that on the short-lived side, from any
 * yield(width). */
void bd_kernel_find_widths(double (*yield)(const void *object, double width), const void *object, double mass,
                           double s_min, double s_max, double *at_maximum, double *at_edge);

#endif
