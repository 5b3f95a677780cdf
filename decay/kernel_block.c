#include <math.h>
#include <string.h>

#include "decay/kernel_run.h"
#include "src/core/pdg.h"
#include "src/core/vector.h"

/* Directions from radius, which is the angle to the beam axis, and the azimuth. density:
 * (sin(theta)/theta)/cos(theta), the solid angle per pi dtheta^2 and the path per vertex. */
BD_VECTOR
static void set_angles(size_t n, const double *theta, const double *cos_phi, const double *sin_phi,
                       const double *sin_theta, const double *cos_theta, double *x, double *y, double *density)
{
    for (size_t i = 0; i < n; i++) {
        x[i] = sin_theta[i] * cos_phi[i];
        y[i] = sin_theta[i] * sin_phi[i];
        density[i] = (theta[i] > 0.0 ? sin_theta[i] / theta[i] : 1.0) / cos_theta[i];
    }
}

/* Directions of n configurations: from the angle to the beam, or through a point of the disc that is aimed at. */
void bd_kernel_set_directions(struct bd_kernel_run *run, size_t n)
{
    struct bd_kernel_worker *worker = run->worker;
    double turn[BD_BLOCK], sin_theta[BD_BLOCK];
    bd_phase_space_sincos(n, worker->u[BD_DIM_PHI], worker->sine, worker->cosine);
    if (run->detector.window.aimed) {
        bd_window_aim(&run->detector.window, n, worker->radius, worker->cosine, worker->sine, worker->direction_x,
                      worker->direction_y, worker->cos_z, worker->theta, worker->solid_angle);
        return;
    }
    memcpy(worker->theta, worker->radius, n * sizeof worker->theta[0]);
    for (size_t i = 0; i < n; i++)
        turn[i] = worker->theta[i] / (2.0 * BD_PI);
    bd_phase_space_sincos(n, turn, sin_theta, worker->cos_z);
    set_angles(n, worker->theta, worker->cosine, worker->sine, sin_theta, worker->cos_z, worker->direction_x,
               worker->direction_y, worker->solid_angle);
}

BD_VECTOR
static void set_momenta(struct bd_kernel_worker *worker, size_t n, double mass)
{
    struct bd_momenta *x = &worker->x;
    for (size_t i = 0; i < n; i++) {
        const double p = worker->p[i];
        x->px[i] = p * worker->direction_x[i];
        x->py[i] = p * worker->direction_y[i];
        x->pz[i] = p * worker->cos_z[i];
        x->e[i] = sqrt(p * p + mass * mass);
        worker->block.slope_x[i] = worker->direction_x[i] / worker->cos_z[i];
        worker->block.slope_y[i] = worker->direction_y[i] / worker->cos_z[i];
    }
}

static void gather(size_t n, const unsigned *origin, const double *from, double *to)
{
    for (size_t i = 0; i < n; i++)
        to[i] = from[origin[i]];
}

/* Matrix elements are dear: only what was accepted gets its weights. */
static void weigh_survivors(struct bd_kernel_run *run)
{
    struct bd_kernel_worker *worker = run->worker;
    const struct bd_detector_block *block = &worker->block;
    for (size_t d = 0; run->has_matrix_element && d < run->flat.n_daughter; d++) {
        const struct bd_momenta *from = &worker->generated[d];
        struct bd_momenta *to = &worker->accepted[d];
        gather(block->n, block->origin, from->px, to->px);
        gather(block->n, block->origin, from->py, to->py);
        gather(block->n, block->origin, from->pz, to->pz);
        gather(block->n, block->origin, from->e, to->e);
    }
    for (size_t a = 0; a < run->n_amplitude; a++) {
        if (run->space[a].matrix_element == NULL && run->space[a].line_shape == NULL)
            gather(block->n, block->origin, worker->flat_weight, worker->weight[a]);
        else
            bd_phase_space_weight(&run->space[a], block->n, worker->accepted, worker->weight[a]);
    }
}

/* From p, theta and the vertices of the block to its survivors. The phase space takes the dimension after the
 * vertex as its first cosine, and those from BD_DIM_OTHER on; the photons take the rest. */
void bd_kernel_select_block(struct bd_kernel_run *run, size_t n)
{
    struct bd_kernel_worker *worker = run->worker;
    struct bd_detector_block *block = &worker->block;
    set_momenta(worker, n, run->task->mass_gev);
    memcpy(worker->decay_u[0], worker->u[BD_DIM_FIRST_COS], sizeof worker->u[0]);
    for (size_t d = 1; d < run->n_phase_space; d++)
        memcpy(worker->decay_u[d], worker->u[BD_DIM_OTHER + d - 1], sizeof worker->u[0]);
    bd_phase_space_decay(&run->flat, n, (const double(*)[BD_BLOCK])worker->decay_u, &worker->x, block->daughter,
                         worker->flat_weight);
    if (run->has_matrix_element)
        memcpy(worker->generated, block->daughter, run->flat.n_daughter * sizeof worker->generated[0]);
    block->n = n;
    bd_detector_select(&run->detector,
                       (const double(*)[BD_BLOCK]) & worker->u[BD_DIM_OTHER + run->n_phase_space - 1], block);
    weigh_survivors(run);
}

void bd_kernel_draw_points(struct bd_kernel_run *run, const uint32_t *word, size_t first, size_t n)
{
    for (unsigned d = 0; d < run->n_dimension; d++)
        bd_qmc_coordinates(run->qmc, d, first, n, word[d], run->worker->u[d]);
}
